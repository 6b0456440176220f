//! Answers and faults in Intuit's envelopes.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::Value;

use super::json::{Object, push};
use super::pacific::Pacific;
use crate::frame::Metered;

/// An application fault (`quickbooks-online.md` 9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) status: StatusCode,
    pub(crate) kind: &'static str,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) detail: String,
    pub(crate) element: Option<String>,
}

impl Fault {
    /// A `ValidationFault` with HTTP 400.
    pub(crate) fn new(
        code: &'static str,
        message: impl Into<String>,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            kind: "ValidationFault",
            code,
            message: message.into(),
            detail: detail.into(),
            element: None,
        }
    }

    pub(crate) fn on(mut self, element: &str) -> Self {
        self.element = Some(element.to_owned());
        self
    }

    pub(crate) fn gone() -> Self {
        Self::new(
            "610",
            "Object Not Found",
            "Object Not Found : Something you're trying to use has been made inactive. Check the \
             fields with accounts, customers, items, vendors or employees.",
        )
        .on("")
    }

    pub(crate) fn unsupported(operation: &str) -> Self {
        Self::new(
            "500",
            "Unsupported Operation",
            format!("Operation {operation} is not supported."),
        )
    }

    pub(crate) fn invalid_reference(element: &str, id: &str) -> Self {
        Self::new(
            "2500",
            "Invalid Reference Id",
            format!("Invalid Reference Id : {element} element id {id} not found"),
        )
        .on(element)
    }

    pub(crate) fn missing(parameter: &str) -> Self {
        Self::new(
            "2020",
            "Required param missing, need to supply the required value for the API",
            format!("Required parameter {parameter} is missing in the request"),
        )
        .on(parameter)
    }

    pub(crate) fn too_long(element: &str, most: usize) -> Self {
        Self::new(
            "2050",
            "String length is either shorter or longer than supported by specification",
            format!(
                "String length specified does not match the supported length. Max allowed is {most}"
            ),
        )
        .on(element)
    }

    pub(crate) fn validation(detail: impl Into<String>) -> Self {
        Self::new(
            "4001",
            "Invalid query",
            format!("QueryValidationError: {}", detail.into()),
        )
    }

    /// The poisoned record (`quickbooks-online.md` 3.6).
    pub(crate) fn poison() -> Self {
        Self::new(
            "4002",
            "Error processing query",
            "QueryProcessingError: To email address entered is invalid",
        )
    }

    /// Writes `"Fault": {…}` into an envelope.
    pub(crate) fn write(&self, envelope: &mut Object<'_>) {
        envelope.object("Fault", |fault| {
            fault.list("Error", [self], |out, error| {
                let mut object = Object::open(out);
                object.text("Message", &error.message);
                object.text("Detail", &error.detail);
                object.text("code", error.code);
                object.maybe("element", error.element.as_deref());
                object.close();
            });
            fault.text("type", self.kind);
        });
    }
}

/// A finished answer: the body's members in front of `time`, and what it cost.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) members: String,
    pub(crate) metered: u64,
}

impl Answer {
    /// An answer whose body is `{<members>,"time":…}`.
    pub(crate) fn new(metered: u64, fill: impl FnOnce(&mut Object<'_>)) -> Self {
        let mut members = String::new();
        let mut object = Object::open(&mut members);
        fill(&mut object);
        object.close();
        Self { members, metered }
    }
}

/// Turns the outcome of a call into a response, JSON or XML by what the caller accepts.
pub(crate) fn respond(
    outcome: Result<Answer, Fault>,
    arrived: Timestamp,
    headers: &HeaderMap,
) -> Response {
    let time = Pacific::new().millisecond(arrived);
    let (status, metered, mut body) = match outcome {
        Ok(answer) => (StatusCode::OK, answer.metered, answer.members),
        Err(fault) => {
            let answer = Answer::new(0, |object| fault.write(object));
            (fault.status, 0, answer.members)
        }
    };
    let wants_json = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|accept| accept.contains("application/json"));
    let mut response = if wants_json {
        body.pop();
        push(&mut body, format_args!(",\"time\":\"{time}\"}}"));
        let content_type = if status == StatusCode::OK {
            "application/json;charset=utf-8"
        } else {
            "application/json"
        };
        (status, [(header::CONTENT_TYPE, content_type)], body).into_response()
    } else {
        xml(status, &body, &time)
    };
    if metered > 0 {
        response.extensions_mut().insert(Metered(metered));
    }
    response
}

