//! `export`: lists as CSV and JSON, row by row, so that no list has to fit into memory.
//!
//! A cell that a spreadsheet would take for a formula gets an apostrophe in front: names and notes
//! come from other people.

mod lists;
mod writer;

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter};
use std::path::Path;

use ledgerpost_store::CompanyStore;
use serde::Serialize;

use super::Context;
use crate::arguments::{Export, Format};
use crate::outcome::{CommandError, Exit, Report};
use crate::words::counted;
use lists::{list_word, write_list};
use writer::RowWriter;

/// What `export --output` gives back.
#[derive(Serialize)]
struct Exported<'a> {
    list: &'static str,
    rows: u64,
    path: &'a Path,
}

impl Context<'_> {
    pub(in crate::commands) async fn export(
        &self,
        export: &Export,
    ) -> Result<Report, CommandError> {
        let view = self.view().await?;
        let company = self.company_of(&view)?;
        let store = view.company_store(&company)?;
        let format = export.format.unwrap_or(if self.screen.is_json() {
            Format::Json
        } else {
            Format::Csv
        });
        match &export.output {
            None => self.print_list(store.as_ref(), export, format),
            Some(path) => self.save_list(store.as_ref(), export, format, path),
        }
    }

    fn print_list(
        &self,
        store: Option<&CompanyStore>,
        export: &Export,
        format: Format,
    ) -> Result<Report, CommandError> {
        if self.screen.is_json() && format == Format::Csv {
            return Err(CommandError::Usage {
                code: "usage",
                message: "--json and --format csv both want the standard output".to_owned(),
                next_step: "add --output FILE, or leave one of them out".to_owned(),
            });
        }
        let out = BufWriter::new(io::stdout().lock());
        let mut writer = RowWriter::new(out, format, export.list);
        let written = write_list(store, export, &mut writer).and_then(|()| Ok(writer.finish()?));
        match written {
            // Whoever reads has seen enough.
            Err(ExportError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(DONE),
            Err(error) => Err(error.into_command(CommandError::Output)),
            Ok(_) => Ok(DONE),
        }
    }

    fn save_list(
        &self,
        store: Option<&CompanyStore>,
        export: &Export,
        format: Format,
        path: &Path,
    ) -> Result<Report, CommandError> {
        let rows = write_file(path, |file| {
            let mut writer = RowWriter::new(BufWriter::new(file), format, export.list);
            write_list(store, export, &mut writer)?;
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
