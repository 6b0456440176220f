//! Full-text search over names, e-mail addresses and document numbers.
//!
//! Words match from their beginning and without regard to case and accents; all words must match.
//! Hits come in two waves, whole words before beginnings, and unranked within each: ranking would
//! have to score every customer that begins with one letter before it could show the first ten.

use std::collections::HashSet;

use rusqlite::params;

use crate::company::CompanyStore;
use crate::error::Result;
use crate::json;

/// What a hit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SearchKind {
    /// A customer.
    Customer,
    /// A document.
    Document,
}

/// A record that was found. No `Debug`: it holds personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct SearchHit {
    /// What it is.
    pub kind: SearchKind,
    /// Customer id or document key.
    pub key: String,
    /// The customer's name, or the document's number.
    pub title: String,
    /// The customer's e-mail field, or the document's date.
    pub detail: Option<String>,
}

const CUSTOMERS: &str = "SELECT customers.id, customers.name, customers.email
     FROM customer_words JOIN customers ON customers.row = customer_words.rowid
     WHERE customer_words MATCH ?1 ORDER BY customer_words.rowid LIMIT ?2";
const DOCUMENTS: &str = "SELECT documents.key, documents.number, documents.date
     FROM document_words JOIN documents ON documents.row = document_words.rowid
     WHERE document_words MATCH ?1 ORDER BY document_words.rowid LIMIT ?2";

impl CompanyStore {
    /// Finds customers, then documents; at most `limit` in all.
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<SearchHit>> {
        let words = words(text);
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = Found {
            hits: Vec::new(),
            keys: HashSet::new(),
            limit,
        };
        for (kind, sql) in [
            (SearchKind::Customer, CUSTOMERS),
            (SearchKind::Document, DOCUMENTS),
        ] {
            for query in [whole_words(&words), beginnings(&words)] {
                self.find(kind, sql, &query, &mut found)?;
            }
        }
        Ok(found.hits)
    }

    fn find(&self, kind: SearchKind, sql: &str, query: &str, found: &mut Found) -> Result<()> {
        if found.hits.len() >= found.limit {
            return Ok(());
        }
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![query, json::integer(found.limit)])?;
        while let Some(row) = rows.next()? {
            let hit = SearchHit {
                kind,
                key: row.get(0)?,
                title: row.get(1)?,
                detail: row.get(2)?,
            };
            if found.hits.len() < found.limit && found.keys.insert((kind, hit.key.clone())) {
                found.hits.push(hit);
            }
        }
        Ok(())
    }
}

struct Found {
    hits: Vec<SearchHit>,
    keys: HashSet<(SearchKind, String)>,
    limit: usize,
}

/// The words of what somebody typed; everything between letters and digits separates, as it does
/// in the index.
fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect()
}

/// The full-text query for whole words. Words hold letters and digits only, so quoting is enough.
fn whole_words(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    quoted.join(" ")
}

/// The full-text query for what begins with the words.
pub(crate) fn beginnings(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"*")).collect();
    quoted.join(" ")
}

/// The full-text query of what somebody typed; `None` when there is no word in it.
pub(crate) fn query_of(text: &str) -> Option<String> {
    let words = words(text);
    (!words.is_empty()).then(|| beginnings(&words))
}

#[cfg(test)]
mod tests {
    use ledgerpost_core::source::DocumentKind;

    use super::*;
    use crate::testing::{customer, document, scene};

    fn keys(store: &CompanyStore, text: &str) -> Vec<String> {
        let hits = store.search(text, 10).unwrap();
        hits.into_iter().map(|hit| hit.key).collect()
    }

    #[test]
    fn finds_by_beginnings_without_case_and_accents() {
        let scene = scene();
        let store = &scene.store;
        let mut zoe = customer("1", "Zoë Müller", Some("zm@pottery.test"));
        zoe.company_name = Some("Kiln & Co".to_owned());
        let ann = customer("2", "Annabel Stone", None);
        let exact = customer("3", "Ann O'Neil", None);
        let invoice = document(DocumentKind::Invoice, "1042", "1", 5);
        store
            .write(|write| {
                write.store_customers([(&zoe, "{}"), (&ann, "{}"), (&exact, "{}")])?;
                write.store_documents([(&invoice, "{}")])
            })
            .unwrap();
        assert_eq!(keys(store, "zoe MULL"), ["1"]);
        assert_eq!(keys(store, "kiln"), ["1"]);
        assert_eq!(keys(store, "zm@pottery.test"), ["1"]);
        assert_eq!(keys(store, "n-1042"), ["inv_1042"]);
        assert_eq!(keys(store, "104"), ["inv_1042"]);
        assert_eq!(keys(store, "ann"), ["3", "2"], "the whole word comes first");
        assert_eq!(keys(store, "o'neil"), ["3"]);
        assert!(keys(store, "stone kiln").is_empty(), "all words must match");
        for odd in ["", "  ", "\"", "* OR", "a NEAR(", "😀", "name:x ^y"] {
            store
                .search(odd, 10)
                .unwrap_or_else(|error| panic!("{odd}: {error}"));
        }
        assert_eq!(store.search("ann", 1).unwrap().len(), 1);
    }

    #[test]
    fn follows_changes_and_removals() {
        let scene = scene();
        let store = &scene.store;
        let before = customer("1", "Ada Byron", None);
        let after = customer("1", "Ada Lovelace", None);
        let mut invoice = document(DocumentKind::Invoice, "7", "1", 5);
        store
            .write(|write| {
                write.store_customers([(&before, "{}")])?;
                write.store_customers([(&after, "{}")])?;
                write.store_documents([(&invoice, "{}")])
            })
            .unwrap();
        assert!(keys(store, "byron").is_empty());
        assert_eq!(keys(store, "lovelace"), ["1"]);
        invoice.number = None;
        store
            .write(|write| write.store_documents([(&invoice, "{}")]))
            .unwrap();
        assert!(keys(store, "n-7").is_empty());
        store
            .write(|write| write.remove_customers([&after.id]))
            .unwrap();
        assert!(keys(store, "lovelace").is_empty());
        store
            .connection
            .execute_batch(
                "INSERT INTO customer_words (customer_words, rank) VALUES ('integrity-check', 1);
                 INSERT INTO document_words (document_words, rank) VALUES ('integrity-check', 1);",
            )
            .expect("the index must agree with its tables");
    }
}
