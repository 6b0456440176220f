//! Checklist 13: batches.

use std::io::Read;

use ledgerpost_sim::mailchimp::API_KEY;
use serde_json::{Value, json};

use crate::support::Bench;

fn unpack(archive: &[u8]) -> (Vec<Value>, usize, usize) {
    let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(archive));
    let (mut results, mut folders, mut empty) = (Vec::new(), 0, 0);
    for entry in tar.entries().unwrap() {
        let mut entry = entry.unwrap();
        if entry.header().entry_type().is_dir() {
            folders += 1;
            continue;
        }
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        if text.is_empty() {
            empty += 1;
            continue;
        }
        let rows: Vec<Value> = serde_json::from_str(&text).unwrap();
        results.extend(rows);
    }
    (results, folders, empty)
}

fn members(bench: &Bench, count: usize) -> Value {
    (0..count)
        .map(|n| {
            let body =
                json!({"email_address": format!("p{n}@shop.test"), "status": "transactional"});
            json!({"method": "POST", "path": bench.at("/members"), "operation_id": format!("m{n}"),
                   "body": body.to_string()})
        })
        .collect()
}

#[tokio::test]
async fn results_come_shuffled_in_an_untidy_archive_that_refuses_credentials() {
    let bench = Bench::new().await;
    let mut operations = members(&bench, 30);
    let broken = json!({"method": "POST", "path": bench.at("/members"), "operation_id": "bad",
                        "body": "{\"email_address\":\"x@example.com\",\"status\":\"subscribed\"}"});
    operations.as_array_mut().unwrap().push(broken);
    let batch = bench.batch(operations).await;
    assert_eq!(
        (&batch["finished_operations"], &batch["errored_operations"]),
        (&json!(31), &json!(1))
    );
    let url = batch["response_body_url"].as_str().unwrap();
    let refused = bench
        .http
        .get(url)
        .bearer_auth(API_KEY)
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 400);
    let archive = bench
        .http
        .get(url)
        .send()
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    let (results, folders, empty) = unpack(&archive);
    assert_eq!((results.len(), folders, empty), (31, 1, 1));
    let ids: Vec<&str> = results
        .iter()
        .filter_map(|row| row["operation_id"].as_str())
        .collect();
    let mut sorted = ids.clone();
    sorted.sort_by_key(|id| {
        id.trim_start_matches('m')
            .parse::<u32>()
            .unwrap_or(u32::MAX)
    });
    assert_ne!(ids, sorted, "order is not kept");
    let bad = results
        .iter()
        .find(|row| row["operation_id"] == "bad")
        .unwrap();
    assert_eq!(bad["status_code"], 400);
    let problem: Value = serde_json::from_str(bad["response"].as_str().unwrap()).unwrap();
    assert_eq!(problem["instance"], "");
}

#[tokio::test]
async fn an_operation_may_fail_oddly_and_results_may_not_be_there_yet() {
    let bench = Bench::switched(|switches| {
        switches.batch_odd_failures = 1;
        switches.batch_results_unavailable = 1;
    })
    .await;
    let batch = bench.batch(members(&bench, 3)).await;
    assert_eq!(batch["errored_operations"], 1);
    let url = batch["response_body_url"].as_str().unwrap();
    assert_eq!(bench.http.get(url).send().await.unwrap().status(), 404);
    let archive = bench
        .http
        .get(url)
        .send()
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    let (results, _, _) = unpack(&archive);
    assert!(
        results
            .iter()
            .any(|row| row["response"] == "<H1>Bad Request</H1>")
    );
    bench.tell("clock", json!({"advance_seconds": 601})).await;
    assert_eq!(
        bench.http.get(url).send().await.unwrap().status(),
        403,
        "addresses expire"
    );
}

#[tokio::test]
async fn a_query_in_a_path_is_dropped_and_pages_become_entries() {
    let bench = Bench::new().await;
    bench.batch(members(&bench, 12)).await;
    let batch = bench
        .batch(json!([
            {"method": "GET", "path": bench.at("/members?status=archived"), "operation_id": "q",
             "params": {"count": "1000", "fields": "total_items"}},
            {"method": "GET", "path": bench.at("/members"), "operation_id": "pages",
             "params": {"count": "6", "status": "transactional", "fields": "members.id,total_items"}},
        ]))
        .await;
    let url = batch["response_body_url"].as_str().unwrap();
    let archive = bench
        .http
        .get(url)
        .send()
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    let (results, _, _) = unpack(&archive);
    let of = |id: &str| {
        results
            .iter()
            .filter(|row| row["operation_id"] == id)
            .count()
    };
    assert!(of("pages") >= 2);
    let whole = results
        .iter()
        .find(|row| row["operation_id"] == "q")
        .unwrap();
    assert!(
        !whole["response"]
            .as_str()
            .unwrap()
            .contains("\"total_items\":0")
    );
    let log = bench.control("log").await;
    assert_eq!(log["contract_violations"][0]["field"], "operations.path");
}

#[tokio::test]
async fn a_deleted_batch_is_gone() {
    let bench = Bench::new().await;
    let operations = members(&bench, 1);
    let (_, batch) = bench
        .post("/batches", json!({"operations": operations}))
        .await;
    let path = format!("/batches/{}", batch["id"].as_str().unwrap());
    assert_eq!(bench.delete(&path).await.0, 204);
    assert_eq!(bench.get(&path).await.0, 404);
}
