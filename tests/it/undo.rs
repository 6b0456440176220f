//! Taking a run back.

use ledgerpost_app::SyncOutcome;
use ledgerpost_core::EmailAddress;
use ledgerpost_core::ports::Mirror as _;
use ledgerpost_tests::{Journey, World, orders_of, statuses_of};
use rstest::rstest;
use serde_json::{Value, json};

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_can_be_taken_back(#[values(1, 2)] seed: u64) {
    let mut journey = Journey::linked(World::untidy(seed, 60, 120)).await;
    let before = people_of(&journey.world().mailchimp_state());
    let report = journey.sync().await;
    for run in report.runs.iter().rev() {
        journey.undo(run).await.unwrap();
    }

    let state = journey.world().mailchimp_state();
    assert_eq!(orders_of(&state), [].into());
    assert_eq!(state["accounts"][0]["stores"], json!({}));
    let after = people_of(&state);
    for (hash, person) in after.as_object().unwrap() {
        match before.get(hash) {
            Some(known) => assert_eq!(known, person, "who was there before is as before"),
            None => assert_eq!(person["status"], "archived", "who was added is archived"),
        }
    }
    let writes = journey.world().ask_mailchimp("/_sim/writes").await;
    assert_eq!(writes["raised"], json!([]));

    let next = journey.try_sync(false).await.unwrap();
    assert!(
        matches!(next, SyncOutcome::Waits(_) | SyncOutcome::Done(_)),
        "{next:?}"
    );
    let status = {
        let company = journey.company();
        journey.app_mut().status(&company).unwrap()
    };
    assert!(status.connection.unwrap().needs_approval);
    assert_eq!(
        orders_of(&journey.world().mailchimp_state()),
        [].into(),
        "nothing comes back without a yes"
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_incremental_sync_can_be_taken_back(#[values(3, 4)] seed: u64) {
    let mut journey = Journey::linked(World::untidy(seed, 60, 120)).await;
    journey.sync().await;
    let before = journey.world().mailchimp_state();
    journey.edit_books(seed, 60);
    let report = journey.sync().await;
    assert_ne!(
        orders_of(&before),
        orders_of(&journey.world().mailchimp_state())
    );
    for run in report.runs.iter().rev() {
        journey.undo(run).await.unwrap();
    }
    let after = journey.world().mailchimp_state();
    assert_eq!(orders_of(&after), orders_of(&before));
    let statuses = statuses_of(&after);
    for (hash, status) in statuses_of(&before) {
        assert_eq!(statuses.get(&hash), Some(&status));
    }
    for (hash, status) in statuses {
        assert!(
            statuses_of(&before).contains_key(&hash) || status == "archived",
            "who was added is archived"
        );
    }
    let waits = journey.try_sync(false).await.unwrap();
    assert!(matches!(waits, SyncOutcome::Waits(_)), "{waits:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_changed_since_is_kept() {
    let mut journey = Journey::linked(World::untidy(5, 60, 120)).await;
    let known = statuses_of(&journey.world().mailchimp_state());
    let report = journey.sync().await;
    let people = people_of(&journey.world().mailchimp_state());
    let (hash, added) = people
        .as_object()
        .unwrap()
        .iter()
        .find(|(hash, _)| !known.contains_key(*hash))
        .unwrap();
    journey.world().pass(jiff::SignedDuration::from_secs(5));
    journey.world().edit_audience(json!({
        "kind": "unsubscribe", "email": added["email_address"],
    }));
    for run in report.runs.iter().rev() {
        journey.undo(run).await.unwrap();
    }
    let after = statuses_of(&journey.world().mailchimp_state());
    assert_eq!(after[hash], "unsubscribed", "the archive would forget a no");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_goes_back_with_the_name_that_changed_along_with_it() {
    let mut journey = Journey::linked(World::untidy(6, 60, 120)).await;
    journey.sync().await;
    let link = {
        let links = journey.store().contact_links(None, 1_000).unwrap();
        links
            .into_iter()
            .find(|link| link.created_by_us && link.customers.len() == 1 && link.refused.is_none())
            .unwrap()
    };
    let before = people_of(&journey.world().mailchimp_state());
    let customer = &link.customers[0];
    journey.world().edit_books(json!({
        "edit": "update", "entity": "Customer", "id": customer,
        "set": {
            "PrimaryEmailAddr": { "Address": "moved.to@new-address.test" },
            "GivenName": "Renamed", "FamilyName": "Along",
        },
    }));
    let report = journey.sync().await;
    let moved = EmailAddress::parse("moved.to@new-address.test")
        .unwrap()
        .hash();
    let between = people_of(&journey.world().mailchimp_state());
    assert_eq!(between[moved.as_str()]["merge_fields"]["FNAME"], "Renamed");

    for run in report.runs.iter().rev() {
        journey.undo(run).await.unwrap();
    }
    let after = people_of(&journey.world().mailchimp_state());
    assert_eq!(after.get(moved.as_str()), None, "the address went back");
    let hash = link.hash.as_str();
    assert_eq!(after[hash]["email_address"], before[hash]["email_address"]);
    assert_eq!(after[hash]["merge_fields"], before[hash]["merge_fields"]);
    assert_eq!(after[hash]["tags"], before[hash]["tags"]);
    assert!(
        journey
            .store()
            .contact_links(None, 1_000)
            .unwrap()
            .iter()
            .all(|link| {
                link.hash != moved && (link.hash.as_str() != hash || link.refused.is_none())
            }),
        "nobody is taken for refused"
    );

    journey.sync().await;
    let again = people_of(&journey.world().mailchimp_state());
    assert_eq!(again[moved.as_str()]["merge_fields"]["FNAME"], "Renamed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_move_holds_back_what_was_to_follow_it() {
    let mut journey = Journey::linked(World::untidy(6, 60, 120)).await;
    let gone = "gone.for.good@somewhere-else.test";
    let world = journey.world();
    world.edit_audience(json!({ "kind": "add_member", "email": gone, "status": "subscribed" }));
    world.edit_audience(json!({ "kind": "forget", "email": gone }));
    journey.sync().await;
    let orders = orders_of(&journey.world().mailchimp_state());
    let link = {
        let links = journey.store().contact_links(None, 1_000).unwrap();
        links
            .into_iter()
            .find(|link| link.created_by_us && link.customers.len() == 1 && link.refused.is_none())
            .unwrap()
    };
    journey.world().edit_books(json!({
        "edit": "update", "entity": "Customer", "id": link.customers[0],
        "set": {
            "PrimaryEmailAddr": { "Address": gone },
            "GivenName": "Renamed", "FamilyName": "Along",
        },
    }));
    let report = journey.sync().await;

    let hash = EmailAddress::parse(gone).unwrap().hash();
    let links = journey.store().contact_links(None, 1_000).unwrap();
    assert!(links.iter().all(|known| known.hash != hash), "{links:?}");
    let refused = links.iter().find(|known| known.hash == link.hash).unwrap();
    let words = &refused.refused.as_ref().unwrap().words;
    assert!(words.contains("permanently deleted"), "{words}");
    let people = people_of(&journey.world().mailchimp_state());
    assert_eq!(people.get(hash.as_str()), None);
    assert_ne!(
        people[link.hash.as_str()]["merge_fields"]["FNAME"],
        "Renamed"
    );
    assert_eq!(orders_of(&journey.world().mailchimp_state()), orders);
    assert_eq!(report.failed["move_contact"], 1);
    let again = journey.sync().await;
    assert_eq!(again.runs.len(), 0, "{again:?}");
}

fn people_of(state: &Value) -> Value {
    state["accounts"][0]["lists"][0]["members"].clone()
}
