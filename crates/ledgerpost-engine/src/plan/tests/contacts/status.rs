//! The status that people have, and the one that new people get.

use ledgerpost_core::change::{Action, CreateStatus};
use ledgerpost_core::destination::MemberStatus;
use ledgerpost_core::settings::{NewStatus, Scope, Settings, StatusException};
use ledgerpost_core::source::DocumentKind::Invoice;
use rstest::rstest;

use super::super::company::{customer, document, empty, hash};

fn status_of(action: &Action) -> Option<CreateStatus> {
    match action {
        Action::CreateContact(create) => Some(create.status),
        _ => None,
    }
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
