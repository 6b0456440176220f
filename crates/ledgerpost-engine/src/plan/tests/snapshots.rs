//! Plans as text, of companies small enough to check by reading: what changes, from what to what and
//! why, what stays out, and the figures. `cargo insta review` shows a difference.

use std::fmt::Write as _;

use insta::assert_snapshot;
use ledgerpost_core::Amount;
use ledgerpost_core::change::{Action, Change, FieldName, OrderBody, ProductBody};
use ledgerpost_core::destination::{MemberFields, MemberStatus};
use ledgerpost_core::ids::CustomerId;
use ledgerpost_core::settings::{NewStatus, Settings, StatusException};
use ledgerpost_core::source::DocumentKind::{CreditMemo, Invoice, RefundReceipt, SalesReceipt};
use ledgerpost_core::source::{CreditApplication, DocumentKey};
use serde_json::Value;

use super::company::{Round, customer, day, document, empty, item};
use crate::plan::memory::MemoryMirror;

/// The pottery shop in small: three customers, two things to buy.
fn shop() -> MemoryMirror {
    let mut mirror = empty();
    mirror
        .add(customer("1", "dana@northfield.test"))
        .add(customer("2", "sam@oneil.test"))
        .add(customer("3", ""))
        .stock(item("1", "Cedar planter"))
        .stock(item("2", "Gift card"))
        .sell(document(Invoice, "1", "1", 14_250))
        .sell(document(SalesReceipt, "2", "2", 900))
        .sell(document(Invoice, "3", "3", 500))
        .member("sam@oneil.test", MemberStatus::Subscribed);
    mirror.edit("1", |row| row.phone = Some("503-555-0134".to_owned()));
    mirror
}

#[test]
fn first_sync() {
    assert_snapshot!(text(&shop().sync(&Settings::default())));
}

#[test]
fn second_day() {
    let settings = Settings::default();
    let mut mirror = shop();
    mirror.sync(&settings);
    mirror.edit("1", |row| row.family_name = Some("Whitlock".to_owned()));
    mirror.edit("2", |row| row.phone = Some("503-555-0188".to_owned()));
    mirror.edit("3", |row| {
        row.email_field = Some("lee@harbor.test".to_owned());
    });
    mirror.edit_item("1", |item| item.name = "Cedar planter, large".to_owned());
    let dearer = document(Invoice, "1", "1", 19_000);
    mirror
        .sell(dearer)
        .sell(document(Invoice, "4", "2", 4_500))
        .documents
        .remove(&DocumentKey::new(SalesReceipt, "2"));
    assert_snapshot!(text(&mirror.sync(&settings)));
}

#[test]
fn a_new_address() {
    let settings = Settings::default();
    let mut mirror = shop();
    mirror.sync(&settings);
    // One contact is ours and moves; the other was there before us and stays.
    mirror.edit("1", |row| {
        row.email_field = Some("dana@home.test".to_owned());
    });
    mirror.edit("2", |row| {
        row.email_field = Some("sam@home.test".to_owned());
    });
    assert_snapshot!(text(&mirror.sync(&settings)));
}

#[test]
fn shared_addresses() {
    let mut mirror = empty();
    let mut project = customer("4", "");
    project.parent = Some("1".into());
    mirror
        .add(customer("1", "office@oneil.test"))
        .add(customer("2", "OFFICE@oneil.test"))
        .add(customer("3", "not an address, second@oneil.test"))
        .add(project)
        .add(customer("5", "billing@harbor.test"))
        .add(customer("6", "someone@example.com"))
        .stock(item("1", "Cedar planter"))
        .sell(document(Invoice, "1", "1", 1_000));
    // The latest sale gives the name.
    let mut later = document(Invoice, "2", "2", 2_000);
    later.date = day(20);
    mirror
        .sell(later)
        .sell(document(SalesReceipt, "3", "4", 300))
        .sell(document(SalesReceipt, "4", "5", 400));
    assert_snapshot!(text(&mirror.sync(&Settings::default())));
}

#[test]
fn voids_and_credits() {
    let settings = Settings::default();
    let mut mirror = shop();
    mirror.sell(document(Invoice, "5", "1", 8_000));
    mirror.sync(&settings);
    let mut void = document(SalesReceipt, "2", "2", 0);
    void.voided = true;
    mirror
        .sell(void)
        .sell(document(CreditMemo, "6", "1", 2_500))
        .sell(document(CreditMemo, "7", "1", 700))
        .sell(document(RefundReceipt, "8", "2", 100));
    mirror.applications.push(CreditApplication {
        carrier: "70".to_owned(),
        invoice: DocumentKey::new(Invoice, "5"),
        memo: DocumentKey::new(CreditMemo, "6"),
        amount: Amount::from_cents(2_500),
    });
    assert_snapshot!(text(&mirror.sync(&settings)));
}

#[test]
fn statuses() {
    let mut mirror = empty();
    for (id, status) in [
        ("1", Some(MemberStatus::Subscribed)),
        ("2", Some(MemberStatus::Unsubscribed)),
        ("3", Some(MemberStatus::Transactional)),
        ("4", Some(MemberStatus::Pending)),
        ("5", Some(MemberStatus::Cleaned)),
        ("6", Some(MemberStatus::Archived)),
        ("7", None),
        ("8", None),
        ("9", None),
    ] {
        let email = format!("person{id}@shop.test");
        mirror.add(customer(id, &email));
        mirror.sell(document(Invoice, id, id, 1_000));
        if let Some(status) = status {
            mirror.member(&email, status);
        }
    }
    mirror.stock(item("1", "Cedar planter"));
    mirror.refuse("person7@shop.test", &["7"], false);
    let exception = StatusException {
        status: NewStatus::Unsubscribed,
        grounds: "said no on the phone".to_owned(),
    };
    let settings = Settings {
        status: NewStatus::Subscribed,
        grounds: Some("they agreed at the till".to_owned()),
        exceptions: [(CustomerId::from("8"), exception)].into(),
        ..Settings::default()
    };
    assert_snapshot!(text(&mirror.sync(&settings)));
}

