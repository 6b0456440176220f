//! The work on a connection: read, plan, sync, compare, take back, leave.

use std::collections::BTreeMap;

use ledgerpost_app::{App, SyncOutcome};
use ledgerpost_core::ids::{RealmId, RunId};
use ledgerpost_core::ports::Mirror as _;
use ledgerpost_engine::SyncReport;
use ledgerpost_ipc::activity::{
    ActionCount, KeptCode, KeptCount, RunRef, StoreContents, UndoPreview,
};
use ledgerpost_ipc::home::{SetPaused, StartSync};
use ledgerpost_ipc::leave::{DisconnectPreview, Disconnected};
use ledgerpost_ipc::work::{Outcome, Task, Topic};
use ledgerpost_ipc::{CompanyRef, Nothing};
use ledgerpost_store::{CompanyStore, Connection, ConnectionState, Error as StoreError};

use super::number;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::notes::{self, Former};
use crate::review;
use crate::standing;
use crate::work::{Begin, Kit, action_of};

pub(crate) fn owners(task: Task, company: &str) -> Begin {
    Begin {
        task,
        company: Some(company.to_owned()),
        by_itself: false,
    }
}

impl Desk {
    pub(crate) async fn start_reading_company(
        &self,
        wanted: CompanyRef,
    ) -> Result<Nothing, DeskError> {
        let realm = RealmId::new(wanted.company.clone());
        self.start_work(
            owners(Task::ReadCompany, &wanted.company),
            move |kit, app| {
                Box::pin(async move {
                    app.read_company(&realm, &kit.signals).await?;
                    Ok(Outcome::Read)
                })
            },
        )
        .await
    }

    pub(crate) async fn start_sync(&self, wanted: StartSync) -> Result<Nothing, DeskError> {
        let seen = match &wanted.approved_plan {
            Some(plan) => Some(self.agreed(&wanted.company, plan).await?),
            None => None,
        };
        self.resume(&wanted.company).await?;
        let company = wanted.company.clone();
        self.start_work(owners(Task::Sync, &wanted.company), move |kit, app| {
            Box::pin(async move { sync(&kit, app, &company, seen.as_ref()).await })
        })
        .await
    }

    /// Begins a sync that nobody asked for.
    pub(crate) async fn start_scheduled_sync(&self, company: String) -> Result<(), DeskError> {
        let begin = Begin {
            task: Task::Sync,
            company: Some(company.clone()),
            by_itself: true,
        };
        self.start_work(begin, move |kit, app| {
            Box::pin(async move { sync(&kit, app, &company, None).await })
        })
        .await?;
        Ok(())
    }

    /// The plan that was agreed to, if it is the one that was shown last.
    pub(crate) async fn agreed(
        &self,
        company: &str,
        plan: &str,
    ) -> Result<review::Kept, DeskError> {
        let company = company.to_owned();
        let kept = self
            .place()
            .registry(move |registry| review::kept(registry, &company))
            .await?;
        kept.filter(|kept| kept.review.plan == plan)
            .ok_or(DeskError::PlanChanged)
    }

    pub(crate) async fn start_reconcile(&self, wanted: CompanyRef) -> Result<Nothing, DeskError> {
        let company = wanted.company.clone();
        self.start_work(owners(Task::Reconcile, &wanted.company), move |kit, app| {
            Box::pin(async move {
                let company = app.company(Some(&company))?;
                app.reconcile(&company, &kit.signals).await?;
                Ok(Outcome::Reconciled)
            })
        })
        .await
    }

    pub(crate) async fn start_undo_preview(&self, wanted: RunRef) -> Result<Nothing, DeskError> {
        let begin = owners(Task::PreviewUndo, &wanted.company);
        self.start_work(begin, move |kit, app| {
            Box::pin(async move {
                let company = app.company(Some(&wanted.company))?;
                let run = RunId::new(wanted.run);
                let preview = app.preview_undo(&company, &run, &kit.signals).await?;
                Ok(Outcome::UndoPreview {
                    preview: UndoPreview {
                        run: preview.run.as_str().to_owned(),
                        changes: actions(&preview.changes),
                        kept: preview
                            .kept
                            .into_iter()
                            .map(|(why, count)| KeptCount {
                                why: kept_code(why),
                                count: number(count),
                            })
                            .collect(),
                        with_store: preview.with_store.map(|contents| StoreContents {
                            orders: number(contents.orders),
                            products: number(contents.products),
                        }),
                    },
                })
            })
        })
        .await
    }

