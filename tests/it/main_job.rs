//! The main job from the first sign-in to the last: what an owner does in a year, in a minute.

use ledgerpost_app::SyncOutcome;
use ledgerpost_core::EmailAddress;
use ledgerpost_core::settings::Settings;
use ledgerpost_core::skip::SkipSubject;
use ledgerpost_sim::{Options, Profile};
use ledgerpost_tests::{Journey, World, orders_of, statuses_of};
use rstest::rstest;
use serde_json::{Value, json};

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_owner_links_syncs_edits_reconciles_and_leaves(#[values(1, 2, 3)] seed: u64) {
    let mut journey = Journey::linked(World::untidy(seed, 60, 150)).await;
    let people = statuses_of(&journey.world().mailchimp_state());

    let waits = journey.try_sync(false).await.unwrap();
    assert!(matches!(waits, SyncOutcome::Waits(_)), "a first plan waits");
    assert_eq!(
        journey.world().mailchimp_writes(),
        ["\"POST\" \"/oauth2/token\" x1"],
        "nothing is written before the owner has seen it"
    );

    let report = journey.sync().await;
    let refused = report.failed.get("create_contact").copied();
    assert!(refused <= Some(3), "only deleted people are refused");
    assert!(report.done["create_order"] > 20);
    let comparison = report.reconciliation.expect("a first sync compares");
    assert!(comparison.agrees(), "{comparison:?}");
    journey.check().await;

    journey.world().clear_log();
    let again = journey.sync().await;
    assert_eq!(again.runs, [], "a second sync has nothing to do");
    let (quickbooks, mailchimp) = journey.world().requests();
    assert_eq!(
        quickbooks, 1,
        "one read of QuickBooks tells that nothing changed"
    );
    assert!(mailchimp <= 2, "{mailchimp} reads of Mailchimp");
    assert_eq!(journey.world().mailchimp_writes(), [""; 0]);

    for round in 0..3 {
        journey.edit_books(seed * 100 + round, 40);
        journey.sync().await;
        let comparison = journey.reconcile().await;
        assert!(comparison.agrees(), "round {round}: {comparison:?}");
        journey.check().await;
        assert_eq!(
            journey.sync().await.runs,
            [],
            "round {round} left something"
        );
    }

    let contacts = statuses_of(&journey.world().mailchimp_state());
    let (archive, told) = journey.disconnect().await.unwrap();
    assert!(archive.metadata().unwrap().len() > 0);
    assert!(told, "Intuit was told");
    let state = journey.world().mailchimp_state();
    assert_eq!(statuses_of(&state), contacts, "contacts stay");
    assert!(people.keys().all(|hash| contacts.contains_key(hash)));
    assert_eq!(orders_of(&state), [].into(), "orders are gone");
    assert_eq!(
        journey.app().companies().unwrap(),
        [],
        "the sign-in is gone"
    );
}

/// 50 to 150 ms a request and every ceiling enforced.
#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_stays_below_every_ceiling_of_the_real_services() {
    let mut journey = Journey::linked(Options {
        profile: Profile::Real,
        ..World::untidy(6, 60, 150)
    })
    .await;
    journey.be_patient();
    let report = journey.sync().await;
    assert!(report.reconciliation.unwrap().agrees());
    journey.check().await;
    assert_eq!(journey.sync().await.runs, []);
    journey.edit_books(600, 40);
    journey.sync().await;
    let comparison = journey.reconcile().await;
    assert!(comparison.agrees(), "{comparison:?}");
    journey.check().await;
    journey.disconnect().await.unwrap();
    assert_eq!(journey.world().throttled(), [""; 0]);
    let log = journey.world().simulator().mailchimp().log().to_json();
    assert!(
        log["high_water"].as_u64() <= Some(4),
        "{}",
        log["high_water"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_tag_is_planned_and_goes_on_everybody_beside_the_first_one() {
    let mut journey = Journey::linked(World::untidy(7, 40, 60)).await;
    journey.sync().await;
    let first = people_with(&journey, "QuickBooks Online");
    assert!(first.len() > 10);
    let settings = Settings {
        tag: "Shop".to_owned(),
        ..Settings::default()
    };
    journey.link(settings).await.unwrap();
    let plan = journey.plan().await.unwrap();
    assert!(plan.waits, "other choices wait for a yes");
    assert_eq!(plan.summary.changes["tag_contact"], first.len() as u64);
    journey.sync().await;
    journey.check().await;
    assert_eq!(people_with(&journey, "Shop"), first);
    assert_eq!(people_with(&journey, "QuickBooks Online"), first);
    assert_eq!(journey.sync().await.runs, [], "and once is enough");
}

/// Whoever has a tag in the first audience.
fn people_with(journey: &Journey, tag: &str) -> Vec<String> {
    let state = journey.world().mailchimp_state();
    let members = state["accounts"][0]["lists"][0]["members"].as_object();
    let tagged = members.unwrap().iter().filter(|(_, member)| {
        let tags = member["tags"].as_array().unwrap();
        tags.iter().any(|held| held == tag)
    });
    tagged.map(|(hash, _)| hash.clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_deleted_for_good_is_taken_along_once_they_sign_up_themselves() {
    let mut journey = Journey::linked(World::untidy(6, 60, 120)).await;
    let email = "deleted.once@somewhere-else.test";
    let world = journey.world();
    world.edit_audience(json!({ "kind": "add_member", "email": email, "status": "subscribed" }));
    world.edit_audience(json!({ "kind": "forget", "email": email }));
    let customer = world.edit_books(json!({ "edit": "create", "entity": "Customer", "record": {
        "DisplayName": "Rosa Delgado", "GivenName": "Rosa", "FamilyName": "Delgado",
        "PrimaryEmailAddr": { "Address": email },
    }}))["created"]
        .clone();
    let invoice = world.edit_books(json!({ "edit": "create", "entity": "Invoice", "record": {
        "CustomerRef": { "value": customer },
        "Line": [{
            "Amount": 548, "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": { "ItemRef": { "value": "1" } },
        }],
    }}))["created"]
        .clone();
    let order = format!("inv_{}", invoice.as_str().unwrap());
    journey.sync().await;
    assert_eq!(
        reason_of(&mut journey, &customer).as_deref(),
        Some("forgotten")
    );
    let orders = orders_of(&journey.world().mailchimp_state());
    assert!(!orders.contains_key(&order));

    let signs_up = json!({ "kind": "add_member", "email": email, "status": "subscribed" });
    journey.world().edit_audience(signs_up);
    journey.sync().await;
    assert_eq!(reason_of(&mut journey, &customer), None);
    let state = journey.world().mailchimp_state();
    let left_out = journey.store().skips_of(SkipSubject::Document, &order);
    assert!(orders_of(&state).contains_key(&order), "{left_out:?}");
    let hash = EmailAddress::parse(email).unwrap().hash();
    assert_eq!(statuses_of(&state)[hash.as_str()], "subscribed");
    let again = journey.sync().await;
    assert_eq!(again.runs, [], "{again:?}");
}

/// Why a customer is left alone.
fn reason_of(journey: &mut Journey, customer: &Value) -> Option<String> {
    let id = customer.as_str().unwrap();
    let skips = journey.store().skips_of(SkipSubject::Customer, id).unwrap();
    skips.first().map(|row| row.skip.reason.code().to_owned())
}
