//! What the shop sells and what it has sold: items, invoices and sales receipts.

use jiff::{SignedDuration, Timestamp};
use rand::Rng;
use rand::seq::SliceRandom;
use rust_decimal::Decimal;

use super::super::names::{GLAZES, WARES};
use super::super::records::{
    Cents, Currency, Document, DocumentKind, Item, ItemKind, ItemRef, Line, Meta,
};
use super::super::{due, end_of_history, to_cents, void};
use super::Shop;
use super::fates::{Fate, NAMED};

const INVOICES_SENT: usize = 3271;
const INVOICES_SENT_CENTS: i64 = 60_641_890;
const INVOICES_VOIDED: usize = 21;
const INVOICES_UNREACHABLE: usize = 120;
const INVOICES_UNREACHABLE_CENTS: i64 = 2_412_000;
const RECEIPTS_SENT: usize = 1868;
const RECEIPTS_SENT_CENTS: i64 = 13_020_775;
const RECEIPTS_WALK_IN: usize = 20;
const RECEIPTS_WALK_IN_CENTS: i64 = 96_000;
const RECEIPTS_UNREACHABLE: usize = 18;
const RECEIPTS_UNREACHABLE_CENTS: i64 = 118_000;
const ITEMS: u64 = 148;

/// A sale to be written: the customer (nobody at the counter) and the total in cents.
type Sale = (Option<u64>, i64);

/// Sales of these sums, dealt to every `step`-th of the customers.
fn dealt(sums: Vec<i64>, customers: &[u64], step: usize) -> impl Iterator<Item = Sale> {
    sums.into_iter()
        .enumerate()
        .map(move |(n, sum)| (Some(customers[n * step % customers.len()]), sum))
}

impl Shop {
    pub(super) fn add_items(&mut self) {
        let when = end_of_history() - SignedDuration::from_hours(24 * 900);
        for id in 1..=ITEMS {
            let place = usize::try_from(id).expect("148 fits") - 1;
            let (ware, cents) = WARES[place % WARES.len()];
            let glaze = GLAZES[place / WARES.len() % GLAZES.len()];
            let (name, cents) = if place < WARES.len() * GLAZES.len() {
                (format!("{ware}, {glaze}"), cents)
            } else {
                (format!("Workshop, {} people", place - 143), 9500)
            };
            let item = Item {
                meta: Meta::born(id, when),
                description: Some(format!("{name}, thrown and glazed by hand")),
                name,
                kind: [ItemKind::Inventory, ItemKind::NonInventory][place % 2],
                parent: None,
                sku: Some(format!("TC-{id:04}")),
                price: Some(Decimal::new(cents, 2)),
                on_hand: Some(Decimal::from(12)),
                taxable: true,
                active: true,
                parts: Vec::new(),
            };
            self.books.items.insert(id, item);
        }
    }

    pub(super) fn add_documents(&mut self) {
        let reached = self.of(&[Fate::New, Fate::Updated, Fate::Same, Fate::Shares]);
        let others: Vec<u64> = reached.into_iter().filter(|id| *id > 9).collect();
        let unreachable = self.of(&[Fate::NoEmail, Fate::Invalid]);
        let mut invoices = self.invoices(&others, &unreachable);
        let mut receipts = self.receipts(&others, &unreachable);
        invoices.shuffle(&mut self.random);
        receipts.shuffle(&mut self.random);
        let invoices = invoices
            .into_iter()
            .map(|sale| (DocumentKind::Invoice, sale));
        let receipts = receipts
            .into_iter()
            .map(|sale| (DocumentKind::SalesReceipt, sale));
        let mut all: Vec<_> = invoices.chain(receipts).collect();
        all.shuffle(&mut self.random);
        let count = i64::try_from(all.len()).expect("fits");
        for (id, (kind, (customer, cents))) in (1..).zip(all) {
            let left = count - i64::try_from(id).expect("fits") + 1;
            let when = end_of_history() - SignedDuration::from_secs(730 * 86_400 * left / count);
            self.add_document(id, kind, customer, cents, when);
        }
    }

