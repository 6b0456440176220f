//! Turns a statement into a checked query.

use super::super::answer::Fault;
use super::super::table::{Field, Table};
use super::lex::{Kind, Token, encountered, tokens};

/// The most rows a page may have.
const MOST_ROWS: u64 = 1000;
/// Rows of a page that does not say how many it wants.
const DEFAULT_ROWS: u64 = 100;

/// A statement, checked against the table's fields.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Query {
    pub(crate) table: Table,
    pub(crate) count: bool,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) order: Vec<(&'static Field, bool)>,
    /// 1 is the first row.
    pub(crate) start: usize,
    pub(crate) rows: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    pub(crate) field: &'static Field,
    pub(crate) test: Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Test {
    Compare(&'static str, Value),
    Like(String),
    In(Vec<Value>),
}

/// A literal: text in quotes or a bare boolean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    Flag(bool),
}

/// Parses and checks a statement.
pub(crate) fn parse(statement: &str, zero_passes: bool) -> Result<Query, Fault> {
    Parser {
        tokens: tokens(statement)?,
        at: 0,
        zero_passes,
    }
    .query()
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    zero_passes: bool,
}

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn complaint<T>(&self) -> Result<T, Fault> {
        Err(encountered(self.peek()))
    }

    fn at_word(&self, word: &str) -> bool {
        matches!(&self.peek().kind, Kind::Word(found) if found.eq_ignore_ascii_case(word))
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.at_word(word);
        if found {
            self.at += 1;
        }
        found
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let found = matches!(&self.peek().kind, Kind::Sign(found) if *found == sign);
        if found {
            self.at += 1;
        }
        found
    }

    fn expect_word(&mut self, word: &str) -> Result<(), Fault> {
        if self.take_word(word) {
            Ok(())
        } else {
            self.complaint()
        }
    }

    fn expect_sign(&mut self, sign: &str) -> Result<(), Fault> {
        if self.take_sign(sign) {
            Ok(())
        } else {
            self.complaint()
        }
    }

    fn name(&mut self) -> Result<String, Fault> {
        match &self.peek().kind {
            Kind::Word(word) => {
                let word = word.clone();
                self.at += 1;
                Ok(word)
            }
            _ => self.complaint(),
        }
    }

    fn query(mut self) -> Result<Query, Fault> {
        self.expect_word("select")?;
        let (count, columns) = self.columns()?;
        self.expect_word("from")?;
        let name = self.name()?;
        let table = Table::by_name(&name)
            .ok_or_else(|| Fault::validation(format!("invalid context declaration: {name}")))?;
        for column in &columns {
            // Columns parse, but whole objects come back.
            if !column.contains('.') && !table.knows_property(column) {
                return Err(not_found(column, table));
            }
        }
        let mut query = Query {
            table,
            count,
            conditions: Vec::new(),
            order: Vec::new(),
            start: 1,
            rows: usize::try_from(DEFAULT_ROWS).expect("a small number"),
        };
        if self.take_word("where") {
            query.conditions.push(self.condition(table)?);
            while self.take_word("and") {
                query.conditions.push(self.condition(table)?);
            }
        }
        let spaced = self.at_word("order");
        if self.take_word("orderby") || spaced {
            if spaced {
                self.at += 1;
                self.expect_word("by")?;
            }
            query.order.push(self.order(table)?);
            while self.take_sign(",") {
                query.order.push(self.order(table)?);
            }
        }
        self.page(&mut query)?;
        match self.peek().kind {
            Kind::End => Ok(query),
            _ => self.complaint(),
        }
    }

    fn columns(&mut self) -> Result<(bool, Vec<String>), Fault> {
        if self.take_sign("*") {
            return Ok((false, Vec::new()));
        }
        if self.take_word("count") {
            self.expect_sign("(")?;
            self.expect_sign("*")?;
            self.expect_sign(")")?;
            return Ok((true, Vec::new()));
        }
        let mut columns = vec![self.name()?];
        while self.take_sign(",") {
            columns.push(self.name()?);
        }
        Ok((false, columns))
    }

    fn condition(&mut self, table: Table) -> Result<Condition, Fault> {
        let name = self.name()?;
        let field = table
            .field(&name)
            .filter(|field| field.filters)
            .ok_or_else(|| not_queryable(&name, table))?;
        let test = if self.take_word("in") {
            self.expect_sign("(")?;
            let mut values = vec![self.value()?];
            while self.take_sign(",") {
                values.push(self.value()?);
            }
            self.expect_sign(")")?;
            Test::In(values)
        } else if self.take_word("like") {
            match self.value()? {
                Value::Text(pattern) => Test::Like(pattern),
                Value::Flag(_) => return self.complaint(),
            }
        } else {
            let Kind::Sign(sign @ ("=" | "<" | ">" | "<=" | ">=")) = self.peek().kind else {
                return self.complaint();
            };
            self.at += 1;
            Test::Compare(sign, self.value()?)
        };
        if field.name == "Id" && !matches!(test, Test::In(_) | Test::Compare("=", _)) {
            return Err(Fault::validation("operator not supported for property Id"));
        }
        Ok(Condition { field, test })
    }

    /// Numbers need quotes, booleans must not have them.
    fn value(&mut self) -> Result<Value, Fault> {
        let value = match &self.peek().kind {
            Kind::Quoted(text) => Value::Text(text.clone()),
            Kind::Word(word) if word.eq_ignore_ascii_case("true") => Value::Flag(true),
            Kind::Word(word) if word.eq_ignore_ascii_case("false") => Value::Flag(false),
            Kind::Word(word) if word.eq_ignore_ascii_case("current_date") => {
                Value::Text("CURRENT_DATE".to_owned())
            }
            _ => return self.complaint(),
        };
        self.at += 1;
        Ok(value)
    }

    fn order(&mut self, table: Table) -> Result<(&'static Field, bool), Fault> {
        let name = self.name()?;
        let field = table
            .field(&name)
            .filter(|field| field.sorts)
            .ok_or_else(|| not_queryable(&name, table))?;
        let descending = self.take_word("desc");
        if !descending {
            self.take_word("asc");
        }
        Ok((field, descending))
    }

    fn page(&mut self, query: &mut Query) -> Result<(), Fault> {
        loop {
            if self.take_word("startposition") {
                let least = u64::from(!self.zero_passes);
                let start = self.number(least, u64::MAX)?;
                query.start = usize::try_from(start.max(1)).unwrap_or(usize::MAX);
            } else if self.take_word("maxresults") {
                let rows = self.number(1, MOST_ROWS)?;
                query.rows = usize::try_from(rows).unwrap_or(usize::MAX);
            } else {
                return Ok(());
            }
        }
    }

    fn number(&mut self, least: u64, most: u64) -> Result<u64, Fault> {
        let token = self.next();
        let Kind::Number(text) = &token.kind else {
            return Err(encountered(&token));
        };
        let value: u64 = text.parse().map_err(|_| encountered(&token))?;
        if value < least {
            return Err(Fault::validation(format!(
                "value {value} is too small. Min allowed value is {least}"
            )));
        }
        if value > most {
            return Err(Fault::validation(format!(
                "value {value} is too large. Max allowed value is {most}"
            )));
        }
        Ok(value)
    }
}

