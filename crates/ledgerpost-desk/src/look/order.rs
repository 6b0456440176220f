//! What the list of contacts is sorted by, and its orders.

use std::cell::OnceCell;
use std::cmp::Ordering;

use jiff::civil::Date;
use ledgerpost_core::Amount;
use ledgerpost_ipc::contacts::ContactOrder;
use ledgerpost_store::{CompanyStore, Error as StoreError};
use unicode_normalization::UnicodeNormalization as _;

use super::index::ContactIndex;

/// What a customer is sorted by.
#[derive(Clone, Default)]
pub(super) struct Figure {
    pub(super) orders: u32,
    pub(super) total: Amount,
    /// In microseconds since 1970.
    pub(super) updated: Option<i64>,
    pub(super) last_sale: Option<Date>,
}

/// What all customers of an index are sorted by.
pub(super) struct Figures {
    /// By place in the index.
    rows: Vec<Figure>,
    /// Places by name.
    by_name: Vec<u32>,
    orders: [OnceCell<Vec<u32>>; 8],
}

impl Figures {
    /// Reads them for the entries of an index. Customers who came since it was made are passed over.
    pub(super) fn read(store: &CompanyStore, index: &ContactIndex) -> Result<Self, StoreError> {
        let mut rows = vec![Figure::default(); index.entries.len()];
        let mut named: Vec<(String, u32)> = Vec::with_capacity(rows.len());
        store.contact_figures(|facts| {
            let Some(place) = index.at_row(facts.row) else {
                return Ok(());
            };
            let skipped = index.entries[place as usize].skipped_since;
            rows[place as usize] = Figure {
                orders: u32::try_from(facts.orders).unwrap_or(u32::MAX),
                total: facts.total,
                updated: facts.touched_at.max(skipped),
                last_sale: facts
                    .last_sale
                    .as_deref()
                    .and_then(|date| date.parse().ok()),
            };
            named.push((sort_key(&facts.name), place));
            Ok(())
        })?;
        named.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(Self {
            rows,
            by_name: named.into_iter().map(|(_, place)| place).collect(),
            orders: Default::default(),
        })
    }

    /// What the entry at a place is sorted by.
    pub(super) fn at(&self, place: usize) -> &Figure {
        &self.rows[place]
    }

    /// The places of all entries in an order; those that are equal in it go by name.
    pub(super) fn in_order(&self, order: ContactOrder, descending: bool) -> InOrder<'_> {
        let slot = match order {
            ContactOrder::Name if descending => {
                return InOrder::Backwards(self.by_name.iter().rev());
            }
            ContactOrder::Name => return InOrder::Forwards(self.by_name.iter()),
            ContactOrder::Updated => 0,
            ContactOrder::Total => 1,
            ContactOrder::Orders => 2,
            ContactOrder::LastSale => 3,
        };
        let slot = slot * 2 + usize::from(descending);
        let places = self.orders[slot].get_or_init(|| self.sorted(order, descending));
        InOrder::Forwards(places.iter())
    }

    fn sorted(&self, order: ContactOrder, descending: bool) -> Vec<u32> {
        let mut places = self.by_name.clone();
        let at = |place: &u32| &self.rows[*place as usize];
        places.sort_by(|one, other| {
            let (a, b) = (at(one), at(other));
            let ascending = match order {
                // The order that they are in.
                ContactOrder::Name => Ordering::Equal,
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

/// Places in an order.
pub(super) enum InOrder<'i> {
    /// As they are listed.
    Forwards(std::slice::Iter<'i, u32>),
    /// From the end.
    Backwards(std::iter::Rev<std::slice::Iter<'i, u32>>),
}

impl Iterator for InOrder<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let place = match self {
            Self::Forwards(places) => places.next(),
            Self::Backwards(places) => places.next(),
        };
        place.map(|place| *place as usize)
    }
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