    pub(crate) async fn start_undo(&self, wanted: RunRef) -> Result<Nothing, DeskError> {
        let begin = owners(Task::Undo, &wanted.company);
        self.start_work(begin, move |kit, app| {
            Box::pin(async move {
                let company = app.company(Some(&wanted.company))?;
                let run = RunId::new(wanted.run);
                let report = app.undo(&company, &run, &kit.signals).await?;
                Ok(Outcome::Undone {
                    run: report.runs.last().map(|run| run.as_str().to_owned()),
                })
            })
        })
        .await
    }

    pub(crate) async fn preview_disconnect(
        &self,
        wanted: CompanyRef,
    ) -> Result<DisconnectPreview, DeskError> {
        let realm = RealmId::new(wanted.company.clone());
        let (company, connection, shared) = self
            .place()
            .registry(move |registry| {
                let company = registry
                    .companies()?
                    .into_iter()
                    .find(|company| company.realm.as_str() == wanted.company)
                    .ok_or(DeskError::NotFound { what: "company" })?;
                let connection = registry
                    .connection(&company.realm)?
                    .ok_or(DeskError::NotFound { what: "connection" })?;
                let shared = registry.connections()?.iter().any(|other| {
                    other.account == connection.account
                        && other.realm != connection.realm
                        && other.state != ConnectionState::Disconnected
                });
                Ok((company, connection, shared))
            })
            .await?;
        let counts = self
            .place()
            .look(realm, |store| {
                store.map_or_else(|| Ok(Counts::default()), |store| Ok(Counts::of(store)?))
            })
            .await?;
        Ok(DisconnectPreview {
            name: company.name,
            audience: connection.audience_name,
            archived_records: number(counts.orders + counts.products + counts.contacts),
            orders: number(counts.orders),
            products: number(counts.products),
            contacts: number(counts.contacts),
            account_stays: shared,
        })
    }

    pub(crate) async fn start_disconnect(&self, wanted: CompanyRef) -> Result<Nothing, DeskError> {
        let begin = owners(Task::Disconnect, &wanted.company);
        self.start_work(begin, move |kit, app| {
            Box::pin(async move { disconnect(&kit, app, &wanted.company).await })
        })
        .await
    }

    pub(crate) async fn set_paused(&self, wanted: SetPaused) -> Result<Nothing, DeskError> {
        let company = wanted.company.clone();
        self.place()
            .registry(move |registry| {
                let realm = RealmId::new(company);
                let connection = registry
                    .connection(&realm)?
                    .ok_or(DeskError::NotFound { what: "connection" })?;
                let state = match (connection.state, wanted.paused) {
                    (ConnectionState::Ready, true) => ConnectionState::Paused,
                    (ConnectionState::Paused, false) => ConnectionState::Ready,
                    (other, _) => other,
                };
                Ok(registry.put_connection(&Connection {
                    state,
                    ..connection
                })?)
            })
            .await?;
        if let Some(running) = self.inner.bench.running()
            && running.company.as_deref() == Some(wanted.company.as_str())
        {
            running.held.send_replace(wanted.paused);
        }
        self.inner.due.notify_one();
        self.inner.outbox.changed(&[Topic::Home]);
        Ok(Nothing {})
    }

    /// *Sync now* on a paused connection resumes it.
    async fn resume(&self, company: &str) -> Result<(), DeskError> {
        let realm = RealmId::new(company);
        self.place()
            .registry(move |registry| {
                if let Some(connection) = registry.connection(&realm)?
                    && connection.state == ConnectionState::Paused
                {
                    registry.put_connection(&Connection {
                        state: ConnectionState::Ready,
                        ..connection
                    })?;
                }
                Ok(())
            })
            .await
    }
}

/// What stands in Mailchimp because of us.
#[derive(Default)]
struct Counts {
    orders: u64,
    products: u64,
    contacts: u64,
}

