//! What may happen to a company and its audience, and what it does to the mirror.

use ledgerpost_core::Amount;
use ledgerpost_core::destination::MemberStatus;
use ledgerpost_core::ids::CustomerId;
use ledgerpost_core::settings::Settings;
use ledgerpost_core::source::{CreditApplication, DocumentKey, DocumentKind, ItemKind};
use proptest::prelude::*;
use proptest::sample::select;

use super::super::company::{customer, day, document, hash, item};
use super::settings::settings;
use crate::plan::memory::MemoryMirror;

const EMAILS: [&str; 14] = [
    "",
    "a@one.test",
    "A@ONE.test",
    "b@one.test",
    "c@one.test",
    "d@one.test, e@one.test",
    "e@one.test",
    "f@one.test",
    "billing@one.test",
    "x@example.com",
    "x@example.com; f@one.test",
    "not an address",
    "g@one.test",
    "h@one.test",
];

const IDS: [&str; 7] = ["1", "2", "3", "9", "10", "11", "100"];

/// Something that happens between two rounds, in QuickBooks or in Mailchimp.
#[derive(Debug, Clone)]
pub(super) enum Event {
    Customer {
        id: &'static str,
        email: &'static str,
        active: bool,
        project: bool,
        parent: Option<&'static str>,
        name: u8,
    },
    CustomerGone(&'static str),
    Sale {
        kind: DocumentKind,
        id: &'static str,
        customer: &'static str,
        cents: i64,
        day: i8,
        item: &'static str,
        quantity: i64,
        currency: Option<&'static str>,
        voided: bool,
    },
    DocumentGone(DocumentKind, &'static str),
    Credit {
        invoice: &'static str,
        memo: &'static str,
        cents: i64,
    },
    Item {
        id: &'static str,
        name: u8,
        kind: ItemKind,
        active: bool,
    },
    Member {
        email: &'static str,
        status: MemberStatus,
    },
    MemberGone(&'static str),
    Refused(&'static str, &'static str),
    ProductRefused(&'static str),
    OrderRefused(DocumentKind, &'static str),
    Settings(Box<Settings>),
}

pub(super) fn id() -> impl Strategy<Value = &'static str> {
    select(&IDS[..])
}

fn address() -> impl Strategy<Value = &'static str> {
    select(vec![
        "a@one.test",
        "b@one.test",
        "c@one.test",
        "d@one.test",
        "e@one.test",
        "f@one.test",
        "billing@one.test",
    ])
}

fn kind() -> impl Strategy<Value = DocumentKind> {
    select(vec![
        DocumentKind::Invoice,
        DocumentKind::Invoice,
        DocumentKind::SalesReceipt,
        DocumentKind::CreditMemo,
        DocumentKind::RefundReceipt,
    ])
}

fn status() -> impl Strategy<Value = MemberStatus> {
    select(vec![
        MemberStatus::Subscribed,
        MemberStatus::Unsubscribed,
        MemberStatus::Cleaned,
        MemberStatus::Pending,
        MemberStatus::Transactional,
        MemberStatus::Archived,
    ])
}

fn sale() -> impl Strategy<Value = Event> {
    (
        (
            kind(),
            id(),
            select(vec!["", "1", "2", "3", "9", "10", "404"]),
        ),
        prop_oneof![Just(0_i64), 1..50_000_i64, -500..0_i64],
        1..28_i8,
        select(vec!["1", "2", "3", "404"]),
        -1..5_i64,
        prop_oneof![4 => Just(None), 1 => Just(Some("EUR")), 1 => Just(Some("USD"))],
        prop::bool::weighted(0.1),
    )
        .prop_map(
            |((kind, id, customer), cents, day, item, quantity, currency, voided)| Event::Sale {
                kind,
                id,
                customer,
                cents: if voided { 0 } else { cents },
                day,
                item,
                quantity,
                currency,
                voided,
            },
        )
}

pub(super) fn event() -> impl Strategy<Value = Event> {
    let parent = prop_oneof![2 => Just(None), 1 => id().prop_map(Some)];
    let customer = (
        id(),
        select(&EMAILS[..]),
        prop::bool::weighted(0.8),
        prop::bool::weighted(0.15),
        parent,
        0..3_u8,
    )
        .prop_map(
            |(id, email, active, project, parent, name)| Event::Customer {
                id,
                email,
                active,
                project,
                parent,
                name,
            },
        );
    let items = select(vec![
        ItemKind::Sellable,
        ItemKind::Sellable,
        ItemKind::Bundle,
        ItemKind::Category,
    ]);
    prop_oneof![
        8 => customer,
        1 => id().prop_map(Event::CustomerGone),
        8 => sale(),
        2 => (kind(), id()).prop_map(|(kind, id)| Event::DocumentGone(kind, id)),
        2 => (id(), id(), 1..9_000_i64)
            .prop_map(|(invoice, memo, cents)| Event::Credit { invoice, memo, cents }),
        2 => (select(vec!["1", "2", "3"]), 0..3_u8, items, any::<bool>())
            .prop_map(|(id, name, kind, active)| Event::Item { id, name, kind, active }),
        4 => (address(), status()).prop_map(|(email, status)| Event::Member { email, status }),
        1 => address().prop_map(Event::MemberGone),
        1 => (address(), id()).prop_map(|(email, id)| Event::Refused(email, id)),
        1 => select(vec!["item_1", "item_2", "item_other"]).prop_map(Event::ProductRefused),
        1 => (kind(), id()).prop_map(|(kind, id)| Event::OrderRefused(kind, id)),
        2 => settings().prop_map(|settings| Event::Settings(Box::new(settings))),
    ]
}

pub(super) fn happen(mirror: &mut MemoryMirror, settings: &mut Settings, event: &Event) {
    match event.clone() {
        Event::Customer {
            id,
            email,
            active,
            project,
            parent,
            name,
        } => {
            let mut row = customer(id, email);
            row.active = active;
            row.is_project = project;
            row.parent = parent.map(Into::into);
            row.customer_type = Some(name.to_string());
            if name > 0 {
                row.given_name = Some(format!("Name{name}"));
            }
            mirror.add(row);
        }
        Event::CustomerGone(id) => {
            mirror.customers.remove(&CustomerId::from(id));
        }
        Event::Sale {
            kind,
            id,
            customer,
            cents,
            day: date,
            item,
            quantity,
            currency,
            voided,
        } => {
            let mut row = document(kind, id, customer, cents);
            row.date = day(date);
            row.currency = currency.map(Into::into);
            row.voided = voided;
            if item == "404" {
                row.lines.clear();
            } else {
                row.lines[0].item = Some(item.into());
                row.lines[0].quantity = quantity.into();
            }
            mirror.sell(row);
        }
        Event::DocumentGone(kind, id) => {
            mirror.documents.remove(&DocumentKey::new(kind, id));
        }
        Event::Credit {
            invoice,
            memo,
            cents,
        } => mirror.applications.push(CreditApplication {
            // By a payment, or by the memo itself; some histories have both.
            carrier: if cents % 2 == 0 {
                DocumentKey::new(DocumentKind::CreditMemo, memo)
                    .as_str()
                    .to_owned()
            } else {
                format!("pay_{memo}")
            },
            invoice: DocumentKey::new(DocumentKind::Invoice, invoice),
            memo: DocumentKey::new(DocumentKind::CreditMemo, memo),
            amount: Amount::from_cents(cents),
        }),
        Event::Item {
            id,
            name,
            kind,
            active,
        } => {
            let mut row = item(id, if name == 0 { " " } else { "Planter" });
            row.kind = kind;
            row.active = active;
            row.sku = (name == 2).then(|| "PL".to_owned());
            mirror.stock(row);
        }
        Event::Member { email, status } => {
            mirror.member(email, status);
        }
        Event::MemberGone(email) => {
            mirror.members.remove(&hash(email));
        }
        Event::Refused(email, id) => mirror.refuse(email, &[id], false),
        Event::ProductRefused(id) => {
            if let Some(link) = mirror.products.get_mut(&id.into()) {
                link.refused = Some("no".to_owned());
            }
        }
        Event::OrderRefused(kind, id) => {
            if let Some(link) = mirror.orders.get_mut(&DocumentKey::new(kind, id)) {
                link.refused = Some("no".to_owned());
            }
        }
        Event::Settings(new) => *settings = *new,
    }
    drop_foreign_credits(mirror);
    mirror.derive();
}

/// Credits are in the currency of what they lower.
fn drop_foreign_credits(mirror: &mut MemoryMirror) {
    let currency = |mirror: &MemoryMirror, key: &DocumentKey| {
        let document = mirror.documents.get(key);
        document.and_then(|document| document.currency.clone()) == Some("EUR".into())
    };
    let applications = std::mem::take(&mut mirror.applications);
    mirror.applications = applications
        .into_iter()
        .filter(|one| currency(mirror, &one.memo) == currency(mirror, &one.invoice))
        .collect();
}
