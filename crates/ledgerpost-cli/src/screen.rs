//! Where text and JSON go: text line by line while a command works, JSON as one document at its end.

use std::cell::RefCell;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::value::RawValue;

use crate::outcome::{CommandError, Exit, Report, message_of};

/// The version of the JSON document; it changes when a field goes or changes its meaning.
pub(crate) const JSON_VERSION: u32 = 1;

/// The standard output.
pub(crate) struct Screen {
    json: bool,
    /// The first failure to write; what follows is not tried.
    failed: RefCell<Option<io::Error>>,
}

#[derive(Serialize)]
struct Document<'a> {
    ledgerpost: u32,
    command: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorBody<'a>>,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    code: &'a str,
    message: String,
    next_step: Option<String>,
}

impl Screen {
    pub(crate) fn new(json: bool) -> Self {
        Self {
            json,
            failed: RefCell::new(None),
        }
    }

    /// Whether a JSON document is asked for.
    pub(crate) const fn is_json(&self) -> bool {
        self.json
    }

    /// Says something; silent when a JSON document is asked for.
    pub(crate) fn say(&self, text: impl AsRef<str>) {
        if !self.json {
            self.write(text.as_ref());
        }
    }

    fn write(&self, text: &str) {
        let mut failed = self.failed.borrow_mut();
        if failed.is_some() {
            return;
        }
        let mut out = io::stdout().lock();
        if let Err(error) = writeln!(out, "{text}").and_then(|()| out.flush()) {
            *failed = Some(error);
        }
    }

    /// Writes the document, or the error, and gives the exit code.
    pub(crate) fn finish(&self, command: &str, outcome: &Result<Report, CommandError>) -> Exit {
        let exit = match outcome {
            Ok(report) => {
                if let (true, Some(result)) = (self.json, &report.result) {
                    self.document(&Document {
                        ledgerpost: JSON_VERSION,
                        command,
                        result: Some(result),
                        error: None,
                    });
                }
                report.exit
            }
            Err(error) => {
                self.complain(command, error);
                error.exit()
            }
        };
        match self.failed.take() {
            // Whoever read us has seen enough.
            Some(error) if error.kind() == io::ErrorKind::BrokenPipe => exit,
            Some(error) => {
                complain_to_terminal(&CommandError::Output(error));
                Exit::Failed
            }
            None => exit,
        }
    }

    fn complain(&self, command: &str, error: &CommandError) {
        if !self.json {
            complain_to_terminal(error);
            return;
        }
        self.document(&Document {
            ledgerpost: JSON_VERSION,
            command,
            result: None,
            error: Some(ErrorBody {
                code: error.code(),
                message: message_of(error),
                next_step: error.next_step(),
            }),
        });
    }

    fn document(&self, document: &Document<'_>) {
        match serde_json::to_string(document) {
            Ok(text) => self.write(&text),
            Err(error) => complain_to_terminal(&CommandError::Encode(error)),
        }
    }
}

/// Says something to a person only; never part of the result.
pub(crate) fn note(text: &str) {
    // The standard error is the last resort: there is nobody left to tell when it is closed.
    let _ = writeln!(io::stderr(), "{text}");
}

fn complain_to_terminal(error: &CommandError) {
    if let CommandError::Arguments(text) = error {
        note(text.trim_end());
        return;
    }
    note(&format!("ledgerpost: {}", message_of(error)));
    if let Some(step) = error.next_step() {
        note(&format!("Next step: {step}"));
    }
}
