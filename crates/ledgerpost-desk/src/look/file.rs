//! Rows as a file for the owner: CSV, Excel, JSON. Row by row, so that no list has to fit into
//! memory; under another name until it is complete, so that nobody opens half a file.

use std::collections::HashMap;
use std::io::{BufWriter, Write};
use std::path::Path;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use ledgerpost_core::Amount;
use ledgerpost_core::spreadsheet::safe;
use ledgerpost_ipc::{CodeWord, FileFormat};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use tempfile::NamedTempFile;

use super::error::LookError;

/// What Excel takes for the sign that a CSV file is UTF-8 and not the computer's own code page.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// The longest text that a cell of Excel holds.
const LONGEST_CELL: usize = 32_767;

/// A column of a file.
pub struct Column {
    /// Its name in JSON, such as `lastSale`.
    pub key: &'static str,
    /// Its heading, in the window's language.
    pub heading: String,
}

/// Columns by their names in JSON and their English headings; the window's headings where it sent them.
pub fn columns(known: &[(&'static str, &str)], headings: Option<&[String]>) -> Vec<Column> {
    let headings = headings.unwrap_or_default();
    known
        .iter()
        .enumerate()
        .map(|(place, (key, heading))| Column {
            key,
            heading: headings
                .get(place)
                .map_or_else(|| (*heading).to_owned(), String::clone),
        })
        .collect()
}

/// What stands in a row and a column.
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text that people wrote.
    Text(String),
    /// A word of the wire, shown in the window's language where that is known.
    Code(String),
    /// Money or another decimal.
    Amount(Amount),
    /// A number of things.
    Count(u32),
    /// A day.
    Date(Date),
    /// A moment; shown by the company's clock.
    Time(Timestamp),
}

impl Cell {
    /// Text, or nothing.
    pub fn text(text: Option<String>) -> Self {
        text.map_or(Self::Empty, Self::Text)
    }
}

/// How a file is to be.
pub struct FileStyle<'a> {
    /// The format.
    pub format: FileFormat,
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// Words for codes, in the window's language.
    pub words: &'a [CodeWord],
    /// The clock that times are shown by.
    pub zone: TimeZone,
}

/// Takes the rows of a file.
pub struct Rows<'a> {
    out: Out<'a>,
    columns: &'a [Column],
    words: HashMap<&'a str, &'a str>,
    zone: TimeZone,
    written: u32,
}

