//! Contacts, rule by rule.

use ledgerpost_core::change::{Action, ChangeReason, CreateStatus};
use ledgerpost_core::destination::{MemberStatus, MergeFieldKind};
use ledgerpost_core::settings::{NewStatus, Scope, Settings, StatusException};
use ledgerpost_core::source::DocumentKind::Invoice;
use ledgerpost_core::source::{Customer, DocumentKey};
use rstest::rstest;

use super::company::{customer, day, document, empty, hash};

fn status_of(action: &Action) -> Option<CreateStatus> {
    match action {
        Action::CreateContact(create) => Some(create.status),
        _ => None,
    }
}

#[rstest]
#[case::none("", "no_email")]
#[case::no_address("ask at the counter", "invalid_email")]
#[case::sample("ada@example.com", "sample_domain")]
#[case::role("Billing@one.test", "role_address")]
#[case::role_first("billing@one.test, ada@one.test", "role_address")]
fn an_address_that_cannot_go_is_listed(#[case] field: &str, #[case] reason: &str) {
    let mut mirror = empty();
    mirror
        .add(customer("1", field))
        .sell(document(Invoice, "1", "1", 500));
    let round = mirror.sync(&Settings::default());
    assert_eq!(round.codes(), Vec::<&str>::new());
    let expected = [
        format!("1 {reason}"),
        "inv_1 customer_left_out 5.00".to_owned(),
    ];
    assert_eq!(round.reasons(), expected);
}

#[rstest]
#[case::first("a@one.test, b@one.test", "a@one.test")]
#[case::after_an_invalid_one("what, b@one.test", "b@one.test")]
#[case::after_a_sample("a@example.org; b@one.test", "b@one.test")]
fn the_first_address_that_can_go_is_used(#[case] field: &str, #[case] used: &str) {
    let mut mirror = empty();
    mirror.add(customer("1", field));
    let round = mirror.sync(&Settings::default());
    assert_eq!(round.of(hash(used).as_str()).len(), 2);
    assert_eq!(mirror.members.len(), 1);
}

#[rstest]
#[case::inactive(|row: &mut Customer| row.active = false, "inactive")]
#[case::project(|row: &mut Customer| row.is_project = true, "project")]
fn customers_who_are_left_out_are_taken_in_by_the_settings(
    #[case] edit: fn(&mut Customer),
    #[case] reason: &str,
) {
    let mut mirror = empty();
    mirror.add(customer("1", "a@one.test"));
    mirror.edit("1", edit);
    let round = mirror.sync(&Settings::default());
    assert_eq!(round.reasons(), [format!("1 {reason}")]);
    let settings = Settings {
        include_inactive: true,
        include_projects: true,
        ..Settings::default()
    };
    assert_eq!(mirror.sync(&settings).summary.customers.new, 1);
}

#[rstest]
#[case(MemberStatus::Subscribed, true)]
#[case(MemberStatus::Unsubscribed, true)]
#[case(MemberStatus::Pending, true)]
#[case(MemberStatus::Transactional, true)]
#[case(MemberStatus::Cleaned, false)]
#[case(MemberStatus::Archived, false)]
fn the_status_of_a_member_decides_what_they_get(#[case] status: MemberStatus, #[case] open: bool) {
    let mut mirror = empty();
    mirror
        .add(customer("1", "Billing@one.test"))
        .sell(document(Invoice, "1", "1", 500))
        .member("billing@ONE.test", status);
    mirror.edit("1", |row| row.active = false);
    let settings = Settings {
        scope: Scope::OnlyExisting,
        ..Settings::default()
    };
    let round = mirror.sync(&settings);
    let codes = if open {
        vec![
            "update_contact",
            "tag_contact",
            "create_order",
            "create_product",
            "create_store",
            "stop_syncing",
        ]
    } else {
        Vec::new()
    };
    assert_eq!(round.codes(), codes);
    assert_eq!(mirror.status("billing@one.test"), Some(status));
    let listed = [
        format!("1 {}", status.as_str()),
        "inv_1 customer_left_out 5.00".to_owned(),
    ];
    assert_eq!(
        round.reasons(),
        if open { Vec::new() } else { listed.to_vec() }
    );
}

