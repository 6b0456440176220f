//! Measures the plan: how long it takes, how much memory it needs beyond the mirror, and whether
//! both grow in step with the company.
//!
//! `cargo run --release -p ledgerpost-engine --features testing --example plan_speed -- 100000 500000`
#![expect(clippy::print_stdout, reason = "a measurement prints its result")]

use std::convert::Infallible;
use std::error::Error;
use std::time::{Duration, Instant};

use jiff::civil::date;
use ledgerpost_core::Amount;
use ledgerpost_core::address::SourceAddress;
use ledgerpost_core::destination::{Audience, MergeField, MergeFieldKind};
use ledgerpost_core::settings::Settings;
use ledgerpost_core::source::{
    Company, Customer, Document, DocumentKey, DocumentKind, DocumentLine, Item, ItemKind,
};
use ledgerpost_engine::plan::memory::MemoryMirror;
use ledgerpost_engine::plan::{Entry, plan};

const ITEMS: usize = 500;

fn main() -> Result<(), Box<dyn Error>> {
    let mut sizes = std::env::args().skip(1);
    let customers: usize = sizes.next().map_or(Ok(100_000), |size| size.parse())?;
    let documents: usize = sizes.next().map_or(Ok(500_000), |size| size.parse())?;
    let settings = Settings::default();
    for part in [4, 2, 1] {
        let (customers, documents) = (customers / part, documents / part);
        let mut mirror = company(customers, documents);
        let first = measure(&mirror, &settings)?;
        let (entries, _) = mirror.plan(&settings)?;
        mirror.apply(&entries);
        drop(entries);
        let second = measure(&mirror, &settings)?;
        println!(
            "{customers} customers, {documents} documents: first sync {first}; nothing changed {second}"
        );
    }
    Ok(())
}

/// Each plan is made so often; the shortest time counts, because whatever else the computer does can
/// only make it longer.
const TIMES: u32 = 3;

/// Plans, throws the entries away, and says how long it took and how much more memory it needed: the
/// first time, because later ones find what that one gave back.
fn measure(mirror: &MemoryMirror, settings: &Settings) -> Result<String, Box<dyn Error>> {
    let (mut shortest, said, more) = measure_once(mirror, settings)?;
    for _ in 1..TIMES {
        shortest = shortest.min(measure_once(mirror, settings)?.0);
    }
    Ok(format!("{:.2} s, {said}{more}", shortest.as_secs_f64()))
}

fn measure_once(
    mirror: &MemoryMirror,
    settings: &Settings,
) -> Result<(Duration, String, String), Box<dyn Error>> {
    // Writing 5 there resets the high-water mark (Linux only; elsewhere there is no figure).
    let reset = std::fs::write("/proc/self/clear_refs", "5").is_ok();
    let before = memory("VmRSS:");
    let start = Instant::now();
    let mut entries = 0_u64;
    let summary = plan(mirror, settings, &mut |entry: Entry| {
        entries += 1;
        drop(entry);
        Ok::<(), Infallible>(())
    })?;
    let time = start.elapsed();
    let peak = memory("VmHWM:").zip(before).filter(|_| reset);
    let peak = peak.map_or_else(String::new, |(peak, before)| {
        format!(
            ", {} MB more at its peak",
            peak.saturating_sub(before) / 1024
        )
    });
    let said = format!("{entries} entries, {} changes", summary.change_count());
    Ok((time, said, peak))
}

/// A figure of this process in kilobytes.
fn memory(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

fn company(customers: usize, documents: usize) -> MemoryMirror {
    let mut mirror = MemoryMirror {
        company: Some(Company {
            realm: "9130".into(),
            name: "Tidewater Ceramics".to_owned(),
            email: None,
            phone: None,
            website: None,
            address: None,
            country: Some("US".to_owned()),
            home_currency: "USD".into(),
            time_zone: None,
            subscription: None,
        }),
        audience: Some(Audience {
            id: "a36b032126".into(),
            account: "account".into(),
            name: "Friends of the studio".to_owned(),
            double_optin: false,
            has_welcome: false,
            marketing_permissions: false,
            sign_up_form: None,
            merge_fields: [
                ("FNAME", MergeFieldKind::Text),
                ("LNAME", MergeFieldKind::Text),
                ("PHONE", MergeFieldKind::PhoneFree),
                ("ADDRESS", MergeFieldKind::Address),
            ]
            .into_iter()
            .map(|(tag, kind)| {
                let tag = tag.to_owned();
                let required = false;
                (
                    tag.clone(),
                    MergeField {
                        tag,
                        kind,
                        required,
                    },
                )
            })
            .collect(),
        }),
        ..MemoryMirror::default()
    };
    for n in 0..customers {
        let customer = customer(n);
        mirror.customers.insert(customer.id.clone(), customer);
    }
    for n in 0..ITEMS {
        let item = item(n);
        mirror.items.insert(item.id.clone(), item);
    }
    for n in 0..documents {
        let document = document(n, customers.max(1));
        mirror.documents.insert(document.key.clone(), document);
    }
    mirror.derive();
    mirror
}

fn customer(n: usize) -> Customer {
    let some = |text: &str| Some(text.to_owned());
    Customer {
        id: n.to_string().into(),
        display_name: format!("Pottery friend {n}"),
        given_name: some("Priya"),
        family_name: Some(format!("O'Neil {n}")),
        company_name: None,
        // One in twenty shares an address with another one, one in twenty has none.
        email_field: match n % 20 {
            0 => None,
            1 => Some(format!("friend{}@pottery.test", n + 1)),
            _ => Some(format!("friend{n}@pottery.test")),
        },
        phone: some("(503) 555-0110"),
        address: Some(SourceAddress {
            lines: vec![format!("{n} Harbor St"), "Unit 4".to_owned()],
            city: some("Astoria"),
            state: some("OR"),
            postal_code: some("97103"),
            country: some("USA"),
        }),
        active: !n.is_multiple_of(50),
        is_project: false,
        parent: (n.is_multiple_of(10) && n > 0).then(|| (n - 1).to_string().into()),
        currency: None,
        customer_type: None,
        last_sale: None,
    }
}

fn item(n: usize) -> Item {
    Item {
        id: n.to_string().into(),
        name: format!("Planter {n}"),
        sku: Some(format!("PL-{n}")),
        description: Some("Cedar, oiled, for the south side of the house".to_owned()),
        kind: ItemKind::Sellable,
        unit_price: Some(Amount::from_cents(4_500)),
        active: true,
    }
}

fn document(n: usize, customers: usize) -> Document {
    let kind = match n % 20 {
        0 => DocumentKind::CreditMemo,
        1..=5 => DocumentKind::SalesReceipt,
        _ => DocumentKind::Invoice,
    };
    let line = |at: usize| DocumentLine {
        item: Some(((n + at) % ITEMS).to_string().into()),
        description: None,
        quantity: 2.into(),
        amount: Amount::from_cents(9_000),
    };
    Document {
        key: DocumentKey::new(kind, &n.to_string()),
        kind,
        number: Some(n.to_string()),
        date: date(2026, 1, 1 + i8::try_from(n % 28).unwrap_or_default()),
        due: None,
        customer: Some((n % customers).to_string().into()),
        currency: None,
        total: Amount::from_cents(27_000),
        tax: Amount::ZERO,
        discount: Amount::ZERO,
        shipping: Amount::ZERO,
        balance: Amount::ZERO,
        voided: false,
        lines: (0..3).map(line).collect(),
        credited: Amount::ZERO,
    }
}
