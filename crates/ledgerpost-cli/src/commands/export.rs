//! `export`: lists as CSV and JSON, row by row, so that no list has to fit into memory.
//!
//! A cell that a spreadsheet would take for a formula gets an apostrophe in front: names and notes
//! come from other people.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use jiff::Timestamp;
use ledgerpost_core::Amount;
use ledgerpost_core::ids::RunId;
use ledgerpost_core::spreadsheet::safe;
use ledgerpost_store::{
    ChangeFilter, CompanyStore, ConsentEntry, ContactCursor, ContactFilter, JournalEntry, RunState,
    SkipFilter, SkipRow,
};
use serde::Serialize;
use serde_json::value::RawValue;

use super::Context;
use super::look::Contact;
use crate::arguments::{Export, Format, ListName};
use crate::outcome::{CommandError, Exit, Report};
use crate::screen::JSON_VERSION;
use crate::words::counted;

const PAGE: usize = 1_000;

#[derive(Serialize)]
struct JournalRow {
    run: String,
    number: u64,
    change: &'static str,
    record: String,
    reason: ledgerpost_core::change::ChangeReason,
    outcome: &'static str,
    said: Option<String>,
    at: Option<Timestamp>,
    /// What was written before and after; in JSON only.
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<ledgerpost_core::change::Action>,
}

#[derive(Serialize)]
struct LeftAlone {
    subject: ledgerpost_core::skip::SkipSubject,
    key: String,
    record: String,
    code: &'static str,
    reason: &'static str,
    next_step: &'static str,
    amount: Option<Amount>,
    currency: Option<String>,
}

#[derive(Serialize)]
struct Consent {
    email: String,
    status: &'static str,
    how: &'static str,
    at: Timestamp,
    grounds: String,
    run: Option<String>,
}

/// What `export --output` gives back.
#[derive(Serialize)]
struct Exported<'a> {
    list: &'static str,
    rows: u64,
    path: &'a Path,
}

impl Context<'_> {
    pub(super) async fn export(&self, export: &Export) -> Result<Report, CommandError> {
        let view = self.view().await?;
        let company = self.company_of(&view)?;
        let store = view.company_store(&company)?;
        let format = export.format.unwrap_or(if self.screen.is_json() {
            Format::Json
        } else {
            Format::Csv
        });
        let Some(path) = &export.output else {
            if self.screen.is_json() && format == Format::Csv {
                return Err(CommandError::Usage {
                    code: "usage",
                    message: "--json and --format csv both want the standard output".to_owned(),
                    next_step: "add --output FILE, or leave one of them out".to_owned(),
                });
            }
            let out = BufWriter::new(io::stdout().lock());
            let mut writer = RowWriter::new(out, format, export.list);
            let written =
                write_list(store.as_ref(), export, &mut writer).and_then(|()| Ok(writer.finish()?));
            return match written {
                // Whoever reads has seen enough.
                Err(ExportError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
                    Ok(DONE)
                }
                Err(error) => Err(error.into_command(CommandError::Output)),
                Ok(_) => Ok(DONE),
            };
        };
        let rows = write_file(path, |file| {
            let mut writer = RowWriter::new(BufWriter::new(file), format, export.list);
            write_list(store.as_ref(), export, &mut writer)?;
            Ok(writer.finish()?)
        })?;
        self.screen.say(format!(
            "{} written to {}",
            counted(rows, "row", "rows"),
            path.display()
        ));
        let exported = Exported {
            list: list_word(export.list),
            rows,
            path,
        };
        Report::new(Exit::Done, &exported)
    }
}

/// The document is written already.
const DONE: Report = Report {
    exit: Exit::Done,
    result: None,
};

/// Writes a new file that only its owner can read: it holds personal data. A file that could not be
/// finished is removed.
fn write_file(
    path: &Path,
    work: impl FnOnce(&File) -> Result<u64, ExportError>,
) -> Result<u64, CommandError> {
    let failed = |source| CommandError::Write {
        path: path.to_owned(),
        source,
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let file = options.open(path).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => CommandError::Exists {
            path: path.to_owned(),
        },
        _ => failed(source),
    })?;
    let written = work(&file).and_then(|rows| {
        file.sync_all()?;
        Ok(rows)
    });
    written.map_err(|error| {
        if let Err(left) = std::fs::remove_file(path) {
            tracing::warn!(error = %left, "an unfinished export stays behind");
        }
        error.into_command(failed)
    })
}

/// Why an export stopped.
#[derive(Debug)]
enum ExportError {
    Read(CommandError),
    Write(io::Error),
}

impl ExportError {
    fn into_command(self, write: impl FnOnce(io::Error) -> CommandError) -> CommandError {
        match self {
            Self::Read(error) => error,
            Self::Write(error) => write(error),
        }
    }
}

