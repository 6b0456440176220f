//! Customers who stay out of the audience.

use ledgerpost_core::settings::Settings;
use ledgerpost_core::source::Customer;
use ledgerpost_core::source::DocumentKind::Invoice;
use rstest::rstest;

use super::super::company::{customer, document, empty, hash};

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
