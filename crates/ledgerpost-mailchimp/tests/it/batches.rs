//! Batches: submitted, waited for, opened.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use ledgerpost_mailchimp::Error;
use ledgerpost_mailchimp::batches::{BatchId, Operation, Outcome};
use ledgerpost_mailchimp::members::requests;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::bodies::{audience, email};
use crate::server::{Answer, Server};

fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, body) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(body.len() as u64);
        header.set_entry_type(if name.ends_with('/') {
            tar::EntryType::Directory
        } else {
            tar::EntryType::Regular
        });
        tar.append_data(&mut header, name, body.as_bytes()).unwrap();
    }
    let mut gzip = tar.into_inner().unwrap();
    gzip.flush().unwrap();
    gzip.finish().unwrap()
}

#[tokio::test]
async fn a_batch_is_submitted_waited_for_and_opened() {
    let results = json!([
        {"status_code": 200, "operation_id": "a", "response": "{\"id\":\"inv_1\"}"},
        {"status_code": 400, "operation_id": "b", "response":
            "{\"title\":\"Bad Request\",\"detail\":\"A product with the provided ID does not exist in the account for this list.\",\"instance\":\"\"}"},
        {"status_code": 400, "operation_id": "c", "response": "<H1>Bad Request</H1>"},
    ]);
    let packed = archive(&[
        ("./", ""),
        ("empty.json", ""),
        ("1.json", &results.to_string()),
    ]);
    let server = Server::start(move |seen, before| {
        let batch = |status: &str, address: Option<String>| {
            let body = json!({"id": "8b24", "status": status, "total_operations": 4,
                "response_body_url": address.unwrap_or_default()});
            Answer::ok(body.to_string())
        };
        match (seen.path.as_str(), before) {
            ("/results", _) => Answer(200, "application/gzip", packed.clone()),
            ("/stale", _) => Answer::html(403),
            (_, 0) => batch("pending", None),
            (_, 1) => batch("finalizing", None),
            (_, 2) => batch("finished", Some(format!("http://{}/stale", seen.host))),
            _ => batch("finished", Some(format!("http://{}/results", seen.host))),
        }
    })
    .await;
    let client = server.client();
    let hash = email("dana@shop.test").hash();
    let operations: Vec<_> = ["a", "b", "c", "d"]
        .map(|id| Operation::new(id, requests::tag_member(&audience(), &hash, "qbo", true)))
        .into();
    let batch = client.submit_batch(operations.clone()).await.unwrap();
    let deadline = Duration::from_mins(1);
    let batch = client.wait_for_batch(&batch.id, 4, deadline).await.unwrap();
    assert!(
        !format!("{batch:?}").contains("stale"),
        "a signed address is not shown"
    );

    let outcomes = client
        .fetch_outcomes(&batch, &["d", "c", "b", "a"])
        .await
        .unwrap();
    let reasons: Vec<_> = outcomes
        .iter()
        .map(|outcome| match outcome {
            Outcome::Done => "done",
            Outcome::Refused(refusal) => refusal.reason.code(),
            Outcome::Unreported => "unreported",
        })
        .collect();
    assert_eq!(
        reasons,
        ["unreported", "garbled", "product_missing", "done"]
    );
    for seen in server.seen() {
        let to_storage = !seen.path.starts_with("/3.0/");
        assert_eq!(seen.authorization.is_none(), to_storage, "{}", seen.line());
    }
}

#[tokio::test]
async fn waiting_for_a_batch_ends_when_cancelled() {
    let server = Server::start(|_, _| Answer::ok(r#"{"id":"8b24","status":"started"}"#)).await;
    let cancel = CancellationToken::new();
    cancel.cancel();
    let client = server.client().with_cancel(cancel);
    let batch = BatchId::new("8b24");
    let error = client
        .wait_for_batch(&batch, 1, Duration::from_mins(1))
        .await;
    assert_eq!(error.unwrap_err().code(), "cancelled");
}

#[tokio::test]
async fn waiting_for_a_batch_has_a_deadline() {
    let server = Server::start(|_, _| Answer::ok(r#"{"id":"8b24","status":"started"}"#)).await;
    let batch = BatchId::new("8b24");
    let error = server
        .client()
        .wait_for_batch(&batch, 1, Duration::ZERO)
        .await;
    assert!(matches!(error, Err(Error::BatchDeadline { .. })));
}