impl From<io::Error> for ExportError {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

impl From<ledgerpost_store::Error> for ExportError {
    fn from(error: ledgerpost_store::Error) -> Self {
        Self::Read(error.into())
    }
}

fn write_list<W: Write>(
    store: Option<&CompanyStore>,
    export: &Export,
    out: &mut RowWriter<W>,
) -> Result<(), ExportError> {
    let Some(store) = store else {
        return Ok(out.begin()?);
    };
    // Whatever can be refused comes before the first line.
    let run = match export.list {
        ListName::Changes => chosen_run(store, export.run.as_deref())?,
        ListName::Contacts | ListName::Skips | ListName::Consent => None,
    };
    out.begin()?;
    match export.list {
        ListName::Contacts => write_contacts(store, out),
        ListName::Changes => run.map_or(Ok(()), |run| write_changes(store, &run, out)),
        ListName::Skips => write_skips(store, out),
        ListName::Consent => write_consent(store, out),
    }
}

fn write_contacts<W: Write>(
    store: &CompanyStore,
    out: &mut RowWriter<W>,
) -> Result<(), ExportError> {
    let filter = ContactFilter::default();
    let mut after: Option<ContactCursor> = None;
    loop {
        let rows = store.contacts(&filter, after.as_ref(), PAGE)?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = Some(last.cursor());
        for row in rows {
            out.row(&Contact::from(row))?;
        }
    }
}

/// The run that is meant: the one named, or the latest that was begun.
fn chosen_run(store: &CompanyStore, run: Option<&str>) -> Result<Option<RunId>, ExportError> {
    let Some(run) = run else {
        let begun = store
            .runs(PAGE)?
            .into_iter()
            .find(|run| run.state != RunState::Planned);
        return Ok(begun.map(|run| run.id));
    };
    match store.run(&RunId::from(run))? {
        Some(found) => Ok(Some(found.id)),
        None => Err(ExportError::Read(no_run(run))),
    }
}

fn write_changes<W: Write>(
    store: &CompanyStore,
    run: &RunId,
    out: &mut RowWriter<W>,
) -> Result<(), ExportError> {
    let mut after = 0;
    loop {
        let entries = store.changes(run, &ChangeFilter::default(), after, PAGE)?;
        let Some(last) = entries.last() else {
            return Ok(());
        };
        after = last.seq;
        for entry in entries {
            out.row(&change_of(run, entry, out.format == Format::Json))?;
        }
    }
}

fn no_run(run: &str) -> CommandError {
    CommandError::Usage {
        code: "unknown_run",
        message: format!("there is no run {run}"),
        next_step: "run `ledgerpost status` for the latest ones".to_owned(),
    }
}

fn change_of(run: &RunId, entry: JournalEntry, whole: bool) -> JournalRow {
    JournalRow {
        run: run.to_string(),
        number: entry.seq,
        change: entry.change.action.code(),
        record: entry.change.title,
        reason: entry.change.reason,
        outcome: entry.outcome.as_str(),
        said: entry.detail,
        at: entry.at,
        action: whole.then_some(entry.change.action),
    }
}

fn write_skips<W: Write>(store: &CompanyStore, out: &mut RowWriter<W>) -> Result<(), ExportError> {
    store.each_skip(&SkipFilter::default(), |SkipRow { skip, .. }| {
        let (reason, next_step) = skip.reason.words();
        out.row(&LeftAlone {
            subject: skip.subject,
            key: skip.key,
            record: skip.title,
            code: skip.reason.code(),
            reason,
            next_step,
            amount: skip.amount,
            currency: skip.currency.map(|currency| currency.to_string()),
        })?;
        Ok(())
    })
}

fn write_consent<W: Write>(
    store: &CompanyStore,
    out: &mut RowWriter<W>,
) -> Result<(), ExportError> {
    let mut after = 0;
    loop {
        let rows = store.consent_entries(after, PAGE)?;
        let Some((last, _)) = rows.last() else {
            return Ok(());
        };
        after = *last;
        for (_, entry) in rows {
            out.row(&consent_of(entry))?;
        }
    }
}

fn consent_of(entry: ConsentEntry) -> Consent {
    Consent {
        email: entry.email.as_str().to_owned(),
        status: entry.status.as_str(),
        how: entry.how.as_str(),
        at: entry.at,
        grounds: entry.grounds,
        run: entry.run.map(|run| run.to_string()),
    }
}

const fn list_word(list: ListName) -> &'static str {
    match list {
        ListName::Contacts => "contacts",
        ListName::Changes => "changes",
        ListName::Skips => "skips",
        ListName::Consent => "consent",
    }
}

const fn columns(list: ListName) -> &'static [&'static str] {
    match list {
        ListName::Contacts => &[
            "customer",
            "name",
            "email",
            "status",
            "orders",
            "left_alone",
            "reason",
            "next_step",
        ],
        ListName::Changes => &[
            "run", "number", "change", "record", "reason", "outcome", "said", "at",
        ],
        ListName::Skips => &[
            "subject",
            "key",
            "record",
            "code",
            "reason",
            "next_step",
            "amount",
            "currency",
        ],
        ListName::Consent => &["email", "status", "how", "at", "grounds", "run"],
    }
}

/// Writes rows in either format.
struct RowWriter<W: Write> {
    out: Out<W>,
    format: Format,
    list: ListName,
    rows: u64,
}

enum Out<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Json(W),
}

impl<W: Write> RowWriter<W> {
    fn new(out: W, format: Format, list: ListName) -> Self {
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

    fn begin(&mut self) -> io::Result<()> {
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

    fn row(&mut self, row: &impl Serialize) -> io::Result<()> {
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

    fn finish(self) -> io::Result<u64> {
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
    let mut fields: std::collections::HashMap<String, Box<RawValue>> = serde_json::from_str(row)?;
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