impl Counts {
    fn of(store: &CompanyStore) -> Result<Self, StoreError> {
        let mut counts = Self::default();
        let mut after = None;
        loop {
            let page = store.order_links(after.as_ref(), PAGE)?;
            let Some(last) = page.last() else { break };
            after = Some(last.key.clone());
            counts.orders += page.iter().filter(|link| link.exists).count() as u64;
        }
        let mut after = None;
        loop {
            let page = store.product_links(after.as_ref(), PAGE)?;
            let Some(last) = page.last() else { break };
            after = Some(last.id.clone());
            counts.products += page.iter().filter(|link| link.refused.is_none()).count() as u64;
        }
        let mut after = None;
        loop {
            let page = store.contact_links(after.as_ref(), PAGE)?;
            let Some(last) = page.last() else { break };
            after = Some(last.hash.clone());
            counts.contacts += page.iter().filter(|link| link.refused.is_none()).count() as u64;
        }
        Ok(counts)
    }
}

/// How many links are read at a time.
const PAGE: usize = 2_000;

/// Syncs. Without a plan that was agreed to, a first or unusually large one waits.
pub(crate) async fn sync(
    kit: &Kit,
    app: &mut App,
    company: &str,
    seen: Option<&review::Kept>,
) -> Result<Outcome, DeskError> {
    let company = app.company(Some(company))?;
    let approved = seen.is_some();
    if approved {
        let company = company.realm.as_str().to_owned();
        kit.place
            .registry(move |registry| standing::clear_waits(registry, &company))
            .await?;
    }
    let summary = seen.map(|seen| &seen.summary);
    match app
        .sync_as_seen(&company, approved, summary, &kit.signals)
        .await?
    {
        SyncOutcome::Done(report) => Ok(synced(&report)),
        SyncOutcome::Waits(plan) => {
            let changes = number(plan.changes);
            review::keep_connected(kit, app, &company, &plan).await?;
            if approved {
                return Err(DeskError::PlanChanged);
            }
            Ok(Outcome::NeedsYes { changes })
        }
    }
}

fn synced(report: &SyncReport) -> Outcome {
    Outcome::Synced {
        run: report.runs.last().map(|run| run.as_str().to_owned()),
        sent: number(report.done.values().sum()),
        refused: number(report.failed.values().sum()),
    }
}

async fn disconnect(kit: &Kit, app: &mut App, company: &str) -> Result<Outcome, DeskError> {
    let company = app.company(Some(company))?;
    let audience = app
        .status(&company)?
        .connection
        .map_or_else(String::new, |connection| connection.audience_name);
    let (done, quickbooks_told) = app.disconnect(&company, &kit.signals).await?;
    let former = Former {
        company: company.realm.as_str().to_owned(),
        name: company.name,
        audience,
    };
    kit.place
        .registry(move |registry| {
            // The set-up that made the connection would lead to its first sync, which is over.
            let of_it = notes::draft(registry)?
                .and_then(|draft| draft.company)
                .is_some_and(|set_up| set_up.company == former.company);
            if of_it {
                notes::remove_draft(registry)?;
            }
            notes::add_former(registry, former)
        })
        .await?;
    Ok(Outcome::Disconnected {
        result: Disconnected {
            orders: number(done.removed.orders),
            products: number(done.removed.products),
            contacts: number(done.removed.contacts),
            archive: done.archive.display().to_string(),
            quickbooks_told,
        },
    })
}

fn actions(counts: &BTreeMap<String, u64>) -> Vec<ActionCount> {
    counts
        .iter()
        .filter_map(|(code, count)| {
            Some(ActionCount {
                action: action_of(code)?,
                count: number(*count),
            })
        })
        .collect()
}

const fn kept_code(why: ledgerpost_engine::Kept) -> KeptCode {
    use ledgerpost_engine::Kept;
    match why {
        Kept::ChangedSince => KeptCode::ChangedSince,
        Kept::Gone => KeptCode::Gone,
        Kept::SaidNo => KeptCode::SaidNo,
        Kept::CannotArchive => KeptCode::CannotArchive,
        Kept::Product => KeptCode::Product,
        Kept::Archived => KeptCode::Archived,
        Kept::Store => KeptCode::Store,
        Kept::Passing => KeptCode::Passing,
    }
}
