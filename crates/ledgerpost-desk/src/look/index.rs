//! All contacts of a company in memory: what they are sorted and filtered by, about 80 bytes each.
//! Any page of any order is a walk over it; names and addresses are read for the page alone.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use ledgerpost_core::Amount;
use ledgerpost_core::ids::RunId;
use ledgerpost_ipc::contacts::{ContactOrder, ContactState, MemberStatus, SkipCode};
use ledgerpost_store::{CompanyStore, ContactFacts, Error as StoreError, RunState};
use unicode_normalization::UnicodeNormalization as _;

use super::codes::{member_status_of, skip_code};

/// A hash of 32 hex digits as a number.
type Hash = u128;

/// A customer, as far as lists are sorted and filtered by it.
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
    pub(super) orders: u32,
    pub(super) total: Amount,
    /// In microseconds since 1970.
    pub(super) updated: Option<i64>,
    /// In microseconds since 1970.
    pub(super) skipped_since: Option<i64>,
    pub(super) last_sale: Option<Date>,
}

/// All contacts of a company.
pub(super) struct ContactIndex {
    /// By name.
    pub(super) entries: Vec<Entry>,
    /// The entry of a customer by their place in the file.
    by_row: HashMap<i64, u32>,
    /// Ids of customer types; the first one stands for none.
    pub(super) types: Vec<String>,
    /// Names of tags.
    pub(super) tags: Vec<String>,
    /// Which tags go together; the first set is empty.
    pub(super) tag_sets: Vec<Vec<u32>>,
    orders: [OnceCell<Vec<u32>>; 8],
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
        let mut keyed: Vec<(String, Entry)> = Vec::new();
        store.contact_facts(|facts| {
            let key = sort_key(&facts.name);
            keyed.push((key, builder.entry(&facts)));
            Ok(())
        })?;
        keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
        let entries: Vec<Entry> = keyed.into_iter().map(|(_, entry)| entry).collect();
        let by_row = entries
            .iter()
            .zip(0..)
            .map(|(entry, place)| (entry.row, place))
            .collect();
        Ok(Self {
            entries,
            by_row,
            types: builder.types,
            tags: builder.tags,
            tag_sets: builder.tag_sets,
            orders: Default::default(),
        })
    }

    /// The entry of the customer at a place in the file.
    pub(super) fn at_row(&self, row: i64) -> Option<u32> {
        self.by_row.get(&row).copied()
    }

    /// The entries in an order; customers who are equal in it go by name.
    pub(super) fn in_order(&self, order: ContactOrder, descending: bool) -> Order<'_> {
        let slot = match order {
            ContactOrder::Name => return Order::Name(self.entries.len(), descending),
            ContactOrder::Updated => 0,
            ContactOrder::Total => 1,
            ContactOrder::Orders => 2,
            ContactOrder::LastSale => 3,
        };
        let slot = slot * 2 + usize::from(descending);
        Order::Kept(self.orders[slot].get_or_init(|| self.sorted(order, descending)))
    }

    fn sorted(&self, order: ContactOrder, descending: bool) -> Vec<u32> {
        let mut places: Vec<u32> = (0..).take(self.entries.len()).collect();
        let at = |place: &u32| &self.entries[*place as usize];
        places.sort_by(|one, other| {
            let (a, b) = (at(one), at(other));
            let ascending = match order {
                ContactOrder::Name => one.cmp(other),
                ContactOrder::Updated => a.updated.cmp(&b.updated),
                ContactOrder::Total => a.total.cmp(&b.total),
                ContactOrder::Orders => a.orders.cmp(&b.orders),
                ContactOrder::LastSale => a.last_sale.cmp(&b.last_sale),
            };
            if descending {
                ascending.reverse()
            } else {
                ascending
            }
        });
        places
    }
}

/// Entries in an order.
pub(super) enum Order<'i> {
    /// As they are kept, or from the end.
    Name(usize, bool),
    /// By a list of places.
    Kept(&'i [u32]),
}

impl Order<'_> {
    /// The place of each entry, in order.
    pub(super) fn places(&self) -> Box<dyn Iterator<Item = usize> + '_> {
        match *self {
            Self::Name(length, false) => Box::new(0..length),
            Self::Name(length, true) => Box::new((0..length).rev()),
            Self::Kept(places) => Box::new(places.iter().map(|place| *place as usize)),
        }
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
}

impl Builder {
    fn member(&mut self, hash: &str, status: &str, tags: Option<&str>) {
        let Some(hash) = number_of(hash) else { return };
        let tags = tags.map_or(0, |tags| self.tag_set(tags));
        let status = member_status_of(status);
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
            (Some("refused"), _) => ContactState::Refused,
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
            orders: u32::try_from(facts.orders).unwrap_or(u32::MAX),
            total: facts.total,
            updated: facts.touched_at.max(facts.skipped_since),
            skipped_since: facts.skipped_since,
            last_sale: facts
                .last_sale
                .as_deref()
                .and_then(|date| date.parse().ok()),
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

/// What names are sorted by: without case and accents, as an address book does.
pub(super) fn sort_key(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    name.nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect()
}
