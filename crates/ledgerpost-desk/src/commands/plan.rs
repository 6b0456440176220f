//! The dry run, and the yes to it.

use ledgerpost_app::{App, Tie};
use ledgerpost_core::ids::{AccountId, AudienceId};
use ledgerpost_core::settings::Settings;
use ledgerpost_ipc::review::Connect;
use ledgerpost_ipc::setup::{AudienceChoice, Draft, NewAudience, Step};
use ledgerpost_ipc::start::Standing;
use ledgerpost_ipc::work::{Outcome, Task, Topic};
use ledgerpost_ipc::{CompanyRef, Nothing};
use ledgerpost_store::KnownCompany;
use serde::{Deserialize, Serialize};

use super::start;
use super::sync::{owners, sync};
use crate::choices::{Chosen, empty_audience, to_create};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::look::settings_from_wire;
use crate::notes;
use crate::review::{self, Kept, Source};
use crate::work::Kit;

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
