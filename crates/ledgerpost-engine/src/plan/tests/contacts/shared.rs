//! Addresses that several customers share, and those of the customers above.

use ledgerpost_core::settings::Settings;
use ledgerpost_core::source::DocumentKey;
use ledgerpost_core::source::DocumentKind::Invoice;
use rstest::rstest;

use super::super::company::{customer, day, document, empty, hash};

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
