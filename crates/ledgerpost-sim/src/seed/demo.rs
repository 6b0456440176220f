//! The demo company: Tidewater Ceramics, the pottery shop of the mockups, with their figures.
//!
//! 1,284 customers: 1,195 reach an address of their own (877 not in the audience yet, 289 in it
//! with other data, 29 in it as they are), 13 share one, 76 have none that could be used. 3,412
//! invoices and 1,906 sales receipts, of which 3,271 and 1,868 belong to somebody who can be
//! reached, $606,418.90 and $130,207.75 of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rand::Rng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rust_decimal::Decimal;

use super::account::{
    AccountSeed, SeedAddress, SeedAudience, SeedMember, SeedStatus, UnsubscribedBy,
};
use super::audience::stranger;
use super::generate::{ascii, company};
use super::names::{CITIES, FAMILY, GIVEN, GLAZES, STREETS, WARES};
use super::records::{
    Address, Books, Cents, Currency, Customer, Document, DocumentKind, Item, ItemKind, ItemRef,
    Line, Meta,
};
use super::{due, end_of_history, void};

const SEED: u64 = 20_261_121;
/// The tag that the application's first sync would set; people who are the same have it already.
const TAG: &str = "QuickBooks Online";

/// What becomes of a customer in a first sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    New,
    Updated,
    Same,
    Shares,
    NoEmail,
    Role,
    Invalid,
}

/// How many there are of each, without the people of [`NAMED`].
const FATES: [(Fate, usize); 7] = [
    (Fate::New, 874),
    (Fate::Updated, 287),
    (Fate::Same, 28),
    (Fate::Shares, 12),
    (Fate::NoEmail, 60),
    (Fate::Role, 10),
    (Fate::Invalid, 4),
];

/// A person or business of the mockups: name, given and family name, address, fate, invoices, and
/// their total in cents.
type Named = (
    &'static str,
    (&'static str, &'static str),
    Option<&'static str>,
    Fate,
    usize,
    i64,
);

const NAMED: [Named; 9] = [
    (
        "Adaeze Okonkwo",
        ("Adaeze", "Okonkwo"),
        Some("adaeze@okonkwo-ling.test"),
        Fate::New,
        6,
        128_450,
    ),
    (
        "Juniper & Company",
        ("Lena", "Juniper"),
        Some("hello.lena@juniperandco.test"),
        Fate::New,
        23,
        941_000,
    ),
    (
        "Ingrid Solheim",
        ("Ingrid", "Solheim"),
        Some("ingrid.solheim@fjordpost.test"),
        Fate::Updated,
        11,
        207_625,
    ),
    (
        "Théo Marchand",
        ("Théo", "Marchand"),
        Some("theo@marchand-fils.test"),
        Fate::Same,
        2,
        31_800,
    ),
    (
        "Kofi Mensah",
        ("Kofi", "Mensah"),
        Some("kofi@mensah.test"),
        Fate::Updated,
        6,
        412_000,
    ),
    (
        "Mensah Interiors",
        ("Kofi", "Mensah"),
        Some("kofi@mensah.test"),
        Fate::Shares,
        4,
        373_000,
    ),
    (
        "Rosa Delgado",
        ("Rosa", "Delgado"),
        Some("rosa.delgado@postbox.test"),
        Fate::New,
        2,
        54_800,
    ),
    (
        "Harbor Grill",
        ("Sam", "Harbor"),
        Some("billing@harborgrill.test"),
        Fate::Role,
        0,
        0,
    ),
    (
        "Wharf Street Dental",
        ("Pat", "Wharf"),
        None,
        Fate::NoEmail,
        0,
        0,
    ),
];

const INVOICES_SENT: usize = 3271;
const INVOICES_SENT_CENTS: i64 = 60_641_890;
const INVOICES_VOIDED: usize = 21;
const INVOICES_UNREACHABLE: usize = 120;
const RECEIPTS_SENT: usize = 1868;
const RECEIPTS_SENT_CENTS: i64 = 13_020_775;
const RECEIPTS_WALK_IN: usize = 20;
const RECEIPTS_UNREACHABLE: usize = 18;
const ITEMS: u64 = 148;
/// Contacts who have no address at all in QuickBooks; one more has half of one.
const WITHOUT_ADDRESS: usize = 153;
const SEVERAL_ADDRESSES: usize = 14;

