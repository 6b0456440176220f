//! Every request against the official contract, and against the promises of what is never sent.

use std::collections::BTreeSet;

use ledgerpost_core::Amount;
use ledgerpost_core::change::{ContactUpdate, FieldName};
use ledgerpost_core::destination::MemberStatus;
use ledgerpost_mailchimp::batches::{BatchId, Operation};
use ledgerpost_mailchimp::customers::Customer;
use ledgerpost_mailchimp::members::{MemberFilter, MemberPatch, NewMember};
use ledgerpost_mailchimp::{
    Request, audiences, batches, customers, members, orders, products, root, segments, stores,
};
use proptest::prelude::*;
use serde_json::Value;

use crate::bodies::{audience, contact, email, full_fields, order, product, store, store_id};
use crate::contract::{contract, violations};

fn violations_of(request: &Request) -> Vec<String> {
    let query: Vec<_> = request
        .query_pairs()
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    violations(request.endpoint(), &query, request.body_text())
}

/// One request of every builder, and more where a request takes several shapes.
fn all_requests() -> Vec<Request> {
    let (list, store_id) = (audience(), store_id());
    let person = email("dana@northfield.test");
    let hash = person.hash();
    let people = vec![person.clone(); 500];
    let update = ContactUpdate {
        hash: hash.clone(),
        email: person.clone(),
        before: full_fields(),
        after: full_fields(),
        clear: vec![FieldName::Address],
    };
    let filter = MemberFilter {
        status: Some(MemberStatus::Archived),
        changed_since: Some("2026-01-05T10:00:00+00:00".to_owned()),
        changed_before: Some("2026-01-06T10:00:00+00:00".to_owned()),
    };
    let new: Vec<_> = (0..500)
        .map(|n| NewMember::from(&contact(&format!("person{n}@northfield.test"))))
        .collect();
    let customer = Customer {
        id: &hash,
        email: &person,
        first_name: Some("Dana"),
        last_name: None,
    };
    let (product, order) = (product(), order(&[("item_17", 4, 10_000)]));
    let line = &order.lines[0];
    let batch = BatchId::new("8b2428d747");
    let mut requests = vec![
        root::read_root(),
        audiences::requests::list_audiences(),
        audiences::requests::read_audience(&list),
        audiences::requests::list_merge_fields(&list),
        audiences::requests::list_interest_categories(&list),
        audiences::requests::list_interests(&list, "9143cf3bd1"),
        audiences::requests::list_sending_automations(),
        members::requests::list_members(&list, &MemberFilter::default()),
        members::requests::list_members(&list, &filter),
        members::requests::count_members(&list, MemberStatus::Subscribed),
        members::requests::read_member(&list, &hash),
        members::requests::add_members(&list, &new).unwrap(),
        segments::requests::search_tags(&list, "QuickBooks"),
        segments::requests::list_segments(&list),
        segments::requests::create_segment(&list, "QuickBooks Online", &people).unwrap(),
        segments::requests::change_segment(&list, 4_788_452, &people, &people).unwrap(),
        stores::requests::list_stores(),
        stores::requests::read_store(&store_id),
        products::requests::list_products(&store_id),
        customers::requests::list_customers(&store_id),
        orders::requests::list_orders(&store_id),
        orders::requests::read_order(&store_id, &order.id),
        batches::requests::read_batch(&batch),
        batches::requests::list_batches(),
        batches::requests::stop_batch(&batch),
    ];
    let writes = vec![
        members::requests::update_member(&list, &hash, &MemberPatch::from(&update)),
        members::requests::update_member(&list, &hash, &MemberPatch::moving_to(&person)),
        members::requests::tag_member(&list, &hash, "QuickBooks Online", true),
        members::requests::tag_member(&list, &hash, "QuickBooks Online", false),
        members::requests::archive_member(&list, &hash),
        stores::requests::create_store(&store()),
        stores::requests::set_syncing(&store_id, false),
        stores::requests::remove_store(&store_id),
        products::requests::put_product(&store_id, &product),
        products::requests::create_product(&store_id, &product),
        products::requests::patch_product(&store_id, &product),
        products::requests::put_variant(&store_id, &product),
        products::requests::remove_product(&store_id, &product.id),
        customers::requests::put_customer(&store_id, &customer),
        customers::requests::remove_customer(&store_id, &hash),
        orders::requests::create_order(&store_id, &order).unwrap(),
        orders::requests::patch_order(&store_id, &order),
        orders::requests::add_line(&store_id, &order.id, 2, line),
        orders::requests::patch_line(&store_id, &order.id, 1, line),
        orders::requests::remove_line(&store_id, &order.id, "1"),
        orders::requests::remove_order(&store_id, &order.id),
    ];
    requests.extend(writes.iter().map(|write| write.request().clone()));
    let operations: Vec<_> = writes
        .into_iter()
        .enumerate()
        .map(|(n, write)| Operation::new(n.to_string(), write))
        .collect();
    requests.push(batches::requests::submit_batch(&operations));
    requests
}

