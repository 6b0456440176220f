//! Audiences and their members.

use futures_util::TryStreamExt;
use ledgerpost_core::destination::MergeFieldKind::{Other, PhoneFree, PhoneUs};
use ledgerpost_mailchimp::members::{MemberFilter, MemberPatch, NewMember, RowOutcome, requests};
use ledgerpost_mailchimp::{Error, Reason};
use serde_json::json;

use crate::bodies::{audience, contact, email};
use crate::server::{Answer, Server};

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
