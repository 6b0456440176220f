//! Refusals, in the words of `mailchimp.md` 7.

use serde_json::{Value, json};

/// A problem document before it knows the request it answers.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) status: u16,
    title: String,
    detail: String,
    errors: Vec<(String, String)>,
    /// Recordings leave `type` out on Member Exists and the compliance family (7.1).
    typed: bool,
    pub(crate) allow: Option<String>,
}

/// What every e-commerce refusal starts with (5.7).
const UNABLE: &str = "We were unable to process the request. ";

impl Problem {
    pub(crate) fn new(status: u16, title: &str, detail: impl Into<String>) -> Self {
        Self {
            status,
            title: title.to_owned(),
            detail: detail.into(),
            errors: Vec::new(),
            typed: true,
            allow: None,
        }
    }

    fn untyped(title: &str, detail: String) -> Self {
        Self {
            typed: false,
            ..Self::new(400, title, detail)
        }
    }

    pub(crate) fn not_found() -> Self {
        Self::new(
            404,
            "Resource Not Found",
            "The requested resource could not be found.",
        )
    }

    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(400, "Bad Request", detail)
    }

    /// An e-commerce refusal (5.7).
    pub(crate) fn commerce(detail: &str) -> Self {
        Self::bad_request(format!("{UNABLE}{detail}"))
    }

    pub(crate) fn invalid(detail: impl Into<String>) -> Self {
        Self::new(400, "Invalid Resource", detail)
    }

    pub(crate) fn invalid_fields(detail: &str, errors: Vec<(String, String)>) -> Self {
        Self {
            errors,
            ..Self::invalid(detail)
        }
    }

    pub(crate) fn schema(errors: Vec<(String, String)>) -> Self {
        Self::invalid_fields(
            "The resource submitted could not be validated. For field-specific details, see the \
             'errors' array.",
            errors,
        )
    }

    pub(crate) fn member_exists(email: &str) -> Self {
        Self::untyped(
            "Member Exists",
            format!("{email} is already a list member. Use PUT to insert or update list members."),
        )
    }

    pub(crate) fn compliance(email: &str) -> Self {
        Self::untyped(
            "Member In Compliance State",
            format!(
                "{email} is in a compliance state due to unsubscribe, bounce, or compliance \
                 review and cannot be subscribed."
            ),
        )
    }

    pub(crate) fn forgotten(email: &str) -> Self {
        Self::untyped(
            "Forgotten Email Not Subscribed",
            format!(
                "{email} was permanently deleted and cannot be re-imported. The contact must \
                 re-subscribe to get back on the list."
            ),
        )
    }

    pub(crate) fn fake(email: &str) -> Self {
        Self::invalid(format!(
            "{email} looks fake or invalid, please enter a real email address."
        ))
    }

    pub(crate) fn not_permitted() -> Self {
        Self::new(
            403,
            "User action not permitted",
            "User does not have access to the requested operation",
        )
    }

    pub(crate) fn method_not_allowed(detail: &str, allow: &str) -> Self {
        Self {
            allow: Some(allow.to_owned()),
            ..Self::new(405, "Method Not Allowed", detail)
        }
    }

    pub(crate) fn too_many_connections() -> Self {
        Self::new(
            429,
            "Too Many Requests",
            "You have exceeded the limit of 10 simultaneous connections.",
        )
    }

    pub(crate) fn key_invalid() -> Self {
        Self::new(
            401,
            "API Key Invalid",
            "Your API key may be invalid, or you've attempted to access the wrong datacenter.",
        )
    }

    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    /// The first field error: what `POST /lists/{id}` puts beside each refused row.
    pub(crate) fn first_field(&self) -> (&str, &str) {
        self.errors
            .first()
            .map_or(("", ""), |(field, message)| (field, message))
    }

    /// The document; `instance` equals the answer's `X-Request-Id`.
    pub(crate) fn document(&self, instance: &str) -> Value {
        let mut document = json!({
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
        });
        if self.typed {
            document["type"] = json!("https://mailchimp.com/developer/marketing/docs/errors/");
        }
        if !self.errors.is_empty() {
            document["errors"] = self
                .errors
                .iter()
                .map(|(field, message)| json!({"field": field, "message": message}))
                .collect();
        }
        document
    }
}
