//! The demo company: Tidewater Ceramics, the pottery shop of the mockups.

use super::account::AccountSeed;
use super::records::Books;
use super::{audience, generate};

/// Tidewater Ceramics and its Mailchimp account.
pub(crate) fn tidewater() -> (Books, AccountSeed) {
    let mut books = generate::books(1, 1284, 5400, 148);
    "Tidewater Ceramics".clone_into(&mut books.company.name);
    let account = audience::for_books(1, &books, 412);
    (books, account)
}
