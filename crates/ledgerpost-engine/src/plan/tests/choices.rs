//! What the owner chooses for groups of customers: rules, and people to leave alone.

use ledgerpost_core::change::{Action, CreateStatus};
use ledgerpost_core::settings::{NewStatus, RuleCondition, Settings, StatusException, StatusRule};
use ledgerpost_core::source::DocumentKind::Invoice;
use rstest::rstest;

use super::company::{customer, day, document, empty, hash};
use crate::plan::memory::MemoryMirror;

fn rule(when: RuleCondition, status: NewStatus, grounds: &str) -> StatusRule {
    StatusRule {
        when,
        status,
        grounds: grounds.to_owned(),
    }
}

fn of_type(id: &str) -> RuleCondition {
    RuleCondition::CustomerType {
        id: id.to_owned(),
        name: "Wholesale".to_owned(),
    }
}

/// Status and grounds of the one contact that a first sync adds.
fn created(mirror: &mut MemoryMirror, settings: &Settings) -> (CreateStatus, String) {
    let round = mirror.sync(settings);
    let created = round.changes().into_iter().find_map(|change| {
        let Action::CreateContact(create) = &change.action else {
            return None;
        };
        Some((create.status, create.grounds.clone()))
    });
    created.expect("a contact is added")
}

#[rstest]
#[case::its_type(of_type("7"), true)]
#[case::another_type(of_type("8"), false)]
#[case::at_home(RuleCondition::Country { country: "us".to_owned() }, true)]
#[case::abroad(RuleCondition::Country { country: "DE".to_owned() }, false)]
#[case::bought_before(RuleCondition::LastSaleBefore { date: day(5) }, false)]
#[case::bought_before_later(RuleCondition::LastSaleBefore { date: day(6) }, true)]
#[case::bought_since(RuleCondition::LastSaleSince { date: day(5) }, true)]
#[case::bought_since_later(RuleCondition::LastSaleSince { date: day(6) }, false)]
fn a_rule_fits_whom_it_is_for(#[case] when: RuleCondition, #[case] fits: bool) {
    let mut mirror = empty();
    let mut person = customer("1", "a@one.test");
    person.customer_type = Some("7".to_owned());
    person.address = Some(ledgerpost_core::address::SourceAddress::default());
    mirror.add(person);
    let mut sale = document(Invoice, "1", "1", 100);
    sale.date = day(5);
    mirror.sell(sale);
    mirror.derive();
    let settings = Settings {
        rules: vec![
            rule(when, NewStatus::Subscribed, "signed forms"),
            rule(of_type("7"), NewStatus::Unsubscribed, "they said no"),
        ],
        ..Settings::default()
    };
    let expected = if fits {
        (CreateStatus::Subscribed, "signed forms".to_owned())
    } else {
        (CreateStatus::Unsubscribed, "they said no".to_owned())
    };
    assert_eq!(created(&mut mirror, &settings), expected);
}

#[test]
fn an_exception_wins_over_a_rule_and_a_rule_without_grounds_subscribes_nobody() {
    let mut person = customer("1", "a@one.test");
    person.customer_type = Some("7".to_owned());
    let mut settings = Settings {
        rules: vec![rule(of_type("7"), NewStatus::Subscribed, " ")],
        ..Settings::default()
    };
    let mut mirror = empty();
    mirror.add(person.clone());
    let (status, grounds) = created(&mut mirror, &settings);
    assert_eq!(status, CreateStatus::Transactional);
    assert_eq!(grounds, "A rule for customers of the type Wholesale");
    let mut mirror = empty();
    mirror.add(person);
    settings.exceptions.insert(
        "1".into(),
        StatusException {
            status: NewStatus::Unsubscribed,
            grounds: "by phone".to_owned(),
        },
    );
    assert_eq!(
        created(&mut mirror, &settings),
        (CreateStatus::Unsubscribed, "by phone".to_owned())
    );
}

#[test]
fn whoever_is_left_alone_keeps_contact_and_orders_as_they_are_until_taken_back() {
    let mut mirror = empty();
    mirror
        .add(customer("1", "a@one.test"))
        .sell(document(Invoice, "1", "1", 100))
        .sell(document(Invoice, "2", "1", 200));
    mirror.derive();
    let free = Settings::default();
    mirror.sync(&free);
    let alone = Settings {
        left_alone: ["1".into()].into(),
        ..Settings::default()
    };
    let mut renamed = customer("1", "a@one.test");
    renamed.given_name = Some("Another".to_owned());
    mirror
        .add(renamed)
        .sell(document(Invoice, "2", "1", 250))
        .sell(document(Invoice, "3", "1", 300));
    mirror.derive();
    let round = mirror.sync(&alone);
    assert!(round.changes().is_empty(), "nothing is written or removed");
    assert_eq!(round.summary.customers.left_alone["owner_left_alone"], 1);
    let counts = &round.summary.documents[&Invoice];
    assert_eq!(counts.sent, 1, "an order that stands as it is counts");
    assert_eq!(counts.not_sent["contact_closed"], 1);
    assert_eq!(counts.not_sent["customer_left_out"], 1);
    let round = mirror.sync(&free);
    assert_eq!(
        round.codes(),
        ["update_contact", "update_order", "create_order"],
        "taken back, everything follows"
    );
}

#[test]
fn leaving_one_of_two_at_an_address_alone_is_about_their_own_sales() {
    let mut mirror = empty();
    mirror
        .add(customer("1", "a@one.test"))
        .add(customer("2", "a@one.test"))
        .sell(document(Invoice, "1", "1", 100));
    mirror.derive();
    let settings = Settings {
        left_alone: ["2".into()].into(),
        ..Settings::default()
    };
    mirror.sync(&settings);
    assert_eq!(
        mirror.contacts[&hash("a@one.test")].customers,
        ["1".into()],
        "the contact is the other one's"
    );
    let mut sale = document(Invoice, "2", "2", 100);
    sale.date = day(9);
    mirror.sell(sale);
    mirror.derive();
    let round = mirror.sync(&settings);
    assert!(
        round.changes().is_empty(),
        "the later sale neither goes nor renames the contact"
    );
}
