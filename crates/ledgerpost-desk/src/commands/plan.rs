//! The dry run, and the yes to it.

use ledgerpost_app::{App, Tie};
use ledgerpost_core::ids::{AccountId, AudienceId, RealmId, RunId};
use ledgerpost_core::ports::Mirror as _;
use ledgerpost_core::settings::Settings;
use ledgerpost_core::skip::{SkipReason, SkipSubject};
use ledgerpost_core::source::DocumentKind;
use ledgerpost_ipc::review::{
    Connect, DataKind, NotSentPage, NotSentQuery, NotSentRow, Review, ReviewPage, ReviewQuery,
    SaveReview,
};
use ledgerpost_ipc::setup::{AudienceChoice, Draft, NewAudience, Step};
use ledgerpost_ipc::start::Standing;
use ledgerpost_ipc::work::{Outcome, Task, Topic};
use ledgerpost_ipc::{CompanyRef, Nothing, Saved};
use ledgerpost_store::{CompanyStore, KnownCompany, SkipFilter, SkipRow};
use serde::{Deserialize, Serialize};

use super::look::nowhere;
use super::sync::{owners, sync};
use super::{number, start};
use crate::choices::{Chosen, empty_audience, to_create};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::look::codes::skip_code;
use crate::look::convert::money;
use crate::look::file::{Cell, Column, FileStyle, write_file};
use crate::look::settings_from_wire;
use crate::notes;
use crate::review::{self, Kept, ReviewIndex, Source};
use crate::work::Kit;

const PAGE: usize = 1_000;
/// The longest page of a list.
const LONGEST_PAGE: u32 = 500;

impl Desk {
    pub(crate) async fn start_plan(&self, wanted: CompanyRef) -> Result<Nothing, DeskError> {
        let company = wanted.company.clone();
        let draft = self.draft_of(&wanted.company).await?;
        self.start_work(owners(Task::Plan, &wanted.company), move |kit, app| {
            Box::pin(async move {
                match draft {
                    Some(draft) => plan_draft(&kit, app, &company, &draft).await?,
                    None => plan_connected(&kit, app, &company).await?,
                }
                Ok(Outcome::Planned)
            })
        })
        .await
    }

