//! Splits a statement into words, literals and signs.

use super::super::answer::Fault;

/// A piece of a statement, with its column (1 is the first).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) column: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A keyword, a name, `true`, `false`; may hold dots.
    Word(String),
    /// A literal in single quotes.
    Quoted(String),
    /// A bare number.
    Number(String),
    /// `= < > <= >= ( ) , *`.
    Sign(&'static str),
    /// The end of the statement.
    End,
}

/// The parser's complaint (`quickbooks-online.md` 3.6).
pub(crate) fn encountered(token: &Token) -> Fault {
    let (kind, image) = match &token.kind {
        Kind::Word(word) => ("<IDENTIFIER>", word.as_str()),
        Kind::Quoted(text) => ("<STRING>", text.as_str()),
        Kind::Number(number) => ("<INTEGER>", number.as_str()),
        Kind::Sign(sign) => ("<OPERATOR>", *sign),
        Kind::End => ("<EOF>", ""),
    };
    Fault::new(
        "4000",
        "Error parsing query",
        format!(
            "QueryParserError: Encountered \" {kind} \"{image} \"\" at line 1, column {}.",
            token.column
        ),
    )
}

fn lexical(character: char, column: usize) -> Fault {
    Fault::new(
        "4000",
        "Error parsing query",
        format!(
            "QueryParserError: Lexical error at line 1, column {column}.  Encountered: \
             \"\\u{:04x}\"",
            u32::from(character)
        ),
    )
}

/// Splits the statement.
pub(crate) fn tokens(statement: &str) -> Result<Vec<Token>, Fault> {
    let characters: Vec<char> = statement.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&character) = characters.get(at) {
        let column = at + 1;
        let rest = &characters[at..];
        let (kind, length) = match character {
            blank if blank.is_whitespace() => {
                at += 1;
                continue;
            }
            '\'' => quoted(rest).ok_or_else(|| lexical('\'', column))?,
            '<' if rest.get(1) == Some(&'=') => (Kind::Sign("<="), 2),
            '>' if rest.get(1) == Some(&'=') => (Kind::Sign(">="), 2),
            '<' => (Kind::Sign("<"), 1),
            '>' => (Kind::Sign(">"), 1),
            '=' => (Kind::Sign("="), 1),
            '(' => (Kind::Sign("("), 1),
            ')' => (Kind::Sign(")"), 1),
            ',' => (Kind::Sign(","), 1),
            '*' => (Kind::Sign("*"), 1),
            digit if digit.is_ascii_digit() => {
                let number = while_matches(rest, |c| c.is_ascii_digit() || c == '.');
                (Kind::Number(number.clone()), number.chars().count())
            }
            letter if letter.is_ascii_alphabetic() || letter == '_' => {
                let word = while_matches(rest, |c| c.is_ascii_alphanumeric() || "._".contains(c));
                (Kind::Word(word.clone()), word.chars().count())
            }
            other => return Err(lexical(other, column)),
        };
        tokens.push(Token { kind, column });
        at += length;
    }
    tokens.push(Token {
        kind: Kind::End,
        column: characters.len() + 1,
    });
    Ok(tokens)
}

fn while_matches(characters: &[char], fits: impl Fn(char) -> bool) -> String {
    characters.iter().take_while(|c| fits(**c)).collect()
}

/// A literal: a backslash takes the next character as it is; doubling a quote ends the literal.
fn quoted(characters: &[char]) -> Option<(Kind, usize)> {
    let mut text = String::new();
    let mut at = 1;
    loop {
        match characters.get(at)? {
            '\\' => {
                text.push(*characters.get(at + 1)?);
                at += 2;
            }
            '\'' => return Some((Kind::Quoted(text), at + 1)),
            other => {
                text.push(*other);
                at += 1;
            }
        }
    }
}
