//! Orders and products, rule by rule.

use ledgerpost_core::Amount;
use ledgerpost_core::change::{Action, ChangeReason};
use ledgerpost_core::destination::MemberStatus;
use ledgerpost_core::ids::ProductId;
use ledgerpost_core::ports::StoreState;
use ledgerpost_core::settings::Settings;
use ledgerpost_core::source::DocumentKind::{CreditMemo, Invoice, RefundReceipt, SalesReceipt};
use ledgerpost_core::source::{
    CreditApplication, Document, DocumentKey, DocumentKind, DocumentLine, Item, ItemKind,
};
use rstest::rstest;

use super::company::{customer, document, empty, hash, item};
use crate::plan::PlanError;
use crate::plan::memory::MemoryMirror;

fn key(text: &str) -> DocumentKey {
    DocumentKey::from_stored(text)
}

/// One customer and one item.
fn shop() -> MemoryMirror {
    let mut mirror = empty();
    mirror
        .add(customer("1", "a@one.test"))
        .stock(item("1", "Cedar planter"));
    mirror
}

fn line(item: &str, quantity: &str, cents: i64) -> DocumentLine {
    DocumentLine {
        item: Some(item.into()),
        description: None,
        quantity: quantity.parse().unwrap(),
        amount: Amount::from_cents(cents),
    }
}

#[rstest]
#[case::no_customer(|row: &mut Document| row.customer = None, "no_customer 5.00")]
#[case::unknown(|row: &mut Document| row.customer = Some("404".into()), "customer_left_out 5.00")]
#[case::foreign(|row: &mut Document| row.currency = Some("EUR".into()), "foreign_currency 5.00")]
#[case::zero(|row: &mut Document| row.total = Amount::ZERO, "zero_total 0.00")]
#[case::negative(|row: &mut Document| row.total = Amount::from_cents(-1), "negative_total -0.01")]
#[case::voided(|row: &mut Document| { row.voided = true; row.total = Amount::ZERO; }, "voided 0.00")]
fn documents_that_stay_out_are_listed_and_their_orders_removed(
    #[case] edit: fn(&mut Document),
    #[case] reason: &str,
) {
    let settings = Settings::default();
    let mut mirror = shop();
    mirror.sell(document(Invoice, "1", "1", 500));
    edit(mirror.documents.get_mut(&key("inv_1")).unwrap());
    let round = mirror.sync(&settings);
    assert_eq!(round.reasons(), [format!("inv_1 {reason}")]);
    assert!(mirror.order_bodies.is_empty());

    let mut mirror = shop();
    mirror.sell(document(Invoice, "1", "1", 500));
    mirror.sync(&settings);
    edit(mirror.documents.get_mut(&key("inv_1")).unwrap());
    let round = mirror.sync(&settings);
    assert_eq!(round.codes(), ["remove_order"]);
    assert_eq!(round.reasons(), [format!("inv_1 {reason}")]);
}

#[test]
fn a_deleted_document_takes_its_order_with_it() {
    let mut mirror = shop();
    mirror.sell(document(SalesReceipt, "1", "1", 500));
    mirror.sync(&Settings::default());
    mirror.documents.clear();
    let round = mirror.sync(&Settings::default());
    assert_eq!(round.codes(), ["remove_order"]);
    assert_eq!(round.changes()[0].reason, ChangeReason::Deleted);
    assert_eq!(round.changes()[0].title, "Sales receipt 1");
}

#[test]
fn a_kind_that_is_switched_off_is_taken_back() {
    let mut mirror = shop();
    mirror.sell(document(Invoice, "1", "1", 500));
    mirror.sync(&Settings::default());
    let settings = Settings {
        invoices: false,
        ..Settings::default()
    };
    let round = mirror.sync(&settings);
    assert_eq!(round.changes()[0].reason, ChangeReason::NoLongerSent);
    assert_eq!(round.reasons(), ["inv_1 kind_off 5.00"]);
}

