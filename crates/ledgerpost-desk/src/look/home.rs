//! Home: how a connection is doing, from its file and what the program knows besides.

use jiff::{SignedDuration, Timestamp};
use ledgerpost_core::ports::{Mirror as _, StoreState};
use ledgerpost_ipc::contacts::ContactState;
use ledgerpost_ipc::error::WireError;
use ledgerpost_ipc::home::{ConnectionState, CountPair, Health, Home, LastSync, Month};
use ledgerpost_store::{
    Connection, ConnectionState as StoredState, Error as StoreError, KnownCompany, Run, RunKind,
    RunState,
};

use super::convert::count;
use super::error::LookError;
use super::index::ContactIndex;
use super::totals::Sums;
use super::{Kept, Look};

/// Metered reads in a month on Intuit's free tier (`quickbooks-online.md` 8.2).
pub const CALLS_LIMIT: u32 = 500_000;
/// Rounds of one sync follow each other at once.
const SAME_SYNC: SignedDuration = SignedDuration::from_secs(10);
/// How many runs are looked at for the last sync.
const LATEST: usize = 20;

/// What the program knows of a connection that is in no file.
pub struct HomeContext<'a> {
    /// The company.
    pub company: &'a KnownCompany,
    /// Its connection, if it has one.
    pub connection: Option<&'a Connection>,
    /// Now.
    pub now: Timestamp,
    /// When the next sync is due.
    pub next_sync: Option<Timestamp>,
    /// When a sync last found nothing to do, or ended.
    pub last_sync: Option<Timestamp>,
    /// Whether a sync runs.
    pub syncing: bool,
    /// Whether a plan that is there waits for the owner's yes.
    pub waits: bool,
    /// Whether the owner said yes to a plan that is not carried out yet.
    pub agreed: bool,
    /// Why the last try failed, where a service was not reached.
    pub offline: Option<Stopped>,
    /// Why the last try failed, where it may pass by itself.
    pub retrying: Option<Stopped>,
    /// What stopped the connection until the owner does something.
    pub stopped: Option<Stopped>,
    /// QuickBooks' end of the route.
    pub quickbooks: Health,
    /// Mailchimp's end of the route.
    pub mailchimp: Health,
}

/// What stopped a connection, or keeps it waiting.
#[derive(Debug, Clone)]
pub struct Stopped {
    /// What.
    pub error: WireError,
    /// Since when nothing was sent.
    pub since: Option<Timestamp>,
    /// How often it was tried.
    pub tries: u32,
}

/// Contacts by state.
#[derive(Default)]
pub(super) struct Contacts {
    in_step: u32,
    waiting: u32,
    pub(super) refused: u32,
}

impl Contacts {
    fn of(index: &ContactIndex) -> Self {
        let mut contacts = Self::default();
        for entry in &index.entries {
            match entry.state {
                ContactState::InStep => contacts.in_step += 1,
                ContactState::Waiting => contacts.waiting += 1,
                ContactState::Refused => contacts.refused += 1,
                ContactState::SharesEmail | ContactState::LeftAlone => {}
            }
        }
        contacts
    }
}

