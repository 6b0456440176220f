//! `status` and `contacts`: from the local files alone, also while a sync runs.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ledgerpost_app::Status;
use ledgerpost_core::destination::MemberStatus;
use ledgerpost_core::settings::Settings;
use ledgerpost_core::skip::SkipSubject;
use ledgerpost_store::{CompanyStore, ContactCursor, ContactFilter, ContactRow};
use serde::Serialize;
use serde_json::Value;

use super::Context;
use crate::arguments::Contacts;
use crate::outcome::{CommandError, Exit, Report};
use crate::show;
use crate::words::{count, needs_person, reason_words, status_words};

#[derive(Serialize)]
struct Companies {
    companies: Vec<CompanyStatus>,
}

#[derive(Serialize)]
struct CompanyStatus {
    company: String,
    realm: String,
    connection: Option<ConnectionStatus>,
    runs: Vec<RunStatus>,
    attention: Vec<Attention>,
    left_alone: Vec<LeftAlone>,
    metered_reads_this_month: BTreeMap<String, u64>,
}

#[derive(Serialize)]
struct ConnectionStatus {
    audience: String,
    audience_id: String,
    state: &'static str,
    waits_for_yes: bool,
    settings: Settings,
}

#[derive(Serialize)]
struct RunStatus {
    run: String,
    kind: &'static str,
    state: &'static str,
    started_at: Timestamp,
    finished_at: Option<Timestamp>,
    failure: Option<String>,
}

#[derive(Serialize)]
struct Attention {
    code: String,
    subject: String,
    params: Value,
    opened_at: Timestamp,
}

#[derive(Serialize)]
struct LeftAlone {
    subject: SkipSubject,
    code: String,
    count: u64,
    reason: String,
    next_step: String,
}

impl From<Status> for CompanyStatus {
    fn from(status: Status) -> Self {
        Self {
            company: status.company.name,
            realm: status.company.realm.to_string(),
            connection: status.connection.map(|connection| ConnectionStatus {
                audience: connection.audience_name,
                audience_id: connection.audience_id.to_string(),
                state: connection.state.as_str(),
                waits_for_yes: connection.needs_approval,
                settings: connection.settings,
            }),
            runs: status
                .runs
                .into_iter()
                .map(|run| RunStatus {
                    run: run.id.to_string(),
                    kind: run.kind.as_str(),
                    state: run.state.as_str(),
                    started_at: run.started_at,
                    finished_at: run.finished_at,
                    failure: run.failure,
                })
                .collect(),
            attention: status
                .attention
                .into_iter()
                .map(|item| Attention {
                    code: item.code,
                    subject: item.subject,
                    params: item.params,
                    opened_at: item.opened_at,
                })
                .collect(),
            left_alone: status
                .skips
                .into_iter()
                .map(|skip| {
                    let (reason, next_step) = reason_words(&skip.code);
                    LeftAlone {
                        subject: skip.subject,
                        count: skip.count,
                        reason: reason.to_owned(),
                        next_step: next_step.to_owned(),
                        code: skip.code.clone(),
                    }
                })
                .collect(),
            metered_reads_this_month: status.metered,
        }
    }
}

#[derive(Serialize)]
struct ContactPage {
    page: u32,
    contacts: Vec<Contact>,
    /// Whether there is another page.
    more: bool,
}

/// A contact as it is listed and exported.
#[derive(Serialize)]
pub(super) struct Contact {
    customer: String,
    name: String,
    email: Option<String>,
    status: Option<&'static str>,
    orders: u64,
    left_alone: Option<String>,
    reason: Option<String>,
    next_step: Option<String>,
}

impl From<ContactRow> for Contact {
    fn from(row: ContactRow) -> Self {
        let words = row.skip.as_deref().map(reason_words);
        Self {
            reason: words.map(|(reason, _)| reason.to_owned()),
            next_step: words.map(|(_, next)| next.to_owned()),
            customer: row.customer.to_string(),
            name: row.name,
            email: row.email,
            status: row.status.map(MemberStatus::as_str),
            orders: row.orders,
            left_alone: row.skip,
        }
    }
}

impl Context<'_> {
    pub(super) async fn status(&self) -> Result<Report, CommandError> {
        let view = self.view().await?;
        let companies = match self.wanted_company() {
            Some(_) => vec![self.company_of(&view)?],
            None => view.companies()?,
        };
        if companies.is_empty() {
            self.screen.say(
                "No QuickBooks company is connected. Next step: ledgerpost connect quickbooks",
            );
        }
        let mut found = Vec::new();
        let mut exit = Exit::Done;
        for company in &companies {
            let status = view.status(company, Timestamp::now())?;
            show::status(self.screen, &status);
            let refused = status.skips.iter().any(|skip| needs_person(&skip.code));
            if refused || !status.attention.is_empty() {
                exit = Exit::Attention;
            }
            found.push(CompanyStatus::from(status));
        }
        Report::new(exit, &Companies { companies: found })
    }

    pub(super) async fn contacts(&self, asked: &Contacts) -> Result<Report, CommandError> {
        let view = self.view().await?;
        let company = self.company_of(&view)?;
        let store = view.company_store(&company)?;
        let filter = ContactFilter {
            text: asked.search.clone(),
            status: asked.status.map(Into::into),
            skip: asked.reason.clone(),
            skipped: match (asked.left_alone, asked.in_step) {
                (true, _) => Some(true),
                (_, true) => Some(false),
                (false, false) => None,
            },
        };
        let (contacts, more) = match &store {
            Some(store) => page_of(store, &filter, asked)?,
            None => (Vec::new(), false),
        };
        if contacts.is_empty() {
            self.screen
                .say("No customer fits. Before the first plan, none has been read.");
        } else {
            let rows: Vec<Vec<String>> = contacts.iter().map(row_of).collect();
            let head = [
                "Customer",
                "Email",
                "Marketing status",
                "Orders",
                "Left alone because",
            ];
            self.screen.say(show::list(&head, &rows));
            if more {
                self.screen
                    .say(format!("\nMore: --page {}", u64::from(asked.page) + 1));
            }
        }
        let page = ContactPage {
            page: asked.page,
            contacts: contacts.into_iter().map(Contact::from).collect(),
            more,
        };
        Report::new(Exit::Done, &page)
    }
}

/// The rows of the wanted page, and whether there are more.
fn page_of(
    store: &CompanyStore,
    filter: &ContactFilter,
    asked: &Contacts,
) -> Result<(Vec<ContactRow>, bool), CommandError> {
    let limit = usize::from(asked.limit);
    let mut after: Option<ContactCursor> = None;
    let mut left = asked.page;
    loop {
        let mut rows = store.contacts(filter, after.as_ref(), limit + 1)?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        left -= 1;
        match rows.last() {
            Some(last) if left > 0 && more => after = Some(last.cursor()),
            _ if left > 0 => return Ok((Vec::new(), false)),
            _ => return Ok((rows, more)),
        }
    }
}

fn row_of(contact: &ContactRow) -> Vec<String> {
    vec![
        contact.name.clone(),
        contact.email.clone().unwrap_or_default(),
        contact.status.map_or_else(String::new, |status| {
            status_words(status.as_str()).to_owned()
        }),
        count(contact.orders),
        contact
            .skip
            .as_deref()
            .map_or_else(String::new, |code| reason_words(code).0.to_owned()),
    ]
}
