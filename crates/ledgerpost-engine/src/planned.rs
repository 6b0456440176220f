//! A plan in the journal: what the planner says, written down before anything of it is sent.

use ledgerpost_core::change::{Action, Change, CreateStatus};
use ledgerpost_core::ids::RunId;
use ledgerpost_core::ports::Mirror as _;
use ledgerpost_core::skip::{Skip, SkipReason, SkipSubject};
use ledgerpost_store::{
    Effect, Error as StoreError, RunKind, UnreadableRecord, UnreadableWhy, Write,
};

use crate::engine::Engine;
use crate::error::EngineError;
use crate::plan::{Entry, Summary, plan};
use crate::progress::Phase;

/// How many changes or skips are written at a time.
const CHUNK: usize = 500;
/// A plan of more changes than this, and than a fifth of all records, waits for the owner.
const LARGE: u64 = 200;
/// The settings that were last planned with, as a fingerprint among the cursors.
const SETTINGS: &str = "planned_settings";

/// A plan in the journal, not applied yet.
#[derive(Debug, Clone)]
pub struct PlannedRun {
    /// The run that holds it; `None` when there is nothing to do.
    pub run: Option<RunId>,
    /// What it amounts to.
    pub summary: Summary,
    /// How many changes it has.
    pub changes: u64,
    /// How many new people would be subscribed.
    pub subscribes: u64,
    /// Whether an owner has to look at it first, because it is unusually large.
    pub large: bool,
}

impl Engine {
    /// Whether neither service has anything new since the last complete run.
    pub(crate) fn nothing_changed(&self) -> Result<bool, EngineError> {
        let settled = self.store().planned_generation()? == Some(self.store().generation()?);
        let settings = self.store().cursor(SETTINGS)?.map(|cursor| cursor.value);
        Ok(settled && settings == Some(self.settings_fingerprint()))
    }

    /// Plans into the journal, replacing an earlier plan that was never applied.
    pub(crate) fn plan_run(&self) -> Result<PlannedRun, EngineError> {
        self.begin_open_phase(Phase::Plan);
        let store = self.store();
        let known = store.customer_count()? + store.document_count()?;
        let write = store.begin()?;
        write.discard_planned_runs()?;
        write.clear_skips()?;
        let run = write.begin_run(RunKind::Sync, self.now())?;
        let mut recorder = Recorder::new(&write, &run);
        let summary = plan(store, self.settings(), &mut |entry| recorder.take(entry))
            .map_err(EngineError::Plan)?;
        for record in store.unreadable_records()? {
            recorder.take(Entry::Skip(Skip {
                subject: SkipSubject::Document,
                key: format!("{} {}", record.entity, record.id),
                title: format!("{} {}", record.entity, record.id),
                reason: SkipReason::Unreadable {
                    detail: said_of(&record).to_owned(),
                },
                amount: None,
                currency: None,
            }))?;
        }
        recorder.flush()?;
        write.complete_skips(self.now())?;
        let (changes, subscribes) = (recorder.changes, recorder.subscribes);
        if changes == 0 {
            write.discard_planned_runs()?;
        } else {
            // Until it is carried out there is something to do, even when neither service has
            // anything new: the settings may be what changed.
            write.set_planned_generation(None)?;
        }
        write.set_cursor(SETTINGS, &self.settings_fingerprint(), self.now())?;
        write.commit()?;
        Ok(PlannedRun {
            run: (changes > 0).then_some(run),
            summary,
            changes,
            subscribes,
            large: changes > LARGE.max(known / 5),
        })
    }

    /// A welcome automation mails whoever is added as subscribed (`mailchimp.md` 4.1), and nothing
    /// in the interface keeps it from doing so.
    pub(crate) fn check_mailings(&self, planned: &PlannedRun) -> Result<(), EngineError> {
        let welcomes = self
            .store()
            .audience()?
            .is_some_and(|audience| audience.has_welcome);
        if welcomes && planned.subscribes > 0 {
            return Err(EngineError::WouldMail {
                people: planned.subscribes,
            });
        }
        Ok(())
    }

    fn settings_fingerprint(&self) -> String {
        ledgerpost_core::link::Fingerprint::of(self.settings())
            .as_str()
            .to_owned()
    }
}

/// Writes a plan's entries to the journal as they come.
struct Recorder<'w, 's> {
    write: &'w Write<'s>,
    run: &'w RunId,
    pending: Vec<Change>,
    skips: Vec<Skip>,
    /// Recorded at the end: the plan is still reading the links.
    ties: Vec<Effect>,
    changes: u64,
    subscribes: u64,
}

impl<'w, 's> Recorder<'w, 's> {
    fn new(write: &'w Write<'s>, run: &'w RunId) -> Self {
        Self {
            write,
            run,
            pending: Vec::new(),
            skips: Vec::new(),
            ties: Vec::new(),
            changes: 0,
            subscribes: 0,
        }
    }

    fn take(&mut self, entry: Entry) -> Result<(), StoreError> {
        match entry {
            Entry::Change(change) => {
                self.changes += 1;
                self.subscribes += u64::from(subscribes(&change));
                self.pending.push(change);
                if self.pending.len() >= CHUNK {
                    self.flush_changes()?;
                }
                Ok(())
            }
            Entry::Skip(skip) => {
                self.skips.push(skip);
                if self.skips.len() >= CHUNK {
                    self.flush_skips()?;
                }
                Ok(())
            }
            Entry::Tie(link) => {
                self.ties.push(Effect::PutContactLink(link));
                Ok(())
            }
        }
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        self.flush_changes()?;
        self.flush_skips()?;
        self.write.apply_effects(&self.ties)
    }

    fn flush_changes(&mut self) -> Result<(), StoreError> {
        self.write.append_changes(self.run, &self.pending)?;
        self.pending.clear();
        Ok(())
    }

    fn flush_skips(&mut self) -> Result<(), StoreError> {
        self.write.append_skips(&self.skips)?;
        self.skips.clear();
        Ok(())
    }
}

/// What is known of why a record cannot be read: QuickBooks' words, or ours in English.
fn said_of(record: &UnreadableRecord) -> &str {
    match record.why {
        UnreadableWhy::Refused => &record.detail,
        UnreadableWhy::TooLarge => "the record is too big to send",
        UnreadableWhy::Malformed => "the record has no usable id, date or amount",
    }
}

fn subscribes(change: &Change) -> bool {
    matches!(&change.action, Action::CreateContact(contact) if contact.status == CreateStatus::Subscribed)
}
