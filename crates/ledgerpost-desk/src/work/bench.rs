//! The one piece of work that runs.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use ledgerpost_core::ports::Clock;
use ledgerpost_ipc::work::{Task, Work, WorkState};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::error::DeskError;
use crate::messages::Outbox;

/// Where work is begun. At most one piece runs; the owner's goes before the schedule's.
pub(crate) struct Bench {
    outbox: Outbox,
    clock: Arc<dyn Clock>,
    last_id: AtomicU32,
    running: watch::Sender<Option<Arc<Running>>>,
}

/// A piece of work under way.
pub(crate) struct Running {
    pub(crate) id: u32,
    pub(crate) task: Task,
    pub(crate) company: Option<String>,
    pub(crate) by_itself: bool,
    started_at: Timestamp,
    /// Asks for a stop.
    pub(crate) stop: CancellationToken,
    /// Whether the owner paused it.
    pub(crate) held: watch::Sender<bool>,
    /// For sign-ins: where they wait, and where to give the pasted address.
    pub(crate) sign_in: Mutex<Option<SignInUnderWay>>,
}

/// A sign-in that waits for the browser.
#[derive(Clone)]
pub(crate) struct SignInUnderWay {
    pub(crate) address: String,
    pub(crate) paste: mpsc::Sender<String>,
}

/// What to begin.
pub(crate) struct Begin {
    pub(crate) task: Task,
    pub(crate) company: Option<String>,
    pub(crate) by_itself: bool,
}

/// The right to work. Dropped without [`Ticket::end`], the work has failed by a fault of ours.
pub(crate) struct Ticket {
    bench: Arc<Bench>,
    pub(crate) running: Arc<Running>,
    ended: bool,
}

impl Bench {
    pub(crate) fn new(outbox: Outbox, clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self {
            outbox,
            clock,
            last_id: AtomicU32::new(0),
            running: watch::Sender::new(None),
        })
    }

    /// What runs now.
    pub(crate) fn running(&self) -> Option<Arc<Running>> {
        self.running.borrow().clone()
    }

    /// Begins a piece of work. What the schedule began makes room for the owner: what it sent is kept,
    /// and the next sync goes on from there.
    ///
    /// # Errors
    /// [`DeskError::Busy`].
    pub(crate) async fn begin(self: &Arc<Self>, begin: Begin) -> Result<Ticket, DeskError> {
        let mut others = self.running.subscribe();
        loop {
            match self.try_begin(&begin) {
                Ok(ticket) => return Ok(ticket),
                Err(other) if other.by_itself && !begin.by_itself => {
                    other.stop.cancel();
                    let ended = others
                        .wait_for(|now| now.as_ref().is_none_or(|running| running.id != other.id));
                    ended.await.map_err(|_| DeskError::Closed)?;
                }
                Err(other) => {
                    return Err(DeskError::Busy {
                        running: other.task,
                    });
                }
            }
        }
    }

    fn try_begin(self: &Arc<Self>, begin: &Begin) -> Result<Ticket, Arc<Running>> {
        let running = Arc::new(Running {
            id: self.last_id.fetch_add(1, Ordering::Relaxed) + 1,
            task: begin.task,
            company: begin.company.clone(),
            by_itself: begin.by_itself,
            started_at: self.clock.now(),
            stop: CancellationToken::new(),
            held: watch::Sender::new(false),
            sign_in: Mutex::new(None),
        });
        let mut other = None;
        self.running.send_if_modified(|now| {
            if now.is_some() {
                other.clone_from(now);
                return false;
            }
            *now = Some(Arc::clone(&running));
            true
        });
        match other {
            Some(other) => Err(other),
            None => Ok(Ticket {
                bench: Arc::clone(self),
                running,
                ended: false,
            }),
        }
    }

    /// Asks the work under way to stop, and lets go on what is paused so that it can.
    pub(crate) fn stop(&self) {
        if let Some(running) = self.running() {
            running.stop.cancel();
            self.outbox.stopping(running.id);
        }
    }

    /// Waits until nothing runs.
    pub(crate) async fn idle(&self) {
        let mut running = self.running.subscribe();
        // The sender is in self: this cannot fail.
        drop(running.wait_for(Option::is_none).await);
    }
}

impl Running {
    /// The message about this work in a state.
    pub(crate) fn in_state(&self, state: WorkState) -> Work {
        Work {
            id: self.id,
            task: self.task,
            company: self.company.clone(),
            by_itself: self.by_itself,
            started_at: self.started_at,
            state,
        }
    }

    pub(crate) fn sign_in(&self) -> Option<SignInUnderWay> {
        self.sign_in
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn set_sign_in(&self, sign_in: SignInUnderWay) {
        *self.sign_in.lock().unwrap_or_else(PoisonError::into_inner) = Some(sign_in);
    }
}

impl Ticket {
    /// Tells how the work stands.
    pub(crate) fn tell(&self, state: WorkState) {
        self.bench.outbox.work(self.running.in_state(state));
    }

    /// Ends the work.
    pub(crate) fn end(mut self, state: WorkState) {
        self.finish(state);
    }

    fn finish(&mut self, state: WorkState) {
        self.ended = true;
        self.tell(state);
        self.bench.running.send_replace(None);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if !self.ended {
            let error = DeskError::Fault.wire();
            self.finish(WorkState::Failed { error });
        }
    }
}
