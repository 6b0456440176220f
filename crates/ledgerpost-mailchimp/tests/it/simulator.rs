//! The client against the simulator: a whole life of a store, and not one request out of contract.

use std::time::Duration;

use futures_util::TryStreamExt;
use ledgerpost_core::destination::MemberStatus;
use ledgerpost_mailchimp::batches::{Operation, Outcome};
use ledgerpost_mailchimp::members::{MemberFilter, NewMember, RowOutcome};
use ledgerpost_mailchimp::{Client, Credential, orders, products};
use ledgerpost_net::Secret;
use ledgerpost_net::http::{Limits, Meter, Transport};
use ledgerpost_sim::mailchimp::API_KEY;
use ledgerpost_sim::{Options, Simulator};
use serde_json::Value;
use url::Url;

use crate::bodies::{contact, order, product, store};

fn client(simulator: &Simulator) -> Client {
    let base = format!("{}/us14/3.0", simulator.mailchimp().url());
    let transport = Transport::new("mailchimp", Limits::default(), Meter::default());
    let credential = Credential::ApiKey(Secret::new(API_KEY));
    Client::new(&Url::parse(&base).unwrap(), credential, transport).unwrap()
}

#[tokio::test]
async fn a_store_lives_and_goes_within_the_contract() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let client = client(&simulator);
    let root = client.read_root().await.unwrap();
    client.read_root_of(&root.account_id).await.unwrap();
    let list = client
        .list_audiences()
        .await
        .unwrap()
        .audiences
        .remove(0)
        .id;
    assert!(client.read_audience(&list).await.unwrap().is_some());
    assert!(!client.list_merge_fields(&list).await.unwrap().is_empty());
    client.list_sending_automations(&list).await.unwrap();

    let pages: Vec<_> = client
        .list_members(&list, &MemberFilter::default())
        .try_collect()
        .await
        .unwrap();
    let known: usize = pages.iter().map(|page| page.items.len()).sum();
    assert_eq!(known as u64, pages.first().map_or(0, |page| page.total));

    let mut person = contact("dana@northfield.test");
    person.fields.phone = None;
    let rows = [NewMember::from(&person)];
    let added = client.add_members(&list, &rows).await.unwrap();
    assert!(matches!(
        added.rows[0],
        RowOutcome::Created {
            status: MemberStatus::Transactional,
            ..
        }
    ));
    let again = client.add_members(&list, &rows).await.unwrap();
    assert!(matches!(again.rows[0], RowOutcome::Refused(_)));
    client
        .tag_member(&list, &person.hash, "QuickBooks Online", true)
        .await
        .unwrap();
    let tags = client.search_tags(&list, "QuickBooks").await.unwrap();
    assert_eq!(tags.len(), 1);
    let moved = client
        .change_segment(&list, tags[0].id, &[], &[person.email.clone()])
        .await
        .unwrap();
    assert_eq!(moved.removed, ["dana@northfield.test"]);

    let mut body = store();
    body.audience = list.clone();
    client.create_store(&body).await.unwrap();
    client.create_store(&body).await.unwrap();
    client.put_product(&body.id, &product()).await.unwrap();

    let sale = order(&[("item_17", 4, 10_000), ("item_17", 1, 500)]);
    let orphan = order(&[("item_99", 1, 100)]);
    let operations = [
        Operation::new(
            "sale",
            orders::requests::create_order(&body.id, &sale).unwrap(),
        ),
        Operation::new(
            "item",
            products::requests::put_product(&body.id, &product()),
        ),
    ];
    let batch = client.submit_batch(operations.to_vec()).await.unwrap();
    let batch = client
        .wait_for_batch(&batch.id, 2, Duration::from_mins(1))
        .await
        .unwrap();
    let outcomes = client
        .fetch_outcomes(&batch, &["item", "sale", "none"])
        .await
        .unwrap();
    assert_eq!(
        outcomes,
        [Outcome::Done, Outcome::Done, Outcome::Unreported]
    );

    let refused = client.overwrite_order(&body.id, &orphan).await.unwrap_err();
    assert_eq!(refused.code(), "product_missing");
    client.create_order(&body.id, &sale).await.unwrap();
    let mut shorter = sale.clone();
    shorter.lines.pop();
    client
        .update_order(&body.id, &sale, &shorter)
        .await
        .unwrap();
    let found = client
        .read_order(&body.id, &sale.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((found.order_total, found.lines.len()), (sale.total, 1));

    client.set_syncing(&body.id, false).await.unwrap();
    client.remove_order(&body.id, &sale.id).await.unwrap();
    client.remove_order(&body.id, &sale.id).await.unwrap();
    client.remove_store(&body.id).await.unwrap();
    assert!(client.read_store(&body.id).await.unwrap().is_none());
    client.archive_member(&list, &person.hash).await.unwrap();
    let member = client
        .read_member(&list, &person.hash)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(member.status, MemberStatus::Archived);

    assert!(simulator.world().mailings().is_empty(), "nobody is mailed");
    let state = reqwest::get(format!("{}/_sim/state", simulator.mailchimp().url()))
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let state: Value = serde_json::from_str(&state).unwrap();
    let violations = &state["contract_violations"];
    assert_eq!(violations.as_array().map(Vec::len), Some(0), "{violations}");
}
