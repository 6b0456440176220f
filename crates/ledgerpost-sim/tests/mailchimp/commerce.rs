//! Checklist 9 to 12: stores, customers, orders.

use rstest::rstest;
use serde_json::json;

use crate::support::{Bench, detail, order, title};

#[tokio::test]
async fn a_store_stays_with_its_audience_and_takes_its_rows_along() {
    let bench = Bench::new().await;
    let store = bench.store().await;
    let (_, patched) = bench
        .patch(&store, json!({"list_id": "other", "domain": "shop.test"}))
        .await;
    assert_eq!(patched["list_id"], json!(bench.list));
    let twin = json!({"id": "qbo_2", "list_id": bench.list, "name": "B", "currency_code": "USD",
                      "domain": "shop.test"});
    let refused = bench.post("/ecommerce/stores", twin).await;
    assert_eq!(
        detail(&refused),
        "A store with the domain shop.test already exists in the account"
    );
    bench
        .post(&format!("{store}/orders"), order("inv_1", "dana@shop.test"))
        .await;
    assert_eq!(bench.get("/ecommerce/orders").await.1["total_items"], 1);
    assert_eq!(bench.delete(&store).await.0, 204);
    assert_eq!(bench.get(&format!("{store}/orders/inv_1")).await.0, 404);
    assert_eq!(
        bench.status_of("dana@shop.test").await,
        "transactional",
        "people stay"
    );
}

#[tokio::test]
async fn orders_are_refused_as_documented() {
    let bench = Bench::new().await;
    let orders = format!("{}/orders", bench.store().await);
    let mut missing = order("o1", "dana@shop.test");
    missing["lines"][0]["product_id"] = json!("item_9");
    let refused = bench.post(&orders, missing).await;
    assert_eq!(refused.0, 400);
    assert_eq!(
        detail(&refused),
        "We were unable to process the request. A product with the provided ID does not exist in \
         the account for this list."
    );
    let mut empty = order("o1", "dana@shop.test");
    empty["lines"] = json!([]);
    assert_eq!(
        title(&bench.post(&orders, empty).await),
        (404, "Resource Not Found")
    );
    let mut twice = order("o1", "dana@shop.test");
    twice["lines"] = json!([twice["lines"][0], twice["lines"][0]]);
    assert!(detail(&bench.post(&orders, twice).await).contains("same line item id more than once"));
    let mut campaign = order("o1", "dana@shop.test");
    campaign["campaign_id"] = json!("zz");
    assert!(
        detail(&bench.post(&orders, campaign).await).contains("A campaign with the provided ID")
    );
    let mut fraction = order("o1", "dana@shop.test");
    fraction["lines"][0]["quantity"] = json!(1.5);
    assert_eq!(
        title(&bench.post(&orders, fraction).await),
        (400, "Invalid Resource")
    );
    assert_eq!(
        bench.post(&orders, order("o1", "dana@shop.test")).await.0,
        200
    );
    let again = bench.post(&orders, order("o1", "dana@shop.test")).await;
    assert!(detail(&again).contains("An order with the provided ID already exists"));
    assert_eq!(bench.control("log").await["double_creates"]["order"], 1);
    assert_eq!(bench.delete(&format!("{orders}/o1")).await.0, 204);
    assert_eq!(bench.delete(&format!("{orders}/o1")).await.0, 404);
}

#[rstest]
#[case::as_seen(true, 2)]
#[case::the_other_reading(false, 1)]
#[tokio::test]
async fn a_patch_keeps_old_lines_unless_switched(#[case] keeps: bool, #[case] lines: usize) {
    let bench = Bench::switched(|switches| switches.patch_keeps_lines = keeps).await;
    let orders = format!("{}/orders", bench.store().await);
    let mut body = order("o1", "dana@shop.test");
    let mut second = body["lines"][0].clone();
    second["id"] = json!("2");
    body["lines"].as_array_mut().unwrap().push(second);
    bench.post(&orders, body.clone()).await;
    let patch = json!({"order_total": 5, "lines": [body["lines"][0]]});
    let (_, patched) = bench.patch(&format!("{orders}/o1"), patch).await;
    assert_eq!(patched["lines"].as_array().unwrap().len(), lines);
    assert_eq!(patched["customer"]["total_spent"], 5.0);
    if keeps {
        assert_eq!(bench.delete(&format!("{orders}/o1/lines/2")).await.0, 204);
    }
}

