//! Every request against the official contract's names, types and limits (`contract.tsv`).

use std::collections::{BTreeMap, BTreeSet};

use ledgerpost_core::address::CompleteAddress;
use ledgerpost_core::change::{
    ContactCreate, ContactUpdate, CreateStatus, FieldName, OrderBody, OrderLine, ProductBody,
    StoreBody,
};
use ledgerpost_core::destination::{MemberFields, MemberStatus};
use ledgerpost_core::ids::{AudienceId, StoreId};
use ledgerpost_core::source::{DocumentKey, DocumentKind};
use ledgerpost_core::{Amount, EmailAddress};
use ledgerpost_mailchimp::batches::{BatchId, Operation};
use ledgerpost_mailchimp::customers::Customer;
use ledgerpost_mailchimp::members::{MemberFilter, MemberPatch, NewMember};
use ledgerpost_mailchimp::{
    Request, audiences, batches, customers, members, orders, products, root, segments, stores,
};
use proptest::prelude::*;
use serde_json::Value;

/// A field that the contract knows.
struct Rule {
    kind: &'static str,
    required: bool,
    max: Option<usize>,
    allowed: Option<Vec<&'static str>>,
}

/// Places and names of fields by endpoint.
type Contract = BTreeMap<&'static str, BTreeMap<(&'static str, &'static str), Rule>>;

