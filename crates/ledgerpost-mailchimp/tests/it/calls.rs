//! What the client makes of answers.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::TryStreamExt;
use ledgerpost_core::destination::MemberStatus;
use ledgerpost_core::destination::MergeFieldKind::{Other, PhoneFree, PhoneUs};
use ledgerpost_core::ids::AudienceId;
use ledgerpost_core::retry::Retry;
use ledgerpost_mailchimp::batches::{BatchId, Operation, Outcome};
use ledgerpost_mailchimp::members::{MemberFilter, MemberPatch, NewMember, RowOutcome, requests};
use ledgerpost_mailchimp::orders::{Update, update_order};
use ledgerpost_mailchimp::{Error, Reason};
use rstest::rstest;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::contract::{contact, email, order, product, store};
use crate::server::{Answer, Server};

fn audience() -> AudienceId {
    "a36b032126".into()
}

#[tokio::test]
async fn a_call_carries_the_token_and_asks_for_its_fields_only() {
    let server = Server::start(|_, _| {
        Answer::ok(r#"{"account_id":"8d3a3db4d97663a9074efcc16","account_name":"Tidewater"}"#)
    })
    .await;
    let root = server.client().read_root().await.unwrap();
    assert_eq!(root.account_name, "Tidewater");
    let seen = &server.seen()[0];
    assert_eq!(seen.line(), "GET /3.0/");
    assert_eq!(seen.authorization.as_deref(), Some("Bearer canary-token"));
    assert!(seen.parameter("fields").unwrap().starts_with("account_id,"));
}

#[tokio::test]
async fn a_sign_in_to_another_account_is_refused() {
    let server = Server::start(|_, _| Answer::ok(r#"{"account_id":"other"}"#)).await;
    let error = server
        .client()
        .read_root_of(&"ours".into())
        .await
        .unwrap_err();
    assert_eq!(
        (error.code(), error.retry()),
        ("wrong_account", Retry::SignIn)
    );
}

#[rstest]
#[case::throttled(Answer::problem(
    429,
    "Too Many Requests",
    "You have exceeded the limit of 10 simultaneous connections."
))]
#[case::edge(Answer::html(403))]
#[case::server(Answer::html(502))]
#[case::garbled(Answer::html(400))]
#[tokio::test]
async fn a_passing_trouble_is_tried_again(#[case] trouble: Answer) {
    let trouble = std::sync::Mutex::new(Some(trouble));
    let server = Server::start(move |_, _| {
        let trouble = trouble.lock().unwrap().take();
        trouble.unwrap_or_else(|| Answer::ok(r#"{"total_items":7}"#))
    })
    .await;
    let count = server
        .client()
        .count_members(&audience(), MemberStatus::Subscribed)
        .await;
    assert_eq!(count.unwrap(), 7);
    assert_eq!(server.lines().len(), 2);
}

#[rstest]
#[case::forbidden(403, "Forbidden", Reason::Forbidden)]
#[case::compliance(503, "Compliance Related", Reason::ComplianceDisabled)]
#[case::revoked(401, "API Key Invalid", Reason::SignIn)]
#[tokio::test]
async fn a_lasting_trouble_is_not(
    #[case] status: u16,
    #[case] title: &'static str,
    #[case] reason: Reason,
) {
    let server = Server::start(move |_, _| Answer::problem(status, title, "No.")).await;
    let error = server.client().read_root().await.unwrap_err();
    assert!(error.is(reason), "{error:?}");
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test]
async fn members_come_page_by_page_from_a_fixed_point_in_time() {
    let server = Server::start(|seen, _| {
        let start: usize = seen.parameter("offset").unwrap().parse().unwrap();
        let rows: Vec<_> = (start..(start + 1000).min(1001))
            .map(|n| {
                json!({"id": format!("{n:032x}"), "email_address": format!("p{n}@shop.test"),
                    "status": "transactional", "contact_id": "", "last_changed": "2026-01-01T00:00:00+00:00",
                    "merge_fields": {"FNAME": "Ada", "ADDRESS": "", "PHONE": 5}, "tags": [{"id": 1, "name": "qbo"}]})
            })
            .collect();
        Answer::ok(json!({"members": rows, "total_items": 1001}).to_string())
    })
    .await;
    let filter = MemberFilter {
        changed_before: Some("2026-01-06T10:00:00+00:00".to_owned()),
        ..MemberFilter::default()
    };
    let pages: Vec<_> = server
        .client()
        .list_members(&audience(), &filter)
        .try_collect()
        .await
        .unwrap();
    let members: Vec<_> = pages.into_iter().flat_map(|page| page.items).collect();
    assert_eq!(members.len(), 1001);
    assert_eq!(members[0].fields.first_name.as_deref(), Some("Ada"));
    assert_eq!(
        members[0].fields.address, None,
        "a blank address reads back as text"
    );
    assert_eq!(
        (members[0].contact_id.as_ref(), &members[0].tags[..]),
        (None, &["qbo".to_owned()][..])
    );
    for seen in server.seen() {
        assert_eq!(
            seen.parameter("before_last_changed"),
            Some("2026-01-06T10:00:00+00:00")
        );
        assert_eq!(seen.parameter("sort_field"), Some("last_changed"));
        assert_eq!(seen.parameter("count"), Some("1000"));
    }
}

#[tokio::test]
async fn a_phone_field_takes_free_text_only_when_it_says_so() {
    let server = Server::start(|_, _| {
        let field = |tag, format| json!({"tag": tag, "type": "phone", "options": {"phone_format": format}});
        Answer::ok(
            json!({"merge_fields": [field("A", "US"), field("B", "International"), field("C", "none"),
                {"tag": "D", "type": "phone", "required": true}, {"tag": "E", "type": "zip"}], "total_items": 5})
            .to_string(),
        )
    })
    .await;
    let fields = server
        .client()
        .list_merge_fields(&audience())
        .await
        .unwrap();
    let kinds: Vec<_> = fields.iter().map(|field| field.kind).collect();
    assert_eq!(kinds, [PhoneUs, PhoneFree, PhoneFree, PhoneUs, Other]);
    assert!(fields[3].required);
}

#[tokio::test]
async fn each_added_row_has_an_outcome_of_its_own() {
    let server = Server::start(|_, _| {
        Answer::ok(
            json!({
                "new_members": [{"email_address": "NEW@shop.test", "status": "transactional", "contact_id": "c1"}],
                "updated_members": [],
                "errors": [
                    {"email_address": "there@shop.test", "error": "…", "error_code": "ERROR_CONTACT_EXISTS"},
                    {"email_address": "gone@shop.test", "error_code": "ERROR_GENERIC",
                     "error": "gone@shop.test was permanently deleted and cannot be re-imported."},
                    {"email_address": "field@shop.test", "error": "Your merge fields were invalid.",
                     "error_code": "ERROR_GENERIC", "field": "PHONE", "field_message": "Please enter a number"}],
                "error_count": 3
            })
            .to_string(),
        )
    })
    .await;
    let rows: Vec<_> = ["gone", "new", "there", "field", "silent"]
        .map(|name| NewMember::from(&contact(&format!("{name}@shop.test"))))
        .into();
    let added = server
        .client()
        .add_members(&audience(), &rows)
        .await
        .unwrap();
    let reason = |n: usize| match &added.rows[n] {
        RowOutcome::Refused(refusal) => Some(refusal.reason),
        _ => None,
    };
    assert_eq!(reason(0), Some(Reason::Forgotten));
    assert!(
        matches!(&added.rows[1], RowOutcome::Created { contact_id: Some(id), .. } if id == "c1")
    );
    assert_eq!(reason(2), Some(Reason::MemberExists));
    assert_eq!(reason(3), Some(Reason::InvalidResource));
    assert_eq!(added.rows[4], RowOutcome::Unreported);
    assert!(
        !format!("{added:?}").contains("gone@"),
        "no address in debug output"
    );
}

#[tokio::test]
async fn five_hundred_and_one_rows_are_not_sent() {
    let rows = vec![NewMember::from(&contact("a@shop.test")); 501];
    assert!(matches!(
        requests::add_members(&audience(), &rows),
        Err(Error::TooManyRows {
            limit: 500,
            given: 501
        })
    ));
}

#[tokio::test]
async fn adding_people_is_never_repeated_when_its_outcome_is_unknown() {
    let server = Server::start(|_, _| Answer::html(502)).await;
    let rows = [NewMember::from(&contact("a@shop.test"))];
    let error = server
        .client()
        .add_members(&audience(), &rows)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error:?}");
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test]
async fn a_refusal_prints_no_address() {
    let server = Server::start(|_, _| {
        Answer::problem(
            400,
            "Member In Compliance State",
            "canary@shop.test is in a compliance state",
        )
    })
    .await;
    let patch = MemberPatch::moving_to(&email("canary@shop.test"));
    let hash = email("dana@shop.test").hash();
    let error = server
        .client()
        .update_member(&audience(), &hash, &patch)
        .await
        .unwrap_err();
    assert!(
        !format!("{error} {error:?}").contains("canary@"),
        "{error:?}"
    );
    let words = &error.refusal().unwrap().words;
    assert!(
        words.for_owner().contains("canary@"),
        "the owner may see them"
    );
}

#[tokio::test]
async fn an_old_server_without_put_gets_post_then_patch() {
    let server = Server::start(|seen, _| match seen.method.as_str() {
        "PUT" if seen.path.ends_with("/products/item_17") => {
            Answer::problem(405, "Method Not Allowed", "")
        }
        "POST" => Answer::problem(
            400,
            "Bad Request",
            "A product with the provided ID already exists in the account.",
        ),
        _ => Answer::ok("{}"),
    })
    .await;
    server
        .client()
        .put_product(&store().id, &product())
        .await
        .unwrap();
    let products = "/3.0/ecommerce/stores/qbo_9130/products";
    assert_eq!(
        server.lines(),
        [
            format!("PUT {products}/item_17"),
            format!("POST {products}"),
            format!("PATCH {products}/item_17"),
            format!("PUT {products}/item_17/variants/item_17"),
        ]
    );
}

#[tokio::test]
async fn an_order_that_exists_is_made_equal_line_by_line() {
    let wanted = order(&[("item_1", 1, 500), ("item_2", 2, 100)]);
    let buyer = wanted.customer.to_string();
    let server = Server::start(move |seen, _| match seen.method.as_str() {
        "POST" if seen.path.ends_with("/orders") => {
            Answer::problem(400, "Bad Request", "An order with the provided ID already exists in the account.")
        }
        "GET" => {
            let line = |id: &str| json!({"id": id, "product_id": "item_1", "quantity": 1, "price": 1});
            Answer::ok(
                json!({"id": "inv_1045", "customer": {"id": buyer}, "currency_code": "USD", "order_total": 1,
                    "lines": [line("1"), line("3"), line("old")]})
                .to_string(),
            )
        }
        "DELETE" => Answer::done(),
        _ => Answer::ok("{}"),
    })
    .await;
    server
        .client()
        .create_order(&store().id, &wanted)
        .await
        .unwrap();
    let order = "/3.0/ecommerce/stores/qbo_9130/orders/inv_1045";
    assert_eq!(
        server.lines()[2..],
        [
            format!("PATCH {order}"),
            format!("PATCH {order}/lines/1"),
            format!("POST {order}/lines"),
            format!("DELETE {order}/lines/3"),
            format!("DELETE {order}/lines/old"),
        ]
    );
}

#[test]
fn an_update_writes_only_what_differs() {
    let store = store().id;
    let before = order(&[("item_1", 1, 500), ("item_2", 2, 100)]);
    let lines = |update: Result<Update, Error>| match update.unwrap() {
        Update::Writes(writes) => writes
            .iter()
            .map(|write| write.request().endpoint())
            .collect(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        update_order(&store, &before, &before).unwrap(),
        Update::Nothing
    );

    let mut shorter = before.clone();
    shorter.lines.pop();
    let writes: Vec<_> = lines(update_order(&store, &before, &shorter));
    assert_eq!(
        writes,
        ["DELETE /ecommerce/stores/{store_id}/orders/{order_id}/lines/{line_id}"]
    );

    let mut renamed = before.clone();
    renamed.last_name = Some("Okafor".to_owned());
    let writes: Vec<_> = lines(update_order(&store, &before, &renamed));
    assert_eq!(
        writes,
        ["PATCH /ecommerce/stores/{store_id}/orders/{order_id}"]
    );

    let mut other_buyer = before.clone();
    other_buyer.customer = email("new@shop.test").hash();
    assert!(matches!(
        update_order(&store, &before, &other_buyer).unwrap(),
        Update::Replace { .. }
    ));

    let empty = order(&[]);
    assert!(matches!(
        update_order(&store, &before, &empty),
        Err(Error::LinesEmpty)
    ));
}

#[tokio::test]
async fn what_is_gone_already_counts_as_removed() {
    let server = Server::start(|_, _| Answer::problem(404, "Resource Not Found", "")).await;
    server.client().remove_store(&store().id).await.unwrap();
    let nowhere = Server::start(|_, _| Answer::html(404)).await;
    let error = nowhere
        .client()
        .remove_store(&store().id)
        .await
        .unwrap_err();
    assert!(
        error.is(Reason::Garbled),
        "a 404 that Mailchimp did not write proves nothing"
    );
}

#[tokio::test]
async fn a_store_that_was_created_by_a_lost_request_is_taken() {
    let server = Server::start(|seen, _| match seen.method.as_str() {
        "POST" => Answer::problem(
            400,
            "Bad Request",
            "A store with the provided ID already exists in the account.",
        ),
        "GET" => Answer::ok(
            r#"{"id":"qbo_9130","list_id":"a36b032126","currency_code":"USD","is_syncing":false}"#,
        ),
        _ => Answer::ok("{}"),
    })
    .await;
    server.client().create_store(&store()).await.unwrap();
    let last = server.seen().pop().unwrap();
    assert_eq!(
        (last.method.as_str(), last.body.as_str()),
        ("PATCH", r#"{"is_syncing":true}"#)
    );

    let mut elsewhere = store();
    elsewhere.audience = "another".into();
    let error = server.client().create_store(&elsewhere).await.unwrap_err();
    assert!(
        error.is(Reason::StoreExists),
        "a store is nailed to its audience"
    );
}

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
