//! Customers as untidy as real ones, and the vendors between them.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::end_of_history;
use super::names::{ABROAD, BUSINESS, CITIES, FAMILY, GIVEN, STREETS, TRADE, ascii};
use super::records::{Address, Books, Currency, Customer, Meta, Vendor};

/// The quirks come round again after this many customers.
const ROUND: usize = 40;

/// Adds customers and vendors, which share ids and names.
pub(super) struct People<'a> {
    books: &'a mut Books,
    random: &'a mut ChaCha8Rng,
    taken: HashSet<String>,
    next_id: u64,
    last_plain: Option<u64>,
    top: Option<u64>,
}

impl<'a> People<'a> {
    pub(super) fn new(books: &'a mut Books, random: &'a mut ChaCha8Rng) -> Self {
        Self {
            books,
            random,
            taken: HashSet::new(),
            next_id: 1,
            last_plain: None,
            top: None,
        }
    }

    pub(super) fn add(&mut self, count: usize) {
        let born = end_of_history() - SignedDuration::from_hours(24 * 900);
        for index in 0..count {
            // Thirty customers at a time were imported in the same second.
            let batch = i64::try_from(index / 30).expect("no company has that many customers");
            let when = born + SignedDuration::from_secs(batch * 977);
            if index % 50 == 49 {
                self.add_vendor(when);
            }
            self.add_customer(index, when);
        }
    }

