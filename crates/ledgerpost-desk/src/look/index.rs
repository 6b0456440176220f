//! All contacts of a company in memory: how they stand, some 60 bytes each, and, from the first list
//! on, what they are sorted by. Any page of any order is a walk over it; names and addresses are read
//! for the page alone.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use ledgerpost_core::ids::RunId;
use ledgerpost_ipc::contacts::{ContactState, MemberStatus, SkipCode};
use ledgerpost_store::{CompanyStore, ContactFacts, Error as StoreError, RunState};

use super::codes::{member_status_of, skip_code};
use super::order::Figures;

/// A hash of 32 hex digits as a number.
type Hash = u128;

/// How a customer stands.
pub(super) struct Entry {
    /// The place in the file.
    pub(super) row: i64,
    /// The contact, if there is one.
    pub(super) contact: Option<Hash>,
    pub(super) state: ContactState,
    pub(super) status: Option<MemberStatus>,
    pub(super) reason: Option<SkipCode>,
    /// In [`ContactIndex::tag_sets`].
    pub(super) tags: u32,
    /// In [`ContactIndex::types`]; none is 0.
    pub(super) customer_type: u32,
    /// In microseconds since 1970.
    pub(super) skipped_since: Option<i64>,
}

/// All contacts of a company.
pub(super) struct ContactIndex {
    /// By id.
    pub(super) entries: Vec<Entry>,
    /// The entry of a customer by their place in the file; places are handed out one after the other.
    by_row: Vec<Option<u32>>,
    /// Ids of customer types; the first one stands for none.
    pub(super) types: Vec<String>,
    /// Names of tags.
    pub(super) tags: Vec<String>,
    /// Which tags go together; the first set is empty.
    pub(super) tag_sets: Vec<Vec<u32>>,
    /// People in the audience who count toward the plan.
    pub(super) counting: u32,
    /// Home needs none of it, and it takes longer than all else.
    figures: OnceCell<Figures>,
}

struct MemberFact {
    status: Option<MemberStatus>,
    tags: u32,
}

impl ContactIndex {
    /// Reads it from a company's file.
    pub(super) fn read(store: &CompanyStore) -> Result<Self, StoreError> {
        let mut builder = Builder::default();
        builder.tag_sets.push(Vec::new());
        builder.types.push(String::new());
        store.member_facts(|hash, status, tags| {
            builder.member(hash, status, tags);
            Ok(())
        })?;
        for run in store.unfinished_runs()? {
            if run.state == RunState::Planned || !run.state.is_final() {
                builder.wait_for(store, &run.id)?;
            }
        }
        let mut entries: Vec<Entry> = Vec::new();
        let mut by_row: Vec<Option<u32>> = Vec::new();
        store.contact_facts(|facts| {
            let place = place(facts.row);
            if place >= by_row.len() {
                by_row.resize(place + 1, None);
            }
            by_row[place] = u32::try_from(entries.len()).ok();
            entries.push(builder.entry(&facts));
            Ok(())
        })?;
        Ok(Self {
            entries,
            by_row,
            types: builder.types,
            tags: builder.tags,
            tag_sets: builder.tag_sets,
            counting: builder.counting,
            figures: OnceCell::new(),
        })
    }

    /// The entry of the customer at a place in the file.
    pub(super) fn at_row(&self, row: i64) -> Option<u32> {
        self.by_row.get(place(row)).copied().flatten()
    }

    /// What the entries are sorted by; read from the file the first time.
    pub(super) fn figures(&self, store: &CompanyStore) -> Result<&Figures, StoreError> {
        if let Some(figures) = self.figures.get() {
            return Ok(figures);
        }
        let figures = Figures::read(store, self)?;
        Ok(self.figures.get_or_init(|| figures))
    }
}

#[derive(Default)]
struct Builder {
    members: HashMap<Hash, MemberFact>,
    waiting: HashSet<Hash>,
    types: Vec<String>,
    tags: Vec<String>,
    tag_sets: Vec<Vec<u32>>,
    /// Tag sets by their text in the file.
    known_sets: HashMap<String, u32>,
    counting: u32,
}