fn contract() -> Contract {
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

type Fields = BTreeMap<(&'static str, &'static str), Rule>;

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

fn violations_of(request: &Request) -> Vec<String> {
    let query: Vec<_> = request
        .query_pairs()
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    violations(request.endpoint(), &query, request.body_text())
}

pub(crate) fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

pub(crate) fn order(lines: &[(&str, u32, i64)]) -> OrderBody {
    let email = email("dana@northfield.test");
    OrderBody {
        id: DocumentKey::new(DocumentKind::Invoice, "1045"),
        customer: email.hash(),
        email,
        first_name: Some("Dana".to_owned()),
        last_name: None,
        currency: "USD".into(),
        total: Amount::from_cents(43_110),
        tax: Amount::from_cents(3_110),
        discount: Amount::ZERO,
        shipping: Amount::ZERO,
        date: "2025-11-03".parse().unwrap(),
        financial_status: Some("paid".to_owned()),
        lines: lines
            .iter()
            .map(|(product, quantity, cents)| OrderLine {
                product: (*product).into(),
                quantity: *quantity,
                price: Amount::from_cents(*cents),
            })
            .collect(),
    }
}

pub(crate) fn store() -> StoreBody {
    StoreBody {
        id: "qbo_9130".into(),
        audience: "a36b032126".into(),
        name: "Tidewater Ceramics (QuickBooks)".to_owned(),
        currency: "USD".into(),
        email: Some(email("hello@tidewater.test")),
        time_zone: Some("America/Los_Angeles".to_owned()),
    }
}

pub(crate) fn product() -> ProductBody {
    ProductBody {
        id: "item_17".into(),
        title: "Stoneware mug".to_owned(),
        description: Some("12 oz".to_owned()),
        sku: Some("MUG-12".to_owned()),
        price: Some(Amount::from_cents(2_450)),
    }
}

fn full_fields() -> MemberFields {
    MemberFields {
        first_name: Some("Dana".to_owned()),
        last_name: Some("Okafor".to_owned()),
        phone: Some("503-555-0134".to_owned()),
        address: Some(CompleteAddress {
            addr1: "12 Mill Rd".to_owned(),
            addr2: String::new(),
            city: "Salem".to_owned(),
            state: "OR".to_owned(),
            zip: "97301".to_owned(),
            country: Some("US".to_owned()),
        }),
    }
}

pub(crate) fn contact(address: &str) -> ContactCreate {
    let email = email(address);
    ContactCreate {
        hash: email.hash(),
        email,
        status: CreateStatus::Transactional,
        grounds: "customer".to_owned(),
        fields: full_fields(),
    }
}

fn audience() -> AudienceId {
    "a36b032126".into()
}

fn store_id() -> StoreId {
    "qbo_9130".into()
}

/// One request of every builder, and more where a request takes several shapes.
fn all_requests() -> Vec<Request> {
    let (list, store_id) = (audience(), store_id());
    let person = email("dana@northfield.test");
    let hash = person.hash();
    let people = vec![person.clone(); 500];
    let update = ContactUpdate {
        hash: hash.clone(),
        email: person.clone(),
        before: full_fields(),
        after: full_fields(),
        clear: vec![FieldName::Address],
    };
    let filter = MemberFilter {
        status: Some(MemberStatus::Archived),
        changed_since: Some("2026-01-05T10:00:00+00:00".to_owned()),
        changed_before: Some("2026-01-06T10:00:00+00:00".to_owned()),
    };
    let new: Vec<_> = (0..500)
        .map(|n| NewMember::from(&contact(&format!("person{n}@northfield.test"))))
        .collect();
    let customer = Customer {
        id: &hash,
        email: &person,
        first_name: Some("Dana"),
        last_name: None,
    };
    let (product, order) = (product(), order(&[("item_17", 4, 10_000)]));
    let line = &order.lines[0];
    let batch = BatchId::new("8b2428d747");
    let mut requests = vec![
        root::read_root(),
        audiences::requests::list_audiences(),
        audiences::requests::read_audience(&list),
        audiences::requests::list_merge_fields(&list),
        audiences::requests::list_interest_categories(&list),
        audiences::requests::list_interests(&list, "9143cf3bd1"),
        audiences::requests::list_sending_automations(),
        members::requests::list_members(&list, &MemberFilter::default()),
        members::requests::list_members(&list, &filter),
        members::requests::count_members(&list, MemberStatus::Subscribed),
        members::requests::read_member(&list, &hash),
        members::requests::add_members(&list, &new).unwrap(),
        segments::requests::search_tags(&list, "QuickBooks"),
        segments::requests::list_segments(&list),
        segments::requests::create_segment(&list, "QuickBooks Online", &people).unwrap(),
        segments::requests::change_segment(&list, 4_788_452, &people, &people).unwrap(),
        stores::requests::list_stores(),
        stores::requests::read_store(&store_id),
        products::requests::list_products(&store_id),
        customers::requests::list_customers(&store_id),
        orders::requests::list_orders(&store_id),
        orders::requests::read_order(&store_id, &order.id),
        batches::requests::read_batch(&batch),
        batches::requests::list_batches(),
        batches::requests::stop_batch(&batch),
    ];
    let writes = vec![
        members::requests::update_member(&list, &hash, &MemberPatch::from(&update)),
        members::requests::update_member(&list, &hash, &MemberPatch::moving_to(&person)),
        members::requests::tag_member(&list, &hash, "QuickBooks Online", true),
        members::requests::tag_member(&list, &hash, "QuickBooks Online", false),
        members::requests::archive_member(&list, &hash),
        stores::requests::create_store(&store()),
        stores::requests::set_syncing(&store_id, false),
        stores::requests::remove_store(&store_id),
        products::requests::put_product(&store_id, &product),
        products::requests::create_product(&store_id, &product),
        products::requests::patch_product(&store_id, &product),
        products::requests::put_variant(&store_id, &product),
        products::requests::remove_product(&store_id, &product.id),
        customers::requests::put_customer(&store_id, &customer),
        customers::requests::remove_customer(&store_id, &hash),
        orders::requests::create_order(&store_id, &order).unwrap(),
        orders::requests::patch_order(&store_id, &order),
        orders::requests::add_line(&store_id, &order.id, 2, line),
        orders::requests::patch_line(&store_id, &order.id, 1, line),
        orders::requests::remove_line(&store_id, &order.id, "1"),
        orders::requests::remove_order(&store_id, &order.id),
    ];
    requests.extend(writes.iter().map(|write| write.request().clone()));
    let operations: Vec<_> = writes
        .into_iter()
        .enumerate()
        .map(|(n, write)| Operation::new(n.to_string(), write))
        .collect();
    requests.push(batches::requests::submit_batch(&operations));
    requests
}

#[test]
fn every_request_keeps_the_contract() {
    for request in all_requests() {
        assert_eq!(violations_of(&request), [""; 0], "{request:?}");
    }
}

#[test]
fn the_table_holds_what_we_send_and_nothing_else() {
    let sent: BTreeSet<_> = all_requests().iter().map(Request::endpoint).collect();
    let known: BTreeSet<_> = contract().into_keys().collect();
    assert_eq!(sent, known);
}

#[test]
fn every_read_names_its_fields_and_never_links() {
    // The contract knows no `fields` for the tag search.
    for request in all_requests() {
        let fields = request
            .query_pairs()
            .iter()
            .find(|(name, _)| *name == "fields");
        match request.endpoint() {
            "GET /lists/{list_id}/tag-search" => assert_eq!(fields, None),
            endpoint if endpoint.starts_with("GET ") => {
                let (_, fields) = fields.unwrap_or_else(|| panic!("{endpoint} names no fields"));
                assert!(
                    !fields.contains("_links") && !fields.contains(' '),
                    "{fields}"
                );
            }
            _ => assert_eq!(fields, None),
        }
    }
}

#[test]
fn no_request_can_raise_a_status() {
    for request in all_requests() {
        let Some(body) = request.body_text() else {
            continue;
        };
        let body: Value = serde_json::from_str(body).unwrap();
        match request.endpoint() {
            "POST /lists/{list_id}" => {
                assert_eq!(body["update_existing"], false);
                assert_eq!(body["sync_tags"], false);
            }
            "POST /lists/{list_id}/members/{subscriber_hash}/tags" => {
                assert_eq!(body["is_syncing"], true);
            }
            "POST /batches" => {}
            endpoint => {
                let text = body.to_string();
                assert!(!text.contains("\"status\":"), "{endpoint}");
                assert!(!text.contains("status_if_new"), "{endpoint}");
                assert!(!text.contains("\"opt_in_status\":true"), "{endpoint}");
            }
        }
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

#[test]
fn amounts_keep_their_digits() {
    let order = order(&[("item_17", 4, 10_000)]);
    let write = orders::requests::create_order(&store_id(), &order).unwrap();
    let body = write.request().body_text().unwrap();
    assert!(
        body.contains(r#""order_total":431.1,"tax_total":31.1,"#),
        "{body}"
    );
    assert!(
        body.contains(r#""processed_at_foreign":"2025-11-03T00:00:00+00:00""#),
        "{body}"
    );
}

proptest! {
    #[test]
    fn any_text_makes_a_valid_request(
        name in ".{0,80}",
        phone in ".{0,40}",
        title in ".{0,200}",
        cents in -10_000_000_000_i64..10_000_000_000,
        quantity in 1_u32..,
    ) {
        let mut person = contact("dana@northfield.test");
        person.fields.first_name = Some(name.clone());
        person.fields.phone = Some(phone);
        let add = members::requests::add_members(&audience(), &[NewMember::from(&person)]).unwrap();
        prop_assert_eq!(violations_of(&add), [""; 0]);

        let mut item = product();
        item.title = title;
        item.price = Some(Amount::from_cents(cents));
        let put = products::requests::put_product(&store_id(), &item);
        prop_assert_eq!(violations_of(put.request()), [""; 0]);

        let mut sale = order(&[("item_17", quantity, cents)]);
        sale.first_name = Some(name);
        let create = orders::requests::create_order(&store_id(), &sale).unwrap();
        prop_assert_eq!(violations_of(create.request()), [""; 0]);
    }
}
