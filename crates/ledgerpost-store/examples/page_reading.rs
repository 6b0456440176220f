//! Measures what a plan of a large company waits for: `cargo run --release -p ledgerpost-store
//! --example page_reading [CUSTOMERS] [DOCUMENTS]`.
#![expect(clippy::print_stdout, reason = "its output is the measurement")]

use std::time::{Duration, Instant};

use jiff::Timestamp;
use ledgerpost_core::destination::{Member, MemberFields, MemberStatus};
use ledgerpost_core::ids::{CurrencyCode, CustomerId, ItemId, RealmId};
use ledgerpost_core::link::{ContactLink, Fingerprint, OrderLink};
use ledgerpost_core::ports::Mirror;
use ledgerpost_core::source::{
    CreditApplication, Customer, Document, DocumentKey, DocumentKind, DocumentLine,
};
use ledgerpost_core::{Amount, EmailAddress};
use ledgerpost_store::{CompanyStore, ContactFilter, DataFolder, Effect, Error};

const PAGE: usize = 1_000;
type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<usize>());
    let customers = numbers.next().transpose()?.unwrap_or(100_000);
    let documents = numbers.next().transpose()?.unwrap_or(500_000);
    let place = tempfile::tempdir()?;
    let folder = DataFolder::open(place.path(), "page_reading")?;
    let realm = RealmId::from("1");
    let (store, _) = folder.company(&realm, Timestamp::now())?;

    timed("store customers, members, links", || {
        store_people(&store, customers)
    })?;
    timed("store documents, order links", || {
        store_documents(&store, customers, documents)
    })?;
    drop(store);
    let (store, _) = timed("open", || Ok(folder.company(&realm, Timestamp::now())?))?;

    timed("read customers", || {
        pages(
            |after, limit| store.customers(after, limit),
            |row| row.id.clone(),
        )
    })?;
    timed("read members", || {
        pages(
            |after, limit| store.members(after, limit),
            |row| row.hash.clone(),
        )
    })?;
    timed("read contact links", || {
        pages(
            |after, limit| store.contact_links(after, limit),
            |row| row.hash.clone(),
        )
    })?;
    timed("read documents", || {
        pages(
            |after, limit| store.documents(after, limit),
            |row| row.key.clone(),
        )
    })?;
    timed("read order links", || {
        pages(
            |after, limit| store.order_links(after, limit),
            |row| row.key.clone(),
        )
    })?;
    timed("document totals", || Ok(store.document_totals()?))?;
    timed("contacts, first page", || {
        Ok(store
            .contacts(&ContactFilter::default(), None, 50)
            .map(|page| page.len())?)
    })?;
    search_times(&store)?;
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        for line in status.lines().filter(|line| line.starts_with("VmHWM")) {
            println!("{line}");
        }
    }
    Ok(())
}

fn timed<T>(what: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    let begun = Instant::now();
    let value = work()?;
    println!("{what:<34} {:>8.3} s", begun.elapsed().as_secs_f64());
    Ok(value)
}

fn pages<T, K>(
    page: impl Fn(Option<&K>, usize) -> Result<Vec<T>, Error>,
    key: impl Fn(&T) -> K,
) -> Outcome<usize> {
    let mut after = None;
    let mut count = 0;
    loop {
        let rows = page(after.as_ref(), PAGE)?;
        count += rows.len();
        if rows.len() < PAGE {
            return Ok(count);
        }
        after = rows.last().map(&key);
    }
}

fn search_times(store: &CompanyStore) -> Outcome<()> {
    let typed = [
        "a",
        "an",
        "ann",
        "anna 9",
        "person",
        "person 4",
        "p4711",
        "shop.test",
        "José",
        "10",
        "1042",
        "zzz",
        "anna person shop",
        "p99@shop.test",
        "e",
        "INV 77",
    ];
    let mut times: Vec<Duration> = Vec::new();
    for text in typed.iter().cycle().take(typed.len() * 20) {
        let begun = Instant::now();
        store.search(text, 20)?;
        times.push(begun.elapsed());
    }
    times.sort();
    println!(
        "search                             p95 {:.2} ms, slowest {:.2} ms",
        times[times.len() * 95 / 100].as_secs_f64() * 1e3,
        times[times.len() - 1].as_secs_f64() * 1e3
    );
    Ok(())
}

