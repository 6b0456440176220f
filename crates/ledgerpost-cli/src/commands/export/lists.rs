//! The rows of each list.

use std::io::Write;

use jiff::Timestamp;
use ledgerpost_core::Amount;
use ledgerpost_core::change::{Action, ChangeReason};
use ledgerpost_core::ids::RunId;
use ledgerpost_core::skip::SkipSubject;
use ledgerpost_store::{
    ChangeFilter, CompanyStore, ConsentEntry, ContactCursor, ContactFilter, JournalEntry, RunState,
    SkipFilter, SkipRow,
};
use serde::Serialize;

use super::super::look::Contact;
use super::ExportError;
use super::writer::RowWriter;
use crate::arguments::{Export, Format, ListName};
use crate::outcome::CommandError;

const PAGE: usize = 1_000;

#[derive(Serialize)]
struct JournalRow {
    run: String,
    number: u64,
    change: &'static str,
    record: String,
    reason: ChangeReason,
    outcome: &'static str,
    said: Option<String>,
    at: Option<Timestamp>,
    /// What was written before and after; in JSON only.
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<Action>,
}

#[derive(Serialize)]
struct LeftAlone {
    subject: SkipSubject,
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

pub(super) fn write_list<W: Write>(
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

fn no_run(run: &str) -> CommandError {
    CommandError::Usage {
        code: "unknown_run",
        message: format!("there is no run {run}"),
        next_step: "run `ledgerpost status` for the latest ones".to_owned(),
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

pub(super) const fn list_word(list: ListName) -> &'static str {
    match list {
        ListName::Contacts => "contacts",
        ListName::Changes => "changes",
        ListName::Skips => "skips",
        ListName::Consent => "consent",
    }
}

pub(super) const fn columns(list: ListName) -> &'static [&'static str] {
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
