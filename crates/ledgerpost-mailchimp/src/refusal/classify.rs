//! From an answer to a reason: by status, then by title, then by a part of the detail, and there is
//! always a default (`mailchimp.md` 7.1).

use serde_json::Value;

use super::{FieldProblem, Reason, Refusal, ServiceWords};

/// A problem document, read without trust in its shape.
#[derive(Default)]
struct Problem {
    title: String,
    detail: String,
    instance: Option<String>,
    fields: Vec<FieldProblem>,
}

impl Problem {
    fn parse(body: &[u8]) -> Option<Self> {
        let Ok(Value::Object(document)) = serde_json::from_slice(body) else {
            return None;
        };
        let text = |name: &str| document.get(name).and_then(Value::as_str);
        if text("title").is_none() && text("detail").is_none() {
            return None;
        }
        let fields = document.get("errors").and_then(Value::as_array);
        Some(Self {
            title: text("title").unwrap_or_default().to_owned(),
            detail: text("detail").unwrap_or_default().to_owned(),
            // Inside batches it may be "" (`mailchimp.md` 2.3).
            instance: text("instance")
                .filter(|id| !id.is_empty())
                .map(str::to_owned),
            fields: fields.into_iter().flatten().map(field_problem).collect(),
        })
    }

    /// The title as the old and the new glossary agree on it: without spaces, in lower case.
    fn folded_title(&self) -> String {
        self.title
            .chars()
            .filter(|c| !c.is_whitespace())
            .flat_map(char::to_lowercase)
            .collect()
    }
}

fn field_problem(value: &Value) -> FieldProblem {
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    FieldProblem {
        field: text("field").to_owned(),
        message: ServiceWords::new(text("message")),
    }
}

/// Classifies an answer that is no success. Total: any status, any bytes.
pub fn classify(status: u16, body: &[u8]) -> Refusal {
    let problem = Problem::parse(body);
    let reason = reason(status, problem.as_ref());
    let problem = problem.unwrap_or_default();
    Refusal {
        reason,
        status,
        fields: problem.fields,
        words: ServiceWords::new(problem.detail),
        instance: problem.instance,
    }
}

/// Classifies a row that was refused inside an answer of success (`mailchimp.md` 3.7).
pub(crate) fn classify_row(code: &str, words: &str, field: &str, message: &str) -> Refusal {
    let named_field = !field.is_empty() || !message.is_empty();
    let reason = if code == "ERROR_CONTACT_EXISTS" {
        Reason::MemberExists
    } else {
        by_detail(&words.to_lowercase())
            .or_else(|| by_detail(&message.to_lowercase()))
            .unwrap_or(if named_field {
                Reason::InvalidResource
            } else {
                Reason::BadRequest
            })
    };
    Refusal {
        reason,
        status: 200,
        fields: named_field
            .then(|| FieldProblem {
                field: field.to_owned(),
                message: ServiceWords::new(message),
            })
            .into_iter()
            .collect(),
        words: ServiceWords::new(words),
        instance: None,
    }
}

fn reason(status: u16, problem: Option<&Problem>) -> Reason {
    let title = problem.map(Problem::folded_title).unwrap_or_default();
    let detail = problem.map(|p| p.detail.to_lowercase()).unwrap_or_default();
    match (status, problem) {
        (401, _) => Reason::SignIn,
        (402, _) => Reason::ApiDisabled,
        (403, Some(_)) => forbidden(&title, &detail),
        // Passes on retry, in batches and behind gateways (`mailchimp.md` 2.3). A 404 without a
        // document must not be taken for "already gone".
        // And nothing that we send is nested too deep.
        (400 | 404, None) | (414, _) => Reason::Garbled,
        (400, Some(problem)) => bad_request(&title, &detail, !problem.fields.is_empty()),
        (404, Some(_)) => Reason::NotFound,
        (405, _) if detail.contains("cannot be removed") || detail.contains("can not archive") => {
            Reason::CannotArchive
        }
        (405, _) => Reason::MethodNotAllowed,
        (426, _) => Reason::UpgradeRequired,
        (429, _) if detail.contains("pending batches") => Reason::TooManyBatches,
        // Without a document it is the edge that turns us away, not a missing right (2.1).
        (403, None) | (429, _) => Reason::Throttled,
        (503, _) if title == "compliancerelated" || detail.contains("method has been disabled") => {
            Reason::ComplianceDisabled
        }
        (408 | 500..=599, _) => Reason::ServerError,
        (406..=499, Some(_)) => Reason::BadRequest,
        _ => Reason::Unexpected,
    }
}

fn forbidden(title: &str, detail: &str) -> Reason {
    if title == "wrongdatacenter" || detail.contains("different data center") {
        Reason::WrongDatacenter
    } else if title == "userdisabled" || detail.contains("has been deactivated") {
        Reason::AccountDisabled
    } else if title == "paymentrequired"
        || detail.contains("payment required")
        || detail.contains("api access has been disabled")
    {
        Reason::ApiDisabled
    } else {
        Reason::Forbidden
    }
}

fn bad_request(title: &str, detail: &str, names_fields: bool) -> Reason {
    match title {
        "memberexists" => Reason::MemberExists,
        "memberincompliancestate" => Reason::ComplianceState,
        "forgottenemailnotsubscribed" => Reason::Forgotten,
        _ => by_detail(detail).unwrap_or(if names_fields || title == "invalidresource" {
            Reason::InvalidResource
        } else {
            Reason::BadRequest
        }),
    }
}

/// The details of `mailchimp.md` 5.7, 7.2 and 7.3, in lower case.
fn by_detail(detail: &str) -> Option<Reason> {
    const KNOWN: [(&str, Reason); 15] = [
        ("already a list member", Reason::MemberExists),
        ("in a compliance state", Reason::ComplianceState),
        ("was permanently deleted", Reason::Forgotten),
        ("looks fake or invalid", Reason::FakeEmail),
        ("provide a valid email address", Reason::InvalidEmail),
        ("signed up to a lot of lists", Reason::TooManySignups),
        ("merge fields were invalid", Reason::InvalidResource),
        (
            "a product with the provided id does not exist",
            Reason::ProductMissing,
        ),
        (
            "a product with the provided id already exists",
            Reason::ProductExists,
        ),
        (
            "an order with the provided id already exists",
            Reason::OrderExists,
        ),
        ("same line item id more than once", Reason::LineExists),
        (
            "email address may not be changed",
            Reason::CustomerEmailFixed,
        ),
        ("a store with the domain", Reason::StoreDomainExists),
        (
            "a store with the provided id already exists",
            Reason::StoreExists,
        ),
        ("nested too deep", Reason::Garbled),
    ];
    KNOWN
        .iter()
        .find(|(part, _)| detail.contains(part))
        .map(|(_, reason)| *reason)
}
