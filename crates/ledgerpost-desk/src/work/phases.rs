//! The phases of a run as the table shows them.
//!
//! Some run side by side, so that their reports come mixed: a phase is over when all of it is done, or
//! when one begins that comes after it, and not because another one had something to tell.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ledgerpost_engine::{Phase as EnginePhase, Progress as EngineProgress};
use ledgerpost_ipc::activity::ActionCode;
use ledgerpost_ipc::work::{Phase, PhaseProgress};

/// The phases that a run has or had.
#[derive(Debug, Default)]
pub(super) struct Phases {
    rows: Vec<PhaseProgress>,
    under_way: Vec<EnginePhase>,
}

impl Phases {
    /// In the order of the table.
    pub(super) fn rows(&self) -> &[PhaseProgress] {
        &self.rows
    }

    /// Takes a report of the engine.
    pub(super) fn report(&mut self, progress: EngineProgress, now: Timestamp) {
        let phase = phase_of(progress.phase);
        let known = self.rows.iter().any(|row| row.phase == phase);
        if sends(phase) && !known && progress.total == Some(0) {
            // Nothing of it is in the plan.
            return;
        }
        self.enter(progress.phase, now);
        let row = self.row(phase);
        if !sends(phase) {
            row.done = number(progress.done);
            row.total = progress.total.map(number);
        } else if row.total.is_some_and(|total| row.done >= total) {
            row.ended_at = Some(now);
            self.under_way.retain(|other| *other != progress.phase);
        }
    }

    /// Takes what is about to be sent, by the engine's words for it.
    pub(super) fn planned(&mut self, changes: &BTreeMap<String, u64>) {
        for (code, count) in changes {
            if let Some(action) = action_of(code) {
                let row = self.row(phase_of_action(action));
                *row.total.get_or_insert(0) += number(*count);
            }
        }
        if !changes.is_empty() {
            self.row(Phase::Verify);
        }
    }

    /// Counts a record whose outcome is known.
    pub(super) fn settled(&mut self, action: ActionCode, taken: bool) {
        let row = self.row(phase_of_action(action));
        row.done += 1;
        row.refused += u32::from(!taken);
    }

    fn enter(&mut self, phase: EnginePhase, now: Timestamp) {
        if self.under_way.contains(&phase) {
            return;
        }
        let (beside, over): (Vec<_>, Vec<_>) = self
            .under_way
            .drain(..)
            .partition(|other| other.is_beside(phase));
        self.under_way = beside;
        self.under_way.push(phase);
        for before in over {
            self.row(phase_of(before)).ended_at = Some(now);
        }
        let row = self.row(phase_of(phase));
        row.started_at.get_or_insert(now);
        row.ended_at = None;
    }

    /// The row of a phase, in the order of the table.
    fn row(&mut self, phase: Phase) -> &mut PhaseProgress {
        let place = match self
            .rows
            .binary_search_by_key(&order(phase), |row| order(row.phase))
        {
            Ok(place) => place,
            Err(place) => {
                self.rows.insert(
                    place,
                    PhaseProgress {
                        phase,
                        done: 0,
                        total: None,
                        refused: 0,
                        started_at: None,
                        ended_at: None,
                    },
                );
                place
            }
        };
        &mut self.rows[place]
    }
}

/// The order in which a run goes through them.
const fn order(phase: Phase) -> u8 {
    match phase {
        Phase::Recover => 0,
        Phase::ReadQuickbooks => 1,
        Phase::ReadMailchimp => 2,
        Phase::Plan => 3,
        Phase::Store => 4,
        Phase::Contacts => 5,
        Phase::Records => 6,
        Phase::Tags => 7,
        Phase::Orders => 8,
        Phase::Verify => 9,
    }
}

/// Whether a phase sends records.
pub(super) const fn sends(phase: Phase) -> bool {
    match phase {
        Phase::Store | Phase::Contacts | Phase::Records | Phase::Tags | Phase::Orders => true,
        Phase::Recover
        | Phase::ReadQuickbooks
        | Phase::ReadMailchimp
        | Phase::Plan
        | Phase::Verify => false,
    }
}

