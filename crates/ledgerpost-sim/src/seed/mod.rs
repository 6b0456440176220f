//! What the services hold at the start: a company's books, a second company for the picker, and a
//! Mailchimp account whose audiences overlap with the books.
//!
//! Everything follows from the seed alone; nothing asks the clock.

mod account;
mod audience;
mod customers;
mod demo;
mod documents;
mod generate;
mod items;
mod names;
mod records;
mod rules;

use jiff::Timestamp;

pub use account::{AccountSeed, SeedAddress, SeedAudience, SeedMember, SeedStatus, UnsubscribedBy};
pub use records::{
    Address, Books, Cents, CompanyInfo, Currency, Customer, Document, DocumentKind, Item, ItemKind,
    ItemRef, Line, LinkedKind, Meta, Payment, PaymentLine, Vendor,
};
pub(crate) use rules::{due, to_cents, void};

use crate::frame::{CompanyShape, Options};

/// What the services hold at the start.
#[derive(Debug, Clone)]
pub struct Seed {
    /// The companies that the person who signs in may choose from; the first is the main one.
    pub companies: Vec<Books>,
    /// The Mailchimp account.
    pub account: AccountSeed,
}

/// The moment up to which seeded history reaches. Fixed, so that the same seed gives the same
/// company on any day.
pub fn end_of_history() -> Timestamp {
    Timestamp::from_second(1_795_190_400).expect("2026-11-20T16:00:00Z is a valid time")
}

impl Seed {
    /// Makes the seed that the options ask for.
    pub fn new(options: &Options) -> Self {
        let (main, account) = match options.company {
            CompanyShape::Demo => demo::tidewater(),
            CompanyShape::Generated {
                customers,
                documents,
                items,
            } => {
                let books = generate::books(options.seed, customers, documents, items);
                let members = options.audience.unwrap_or(customers / 3 + 8);
                let account = audience::for_books(options.seed, &books, members);
                (books, account)
            }
        };
        Self {
            companies: vec![main, generate::second_company(options.seed)],
            account,
        }
    }
}
