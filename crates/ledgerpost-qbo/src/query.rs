//! Statements of the query language (`quickbooks-online.md` 3). They can only read.

use std::fmt::{self, Write as _};

use jiff::Timestamp;

use crate::entity::Entity;

/// The most rows that one query returns (`quickbooks-online.md` 3.1).
pub const MAX_ROWS: usize = 1000;

/// Rows from `start`, which counts from 1, at most `rows` of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// `STARTPOSITION`, from 1.
    pub start: usize,
    /// `MAXRESULTS`, 1 to [`MAX_ROWS`].
    pub rows: usize,
}

impl Window {
    /// A window on the first rows.
    pub const fn first(rows: usize) -> Self {
        Self { start: 1, rows }
    }

    /// The position after the last row.
    pub(crate) const fn end(self) -> usize {
        self.start + self.rows
    }

    /// Cuts the window into at most `parts` windows: of nearly equal size, or, where that makes them
    /// just too large to be cut into single rows next time, all but the last one small enough for it.
    pub(crate) fn split(self, parts: usize) -> Vec<Self> {
        let parts = parts.max(1);
        let squared = parts * parts;
        if squared < self.rows && self.rows <= squared + squared / 4 {
            let last = self.start + (parts - 1) * parts;
            let windows = (self.start..last)
                .step_by(parts)
                .map(|start| Self { start, rows: parts });
            let last = Self {
                start: last,
                rows: self.end() - last,
            };
            return windows.chain([last]).collect();
        }
        let size = self.rows.div_ceil(parts).max(1);
        (self.start..self.end())
            .step_by(size)
            .map(|start| Self {
                start,
                rows: size.min(self.end() - start),
            })
            .collect()
    }
}

/// Which rows of an entity are wanted.
///
/// Inactive rows always belong to them, and the order is always by Id: offsets are applied to the
/// live table, an Id never changes, and a row that is edited between two pages therefore stays
/// where it is (`quickbooks-online.md` 3.2, 3.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    entity: Entity,
    filter: Filter,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Filter {
    All,
    UpdatedSince(Timestamp),
    Ids(Vec<String>),
}

impl Selection {
    /// Every row, inactive ones included.
    pub const fn all(entity: Entity) -> Self {
        Self {
            entity,
            filter: Filter::All,
        }
    }

    /// Rows created or changed at or after a moment. Timestamps have a precision of one second, so
    /// the moment is cut to its second (`quickbooks-online.md` 3.5).
    pub const fn updated_since(entity: Entity, since: Timestamp) -> Self {
        Self {
            entity,
            filter: Filter::UpdatedSince(since),
        }
    }

    /// Rows with these ids; ids without a row are left out of the answer.
    pub const fn ids(entity: Entity, ids: Vec<String>) -> Self {
        Self {
            entity,
            filter: Filter::Ids(ids),
        }
    }

    /// The kind of record.
    pub const fn entity(&self) -> Entity {
        self.entity
    }

    /// The statement for one window of the rows.
    pub fn rows(&self, window: Window) -> Query {
        let mut text = format!("SELECT * FROM {}", self.entity);
        self.write_conditions(&mut text);
        let Window { start, rows } = window;
        push(
            &mut text,
            format_args!(" ORDERBY Id STARTPOSITION {start} MAXRESULTS {rows}"),
        );
        Query(text)
    }

    /// The statement that counts the rows.
    pub fn count(&self) -> Query {
        let mut text = format!("SELECT COUNT(*) FROM {}", self.entity);
        self.write_conditions(&mut text);
        Query(text)
    }

    fn write_conditions(&self, text: &mut String) {
        let mut joint = " WHERE ";
        match &self.filter {
            Filter::All => {}
            Filter::UpdatedSince(since) => {
                let moment = moment(*since);
                push(
                    text,
                    format_args!("{joint}MetaData.LastUpdatedTime >= {}", Literal(&moment)),
                );
                joint = " AND ";
            }
            Filter::Ids(ids) => {
                push(text, format_args!("{joint}Id IN ("));
                for (position, id) in ids.iter().enumerate() {
                    let comma = if position == 0 { "" } else { ", " };
                    push(text, format_args!("{comma}{}", Literal(id)));
                }
                text.push(')');
                joint = " AND ";
            }
        }
        if self.entity.hides_inactive() {
            push(text, format_args!("{joint}Active IN (true, false)"));
        }
    }
}

/// A statement that reads. There is no way to make one that writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query(String);

impl Query {
    /// The company's own record.
    pub fn company_info() -> Self {
        Self("SELECT * FROM CompanyInfo".to_owned())
    }

    /// The company's preferences.
    pub fn preferences() -> Self {
        Self("SELECT * FROM Preferences".to_owned())
    }

