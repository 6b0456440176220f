//! Customers whose address changes.

use ledgerpost_core::change::ChangeReason;
use ledgerpost_core::destination::MemberStatus;
use ledgerpost_core::settings::{Scope, Settings};
use ledgerpost_core::source::DocumentKind::Invoice;

use super::super::company::{customer, document, empty, hash};

#[test]
fn a_contact_of_ours_moves_with_its_orders() {
    let mut mirror = empty();
    mirror
        .add(customer("1", "a@one.test"))
        .sell(document(Invoice, "1", "1", 500));
    let settings = Settings::default();
    mirror.sync(&settings);
    mirror.edit("1", |row| {
        row.email_field = Some("billing.office@two.test".into());
        row.given_name = Some("Dana".into());
        row.active = false;
    });
    let only_existing = Settings {
        scope: Scope::OnlyExisting,
        ..settings
    };
    let round = mirror.sync(&only_existing);
    assert_eq!(
        round.codes(),
        ["move_contact", "update_contact", "update_order"]
    );
    assert_eq!(round.changes()[0].reason, ChangeReason::EmailChanged);
    assert_eq!(mirror.members.len(), 1);
    let name = &mirror.members[&hash("billing.office@two.test")]
        .fields
        .first_name;
    assert_eq!(name.as_deref(), Some("Dana"));
}

#[test]
fn an_address_that_moves_to_one_in_use_leaves_both_contacts() {
    let mut mirror = empty();
    mirror
        .add(customer("1", "a@one.test"))
        .member("b@one.test", MemberStatus::Unsubscribed);
    let settings = Settings::default();
    mirror.sync(&settings);
    mirror.edit("1", |row| row.email_field = Some("b@one.test".into()));
    let round = mirror.sync(&settings);
    assert_eq!(round.codes(), ["update_contact", "tag_contact"]);
    assert_eq!(round.summary.customers.left_behind, 1);
    assert_eq!(
        mirror.status("b@one.test"),
        Some(MemberStatus::Unsubscribed)
    );
}

#[test]
fn a_shared_contact_moves_with_the_one_who_has_nowhere_else_to_be() {
    let mut mirror = empty();
    mirror
        .add(customer("1", "a@one.test"))
        .add(customer("2", "a@one.test"))
        .member("c@one.test", MemberStatus::Subscribed);
    let settings = Settings::default();
    mirror.sync(&settings);
    mirror.edit("1", |row| row.email_field = Some("b@one.test".into()));
    mirror.edit("2", |row| row.email_field = Some("c@one.test".into()));
    let round = mirror.sync(&settings);
    assert_eq!(
        round.of(hash("a@one.test").as_str())[0].code(),
        "move_contact"
    );
    assert!(mirror.members.contains_key(&hash("b@one.test")));
}

#[test]
fn a_shared_contact_moves_with_an_inactive_customer_when_the_others_are_added() {
    let mut mirror = empty();
    mirror
        .add(customer("1", "a@one.test"))
        .add(customer("2", "a@one.test"));
    let settings = Settings::default();
    mirror.sync(&settings);
    mirror.edit("1", |row| {
        row.email_field = Some("b@one.test".into());
        row.active = false;
    });
    mirror.edit("2", |row| row.email_field = Some("c@one.test".into()));
    let round = mirror.sync(&settings);
    let first = |email: &str| round.of(hash(email).as_str())[0].code();
    assert_eq!(first("a@one.test"), "move_contact");
    assert_eq!(first("c@one.test"), "create_contact");
}
