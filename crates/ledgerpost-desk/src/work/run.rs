//! Beginning a piece of work, and what is noted when it ends.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use ledgerpost_app::{App, Signals};
use ledgerpost_core::ids::RealmId;
use ledgerpost_core::ports::Mirror as _;
use ledgerpost_ipc::Nothing;
use ledgerpost_ipc::work::{Outcome, Task, Topic, WorkState};

use super::{Begin, Ticket, Tracker};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::place::Place;
use crate::standing;

/// What a piece of work has at hand.
pub(crate) struct Kit {
    pub(crate) desk: Desk,
    pub(crate) place: Arc<Place>,
    pub(crate) signals: Signals,
}

impl Desk {
    /// Begins a piece of work and returns at once.
    pub(crate) async fn start_work(
        &self,
        begin: Begin,
        job: impl for<'a> FnOnce(Kit, &'a mut App) -> LocalBoxFuture<'a, Result<Outcome, DeskError>>
        + Send
        + 'static,
    ) -> Result<Nothing, DeskError> {
        let ticket = self.inner.bench.begin(begin).await?;
        let desk = self.clone();
        let place = self.place();
        let at = Arc::clone(&place);
        place.worker.hand_over(Box::new(move |app| {
            async move {
                let tracker = Tracker::new(
                    Arc::clone(&ticket.running),
                    desk.inner.outbox.clone(),
                    Arc::clone(&desk.inner.ports.clock),
                    at.reach().meter().clone(),
                );
                let watch = Arc::clone(&tracker);
                let kit = Kit {
                    desk: desk.clone(),
                    place: Arc::clone(&at),
                    signals: Signals {
                        watch,
                        stop: ticket.running.stop.clone(),
                    },
                };
                let ended = match tracker.watching(job(kit, app)).await {
                    Err(DeskError::App(error)) => {
                        let stop = &ticket.running.stop;
                        Err(at.reach().look_around(error, stop).await.into())
                    }
                    ended => ended,
                };
                desk.end_work(&at, ticket, ended).await;
            }
            .boxed_local()
        }))?;
        Ok(Nothing {})
    }

    async fn end_work(
        &self,
        place: &Arc<Place>,
        ticket: Ticket,
        ended: Result<Outcome, DeskError>,
    ) {
        let task = ticket.running.task;
        if let Some(company) = ticket.running.company.clone()
            && concerns_standing(task)
        {
            let noted = self.note_standing(place, &company, task, &ended).await;
            if let Err(error) = noted {
                tracing::warn!(code = error.code(), "how the work ended was not noted");
            }
        }
        ticket.end(match ended {
            Ok(outcome) => WorkState::Done { outcome },
            Err(error) if error.is_stop() => WorkState::Stopped,
            Err(error) => {
                tracing::info!(code = error.code(), ?task, "work failed");
                WorkState::Failed {
                    error: error.wire(),
                }
            }
        });
        self.inner
            .outbox
            .changed(&[Topic::Start, Topic::Home, Topic::Contacts, Topic::Activity]);
        self.inner.due.notify_one();
    }

    async fn note_standing(
        &self,
        place: &Arc<Place>,
        company: &str,
        task: Task,
        ended: &Result<Outcome, DeskError>,
    ) -> Result<(), DeskError> {
        let now = self.now();
        let company = company.to_owned();
        let event = standing::Event::of(task, ended);
        let lapsed = match ended {
            Ok(_) => Some(has_lapsed(place, &company).await?),
            Err(_) => None,
        };
        let turned = place
            .registry(move |registry| {
                let before = standing::read(registry, &company)?;
                let answered = event.means_online();
                let mut after = before.clone().after(event, now);
                after.lapsed = lapsed.unwrap_or(before.lapsed);
                standing::put(registry, &company, &after)?;
                if answered {
                    standing::clear_offline(registry)?;
                }
                Ok((company, standing::news(&before, &after)))
            })
            .await?;
        if let (company, Some(news)) = turned {
            self.notify(place, &company, news).await?;
        }
        Ok(())
    }
}

/// Whether the company's subscription had lapsed when it was last read.
async fn has_lapsed(place: &Arc<Place>, company: &str) -> Result<bool, DeskError> {
    place
        .look(RealmId::new(company), |store| {
            let Some(store) = store else {
                return Ok(false);
            };
            Ok(store.company()?.is_some_and(|company| company.has_lapsed()))
        })
        .await
}

/// Whether how the work ended says how the connection is doing.
const fn concerns_standing(task: Task) -> bool {
    match task {
        Task::Sync | Task::Reconcile | Task::Undo | Task::Plan => true,
        Task::SignInQuickbooks
        | Task::SignInMailchimp
        | Task::ReadCompany
        | Task::PreviewUndo
        | Task::Disconnect => false,
    }
}