impl Builder {
    fn member(&mut self, hash: &str, status: &str, tags: Option<&str>) {
        let Some(hash) = number_of(hash) else { return };
        let tags = tags.map_or(0, |tags| self.tag_set(tags));
        let status = member_status_of(status);
        self.counting += u32::from(status.is_some_and(counts));
        self.members.insert(hash, MemberFact { status, tags });
    }

    fn tag_set(&mut self, text: &str) -> u32 {
        if let Some(&known) = self.known_sets.get(text) {
            return known;
        }
        let names: Vec<String> = serde_json::from_str(text).unwrap_or_default();
        let set: Vec<u32> = names
            .into_iter()
            .map(|name| place_of(&mut self.tags, name))
            .collect();
        let place = if set.is_empty() {
            0
        } else {
            self.tag_sets.push(set);
            u32::try_from(self.tag_sets.len() - 1).unwrap_or_default()
        };
        self.known_sets.insert(text.to_owned(), place);
        place
    }

    fn wait_for(&mut self, store: &CompanyStore, run: &RunId) -> Result<(), StoreError> {
        let keys = store.contacts_to_change(run)?;
        self.waiting
            .extend(keys.iter().filter_map(|key| number_of(key)));
        Ok(())
    }

    fn entry(&mut self, facts: &ContactFacts) -> Entry {
        let link = self.link_of(facts);
        let member = link.and_then(|(hash, _)| self.members.get(&hash));
        let skip = facts.skip.as_deref();
        let reason = skip.and_then(skip_code);
        let state = match (skip, link) {
            (Some("refused" | "forgotten"), _) => ContactState::Refused,
            (Some(_), _) => ContactState::LeftAlone,
            (None, Some((_, position))) if position > 0 => ContactState::SharesEmail,
            (None, Some((hash, _))) if member.is_some() && !self.waiting.contains(&hash) => {
                ContactState::InStep
            }
            (None, _) => ContactState::Waiting,
        };
        let (status, tags) = member.map_or((None, 0), |member| (member.status, member.tags));
        let customer_type = match &facts.customer_type {
            Some(id) => place_of(&mut self.types, id.clone()),
            None => 0,
        };
        Entry {
            row: facts.row,
            contact: link.map(|(hash, _)| hash),
            state,
            status,
            reason,
            tags,
            customer_type,
            skipped_since: facts.skipped_since,
        }
    }

    /// The contact that a customer is known by: of several, one that is in the audience, then one
    /// that is named after them.
    fn link_of(&self, facts: &ContactFacts) -> Option<(Hash, u64)> {
        facts
            .links
            .iter()
            .filter_map(|link| Some((number_of(&link.hash)?, link.position)))
            .min_by_key(|(hash, position)| {
                let open = self.members.get(hash).is_some_and(|member| {
                    !matches!(
                        member.status,
                        Some(MemberStatus::Archived | MemberStatus::Cleaned) | None
                    )
                });
                (!open, *position)
            })
    }
}

/// The place of a text in a list of a few, where it is added if it is new.
fn place_of(list: &mut Vec<String>, text: String) -> u32 {
    let place = list.iter().position(|known| *known == text);
    let place = place.unwrap_or_else(|| {
        list.push(text);
        list.len() - 1
    });
    u32::try_from(place).unwrap_or_default()
}

/// The number that 32 hex digits write.
pub(super) fn number_of(hash: &str) -> Option<Hash> {
    Hash::from_str_radix(hash, 16).ok()
}

/// The hex digits of a hash.
pub(super) fn hash_of(number: Hash) -> String {
    format!("{number:032x}")
}

/// A place in the file as an index; SQLite hands them out from 1.
fn place(row: i64) -> usize {
    usize::try_from(row).unwrap_or_default()
}

/// Whether somebody with a status counts toward the plan (`mailchimp.md` 4.3).
const fn counts(status: MemberStatus) -> bool {
    match status {
        MemberStatus::Subscribed | MemberStatus::NotSubscribed | MemberStatus::Unsubscribed => true,
        MemberStatus::Pending | MemberStatus::Cleaned | MemberStatus::Archived => false,
    }
}
