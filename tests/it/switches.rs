//! Where the references leave a question open, the program works under every answer.

use jiff::SignedDuration;
use ledgerpost_app::AppError;
use ledgerpost_core::settings::Settings;
use ledgerpost_sim::frame::{IdOrder, OldRefreshToken};
use ledgerpost_sim::{Options, Switches};
use ledgerpost_tests::{Journey, World, orders_of, statuses_of};
use rstest::rstest;
use serde_json::json;

type Switch = fn(&mut Switches);

#[rstest]
#[case::ids_as_text(|to: &mut Switches| to.orderby_id = IdOrder::Text)]
#[case::old_refresh_token_lives(|to: &mut Switches| to.refresh_old_token = OldRefreshToken::LivesADay)]
#[case::second_authorization(|to: &mut Switches| to.second_authorization_disconnects = true)]
#[case::metered_queries(|to: &mut Switches| to.batch_metered_per_query = true)]
#[case::short_batches(|to: &mut Switches| to.batch_limit = 10)]
#[case::endless_batches(|to: &mut Switches| to.batch_objects = 0)]
#[case::small_batches(|to: &mut Switches| to.batch_objects = 50)]
#[case::position_zero(|to: &mut Switches| to.startposition_zero_passes = true)]
#[case::clean_reactivation(|to: &mut Switches| to.reactivation_strips_suffix = true)]
#[case::old_changes(|to: &mut Switches| to.cdc_answers_old_dates = true)]
#[case::throttle_403(|to: &mut Switches| { to.throttle_is_403 = true; to.retry_after = true; })]
#[case::edits_while_reading(|to: &mut Switches| to.edits_between_pages = 3)]
#[case::put_leaves_archived(|to: &mut Switches| to.put_revives_archived = false)]
#[case::patch_replaces_lines(|to: &mut Switches| to.patch_keeps_lines = false)]
#[case::put_keeps_lines(|to: &mut Switches| to.put_keeps_lines = true)]
#[case::write_leaves_archived(|to: &mut Switches| to.write_revives_archived = false)]
#[case::strict_resubscribe(|to: &mut Switches| to.strict_resubscribe = true)]
#[case::bulk_keeps_unsubscribed(|to: &mut Switches| to.bulk_keeps_unsubscribed = true)]
#[case::bulk_takes_roles(|to: &mut Switches| to.bulk_refuses_roles = false)]
#[case::put_sets_tags(|to: &mut Switches| to.put_sets_tags = true)]
#[case::opt_in_subscribes(|to: &mut Switches| to.store_opt_in_subscribes = true)]
#[case::customer_takes_orders(|to: &mut Switches| to.customer_delete_takes_orders = true)]
#[case::no_put_for_products(|to: &mut Switches| to.products_lack_put = true)]
#[case::no_put_for_orders(|to: &mut Switches| to.orders_lack_put = true)]
#[case::negative_amounts(|to: &mut Switches| to.negative_amounts_refused = false)]
#[case::redirect_prefix(|to: &mut Switches| to.redirect_prefix_match = true)]
#[case::no_endpoint(|to: &mut Switches| to.metadata_lacks_endpoint = true)]
#[case::german(|to: &mut Switches| to.localised_messages = true)]
#[case::ten_connections(|to: &mut Switches| to.enforce_connection_limit = true)]
#[case::odd_batches(|to: &mut Switches| to.batch_odd_failures = 2)]
#[case::late_results(|to: &mut Switches| to.batch_results_unavailable = 2)]
#[tokio::test(flavor = "multi_thread")]
async fn the_journey_is_the_same_under_every_answer(#[case] switch: Switch) {
    Box::pin(journey(switch, World::untidy(11, 45, 80), false)).await;
}

#[rstest]
#[case::not_started(|to: &mut Switches| to.segment_tag_triggers = false)]
#[case::started(|to: &mut Switches| to.segment_tag_triggers = true)]
#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_starts_an_automation_mails_nobody(#[case] switch: Switch) {
    // Enough contacts for a segment.
    Box::pin(journey(switch, World::untidy(11, 170, 170), true)).await;
}

/// Everything that an owner does.
async fn journey(switch: Switch, options: Options, automated: bool) {
    let mut switches = Switches::default();
    switch(&mut switches);
    let mut journey = Journey::linked(Options {
        switches,
        ..options
    })
    .await;
    if automated {
        // A tag that is there already: only on such a one can somebody have built an automation.
        let tag = "Workshop 2023".to_owned();
        journey
            .world()
            .edit_audience(json!({ "kind": "automate_tag", "name": tag }));
        let settings = Settings {
            tag,
            ..Settings::default()
        };
        journey.link(settings).await.unwrap();
    }
    let report = journey.sync().await;
    assert!(report.reconciliation.unwrap().agrees());
    journey.check().await;
    at_rest(&mut journey).await;

    for (round, wait) in [(1, 2), (2, 26), (3, 24 * 35)] {
        // The token has to be renewed, and at last the change feed reaches back no further.
        journey.world().pass(SignedDuration::from_hours(wait));
        journey.edit_books(round, 40);
        journey.sync().await;
        let comparison = journey.reconcile().await;
        assert!(comparison.agrees(), "round {round}: {comparison:?}");
        journey.check().await;
        at_rest(&mut journey).await;
    }
    let contacts = statuses_of(&journey.world().mailchimp_state());
    journey.disconnect().await.unwrap();
    let state = journey.world().mailchimp_state();
    assert_eq!(statuses_of(&state), contacts, "contacts stay");
    assert_eq!(orders_of(&state), [].into(), "orders go");
    let mailings = journey.world().simulator().world().mailings();
    assert!(mailings.is_empty(), "{mailings:?}");
}

async fn at_rest(journey: &mut Journey) {
    journey.world().clear_log();
    let report = journey.sync().await;
    assert_eq!(report.runs, [], "not at rest: {report:?}");
    assert_eq!(journey.world().mailchimp_writes(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_demotes_subscribers_stops_the_sync() {
    let mut journey = Journey::linked(Options {
        switches: Switches {
            store_demotes_subscribers: true,
            ..Switches::default()
        },
        ..World::untidy(11, 45, 80)
    })
    .await;
    let before = statuses_of(&journey.world().mailchimp_state());
    let error = journey.try_sync(true).await.unwrap_err();
    assert_eq!(error.code(), "status_moved");
    assert!(matches!(error, AppError::Engine(_)));
    let after = statuses_of(&journey.world().mailchimp_state());
    let demoted = before.iter().filter(|(hash, was)| after[*hash] != **was);
    assert!(demoted.count() <= 1, "noticed with the first subscriber");
    assert!(orders_of(&journey.world().mailchimp_state()).len() <= 1);
}
