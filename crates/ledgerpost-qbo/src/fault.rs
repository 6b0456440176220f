//! Faults in all the shapes that the service and its gateway send (`quickbooks-online.md` 9).

use std::time::Duration;

use ledgerpost_net::http::Response;
use quick_xml::events::Event;
use serde::Deserialize;

use crate::error::{Detail, Error, Trace};

/// A fault, whatever its envelope was.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Fault {
    /// Without leading zeros; empty when there is none.
    code: String,
    detail: String,
}

/// Never prints `detail`: that of a 401 holds the token.
impl std::fmt::Debug for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fault")
            .field("code", &self.code)
            .finish_non_exhaustive()
    }
}

/// `{"Fault": …}` of the application and `{"fault": …}` of the gateway.
#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "Fault")]
    fault: Option<Errors>,
    #[serde(rename = "fault")]
    gateway: Option<Errors>,
}

/// The inside of a fault; the same in a whole answer and in an item of a batch.
#[derive(Deserialize)]
pub(crate) struct Errors {
    #[serde(default, rename = "Error", alias = "error")]
    errors: Vec<OneError>,
}

#[derive(Deserialize)]
struct OneError {
    #[serde(default, rename = "Message", alias = "message")]
    message: Option<String>,
    #[serde(default, rename = "Detail", alias = "detail")]
    detail: Option<String>,
    #[serde(default)]
    code: Option<Code>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Code {
    Text(String),
    Number(u64),
}

impl From<Errors> for Fault {
    fn from(errors: Errors) -> Self {
        let Some(first) = errors.errors.into_iter().next() else {
            return Self::default();
        };
        let code = first.code.map(|code| match code {
            Code::Text(text) => text,
            Code::Number(number) => number.to_string(),
        });
        Self::new(
            code.as_deref().unwrap_or_default(),
            first.message.as_deref().unwrap_or_default(),
            first.detail.unwrap_or_default(),
        )
    }
}

impl Fault {
    /// Takes the code, or the `errorCode=003200` in the message of the gateway.
    fn new(code: &str, message: &str, detail: String) -> Self {
        let written = message.split("errorCode=").nth(1).map(|rest| {
            let end = rest
                .find(|character: char| !character.is_ascii_digit())
                .unwrap_or(rest.len());
            &rest[..end]
        });
        let code = if code.trim().is_empty() {
            written.unwrap_or_default()
        } else {
            code
        };
        let detail = if detail.is_empty() {
            message.to_owned()
        } else {
            detail
        };
        Self {
            code: code.trim().trim_start_matches('0').to_owned(),
            detail,
        }
    }

    /// Finds the fault in an answer, if there is one.
    pub(crate) fn find(response: &Response) -> Option<Self> {
        let body = response.body.trim_ascii_start();
        let may_hold_one =
            !response.status.is_success() || body.starts_with(b"<") || starts_like_a_fault(body);
        if may_hold_one {
            Self::parse(body)
        } else {
            None
        }
    }

    fn parse(body: &[u8]) -> Option<Self> {
        match body.first()? {
            b'{' => {
                let envelope: Envelope = serde_json::from_slice(body).ok()?;
                envelope.fault.or(envelope.gateway).map(Self::from)
            }
            b'<' => parse_xml(body),
            _ => None,
        }
    }

    /// Whether this is throttling, whatever the status (`quickbooks-online.md` 8.1).
    pub(crate) fn is_throttling(&self) -> bool {
        self.code == "3001"
    }

    /// Whether a person has to restore the rights, so that another token is of no use.
    pub(crate) fn is_rights_lost(&self) -> bool {
        self.code == "120"
    }

    /// Whether the gateway wants another token.
    pub(crate) fn is_authentication(&self) -> bool {
        matches!(self.code.as_str(), "100" | "110" | "3200" | "3202")
    }

