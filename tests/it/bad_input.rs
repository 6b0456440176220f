//! Bad input: each gets a message that names cause and next step, and loses nothing.

use std::fs;
use std::sync::Arc;

use ledgerpost_app::{AppError, SyncOutcome};
use ledgerpost_core::ports::Mirror as _;
use ledgerpost_core::retry::Retry;
use ledgerpost_sim::frame::Action;
use ledgerpost_tests::{Journey, World, open_app, orders_of};
use rstest::rstest;
use rusqlite::Connection;
use serde_json::json;

const MANY: usize = 100_000;

/// A synced company whose books were edited since.
async fn edited(seed: u64) -> Journey {
    let mut journey = Journey::linked(World::untidy(seed, 40, 80)).await;
    journey.sync().await;
    journey.edit_books(seed, 30);
    journey
}

/// The next sync goes through, and everything is as it should be.
async fn goes_on(journey: &mut Journey) {
    journey.sync().await;
    let comparison = journey.reconcile().await;
    assert!(comparison.agrees(), "{comparison:?}");
    journey.check().await;
    assert_eq!(journey.sync().await.runs, []);
}

fn assert_named(error: &AppError, code: &str) {
    assert_eq!(error.code(), code, "{error}");
    assert!(!error.to_string().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_quickbooks_sign_in_asks_to_sign_in_again_and_keeps_the_data() {
    let mut journey = edited(21).await;
    journey.world().edit_books(json!({ "edit": "disconnect" }));
    let before = journey.world().mailchimp_state();
    let error = journey.try_sync(true).await.unwrap_err();
    assert_eq!(error.retry(), Retry::SignIn, "{error}");
    assert_eq!(
        journey.world().mailchimp_state(),
        before,
        "nothing was sent"
    );
    assert!(!journey.store().order_links(None, MANY).unwrap().is_empty());
    journey.connect_quickbooks().await.unwrap();
    goes_on(&mut journey).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_mailchimp_sign_in_asks_to_sign_in_again_and_keeps_the_data() {
    let mut journey = edited(22).await;
    journey.world().edit_audience(json!({ "kind": "revoke" }));
    let error = journey.try_sync(true).await.unwrap_err();
    assert_eq!(error.retry(), Retry::SignIn, "{error}");
    assert!(!journey.store().order_links(None, MANY).unwrap().is_empty());
    journey.connect().await.unwrap();
    goes_on(&mut journey).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_audience_is_named_and_nothing_is_lost() {
    let mut journey = edited(23).await;
    journey
        .world()
        .edit_audience(json!({ "kind": "delete_audience" }));
    let error = journey.try_sync(true).await.unwrap_err();
    assert_named(&error, "audience_gone");
    assert!(journey.store().customer_count().unwrap() > 0);
    // The way on is to disconnect, and then to connect to another audience.
    let (archive, told) = journey.disconnect().await.unwrap();
    assert!(archive.exists() && told);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_audience_is_named_with_those_there_are() {
    let mut journey = Journey::linked(World::untidy(24, 10, 10)).await;
    let error = journey
        .link_to("Nobody", ledgerpost_core::settings::Settings::default())
        .await
        .unwrap_err();
    assert_named(&error, "unknown_audience");
    let advice = error.next_step().unwrap();
    assert!(advice.contains("Newsletter with confirmation"), "{advice}");
}

/// How a company's file goes bad.
#[derive(Debug, Clone, Copy)]
enum Damage {
    Overwritten,
    CutShort,
    Emptied,
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_company_file_is_set_aside_and_rebuilt_without_duplicates(
    #[values(Damage::Overwritten, Damage::CutShort, Damage::Emptied)] damage: Damage,
) {
    let mut journey = Journey::linked(World::untidy(25, 60, 120)).await;
    journey.sync().await;
    let before = journey.world().mailchimp_state();
    let links = journey.store().order_links(None, MANY).unwrap();
    let file = journey.company_file();
    journey.close();
    let sound = fs::read(&file).unwrap();
    match damage {
        Damage::Overwritten => fs::write(&file, vec![0x5a; sound.len()]).unwrap(),
        Damage::CutShort => fs::write(&file, &sound[..sound.len() / 3]).unwrap(),
        Damage::Emptied => fs::write(&file, b"").unwrap(),
    }
    journey.reopen().await.unwrap();

    let report = journey.sync().await;
    if matches!(damage, Damage::Overwritten | Damage::CutShort) {
        let aside = journey.app().set_aside();
        assert_eq!(aside.len(), 1, "the damaged file is kept");
        assert!(aside[0].exists());
    }
    assert!(report.reconciliation.is_none_or(|found| found.agrees()));
    assert_eq!(journey.world().mailchimp_state(), before, "nothing changed");
    assert_eq!(
        journey.store().order_links(None, MANY).unwrap(),
        links,
        "the links are rebuilt"
    );
    assert!(journey.reconcile().await.agrees());
    assert_eq!(journey.sync().await.runs, [], "and all is at rest");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_database_is_named_and_waited_for_by_nobody() {
    let mut journey = edited(26).await;
    let other = Connection::open(journey.company_file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = journey.try_sync(true).await.unwrap_err();
    assert_named(&error, "locked_database");
    other.execute_batch("ROLLBACK").unwrap();
    goes_on(&mut journey).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_database_is_refused_and_left_as_it_is() {
    let mut journey = edited(27).await;
    let file = journey.company_file();
    journey.close();
    let other = Connection::open(&file).unwrap();
    other.execute_batch("PRAGMA user_version = 999").unwrap();
    drop(other);
    let bytes = fs::read(&file).unwrap();
    journey.reopen().await.unwrap();
    let error = journey.try_sync(true).await.unwrap_err();
    assert_named(&error, "newer_database");
    assert_eq!(fs::read(&file).unwrap(), bytes, "not a byte changed");
    assert_eq!(journey.app().set_aside(), [] as [std::path::PathBuf; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_is_told_who_holds_the_folder() {
    let journey = Journey::linked(World::untidy(28, 5, 5)).await;
    let clock = Arc::new(journey.world().clone());
    let second = open_app(&journey.data_folder(), journey.services(), clock).await;
    let Err(error) = second else {
        panic!("two engines in one folder");
    };
    assert_named(&error, "in_use");
    assert!(error.to_string().contains("ledgerpost tests"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_where_the_folder_should_be_is_named() {
    let journey = Journey::start(World::untidy(29, 5, 5)).await;
    let clock = Arc::new(journey.world().clone());
    let Err(error) = open_app(journey.services(), journey.services(), clock).await else {
        panic!("a file is no folder");
    };
    assert_named(&error, "not_a_folder");
}

#[rstest]
#[case::no_json("{", "services_not_json")]
#[case::wrong_field(r#"{"version": 1, "quickbooks": {"client_id": 5}}"#, "services_field")]
#[case::another_version(r#"{"version": 77}"#, "services_version")]
#[tokio::test(flavor = "multi_thread")]
async fn a_services_file_with_errors_is_named(#[case] text: &str, #[case] code: &str) {
    let journey = Journey::start(World::untidy(30, 5, 5)).await;
    let file = journey.services().with_file_name("wrong.json");
    fs::write(&file, text).unwrap();
    let data = journey.services().with_file_name("other-data");
    let clock = Arc::new(journey.world().clone());
    let Err(error) = open_app(&data, &file, clock).await else {
        panic!("opened with a wrong services file");
    };
    assert_named(&error, code);
    assert!(error.to_string().contains("wrong.json"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_deleted_in_mailchimp_is_noticed_and_written_again() {
    let mut journey = Journey::linked(World::untidy(31, 40, 80)).await;
    journey.sync().await;
    let orders = orders_of(&journey.world().mailchimp_state());
    let first = orders.keys().next().unwrap();
    let store = format!("qbo_{}", journey.company().realm);
    journey
        .world()
        .edit_audience(json!({ "kind": "delete_order", "store": store, "order": first }));
    let comparison = journey.reconcile().await;
    assert_eq!(comparison.mismatches.len(), 1, "{comparison:?}");
    goes_on(&mut journey).await;
    assert_eq!(orders_of(&journey.world().mailchimp_state()), orders);

    journey
        .world()
        .edit_audience(json!({ "kind": "delete_store", "store": store }));
    let comparison = journey.reconcile().await;
    assert_eq!(comparison.mismatches.len(), orders.len());
    goes_on(&mut journey).await;
    assert_eq!(orders_of(&journey.world().mailchimp_state()), orders);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_was_removed_in_mailchimp_is_made_again() {
    let mut journey = Journey::linked(World::untidy(33, 40, 80)).await;
    journey.sync().await;
    let store = format!("qbo_{}", journey.company().realm);
    let orders = orders_of(&journey.world().mailchimp_state()).len();
    journey
        .world()
        .edit_audience(json!({ "kind": "delete_store", "store": store }));
    journey.edit_books(33, 60);
    journey.sync().await;
    let now = orders_of(&journey.world().mailchimp_state()).len();
    assert!(now * 2 > orders, "{now} of {orders} orders");
    goes_on(&mut journey).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_down_stops_the_sync_and_the_next_one_goes_on() {
    let mut journey = edited(32).await;
    for path in ["/batches", "/lists", "/v3/company"] {
        let down = Action::Status {
            status: 503,
            body: ledgerpost_sim::frame::BodyKind::Html,
            text: None,
            retry_after: None,
            after_effect: false,
        };
        journey.world().fault(None, path, None, down);
        match journey.try_sync(true).await {
            Err(error) => assert!(
                matches!(error.retry(), Retry::Transient { .. } | Retry::Offline),
                "{error}"
            ),
            // Too little to do for a batch.
            Ok(SyncOutcome::Done(_)) => {}
            Ok(waits @ SyncOutcome::Waits(_)) => panic!("{waits:?}"),
        }
        journey.world().clear_faults();
    }
    goes_on(&mut journey).await;
}
