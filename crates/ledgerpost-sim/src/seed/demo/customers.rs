//! The customers: who they are, how they are reached, and where they live.

use std::sync::Arc;

use jiff::SignedDuration;
use rand::Rng;
use rand::seq::SliceRandom;

use super::super::end_of_history;
use super::super::names::{CITIES, FAMILY, GIVEN, STREETS, ascii};
use super::super::records::{Address, Customer, Meta};
use super::Shop;
use super::fates::{FATES, Fate, NAMED};

/// Contacts who have no address at all in QuickBooks; one more has half of one.
const WITHOUT_ADDRESS: usize = 153;
const SEVERAL_ADDRESSES: usize = 14;

impl Shop {
    pub(super) fn add_customers(&mut self) {
        let mut fates: Vec<Fate> = FATES
            .into_iter()
            .flat_map(|(fate, count)| std::iter::repeat_n(fate, count))
            .collect();
        fates.shuffle(&mut self.random);
        self.add_named();
        self.add_others(fates);
        self.share_addresses();
        self.add_second_addresses();
        self.thin_out_addresses();
    }

    /// The people and businesses of the mockups.
    fn add_named(&mut self) {
        for (id, named) in (1..).zip(&NAMED) {
            let mut customer = self.person(id, named.given, named.family, named.fate);
            named.name.clone_into(&mut customer.display_name);
            if !named.name.contains(named.family) || named.name.contains('&') {
                customer.company_name = Some(named.name.to_owned());
            }
            customer.email = named.email.map(str::to_owned);
            self.books.customers.insert(id, customer);
            self.fates.insert(id, named.fate);
        }
    }

    /// People whose names are pairs that never repeat, without those of the mockups.
    fn add_others(&mut self, fates: Vec<Fate>) {
        let mut pairs = (0..GIVEN.len() * FAMILY.len())
            .map(|step| {
                (
                    GIVEN[step % GIVEN.len()],
                    FAMILY[(step / GIVEN.len() + step) % FAMILY.len()],
                )
            })
            .filter(|pair| {
                NAMED
                    .iter()
                    .all(|named| (named.given, named.family) != *pair)
            });
        for (id, fate) in (10..).zip(fates) {
            let (given, family) = pairs.next().expect("1,600 pairs are enough");
            let customer = self.person(id, given, family, fate);
            self.books.customers.insert(id, customer);
            self.fates.insert(id, fate);
        }
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
    }

    /// A second address in the same field, as people type it.
    fn add_second_addresses(&mut self) {
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
}

fn role(id: u64) -> &'static str {
    match id % 3 {
        0 => "billing",
        1 => "admin",
        _ => "support",
    }
}