    /// The set-up of a company that is not connected yet.
    pub(crate) async fn draft_of(&self, company: &str) -> Result<Option<Draft>, DeskError> {
        let wanted = company.to_owned();
        self.place()
            .registry(move |registry| {
                let draft = notes::draft(registry)?.filter(|draft| {
                    let company = draft.company.as_ref();
                    company.is_some_and(|company| company.company == wanted)
                });
                let standing = start::companies(registry)?
                    .into_iter()
                    .find(|known| known.company == wanted)
                    .map(|known| known.standing);
                Ok(draft.filter(|_| standing != Some(Standing::Connected)))
            })
            .await
    }

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
        let (run, settings) = self.reviewed(&query.company).await?;
        self.place()
            .look(RealmId::new(query.company.clone()), move |store| {
                let store = store.ok_or(DeskError::NotFound { what: "company" })?;
                let index = ReviewIndex::read(store, run.as_ref(), &settings)?;
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
    async fn reviewed(&self, company: &str) -> Result<(Option<RunId>, Settings), DeskError> {
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
                Ok((kept.run.map(RunId::new), settings))
            })
            .await
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
        let (run, settings) = self.reviewed(&wanted.company).await?;
        let Some(path) = self.save_path("dry-run", wanted.format).await else {
            return Ok(nowhere());
        };
        let shown = path.display().to_string();
        let rows = self
            .place()
            .look(RealmId::new(wanted.company), move |store| {
                let store = store.ok_or(DeskError::NotFound { what: "company" })?;
                let index = ReviewIndex::read(store, run.as_ref(), &settings)?;
                let currency = currency(store)?;
                let style = FileStyle {
                    format: wanted.format,
                    columns: columns(),
                    words: &[],
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

    pub(crate) async fn connect(&self, wanted: Connect) -> Result<Nothing, DeskError> {
        let seen = self.agreed(&wanted.company, &wanted.plan).await?;
        let draft = self
            .draft_of(&wanted.company)
            .await?
            .ok_or(DeskError::NotFound { what: "set-up" })?;
        let chosen = Chosen::of(&draft)?;
        if seen.choices.as_deref() != Some(chosen.fingerprint().as_str()) {
            return Err(DeskError::PlanChanged);
        }
        let company = wanted.company.clone();
        self.start_work(owners(Task::Sync, &wanted.company), move |kit, app| {
            Box::pin(async move { connect(&kit, app, &company, chosen, &seen).await })
        })
        .await
    }
}

/// Creates the audience where it is to be new, ties the company to it, and syncs.
async fn connect(
    kit: &Kit,
    app: &mut App,
    company: &str,
    chosen: Chosen,
    seen: &Kept,
) -> Result<Outcome, DeskError> {
    let known = app.company(Some(company))?;
    let (audience, name) = match &chosen.audience {
        AudienceChoice::Existing { id, name } => (AudienceId::new(id.clone()), name.clone()),
        AudienceChoice::New { details } => {
            let id = create_audience(kit, app, company, &chosen.account, details).await?;
            (id, details.name.clone())
        }
    };
    let settings = settings_from_wire(&chosen.settings, &Settings::default())?;
    app.tie(Tie {
        company: known,
        account: chosen.account,
        audience: audience.clone(),
        audience_name: name.clone(),
        settings,
    })?;
    kit.place
        .registry(move |registry| {
            if let Some(mut draft) = notes::draft(registry)? {
                draft.step = Step::Sync;
                draft.audience = Some(AudienceChoice::Existing {
                    id: audience.as_str().to_owned(),
                    name,
                });
                notes::put_draft(registry, &draft)?;
            }
            let company = draft_company(registry)?;
            if let Some(company) = company {
                notes::put_current(registry, &company)?;
                notes::remove_former(registry, &company)?;
            }
            Ok(())
        })
        .await?;
    kit.desk.inner.outbox.changed(&[Topic::Start]);
    sync(kit, app, company, Some(seen)).await
}

fn draft_company(registry: &ledgerpost_store::Registry) -> Result<Option<String>, DeskError> {
    Ok(notes::draft(registry)?
        .and_then(|draft| draft.company)
        .map(|company| company.company))
}

/// An audience that is being created, noted before it is asked for: cut off, it is looked for and not
/// created twice.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Creating {
    name: String,
    /// The audiences that were there before.
    before: Vec<String>,
}

async fn create_audience(
    kit: &Kit,
    app: &App,
    company: &str,
    account: &AccountId,
    details: &NewAudience,
) -> Result<AudienceId, DeskError> {
    let wanted = to_create(details)?;
    let known = app
        .accounts()?
        .into_iter()
        .find(|known| known.id == *account)
        .ok_or(DeskError::NotFound { what: "account" })?;
    let client = kit
        .place
        .reach()
        .mailchimp(&known)
        .await?
        .with_cancel(kit.signals.stop.clone());
    let found = client.list_audiences().await?;
    let note = format!("creating:{company}");
    let name = note.clone();
    let begun: Option<Creating> = kit
        .place
        .registry(move |registry| Ok(registry.note(&name)?))
        .await?;
    if let Some(begun) = begun.filter(|begun| begun.name == wanted.name) {
        let made = found.audiences.iter().find(|audience| {
            audience.name == begun.name && !begun.before.iter().any(|id| id == audience.id.as_str())
        });
        if let Some(made) = made {
            return Ok(made.id.clone());
        }
    }
    if found.constraints.is_some_and(|limits| !limits.may_create) {
        return Err(DeskError::NoMoreAudiences);
    }
    let creating = Creating {
        name: wanted.name.clone(),
        before: found
            .audiences
            .iter()
            .map(|audience| audience.id.as_str().to_owned())
            .collect(),
    };
    kit.place
        .registry(move |registry| Ok(registry.put_note(&note, &creating)?))
        .await?;
    Ok(client.create_audience(&wanted).await?)
}

async fn plan_draft(
    kit: &Kit,
    app: &mut App,
    company: &str,
    draft: &Draft,
) -> Result<(), DeskError> {
    let chosen = Chosen::of(draft)?;
    let settings = settings_from_wire(&chosen.settings, &Settings::default())?;
    let known = app.company(Some(company))?;
    let plan = match &chosen.audience {
        AudienceChoice::Existing { id, name } => {
            app.tie(Tie {
                company: known.clone(),
                account: chosen.account.clone(),
                audience: AudienceId::new(id.clone()),
                audience_name: name.clone(),
                settings: settings.clone(),
            })?;
            app.plan(&known, &kit.signals).await?
        }
        AudienceChoice::New { details } => {
            to_create(details)?;
            let audience = empty_audience(&chosen.account, details);
            app.plan_for_new(&known.realm, &audience, settings.clone(), &kit.signals)
                .await?
        }
    };
    let source = Source {
        plan: &plan,
        settings: &settings,
        account: &chosen.account,
        choices: Some(chosen.fingerprint()),
        now: kit.desk.now(),
    };
    let made = review::build(kit, app, &known, &source).await?;
    review::keep(kit, company, made).await
}

async fn plan_connected(kit: &Kit, app: &mut App, company: &str) -> Result<(), DeskError> {
    let known: KnownCompany = app.company(Some(company))?;
    let plan = app.plan(&known, &kit.signals).await?;
    review::keep_connected(kit, app, &known, &plan).await
}

fn currency(store: &CompanyStore) -> Result<ledgerpost_core::ids::CurrencyCode, DeskError> {
    Ok(store.company()?.map_or_else(
        || ledgerpost_core::ids::CurrencyCode::new("USD"),
        |company| company.home_currency,
    ))
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
    let mut after = 0;
    loop {
        let page = store.skips(&filter, after, PAGE)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = last.seq;
        for row in &page {
            let of_kind = kind.is_none_or(|kind| row.skip.key.starts_with(kind.prefix()));
            let reason = skip_code(row.skip.reason.code());
            if of_kind
                && reason.is_some()
                && query.reason.is_none_or(|wanted| reason == Some(wanted))
            {
                each(row)?;
            }
        }
    }
}

fn not_sent(store: &CompanyStore, row: &SkipRow) -> Result<NotSentRow, DeskError> {
    let skip = &row.skip;
    let customer = match skip.subject {
        SkipSubject::Document => {
            let key = ledgerpost_core::source::DocumentKey::from_stored(skip.key.clone());
            let document = store.document(&key)?;
            match document.and_then(|document| document.customer) {
                Some(id) => store.customer(&id)?.map(|customer| customer.display_name),
                None => None,
            }
        }
        SkipSubject::Customer | SkipSubject::Item => None,
    };
    let currency = skip.currency.as_ref();
    Ok(NotSentRow {
        key: skip.key.clone(),
        title: skip.title.clone(),
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
        SkipReason::Refused { detail } | SkipReason::Unreadable { detail } => Some(detail.clone()),
        _ => None,
    }
}

fn columns() -> Vec<Column> {
    let column = |key, heading: &str| Column {
        key,
        heading: heading.to_owned(),
    };
    vec![
        column("customer", "Customer"),
        column("email", "Email"),
        column("fate", "What happens"),
        column("status", "Marketing status"),
        column("reason", "Reason"),
        column("contactName", "Goes under"),
        column("orders", "Orders"),
        column("total", "Total"),
    ]
}

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
