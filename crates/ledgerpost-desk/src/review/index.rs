//! What happens to each customer, from the journal of the plan: made once for a plan, looked at page by
//! page.

use std::collections::HashMap;

use ledgerpost_core::change::{Action, Basis, ContactCreate, CreateStatus};
use ledgerpost_core::ids::RunId;
use ledgerpost_core::ports::Mirror as _;
use ledgerpost_core::settings::Settings;
use ledgerpost_core::skip::SkipSubject;
use ledgerpost_ipc::contacts::SkipCode;
use ledgerpost_ipc::review::{Fate, ReviewQuery};
use ledgerpost_ipc::setup::MarketingStatus;
use ledgerpost_store::{
    ChangeFilter, CompanyStore, ContactFilter, Error as StoreError, SkipFilter,
};

use crate::look::codes::skip_code;

/// How many rows are read at a time.
const PAGE: usize = 1_000;

/// What happens to a customer.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) customer: String,
    pub(crate) name: String,
    pub(crate) email: Option<String>,
    pub(crate) fate: Fate,
    /// The change that creates or updates the contact.
    pub(crate) change: Option<u64>,
    /// What a new contact gets.
    pub(crate) status: Option<MarketingStatus>,
    /// Whether an exception or a rule gave the status.
    pub(crate) exception: bool,
    pub(crate) reason: Option<SkipCode>,
    /// Whose contact they belong to.
    pub(crate) named_after: Option<String>,
    /// The contact's key.
    pub(crate) contact: Option<String>,
    pub(crate) several_addresses: bool,
}

/// What happens to everybody, by name.
pub(crate) struct ReviewIndex {
    pub(crate) rows: Vec<Row>,
}

#[derive(Clone)]
struct Found {
    fate: Fate,
    change: Option<u64>,
    status: Option<MarketingStatus>,
    exception: bool,
    reason: Option<SkipCode>,
    named_after: Option<String>,
    contact: Option<String>,
}

impl Found {
    const fn new(fate: Fate) -> Self {
        Self {
            fate,
            change: None,
            status: None,
            exception: false,
            reason: None,
            named_after: None,
            contact: None,
        }
    }
}

impl ReviewIndex {
    /// Reads it from a company's file. `run` holds the plan; without one there is nothing to do.
    pub(crate) fn read(
        store: &CompanyStore,
        run: Option<&RunId>,
        settings: &Settings,
    ) -> Result<Self, StoreError> {
        let mut found = HashMap::new();
        if let Some(run) = run {
            read_changes(store, run, settings, &mut found)?;
        }
        read_links(store, &mut found)?;
        read_skips(store, &mut found)?;
        let mut rows = Vec::new();
        let mut after = None;
        loop {
            let page = store.contacts(&ContactFilter::default(), after.as_ref(), PAGE)?;
            let Some(last) = page.last() else { break };
            after = Some(last.cursor());
            for contact in page {
                let customer = contact.customer.as_str().to_owned();
                let what = found
                    .remove(&customer)
                    .unwrap_or_else(|| Found::new(Fate::Same));
                let several = contact.email.as_deref().is_some_and(holds_several);
                rows.push(Row {
                    customer,
                    name: contact.name,
                    email: contact.email,
                    fate: what.fate,
                    change: what.change,
                    status: what.status,
                    exception: what.exception,
                    reason: what.reason,
                    named_after: what.named_after,
                    contact: what.contact,
                    several_addresses: several,
                });
            }
        }
        Ok(Self { rows })
    }

    /// The rows that a query finds, in order.
    pub(crate) fn find<'a>(&'a self, query: &ReviewQuery) -> impl Iterator<Item = &'a Row> {
        let words: Vec<String> = query
            .text
            .split_whitespace()
            .map(str::to_lowercase)
            .collect();
        let (fate, reason, several) = (query.fate, query.reason, query.several_addresses);
        self.rows.iter().filter(move |row| {
            fate.is_none_or(|fate| row.fate == fate)
                && reason.is_none_or(|reason| row.reason == Some(reason))
                && (!several || row.several_addresses)
                && fits(row, &words)
        })
    }
}