#[rstest]
#[case::plain(NewStatus::Subscribed, false, false, CreateStatus::Subscribed)]
#[case::double(NewStatus::Subscribed, true, false, CreateStatus::Transactional)]
#[case::double_with_mails(NewStatus::Subscribed, true, true, CreateStatus::Pending)]
#[case::mails_without_double(NewStatus::Subscribed, false, true, CreateStatus::Subscribed)]
#[case::transactional(NewStatus::Transactional, true, true, CreateStatus::Transactional)]
#[case::unsubscribed(NewStatus::Unsubscribed, true, true, CreateStatus::Unsubscribed)]
fn new_people_get_the_chosen_status(
    #[case] status: NewStatus,
    #[case] double_optin: bool,
    #[case] confirmation_mails: bool,
    #[case] expected: CreateStatus,
) {
    let mut mirror = empty();
    mirror.audience.as_mut().unwrap().double_optin = double_optin;
    mirror.add(customer("1", "a@one.test"));
    let settings = Settings {
        status,
        confirmation_mails,
        ..Settings::default()
    };
    let round = mirror.sync(&settings);
    assert_eq!(
        status_of(round.of(hash("a@one.test").as_str())[0]),
        Some(expected)
    );
}

#[rstest]
#[case::of_the_namer("1", NewStatus::Subscribed, CreateStatus::Subscribed)]
#[case::higher_of_another("2", NewStatus::Subscribed, CreateStatus::Transactional)]
#[case::lower_of_another("2", NewStatus::Unsubscribed, CreateStatus::Unsubscribed)]
fn exceptions_of_a_shared_address(
    #[case] id: &str,
    #[case] status: NewStatus,
    #[case] expected: CreateStatus,
) {
    let mut mirror = empty();
    mirror
        .add(customer("1", "a@one.test"))
        .add(customer("2", "A@one.test"));
    let mut settings = Settings::default();
    let grounds = "said so".to_owned();
    settings
        .exceptions
        .insert(id.into(), StatusException { status, grounds });
    let round = mirror.sync(&settings);
    assert_eq!(
        status_of(round.of(hash("a@one.test").as_str())[0]),
        Some(expected)
    );
}

#[rstest]
#[case::latest_sale(&[("2", 1), ("10", 5)], "10")]
#[case::smallest_number(&[("10", 5), ("9", 5)], "9")]
#[case::any_sale_before_none(&[("9", 0), ("10", 1)], "10")]
fn a_shared_address_is_named_after_the_latest_sale(
    #[case] sales: &[(&str, i8)],
    #[case] namer: &str,
) {
    let mut mirror = empty();
    for (id, on) in sales {
        mirror.add(customer(id, "a@one.test"));
        if *on > 0 {
            let mut sale = document(Invoice, id, id, 100);
            sale.date = day(*on);
            mirror.sell(sale);
        }
    }
    let round = mirror.sync(&Settings::default());
    assert_eq!(round.changes()[0].source[0], namer);
    assert_eq!(round.changes()[0].title, format!("Customer {namer}"));
    assert_eq!(round.summary.customers.share_email, 1);
}

#[test]
fn sub_customers_and_projects_roll_up() {
    let mut mirror = empty();
    mirror
        .add(customer("1", "a@one.test"))
        .add(customer("2", ""))
        .add(customer("3", "own@one.test"))
        .add(customer("4", "own@one.test"));
    mirror.edit("2", |row| row.parent = Some("1".into()));
    mirror.edit("3", |row| row.parent = Some("2".into()));
    mirror.edit("4", |row| {
        row.parent = Some("2".into());
        row.is_project = true;
    });
    mirror
        .sell(document(Invoice, "2", "2", 200))
        .sell(document(Invoice, "3", "3", 300))
        .sell(document(Invoice, "4", "4", 400));
    let round = mirror.sync(&Settings::default());
    let buyer = |id: &str| {
        mirror.order_bodies[&DocumentKey::from_stored(id)]
            .customer
            .clone()
    };
    assert_eq!(buyer("inv_2"), hash("a@one.test"));
    assert_eq!(buyer("inv_3"), hash("own@one.test"));
    assert_eq!(buyer("inv_4"), hash("a@one.test"));
    assert_eq!(round.reasons(), ["4 project"]);
}