    /// The error that this fault means.
    pub(crate) fn into_error(self, status: u16, wait: Option<Duration>, trace: Trace) -> Error {
        let Self { code, detail } = self;
        let detail = Detail::new(detail);
        match code.as_str() {
            "100" | "110" | "3200" | "3202" => Error::SignIn { trace },
            "120" => Error::RightsLost { trace },
            "130" | "140" | "150" | "6190" => Error::CompanyUnavailable { code, trace },
            "3001" => Error::Throttled { wait, trace },
            "3100" => Error::Configuration { trace },
            "610" => Error::NotFound { trace },
            "1040" => Error::TooManyItems { trace },
            "4002" => Error::BadRecord { detail, trace },
            "10000" => Error::SystemFault { detail, trace },
            "10100" => Error::TooLarge { trace },
            "10200" => Error::CompanyReset { trace },
            // "Operation cdc with changedSince date … which is older than fixed days is not
            // supported." (`quickbooks-online.md` 6)
            "500" if detail.expose().contains("changedSince") => Error::ChangesTooOld,
            "500" | "2000" | "2010" | "2020" | "2030" | "2130" | "2170" | "4000" | "4001" => {
                Error::Bug {
                    code,
                    detail,
                    trace,
                }
            }
            _ => by_status(status, wait, trace, code, detail),
        }
    }
}

/// The error for an answer that failed and holds no fault that we can read.
pub(crate) fn from_status(status: u16, wait: Option<Duration>, trace: Trace) -> Error {
    by_status(status, wait, trace, status.to_string(), Detail::default())
}

fn by_status(
    status: u16,
    wait: Option<Duration>,
    trace: Trace,
    code: String,
    detail: Detail,
) -> Error {
    match status {
        401 => Error::SignIn { trace },
        429 => Error::Throttled { wait, trace },
        413 => Error::TooLarge { trace },
        500.. => Error::Maintenance { status, trace },
        _ => Error::Refused {
            code,
            detail,
            trace,
        },
    }
}

/// A cheap look, so that pages of rows are not read twice.
fn starts_like_a_fault(body: &[u8]) -> bool {
    ["Fault", "fault", "warnings"].iter().any(|name| {
        body.strip_prefix(b"{")
            .map(<[u8]>::trim_ascii_start)
            .and_then(|rest| rest.strip_prefix(b"\""))
            .is_some_and(|rest| rest.starts_with(name.as_bytes()))
    })
}

/// Reads `IntuitResponse/Fault/Error`; other XML and HTML hold no fault.
fn parse_xml(body: &[u8]) -> Option<Fault> {
    let mut reader = quick_xml::Reader::from_reader(body);
    let (mut code, mut message, mut detail) = (None, String::new(), String::new());
    let mut inside = Vec::new();
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(element) => {
                let name = element.local_name().as_ref().to_owned();
                if inside.is_empty() && name != "IntuitResponse" {
                    return None;
                }
                if name == "Error" && code.is_none() {
                    let attribute = element.try_get_attribute("code").ok()?;
                    code = Some(
                        attribute
                            .map_or_else(String::new, |attribute| attribute.value.into_owned()),
                    );
                }
                inside.push(name);
            }
            Event::Text(text) => match inside.last().map(String::as_str) {
                Some("Message") if message.is_empty() => text.as_ref().clone_into(&mut message),
                Some("Detail") if detail.is_empty() => text.as_ref().clone_into(&mut detail),
                _ => {}
            },
            Event::End(_) => {
                inside.pop();
            }
            Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
    code.map(|code| Fault::new(&code, message.trim(), detail.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn error(status: u16, body: &str) -> Error {
        let trace = Trace::new(Some("1-abc".to_owned()));
        match Fault::parse(body.as_bytes()) {
            Some(fault) => fault.into_error(status, None, trace),
            None => from_status(status, None, trace),
        }
    }

    fn application(code: &str) -> String {
        format!(
            r#"{{"Fault":{{"Error":[{{"Message":"m","Detail":"d","code":"{code}","element":""}}],"type":"ValidationFault"}},"time":"x"}}"#
        )
    }

    const THROTTLED_XML: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <IntuitResponse time="2016-12-07T15:27:09.527-08:00" xmlns="http://schema.intuit.com/finance/v3">
        <Fault type="SERVICE"><Error code="3001">
        <Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message>
        <Detail>The request limit was reached.  Try again later</Detail></Error></Fault></IntuitResponse>"#;

    const GATEWAY: &str = r#"{"warnings":null,"intuitObject":null,"fault":{"error":[
        {"message":"message=AuthenticationFailed; errorCode=003200; statusCode=401",
         "detail":"Token expired: AB01canary","code":"3200","element":null}],"type":"AUTHENTICATION"},
        "report":null,"time":1601391072830,"cdcresponse":[]}"#;