fn not_found(name: &str, table: Table) -> Fault {
    Fault::validation(format!(
        "Property {name} not found for Entity {}",
        table.name()
    ))
}

fn not_queryable(name: &str, table: Table) -> Fault {
    if table.knows_property(name) {
        Fault::validation(format!("property '{name}' is not queryable"))
    } else {
        not_found(name, table)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("select * from Customer")]
    #[case::case_folds("SeLeCt * FrOm customer wHeRe active in (TRUE, false) OrDeRbY id")]
    #[case::order_by(
        "SELECT * FROM Invoice ORDER BY TxnDate DESC, Id MAXRESULTS 10 STARTPOSITION 5"
    )]
    #[case::columns("SELECT Id, DisplayName FROM Customer")]
    #[case::escape(r"SELECT * FROM Customer WHERE DisplayName = 'Amy\'s Bird Sanctuary'")]
    #[case::count("SELECT COUNT(*) FROM Item")]
    #[case::dotted(
        "SELECT * FROM Item WHERE MetaData.LastUpdatedTime >= '2026-03-01T08:15:04-08:00'"
    )]
    fn accepts(#[case] statement: &str) {
        parse(statement, false).unwrap();
    }

    #[rstest]
    #[case::doubled_quote("SELECT * FROM Customer WHERE DisplayName = 'Amy''s'", "4000")]
    #[case::or("SELECT * FROM Customer WHERE Id = '1' OR Id = '2'", "4000")]
    #[case::not_equal("SELECT * FROM Customer WHERE Id != '1'", "4000")]
    #[case::bare_number("SELECT * FROM Invoice WHERE TotalAmt > 300", "4000")]
    #[case::curly(
        "SELECT * FROM Customer WHERE DisplayName = \u{2019}Amy\u{2019}",
        "4000"
    )]
    #[case::group("SELECT * FROM Customer GROUP BY Id", "4000")]
    #[case::truncated("SELECT * FROM Customer WHERE", "4000")]
    #[case::no_such_table("SELECT * FROM Shoe", "4001")]
    #[case::not_queryable("SELECT * FROM Customer WHERE CustomerTypeRef = '1'", "4001")]
    #[case::unknown("SELECT * FROM Customer WHERE Shoe = '1'", "4001")]
    #[case::id_range("SELECT * FROM Customer WHERE Id > '1'", "4001")]
    #[case::sort_only("SELECT * FROM Customer WHERE BalanceWithJobs > '1'", "4001")]
    #[case::filter_only("SELECT * FROM Customer ORDERBY PrimaryEmailAddr", "4001")]
    #[case::zero("SELECT * FROM Customer STARTPOSITION 0", "4001")]
    #[case::too_many("SELECT * FROM Customer MAXRESULTS 1001", "4001")]
    fn refuses(#[case] statement: &str, #[case] code: &str) {
        assert_eq!(parse(statement, false).unwrap_err().code, code);
    }

    #[test]
    fn names_the_limits() {
        let fault = parse("SELECT * FROM Customer MAXRESULTS 1500", false).unwrap_err();
        assert_eq!(
            fault.detail,
            "QueryValidationError: value 1500 is too large. Max allowed value is 1000"
        );
    }
}
