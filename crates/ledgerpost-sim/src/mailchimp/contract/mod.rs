//! The contract check: every query parameter and body field against `contract.txt`.
//!
//! It answers two questions at once: what the service refuses (a wrong type, a missing or a
//! misspelt value) and what it swallows although the contract does not know it (an unknown name).
//! The second is no refusal; it is recorded, so that a test can assert that there was none.

mod table;

use std::collections::BTreeMap;

use serde_json::Value;

use super::time;

pub(crate) use table::endpoints;

/// The type of a field.
#[derive(Debug, Clone)]
enum Kind {
    Text {
        limit: Option<usize>,
        choices: Vec<String>,
    },
    Integer(Option<i64>),
    Number,
    Boolean,
    Time,
    Free,
    Object(Shape),
    Array(Box<Kind>),
}

#[derive(Debug, Clone)]
struct Field {
    required: bool,
    kind: Kind,
}

/// The fields of an object.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shape(BTreeMap<String, Field>);

/// What one endpoint takes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Endpoint {
    pub(crate) query: Shape,
    /// `None`: takes no body.
    pub(crate) body: Option<Shape>,
}

/// A departure from the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) field: String,
    pub(crate) message: String,
    /// Whether the service answers 400 to it; unknown names are ignored in silence.
    pub(crate) refused: bool,
}

impl Shape {
    /// Checks a body.
    pub(crate) fn check(&self, value: &Value) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.check_object(value, &mut findings, "");
        findings
    }

    fn check_object(&self, value: &Value, findings: &mut Vec<Finding>, path: &str) {
        let Value::Object(map) = value else {
            findings.push(refused(
                path,
                format!("Schema describes object, {} found instead", name_of(value)),
            ));
            return;
        };
        for (name, inner) in map {
            let here = join(path, name);
            match self.0.get(name) {
                Some(field) => field.kind.check(inner, &here, findings),
                None => findings.push(unknown(&here)),
            }
        }
        let missing: Vec<&str> = self
            .0
            .iter()
            .filter(|(name, field)| field.required && !map.contains_key(*name))
            .map(|(name, _)| name.as_str())
            .collect();
        if !missing.is_empty() {
            findings.push(refused(
                path,
                format!("Required fields were not provided: {}", missing.join(", ")),
            ));
        }
    }

    /// Checks query parameters: wrong values are findings, and refused where the reference says so.
    pub(crate) fn check_query(&self, query: &[(String, String)]) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (name, text) in query {
            let Some(field) = self.0.get(name) else {
                findings.push(unknown(name));
                continue;
            };
            if let Some((message, refused)) = field.kind.query_fault(text) {
                findings.push(Finding {
                    field: name.clone(),
                    message,
                    refused,
                });
            }
        }
        for (name, field) in &self.0 {
            if field.required && !query.iter().any(|(given, _)| given == name) {
                findings.push(refused(
                    name,
                    format!("Required fields were not provided: {name}"),
                ));
            }
        }
        findings
    }
}

fn unknown(path: &str) -> Finding {
    Finding {
        field: path.to_owned(),
        message: "the contract has no such field here".to_owned(),
        refused: false,
    }
}