    /// The types of customers, which a customer names by id alone.
    pub fn customer_types() -> Self {
        Self(format!("SELECT * FROM CustomerType MAXRESULTS {MAX_ROWS}"))
    }

    /// The statement.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A moment in the form that queries and change data capture take: seconds, and always with its
/// zone, without which it is ambiguous (`quickbooks-online.md` 3.5).
pub(crate) fn moment(time: Timestamp) -> String {
    format!("{}", time.strftime("%Y-%m-%dT%H:%M:%SZ"))
}

/// A quoted literal: backslash before apostrophe and backslash, since a doubled apostrophe is an
/// error (`quickbooks-online.md` 3.1).
struct Literal<'a>(&'a str);

impl fmt::Display for Literal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('\'')?;
        for character in self.0.chars() {
            if matches!(character, '\'' | '\\') {
                f.write_char('\\')?;
            }
            f.write_char(character)?;
        }
        f.write_char('\'')
    }
}

fn push(text: &mut String, part: fmt::Arguments<'_>) {
    text.write_fmt(part)
        .expect("writing to a string cannot fail");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads a literal as the service's grammar does: what it holds, and what follows it.
    fn read_literal(text: &str) -> Option<(String, &str)> {
        let mut characters = text.strip_prefix('\'')?.char_indices();
        let mut value = String::new();
        while let Some((position, character)) = characters.next() {
            match character {
                '\\' => value.push(characters.next()?.1),
                '\'' => return Some((value, &text[position + 2..])),
                other => value.push(other),
            }
        }
        None
    }

    proptest! {
        #[test]
        fn a_literal_holds_any_text_and_nothing_can_end_it(value in any::<String>(), rest in any::<String>()) {
            let text = format!("{}{rest}", Literal(&value));
            prop_assert_eq!(read_literal(&text), Some((value, rest.as_str())));
        }

        #[test]
        fn ids_stay_inside_their_literals(ids in prop::collection::vec(any::<String>(), 1..5)) {
            let query = Selection::ids(Entity::Invoice, ids.clone()).rows(Window::first(9));
            let mut rest = query.as_str().strip_prefix("SELECT * FROM Invoice WHERE Id IN (").unwrap();
            for (position, id) in ids.iter().enumerate() {
                if position > 0 {
                    rest = rest.strip_prefix(", ").unwrap();
                }
                let (value, after) = read_literal(rest).unwrap();
                prop_assert_eq!(&value, id);
                rest = after;
            }
            prop_assert_eq!(rest, ") ORDERBY Id STARTPOSITION 1 MAXRESULTS 9");
        }

        #[test]
        fn the_url_carries_a_statement_unchanged(value in any::<String>()) {
            let query = Selection::ids(Entity::Item, vec![value]).rows(Window::first(1));
            let mut url = url::Url::parse("https://service.test/query").unwrap();
            url.query_pairs_mut().append_pair("query", query.as_str());
            let encoded = url.query().unwrap();
            prop_assert!(!encoded["query=".len()..].contains(['&', '#', '\'', ' ']));
            let back: Vec<_> = url.query_pairs().collect();
            prop_assert_eq!(back.len(), 1);
            prop_assert_eq!(&*back[0].1, query.as_str());
        }

        #[test]
        fn the_parts_of_a_window_are_the_window(start in 1usize..5000, rows in 1usize..=1000, parts in 1usize..40) {
            let whole = Window { start, rows };
            let split = whole.split(parts);
            prop_assert!(split.len() <= parts);
            let mut next = start;
            for part in split {
                prop_assert_eq!(part.start, next);
                prop_assert!(part.rows > 0);
                next = part.end();
            }
            prop_assert_eq!(next, whole.end());
        }
    }

    #[test]
    fn list_entities_come_with_their_inactive_rows() {
        let since = "2026-03-02T08:15:04.127-08:00".parse().unwrap();
        assert_eq!(
            Selection::updated_since(Entity::Customer, since)
                .rows(Window {
                    start: 1001,
                    rows: 1000
                })
                .as_str(),
            "SELECT * FROM Customer WHERE MetaData.LastUpdatedTime >= '2026-03-02T16:15:04Z' \
             AND Active IN (true, false) ORDERBY Id STARTPOSITION 1001 MAXRESULTS 1000"
        );
        assert_eq!(
            Selection::all(Entity::Item).count().as_str(),
            "SELECT COUNT(*) FROM Item WHERE Active IN (true, false)"
        );
        assert_eq!(
            Selection::all(Entity::Payment)
                .rows(Window::first(10))
                .as_str(),
            "SELECT * FROM Payment ORDERBY Id STARTPOSITION 1 MAXRESULTS 10"
        );
    }
}