#[test]
fn parents_that_go_round_in_circles_end_nowhere() {
    let mut mirror = empty();
    for (id, parent) in [
        ("1", "2"),
        ("2", "3"),
        ("3", "1"),
        ("4", "4"),
        ("5", "404"),
        ("6", "1"),
    ] {
        mirror.add(customer(id, ""));
        mirror.edit(id, |row| {
            row.parent = Some(parent.into());
            row.is_project = id == "2" || id == "4";
        });
    }
    let round = mirror.sync(&Settings::default());
    assert_eq!(round.summary.customers.left_alone["no_email"], 4);
    assert_eq!(round.summary.customers.left_alone["project"], 2);
}

#[test]
fn an_address_in_a_circle_serves_all_of_it() {
    let mut mirror = empty();
    for (id, parent) in [("1", "2"), ("2", "3"), ("3", "1")] {
        mirror.add(customer(id, if id == "3" { "a@one.test" } else { "" }));
        mirror.edit(id, |row| row.parent = Some(parent.into()));
    }
    assert_eq!(
        mirror
            .sync(&Settings::default())
            .summary
            .customers
            .share_email,
        2
    );
}

#[test]
fn a_linked_contact_is_written_when_quickbooks_changes_and_not_before() {
    let mut mirror = empty();
    mirror.add(customer("1", "a@one.test"));
    let settings = Settings::default();
    mirror.sync(&settings);
    let key = hash("a@one.test");
    mirror.members.get_mut(&key).unwrap().fields.first_name = Some("Ada".into());
    mirror.members.get_mut(&key).unwrap().tags.clear();
    assert!(
        mirror.sync(&settings).codes().is_empty(),
        "the owner's own edits stay"
    );
    mirror.edit("1", |row| row.family_name = Some("Byron".into()));
    let round = mirror.sync(&settings);
    let Action::UpdateContact(update) = round.of(key.as_str())[0] else {
        panic!("an update");
    };
    assert_eq!(update.before.first_name.as_deref(), Some("Ada"));
    assert_eq!(update.after.last_name.as_deref(), Some("Byron"));
}

#[test]
fn a_member_who_is_as_they_should_be_is_tied_without_a_write() {
    let mut mirror = empty();
    mirror
        .add(customer("1", "a@one.test"))
        .member("a@one.test", MemberStatus::Subscribed);
    let member = mirror.members.get_mut(&hash("a@one.test")).unwrap();
    member.fields.first_name = Some("Given1".into());
    member.fields.last_name = Some("Family".into());
    member.tags = vec!["quickbooks ONLINE".into()];
    let round = mirror.sync(&Settings::default());
    assert!(round.codes().is_empty());
    assert_eq!((round.summary.ties, round.summary.customers.same), (1, 1));
    assert!(!mirror.contacts[&hash("a@one.test")].created_by_us);
}

#[test]
fn fields_that_the_audience_lacks_are_not_sent() {
    let mut mirror = empty();
    let fields = &mut mirror.audience.as_mut().unwrap().merge_fields;
    fields.remove("LNAME");
    fields.get_mut("PHONE").unwrap().kind = MergeFieldKind::PhoneUs;
    fields.get_mut("FNAME").unwrap().tag = "fname".into();
    mirror.add(customer("1", "a@one.test"));
    mirror.edit("1", |row| row.phone = Some("+44 20 7946 0958".into()));
    mirror.sync(&Settings::default());
    let fields = &mirror.members[&hash("a@one.test")].fields;
    assert_eq!(fields.first_name.as_deref(), Some("Given1"));
    assert_eq!((&fields.last_name, &fields.phone), (&None, &None));
}

#[test]
fn a_business_goes_by_its_display_name() {
    let mut mirror = empty();
    mirror.add(customer("1", "a@one.test"));
    mirror.edit("1", |row| {
        row.given_name = None;
        row.family_name = None;
    });
    mirror.sync(&Settings::default());
    let fields = &mirror.members[&hash("a@one.test")].fields;
    assert_eq!(fields.first_name.as_deref(), Some("Customer 1"));
}

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