#[test]
fn the_lines_of_an_order_stay_exact() {
    let mut mirror = shop();
    let mut sale = document(Invoice, "1", "1", 31_000);
    sale.lines = vec![
        line("1", "4", 20_000),
        line("1", "1.5", 10_050),
        line("404", "3", 1_000),
        line("1", "1", -50),
    ];
    sale.discount = Amount::from_cents(100);
    sale.tax = Amount::from_cents(100);
    mirror.sell(sale);
    mirror.sync(&Settings::default());
    let order = &mirror.order_bodies[&key("inv_1")];
    let lines: Vec<_> = order
        .lines
        .iter()
        .map(|line| (line.product.as_str(), line.quantity, line.price.to_string()))
        .collect();
    let expected = [
        ("item_1", 4, "50.00"),
        ("item_1", 1, "100.50"),
        ("item_other", 1, "10.00"),
    ];
    assert_eq!(
        lines,
        expected.map(|(id, units, price)| (id, units, price.to_owned()))
    );
    assert_eq!(order.discount, Amount::from_cents(150));
    assert_eq!(order.total, Amount::from_cents(31_000));
    assert_eq!(order.financial_status, None);
}

#[rstest]
#[case::none(Vec::new())]
#[case::only_returns(vec![line("1", "1", -500)])]
fn an_order_has_at_least_one_line(#[case] lines: Vec<DocumentLine>) {
    let mut mirror = shop();
    let mut sale = document(Invoice, "1", "1", 500);
    sale.lines = lines;
    mirror.sell(sale);
    mirror.sync(&Settings::default());
    let order = &mirror.order_bodies[&key("inv_1")];
    assert_eq!(order.lines[0].product, ProductId::other());
    assert_eq!(order.lines[0].price, order.total);
}

#[rstest]
#[case::open(500, "pending")]
#[case::settled(0, "paid")]
fn the_financial_status_is_sent_when_asked_for(#[case] balance: i64, #[case] expected: &str) {
    let mut mirror = shop();
    let mut sale = document(Invoice, "1", "1", 500);
    sale.balance = Amount::from_cents(balance);
    mirror.sell(sale);
    let settings = Settings {
        financial_status: true,
        ..Settings::default()
    };
    mirror.sync(&settings);
    let order = &mirror.order_bodies[&key("inv_1")];
    assert_eq!(order.financial_status.as_deref(), Some(expected));
}

#[test]
fn a_credit_that_payment_and_memo_both_carry_lowers_its_order_once() {
    let mut mirror = shop();
    mirror
        .sell(document(Invoice, "1", "1", 10_000))
        .sell(document(CreditMemo, "1", "1", 3_000));
    for carrier in ["pay_1", "cm_1"] {
        mirror.applications.push(CreditApplication {
            carrier: carrier.to_owned(),
            invoice: key("inv_1"),
            memo: key("cm_1"),
            amount: Amount::from_cents(3_000),
        });
    }
    let round = mirror.sync(&Settings::default());
    assert_eq!(
        mirror.order_bodies[&key("inv_1")].total,
        Amount::from_cents(7_000)
    );
    assert_eq!(round.reasons(), ["cm_1 credit_applied 0.00"]);
}

#[test]
fn a_credit_lowers_the_order_that_it_belongs_to() {
    let mut mirror = shop();
    mirror
        .sell(document(Invoice, "1", "1", 10_000))
        .sell(document(Invoice, "2", "1", 1_000))
        .sell(document(CreditMemo, "1", "1", 3_000))
        .sell(document(CreditMemo, "2", "1", 1_000))
        .sell(document(RefundReceipt, "1", "1", 700));
    for (invoice, memo, cents) in [("inv_1", "cm_1", 2_500), ("inv_2", "cm_2", 1_000)] {
        mirror.applications.push(CreditApplication {
            carrier: "pay_1".to_owned(),
            invoice: key(invoice),
            memo: key(memo),
            amount: Amount::from_cents(cents),
        });
    }
    let round = mirror.sync(&Settings::default());
    assert_eq!(
        mirror.order_bodies[&key("inv_1")].total,
        Amount::from_cents(7_500)
    );
    assert_eq!(
        round.reasons(),
        [
            "cm_1 unlinked_credit -5.00",
            "cm_2 credit_applied 0.00",
            "inv_2 zero_total 0.00",
            "rr_1 unlinked_credit -7.00"
        ]
    );
    let totals = &round.summary.totals;
    assert_eq!(totals.quickbooks(), Amount::from_cents(6_300));
    assert_eq!(totals.orders + totals.explained, Amount::from_cents(6_300));
}

