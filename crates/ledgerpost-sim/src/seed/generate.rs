//! Books as untidy as real ones.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::customers::People;
use super::names::CITIES;
use super::records::{Address, Books, CompanyInfo};
use super::{documents, items};

/// Makes a company with exactly these numbers of records.
pub(crate) fn books(seed: u64, customers: usize, documents: usize, items: usize) -> Books {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut books = Books::empty(company("9341453172904821", "Saltmarsh & Daughters Supply"));
    books.customer_types = vec![
        ("5000000000000001".to_owned(), "Retail".to_owned()),
        ("5000000000000002".to_owned(), "Wholesale".to_owned()),
    ];
    People::new(&mut books, &mut random).add(customers);
    items::add(&mut books, &mut random, items);
    documents::add(&mut books, &mut random, documents);
    books
}

/// A small company beside the main one, so that the picker has something to pick.
pub(crate) fn second_company(seed: u64) -> Books {
    let mut small = books(seed ^ 0x5EC0_17D0, 7, 9, 4);
    small.company = company("1234567890", "Breakwater Books");
    small
}

/// A company in Maine.
pub(crate) fn company(realm: &str, name: &str) -> CompanyInfo {
    let (city, state, zip) = CITIES[0];
    CompanyInfo {
        realm: realm.to_owned(),
        name: name.to_owned(),
        legal_name: format!("{name} LLC"),
        email: "office@company-under-test.test".to_owned(),
        phone: "(207) 555-0100".to_owned(),
        website: None,
        address: Address {
            id: 1,
            lines: vec!["12 Mill Lane".to_owned()],
            city: Some(city.to_owned()),
            state: Some(state.to_owned()),
            postal_code: Some(zip.to_owned()),
            country: Some("USA".to_owned()),
            invalid_position: false,
        },
        country: "US".to_owned(),
        time_zone: "America/New_York".to_owned(),
        subscription: "SUBSCRIBED".to_owned(),
        multicurrency: true,
        custom_numbers: false,
    }
}
