//! Rows as CSV or JSON.

use std::collections::HashMap;
use std::io::{self, Write};

use ledgerpost_core::spreadsheet::safe;
use serde::Serialize;
use serde_json::value::RawValue;

use super::lists::{columns, list_word};
use crate::arguments::{Format, ListName};
use crate::screen::JSON_VERSION;

/// Writes rows in either format.
pub(super) struct RowWriter<W: Write> {
    out: Out<W>,
    pub(super) format: Format,
    list: ListName,
    rows: u64,
}

enum Out<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Json(W),
}

impl<W: Write> RowWriter<W> {
    pub(super) fn new(out: W, format: Format, list: ListName) -> Self {
        Self {
            out: match format {
                Format::Csv => Out::Csv(Box::new(csv::Writer::from_writer(out))),
                Format::Json => Out::Json(out),
            },
            format,
            list,
            rows: 0,
        }
    }

    pub(super) fn begin(&mut self) -> io::Result<()> {
        let list = self.list;
        match &mut self.out {
            Out::Csv(out) => Ok(out.write_record(columns(list))?),
            Out::Json(out) => write!(
                out,
                "{{\"ledgerpost\":{JSON_VERSION},\"command\":\"export\",\"result\":{{\"list\":\"{}\",\"rows\":[",
                list_word(list)
            ),
        }
    }

    pub(super) fn row(&mut self, row: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string(row)?;
        match &mut self.out {
            Out::Csv(out) => out.write_record(cells(&text, columns(self.list))?)?,
            Out::Json(out) => {
                let comma = if self.rows == 0 { "\n" } else { ",\n" };
                write!(out, "{comma}{text}")?;
            }
        }
        self.rows += 1;
        Ok(())
    }

    pub(super) fn finish(self) -> io::Result<u64> {
        match self.out {
            Out::Csv(mut out) => out.flush()?,
            Out::Json(mut out) => {
                writeln!(out, "\n]}}}}")?;
                out.flush()?;
            }
        }
        Ok(self.rows)
    }
}

/// The cells of a row, from its JSON form: both formats hold the same, and amounts keep their digits.
fn cells(row: &str, columns: &[&str]) -> io::Result<Vec<String>> {
    let mut fields: HashMap<String, Box<RawValue>> = serde_json::from_str(row)?;
    columns
        .iter()
        .map(|column| match fields.remove(*column) {
            None => Ok(String::new()),
            Some(value) if value.get() == "null" => Ok(String::new()),
            Some(value) if value.get().starts_with('"') => {
                Ok(safe(&serde_json::from_str::<String>(value.get())?).into_owned())
            }
            // A number: a minus in front of digits is no formula.
            Some(value) => Ok(value.get().to_owned()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_digits_and_leave_nothing_as_nothing() {
        let row = r#"{"a":-548.00,"b":null,"c":"=x","d":"y"}"#;
        assert_eq!(
            cells(row, &["a", "b", "c", "d", "e"]).unwrap(),
            ["-548.00", "", "'=x", "y", ""]
        );
    }
}
