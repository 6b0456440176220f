//! The store, its products and its orders.

use ledgerpost_mailchimp::orders::{Update, update_order};
use ledgerpost_mailchimp::{Error, Reason};
use serde_json::json;

use crate::bodies::{email, order, product, store};
use crate::server::{Answer, Server};

#[tokio::test]
async fn a_store_that_was_created_by_a_lost_request_is_taken() {
    let server = Server::start(|seen, _| match seen.method.as_str() {
        "POST" => Answer::problem(
            400,
            "Bad Request",
            "A store with the provided ID already exists in the account.",
        ),
        "GET" => Answer::ok(
            r#"{"id":"qbo_9130","list_id":"a36b032126","currency_code":"USD","is_syncing":false}"#,
        ),
        _ => Answer::ok("{}"),
    })
    .await;
    server.client().create_store(&store()).await.unwrap();
    let last = server.seen().pop().unwrap();
    assert_eq!(
        (last.method.as_str(), last.body.as_str()),
        ("PATCH", r#"{"is_syncing":true}"#)
    );

    let mut elsewhere = store();
    elsewhere.audience = "another".into();
    let error = server.client().create_store(&elsewhere).await.unwrap_err();
    assert!(
        error.is(Reason::StoreExists),
        "a store is nailed to its audience"
    );
}

#[tokio::test]
async fn what_is_gone_already_counts_as_removed() {
    let server = Server::start(|_, _| Answer::problem(404, "Resource Not Found", "")).await;
    server.client().remove_store(&store().id).await.unwrap();
    let nowhere = Server::start(|_, _| Answer::html(404)).await;
    let error = nowhere
        .client()
        .remove_store(&store().id)
        .await
        .unwrap_err();
    assert!(
        error.is(Reason::Garbled),
        "a 404 that Mailchimp did not write proves nothing"
    );
}

#[tokio::test]
async fn an_old_server_without_put_gets_post_then_patch() {
    let server = Server::start(|seen, _| match seen.method.as_str() {
        "PUT" if seen.path.ends_with("/products/item_17") => {
            Answer::problem(405, "Method Not Allowed", "")
        }
        "POST" => Answer::problem(
            400,
            "Bad Request",
            "A product with the provided ID already exists in the account.",
        ),
        _ => Answer::ok("{}"),
    })
    .await;
    server
        .client()
        .put_product(&store().id, &product())
        .await
        .unwrap();
    let products = "/3.0/ecommerce/stores/qbo_9130/products";
    assert_eq!(
        server.lines(),
        [
            format!("PUT {products}/item_17"),
            format!("POST {products}"),
            format!("PATCH {products}/item_17"),
            format!("PUT {products}/item_17/variants/item_17"),
        ]
    );
}

#[tokio::test]
async fn an_order_that_exists_is_made_equal_line_by_line() {
    let wanted = order(&[("item_1", 1, 500), ("item_2", 2, 100)]);
    let buyer = wanted.customer.to_string();
    let server = Server::start(move |seen, _| match seen.method.as_str() {
        "POST" if seen.path.ends_with("/orders") => {
            Answer::problem(400, "Bad Request", "An order with the provided ID already exists in the account.")
        }
        "GET" => {
            let line = |id: &str| json!({"id": id, "product_id": "item_1", "quantity": 1, "price": 1});
            Answer::ok(
                json!({"id": "inv_1045", "customer": {"id": buyer}, "currency_code": "USD", "order_total": 1,
                    "lines": [line("1"), line("3"), line("old")]})
                .to_string(),
            )
        }
        "DELETE" => Answer::done(),
        _ => Answer::ok("{}"),
    })
    .await;
    server
        .client()
        .create_order(&store().id, &wanted)
        .await
        .unwrap();
    let order = "/3.0/ecommerce/stores/qbo_9130/orders/inv_1045";
    assert_eq!(
        server.lines()[2..],
        [
            format!("PATCH {order}"),
            format!("PATCH {order}/lines/1"),
            format!("POST {order}/lines"),
            format!("DELETE {order}/lines/3"),
            format!("DELETE {order}/lines/old"),
        ]
    );
}

#[test]
fn an_update_writes_only_what_differs() {
    let store = store().id;
    let before = order(&[("item_1", 1, 500), ("item_2", 2, 100)]);
    let lines = |update: Result<Update, Error>| match update.unwrap() {
        Update::Writes(writes) => writes
            .iter()
            .map(|write| write.request().endpoint())
            .collect(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        update_order(&store, &before, &before).unwrap(),
        Update::Nothing
    );

    let mut shorter = before.clone();
    shorter.lines.pop();
    let writes: Vec<_> = lines(update_order(&store, &before, &shorter));
    assert_eq!(
        writes,
        ["DELETE /ecommerce/stores/{store_id}/orders/{order_id}/lines/{line_id}"]
    );

    let mut renamed = before.clone();
    renamed.last_name = Some("Okafor".to_owned());
    let writes: Vec<_> = lines(update_order(&store, &before, &renamed));
    assert_eq!(
        writes,
        ["PATCH /ecommerce/stores/{store_id}/orders/{order_id}"]
    );

    let mut other_buyer = before.clone();
    other_buyer.customer = email("new@shop.test").hash();
    assert!(matches!(
        update_order(&store, &before, &other_buyer).unwrap(),
        Update::Replace { .. }
    ));

    let empty = order(&[]);
    assert!(matches!(
        update_order(&store, &before, &empty),
        Err(Error::LinesEmpty)
    ));
}
