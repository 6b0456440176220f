//! Reads `contract.txt`, whose head explains how it is written.

use std::collections::HashMap;

use super::{Endpoint, Field, Kind, Shape};

const TABLE: &str = include_str!("contract.txt");

/// The whole table by method and path.
pub(crate) fn endpoints() -> HashMap<(String, String), Endpoint> {
    let mut definitions: HashMap<&str, &str> = HashMap::new();
    let mut heads: Vec<(&str, String)> = Vec::new();
    for line in TABLE.lines().filter(|line| !line.trim().is_empty()) {
        if let Some(definition) = line.strip_prefix("= ") {
            let (name, text) = definition
                .split_once(' ')
                .expect("a definition has a name and a text");
            definitions.insert(name, text);
        } else if line.starts_with(' ') {
            let (_, body) = heads.last_mut().expect("a body follows its endpoint");
            body.push_str(line.trim());
        } else if !line.starts_with('#') {
            heads.push((line, String::new()));
        }
    }
    heads
        .into_iter()
        .map(|(head, body)| {
            let (address, query) = head.split_once(" ? ").unwrap_or((head, ""));
            let (method, path) = address.split_once(' ').expect("an endpoint has a path");
            let parse = |text: &str| Parser::new(&expand(text, &definitions)).shape();
            let endpoint = Endpoint {
                query: parse(query),
                body: (!body.is_empty()).then(|| parse(&body)),
            };
            ((method.to_owned(), path.to_owned()), endpoint)
        })
        .collect()
}

fn expand(text: &str, definitions: &HashMap<&str, &str>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('$') {
        out.push_str(&rest[..start]);
        let name: &str = rest[start + 1..]
            .split(|letter: char| !letter.is_ascii_lowercase())
            .next()
            .unwrap_or_default();
        let definition = definitions
            .get(name)
            .expect("contract.txt uses only names that it defines");
        out.push_str(&expand(definition, definitions));
        rest = &rest[start + 1 + name.len()..];
    }
    out.push_str(rest);
    out
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    fn eat(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn word(&mut self, stop: &[char]) -> &'a str {
        let end = self.rest.find(stop).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn shape(&mut self) -> Shape {
        let mut shape = Shape::default();
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.is_empty() || self.rest.starts_with('}') {
                return shape;
            }
            let name = self.word(&['*', ':']);
            let required = self.eat("*");
            assert!(self.eat(":"), "contract.txt: {name} has no type");
            let kind = self.kind();
            shape.0.insert(name.to_owned(), Field { required, kind });
        }
    }

    fn kind(&mut self) -> Kind {
        if self.eat("{") {
            let shape = self.shape();
            self.eat("}");
            return Kind::Object(shape);
        }
        if self.eat("[") {
            let inner = self.kind();
            self.eat("]");
            return Kind::Array(Box::new(inner));
        }
        let letter = self.rest.chars().next();
        self.rest = self.rest.get(1..).unwrap_or_default();
        match letter {
            Some('s') => {
                let limit = self.eat("<").then(|| self.number());
                let mut choices = Vec::new();
                if self.eat("(") {
                    choices = self.word(&[')']).split('|').map(str::to_owned).collect();
                    self.eat(")");
                }
                Kind::Text { limit, choices }
            }
            Some('i') => Kind::Integer(
                self.eat("<=")
                    .then(|| i64::try_from(self.number()).unwrap_or(i64::MAX)),
            ),
            Some('n') => Kind::Number,
            Some('b') => Kind::Boolean,
            Some('t') => Kind::Time,
            Some('o') => Kind::Free,
            other => unreachable!("contract.txt: no type {other:?}"),
        }
    }

    fn number(&mut self) -> usize {
        self.word(&[' ', '}', ']', '('])
            .parse()
            .expect("a limit in contract.txt is a number")
    }
}