    #[rstest]
    #[case(401, "100", "sign_in_again")]
    #[case(401, "3202", "sign_in_again")]
    #[case(403, "120", "rights_lost")]
    #[case(400, "130", "company_unavailable")]
    #[case(400, "150", "company_unavailable")]
    #[case(403, "3001", "throttled")]
    #[case(429, "003001", "throttled")]
    #[case(403, "3100", "keys_refused")]
    #[case(400, "500", "quickbooks_bug")]
    #[case(400, "610", "record_gone")]
    #[case(400, "1040", "batch_too_large")]
    #[case(400, "2030", "quickbooks_bug")]
    #[case(400, "4001", "quickbooks_bug")]
    #[case(400, "4002", "bad_record")]
    #[case(400, "5020", "quickbooks_refused")]
    #[case(400, "6190", "company_unavailable")]
    #[case(500, "10000", "quickbooks_fault")]
    #[case(400, "10100", "answer_too_large")]
    #[case(400, "10200", "company_reset")]
    #[case(400, "99999", "quickbooks_refused")]
    #[case(503, "99999", "quickbooks_down")]
    fn codes_mean_what_the_reference_says(
        #[case] status: u16,
        #[case] code: &str,
        #[case] word: &str,
    ) {
        assert_eq!(error(status, &application(code)).code(), word);
    }

    #[rstest]
    #[case::throttled_xml(429, THROTTLED_XML, "throttled")]
    #[case::throttled_xml_403(403, THROTTLED_XML, "throttled")]
    #[case::gateway(401, GATEWAY, "sign_in_again")]
    #[case::gateway_without_code(
        403,
        r#"{"fault":{"error":[{"message":"message=x; errorCode=003100; statusCode=403"}]}}"#,
        "keys_refused"
    )]
    #[case::html(503, "<html><body>Down<br></body></html>", "quickbooks_down")]
    #[case::broken_html(502, "<html><<", "quickbooks_down")]
    #[case::empty(504, "", "quickbooks_down")]
    #[case::plain(401, "no", "sign_in_again")]
    #[case::empty_429(429, "", "throttled")]
    #[case::not_found(404, "gone", "quickbooks_refused")]
    #[case::too_old(400, r#"{"Fault":{"Error":[{"Message":"Unsupported Operation","Detail":"Operation cdc with changedSince date 2024 which is older than fixed days is not supported.","code":"500"}]}}"#, "changes_too_old")]
    #[case::number_as_code(400, r#"{"Fault":{"Error":[{"code":610}]}}"#, "record_gone")]
    #[case::no_errors(400, r#"{"Fault":{"type":"SystemFault"}}"#, "quickbooks_refused")]
    fn every_shape_is_understood(#[case] status: u16, #[case] body: &str, #[case] word: &str) {
        assert_eq!(error(status, body).code(), word);
    }

    #[test]
    fn nothing_prints_what_the_service_wrote() {
        let fault = Fault::parse(GATEWAY.as_bytes()).unwrap();
        assert!(!format!("{fault:?}").contains("canary"));
        let refused = error(400, &application("6000").replace("\"d\"", "\"canary\""));
        assert!(!format!("{refused:?} {refused}").contains("canary"));
        let Error::Refused { detail, .. } = refused else {
            panic!("a business fault is a refusal");
        };
        assert_eq!(detail.expose(), "canary");
    }

    #[test]
    fn an_error_names_the_call() {
        assert!(error(503, "").to_string().ends_with("[intuit_tid 1-abc]"));
    }
}
