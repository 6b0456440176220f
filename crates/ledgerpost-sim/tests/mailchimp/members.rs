//! Checklist 5 to 9: people, tags, and what would have been mailed.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Bench, detail, title};

const PERSON: &str = "dana@northfield.test";

#[rstest]
#[case::set_by_the_api("admin_or_api", 200)]
#[case::by_the_link("person", 400)]
#[case::by_a_complaint("complaint", 400)]
#[tokio::test]
async fn only_those_whom_the_api_unsubscribed_may_come_back(#[case] by: &str, #[case] wanted: u16) {
    let bench = Bench::new().await;
    bench.add(PERSON, "subscribed").await;
    bench
        .mutate(json!({"kind": "unsubscribe", "email": PERSON, "by": by}))
        .await;
    let path = bench.at(&format!("/members/{PERSON}"));
    let answer = bench.patch(&path, json!({"status": "subscribed"})).await;
    assert_eq!(answer.0, wanted);
    if wanted == 400 {
        assert_eq!(answer.1["title"], "Member In Compliance State");
        assert_eq!(
            bench.patch(&path, json!({"status": "pending"})).await.0,
            200
        );
        assert_eq!(
            bench.mailings().await.last().unwrap()["kind"],
            "confirmation"
        );
    } else {
        assert!(answer.1.get("unsubscribe_reason").is_none());
        let raised = bench.control("writes").await["raised"].clone();
        assert_eq!(
            raised[0]["before"], "unsubscribed",
            "a raise is seen even if allowed"
        );
    }
}

#[tokio::test]
async fn the_strict_reading_lets_nobody_back() {
    let bench = Bench::switched(|switches| switches.strict_resubscribe = true).await;
    bench.add(PERSON, "unsubscribed").await;
    let path = bench.at(&format!("/members/{PERSON}"));
    let answer = bench.patch(&path, json!({"status": "subscribed"})).await;
    assert_eq!(title(&answer), (400, "Member In Compliance State"));
}

#[tokio::test]
async fn cleaned_people_cannot_be_subscribed_nor_archived() {
    let bench = Bench::new().await;
    bench.add(PERSON, "subscribed").await;
    bench
        .mutate(json!({"kind": "clean", "email": PERSON}))
        .await;
    let path = bench.at(&format!("/members/{PERSON}"));
    let refused = bench
        .put(
            &path,
            json!({"email_address": PERSON, "status": "subscribed"}),
        )
        .await;
    assert_eq!(title(&refused), (400, "Member In Compliance State"));
    let response = bench.send(reqwest::Method::DELETE, &path, None).await;
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers()["allow"], "GET, PUT");
}

#[tokio::test]
async fn an_archived_person_keeps_everything_and_comes_back_by_post() {
    let bench = Bench::new().await;
    let body = json!({"email_address": PERSON, "status": "subscribed", "tags": ["VIP"],
                      "merge_fields": {"FNAME": "Dana"}});
    let (_, before) = bench.post(&bench.at("/members"), body).await;
    let path = bench.at(&format!("/members/{PERSON}"));
    assert_eq!(bench.delete(&path).await.0, 204);
    assert_eq!(bench.delete(&path).await.0, 405);
    let (_, archived) = bench.get(&path).await;
    assert_eq!(archived["status"], "archived");
    assert_eq!(archived["merge_fields"]["FNAME"], "Dana");
    let (_, listed) = bench.get(&bench.at("/members?count=1000")).await;
    assert!(
        !listed.to_string().contains(PERSON),
        "left out without a status"
    );
    let (_, found) = bench
        .get(&bench.at("/members?status=archived&count=1000"))
        .await;
    assert!(found.to_string().contains(PERSON));
    let (status, back) = bench.add(PERSON, "subscribed").await;
    assert_eq!(status, 200);
    assert_eq!(back["contact_id"], before["contact_id"]);
    assert_eq!(back["tags"][0]["name"], "VIP");
    let writes = bench.control("writes").await;
    assert_eq!(writes["raised"][0]["before"], "archived");
}

#[tokio::test]
async fn put_without_a_status_touches_none_and_revives_only_under_its_switch() {
    for revives in [false, true] {
        let bench = Bench::switched(|switches| switches.put_revives_archived = revives).await;
        bench.add(PERSON, "unsubscribed").await;
        let path = bench.at(&format!("/members/{PERSON}"));
        let body = json!({"email_address": PERSON, "status_if_new": "subscribed"});
        bench.put(&path, body.clone()).await;
        assert_eq!(bench.status_of(PERSON).await, "unsubscribed");
        bench
            .mutate(json!({"kind": "archive", "email": PERSON}))
            .await;
        bench
            .put(
                &path,
                json!({"email_address": PERSON, "status_if_new": "transactional"}),
            )
            .await;
        let wanted = if revives { "transactional" } else { "archived" };
        assert_eq!(bench.status_of(PERSON).await, wanted);
    }
}

