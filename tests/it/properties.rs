//! What holds for every company and every history: checked over generated ones.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use ledgerpost_app::Plan;
use ledgerpost_core::ids::CustomerId;
use ledgerpost_core::settings::{NewStatus, Scope, Settings, StatusException};
use ledgerpost_tests::{Journey, World, orders_of, statuses_of};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rstest::rstest;
use serde_json::{Value, json};

/// How long each of the histories may go on; at least one is lived to its end.
const TIME: Duration = Duration::from_secs(12);

/// Each case draws company, audience, settings and edits on both sides from its seed.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn every_history_keeps_the_promises(#[values(1, 2, 3, 4)] start: u64) {
    let begun = Instant::now();
    let mut seed = start * 1_000;
    while seed == start * 1_000 || begun.elapsed() < TIME {
        Box::pin(live(seed)).await;
        seed += 1;
    }
}

#[expect(
    clippy::print_stdout,
    reason = "names the history in which a promise broke"
)]
async fn live(seed: u64) {
    println!("history {seed}");
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let customers = random.random_range(5..50);
    let documents = random.random_range(0..120);
    let mut journey = Journey::start(World::untidy(seed, customers, documents)).await;
    journey.connect().await.unwrap();
    let audience = journey.app().audiences().await.unwrap().audiences[random.random_range(0..2)]
        .id
        .to_string();
    // With a welcome automation nobody may be subscribed; half of the histories switch it off.
    let welcomes = random.random();
    journey.world().edit_audience(json!({
        "kind": "edit_audience", "audience": audience, "has_welcome": welcomes,
    }));
    let settings = any_settings(welcomes, &mut random);
    journey.link_to(&audience, settings).await.unwrap();

    for round in 0..4 {
        let planned = described(&journey.plan().await.unwrap());
        let again = described(&journey.plan().await.unwrap());
        assert_eq!(
            planned, again,
            "history {seed}, round {round}: the same input, another plan"
        );
        journey.sync().await;
        journey.check().await;
        documents_are_orders_once(&journey);

        journey.world().clear_log();
        let rest = journey.sync().await;
        assert_eq!(rest.runs, [], "history {seed}, round {round}: not at rest");
        assert_eq!(journey.world().mailchimp_writes(), [""; 0]);
        assert_eq!(
            journey.plan().await.unwrap().changes,
            0,
            "history {seed}, round {round}: the plan after apply is not empty"
        );
        let comparison = journey.reconcile().await;
        assert!(
            comparison.agrees(),
            "history {seed}, round {round}: {comparison:?}"
        );

        journey.edit_books(random.random(), random.random_range(1..30));
        edit_audience(&mut journey, &audience, &mut random);
    }
}

/// A plan as the owner sees it. Who was there already is tied when first planned.
fn described(plan: &Plan) -> Value {
    let mut plan = serde_json::to_value(plan).unwrap();
    plan["run"] = Value::Null;
    plan["summary"]["ties"] = Value::Null;
    plan
}

fn any_settings(welcomes: bool, random: &mut ChaCha8Rng) -> Settings {
    let status = |random: &mut ChaCha8Rng| match random.random_range(0..3) {
        0 => NewStatus::Unsubscribed,
        1 if !welcomes => NewStatus::Subscribed,
        _ => NewStatus::Transactional,
    };
    let exceptions = (0..random.random_range(0..6))
        .map(|_| {
            let customer = random.random_range(1..60).to_string();
            let exception = StatusException {
                status: status(random),
                grounds: "said so on the phone".to_owned(),
            };
            (CustomerId::new(customer), exception)
        })
        .collect();
    Settings {
        scope: if random.random_bool(0.2) {
            Scope::OnlyExisting
        } else {
            Scope::EveryCustomer
        },
        status: status(random),
        grounds: Some("agreed at the till".to_owned()),
        exceptions,
        include_role_addresses: random.random(),
        include_inactive: random.random(),
        include_projects: random.random(),
        names: random.random_bool(0.8),
        addresses: random.random_bool(0.8),
        phones: random.random_bool(0.8),
        invoices: random.random_bool(0.9),
        sales_receipts: random.random_bool(0.9),
        items: random.random_bool(0.8),
        ..Settings::default()
    }
}

/// What people do in Mailchimp meanwhile: leave, come back, are cleaned, archived and deleted.
fn edit_audience(journey: &mut Journey, audience: &str, random: &mut ChaCha8Rng) {
    journey.world().pass(jiff::SignedDuration::from_secs(5));
    let emails = emails_of(&journey.world().mailchimp_state(), audience);
    for email in emails {
        if random.random_bool(0.85) {
            continue;
        }
        let kind = ["unsubscribe", "clean", "archive", "edit_fields"][random.random_range(0..4)];
        let mut edit = json!({ "kind": kind, "email": email, "audience": audience });
        if kind == "edit_fields" {
            edit["merge_fields"] = json!({ "FNAME": "Changed by hand" });
        }
        journey.world().edit_audience(edit);
    }
    journey.world().pass(jiff::SignedDuration::from_secs(5));
    journey.mark();
}

fn emails_of(state: &Value, audience: &str) -> Vec<String> {
    let lists = state["accounts"][0]["lists"].as_array().unwrap();
    let list = lists.iter().find(|list| list["id"] == audience).unwrap();
    let members = list["members"].as_object().unwrap();
    members
        .values()
        .map(|member| member["email_address"].as_str().unwrap().to_owned())
        .collect()
}

/// Each document is at most one order, and each order is a document, unless its person may not be
/// written to any more.
fn documents_are_orders_once(journey: &Journey) {
    let books = journey.world().quickbooks_state();
    let entities = &books["companies"][0]["entities"];
    let mut documents = BTreeMap::new();
    for (entity, prefix) in [("Invoice", "inv"), ("SalesReceipt", "sr")] {
        for row in entities[entity].as_array().unwrap() {
            documents.insert(format!("{prefix}_{}", row["Id"].as_str().unwrap()), row);
        }
    }
    let state = journey.world().mailchimp_state();
    let statuses = statuses_of(&state);
    for (id, order) in orders_of(&state) {
        let status = &statuses[order["customer"].as_str().unwrap()];
        assert!(
            documents.contains_key(&id) || matches!(status.as_str(), "archived" | "cleaned"),
            "{id} is no document any more, and its person is {status}"
        );
    }
}
