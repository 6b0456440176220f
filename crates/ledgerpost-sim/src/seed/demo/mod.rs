//! The demo company: Tidewater Ceramics, the pottery shop of the mockups, with their figures.
//!
//! 1,284 customers: 1,195 reach an address of their own (877 not in the audience yet, 289 in it
//! with other data, 29 in it as they are), 13 share one, 76 have none that could be used. 3,412
//! invoices and 1,906 sales receipts, of which 3,271 and 1,868 belong to somebody who can be
//! reached, $606,418.90 and $130,207.75 of them.

mod audiences;
mod customers;
mod fates;
mod sales;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::account::AccountSeed;
use super::generate::company;
use super::records::Books;
use fates::Fate;

const SEED: u64 = 20_261_121;

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
    /// The customers with one of these fates.
    fn of(&self, wanted: &[Fate]) -> Vec<u64> {
        self.fates
            .iter()
            .filter(|(_, fate)| wanted.contains(fate))
            .map(|(id, _)| *id)
            .collect()
    }
}