impl Look {
    /// How a connection is doing.
    ///
    /// # Errors
    /// The file's.
    pub fn read_home(&self, context: &HomeContext<'_>) -> Result<Home, LookError> {
        let kept = self.kept()?;
        let contacts = Contacts::of(&kept.index);
        let sums = Sums::read(&self.store, &kept.about.currency)?;
        let runs = self.store.runs(LATEST)?;
        let planned = match runs.iter().find(|run| run.state == RunState::Planned) {
            Some(run) if context.waits => Some(self.changes_of_run(run)?),
            Some(_) | None => None,
        };
        let settled = self.is_settled(&runs)?;
        let state = self.state(context, planned, &runs, &contacts, (&sums, settled))?;
        let last_sync = self.last_sync(context, &runs)?;
        let compared = self.store.cursor(ledgerpost_engine::COMPARED)?;
        let checked_at = compared
            .map(|cursor| cursor.moved_at)
            .max(last_sync.as_ref().map(|sync| sync.at));
        let (products, in_mailchimp) = self.store.product_counts()?;
        let totals = checked_at.filter(|_| has_synced(&runs)).map(|checked_at| {
            let pair = CountPair {
                quickbooks: contacts.in_step + contacts.waiting + contacts.refused,
                mailchimp: contacts.in_step,
            };
            let products = CountPair {
                quickbooks: count(products),
                mailchimp: count(in_mailchimp),
            };
            sums.totals(checked_at, pair, products, settled)
        });
        let calls = self.calls_this_month(context.now)?;
        Ok(Home {
            company: context.company.realm.as_str().to_owned(),
            name: context.company.name.clone(),
            audience: self.audience_name(context)?,
            audience_contacts: kept.index.counting,
            customers: count(kept.index.entries.len()),
            state,
            quickbooks: context.quickbooks.clone(),
            mailchimp: context.mailchimp.clone(),
            next_sync: context.next_sync,
            backup_at: self.backup_at()?,
            attention: self.attention(context, planned, (&kept, &contacts), &sums, settled)?,
            totals,
            months: self.months(context.now, &kept, &sums)?,
            calls_this_month: calls,
            calls_limit: CALLS_LIMIT,
            last_sync,
        })
    }

    /// What state a connection is in: what asks for somebody first.
    fn state(
        &self,
        context: &HomeContext<'_>,
        planned: Option<u32>,
        runs: &[Run],
        contacts: &Contacts,
        (sums, settled): (&Sums, bool),
    ) -> Result<ConnectionState, LookError> {
        let connection = context
            .connection
            .filter(|connection| connection.state != StoredState::Disconnected);
        let Some(connection) = connection else {
            return Ok(ConnectionState::Disconnected);
        };
        if let Some(stopped) = &context.stopped {
            return Ok(ConnectionState::Stopped {
                error: stopped.error.clone(),
                since: stopped.since,
                tries: stopped.tries,
            });
        }
        if context.syncing {
            return Ok(ConnectionState::Syncing);
        }
        if connection.state == StoredState::Paused {
            return Ok(ConnectionState::Paused);
        }
        if let Some(changes) = planned {
            return Ok(ConnectionState::Waits { changes });
        }
        if let Some(failed) = &context.offline {
            return Ok(ConnectionState::Offline {
                service: failed.error.service,
            });
        }
        if let Some(failed) = &context.retrying {
            return Ok(ConnectionState::Retrying {
                error: failed.error.clone(),
                since: failed.since,
                tries: failed.tries,
            });
        }
        // A plan that was only looked at is nothing that was cut off. A connection that needs no yes any
        // more and was never synced had one.
        let said_yes = context.agreed || self.store.first_sync_ended()?.is_none();
        let cut_off = runs
            .iter()
            .any(|run| run.state.is_begun() || (said_yes && run.state == RunState::Planned));
        if cut_off || self.store.store_state()? == StoreState::Syncing {
            return Ok(ConnectionState::Unfinished);
        }
        // What a dry run found is not sent before the next sync, which makes a plan of its own.
        if let Some(run) = runs.iter().find(|run| run.state == RunState::Planned) {
            return Ok(ConnectionState::Unsent {
                changes: self.changes_of_run(run)?,
                found_at: run.started_at,
            });
        }
        let differs = settled && !sums.rest().is_zero();
        if differs || self.mismatches()?.is_some() {
            return Ok(ConnectionState::Differs);
        }
        Ok(match contacts.refused {
            0 => ConnectionState::InStep,
            contacts => ConnectionState::Except { contacts },
        })
    }

    fn changes_of_run(&self, run: &Run) -> Result<u32, StoreError> {
        let counts = self.store.outcome_counts(&run.id)?;
        Ok(count(
            counts.iter().map(|(_, changes)| changes).sum::<u64>(),
        ))
    }

