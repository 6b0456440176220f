//! The list of contacts: pages, counts, what can be filtered by.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use ledgerpost_core::email::EmailField;
use ledgerpost_ipc::contacts::{
    ContactFacets, ContactPage, ContactQuery, ContactRow, ContactState, ContactTab, MemberStatus,
    MemberStatusCount, SkipCode, SkipCodeCount, TagCount,
};
use ledgerpost_ipc::setup::CustomerType;

use super::convert::{count, money};
use super::error::LookError;
use super::index::{ContactIndex, Entry, hash_of};
use super::order::{Figure, Figures};
use super::{Kept, Look};

/// What counts as recently updated.
const RECENTLY: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The longest page.
const LONGEST_PAGE: u32 = 500;

/// What a query asks for, in the terms of an index.
#[expect(
    clippy::option_option,
    reason = "the outer one says whether it is asked for, the inner one whether anybody has it"
)]
struct Filter {
    /// For each entry, whether it says what was searched for.
    matching: Option<Vec<bool>>,
    tab: ContactTab,
    status: Option<MemberStatus>,
    /// A tag that nobody has fits nobody.
    tag: Option<Option<u32>>,
    reason: Option<SkipCode>,
    state: Option<ContactState>,
    since: Option<i64>,
    customer_type: Option<Option<u32>>,
    recent: i64,
}

impl Filter {
    fn fits(&self, index: &ContactIndex, figures: &Figures, place: usize) -> bool {
        let entry = &index.entries[place];
        self.matching
            .as_ref()
            .is_none_or(|matching| matching[place])
            && self.in_tab(entry, figures.at(place))
            && self
                .status
                .is_none_or(|status| entry.status == Some(status))
            && self
                .reason
                .is_none_or(|reason| entry.reason == Some(reason))
            && self.state.is_none_or(|state| entry.state == state)
            && self
                .since
                .is_none_or(|since| figures.at(place).updated.is_some_and(|at| at >= since))
            && self
                .customer_type
                .is_none_or(|wanted| wanted == Some(entry.customer_type))
            && self.tag.is_none_or(|tag| {
                tag.is_some_and(|tag| index.tag_sets[entry.tags as usize].contains(&tag))
            })
    }

    fn in_tab(&self, entry: &Entry, figure: &Figure) -> bool {
        match self.tab {
            ContactTab::All => true,
            ContactTab::RecentlyUpdated => is_recent(figure, self.recent),
            ContactTab::LeftAlone => is_left_alone(entry),
        }
    }
}

fn is_recent(figure: &Figure, recent: i64) -> bool {
    figure.updated.is_some_and(|at| at >= recent)
}

const fn is_left_alone(entry: &Entry) -> bool {
    matches!(entry.state, ContactState::LeftAlone | ContactState::Refused)
}

fn recent_since(now: Timestamp) -> i64 {
    now.as_microsecond()
        .saturating_sub(i64::try_from(RECENTLY.as_micros()).unwrap_or(i64::MAX))
}

impl Look {
    /// A page of contacts.
    ///
    /// # Errors
    /// The file's.
    pub fn list_contacts(
        &self,
        query: &ContactQuery,
        now: Timestamp,
    ) -> Result<ContactPage, LookError> {
        let kept = self.kept()?;
        let (total, places) = self.find(&kept, query, now)?;
        let rows = places
            .into_iter()
            .map(|place| self.contact_row(&kept, place))
            .collect::<Result<_, _>>()?;
        Ok(ContactPage { total, rows })
    }

    /// Hands out every contact that a query finds, in its order.
    pub(super) fn each_contact(
        &self,
        query: &ContactQuery,
        now: Timestamp,
        mut each: impl FnMut(ContactRow) -> Result<(), LookError>,
    ) -> Result<(), LookError> {
        let kept = self.kept()?;
        let index = &kept.index;
        let figures = index.figures(&self.store)?;
        let filter = self.filter(&kept, query, now)?;
        for place in figures.in_order(query.order, query.descending) {
            if filter.fits(index, figures, place) {
                each(self.contact_row(&kept, place)?)?;
            }
        }
        Ok(())
    }

    fn find(
        &self,
        kept: &Kept,
        query: &ContactQuery,
        now: Timestamp,
    ) -> Result<(u32, Vec<usize>), LookError> {
        let index = &kept.index;
        let figures = index.figures(&self.store)?;
        let filter = self.filter(kept, query, now)?;
        let first = query.page.offset;
        let last = first.saturating_add(query.page.limit.min(LONGEST_PAGE));
        let mut total = 0;
        let mut places = Vec::new();
        for place in figures.in_order(query.order, query.descending) {
            if filter.fits(index, figures, place) {
                if (first..last).contains(&total) {
                    places.push(place);
                }
                total += 1;
            }
        }
        Ok((total, places))
    }

    fn filter(
        &self,
        kept: &Kept,
        query: &ContactQuery,
        now: Timestamp,
    ) -> Result<Filter, LookError> {
        let index = &kept.index;
        let matching = self.store.customers_matching(&query.text)?.map(|rows| {
            let mut matching = vec![false; index.entries.len()];
            for place in rows.into_iter().filter_map(|row| index.at_row(row)) {
                matching[place as usize] = true;
            }
            matching
        });
        let place = |list: &[String], wanted: &String| {
            let place = list.iter().position(|known| known == wanted)?;
            u32::try_from(place).ok()
        };
        let midnight = |date: jiff::civil::Date| {
            let zoned = date.to_zoned(kept.about.zone.clone()).ok()?;
            Some(zoned.timestamp().as_microsecond())
        };
        Ok(Filter {
            matching,
            tab: query.tab,
            status: query.status,
            tag: query.tag.as_ref().map(|tag| place(&index.tags, tag)),
            reason: query.reason,
            state: query.state,
            since: query.changed_since.and_then(midnight),
            customer_type: query
                .customer_type
                .as_ref()
                .map(|id| place(&index.types, id)),
            recent: recent_since(now),
        })
    }