#[test]
fn every_request_keeps_the_contract() {
    for request in all_requests() {
        assert_eq!(violations_of(&request), [""; 0], "{request:?}");
    }
}

#[test]
fn the_table_holds_what_we_send_and_nothing_else() {
    let sent: BTreeSet<_> = all_requests().iter().map(Request::endpoint).collect();
    let known: BTreeSet<_> = contract().into_keys().collect();
    assert_eq!(sent, known);
}

#[test]
fn every_read_names_its_fields_and_never_links() {
    // The contract knows no `fields` for the tag search.
    for request in all_requests() {
        let fields = request
            .query_pairs()
            .iter()
            .find(|(name, _)| *name == "fields");
        match request.endpoint() {
            "GET /lists/{list_id}/tag-search" => assert_eq!(fields, None),
            endpoint if endpoint.starts_with("GET ") => {
                let (_, fields) = fields.unwrap_or_else(|| panic!("{endpoint} names no fields"));
                assert!(
                    !fields.contains("_links") && !fields.contains(' '),
                    "{fields}"
                );
            }
            _ => assert_eq!(fields, None),
        }
    }
}

#[test]
fn no_request_can_raise_a_status() {
    for request in all_requests() {
        let Some(body) = request.body_text() else {
            continue;
        };
        let body: Value = serde_json::from_str(body).unwrap();
        match request.endpoint() {
            "POST /lists/{list_id}" => {
                assert_eq!(body["update_existing"], false);
                assert_eq!(body["sync_tags"], false);
            }
            "POST /lists/{list_id}/members/{subscriber_hash}/tags" => {
                assert_eq!(body["is_syncing"], true);
            }
            "POST /batches" => {}
            endpoint => {
                let text = body.to_string();
                assert!(!text.contains("\"status\":"), "{endpoint}");
                assert!(!text.contains("status_if_new"), "{endpoint}");
                assert!(!text.contains("\"opt_in_status\":true"), "{endpoint}");
            }
        }
    }
}

#[test]
fn amounts_keep_their_digits() {
    let order = order(&[("item_17", 4, 10_000)]);
    let write = orders::requests::create_order(&store_id(), &order).unwrap();
    let body = write.request().body_text().unwrap();
    assert!(
        body.contains(r#""order_total":431.1,"tax_total":31.1,"#),
        "{body}"
    );
    assert!(
        body.contains(r#""processed_at_foreign":"2025-11-03T00:00:00+00:00""#),
        "{body}"
    );
}

proptest! {
    #[test]
    fn any_text_makes_a_valid_request(
        name in ".{0,80}",
        phone in ".{0,40}",
        title in ".{0,200}",
        cents in -10_000_000_000_i64..10_000_000_000,
        quantity in 1_u32..,
    ) {
        let mut person = contact("dana@northfield.test");
        person.fields.first_name = Some(name.clone());
        person.fields.phone = Some(phone);
        let add = members::requests::add_members(&audience(), &[NewMember::from(&person)]).unwrap();
        prop_assert_eq!(violations_of(&add), [""; 0]);

        let mut item = product();
        item.title = title;
        item.price = Some(Amount::from_cents(cents));
        let put = products::requests::put_product(&store_id(), &item);
        prop_assert_eq!(violations_of(put.request()), [""; 0]);

        let mut sale = order(&[("item_17", quantity, cents)]);
        sale.first_name = Some(name);
        let create = orders::requests::create_order(&store_id(), &sale).unwrap();
        prop_assert_eq!(violations_of(create.request()), [""; 0]);
    }
}
