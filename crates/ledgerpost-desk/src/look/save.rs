//! Lists as files: contacts, changes.

use std::path::Path;

use jiff::Timestamp;
use ledgerpost_ipc::activity::{ChangeOutcome, ChangeRow, SaveChanges};
use ledgerpost_ipc::contacts::{ContactColumn, ContactRow, DocumentKind, SaveContacts};
use ledgerpost_ipc::review::Field;
use ledgerpost_ipc::{CodeWord, FileFormat};
use serde::Serialize;

use super::Look;
use super::error::LookError;
use super::file::{Cell, Column, FileStyle, columns, write_file};

/// The columns of a file of changes: their names in JSON, and their headings where the window sent
/// none.
const CHANGE_COLUMNS: [(&str, &str); 10] = [
    ("at", "Time"),
    ("action", "What"),
    ("title", "Record"),
    ("subtitle", "Customer"),
    ("field", "Field"),
    ("before", "Before"),
    ("after", "After"),
    ("outcome", "Result"),
    ("reason", "Why"),
    ("detail", "Said by the service"),
];

impl Look {
    /// Saves the contacts that a query finds; returns how many.
    ///
    /// # Errors
    /// [`LookError::Invalid`] when columns and headings do not fit; the files'.
    pub fn save_contacts(
        &self,
        request: &SaveContacts,
        path: &Path,
        now: Timestamp,
    ) -> Result<u32, LookError> {
        if request.columns.is_empty() || request.columns.len() != request.headings.len() {
            return Err(LookError::Invalid {
                field: "columns",
                problem: "each column needs one heading",
            });
        }
        let columns = request
            .columns
            .iter()
            .zip(&request.headings)
            .map(|(column, heading)| Column {
                key: contact_key(*column),
                heading: heading.clone(),
            });
        let style = FileStyle {
            format: request.format,
            columns: columns.collect(),
            words: request.words.as_deref().unwrap_or_default(),
            zone: self.kept()?.about.zone.clone(),
        };
        write_file(path, &style, |rows| {
            self.each_contact(&request.query, now, |row| {
                let cells: Vec<Cell> = request
                    .columns
                    .iter()
                    .map(|column| contact_cell(*column, &row))
                    .collect();
                rows.add(&cells)
            })
        })
    }

    /// Saves the changes that a query finds, a row for each field; returns how many rows.
    ///
    /// # Errors
    /// [`LookError::NotFound`], the files'.
    pub fn save_changes(&self, request: &SaveChanges, path: &Path) -> Result<u32, LookError> {
        let words: &[CodeWord] = request.words.as_deref().unwrap_or_default();
        let style = FileStyle {
            format: request.format,
            columns: columns(&CHANGE_COLUMNS, request.headings.as_deref()),
            words,
            zone: self.kept()?.about.zone.clone(),
        };
        write_file(path, &style, |rows| {
            self.each_change(&request.query, |row| {
                let title = match request.format {
                    // For programs, which read the same in every language.
                    FileFormat::Json => row.title.clone(),
                    FileFormat::Csv | FileFormat::Xlsx => {
                        title(&row, request.query.documents.as_deref())
                    }
                };
                for cells in change_cells(&row, &title) {
                    rows.add(&cells)?;
                }
                Ok(())
            })
        })
    }
}

const fn contact_key(column: ContactColumn) -> &'static str {
    match column {
        ContactColumn::Name => "name",
        ContactColumn::Email => "email",
        ContactColumn::State => "state",
        ContactColumn::Status => "status",
        ContactColumn::Reason => "reason",
        ContactColumn::Updated => "updated",
        ContactColumn::CustomerType => "customerType",
        ContactColumn::Tags => "tags",
        ContactColumn::Orders => "orders",
        ContactColumn::Total => "total",
        ContactColumn::LastSale => "lastSale",
    }
}

fn contact_cell(column: ContactColumn, row: &ContactRow) -> Cell {
    match column {
        ContactColumn::Name => Cell::Text(row.name.clone()),
        ContactColumn::Email => Cell::text(row.email.clone()),
        ContactColumn::State => code(&row.state),
        ContactColumn::Status => row.status.as_ref().map_or(Cell::Empty, code),
        ContactColumn::Reason => row.reason.as_ref().map_or(Cell::Empty, code),
        ContactColumn::Updated => row.updated_at.map_or(Cell::Empty, Cell::Time),
        ContactColumn::CustomerType => Cell::text(row.customer_type.clone()),
        ContactColumn::Tags => Cell::Text(row.tags.join(", ")),
        ContactColumn::Orders => Cell::Count(row.orders),
        ContactColumn::Total => row.total.amount.parse().map_or(Cell::Empty, Cell::Amount),
        ContactColumn::LastSale => row.last_sale.map_or(Cell::Empty, Cell::Date),
    }
}

/// A row for each field that a change touches; one row for a change without fields. Of a change that was
/// made without some fields, the rows of these are the refused ones.
fn change_cells(row: &ChangeRow, title: &str) -> Vec<Vec<Cell>> {
    let said = || match &row.remark {
        Some(remark) => code(remark),
        None => Cell::text(row.detail.clone()),
    };
    let left_out = |field: Field| row.without.contains(&field);
    let in_parts = row.fields.iter().any(|change| left_out(change.field));
    let cells = |which: Option<Field>, before: Cell, after: Cell| {
        let (outcome, said) = match which {
            Some(field) if in_parts && left_out(field) => (code(&ChangeOutcome::Refused), said()),
            Some(_) if in_parts => (code(&row.outcome), Cell::Empty),
            _ => (code(&row.outcome), said()),
        };
        vec![
            row.at.map_or(Cell::Empty, Cell::Time),
            code(&row.action),
            Cell::Text(title.to_owned()),
            Cell::text(row.subtitle.clone()),
            which.as_ref().map_or(Cell::Empty, code),
            before,
            after,
            outcome,
            code(&row.reason),
            said,
        ]
    };
    if row.fields.is_empty() {
        return vec![cells(None, Cell::Empty, Cell::Empty)];
    }
    row.fields
        .iter()
        .map(|change| {
            let value = |text: &Option<String>| match (text, change.field) {
                // A word of the wire.
                (Some(status), Field::Status) => Cell::Code(status.clone()),
                (text, _) => Cell::text(text.clone()),
            };
            cells(
                Some(change.field),
                value(&change.before),
                value(&change.after),
            )
        })
        .collect()
}

/// What a record is called in a file.
fn title(row: &ChangeRow, kinds: Option<&[CodeWord]>) -> String {
    let document = row.document.as_ref();
    let named = document.and_then(|document| {
        let word = kind_word(kinds, document.kind)?;
        Some(format!("{word} {}", document.number))
    });
    named.unwrap_or_else(|| row.title.clone())
}

/// What a kind of document is called in the window's language.
pub(super) fn kind_word(kinds: Option<&[CodeWord]>, kind: DocumentKind) -> Option<&str> {
    let code = written(&kind)?;
    let known = kinds?.iter().find(|known| known.code == code);
    known.map(|known| known.word.as_str())
}

fn code(value: &impl Serialize) -> Cell {
    written(value).map_or(Cell::Empty, Cell::Code)
}

/// A word of the wire, as the wire writes it.
fn written(value: &impl Serialize) -> Option<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Some(word),
        _ => None,
    }
}