#[rstest]
#[case::subscribed(MemberStatus::Subscribed, Some(CreateStatus::Subscribed))]
#[case::unsubscribed(MemberStatus::Unsubscribed, Some(CreateStatus::Unsubscribed))]
#[case::transactional(MemberStatus::Transactional, Some(CreateStatus::Transactional))]
#[case::pending(MemberStatus::Pending, Some(CreateStatus::Transactional))]
#[case::cleaned(MemberStatus::Cleaned, Some(CreateStatus::Transactional))]
#[case::archived(MemberStatus::Archived, None)]
fn a_new_address_never_gets_more_than_the_former_one(
    #[case] status: MemberStatus,
    #[case] expected: Option<CreateStatus>,
) {
    let mut mirror = empty();
    mirror
        .add(customer("1", "a@one.test"))
        .member("a@one.test", MemberStatus::Subscribed);
    let settings = Settings {
        status: NewStatus::Subscribed,
        ..Settings::default()
    };
    mirror.sync(&settings);
    mirror.members.get_mut(&hash("a@one.test")).unwrap().status = status;
    mirror.edit("1", |row| row.email_field = Some("b@one.test".into()));
    // A detour through a scope that creates nobody must not lose the history.
    let only_existing = Settings {
        scope: Scope::OnlyExisting,
        ..settings.clone()
    };
    assert!(mirror.sync(&only_existing).codes().is_empty());
    let round = mirror.sync(&settings);
    let created = round.of(hash("b@one.test").as_str());
    assert_eq!(
        created.first().and_then(|action| status_of(action)),
        expected
    );
    assert_eq!(mirror.status("a@one.test"), Some(status));
}

#[test]
fn who_was_deleted_in_mailchimp_is_never_added_again() {
    let mut mirror = empty();
    mirror
        .add(customer("1", "a@one.test"))
        .sell(document(Invoice, "1", "1", 500));
    let settings = Settings::default();
    mirror.sync(&settings);
    mirror.members.clear();
    mirror.edit("1", |row| row.family_name = Some("Else".into()));
    let round = mirror.sync(&settings);
    assert!(round.codes().is_empty());
    assert_eq!(round.reasons(), ["1 deleted"], "the order stands as it is");
    mirror.edit("1", |row| row.email_field = Some("b@one.test".into()));
    assert!(
        mirror.sync(&settings).codes().is_empty(),
        "nor under another address"
    );
}

#[rstest]
#[case::refused(false, "1 refused")]
#[case::permanently_deleted(true, "1 forgotten")]
fn who_was_refused_gets_nothing(#[case] forgotten: bool, #[case] reason: &str) {
    let mut mirror = empty();
    mirror
        .add(customer("1", "a@one.test"))
        .sell(document(Invoice, "1", "1", 500))
        .refuse("a@one.test", &["1"], forgotten);
    let round = mirror.sync(&Settings::default());
    assert!(round.codes().is_empty());
    assert_eq!(round.reasons(), [reason, "inv_1 customer_left_out 5.00"]);
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

#[test]
fn another_tag_in_the_settings_goes_on_beside_the_old_one() {
    let mut mirror = empty();
    mirror
        .add(customer("1", "a@one.test"))
        .add(customer("2", "b@two.test"))
        .member("b@two.test", MemberStatus::Subscribed);
    mirror.sync(&Settings::default());
    // A person took the first tag off one of them, and gave the other one the second.
    mirror
        .members
        .get_mut(&hash("a@one.test"))
        .unwrap()
        .tags
        .clear();
    let other = mirror.members.get_mut(&hash("b@two.test")).unwrap();
    other.tags.push("SHOP".to_owned());
    let settings = Settings {
        tag: " Shop ".to_owned(),
        ..Settings::default()
    };
    let round = mirror.sync(&settings);
    assert_eq!(round.codes(), ["tag_contact"], "shown in the plan");
    let tags = |email: &str| mirror.members[&hash(email)].tags.clone();
    assert_eq!(tags("a@one.test"), ["Shop"]);
    assert_eq!(tags("b@two.test"), ["QuickBooks Online", "SHOP"]);
    let capitals = Settings {
        tag: "SHOP".to_owned(),
        ..Settings::default()
    };
    assert_eq!(mirror.sync(&capitals).codes(), [""; 0], "the same tag");
    let none = Settings {
        tag: String::new(),
        ..Settings::default()
    };
    assert_eq!(mirror.sync(&none).codes(), [""; 0], "no tag leaves them");
}