enum Out<'a> {
    Csv(Box<csv::Writer<BufWriter<&'a mut NamedTempFile>>>),
    Json(BufWriter<&'a mut NamedTempFile>),
    Xlsx(Box<Sheet<'a>>),
}

struct Sheet<'a> {
    book: Workbook,
    date: Format,
    time: Format,
    money: Format,
    file: &'a mut NamedTempFile,
}

/// Writes a file of rows, replacing one of this name; returns how many rows it has. Where it fails,
/// nothing is left behind and a file that was there before stays as it was.
///
/// # Errors
/// [`LookError::File`], and those of `fill`.
pub fn write_file(
    path: &Path,
    style: &FileStyle<'_>,
    fill: impl FnOnce(&mut Rows<'_>) -> Result<(), LookError>,
) -> Result<u32, LookError> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    // Readable by its owner alone: it holds personal data.
    let mut file = NamedTempFile::new_in(folder.unwrap_or_else(|| Path::new(".")))?;
    let mut rows = Rows::begin(&mut file, style)?;
    fill(&mut rows)?;
    let written = rows.finish()?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(written)
}

impl<'a> Rows<'a> {
    fn begin(file: &'a mut NamedTempFile, style: &'a FileStyle<'_>) -> Result<Self, LookError> {
        let headings = style.columns.iter().map(|column| &column.heading);
        let out = match style.format {
            FileFormat::Csv => {
                file.write_all(BYTE_ORDER_MARK)?;
                let mut out = csv::Writer::from_writer(BufWriter::new(file));
                out.write_record(headings.map(|heading| safe(heading).into_owned()))
                    .map_err(std::io::Error::from)?;
                Out::Csv(Box::new(out))
            }
            FileFormat::Json => {
                let mut out = BufWriter::new(file);
                out.write_all(b"[")?;
                Out::Json(out)
            }
            FileFormat::Xlsx => Out::Xlsx(Box::new(Sheet::begin(file, headings)?)),
        };
        Ok(Self {
            out,
            columns: &style.columns,
            words: style
                .words
                .iter()
                .map(|word| (word.code.as_str(), word.word.as_str()))
                .collect(),
            zone: style.zone.clone(),
            written: 0,
        })
    }

    /// Adds a row: a cell for each column.
    ///
    /// # Errors
    /// [`LookError::File`].
    pub fn add(&mut self, cells: &[Cell]) -> Result<(), LookError> {
        self.written += 1;
        let (words, zone) = (&self.words, &self.zone);
        match &mut self.out {
            Out::Csv(out) => out
                .write_record(cells.iter().map(|cell| plain(cell, words, zone)))
                .map_err(std::io::Error::from)?,
            Out::Json(out) => {
                out.write_all(if self.written == 1 { b"\n{" } else { b",\n{" })?;
                for (place, (column, cell)) in self.columns.iter().zip(cells).enumerate() {
                    let comma = if place == 0 { "" } else { "," };
                    write!(out, "{comma}\"{}\":{}", column.key, json(cell))?;
                }
                out.write_all(b"}")?;
            }
            Out::Xlsx(sheet) => sheet.add(self.written, cells, words, zone)?,
        }
        Ok(())
    }

    fn finish(self) -> Result<u32, LookError> {
        match self.out {
            Out::Csv(mut out) => out.flush()?,
            Out::Json(mut out) => {
                out.write_all(b"\n]\n")?;
                out.flush()?;
            }
            Out::Xlsx(sheet) => sheet.finish()?,
        }
        Ok(self.written)
    }
}

impl<'a> Sheet<'a> {
    fn begin<'h>(
        file: &'a mut NamedTempFile,
        headings: impl Iterator<Item = &'h String>,
    ) -> Result<Self, LookError> {
        let mut book = Workbook::new();
        let bold = Format::new().set_bold();
        let page = book.add_worksheet_with_constant_memory()?;
        page.set_freeze_panes(1, 0)?;
        for (column, heading) in (0..).zip(headings) {
            page.write_string_with_format(0, column, shortened(heading), &bold)?;
            page.set_column_width(column, 20)?;
        }
        Ok(Self {
            book,
            date: Format::new().set_num_format("yyyy-mm-dd"),
            time: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
            money: Format::new().set_num_format("#,##0.00"),
            file,
        })
    }

    fn add(
        &mut self,
        row: u32,
        cells: &[Cell],
        words: &HashMap<&str, &str>,
        zone: &TimeZone,
    ) -> Result<(), LookError> {
        let page = self.book.worksheet_from_index(0)?;
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Empty => continue,
                // Written as text, whatever it begins with.
                Cell::Text(text) => page.write_string(row, column, shortened(text))?,
                Cell::Code(code) => page.write_string(row, column, word_of(words, code))?,
                Cell::Amount(amount) => {
                    // Excel knows no other numbers than binary floats of 15 digits.
                    let number: f64 = amount.to_string().parse().unwrap_or_default();
                    page.write_number_with_format(row, column, number, &self.money)?
                }
                Cell::Count(number) => page.write_number(row, column, *number)?,
                Cell::Date(date) => {
                    page.write_number_with_format(row, column, serial(*date), &self.date)?
                }
                Cell::Time(at) => {
                    let local = at.to_zoned(zone.clone());
                    page.write_number_with_format(row, column, moment(&local), &self.time)?
                }
            };
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(), LookError> {
        self.book.save_to_writer(&mut *self.file)?;
        Ok(())
    }
}

/// Days since Excel's beginning; its calendar holds the year 1900 for a leap year.
fn serial(date: Date) -> f64 {
    let days = jiff::civil::date(1899, 12, 30)
        .until(date)
        .map(|span| span.get_days())
        .unwrap_or_default();
    f64::from(days)
}

fn moment(local: &Zoned) -> f64 {
    let time = local.time();
    let seconds =
        i32::from(time.hour()) * 3_600 + i32::from(time.minute()) * 60 + i32::from(time.second());
    serial(local.date()) + f64::from(seconds) / 86_400.0
}

fn word_of<'w>(words: &HashMap<&str, &'w str>, code: &'w str) -> &'w str {
    words.get(code).copied().unwrap_or(code)
}

fn shortened(text: &str) -> &str {
    match text.char_indices().nth(LONGEST_CELL) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

fn plain(cell: &Cell, words: &HashMap<&str, &str>, zone: &TimeZone) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => safe(text).into_owned(),
        Cell::Code(code) => safe(word_of(words, code)).into_owned(),
        Cell::Amount(amount) => amount.to_string(),
        Cell::Count(number) => number.to_string(),
        Cell::Date(date) => date.to_string(),
        Cell::Time(at) => at
            .to_zoned(zone.clone())
            .strftime("%Y-%m-%d %H:%M:%S")
            .to_string(),
    }
}

fn json(cell: &Cell) -> String {
    let text = |text: &str| serde_json::Value::from(text).to_string();
    match cell {
        Cell::Empty => "null".to_owned(),
        Cell::Text(written) => text(written),
        Cell::Code(code) => text(code),
        Cell::Amount(amount) => amount.to_string(),
        Cell::Count(number) => number.to_string(),
        Cell::Date(date) => text(&date.to_string()),
        Cell::Time(at) => text(&at.to_string()),
    }
}

impl From<XlsxError> for LookError {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::IoError(source) => Self::File { source },
            other => Self::File {
                source: std::io::Error::other(other),
            },
        }
    }
}

#[cfg(test)]
mod tests;