#[rstest]
#[case::unchanged(500, &["1 archived"])]
#[case::changed(800, &["1 archived", "inv_1 contact_closed 3.00"])]
fn the_order_of_a_closed_contact_stays_as_it_is(#[case] cents: i64, #[case] reasons: &[&str]) {
    let mut mirror = shop();
    mirror.sell(document(Invoice, "1", "1", 500));
    mirror.sync(&Settings::default());
    mirror.members.get_mut(&hash("a@one.test")).unwrap().status = MemberStatus::Archived;
    mirror.sell(document(Invoice, "1", "1", cents));
    let round = mirror.sync(&Settings::default());
    assert!(round.codes().is_empty());
    assert_eq!(round.reasons(), reasons);
    assert_eq!(round.summary.totals.orders, Amount::from_cents(500));
}

#[test]
fn a_deleted_document_of_a_closed_contact_leaves_its_order_and_says_so() {
    let mut mirror = shop();
    mirror.sell(document(Invoice, "1", "1", 500));
    mirror.sync(&Settings::default());
    mirror.members.get_mut(&hash("a@one.test")).unwrap().status = MemberStatus::Cleaned;
    mirror.documents.clear();
    let round = mirror.sync(&Settings::default());
    assert!(round.codes().is_empty());
    assert_eq!(round.reasons(), ["1 cleaned", "inv_1 contact_closed -5.00"]);
}

#[test]
fn a_refused_order_is_tried_again_when_it_changes() {
    let mut mirror = shop();
    mirror.sell(document(Invoice, "1", "1", 500));
    mirror.sync(&Settings::default());
    // Refused at its creation: nothing exists.
    let link = mirror.orders.get_mut(&key("inv_1")).unwrap();
    link.refused = Some("A product with the provided ID does not exist".to_owned());
    link.exists = false;
    mirror.order_bodies.clear();
    let round = mirror.sync(&Settings::default());
    assert_eq!(round.reasons(), ["inv_1 refused 5.00"]);
    mirror.sell(document(Invoice, "1", "1", 600));
    assert_eq!(mirror.sync(&Settings::default()).codes(), ["create_order"]);
}

#[rstest]
#[case::sellable(|_: &mut Item| (), "create_product")]
#[case::inactive(|row: &mut Item| row.active = false, "")]
#[case::bundle(|row: &mut Item| row.kind = ItemKind::Bundle, "")]
#[case::category(|row: &mut Item| row.kind = ItemKind::Category, "")]
fn items_become_products(#[case] edit: fn(&mut Item), #[case] code: &str) {
    let mut mirror = shop();
    mirror.edit_item("1", edit);
    let round = mirror.sync(&Settings::default());
    assert_eq!(
        round
            .of("item_1")
            .first()
            .map_or("", |action| action.code()),
        code
    );
}

#[rstest]
#[case::inactive(|row: &mut Item| row.active = false, "item_1")]
#[case::bundle(|row: &mut Item| row.kind = ItemKind::Bundle, "item_1")]
#[case::category(|row: &mut Item| row.kind = ItemKind::Category, "item_other")]
fn an_order_brings_the_product_that_it_needs(#[case] edit: fn(&mut Item), #[case] id: &str) {
    let mut mirror = shop();
    mirror.sell(document(Invoice, "1", "1", 500));
    mirror.edit_item("1", edit);
    mirror.sync(&Settings::default());
    assert_eq!(
        mirror.order_bodies[&key("inv_1")].lines[0].product.as_str(),
        id
    );
    assert_eq!(mirror.product_bodies.len(), 1);
}

#[test]
fn without_items_every_line_stands_on_the_placeholder() {
    let mut mirror = shop();
    mirror.sell(document(Invoice, "1", "1", 500));
    let settings = Settings {
        items: false,
        ..Settings::default()
    };
    let round = mirror.sync(&settings);
    assert_eq!(round.reasons(), ["1 kind_off"]);
    assert_eq!(
        mirror.product_bodies.keys().collect::<Vec<_>>(),
        [&ProductId::other()]
    );
}

