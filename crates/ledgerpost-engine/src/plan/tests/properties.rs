//! Rules that hold for every company, every audience and every history of edits.

use std::collections::{BTreeMap, BTreeSet};

use ledgerpost_core::change::{Action, CreateStatus};
use ledgerpost_core::destination::MemberStatus;
use ledgerpost_core::email::EmailField;
use ledgerpost_core::ids::CustomerId;
use ledgerpost_core::settings::{
    NewStatus, RuleCondition, Scope, Settings, StatusException, StatusRule,
};
use ledgerpost_core::skip::SkipSubject;
use ledgerpost_core::source::{CreditApplication, DocumentKey, DocumentKind, ItemKind};
use ledgerpost_core::{Amount, MemberHash};
use proptest::prelude::*;
use proptest::sample::select;

use super::company::{Round, customer, day, document, empty, item};
use crate::plan::Entry;
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
enum Event {
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

fn id() -> impl Strategy<Value = &'static str> {
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

fn new_status() -> impl Strategy<Value = NewStatus> {
    select(vec![
        NewStatus::Subscribed,
        NewStatus::Unsubscribed,
        NewStatus::Transactional,
    ])
}

fn rule() -> impl Strategy<Value = StatusRule> {
    let when = prop_oneof![
        (0..3_u8).prop_map(|kind| RuleCondition::CustomerType {
            id: kind.to_string(),
            name: "Retail".to_owned(),
        }),
        Just(RuleCondition::Country {
            country: "US".to_owned()
        }),
        (1..28_i8).prop_map(|on| RuleCondition::LastSaleBefore { date: day(on) }),
        (1..28_i8).prop_map(|on| RuleCondition::LastSaleSince { date: day(on) }),
    ];
    let grounds = select(vec!["", "signed forms"]);
    (when, new_status(), grounds).prop_map(|(when, status, grounds)| StatusRule {
        when,
        status,
        grounds: grounds.to_owned(),
    })
}

/// Rules, and customers who are left alone.
fn with_rules(settings: Settings) -> impl Strategy<Value = Settings> {
    let rules = proptest::collection::vec(rule(), 0..3);
    let left_alone = proptest::collection::btree_set(id(), 0..3);
    (rules, left_alone).prop_map(move |(rules, left_alone)| Settings {
        rules,
        left_alone: left_alone.into_iter().map(CustomerId::from).collect(),
        ..settings.clone()
    })
}

fn settings() -> impl Strategy<Value = Settings> {
    plain_settings().prop_flat_map(with_rules)
}

fn plain_settings() -> impl Strategy<Value = Settings> {
    let switches = any::<[bool; 9]>();
    let exceptions = proptest::collection::btree_map(id(), new_status(), 0..3);
    let tag = select(vec!["QuickBooks Online", " Shop ", "SHOP", ""]);
    (new_status(), switches, exceptions, 0..4_u8, tag).prop_map(
        |(status, on, exceptions, scope, tag)| {
            let exceptions = exceptions
                .into_iter()
                .map(|(id, status)| {
                    let grounds = "asked at the counter".to_owned();
                    (CustomerId::from(id), StatusException { status, grounds })
                })
                .collect::<BTreeMap<_, _>>();
            Settings {
                scope: if scope == 0 {
                    Scope::OnlyExisting
                } else {
                    Scope::EveryCustomer
                },
                status,
                grounds: Some("customers for years".to_owned()),
                exceptions,
                confirmation_mails: on[0],
                include_role_addresses: on[1],
                include_inactive: on[2],
                include_projects: on[3],
                names: on[4],
                invoices: on[5] || on[6],
                sales_receipts: on[6],
                items: on[7],
                financial_status: on[8],
                tag: tag.to_owned(),
                ..Settings::default()
            }
        },
    )
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

fn event() -> impl Strategy<Value = Event> {
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

fn happen(mirror: &mut MemoryMirror, settings: &mut Settings, event: &Event) {
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
            mirror.members.remove(&super::company::hash(email));
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
    // Credits are in the currency of what they lower.
    let currency = |mirror: &MemoryMirror, key: &DocumentKey| {
        let document = mirror.documents.get(key);
        document.and_then(|document| document.currency.clone()) == Some("EUR".into())
    };
    let applications = std::mem::take(&mut mirror.applications);
    mirror.applications = applications
        .into_iter()
        .filter(|one| currency(mirror, &one.memo) == currency(mirror, &one.invoice))
        .collect();
    mirror.derive();
}

/// Who must not be written to.
fn closed(mirror: &MemoryMirror) -> BTreeSet<MemberHash> {
    let members = mirror.members.values();
    let links = mirror.contacts.values();
    members
        .filter(|member| !member.status.may_be_written())
        .map(|member| member.hash.clone())
        .chain(
            links
                .filter(|link| link.refused.is_some() || !mirror.members.contains_key(&link.hash))
                .map(|link| link.hash.clone()),
        )
        .collect()
}

/// The members that a change writes to.
fn targets(action: &Action) -> Vec<MemberHash> {
    match action {
        Action::CreateContact(create) => vec![create.hash.clone()],
        Action::UpdateContact(update) => vec![update.hash.clone()],
        Action::MoveContact { from, to_email, .. } => vec![from.clone(), to_email.hash()],
        Action::TagContact { hash, .. } | Action::ArchiveContact { hash, .. } => vec![hash.clone()],
        Action::CreateOrder(body) => vec![body.customer.clone()],
        Action::UpdateOrder { before, after } => {
            vec![before.customer.clone(), after.customer.clone()]
        }
        Action::RemoveOrder { before } => vec![before.customer.clone()],
        Action::CreateStore(_)
        | Action::SetSyncing { .. }
        | Action::RemoveStore { .. }
        | Action::PutProduct { .. } => Vec::new(),
    }
}

fn check(mirror: &MemoryMirror, round: &Round) {
    let closed = closed(mirror);
    let mut keys = BTreeSet::new();
    for change in round.changes() {
        let action = &change.action;
        let key = (action.code(), action.key().to_owned());
        assert!(keys.insert(key), "twice the same change");
        for target in targets(action) {
            assert!(
                !closed.contains(&target),
                "{} to a closed contact",
                action.code()
            );
        }
        if let Action::CreateContact(create) = action {
            assert!(!mirror.members.contains_key(&create.hash), "already there");
        }
    }
    add_up(mirror, round);
}

fn add_up(mirror: &MemoryMirror, round: &Round) {
    let summary = &round.summary;
    let customers = &summary.customers;
    let alone: u64 = customers.left_alone.values().sum();
    let rest = customers.new + customers.updated + customers.same + customers.share_email;
    assert_eq!(customers.total, rest + alone);
    assert_eq!(customers.total, mirror.customers.len() as u64);
    for counts in summary.documents.values() {
        assert_eq!(
            counts.total,
            counts.sent + counts.not_sent.values().sum::<u64>()
        );
    }
    let items = &summary.items;
    let rest = items.new + items.updated + items.same + items.unused;
    assert_eq!(items.total, rest + items.left_alone.values().sum::<u64>());
    let mut keys = BTreeSet::new();
    for skip in round.skips() {
        assert!(
            keys.insert((skip.subject, skip.key.clone())),
            "skipped twice"
        );
    }

    // Taken from the mirror and the skips, not from the summary's own sums.
    let home = |currency: &Option<ledgerpost_core::ids::CurrencyCode>| {
        currency.as_ref().is_none_or(|code| code.as_str() == "USD")
    };
    let quickbooks: Amount = mirror
        .documents
        .values()
        .filter(|document| home(&document.currency))
        .map(|document| {
            if document.kind.is_sale() {
                document.total
            } else {
                -document.total
            }
        })
        .sum();
    let explained: Amount = round
        .skips()
        .iter()
        .filter(|skip| skip.subject == SkipSubject::Document && home(&skip.currency))
        .filter_map(|skip| skip.amount)
        .sum();
    let mut after = mirror.clone();
    after.apply(&round.entries);
    let orders: Amount = after.order_bodies.values().map(|order| order.total).sum();
    assert_eq!(quickbooks, orders + explained, "the totals differ");
    assert_eq!(summary.totals.orders, orders);
    assert_eq!(summary.totals.unexplained(), Amount::ZERO);
}

/// Nobody's status moves, and a no under a former address stays a no under the new one.
fn statuses(before: &MemoryMirror, round: &Round) {
    let mut after = before.clone();
    after.apply(&round.entries);
    let moved: BTreeMap<MemberHash, MemberHash> = round
        .changes()
        .iter()
        .filter_map(|change| match &change.action {
            Action::MoveContact { from, to_email, .. } => Some((from.clone(), to_email.hash())),
            _ => None,
        })
        .collect();
    for member in before.members.values() {
        let now = moved.get(&member.hash).unwrap_or(&member.hash);
        assert_eq!(after.members[now].status, member.status);
    }
    for change in round.changes() {
        if let Action::CreateContact(create) = &change.action {
            for link in before.contacts.values() {
                // Whoever rolled up to the customer above has not become that person.
                let own = |id: &CustomerId| {
                    let field = before.customers[id].email_field.as_deref();
                    let split = EmailField::parse(field.unwrap_or_default());
                    let used = split.valid.iter().find(|email| !email.is_sample());
                    used.is_some_and(|email| email.hash() == create.hash)
                };
                let mut source = change.source.iter().map(|id| CustomerId::from(id.as_str()));
                let same = source.any(|id| link.customers.contains(&id) && own(&id));
                let status = before.members.get(&link.hash).map(|member| member.status);
                if same && status == Some(MemberStatus::Unsubscribed) {
                    assert_eq!(
                        create.status,
                        CreateStatus::Unsubscribed,
                        "a no became a yes"
                    );
                }
            }
        }
    }
}

/// Everybody whom the round ties or adds has the tag of the settings or is given it, and nobody loses
/// a tag.
fn tags(before: &MemoryMirror, round: &Round, settings: &Settings) {
    let tag = settings.tag.trim();
    let mut given = BTreeSet::new();
    for change in round.changes() {
        if let Action::TagContact {
            hash,
            tag: put,
            active,
            ..
        } = &change.action
        {
            assert!(*active, "a sync never takes a tag away");
            assert_eq!(put, tag);
            assert!(given.insert(hash.clone()), "once");
        }
    }
    let mut after = before.clone();
    after.apply(&round.entries);
    let touched = round.entries.iter().filter_map(|entry| match entry {
        // Of somebody who was tied before, a tie may only forget a customer who is gone.
        Entry::Tie(link) if before.contacts.contains_key(&link.hash) => None,
        Entry::Tie(link) => Some(link.hash.clone()),
        Entry::Change(change) => match &change.action {
            Action::CreateContact(create) => Some(create.hash.clone()),
            Action::UpdateContact(update) => Some(update.hash.clone()),
            Action::MoveContact { to_email, .. } => Some(to_email.hash()),
            _ => None,
        },
        Entry::Skip(_) => None,
    });
    for hash in touched {
        assert!(tag.is_empty() || after.contacts[&hash].has_tag(tag));
    }
    let held = |mirror: &MemoryMirror| -> BTreeMap<String, usize> {
        let mut held = BTreeMap::new();
        for tag in mirror.members.values().flat_map(|member| &member.tags) {
            *held.entry(tag.clone()).or_default() += 1;
        }
        held
    };
    let now = held(&after);
    for (tag, people) in held(before) {
        assert!(now[&tag] >= people, "{tag} was taken off somebody");
    }
}

/// Whom the owner wants left alone: nothing of theirs is written, moved or taken away. Nobody is
/// subscribed without grounds.
fn left_alone(mirror: &MemoryMirror, settings: &Settings, round: &Round) {
    let alone = |id: &CustomerId| settings.left_alone.contains(id);
    for change in round.changes() {
        let action = &change.action;
        for target in targets(action) {
            let link = mirror.contacts.get(&target);
            let named = link.and_then(|link| link.customers.first());
            let known = named.is_some_and(|id| mirror.customers.contains_key(id) && alone(id));
            assert!(!known, "{} to a contact left alone", action.code());
        }
        match action {
            Action::CreateContact(create) => {
                let namer = CustomerId::from(change.source[0].as_str());
                assert!(!alone(&namer), "somebody left alone became a contact");
                let consents = create.status == CreateStatus::Subscribed;
                assert!(!consents || !create.grounds.trim().is_empty(), "no grounds");
            }
            Action::CreateOrder(_) | Action::UpdateOrder { .. } | Action::RemoveOrder { .. } => {
                let document = mirror
                    .documents
                    .get(&DocumentKey::from_stored(action.key()));
                let buyer = document.and_then(|document| document.customer.as_ref());
                let known = buyer.is_some_and(|id| mirror.customers.contains_key(id) && alone(id));
                assert!(!known, "{} of somebody left alone", action.code());
            }
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_round_of_every_history_keeps_the_promises(
        first in settings(),
        double_optin in any::<bool>(),
        history in proptest::collection::vec(proptest::collection::vec(event(), 0..14), 1..5),
    ) {
        let mut mirror = empty();
        mirror.audience.as_mut().unwrap().double_optin = double_optin;
        let mut settings = first;
        for events in &history {
            for event in events {
                happen(&mut mirror, &mut settings, event);
            }
            let round = mirror.look(&settings);
            let again: Vec<Entry> = mirror.look(&settings).entries;
            prop_assert_eq!(&round.entries, &again);
            check(&mirror, &round);
            statuses(&mirror, &round);
            left_alone(&mirror, &settings, &round);
            tags(&mirror, &round, &settings);
            mirror.sync(&settings);
        }
    }
}
