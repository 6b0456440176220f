use std::collections::BTreeMap;

use super::tidewater;
use crate::seed::records::{Books, Document, DocumentKind};
use crate::seed::{AccountSeed, SeedStatus};

/// How many customers there are under each address.
fn addresses(books: &Books) -> BTreeMap<String, usize> {
    let mut addresses = BTreeMap::<String, usize>::new();
    for email in books
        .customers
        .values()
        .filter_map(|row| row.email.as_ref())
    {
        *addresses.entry(email.to_lowercase()).or_default() += 1;
    }
    addresses
}

#[test]
fn the_customers_are_those_of_the_mockups() {
    let (books, _) = tidewater();
    assert_eq!(books.customers.len(), 1284);
    assert_eq!(books.items.len(), 148);
    let rows = || books.customers.values();
    assert_eq!(rows().filter(|row| row.bill.is_some()).count(), 1131);
    assert_eq!(rows().filter(|row| row.email.is_none()).count(), 61);
    let emails = rows().filter_map(|row| row.email.as_deref());
    assert_eq!(emails.filter(|email| email.contains(',')).count(), 14);
    let shared: Vec<usize> = addresses(&books)
        .into_values()
        .filter(|count| *count > 1)
        .collect();
    assert_eq!((shared.len(), shared.iter().sum::<usize>()), (9, 22));
}

#[test]
fn the_sales_are_those_of_the_mockups() {
    let (books, _) = tidewater();
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
}

#[test]
fn the_audiences_are_those_of_the_mockups() {
    let (books, account) = tidewater();
    assert_eq!(statuses(&account, 0), (351, 38, 23));
    assert_eq!(statuses(&account, 1), (171, 12, 5));
    assert_eq!(statuses(&account, 2), (58, 11, 7));
    let addresses = addresses(&books);
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