fn store_people(store: &CompanyStore, count: usize) -> Outcome<()> {
    let numbers: Vec<usize> = (1..=count).collect();
    for chunk in numbers.chunks(PAGE) {
        let people: Vec<Customer> = chunk.iter().map(|n| customer(*n)).collect();
        let raw = "x".repeat(900);
        store.write(|write| {
            write.store_customers(people.iter().map(|person| (person, raw.as_str())))?;
            for n in chunk {
                let email = address(*n);
                write.store_members([&Member {
                    hash: email.hash(),
                    email: email.as_str().to_owned(),
                    status: MemberStatus::Transactional,
                    fields: MemberFields {
                        first_name: Some("Anna".to_owned()),
                        last_name: Some(format!("Person {n}")),
                        ..MemberFields::default()
                    },
                    tags: vec!["QuickBooks Online".to_owned()],
                    contact_id: None,
                    last_changed: Some("2026-01-01T00:00:00+00:00".to_owned()),
                }])?;
                write.apply_effects(&[Effect::PutContactLink(ContactLink {
                    hash: email.hash(),
                    email,
                    customers: vec![CustomerId::new(n.to_string())],
                    fingerprint: Fingerprint::from_stored("0123456789abcdef0123456789abcdef"),
                    created_by_us: true,
                    tag: Some("QuickBooks Online".to_owned()),
                    refused: None,
                })])?;
            }
            Ok::<_, Error>(())
        })?;
    }
    Ok(())
}

fn store_documents(store: &CompanyStore, customers: usize, count: usize) -> Outcome<()> {
    let numbers: Vec<usize> = (1..=count).collect();
    let raw = "x".repeat(1_500);
    for chunk in numbers.chunks(PAGE) {
        let documents: Vec<Document> = chunk.iter().map(|n| document(*n, customers)).collect();
        store.write(|write| {
            write.store_documents(documents.iter().map(|row| (row, raw.as_str())))?;
            for document in documents.iter().filter(|row| row.kind.is_sale()) {
                write.apply_effects(&[Effect::PutOrderLink {
                    link: OrderLink {
                        key: document.key.clone(),
                        fingerprint: Fingerprint::from_stored("0123456789abcdef0123456789abcdef"),
                        refused: None,
                        exists: true,
                    },
                    body: None,
                }])?;
            }
            for memo in documents.iter().filter(|row| !row.kind.is_sale()).take(20) {
                let application = CreditApplication {
                    carrier: format!("payment_{}", memo.key),
                    invoice: documents[0].key.clone(),
                    memo: memo.key.clone(),
                    amount: Amount::from_cents(5),
                };
                write.store_credit_applications([(
                    application.carrier.as_str(),
                    std::slice::from_ref(&application),
                )])?;
            }
            Ok::<_, Error>(())
        })?;
    }
    Ok(())
}

fn address(n: usize) -> EmailAddress {
    EmailAddress::parse(&format!("p{n}@shop.test")).expect("a plain address")
}

fn customer(n: usize) -> Customer {
    Customer {
        id: CustomerId::new(n.to_string()),
        display_name: format!("Anna Person {n}"),
        given_name: Some("Anna".to_owned()),
        family_name: Some(format!("Person {n}")),
        company_name: n
            .is_multiple_of(7)
            .then(|| "Éclair José & Söhne".to_owned()),
        email_field: Some(address(n).as_str().to_owned()),
        phone: Some("555-0100".to_owned()),
        address: None,
        active: true,
        is_project: false,
        parent: None,
        currency: Some(CurrencyCode::from("USD")),
        customer_type: None,
        last_sale: None,
    }
}

fn document(n: usize, customers: usize) -> Document {
    let kind = match n % 25 {
        0 => DocumentKind::CreditMemo,
        1..=8 => DocumentKind::SalesReceipt,
        _ => DocumentKind::Invoice,
    };
    let line = |position: i64| DocumentLine {
        item: Some(ItemId::new((n % 200).to_string())),
        description: Some("Stoneware bowl, glazed".to_owned()),
        quantity: 2.into(),
        amount: Amount::from_cents(1_250 * position),
    };
    Document {
        key: DocumentKey::new(kind, &n.to_string()),
        kind,
        number: Some(format!("INV-{n}")),
        date: jiff::civil::date(2025, 1, 1)
            .saturating_add(jiff::Span::new().days(i64::try_from(n % 360).expect("small"))),
        due: None,
        customer: Some(CustomerId::new((n % customers + 1).to_string())),
        currency: Some(CurrencyCode::from("USD")),
        total: Amount::from_cents(7_812),
        tax: Amount::from_cents(312),
        discount: Amount::ZERO,
        shipping: Amount::ZERO,
        balance: Amount::from_cents(7_812),
        voided: false,
        lines: (1..=3).map(line).collect(),
        credited: Amount::ZERO,
    }
}