#[tokio::test]
async fn a_permanently_deleted_address_never_comes_back() {
    let bench = Bench::new().await;
    let (_, member) = bench.add(PERSON, "subscribed").await;
    let hash = member["id"].as_str().unwrap();
    let path = bench.at(&format!("/members/{hash}"));
    let gone = bench
        .post(&format!("{path}/actions/delete-permanent"), Value::Null)
        .await;
    assert_eq!(gone.0, 204);
    assert_eq!(bench.get(&path).await.0, 404);
    let refused = bench.add(PERSON, "transactional").await;
    assert_eq!(title(&refused), (400, "Forgotten Email Not Subscribed"));
    let row = json!({"members": [{"email_address": PERSON, "status": "transactional"}]});
    let (status, bulk) = bench.post(&bench.at(""), row).await;
    assert_eq!((status, &bulk["error_count"]), (200, &json!(1)));
}

#[rstest]
#[case::sample_domain("foo@example.com", "looks fake")]
#[case::no_address("foo", "valid email address")]
#[tokio::test]
async fn bad_addresses_are_refused(#[case] email: &str, #[case] text: &str) {
    let bench = Bench::new().await;
    let refused = bench.add(email, "subscribed").await;
    assert_eq!(title(&refused), (400, "Invalid Resource"));
    assert!(detail(&refused).contains(text), "{}", detail(&refused));
}

#[tokio::test]
async fn role_addresses_are_refused_in_bulk_only() {
    let bench = Bench::new().await;
    let row = json!({"members": [{"email_address": "billing@shop.test", "status": "subscribed"}]});
    assert_eq!(bench.post(&bench.at(""), row).await.1["error_count"], 1);
    assert_eq!(bench.add("billing@shop.test", "subscribed").await.0, 200);
}

#[tokio::test]
async fn put_ignores_tags_and_unknown_merge_keys_but_not_half_an_address() {
    let bench = Bench::new().await;
    bench.add(PERSON, "subscribed").await;
    let path = bench.at(&format!("/members/{PERSON}"));
    let (status, member) = bench
        .put(
            &path,
            json!({"tags": ["x"], "merge_fields": {"NOPE": "1", "FNAME": "Dana"}}),
        )
        .await;
    assert_eq!(status, 200);
    assert_eq!(
        (&member["tags_count"], &member["full_name"]),
        (&json!(0), &json!("Dana"))
    );
    let violations = bench.control("log").await["contract_violations"].clone();
    assert_eq!(violations[0]["field"], "tags");
    let half = json!({"merge_fields": {"FNAME": "D", "ADDRESS": {"addr1": "1 Main St"}}});
    let refused = bench.put(&path, half.clone()).await;
    assert_eq!(
        refused.1["errors"][0]["message"],
        "Please enter a complete address"
    );
    assert_eq!(
        bench.get(&path).await.1["full_name"],
        "Dana",
        "the whole member failed"
    );
    bench
        .tell("switches", json!({"localised_messages": true}))
        .await;
    let german = bench.put(&path, half).await;
    assert_eq!(
        german.1["errors"][0]["message"],
        "Bitte gib eine vollständige Adresse ein."
    );
}

#[tokio::test]
async fn a_required_field_may_be_skipped_and_a_bad_value_not() {
    let bench = Bench::new().await;
    bench
        .mutate(json!({"kind": "edit_merge_field", "tag": "LNAME", "required": true}))
        .await;
    bench
        .mutate(json!({"kind": "edit_merge_field", "tag": "PHONE", "phone_format": "US"}))
        .await;
    let refused = bench.add(PERSON, "subscribed").await;
    assert_eq!(refused.1["errors"][0]["message"], "Please enter a value");
    let skipping = bench.at("/members?skip_merge_validation=true");
    let bad = json!({"email_address": PERSON, "status": "subscribed",
                     "merge_fields": {"PHONE": "+44 20 7946 0000"}});
    assert_eq!(bench.post(&skipping, bad).await.0, 400);
    let good = json!({"email_address": PERSON, "status": "subscribed",
                      "merge_fields": {"PHONE": "503-555-0134"}});
    assert_eq!(bench.post(&skipping, good).await.0, 200);
}

#[tokio::test]
async fn bulk_answers_200_with_errors_and_refuses_501() {
    let bench = Bench::new().await;
    bench.add(PERSON, "transactional").await;
    let rows = |n: usize| -> Vec<Value> {
        (0..n)
            .map(|n| json!({"email_address": format!("p{n}@shop.test"), "status": "subscribed"}))
            .collect()
    };
    assert_eq!(
        bench
            .post(&bench.at(""), json!({"members": rows(501)}))
            .await
            .0,
        400
    );
    assert_eq!(
        bench
            .post(&bench.at(""), json!({"members": rows(500)}))
            .await
            .1["total_created"],
        500
    );
    let again = json!([{"email_address": PERSON, "status": "subscribed"}]);
    let (status, body) = bench.post(&bench.at(""), json!({"members": again})).await;
    assert_eq!(status, 200);
    assert_eq!(body["errors"][0]["error_code"], "ERROR_CONTACT_EXISTS");
    let (_, body) = bench
        .post(
            &bench.at(""),
            json!({"members": again, "update_existing": true}),
        )
        .await;
    assert_eq!(body["updated_members"][0]["status"], "subscribed");
    assert_eq!(bench.control("writes").await["double_creates"]["member"], 1);
}

