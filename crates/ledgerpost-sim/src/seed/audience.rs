//! An audience that already holds people in every status, many of them customers.

use std::collections::HashSet;

use jiff::SignedDuration;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::account::{
    AccountSeed, SeedAddress, SeedAudience, SeedMember, SeedStatus, UnsubscribedBy,
};
use super::end_of_history;
use super::names::{FAMILY, GIVEN};
use super::records::{Books, Customer};

/// The statuses in the order in which they are dealt out.
const DEAL: [SeedStatus; 16] = [
    SeedStatus::Subscribed,
    SeedStatus::Unsubscribed(UnsubscribedBy::Person),
    SeedStatus::Archived,
    SeedStatus::Cleaned,
    SeedStatus::Transactional,
    SeedStatus::Forgotten,
    SeedStatus::Pending,
    SeedStatus::Unsubscribed(UnsubscribedBy::Admin),
    SeedStatus::Subscribed,
    SeedStatus::Subscribed,
    SeedStatus::Subscribed,
    SeedStatus::Subscribed,
    SeedStatus::Transactional,
    SeedStatus::Subscribed,
    SeedStatus::Subscribed,
    SeedStatus::Unsubscribed(UnsubscribedBy::Person),
];

/// Makes an account whose first audience holds `members` people, about two thirds of them
/// customers.
pub(crate) fn for_books(seed: u64, books: &Books, members: usize) -> AccountSeed {
    let mut random = ChaCha8Rng::seed_from_u64(seed ^ 0xA0D1_E9CE);
    let mut reachable: Vec<&Customer> = books
        .customers
        .values()
        .filter(|customer| address_of(customer).is_some())
        .collect();
    reachable.shuffle(&mut random);
    let mut taken = HashSet::new();
    let mut people = Vec::with_capacity(members);
    for customer in reachable.into_iter().take(members * 2 / 3) {
        let Some(address) = address_of(customer) else {
            continue;
        };
        if taken.insert(address.to_lowercase()) {
            people.push(member_for(customer, address, people.len()));
        }
    }
    for number in people.len()..members {
        people.push(stranger(number));
    }
    AccountSeed {
        name: books.company.name.clone(),
        plan_contacts: 1_000_000,
        audiences: vec![
            SeedAudience {
                name: format!("{} customers", books.company.name),
                double_opt_in: false,
                has_welcome: true,
                members: people,
            },
            SeedAudience {
                name: "Newsletter with confirmation".to_owned(),
                double_opt_in: true,
                has_welcome: true,
                members: (0..12).map(|number| stranger(number + 900_000)).collect(),
            },
        ],
    }
}

/// The first of a customer's addresses, when it looks like one.
fn address_of(customer: &Customer) -> Option<&str> {
    let first = customer.email.as_deref()?.split([',', ';']).next()?.trim();
    let (local, domain) = first.split_once('@')?;
    let fine = !local.is_empty()
        && !first.contains(' ')
        && domain.contains('.')
        && !domain.contains('@')
        && !domain.ends_with("example.com");
    fine.then_some(first)
}

fn member_for(customer: &Customer, address: &str, number: usize) -> SeedMember {
    // Mailchimp's spelling differs from QuickBooks' here and there, and so do the names.
    let email = if number % 5 == 3 {
        address.to_uppercase()
    } else {
        address.to_owned()
    };
    let known = customer
        .bill
        .as_deref()
        .filter(|_| number.is_multiple_of(2));
    SeedMember {
        email,
        status: DEAL[number % DEAL.len()],
        first_name: customer.given_name.clone().unwrap_or_default(),
        last_name: if number % 4 == 1 {
            String::new()
        } else {
            customer.family_name.clone().unwrap_or_default()
        },
        address: known.and_then(|address| {
            Some(SeedAddress {
                addr1: address.lines.first()?.clone(),
                addr2: String::new(),
                city: address.city.clone()?,
                state: address.state.clone()?,
                zip: address.postal_code.clone()?,
                country: "US".to_owned(),
            })
        }),
        phone: None,
        tags: if number.is_multiple_of(6) {
            vec!["Workshop 2023".to_owned()]
        } else {
            Vec::new()
        },
        changed: end_of_history() - SignedDuration::from_hours(24 * 30),
    }
}

/// Somebody who is no customer.
pub(crate) fn stranger(number: usize) -> SeedMember {
    SeedMember {
        email: format!("reader{number}@newsletter-reader.test"),
        status: DEAL[number % DEAL.len()],
        first_name: GIVEN[number % GIVEN.len()].to_owned(),
        last_name: FAMILY[number / 7 % FAMILY.len()].to_owned(),
        address: None,
        phone: None,
        tags: Vec::new(),
        changed: end_of_history() - SignedDuration::from_hours(24 * 60),
    }
}
