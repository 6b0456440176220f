//! Checklist 4, 14, 16: pages, lagging counts, the plan's limit.

use serde_json::json;

use crate::support::{Bench, title};

#[tokio::test]
async fn a_page_has_ten_rows_by_default_and_a_thousand_at_most() {
    let bench = Bench::new().await;
    let rows: Vec<_> = (0..12)
        .map(|n| json!({"email_address": format!("p{n}@shop.test"), "status": "transactional"}))
        .collect();
    let (_, done) = bench.post(&bench.at(""), json!({"members": rows})).await;
    assert_eq!(done["total_created"], 12);
    let (_, page) = bench.get(&bench.at("/members")).await;
    assert_eq!(page["members"].as_array().unwrap().len(), 10);
    assert_eq!(bench.get(&bench.at("/members?count=1000")).await.0, 200);
    assert_eq!(bench.get(&bench.at("/members?count=1001")).await.0, 400);
}

#[tokio::test]
async fn counts_lag_by_five_minutes() {
    let bench = Bench::new().await;
    let before = bench.get(&bench.at("")).await.1["stats"]["member_count"].clone();
    bench.add("new@shop.test", "subscribed").await;
    assert_eq!(
        bench.get(&bench.at("")).await.1["stats"]["member_count"],
        before
    );
    bench.tell("clock", json!({"advance_seconds": 301})).await;
    let after = bench.get(&bench.at("")).await.1["stats"]["member_count"].clone();
    assert_eq!(after.as_u64(), before.as_u64().map(|count| count + 1));
}

#[tokio::test]
async fn the_audience_over_the_limit_is_refused() {
    let bench = Bench::new().await;
    bench
        .mutate(json!({"kind": "set_audience_limit", "limit": 1}))
        .await;
    let (_, lists) = bench.get("/lists").await;
    assert_eq!(lists["constraints"]["may_create"], false);
    let body = json!({
        "name": "Two", "permission_reminder": "You bought from us.", "email_type_option": false,
        "contact": {"company": "T", "address1": "1", "city": "Salem", "country": "US"},
        "campaign_defaults": {"from_name": "T", "from_email": "t@shop.test", "subject": "",
                              "language": "en"},
    });
    let refused = bench.post("/lists", body.clone()).await;
    assert_eq!(title(&refused), (403, "User action not permitted"));
    bench
        .mutate(json!({"kind": "set_audience_limit", "limit": -1}))
        .await;
    assert_eq!(bench.post("/lists", body).await.0, 200);
}

#[tokio::test]
async fn fields_choose_and_a_wrong_name_is_a_violation() {
    let bench = Bench::new().await;
    bench.add("new@shop.test", "subscribed").await;
    let path = bench.at("/members?fields=members.email_address,total_items");
    let (_, page) = bench.get(&path).await;
    assert_eq!(page["members"][0].as_object().unwrap().len(), 1);
    assert_eq!(bench.control("log").await["contract_violations"], json!([]));
    bench
        .get(&bench.at("/members?fields=members.emial&cuont=3"))
        .await;
    let log = bench.control("log").await;
    assert_eq!(log["contract_violations"].as_array().unwrap().len(), 2);
}
