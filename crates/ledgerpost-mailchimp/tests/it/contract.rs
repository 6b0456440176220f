//! The official contract's names, types and limits (`contract.tsv`).

use std::collections::BTreeMap;

use serde_json::Value;

/// A field that the contract knows.
pub(crate) struct Rule {
    kind: &'static str,
    required: bool,
    max: Option<usize>,
    allowed: Option<Vec<&'static str>>,
}

/// Fields by place and name.
pub(crate) type Fields = BTreeMap<(&'static str, &'static str), Rule>;

/// Fields by endpoint.
pub(crate) type Contract = BTreeMap<&'static str, Fields>;

pub(crate) fn contract() -> Contract {
    let mut contract = Contract::new();
    let table = include_str!("../contract.tsv");
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&'static str> = line.split('\t').collect();
        let fields = contract.entry(columns[0]).or_default();
        if columns[1] == "-" {
            continue;
        }
        let rules: Vec<&str> = columns
            .get(4)
            .copied()
            .unwrap_or_default()
            .split(' ')
            .collect();
        let rule = Rule {
            kind: columns[3],
            required: rules.contains(&"required"),
            max: rules
                .iter()
                .find_map(|rule| rule.strip_prefix("max="))
                .map(|max| max.parse().expect("a number")),
            allowed: rules
                .iter()
                .find_map(|rule| rule.strip_prefix("enum="))
                .map(|words| words.split('|').collect()),
        };
        fields.insert((columns[1], columns[2]), rule);
    }
    contract
}

/// What is wrong with a request; empty when nothing is.
pub(crate) fn violations(
    endpoint: &str,
    query: &[(String, String)],
    body: Option<&str>,
) -> Vec<String> {
    let contract = contract();
    let Some(fields) = contract.get(endpoint) else {
        return vec![format!("no endpoint {endpoint}")];
    };
    let mut found = Vec::new();
    for (name, value) in query {
        match fields.get(&("query", name.as_str())) {
            None => found.push(format!("no parameter {name}")),
            Some(rule) => check_parameter(name, value, rule, &mut found),
        }
    }
    let takes_body = fields.keys().any(|(place, _)| *place == "body");
    match body.map(serde_json::from_str::<Value>) {
        None if takes_body => found.push("no body".to_owned()),
        None => {}
        Some(_) if !takes_body => found.push("a body where none belongs".to_owned()),
        Some(Err(_)) => found.push("a body that is no JSON".to_owned()),
        Some(Ok(value)) => check_object("", &value, fields, &mut found),
    }
    found
}

fn check_parameter(name: &str, value: &str, rule: &Rule, found: &mut Vec<String>) {
    let fits = match rule.kind {
        "integer" => value
            .parse::<usize>()
            .is_ok_and(|number| rule.max.is_none_or(|max| number <= max)),
        "boolean" => matches!(value, "true" | "false"),
        _ => rule
            .allowed
            .as_ref()
            .is_none_or(|words| words.contains(&value)),
    };
    if !fits {
        found.push(format!("parameter {name}: a value that is not allowed"));
    }
}

fn check_object(prefix: &str, value: &Value, fields: &Fields, found: &mut Vec<String>) {
    let Value::Object(object) = value else {
        found.push(format!("{prefix} is no object"));
        return;
    };
    for (name, value) in object {
        let path = format!("{prefix}{name}");
        match fields.get(&("body", path.as_str())) {
            None => found.push(format!("no field {path}")),
            Some(rule) => check_value(&path, value, rule, fields, found),
        }
    }
    for ((place, path), rule) in fields {
        let own = path.strip_prefix(prefix).filter(|rest| !rest.contains('.'));
        if *place == "body" && rule.required && own.is_some_and(|name| !object.contains_key(name)) {
            found.push(format!("{path} is missing"));
        }
    }
}

fn check_value(path: &str, value: &Value, rule: &Rule, fields: &Fields, found: &mut Vec<String>) {
    let size = match value {
        Value::String(text) => text.chars().count(),
        Value::Array(items) => items.len(),
        _ => 0,
    };
    if rule.max.is_some_and(|max| size > max) {
        found.push(format!("{path} is too long"));
    }
    let fits = match rule.kind {
        "string" => value.as_str().is_some_and(|text| {
            rule.allowed
                .as_ref()
                .is_none_or(|words| words.contains(&text))
        }),
        "time" => value
            .as_str()
            .is_some_and(|text| text.parse::<jiff::Timestamp>().is_ok()),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "list" => value.is_array(),
        "object" | "map" => value.is_object(),
        other => panic!("the table has an unknown type {other}"),
    };
    if !fits {
        found.push(format!("{path} is no {}", rule.kind));
        return;
    }
    match value {
        Value::Object(_) if rule.kind == "object" => {
            check_object(&format!("{path}."), value, fields, found);
        }
        Value::Array(items) => {
            let item_path = format!("{path}[]");
            for item in items {
                match fields.get(&("body", item_path.as_str())) {
                    Some(rule) => check_value(&item_path, item, rule, fields, found),
                    None => check_object(&format!("{item_path}."), item, fields, found),
                }
            }
        }
        _ => {}
    }
}

#[test]
fn a_wrong_name_type_or_limit_is_found() {
    let tags = "POST /lists/{list_id}/members/{subscriber_hash}/tags";
    let order = "POST /ecommerce/stores/{store_id}/orders";
    let line = r#"{"id":"1","product_id":"p","product_variant_id":"p","quantity":1,"price":1}"#;
    let cases = [
        (tags, r#"{"tag":[]}"#, "no field tag, tags is missing"),
        (tags, r#"{"is_syncing":true}"#, "tags is missing"),
        (
            tags,
            r#"{"tags":[{"name":"a","status":"on"}]}"#,
            "tags[].status is no string",
        ),
        (
            tags,
            r#"{"tags":[{"name":"a"}]}"#,
            "tags[].status is missing",
        ),
        (tags, r#"{"tags":{}}"#, "tags is no list"),
        (
            order,
            &format!(
                r#"{{"id":"{}","customer":{{"id":"c"}},"currency_code":"USD","order_total":"1","lines":[{line}]}}"#,
                "i".repeat(51)
            ),
            "id is too long, order_total is no number",
        ),
        (
            order,
            r#"{"id":"i","customer":{"id":"c"},"currency_code":"USD","order_total":1,"lines":[],"processed_at_foreign":"yesterday"}"#,
            "processed_at_foreign is no time",
        ),
    ];
    for (endpoint, body, expected) in cases {
        assert_eq!(violations(endpoint, &[], Some(body)).join(", "), expected);
    }
    let query = [
        ("since".to_owned(), String::new()),
        ("count".to_owned(), "1001".to_owned()),
    ];
    assert_eq!(
        violations("GET /lists/{list_id}/members", &query, None).len(),
        2
    );
    assert_eq!(
        violations("PUT /lists/{list_id}/members/{subscriber_hash}", &[], None).len(),
        1
    );
}