/// A plan as a person reads it.
fn text(round: &Round) -> String {
    let mut changes = round.changes();
    changes.sort_by_key(|change| change.stage);
    let mut text = String::new();
    let mut stage = None;
    for change in changes {
        if stage != Some(change.stage) {
            stage = Some(change.stage);
            writeln!(text, "{}", word(&change.stage).to_uppercase()).unwrap();
        }
        describe(change, &mut text);
    }
    text.push_str("LEFT ALONE\n");
    for skip in round.skips() {
        let amount = skip.amount.map(|amount| format!(" {amount}"));
        let amount = amount.unwrap_or_default();
        writeln!(
            text,
            "  {} [{}]{amount}: {}",
            skip.title,
            skip.key,
            skip.reason.code()
        )
        .unwrap();
    }
    figures(round, &mut text);
    text
}

fn describe(change: &Change, text: &mut String) {
    let code = change.action.code();
    let reason = word(&change.reason);
    let source = change.source.join(", ");
    let from = if source.is_empty() {
        source
    } else {
        format!(" [{source}]")
    };
    writeln!(text, "  {code}: {}{from}, {reason}", change.title).unwrap();
    for line in details(&change.action) {
        writeln!(text, "    {line}").unwrap();
    }
}

/// What is written, and what was there before.
fn details(action: &Action) -> Vec<String> {
    match action {
        Action::CreateStore(store) => {
            vec![format!("{} {} {}", store.id, store.name, store.currency)]
        }
        Action::SetSyncing { syncing, .. } => vec![format!("syncing: {syncing}")],
        Action::RemoveStore { store } => vec![store.to_string()],
        Action::PutProduct { before, after } => {
            from_to(before.as_ref().map(product), Some(product(after)))
        }
        Action::CreateContact(contact) => vec![
            format!("{}: {}", contact.email.as_str(), contact.status.as_str()),
            format!("on the grounds: {}", contact.grounds),
            fields(&contact.fields),
        ],
        Action::UpdateContact(update) => {
            let cleared: Vec<String> = update
                .clear
                .iter()
                .map(|name: &FieldName| word(name))
                .collect();
            let mut lines = vec![update.email.as_str().to_owned()];
            lines.extend(from_to(
                Some(fields(&update.before)),
                Some(fields(&update.after)),
            ));
            if !cleared.is_empty() {
                lines.push(format!("cleared: {}", cleared.join(", ")));
            }
            lines
        }
        Action::MoveContact {
            from_email,
            to_email,
            ..
        } => from_to(
            Some(from_email.as_str().to_owned()),
            Some(to_email.as_str().to_owned()),
        ),
        Action::ArchiveContact { email, .. } => vec![email.as_str().to_owned()],
        Action::TagContact {
            email, tag, active, ..
        } => vec![format!("{}: {tag} {active}", email.as_str())],
        Action::CreateOrder(after) => from_to(None, Some(order(after))),
        Action::UpdateOrder { before, after } => from_to(Some(order(before)), Some(order(after))),
        Action::RemoveOrder { before } => from_to(Some(order(before)), None),
    }
}

fn from_to(before: Option<String>, after: Option<String>) -> Vec<String> {
    let before = before.map(|before| format!("- {before}"));
    let after = after.map(|after| format!("+ {after}"));
    before.into_iter().chain(after).collect()
}

fn product(product: &ProductBody) -> String {
    let price = product.price.map(|price| format!(" at {price}"));
    format!(
        "{} {}{}",
        product.id,
        product.title,
        price.unwrap_or_default()
    )
}

fn order(order: &OrderBody) -> String {
    let lines: Vec<String> = order
        .lines
        .iter()
        .map(|line| format!("{} x {} at {}", line.quantity, line.product, line.price))
        .collect();
    format!(
        "{} of {} for {}: {} {} ({})",
        order.id.as_str(),
        order.date,
        order.email.as_str(),
        order.currency,
        order.total,
        lines.join(", ")
    )
}

fn fields(fields: &MemberFields) -> String {
    serde_json::to_string(fields).unwrap()
}

/// An enum's word, as it stands in JSON.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value).unwrap() {
        Value::String(word) => word,
        other => other.to_string(),
    }
}

fn figures(round: &Round, text: &mut String) {
    let customers = &round.summary.customers;
    writeln!(
        text,
        "CUSTOMERS {}: {} new, {} updated, {} same, {} share an address, left alone {:?}",
        customers.total,
        customers.new,
        customers.updated,
        customers.same,
        customers.share_email,
        customers.left_alone,
    )
    .unwrap();
    let totals = &round.summary.totals;
    writeln!(
        text,
        "TOTALS sales {} - credits {} = orders {} + explained {}",
        totals.sales,
        totals.credits,
        totals.orders,
        totals.sales - totals.credits - totals.orders - totals.unexplained(),
    )
    .unwrap();
    assert_eq!(totals.unexplained(), Amount::ZERO);
}