    fn id(&mut self) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }

    fn pick<'t>(&mut self, words: &'t [&'t str]) -> &'t str {
        words[self.random.random_range(0..words.len())]
    }

    /// The name, with a number behind it when somebody has it already.
    fn free_name(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 2;
        while !self.taken.insert(name.to_lowercase()) {
            name = format!("{wanted} {number}");
            number += 1;
        }
        name
    }

    fn add_vendor(&mut self, when: Timestamp) {
        let id = self.id();
        let name = format!("{} Clay & Glaze", self.pick(&TRADE));
        let display_name = self.free_name(&name);
        let vendor = Vendor {
            meta: Meta::born(id, when),
            display_name,
            active: true,
        };
        self.books.vendors.insert(id, vendor);
    }

    fn person(&mut self, id: u64, when: Timestamp) -> Customer {
        let (given, family) = (self.pick(&GIVEN), self.pick(&FAMILY));
        let business = self.random.random_bool(0.3);
        let wanted = if business {
            format!("{} {}", self.pick(&TRADE), self.pick(&BUSINESS))
        } else {
            format!("{given} {family}")
        };
        let name = self.free_name(&wanted);
        let mut customer = Customer::new(Meta::born(id, when), name);
        customer.company_name = business.then_some(wanted);
        customer.given_name = Some(given.to_owned());
        customer.family_name = Some(family.to_owned());
        customer.email = Some(format!(
            "{}.{}{id}@{}.test",
            ascii(given),
            ascii(family),
            ascii(self.books.company.name.split(' ').next().unwrap_or("shop"))
        ));
        customer.phone = Some(format!("(207) 555-{:04}", id % 10_000));
        customer.bill = Some(Arc::new(self.address(id)));
        customer.ship.clone_from(&customer.bill);
        customer.customer_type = self
            .random
            .random_bool(0.5)
            .then(|| self.books.customer_types[usize::from(business)].0.clone());
        customer
    }

    fn address(&mut self, id: u64) -> Address {
        let (city, state, zip) = CITIES[self.random.random_range(0..CITIES.len())];
        Address {
            id: 1000 + id,
            lines: vec![format!(
                "{} {}",
                self.random.random_range(1..400),
                self.pick(&STREETS)
            )],
            city: Some(city.to_owned()),
            state: Some(state.to_owned()),
            postal_code: Some(zip.to_owned()),
            country: self.random.random_bool(0.6).then(|| "USA".to_owned()),
            invalid_position: id.is_multiple_of(9),
        }
    }

    fn add_customer(&mut self, index: usize, when: Timestamp) {
        let id = self.id();
        let mut customer = self.person(id, when);
        let quirk = index % ROUND;
        if matches!(quirk, 0 | 1 | 2 | 4 | 6 | 8) {
            self.last_plain = Some(id);
            self.top = Some(id);
        }
        self.make_untidy(&mut customer, quirk, index / ROUND);
        self.books.customers.insert(id, customer);
    }

    /// Gives a customer the quirk of its place in the round.
    fn make_untidy(&mut self, customer: &mut Customer, quirk: usize, round: usize) {
        let id = customer.meta.id;
        let neighbour = self
            .last_plain
            .and_then(|plain| self.books.customers.get(&plain))
            .and_then(|plain| plain.email.clone());
        match quirk {
            3 => {
                customer.email = customer
                    .email
                    .take()
                    .map(|own| format!("{own}, books{id}@ledger.test"));
            }
            5 => customer.email = neighbour,
            7 => customer.email = neighbour.map(|email| email.to_uppercase()),
            9 => {
                customer.email = customer.email.take().map(|own| format!("  {own} "));
                customer.given_name = customer.given_name.take().map(|name| format!(" {name}  "));
            }
            10 | 11 => customer.email = None,
            12 => customer.email = Some(format!("info{id}@{id}.shop.test")),
            13 => {
                let role = ["billing", "admin", "support", "noreply"][round % 4];
                customer.email = Some(format!("{role}@business{id}.test"));
            }
            15 => {
                let wrong = ["ask at the counter", "kim@nodot", "two@@signs.test", "none"];
                customer.email = Some(wrong[round % wrong.len()].to_owned());
            }
            16 => {
                customer.bill = Some(Arc::new(Address {
                    id: 1000 + id,
                    city: Some("Bangor".to_owned()),
                    ..Address::default()
                }));
            }
            17 => {
                customer.bill = None;
                customer.ship = None;
            }
            18 | 19 => Self::move_abroad(customer, quirk, round),
            20..=24 => self.make_sub_customer(customer, quirk),
            25 | 26 => self.deactivate(customer, quirk),
            27 => {
                // 100 characters is as long as the field takes.
                let domain = "a-very-long-domain-name-for-a-shop.test";
                let local = format!("{:x<60}", format!("long.address.of.customer.{id}."));
                customer.email = Some(format!("{}@{domain}", &local[..60]));
            }
            28 => self.rename(customer, &format!("Fern & Söhne 🌿 \"Nº {id}\"")),
            29 => self.rename(customer, &format!("Kim O'Hara's {id} & Co's")),
            30 if round.is_multiple_of(2) => {
                customer.email = Some(format!("shopper{id}@example.com"));
            }
            31 => {
                customer.bill = Some(Arc::new(Address {
                    id: 1000 + id,
                    lines: vec![
                        customer.display_name.clone(),
                        "c/o Front Desk".to_owned(),
                        "Portland, ME 04101".to_owned(),
                    ],
                    ..Address::default()
                }));
                customer.ship = None;
            }
            32 => {
                customer.given_name = None;
                customer.family_name = None;
            }
            33 => {
                customer.email = customer
                    .email
                    .take()
                    .map(|own| format!("{own}; not-an-address"));
            }
            34 => {
                customer.phone = Some("ask for Kim, ext. 4".to_owned());
                customer.notes = Some("Prefers <b>mail</b> on Fridays\nnever call".to_owned());
            }
            35 => customer.title = Some("Dr.".to_owned()),
            _ => {}
        }
    }

    fn rename(&mut self, customer: &mut Customer, wanted: &str) {
        customer.display_name = self.free_name(wanted);
        customer.company_name = Some(customer.display_name.clone());
    }

    fn move_abroad(customer: &mut Customer, quirk: usize, round: usize) {
        let (line, city, region, zip, country) = ABROAD[round % ABROAD.len()];
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        customer.bill = Some(Arc::new(Address {
            id: 1000 + customer.meta.id,
            lines: vec![line.to_owned()],
            city: filled(city),
            state: filled(region),
            postal_code: filled(zip),
            country: filled(country),
            invalid_position: false,
        }));
        customer.ship.clone_from(&customer.bill);
        if quirk == 19 {
            customer.currency = [Currency::Eur, Currency::Cad, Currency::Gbp][round % 3];
        }
    }

    /// A chain of four levels below a plain customer, and a project beside it.
    fn make_sub_customer(&mut self, customer: &mut Customer, quirk: usize) {
        let above = if matches!(quirk, 20 | 24) {
            self.last_plain
        } else {
            self.top
        };
        let Some(parent) = above.and_then(|id| self.books.customers.get(&id)) else {
            return;
        };
        customer.parent = Some(parent.meta.id);
        customer.currency = parent.currency;
        customer.bill_with_parent = quirk.is_multiple_of(2);
        customer.project = quirk == 24;
        customer.company_name = None;
        customer.display_name = match quirk {
            20 => "Warehouse".to_owned(),
            24 => format!("Kiln rebuild {}", customer.meta.id),
            level => format!("Floor {level}"),
        };
        customer.email = match quirk {
            20 => parent.email.clone(),
            22 => customer.email.take(),
            _ => None,
        };
        if quirk != 24 {
            self.top = Some(customer.meta.id);
        }
    }

    /// An inactive customer, and the active one that took the name.
    fn deactivate(&mut self, customer: &mut Customer, quirk: usize) {
        if quirk == 25 {
            customer.active = false;
            customer.meta.token = 1;
            let shown = format!("{} (deleted)", customer.display_name);
            // The plain name is free again (`quickbooks-online.md` 5.5).
            self.taken.remove(&customer.display_name.to_lowercase());
            self.taken.insert(shown.to_lowercase());
            customer.display_name = shown;
        } else if let Some(gone) = self.books.customers.values().next_back()
            && !gone.active
            && let Some(name) = gone.display_name.strip_suffix(" (deleted)")
        {
            let name = name.to_owned();
            customer.display_name = self.free_name(&name);
        }
    }
}