    /// Those of the mockups, those of other people who can be reached, those of people who cannot,
    /// and voided ones.
    fn invoices(&mut self, others: &[u64], unreachable: &[u64]) -> Vec<Sale> {
        let mut invoices: Vec<Sale> = Vec::new();
        for (id, named) in (1..).zip(&NAMED) {
            let sums = self.split(named.cents, named.invoices);
            invoices.extend(sums.into_iter().map(|sum| (Some(id), sum)));
        }
        let pinned: i64 = invoices.iter().map(|(_, cents)| cents).sum();
        let rest = self.split(INVOICES_SENT_CENTS - pinned, INVOICES_SENT - invoices.len());
        invoices.extend(dealt(rest, others, 7));
        let lost = self.split(INVOICES_UNREACHABLE_CENTS, INVOICES_UNREACHABLE);
        invoices.extend(dealt(lost, unreachable, 1));
        invoices.extend((0..INVOICES_VOIDED).map(|n| (Some(others[n * 31]), 0)));
        invoices
    }

    /// Those of people who can be reached, those at the counter, and those of people who cannot.
    fn receipts(&mut self, others: &[u64], unreachable: &[u64]) -> Vec<Sale> {
        let sent = self.split(RECEIPTS_SENT_CENTS, RECEIPTS_SENT);
        let walk_in = self.split(RECEIPTS_WALK_IN_CENTS, RECEIPTS_WALK_IN);
        let lost = self.split(RECEIPTS_UNREACHABLE_CENTS, RECEIPTS_UNREACHABLE);
        let mut receipts: Vec<Sale> = dealt(sent, others, 11).collect();
        receipts.extend(walk_in.into_iter().map(|sum| (None, sum)));
        receipts.extend(dealt(lost, unreachable, 1));
        receipts
    }

    /// Parts that vary and add up to `total`: pairs that differ from the average by the same.
    fn split(&mut self, total: i64, parts: usize) -> Vec<i64> {
        let Ok(count @ 1..) = i64::try_from(parts) else {
            return Vec::new();
        };
        let average = total / count;
        let mut sums = vec![average; parts];
        for pair in sums.chunks_exact_mut(2) {
            let by = self.random.random_range(0..average * 4 / 5);
            pair[0] += by;
            pair[1] -= by;
        }
        sums[0] += total - average * count;
        sums
    }

    fn add_document(
        &mut self,
        id: u64,
        kind: DocumentKind,
        customer: Option<u64>,
        cents: i64,
        when: Timestamp,
    ) {
        let date = when.to_zoned(jiff::tz::TimeZone::UTC).date();
        let buyer = customer.and_then(|id| self.books.customers.get(&id));
        let is_invoice = kind == DocumentKind::Invoice;
        let voided = is_invoice && cents == 0;
        let open = is_invoice && when > end_of_history() - SignedDuration::from_hours(24 * 25);
        let mut document = Document {
            meta: Meta::born(id, when),
            kind,
            number: Some(format!(
                "{}",
                if is_invoice { 1000 + id } else { 20_000 + id }
            )),
            date,
            due: is_invoice.then(|| due(date)),
            customer,
            currency: Currency::Usd,
            bill: buyer.and_then(|buyer| buyer.bill.clone()),
            bill_email: buyer
                .and_then(|buyer| buyer.email.clone())
                .filter(|_| is_invoice && id.is_multiple_of(3)),
            lines: self.lines(if voided { 4200 } else { cents }),
            tax: Cents(0),
            total: Cents(cents),
            balance: Cents(if open { cents } else { 0 }),
            linked: Vec::new(),
            invoice: None,
            poisoned: false,
            note: None,
        };
        if voided {
            void(&mut document);
        }
        if let Some(buyer) = customer.and_then(|id| self.books.customers.get_mut(&id)) {
            buyer.balance.0 += document.balance.0;
        }
        self.books.documents.insert(id, document);
    }

    /// Some of an item at its price, and a piece made to order for the rest.
    fn lines(&mut self, cents: i64) -> Vec<Line> {
        let item = self.books.items[&self.random.random_range(1..=ITEMS)].clone();
        let price = item.price.unwrap_or_default();
        let each = to_cents(price).0;
        let most = cents / each.max(1);
        let quantity = if most > 0 {
            self.random.random_range(1..=most.min(4))
        } else {
            0
        };
        let sale = |item: &Item, quantity: i64, each: i64| Line::Sale {
            item: ItemRef::Item(item.meta.id),
            description: item.description.clone(),
            quantity: Some(Decimal::from(quantity)),
            price: Some(Decimal::new(each, 2)),
            amount: Cents(quantity * each),
            taxable: true,
        };
        let mut lines = Vec::new();
        if quantity > 0 {
            lines.push(sale(&item, quantity, each));
        }
        let rest = cents - quantity * each;
        if rest > 0 || lines.is_empty() {
            let other = self.books.items[&self.random.random_range(1..=ITEMS)].clone();
            lines.push(sale(&other, 1, rest));
        }
        lines
    }
}