fn fits(row: &Row, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    let text = format!("{} {}", row.name, row.email.as_deref().unwrap_or_default()).to_lowercase();
    words.iter().all(|word| text.contains(word.as_str()))
}

fn holds_several(field: &str) -> bool {
    ledgerpost_core::email::EmailField::parse(field).valid.len() > 1
}

fn read_changes(
    store: &CompanyStore,
    run: &RunId,
    settings: &Settings,
    found: &mut HashMap<String, Found>,
) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        let page = store.changes(run, &ChangeFilter::default(), after, PAGE)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = last.seq;
        for entry in page {
            let contact = entry.change.action.key().to_owned();
            let what = match &entry.change.action {
                Action::CreateContact(create) => Found {
                    change: Some(entry.seq),
                    status: Some(marketing(create.status)),
                    exception: is_exception(create, settings),
                    ..Found::new(Fate::New)
                },
                Action::UpdateContact(_) | Action::MoveContact { .. } => Found {
                    change: Some(entry.seq),
                    ..Found::new(Fate::Updated)
                },
                Action::TagContact { .. } => Found::new(Fate::Updated),
                _ => continue,
            };
            let Some((namer, others)) = entry.change.source.split_first() else {
                continue;
            };
            let known = found.entry(namer.clone()).or_insert_with(|| what.clone());
            // A tag says less than the change of the contact itself.
            if what.change.is_some() {
                *known = what;
            }
            known.contact = Some(contact.clone());
            for other in others {
                let shares = found
                    .entry(other.clone())
                    .or_insert_with(|| Found::new(Fate::ShareEmail));
                shares.named_after = Some(namer.clone());
            }
        }
    }
}

/// Whether a rule or an exception gave a new contact its status.
fn is_exception(create: &ContactCreate, settings: &Settings) -> bool {
    create.basis != Some(Basis::AllNew)
        && settings.grounds.as_deref() != Some(create.grounds.as_str())
}

fn read_links(store: &CompanyStore, found: &mut HashMap<String, Found>) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let page = store.contact_links(after.as_ref(), PAGE)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some(last.hash.clone());
        for link in page {
            let Some((namer, others)) = link.customers.split_first() else {
                continue;
            };
            let known = found
                .entry(namer.as_str().to_owned())
                .or_insert_with(|| Found::new(Fate::Same));
            known
                .contact
                .get_or_insert_with(|| link.hash.as_str().to_owned());
            for other in others {
                let shares = found
                    .entry(other.as_str().to_owned())
                    .or_insert_with(|| Found::new(Fate::ShareEmail));
                if shares.fate == Fate::ShareEmail {
                    shares
                        .named_after
                        .get_or_insert_with(|| namer.as_str().to_owned());
                }
            }
        }
    }
}

fn read_skips(store: &CompanyStore, found: &mut HashMap<String, Found>) -> Result<(), StoreError> {
    let filter = SkipFilter {
        subject: Some(SkipSubject::Customer),
        code: None,
    };
    store.each_skip(&filter, |row| {
        found.insert(
            row.skip.key,
            Found {
                reason: skip_code(row.skip.reason.code()),
                ..Found::new(Fate::LeftAlone)
            },
        );
        Ok(())
    })
}

/// The choice that a status of a new contact comes from.
pub(crate) const fn marketing(status: CreateStatus) -> MarketingStatus {
    match status {
        CreateStatus::Subscribed | CreateStatus::Pending => MarketingStatus::Subscribed,
        CreateStatus::Unsubscribed => MarketingStatus::Unsubscribed,
        CreateStatus::Transactional => MarketingStatus::NotSubscribed,
    }
}