    /// Whether the last plan saw everything that was read, and all of it was sent.
    fn is_settled(&self, runs: &[Run]) -> Result<bool, StoreError> {
        let planned = self.store.planned_generation()?;
        Ok(
            planned == Some(self.store.generation()?)
                && runs.iter().all(|run| run.state.is_final()),
        )
    }

    /// The last sync: all rounds of it.
    fn last_sync(
        &self,
        context: &HomeContext<'_>,
        runs: &[Run],
    ) -> Result<Option<LastSync>, LookError> {
        let mut syncs = runs
            .iter()
            .filter(|run| run.kind == RunKind::Sync && run.finished_at.is_some());
        let Some(last) = syncs.next() else {
            return Ok(None);
        };
        let ended = last.finished_at.unwrap_or(last.started_at);
        let row = self.run_row(last)?;
        let mut sync = LastSync {
            run: Some(last.id.as_str().to_owned()),
            at: ended,
            sent: row.sent,
            refused: row.refused,
        };
        let mut began = last.started_at;
        for round in syncs {
            let gap = round.finished_at.map(|end| began.duration_since(end));
            if gap.is_none_or(|gap| gap > SAME_SYNC) {
                break;
            }
            let row = self.run_row(round)?;
            sync.sent += row.sent;
            sync.refused += row.refused;
            began = round.started_at;
        }
        // A later one that found nothing to do left no run.
        match context.last_sync {
            Some(at) if at.duration_since(ended) > SAME_SYNC => Ok(Some(LastSync {
                run: None,
                at,
                sent: 0,
                refused: 0,
            })),
            _ => Ok(Some(sync)),
        }
    }

    fn audience_name(&self, context: &HomeContext<'_>) -> Result<String, StoreError> {
        let read = self.store.audience()?.map(|audience| audience.name);
        let linked = context.connection.map(|link| link.audience_name.clone());
        Ok(read.or(linked).unwrap_or_default())
    }

    fn backup_at(&self) -> Result<Option<Timestamp>, StoreError> {
        let mut latest = None;
        for name in ledgerpost_engine::MEMBER_CURSORS {
            let moved = self.store.cursor(name)?.map(|cursor| cursor.moved_at);
            latest = latest.max(moved);
        }
        Ok(latest)
    }

    pub(super) fn calls_this_month(&self, now: Timestamp) -> Result<u32, StoreError> {
        let month = now.strftime("%Y-%m").to_string();
        let calls = self.store.metered_calls(&month)?;
        Ok(count(calls.get("quickbooks").copied().unwrap_or_default()))
    }

    /// How many orders were not as they had been written when they were last read back.
    pub(super) fn mismatches(&self) -> Result<Option<u32>, StoreError> {
        let items = self.store.open_attention_items()?;
        Ok(items
            .iter()
            .find(|item| item.code == "totals_differ")
            .map(|item| count(item.params["mismatches"].as_u64().unwrap_or_default())))
    }

    /// The last twelve months, oldest first.
    fn months(&self, now: Timestamp, kept: &Kept, sums: &Sums) -> Result<Vec<Month>, LookError> {
        let known = self.store.audience_months()?;
        let today = now
            .to_zoned(kept.about.zone.clone())
            .date()
            .first_of_month();
        let mut months = Vec::new();
        for back in (0..12).rev() {
            let Ok(first) = today.checked_sub(jiff::Span::new().months(back)) else {
                continue;
            };
            let month = first.strftime("%Y-%m").to_string();
            let contacts = known
                .iter()
                .rev()
                .find(|(noted, _)| *noted <= month)
                .map(|(_, contacts)| count(*contacts));
            months.push(sums.month(month, contacts));
        }
        Ok(months)
    }
}

fn has_synced(runs: &[Run]) -> bool {
    runs.iter()
        .any(|run| run.kind == RunKind::Sync && run.state == RunState::Done)
}