/// Whoever does not ask for JSON gets XML (`quickbooks-online.md` 2).
fn xml(status: StatusCode, json: &str, time: &str) -> Response {
    let value: Value = serde_json::from_str(json).expect("we wrote this JSON");
    let mut body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><IntuitResponse \
         time=\"{time}\" xmlns=\"http://schema.intuit.com/finance/v3\">"
    );
    if let Value::Object(members) = &value {
        for (name, member) in members {
            element(&mut body, name, member);
        }
    }
    body.push_str("</IntuitResponse>");
    let content_type = [(header::CONTENT_TYPE, "application/xml;charset=utf-8")];
    (status, content_type, body).into_response()
}

fn element(out: &mut String, name: &str, value: &Value) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| element(out, name, one)),
        Value::Object(members) => {
            push(out, format_args!("<{name}>"));
            for (inner, member) in members {
                element(out, inner, member);
            }
            push(out, format_args!("</{name}>"));
        }
        Value::String(text) => {
            let safe = text
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;");
            push(out, format_args!("<{name}>{safe}</{name}>"));
        }
        other => push(out, format_args!("<{name}>{other}</{name}>")),
    }
}

/// A fault of the gateway: lower-case keys, another envelope, and for 3200 the token in `detail`
/// (`quickbooks-online.md` 9).
pub(crate) fn gateway(
    status: StatusCode,
    code: &str,
    words: &str,
    detail: &str,
    at: Timestamp,
) -> Response {
    let kind = if status == StatusCode::UNAUTHORIZED {
        "AUTHENTICATION"
    } else {
        "SERVICE"
    };
    let body = serde_json::json!({
        "warnings": null, "intuitObject": null,
        "fault": {
            "error": [{
                "message": format!("message={words}; errorCode=00{code}; statusCode={}", status.as_u16()),
                "detail": detail, "code": code, "element": null,
            }],
            "type": kind,
        },
        "report": null, "queryResponse": null, "batchItemResponse": [],
        "attachableResponse": [], "syncErrorResponse": null, "requestId": null,
        "time": at.as_millisecond(), "status": null, "cdcresponse": [],
    });
    let mut response = (
        status,
        [(header::CONTENT_TYPE, "application/json")],
        body.to_string(),
    )
        .into_response();
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"Intuit\", error=\"invalid_token\""),
        );
    }
    response
}

/// XML even when JSON was asked for (`quickbooks-online.md` 8.1).
pub(crate) fn xml_fault(
    status: StatusCode,
    code: &str,
    words: &str,
    detail: &str,
    at: Timestamp,
) -> Response {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<IntuitResponse \
         time=\"{time}\" xmlns=\"http://schema.intuit.com/finance/v3\"><Fault \
         type=\"SERVICE\"><Error code=\"{code}\"><Message>message={words}; errorCode=00{code}; \
         statusCode={number}</Message><Detail>{detail}</Detail></Error></Fault></IntuitResponse>",
        time = Pacific::new().millisecond(at),
        number = status.as_u16(),
    );
    (status, [(header::CONTENT_TYPE, "application/xml")], body).into_response()
}

/// The throttle's answer.
pub(crate) fn throttled(is_403: bool, retry_after: bool, at: Timestamp) -> Response {
    let status = if is_403 {
        StatusCode::FORBIDDEN
    } else {
        StatusCode::TOO_MANY_REQUESTS
    };
    let mut response = xml_fault(
        status,
        "3001",
        "ThrottleExceeded",
        "The request limit was reached.  Try again later",
        at,
    );
    if retry_after {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    }
    response
}