fn refused(path: &str, message: String) -> Finding {
    Finding {
        field: path.to_owned(),
        message,
        refused: true,
    }
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "NULL",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

impl Kind {
    fn wanted(&self) -> &'static str {
        match self {
            Self::Text { .. } | Self::Time => "string",
            Self::Integer(_) => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Free | Self::Object(_) => "object",
            Self::Array(_) => "array",
        }
    }

    fn check(&self, value: &Value, path: &str, findings: &mut Vec<Finding>) {
        match (self, value) {
            (Self::Text { limit, choices }, Value::String(text)) => {
                if limit.is_some_and(|limit| text.chars().count() > limit) {
                    findings.push(refused(path, format!("This value is too long: {limit:?}")));
                }
                if !choices.is_empty() && !choices.contains(text) {
                    findings.push(refused(
                        path,
                        format!("Value must be one of: {}", choices.join(", ")),
                    ));
                }
            }
            (Self::Time, Value::String(text)) => {
                if !text.is_empty() && time::parse(text).is_none() {
                    findings.push(refused(path, "Not a valid date".to_owned()));
                }
            }
            (Self::Integer(_), Value::Number(number)) if !number.is_f64() => {}
            (Self::Number, Value::Number(_))
            | (Self::Boolean, Value::Bool(_))
            | (Self::Free, Value::Object(_)) => {}
            (Self::Object(shape), Value::Object(_)) => shape.check_object(value, findings, path),
            (Self::Array(inner), Value::Array(rows)) => {
                for (index, row) in rows.iter().enumerate() {
                    inner.check(row, &format!("{path}.item:{index}"), findings);
                }
            }
            _ => findings.push(refused(
                path,
                format!(
                    "Schema describes {}, {} found instead",
                    self.wanted(),
                    name_of(value)
                ),
            )),
        }
    }

    /// What is wrong with a query parameter, and whether it is refused. A page over the limit is
    /// (checklist 4); so is a number that is none and a word outside an enumeration.
    fn query_fault(&self, text: &str) -> Option<(String, bool)> {
        match self {
            Self::Integer(limit) => match text.parse::<i64>() {
                Err(_) => Some((
                    "Schema describes integer, string found instead".to_owned(),
                    true,
                )),
                Ok(number) if number < 0 => Some(("Must not be negative".to_owned(), true)),
                Ok(number) if limit.is_some_and(|limit| number > limit) => {
                    Some(("This value is above the maximum of 1000".to_owned(), true))
                }
                Ok(_) => None,
            },
            Self::Text { choices, .. } if !choices.is_empty() => {
                (!choices.iter().any(|choice| choice == text)).then(|| {
                    (
                        format!("Value must be one of: {}", choices.join(", ")),
                        true,
                    )
                })
            }
            Self::Boolean => (!matches!(text, "true" | "false" | "1" | "0" | "True" | "False"))
                .then(|| {
                    (
                        "Schema describes boolean, string found instead".to_owned(),
                        true,
                    )
                }),
            Self::Time => time::parse(text)
                .is_none()
                .then(|| ("Not a valid date".to_owned(), true)),
            Self::Text { .. } | Self::Number | Self::Free | Self::Object(_) | Self::Array(_) => {
                None
            }
        }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn body(method: &str, path: &str) -> Shape {
        endpoints()[&(method.to_owned(), path.to_owned())]
            .body
            .clone()
            .expect("has a body")
    }

    #[test]
    fn an_unknown_name_is_found_but_not_refused() {
        let shape = body("PUT", "/lists/{list_id}/members/{subscriber_hash}");
        let findings = shape.check(&json!({"email_adress": "a@b.test", "merge_fields": {"X": 1}}));
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].field, "email_adress");
        assert!(!findings[0].refused);
    }

    #[test]
    fn a_missing_line_field_reads_as_recorded() {
        let shape = body("POST", "/ecommerce/stores/{store_id}/orders");
        let findings = shape.check(&json!({
            "id": "o", "customer": {"id": "c"}, "currency_code": "USD", "order_total": 1,
            "lines": [{"id": "1", "product_variant_id": "v", "quantity": 1, "price": 1}],
        }));
        assert_eq!(findings[0].field, "lines.item:0");
        assert_eq!(
            findings[0].message,
            "Required fields were not provided: product_id"
        );
    }

    #[test]
    fn types_limits_and_enumerations_are_refused() {
        let shape = body(
            "POST",
            "/ecommerce/stores/{store_id}/orders/{order_id}/lines",
        );
        let long = "x".repeat(51);
        let findings = shape.check(&json!({
            "id": long, "product_id": "p", "product_variant_id": "v", "quantity": 1.5, "price": "2",
        }));
        assert_eq!(findings.len(), 3);
        assert!(findings.iter().all(|finding| finding.refused));
        let page = &endpoints()[&("GET".to_owned(), "/lists".to_owned())].query;
        let query = [("count".to_owned(), "1001".to_owned())];
        assert!(page.check_query(&query)[0].refused);
    }
}
