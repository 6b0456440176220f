//! Answers that do not arrive although the call took effect.

use ledgerpost_core::ports::Mirror as _;
use ledgerpost_core::source::DocumentKind;
use ledgerpost_sim::frame::Action;
use ledgerpost_tests::{Journey, World, orders_of};
use serde_json::json;

/// The order of an invoice that goes to another customer is removed and created again, since the buyer of
/// an order cannot change. The answer to its creation is lost, and the call is repeated.
#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_was_replaced_without_an_answer_is_not_refused() {
    let mut journey = Journey::linked(World::untidy(6, 60, 120)).await;
    journey.sync().await;
    let (invoice, key, buyer, other) = {
        let store = journey.store();
        let links = store.contact_links(None, 1_000).unwrap();
        let mut single = links
            .into_iter()
            .filter(|link| link.customers.len() == 1 && link.refused.is_none());
        let documents = store.documents(None, 1_000).unwrap();
        let (buyer, document) = single
            .find_map(|link| {
                let document = documents.iter().find(|document| {
                    document.kind == DocumentKind::Invoice
                        && document.customer.as_ref() == link.customers.first()
                        && store
                            .order_link(&document.key)
                            .unwrap()
                            .is_some_and(|order| order.exists)
                })?;
                Some((link.hash, document.clone()))
            })
            .unwrap();
        let other = single.next().unwrap();
        let id = document.key.as_str().trim_start_matches("inv_").to_owned();
        (id, document.key, buyer, other)
    };
    journey.world().edit_books(json!({
        "edit": "update", "entity": "Invoice", "id": invoice,
        "set": { "CustomerRef": { "value": other.customers[0] } },
    }));
    journey
        .world()
        .fault(Some("POST"), "/orders$", Some(1), Action::DropAfter);
    let report = journey.sync().await;
    assert_eq!(report.failed.get("update_order"), None, "{report:?}");
    let order = journey.store().order_link(&key).unwrap().unwrap();
    assert_eq!(order.refused, None);
    assert_ne!(buyer, other.hash);
    let orders = orders_of(&journey.world().mailchimp_state());
    let bought = &orders[key.as_str()];
    assert_eq!(bought["customer"], other.hash.as_str(), "{bought}");
    let comparison = journey.reconcile().await;
    assert!(comparison.agrees(), "{comparison:?}");
    journey.check().await;
}
