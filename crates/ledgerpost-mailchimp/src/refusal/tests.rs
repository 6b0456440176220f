use super::*;
use proptest::prelude::*;
use rstest::rstest;

fn of(status: u16, title: &str, detail: &str) -> Refusal {
    let document = serde_json::json!({ "title": title, "detail": detail });
    classify(status, document.to_string().as_bytes())
}

#[rstest]
#[case(400, "Member Exists", "", Reason::MemberExists)]
#[case(400, "MemberExists", "", Reason::MemberExists)]
#[case(
    400,
    "Mitglied existiert",
    "a@b.test is already a list member. Use PUT",
    Reason::MemberExists
)]
#[case(400, "Member In Compliance State", "", Reason::ComplianceState)]
#[case(400, "Forgotten Email Not Subscribed", "", Reason::Forgotten)]
#[case(
    400,
    "Invalid Resource",
    "a@b.test looks fake or invalid, please enter a real email address.",
    Reason::FakeEmail
)]
#[case(
    400,
    "Invalid Resource",
    "Please provide a valid email address.",
    Reason::InvalidEmail
)]
#[case(
    400,
    "Invalid Resource",
    "a@b.test has signed up to a lot of lists very recently; we're not allowing more signups for now",
    Reason::TooManySignups
)]
#[case(
    400,
    "Invalid Resource",
    "Your merge fields were invalid.",
    Reason::InvalidResource
)]
#[case(
    400,
    "Bad Request",
    "We were unable to process the request. An order with the provided ID already exists in the account.",
    Reason::OrderExists
)]
#[case(
    400,
    "Bad Request",
    "A product with the provided ID does not exist in the account for this list.",
    Reason::ProductMissing
)]
#[case(
    400,
    "Bad Request",
    "A product with the provided ID already exists in the account.",
    Reason::ProductExists
)]
#[case(
    400,
    "Bad Request",
    "An order may not contain the same line item id more than once.",
    Reason::LineExists
)]
#[case(
    400,
    "Bad Request",
    "An email address may not be changed once a customer is created.",
    Reason::CustomerEmailFixed
)]
#[case(
    400,
    "Bad Request",
    "A store with the domain a.test already exists in the account",
    Reason::StoreDomainExists
)]
#[case(400, "Bad Request", "nested too deeply", Reason::Garbled)]
#[case(400, "JSON Parse Error", "", Reason::BadRequest)]
#[case(401, "API Key Invalid", "", Reason::SignIn)]
#[case(403, "Forbidden", "", Reason::Forbidden)]
#[case(
    403,
    "User action not permitted",
    "User does not have access to the requested operation",
    Reason::Forbidden
)]
#[case(403, "Wrong Datacenter", "", Reason::WrongDatacenter)]
#[case(
    403,
    "User Disabled",
    "This account has been deactivated.",
    Reason::AccountDisabled
)]
#[case(
    403,
    "Forbidden",
    "API Access has been disabled for this account.",
    Reason::ApiDisabled
)]
#[case(403, "Payment Required", "", Reason::ApiDisabled)]
#[case(404, "Resource Not Found", "", Reason::NotFound)]
#[case(
    405,
    "Method Not Allowed",
    "This list member cannot be removed. Can not archive a contact that is bounced, pending or archived",
    Reason::CannotArchive
)]
#[case(405, "Method Not Allowed", "", Reason::MethodNotAllowed)]
#[case(414, "Resource Nesting Too Deep", "", Reason::Garbled)]
#[case(422, "Requested Fields Invalid", "", Reason::BadRequest)]
#[case(426, "Upgrade Required", "", Reason::UpgradeRequired)]
#[case(
    429,
    "Too Many Requests",
    "You have exceeded the limit of 10 simultaneous connections.",
    Reason::Throttled
)]
#[case(
    429,
    "Too Many Requests",
    "You have more than 500 pending batches.",
    Reason::TooManyBatches
)]
#[case(500, "Internal Server Error", "", Reason::ServerError)]
#[case(
    503,
    "Compliance Related",
    "This method has been disabled.",
    Reason::ComplianceDisabled
)]
#[case(503, "", "", Reason::ServerError)]
fn knows_the_glossary(
    #[case] status: u16,
    #[case] title: &str,
    #[case] detail: &str,
    #[case] reason: Reason,
) {
    assert_eq!(of(status, title, detail).reason, reason);
}

#[rstest]
#[case(400, Reason::Garbled)]
#[case(403, Reason::Throttled)]
#[case(404, Reason::Garbled)]
#[case(429, Reason::Throttled)]
#[case(502, Reason::ServerError)]
#[case(503, Reason::ServerError)]
#[case(302, Reason::Unexpected)]
fn knows_answers_without_a_document(#[case] status: u16, #[case] reason: Reason) {
    for body in [&b""[..], b"<H1>Bad Request</H1>", b"[]", b"{}", b"\xff"] {
        assert_eq!(classify(status, body).reason, reason);
    }
}

#[test]
fn a_localised_field_failure_names_its_field() {
    let body = r#"{"title":"Ung\u00fcltig","detail":"…","instance":"",
        "errors":[{"field":"LTV","message":"Bitte gib einen Wert ein."},7]}"#;
    let refusal = classify(400, body.as_bytes());
    assert_eq!(refusal.reason, Reason::InvalidResource);
    assert_eq!(refusal.fields[0].field, "LTV");
    assert_eq!(refusal.instance, None);
}

#[test]
fn which_refusals_are_tried_again() {
    let transient = |wait| Retry::Transient { wait };
    assert_eq!(Reason::Throttled.retry(), transient(None));
    assert_eq!(
        Reason::TooManySignups.retry(),
        transient(Some(SIGNUPS_WAIT))
    );
    assert_eq!(Reason::SignIn.retry(), Retry::SignIn);
    assert_eq!(Reason::ComplianceDisabled.retry(), Retry::Permanent);
    assert_eq!(Reason::Forbidden.retry(), Retry::Permanent);
}

proptest! {
    #[test]
    fn every_answer_has_a_reason(status: u16, body in proptest::collection::vec(any::<u8>(), 0..256)) {
        let refusal = classify(status, &body);
        prop_assert!(!refusal.to_string().is_empty());
    }

    #[test]
    fn nothing_printed_quotes_mailchimp(status in 400_u16..600, title in ".{0,30}") {
        let document = serde_json::json!({
            "title": title, "detail": "canary@shop.test is already a list member.",
            "errors": [{"field": "EMAIL", "message": "canary@shop.test"}]
        });
        let refusal = classify(status, document.to_string().as_bytes());
        let printed = format!("{refusal} {refusal:?}");
        prop_assert!(!printed.contains("canary"), "{}", printed);
    }
}