/// Tidewater Ceramics and its Mailchimp account.
pub(crate) fn tidewater() -> (Books, AccountSeed) {
    let mut shop = Shop {
        books: Books::empty(company("9341454816120935", "Tidewater Ceramics")),
        random: ChaCha8Rng::seed_from_u64(SEED),
        fates: BTreeMap::new(),
    };
    "robin@tidewater-ceramics.test".clone_into(&mut shop.books.company.email);
    shop.books.company.multicurrency = false;
    shop.books.customer_types = vec![
        ("5000000000000001".to_owned(), "Retail".to_owned()),
        ("5000000000000002".to_owned(), "Wholesale".to_owned()),
    ];
    shop.add_items();
    shop.add_customers();
    shop.add_documents();
    let account = shop.account();
    (shop.books, account)
}

struct Shop {
    books: Books,
    random: ChaCha8Rng,
    fates: BTreeMap<u64, Fate>,
}

impl Shop {
    fn add_items(&mut self) {
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

    fn add_customers(&mut self) {
        let mut fates: Vec<Fate> = FATES
            .into_iter()
            .flat_map(|(fate, count)| std::iter::repeat_n(fate, count))
            .collect();
        fates.shuffle(&mut self.random);
        for (index, named) in NAMED.iter().enumerate() {
            let id = u64::try_from(index).expect("nine fit") + 1;
            let mut customer = self.person(id, named.1.0, named.1.1, named.3);
            named.0.clone_into(&mut customer.display_name);
            if !named.0.contains(named.1.1) || named.0.contains('&') {
                customer.company_name = Some(named.0.to_owned());
            }
            customer.email = named.2.map(str::to_owned);
            self.books.customers.insert(id, customer);
            self.fates.insert(id, named.3);
        }
        // Names in pairs that never repeat, without those of the people above.
        let mut pairs = (0..GIVEN.len() * FAMILY.len())
            .map(|step| {
                (
                    GIVEN[step % GIVEN.len()],
                    FAMILY[(step / GIVEN.len() + step) % FAMILY.len()],
                )
            })
            .filter(|pair| NAMED.iter().all(|named| named.1 != *pair));
        for (id, fate) in (10..).zip(fates) {
            let (given, family) = pairs.next().expect("1,600 pairs are enough");
            let customer = self.person(id, given, family, fate);
            self.books.customers.insert(id, customer);
            self.fates.insert(id, fate);
        }
        self.share_addresses();
        self.thin_out_addresses();
    }

    fn person(&mut self, id: u64, given: &str, family: &str, fate: Fate) -> Customer {
        let when = end_of_history()
            - SignedDuration::from_hours(24 * 800 - i64::try_from(id).expect("fits"));
        let mut customer = Customer::new(Meta::born(id, when), format!("{given} {family}"));
        customer.given_name = Some(given.to_owned());
        customer.family_name = Some(family.to_owned());
        let name = format!("{}.{}", ascii(given), ascii(family));
        let wrong = [
            "kim@nodot",
            "jo.at.shop.test",
            "mail@@quay.test",
            "none yet",
        ];
        customer.email = match fate {
            Fate::NoEmail => None,
            Fate::Role => Some(format!("{}@{}{id}.test", role(id), ascii(family))),
            Fate::Invalid => Some(wrong[self.of(&[Fate::Invalid]).len() % wrong.len()].to_owned()),
            Fate::New | Fate::Updated | Fate::Same | Fate::Shares => {
                Some(format!("{name}@tidemail{}.test", id % 7))
            }
        };
        let (city, state, zip) = CITIES[self.random.random_range(0..CITIES.len())];
        let street = STREETS[self.random.random_range(0..STREETS.len())];
        customer.bill = Some(Arc::new(Address {
            id: 5000 + id,
            lines: vec![format!("{} {street}", id % 380 + 1)],
            city: Some(city.to_owned()),
            state: Some(state.to_owned()),
            postal_code: Some(zip.to_owned()),
            country: Some("USA".to_owned()),
            invalid_position: false,
        }));
        let kind = usize::from(id.is_multiple_of(6));
        customer.customer_type = Some(self.books.customer_types[kind].0.clone());
        customer
    }

    fn of(&self, wanted: &[Fate]) -> Vec<u64> {
        self.fates
            .iter()
            .filter(|(_, fate)| wanted.contains(fate))
            .map(|(id, _)| *id)
            .collect()
    }

    /// Nine addresses are shared by 22 customers: Kofi Mensah's by two, eight others by twenty.
    fn share_addresses(&mut self) {
        let owners: Vec<u64> = self
            .of(&[Fate::New])
            .into_iter()
            .skip(40)
            .step_by(90)
            .take(8)
            .collect();
        let sharers: Vec<u64> = self
            .of(&[Fate::Shares])
            .into_iter()
            .filter(|id| *id > 9)
            .collect();
        for (index, id) in sharers.into_iter().enumerate() {
            let email = self.books.customers[&owners[index % owners.len()]]
                .email
                .clone();
            if let Some(sharer) = self.books.customers.get_mut(&id) {
                sharer.email = email;
            }
        }
        let several = self
            .of(&[Fate::New])
            .into_iter()
            .skip(10)
            .step_by(37)
            .take(SEVERAL_ADDRESSES);
        for id in several {
            if let Some(customer) = self.books.customers.get_mut(&id)
                && let Some(email) = &mut customer.email
            {
                *email = format!("{email}, office{id}@second-address.test");
            }
        }
    }

    /// Leaves 1,131 customers with an address, 1,041 of them contacts with a complete one.
    fn thin_out_addresses(&mut self) {
        let plain: Vec<u64> = self
            .of(&[Fate::New])
            .into_iter()
            .filter(|id| *id > 9)
            .collect();
        for id in plain.iter().rev().take(WITHOUT_ADDRESS) {
            if let Some(customer) = self.books.customers.get_mut(id) {
                customer.bill = None;
            }
        }
        if let Some(customer) = self.books.customers.get_mut(&plain[0]) {
            customer.bill = Some(Arc::new(Address {
                id: 5000 + plain[0],
                city: Some("Portland".to_owned()),
                ..Address::default()
            }));
        }
    }

    fn add_documents(&mut self) {
        let reached = self.of(&[Fate::New, Fate::Updated, Fate::Same, Fate::Shares]);
        let others: Vec<u64> = reached.iter().copied().filter(|id| *id > 9).collect();
        let unreachable: Vec<u64> = self.of(&[Fate::NoEmail, Fate::Invalid]);
        let mut invoices: Vec<(Option<u64>, i64)> = Vec::new();
        for (id, named) in (1..).zip(&NAMED) {
            let sums = self.split(named.5, named.4);
            invoices.extend(sums.into_iter().map(|sum| (Some(id), sum)));
        }
        let pinned: i64 = invoices.iter().map(|(_, cents)| cents).sum();
        let rest = self.split(INVOICES_SENT_CENTS - pinned, INVOICES_SENT - invoices.len());
        invoices.extend(
            rest.into_iter()
                .enumerate()
                .map(|(n, sum)| (Some(others[n * 7 % others.len()]), sum)),
        );
        let lost = self.split(2_412_000, INVOICES_UNREACHABLE);
        invoices.extend(
            lost.into_iter()
                .enumerate()
                .map(|(n, sum)| (Some(unreachable[n % unreachable.len()]), sum)),
        );
        invoices.extend((0..INVOICES_VOIDED).map(|n| (Some(others[n * 31]), 0)));
        let mut receipts: Vec<(Option<u64>, i64)> = Vec::new();
        let sent = self.split(RECEIPTS_SENT_CENTS, RECEIPTS_SENT);
        receipts.extend(
            sent.into_iter()
                .enumerate()
                .map(|(n, sum)| (Some(others[n * 11 % others.len()]), sum)),
        );
        let walk_in = self.split(96_000, RECEIPTS_WALK_IN);
        receipts.extend(walk_in.into_iter().map(|sum| (None, sum)));
        let lost = self.split(118_000, RECEIPTS_UNREACHABLE);
        receipts.extend(
            lost.into_iter()
                .enumerate()
                .map(|(n, sum)| (Some(unreachable[n]), sum)),
        );
        invoices.shuffle(&mut self.random);
        receipts.shuffle(&mut self.random);
        let all = invoices
            .into_iter()
            .map(|sale| (DocumentKind::Invoice, sale))
            .chain(
                receipts
                    .into_iter()
                    .map(|sale| (DocumentKind::SalesReceipt, sale)),
            );
        let mut all: Vec<_> = all.collect();
        all.shuffle(&mut self.random);
        let count = i64::try_from(all.len()).expect("fits");
        for (id, (kind, (customer, cents))) in (1..).zip(all) {
            let left = count - i64::try_from(id).expect("fits") + 1;
            let when = end_of_history() - SignedDuration::from_secs(730 * 86_400 * left / count);
            self.add_document(id, kind, customer, cents, when);
        }
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
        let each = super::to_cents(price).0;
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

    fn account(&mut self) -> AccountSeed {
        let known = self.of(&[Fate::Updated, Fate::Same]);
        let mut people: Vec<SeedMember> = known.iter().map(|id| self.member(*id)).collect();
        people.extend((0..94).map(|number| plain_stranger(number, "reader")));
        // 23 not subscribed and 38 unsubscribed, dealt from the end: 351 stay subscribed.
        deal(&mut people, 23, 38);
        // Beyond the 412 that Mailchimp counts: bounced, put away, deleted for good.
        for (offset, status) in [
            SeedStatus::Cleaned,
            SeedStatus::Archived,
            SeedStatus::Forgotten,
        ]
        .into_iter()
        .enumerate()
        {
            people.extend((0..3).map(|number| SeedMember {
                status,
                ..stranger(1000 + offset * 10 + number)
            }));
        }
        let wholesale: Vec<u64> = known.iter().copied().skip(60).take(64).collect();
        let workshop: Vec<u64> = known.iter().copied().skip(200).take(9).collect();
        let mut newsletter: Vec<SeedMember> = wholesale.iter().map(|id| self.member(*id)).collect();
        newsletter.extend((0..124).map(|number| plain_stranger(number, "trade")));
        deal(&mut newsletter, 5, 12);
        let mut signups: Vec<SeedMember> = workshop.iter().map(|id| self.member(*id)).collect();
        signups.extend((0..67).map(|number| plain_stranger(number, "potter")));
        deal(&mut signups, 7, 11);
        let audience = |name: &str, members| SeedAudience {
            name: name.to_owned(),
            double_opt_in: false,
            has_welcome: true,
            members,
        };
        AccountSeed {
            name: "Tidewater Ceramics".to_owned(),
            plan_contacts: 1500,
            audiences: vec![
                audience("Tidewater customers", people),
                audience("Wholesale newsletter", newsletter),
                audience("Workshop sign-ups 2023", signups),
            ],
        }
    }

    /// The member that a customer is already; with an older address when it is to be updated.
    fn member(&self, id: u64) -> SeedMember {
        let customer = &self.books.customers[&id];
        let same = self.fates[&id] == Fate::Same;
        let address = customer.bill.as_deref().and_then(|address| {
            Some(SeedAddress {
                addr1: if same {
                    address.lines.first()?.clone()
                } else {
                    "1 Old Wharf Road".to_owned()
                },
                addr2: String::new(),
                city: address.city.clone()?,
                state: address.state.clone()?,
                zip: address.postal_code.clone()?,
                country: "US".to_owned(),
            })
        });
        SeedMember {
            email: customer.email.clone().unwrap_or_default(),
            status: SeedStatus::Subscribed,
            first_name: customer.given_name.clone().unwrap_or_default(),
            last_name: customer.family_name.clone().unwrap_or_default(),
            address,
            phone: None,
            tags: if same {
                vec![TAG.to_owned()]
            } else {
                Vec::new()
            },
            changed: end_of_history() - SignedDuration::from_hours(24 * 30),
        }
    }
}

fn role(id: u64) -> &'static str {
    match id % 3 {
        0 => "billing",
        1 => "admin",
        _ => "support",
    }
}

fn plain_stranger(number: usize, kind: &str) -> SeedMember {
    SeedMember {
        email: format!("{kind}{number}@potters-list.test"),
        status: SeedStatus::Subscribed,
        ..stranger(number)
    }
}

/// Deals statuses from the end of the list; the others stay subscribed.
fn deal(people: &mut [SeedMember], not_subscribed: usize, unsubscribed: usize) {
    let by = [UnsubscribedBy::Person, UnsubscribedBy::Admin];
    for (place, person) in people.iter_mut().rev().step_by(3).enumerate() {
        if place < not_subscribed {
            person.status = SeedStatus::Transactional;
        } else if place < not_subscribed + unsubscribed {
            person.status = SeedStatus::Unsubscribed(by[place % 4 / 3]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_those_of_the_mockups() {
        let (books, account) = tidewater();
        assert_eq!(books.customers.len(), 1284);
        assert_eq!(books.items.len(), 148);
        let of = |kind| {
            books
                .documents
                .values()
                .filter(move |row: &&Document| row.kind == kind)
        };
        assert_eq!(of(DocumentKind::Invoice).count(), 3412);
        assert_eq!(of(DocumentKind::SalesReceipt).count(), 1906);
        let reachable = |row: &&Document| {
            row.total.0 > 0
                && row.customer.is_some_and(|id| {
                    let email = books.customers[&id].email.as_deref().unwrap_or_default();
                    let (local, domain) = email.split_once('@').unwrap_or_default();
                    domain.contains('.')
                        && !domain.starts_with('@')
                        && !["billing", "admin", "support"].contains(&local)
                })
        };
        for (kind, count, cents) in [
            (DocumentKind::Invoice, 3271, 60_641_890),
            (DocumentKind::SalesReceipt, 1868, 13_020_775),
        ] {
            let sent: Vec<_> = of(kind).filter(reachable).collect();
            assert_eq!(sent.len(), count, "{kind:?}");
            assert_eq!(sent.iter().map(|row| row.total.0).sum::<i64>(), cents);
        }
        assert!(
            books
                .documents
                .values()
                .all(|row| row.total == row.computed_total())
        );
        let with_address = books
            .customers
            .values()
            .filter(|row| row.bill.is_some())
            .count();
        assert_eq!(with_address, 1131);
        let mut addresses = BTreeMap::<String, usize>::new();
        for row in books.customers.values() {
            if let Some(email) = &row.email {
                *addresses.entry(email.to_lowercase()).or_default() += 1;
            }
        }
        let shared: Vec<usize> = addresses
            .values()
            .copied()
            .filter(|count| *count > 1)
            .collect();
        assert_eq!((shared.len(), shared.iter().sum::<usize>()), (9, 22));
        let several = books.customers.values().filter(|row| {
            row.email
                .as_deref()
                .is_some_and(|email| email.contains(','))
        });
        assert_eq!(several.count(), 14);
        let without = books
            .customers
            .values()
            .filter(|row| row.email.is_none())
            .count();
        assert_eq!(without, 61);
        assert_eq!(statuses(&account, 0), (351, 38, 23));
        assert_eq!(statuses(&account, 1), (171, 12, 5));
        assert_eq!(statuses(&account, 2), (58, 11, 7));
        for (audience, expected) in account.audiences.iter().zip([318, 64, 9]) {
            let overlap = audience
                .members
                .iter()
                .filter(|person| addresses.contains_key(&person.email));
            assert_eq!(overlap.count(), expected);
        }
    }

    fn statuses(account: &AccountSeed, place: usize) -> (usize, usize, usize) {
        let count = |wanted: fn(SeedStatus) -> bool| {
            let people = account.audiences[place].members.iter();
            people.filter(|person| wanted(person.status)).count()
        };
        (
            count(|status| status == SeedStatus::Subscribed),
            count(|status| matches!(status, SeedStatus::Unsubscribed(_))),
            count(|status| status == SeedStatus::Transactional),
        )
    }
}