#[tokio::test]
async fn a_customer_keeps_the_address_and_never_changes_a_status() {
    let bench = Bench::new().await;
    let store = bench.store().await;
    bench.add("said-no@shop.test", "unsubscribed").await;
    bench.add("yes@shop.test", "subscribed").await;
    let put = async |id: &str, email: &str, opt_in: bool| {
        let body = json!({"id": id, "email_address": email, "opt_in_status": opt_in});
        bench.put(&format!("{store}/customers/{id}"), body).await
    };
    let cases = [
        ("a", "said-no@shop.test", true, "unsubscribed"),
        ("b", "yes@shop.test", false, "subscribed"),
        ("c", "new@shop.test", false, "transactional"),
        ("d", "keen@shop.test", true, "subscribed"),
    ];
    for (id, email, opt_in, wanted) in cases {
        assert_eq!(put(id, email, opt_in).await.0, 200);
        assert_eq!(bench.status_of(email).await, wanted);
    }
    let moved = put("a", "else@shop.test", false).await;
    assert!(
        detail(&moved).ends_with("An email address may not be changed once a customer is created.")
    );
    assert_eq!(put("e", "foo@example.com", false).await.0, 400);
    bench
        .tell("switches", json!({"store_demotes_subscribers": true}))
        .await;
    put("b", "yes@shop.test", false).await;
    assert_eq!(bench.status_of("yes@shop.test").await, "transactional");
}

#[tokio::test]
async fn an_order_brings_an_archived_person_back_under_its_switch() {
    for revives in [true, false] {
        let bench = Bench::switched(|switches| switches.write_revives_archived = revives).await;
        let orders = format!("{}/orders", bench.store().await);
        bench.add("away@shop.test", "subscribed").await;
        bench
            .mutate(json!({"kind": "archive", "email": "away@shop.test"}))
            .await;
        assert_eq!(
            bench.post(&orders, order("o1", "away@shop.test")).await.0,
            200
        );
        let wanted = if revives { "transactional" } else { "archived" };
        assert_eq!(bench.status_of("away@shop.test").await, wanted);
        let writes = bench.control("writes").await;
        assert_eq!(writes["out_of_bounds"][0]["what"], "order");
        assert_eq!(
            writes["raised"].as_array().unwrap().len(),
            usize::from(revives)
        );
    }
}

#[tokio::test]
async fn a_live_store_mails_about_payments_and_a_syncing_one_does_not() {
    let bench = Bench::new().await;
    let store = bench.store().await;
    let orders = format!("{store}/orders");
    let paid = |id: &str| {
        let mut body = order(id, "dana@shop.test");
        body["financial_status"] = json!("paid");
        body
    };
    bench.post(&orders, paid("o1")).await;
    assert!(bench.mailings().await.is_empty());
    bench.patch(&store, json!({"is_syncing": false})).await;
    bench.post(&orders, order("o2", "dana@shop.test")).await;
    assert!(bench.mailings().await.is_empty(), "no status, no mail");
    bench.post(&orders, paid("o3")).await;
    bench
        .patch(
            &format!("{orders}/o2"),
            json!({"fulfillment_status": "shipped"}),
        )
        .await;
    assert_eq!(bench.mailings().await.len(), 2);
}

#[tokio::test]
async fn takings_show_on_the_member_and_follow_the_orders() {
    let bench = Bench::new().await;
    let orders = format!("{}/orders", bench.store().await);
    for id in ["o1", "o2"] {
        bench.post(&orders, order(id, "dana@shop.test")).await;
    }
    let path = bench.at("/members/dana@shop.test");
    let takings = |member: &serde_json::Value| member["stats"]["ecommerce_data"].clone();
    assert_eq!(takings(&bench.get(&path).await.1)["total_revenue"], 25.0);
    bench
        .mutate(json!({"kind": "delete_order", "store": "qbo_1", "order": "o1"}))
        .await;
    assert_eq!(takings(&bench.get(&path).await.1)["number_of_orders"], 1);
}
