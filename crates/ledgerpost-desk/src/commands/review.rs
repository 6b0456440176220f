//! The dry run that was made last: its figures, its lists, its file.

use std::sync::Arc;

use ledgerpost_core::ids::{CurrencyCode, RealmId, RunId};
use ledgerpost_core::ports::Mirror as _;
use ledgerpost_core::settings::Settings;
use ledgerpost_core::skip::{SkipReason, SkipSubject};
use ledgerpost_core::source::{DocumentKey, DocumentKind, DocumentName};
use ledgerpost_ipc::review::{
    DataKind, NotSentPage, NotSentQuery, NotSentRow, Review, ReviewPage, ReviewQuery, SaveReview,
};
use ledgerpost_ipc::{CompanyRef, Saved};
use ledgerpost_store::{CompanyStore, SkipFilter, SkipRow};
use serde::Serialize;

use super::look::nowhere;
use super::number;
use crate::choices::Chosen;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::look::codes::{document_name, skip_code};
use crate::look::convert::money;
use crate::look::file::{Cell, FileStyle, columns, write_file};
use crate::look::{service_words, settings_from_wire};
use crate::review::{self, ReviewIndex};

/// The longest page of a list.
const LONGEST_PAGE: u32 = 500;

/// The dry run that is shown.
struct Reviewed {
    plan: String,
    run: Option<RunId>,
    settings: Settings,
}

/// What an index was made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IndexKey {
    company: String,
    plan: String,
    run: Option<RunId>,
}

impl Desk {
    pub(crate) async fn read_review(
        &self,
        wanted: CompanyRef,
    ) -> Result<Option<Review>, DeskError> {
        let draft = self.draft_of(&wanted.company).await?;
        let choices = draft
            .as_ref()
            .and_then(|draft| Chosen::of(draft).ok())
            .map(|chosen| chosen.fingerprint());
        let in_setup = draft.is_some();
        let kept = self
            .place()
            .registry(move |registry| review::kept(registry, &wanted.company))
            .await?;
        // A dry run of other choices would show what is not going to happen.
        Ok(kept
            .filter(|kept| !in_setup || kept.choices == choices)
            .map(|kept| kept.review))
    }

    pub(crate) async fn list_review(&self, query: ReviewQuery) -> Result<ReviewPage, DeskError> {
        let reviewed = self.reviewed(&query.company).await?;
        let index = self.review_index(&query.company, &reviewed).await?;
        let run = reviewed.run;
        self.place()
            .look(RealmId::new(query.company.clone()), move |store| {
                let store = store.ok_or(DeskError::NotFound { what: "company" })?;
                let currency = currency(store)?;
                let first = query.page.offset as usize;
                let limit = query.page.limit.min(LONGEST_PAGE) as usize;
                let found: Vec<_> = index.find(&query).collect();
                let rows = found
                    .iter()
                    .skip(first)
                    .take(limit)
                    .map(|row| row.show(store, run.as_ref(), &currency))
                    .collect::<Result<_, _>>()?;
                Ok(ReviewPage {
                    total: number(found.len() as u64),
                    rows,
                })
            })
            .await
    }

    /// The run and the settings of the dry run that is shown.
    async fn reviewed(&self, company: &str) -> Result<Reviewed, DeskError> {
        let draft = self.draft_of(company).await?;
        let wanted = company.to_owned();
        self.place()
            .registry(move |registry| {
                let kept = review::kept(registry, &wanted)?
                    .ok_or(DeskError::NotFound { what: "dry run" })?;
                let connection = registry.connection(&RealmId::new(wanted))?;
                let current =
                    connection.map_or_else(Settings::default, |connection| connection.settings);
                let settings = match draft {
                    Some(draft) => settings_from_wire(&draft.settings, &current)?,
                    None => current,
                };
                Ok(Reviewed {
                    plan: kept.review.plan,
                    run: kept.run.map(RunId::new),
                    settings,
                })
            })
            .await
    }

    /// What happens to each customer: made once for a plan.
    async fn review_index(
        &self,
        company: &str,
        reviewed: &Reviewed,
    ) -> Result<Arc<ReviewIndex>, DeskError> {
        let key = IndexKey {
            company: company.to_owned(),
            plan: reviewed.plan.clone(),
            run: reviewed.run.clone(),
        };
        if let Some(index) = self.inner.review_index(&key) {
            return Ok(index);
        }
        let (run, settings) = (reviewed.run.clone(), reviewed.settings.clone());
        let index = self
            .place()
            .look(RealmId::new(company), move |store| {
                let store = store.ok_or(DeskError::NotFound { what: "company" })?;
                Ok(ReviewIndex::read(store, run.as_ref(), &settings)?)
            })
            .await?;
        let index = Arc::new(index);
        self.inner.keep_review_index(key, Arc::clone(&index));
        Ok(index)
    }

    pub(crate) async fn list_not_sent(
        &self,
        query: NotSentQuery,
    ) -> Result<NotSentPage, DeskError> {
        self.place()
            .look(RealmId::new(query.company.clone()), move |store| {
                let store = store.ok_or(DeskError::NotFound { what: "company" })?;
                let first = query.page.offset as usize;
                let limit = query.page.limit.min(LONGEST_PAGE) as usize;
                let (mut total, mut rows) = (0_usize, Vec::new());
                each_not_sent(store, &query, |row| {
                    if (first..first + limit).contains(&total) {
                        rows.push(not_sent(store, row)?);
                    }
                    total += 1;
                    Ok(())
                })?;
                Ok(NotSentPage {
                    total: number(total as u64),
                    rows,
                })
            })
            .await
    }