pub(super) const fn phase_of(phase: EnginePhase) -> Phase {
    match phase {
        EnginePhase::Recover => Phase::Recover,
        EnginePhase::ReadQuickBooks => Phase::ReadQuickbooks,
        EnginePhase::ReadMailchimp => Phase::ReadMailchimp,
        EnginePhase::Plan => Phase::Plan,
        EnginePhase::Records => Phase::Records,
        EnginePhase::Contacts => Phase::Contacts,
        EnginePhase::Tags => Phase::Tags,
        EnginePhase::Orders => Phase::Orders,
        EnginePhase::Store => Phase::Store,
        EnginePhase::Verify => Phase::Verify,
    }
}

const fn phase_of_action(action: ActionCode) -> Phase {
    match action {
        ActionCode::CreateStore
        | ActionCode::StartSyncing
        | ActionCode::StopSyncing
        | ActionCode::RemoveStore => Phase::Store,
        ActionCode::CreateProduct
        | ActionCode::UpdateProduct
        | ActionCode::UpdateContact
        | ActionCode::MoveContact
        | ActionCode::ArchiveContact => Phase::Records,
        ActionCode::CreateContact => Phase::Contacts,
        ActionCode::TagContact | ActionCode::UntagContact => Phase::Tags,
        ActionCode::CreateOrder | ActionCode::UpdateOrder | ActionCode::RemoveOrder => {
            Phase::Orders
        }
    }
}

/// The wire's word for an action; `None` for a word that this program does not know.
pub(crate) fn action_of(code: &str) -> Option<ActionCode> {
    serde_json::from_value(serde_json::Value::String(code.to_owned())).ok()
}

fn number(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A first sync of two contacts with their tags and orders.
    fn first_sync() -> Phases {
        let mut phases = Phases::default();
        let plan = [
            ("create_store", 1),
            ("stop_syncing", 1),
            ("create_contact", 2),
            ("tag_contact", 2),
            ("create_order", 2),
        ];
        phases.planned(&plan.map(|(code, count)| (code.to_owned(), count)).into());
        phases
    }

    fn tell(phases: &mut Phases, phase: EnginePhase, total: u64) {
        phases.report(
            EngineProgress {
                phase,
                done: 0,
                total: Some(total),
            },
            Timestamp::UNIX_EPOCH,
        );
    }

    fn stands(phases: &Phases, phase: Phase) -> (bool, bool) {
        let row = phases.rows().iter().find(|row| row.phase == phase).unwrap();
        (row.started_at.is_some(), row.ended_at.is_some())
    }

    const WAITS: (bool, bool) = (false, false);
    const UNDER_WAY: (bool, bool) = (true, false);
    const OVER: (bool, bool) = (true, true);

    #[test]
    fn what_runs_side_by_side_is_under_way_until_it_is_done() {
        let mut phases = first_sync();
        tell(&mut phases, EnginePhase::Store, 1);
        phases.settled(ActionCode::CreateStore, true);
        tell(&mut phases, EnginePhase::Store, 1);
        assert_eq!(stands(&phases, Phase::Store), UNDER_WAY, "1 of 2");
        tell(&mut phases, EnginePhase::Contacts, 2);
        assert_eq!(stands(&phases, Phase::Store), OVER, "until the end");
        // The order that is sent ahead, before the tags.
        tell(&mut phases, EnginePhase::Orders, 2);
        phases.settled(ActionCode::CreateOrder, true);
        assert_eq!(stands(&phases, Phase::Tags), WAITS);
        tell(&mut phases, EnginePhase::Tags, 2);
        assert_eq!(stands(&phases, Phase::Contacts), UNDER_WAY);
        assert_eq!(stands(&phases, Phase::Orders), UNDER_WAY);
        for _ in 0..2 {
            phases.settled(ActionCode::CreateContact, true);
        }
        tell(&mut phases, EnginePhase::Contacts, 2);
        assert_eq!(stands(&phases, Phase::Contacts), OVER);
        assert_eq!(stands(&phases, Phase::Tags), UNDER_WAY);
        tell(&mut phases, EnginePhase::Store, 1);
        assert_eq!(stands(&phases, Phase::Store), UNDER_WAY);
        assert_eq!(stands(&phases, Phase::Tags), OVER);
    }

    #[test]
    fn a_phase_without_records_is_no_row() {
        let mut phases = first_sync();
        tell(&mut phases, EnginePhase::Records, 0);
        let records = phases.rows().iter().any(|row| row.phase == Phase::Records);
        assert!(!records);
    }
}