#[tokio::test]
async fn a_change_of_address_keeps_the_contact_and_refuses_a_taken_one() {
    let bench = Bench::new().await;
    let (_, before) = bench.add(PERSON, "subscribed").await;
    bench.add("other@shop.test", "subscribed").await;
    let path = bench.at(&format!("/members/{}", before["id"].as_str().unwrap()));
    let taken = bench
        .patch(&path, json!({"email_address": "other@shop.test"}))
        .await;
    assert_eq!(title(&taken), (400, "Member Exists"));
    let (_, after) = bench
        .patch(&path, json!({"email_address": "new@shop.test"}))
        .await;
    assert_eq!(after["contact_id"], before["contact_id"]);
    assert_ne!(after["id"], before["id"]);
    assert_eq!(bench.get(&path).await.0, 404);
}

#[tokio::test]
async fn tags_start_automations_unless_syncing_and_by_segment_only_under_its_switch() {
    let bench = Bench::new().await;
    let (_, member) = bench.add(PERSON, "transactional").await;
    let path = bench.at(&format!("/members/{}/tags", member["id"].as_str().unwrap()));
    let tag = |name: &str, syncing: bool| json!({"tags": [{"name": name, "status": "active"}], "is_syncing": syncing});
    assert_eq!(bench.post(&path, tag("A", true)).await.0, 204);
    assert!(bench.mailings().await.is_empty());
    bench.post(&path, tag("B", false)).await;
    assert_eq!(bench.mailings().await.len(), 1);
    let segment = json!({"name": "Spring Mailing", "static_segment": []});
    let (_, segment) = bench.post(&bench.at("/segments"), segment).await;
    let path = bench.at(&format!("/segments/{}", segment["id"]));
    bench
        .mutate(json!({"kind": "automate_tag", "name": "spring mailing"}))
        .await;
    let add = json!({"members_to_add": [PERSON, "stranger@shop.test"]});
    let (_, moved) = bench.post(&path, add.clone()).await;
    assert_eq!(
        (&moved["total_added"], &moved["error_count"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(bench.mailings().await.len(), 1, "the switch is off");
    bench
        .post(&path, json!({"members_to_remove": [PERSON]}))
        .await;
    bench
        .tell("switches", json!({"segment_tag_triggers": true}))
        .await;
    bench.post(&path, add).await;
    assert_eq!(bench.mailings().await.len(), 2);
    let many: Vec<String> = (0..501).map(|n| format!("p{n}@shop.test")).collect();
    let refused = bench.post(&path, json!({"members_to_add": many})).await;
    assert!(detail(&refused).starts_with("Maximum allowed member items exceeded"));
}

#[tokio::test]
async fn new_subscribers_are_welcomed_where_a_welcome_is_attached() {
    let bench = Bench::new().await;
    bench
        .mutate(json!({"kind": "edit_audience", "has_welcome": true}))
        .await;
    bench.add("a@shop.test", "transactional").await;
    assert!(bench.mailings().await.is_empty());
    bench.add("b@shop.test", "subscribed").await;
    bench.add("c@shop.test", "pending").await;
    let kinds: Vec<Value> = bench
        .mailings()
        .await
        .iter()
        .map(|mailing| mailing["kind"].clone())
        .collect();
    assert_eq!(kinds, ["welcome", "confirmation"]);
}

#[tokio::test]
async fn readers_find_what_changed_since() {
    let bench = Bench::new().await;
    bench
        .tell("clock", json!({"advance_seconds": 1_000, "frozen": true}))
        .await;
    bench.add(PERSON, "subscribed").await;
    let (_, member) = bench.get(&bench.at(&format!("/members/{PERSON}"))).await;
    let changed = member["last_changed"].as_str().unwrap();
    let since = |moment: &str| {
        let moment = moment.replace('+', "%2B");
        bench.at(&format!(
            "/members?since_last_changed={moment}&sort_field=last_changed&sort_dir=ASC"
        ))
    };
    assert_eq!(bench.get(&since(changed)).await.1["total_items"], 0);
    bench.tell("clock", json!({"advance_seconds": 5})).await;
    bench
        .mutate(json!({"kind": "edit_fields", "email": PERSON, "merge_fields": {"FNAME": "D"}}))
        .await;
    assert_eq!(bench.get(&since(changed)).await.1["total_items"], 1);
    let (_, found) = bench.get(&format!("/search-members?query={PERSON}")).await;
    assert_eq!(found["exact_matches"]["total_items"], 1);
}