    pub(crate) async fn save_review(&self, wanted: SaveReview) -> Result<Saved, DeskError> {
        let reviewed = self.reviewed(&wanted.company).await?;
        let index = self.review_index(&wanted.company, &reviewed).await?;
        let run = reviewed.run;
        let Some(path) = self.save_path("dry-run", wanted.format).await else {
            return Ok(nowhere());
        };
        let shown = path.display().to_string();
        let rows = self
            .place()
            .look(RealmId::new(wanted.company), move |store| {
                let store = store.ok_or(DeskError::NotFound { what: "company" })?;
                let currency = currency(store)?;
                let style = FileStyle {
                    format: wanted.format,
                    columns: columns(&COLUMNS, wanted.headings.as_deref()),
                    words: wanted.words.as_deref().unwrap_or_default(),
                    zone: jiff::tz::TimeZone::system(),
                };
                Ok(write_file(&path, &style, |rows| {
                    for row in &index.rows {
                        rows.add(&cells(row.show(store, run.as_ref(), &currency)?))?;
                    }
                    Ok(())
                })?)
            })
            .await?;
        Ok(Saved {
            path: Some(shown),
            rows,
        })
    }
}

fn currency(store: &CompanyStore) -> Result<CurrencyCode, DeskError> {
    Ok(store
        .company()?
        .map_or_else(|| CurrencyCode::new("USD"), |company| company.home_currency))
}

/// Hands out what stays out of a kind of data.
fn each_not_sent(
    store: &CompanyStore,
    query: &NotSentQuery,
    mut each: impl FnMut(&SkipRow) -> Result<(), DeskError>,
) -> Result<(), DeskError> {
    let (subject, kind) = match query.data {
        DataKind::Names | DataKind::Addresses => (SkipSubject::Customer, None),
        DataKind::Invoices => (SkipSubject::Document, Some(DocumentKind::Invoice)),
        DataKind::SalesReceipts => (SkipSubject::Document, Some(DocumentKind::SalesReceipt)),
        DataKind::Items => (SkipSubject::Item, None),
    };
    let filter = SkipFilter {
        subject: Some(subject),
        code: None,
    };
    store.each_skip(&filter, |row| {
        let of_kind = kind.is_none_or(|kind| row.skip.key.starts_with(kind.prefix()));
        let reason = skip_code(row.skip.reason.code());
        let because = match &row.skip.reason {
            SkipReason::CustomerLeftOut { because } if query.through_customer => skip_code(because),
            _ => None,
        };
        let wanted = |wanted| reason == Some(wanted) || because == Some(wanted);
        if of_kind && reason.is_some() && query.reason.is_none_or(wanted) {
            each(&row)?;
        }
        Ok(())
    })
}

fn not_sent(store: &CompanyStore, row: &SkipRow) -> Result<NotSentRow, DeskError> {
    let skip = &row.skip;
    let (document, customer) = match skip.subject {
        SkipSubject::Document => {
            let key = DocumentKey::from_stored(skip.key.clone());
            let document = store.document(&key)?;
            // One that was deleted in QuickBooks has left its key.
            let name = document.as_ref().map_or_else(
                || DocumentName::of_key(&skip.key),
                |there| Some(there.name()),
            );
            let customer = match document.and_then(|document| document.customer) {
                Some(id) => store.customer(&id)?.map(|customer| customer.display_name),
                None => None,
            };
            (name.map(document_name), customer)
        }
        SkipSubject::Customer | SkipSubject::Item => (None, None),
    };
    let currency = skip.currency.as_ref();
    Ok(NotSentRow {
        key: skip.key.clone(),
        title: skip.title.clone(),
        document,
        customer,
        reason: skip_code(skip.reason.code()).ok_or(DeskError::Fault)?,
        detail: detail(&skip.reason),
        amount: skip
            .amount
            .zip(currency)
            .map(|(amount, currency)| money(amount, currency)),
    })
}

/// What the owner typed or a service said.
fn detail(reason: &SkipReason) -> Option<String> {
    match reason {
        SkipReason::InvalidEmail { typed } => Some(typed.clone()),
        SkipReason::Refused { detail } | SkipReason::Forgotten { detail } => service_words(detail),
        _ => None,
    }
}

/// The columns of a file of a dry run: their names in JSON, and their headings where the window sent none.
const COLUMNS: [(&str, &str); 8] = [
    ("customer", "Customer"),
    ("email", "Email"),
    ("fate", "What happens"),
    ("status", "Marketing status"),
    ("reason", "Reason"),
    ("contactName", "Goes under"),
    ("orders", "Orders"),
    ("total", "Total"),
];

fn cells(row: ledgerpost_ipc::review::ReviewRow) -> Vec<Cell> {
    vec![
        Cell::Text(row.name),
        Cell::text(row.email),
        Cell::Code(code(&row.fate)),
        row.status
            .map_or(Cell::Empty, |status| Cell::Code(code(&status))),
        row.reason
            .map_or(Cell::Empty, |reason| Cell::Code(code(&reason))),
        Cell::text(row.contact_name),
        Cell::Count(row.orders),
        row.total.amount.parse().map_or(Cell::Empty, Cell::Amount),
    ]
}

/// A word of the wire.
fn code<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