#[test]
fn a_changed_item_changes_its_product_and_no_order() {
    let mut mirror = shop();
    mirror.sell(document(Invoice, "1", "1", 500));
    mirror.sync(&Settings::default());
    mirror.edit_item("1", |row| row.name = "Oak planter".into());
    let round = mirror.sync(&Settings::default());
    assert_eq!(round.codes(), ["update_product"]);
    let Action::PutProduct { before, after } = round.of("item_1")[0] else {
        panic!("a product");
    };
    assert_eq!(before.as_ref().unwrap().title, "Cedar planter");
    assert_eq!(after.title, "Oak planter");
}

#[test]
fn lines_of_a_refused_product_stand_on_the_placeholder_until_it_is_corrected() {
    let mut mirror = shop();
    mirror.sync(&Settings::default());
    let link = mirror.products.get_mut(&"item_1".into()).unwrap();
    link.refused = Some("no".to_owned());
    mirror.product_bodies.clear();
    mirror.sell(document(Invoice, "1", "1", 500));
    let round = mirror.sync(&Settings::default());
    assert_eq!(round.reasons(), ["1 refused"]);
    assert_eq!(round.codes(), ["create_order", "create_product"]);
    mirror.edit_item("1", |row| row.name = "Oak planter".into());
    assert_eq!(
        mirror.sync(&Settings::default()).codes(),
        ["update_order", "create_product"]
    );
}

#[test]
fn an_order_is_refused_with_its_placeholder() {
    let mut mirror = shop();
    mirror.items.clear();
    mirror.sell(document(Invoice, "1", "1", 500));
    mirror.sync(&Settings::default());
    mirror.orders.clear();
    mirror.order_bodies.clear();
    mirror.product_bodies.clear();
    mirror
        .products
        .get_mut(&ProductId::other())
        .unwrap()
        .refused = Some("no".to_owned());
    let round = mirror.sync(&Settings::default());
    assert!(round.codes().is_empty());
    assert_eq!(round.reasons(), ["inv_1 refused 5.00"]);
}

fn many(kind: DocumentKind, number: i64) -> MemoryMirror {
    let mut mirror = shop();
    for id in 0..number {
        mirror.sell(document(kind, &id.to_string(), "1", 100 + id));
    }
    mirror
}

#[rstest]
#[case::first(StoreState::Absent, 1, &["create_store", "stop_syncing"])]
#[case::interrupted(StoreState::Syncing, 0, &["stop_syncing"])]
#[case::a_few_more(StoreState::Live, 99, &[])]
#[case::back_fill(StoreState::Live, 100, &["start_syncing", "stop_syncing"])]
fn the_store_is_syncing_while_history_loads(
    #[case] state: StoreState,
    #[case] orders: i64,
    #[case] expected: &[&str],
) {
    let mut mirror = many(SalesReceipt, orders);
    mirror.store = state;
    let round = mirror.sync(&Settings::default());
    let codes = round.codes();
    let about_the_store = |code: &&str| code.ends_with("syncing") || *code == "create_store";
    assert_eq!(
        codes
            .into_iter()
            .filter(about_the_store)
            .collect::<Vec<_>>(),
        expected
    );
}

#[test]
fn a_store_that_is_gone_is_filled_again() {
    let mut mirror = many(Invoice, 3);
    mirror.sync(&Settings::default());
    mirror.store = StoreState::Absent;
    let round = mirror.sync(&Settings::default());
    assert_eq!(round.summary.changes["create_order"], 3);
    assert_eq!(round.summary.changes["create_store"], 1);
}

#[test]
fn what_is_missing_from_the_local_copy_is_named() {
    let mut mirror = empty();
    mirror.company = None;
    let failed = mirror.plan(&Settings::default()).unwrap_err();
    assert!(matches!(failed, PlanError::NoCompany));
    let mut mirror = shop();
    mirror.sell(document(Invoice, "1", "1", 500));
    mirror.sync(&Settings::default());
    mirror.order_bodies.clear();
    mirror.documents.clear();
    let failed = mirror.plan(&Settings::default()).unwrap_err();
    assert_eq!(failed.code(), "order_body_missing");
}