    /// What the list shows of the customer at a place in the index.
    pub(super) fn contact_row(&self, kept: &Kept, place: usize) -> Result<ContactRow, LookError> {
        let (index, about) = (&kept.index, &kept.about);
        let (entry, figure) = (&index.entries[place], index.figures(&self.store)?.at(place));
        let hash = entry.contact.map(hash_of);
        let read = self
            .store
            .page_row(entry.row, hash.as_deref())?
            .ok_or(LookError::NotFound { what: "customer" })?;
        let names = index.tag_sets[entry.tags as usize]
            .iter()
            .map(|&tag| index.tags[tag as usize].clone())
            .collect();
        Ok(ContactRow {
            customer: read.customer,
            name: read.name,
            email: read.contact_email.or_else(|| used_address(read.email)),
            state: entry.state,
            status: entry.status,
            reason: entry.reason,
            updated_at: figure
                .updated
                .and_then(|at| Timestamp::from_microsecond(at).ok()),
            customer_type: (entry.customer_type > 0)
                .then(|| about.type_name(&index.types[entry.customer_type as usize])),
            tags: names,
            orders: figure.orders,
            total: money(figure.total, &about.currency),
            last_sale: figure.last_sale,
        })
    }

    /// The counts of the tabs, and what can be filtered by.
    ///
    /// # Errors
    /// The file's.
    pub fn read_contact_facets(&self, now: Timestamp) -> Result<ContactFacets, LookError> {
        let Kept { index, about, .. } = self.kept()?;
        let figures = index.figures(&self.store)?;
        let recent = recent_since(now);
        let mut facets = ContactFacets {
            all: count(index.entries.len()),
            recently_updated: 0,
            left_alone: 0,
            tags: Vec::new(),
            statuses: Vec::new(),
            reasons: Vec::new(),
            customer_types: Vec::new(),
        };
        let mut sets = vec![0_u32; index.tag_sets.len()];
        let mut types = vec![0_u32; index.types.len()];
        let mut reasons: BTreeMap<SkipCode, u32> = BTreeMap::new();
        let mut statuses = [
            MemberStatus::Subscribed,
            MemberStatus::NotSubscribed,
            MemberStatus::Unsubscribed,
            MemberStatus::Pending,
            MemberStatus::Cleaned,
            MemberStatus::Archived,
        ]
        .map(|status| MemberStatusCount { status, count: 0 });
        for (place, entry) in index.entries.iter().enumerate() {
            facets.recently_updated += u32::from(is_recent(figures.at(place), recent));
            facets.left_alone += u32::from(is_left_alone(entry));
            sets[entry.tags as usize] += 1;
            types[entry.customer_type as usize] += 1;
            if let Some(reason) = entry.reason {
                *reasons.entry(reason).or_default() += 1;
            }
            for known in &mut statuses {
                known.count += u32::from(entry.status == Some(known.status));
            }
        }
        facets.statuses = statuses
            .into_iter()
            .filter(|status| status.count > 0)
            .collect();
        facets.reasons = reasons
            .into_iter()
            .map(|(code, count)| SkipCodeCount { code, count })
            .collect();
        facets
            .reasons
            .sort_by_key(|reason| std::cmp::Reverse(reason.count));
        facets.tags = tag_counts(&index, &sets);
        facets.customer_types = index
            .types
            .iter()
            .zip(types)
            .skip(1)
            .filter(|(_, customers)| *customers > 0)
            .map(|(id, customers)| CustomerType {
                id: id.clone(),
                name: about.type_name(id),
                customers,
            })
            .collect();
        facets
            .customer_types
            .sort_by(|one, other| one.name.cmp(&other.name));
        Ok(facets)
    }
}

fn tag_counts(index: &ContactIndex, sets: &[u32]) -> Vec<TagCount> {
    let mut counts = vec![0_u32; index.tags.len()];
    for (set, contacts) in index.tag_sets.iter().zip(sets) {
        for &tag in set {
            counts[tag as usize] += contacts;
        }
    }
    let mut tags: Vec<TagCount> = index
        .tags
        .iter()
        .zip(counts)
        .filter(|(_, count)| *count > 0)
        .map(|(tag, count)| TagCount {
            tag: tag.clone(),
            count,
        })
        .collect();
    tags.sort_by(|one, other| {
        other
            .count
            .cmp(&one.count)
            .then_with(|| one.tag.cmp(&other.tag))
    });
    tags
}

/// The address that a plan would use of a field, else what was typed there.
pub(super) fn used_address(field: Option<String>) -> Option<String> {
    let field = field?;
    let split = EmailField::parse(&field);
    let used = split
        .valid
        .iter()
        .find(|email| !email.is_sample())
        .or_else(|| split.valid.first());
    match used {
        Some(email) => Some(email.as_str().to_owned()),
        None => Some(field.trim().to_owned()).filter(|typed| !typed.is_empty()),
    }
}
