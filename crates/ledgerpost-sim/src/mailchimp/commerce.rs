//! Stores, and what store rows have in common (`mailchimp.md` 5.1, 5.2).

use serde_json::{Map, Value, json};

use super::context::{Answer, Ctx, Params, copy_fields};
use super::model::Store;
use super::problem::Problem;
use super::shelf::Shelf;
use super::time::stamp;

const FIELDS: [&str; 10] = [
    "name",
    "platform",
    "domain",
    "email_address",
    "currency_code",
    "money_format",
    "primary_locale",
    "timezone",
    "phone",
    "address",
];

const POSTAL: [&str; 8] = [
    "address1",
    "address2",
    "city",
    "province",
    "province_code",
    "postal_code",
    "country",
    "country_code",
];

/// Sums of cents kept as binary fractions drift; this brings them back.
pub(crate) fn round(amount: f64) -> f64 {
    (amount * 100.0).round() / 100.0
}

/// A field as it reads back: `""` when never set.
pub(crate) fn blank(body: &Map<String, Value>, name: &str) -> Value {
    body.get(name).cloned().unwrap_or_else(|| json!(""))
}

/// An address with all its parts.
pub(crate) fn postal(value: Option<&Value>) -> Value {
    let given = value.and_then(Value::as_object);
    POSTAL
        .iter()
        .map(|name| {
            let part = given.and_then(|given| given.get(*name)).cloned();
            ((*name).to_owned(), part.unwrap_or_else(|| json!("")))
        })
        .collect::<Map<_, _>>()
        .into()
}

fn view(ctx: &Ctx<'_>, id: &str, store: &Store) -> Value {
    let mut row = Map::new();
    for name in FIELDS {
        row.insert(name.to_owned(), blank(&store.body, name));
    }
    row.insert("address".to_owned(), postal(store.body.get("address")));
    let none = json!({"is_supported": false, "id": "", "status": "save"});
    let more = json!({
        "id": id, "list_id": store.list, "is_syncing": store.is_syncing,
        "list_is_active": ctx.account.lists.contains(&store.list),
        "automations": {"abandoned_cart": none, "abandoned_browse": none},
        "created_at": stamp(store.created_at), "updated_at": stamp(store.updated_at),
        "_links": ctx.links(
            &format!("/ecommerce/stores/{id}"),
            &[("self", "GET", ""), ("orders", "GET", "/orders"), ("delete", "DELETE", "")],
        ),
    });
    if let Value::Object(more) = more {
        row.extend(more);
    }
    Value::Object(row)
}

/// `GET /ecommerce/stores`
pub(crate) fn stores(ctx: &mut Ctx<'_>, _: &Params<'_>) -> Answer {
    let rows = ctx.account.stores.iter();
    Ok(Some(ctx.collection("stores", None, rows, |(id, store)| {
        view(ctx, id, store)
    })))
}

/// `GET /ecommerce/stores/{store_id}`
pub(crate) fn show(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    Ok(Some(view(ctx, &params[0], ctx.store(&params[0])?)))
}

fn check(ctx: &Ctx<'_>, body: &Map<String, Value>, own: Option<&str>) -> Result<(), Problem> {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    if let Some(code) = text("currency_code")
        && !(code.len() == 3 && code.chars().all(|letter| letter.is_ascii_uppercase()))
    {
        return Err(Problem::schema(vec![(
            "currency_code".to_owned(),
            "Not a valid currency code".to_owned(),
        )]));
    }
    if let Some(domain) = text("domain").filter(|domain| !domain.is_empty()) {
        let taken = ctx.account.stores.iter().any(|(id, store)| {
            Some(id) != own && store.body.get("domain").and_then(Value::as_str) == Some(domain)
        });
        if taken {
            return Err(Problem::bad_request(format!(
                "A store with the domain {domain} already exists in the account"
            )));
        }
    }
    Ok(())
}

/// `POST /ecommerce/stores`
pub(crate) fn create(ctx: &mut Ctx<'_>, _: &Params<'_>) -> Answer {
    let body = std::mem::take(&mut ctx.body);
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let (id, list) = (text("id"), text("list_id"));
    if id.is_empty() {
        return Err(Problem::schema(vec![(
            "id".to_owned(),
            "This value should not be blank.".to_owned(),
        )]));
    }
    if ctx.account.stores.contains(id) {
        ctx.journal.double_create("store");
        return Err(Problem::commerce(
            "A store with the provided ID already exists in the account.",
        ));
    }
    if !ctx.account.lists.contains(list) {
        return Err(Problem::commerce(
            "The list with the provided ID does not exist in the account.",
        ));
    }
    check(ctx, &body, None)?;
    let mut kept = Map::new();
    copy_fields(&body, &mut kept, &FIELDS);
    let store = Store {
        list: list.to_owned(),
        body: kept,
        is_syncing: body
            .get("is_syncing")
            .and_then(Value::as_bool)
            .unwrap_or(false),
        notifies: true,
        products: Shelf::default(),
        customers: Shelf::default(),
        by_email: std::collections::HashMap::new(),
        orders: Shelf::default(),
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    ctx.account.stores.put(id, store);
    show(ctx, &[id.to_owned()])
}

/// `PATCH /ecommerce/stores/{store_id}`: `list_id` and `id` never change.
pub(crate) fn update(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let body = std::mem::take(&mut ctx.body);
    ctx.store(&params[0])?;
    check(ctx, &body, Some(&params[0]))?;
    let now = ctx.now;
    let store = ctx.store_mut(&params[0])?;
    copy_fields(&body, &mut store.body, &FIELDS);
    if let Some(syncing) = body.get("is_syncing").and_then(Value::as_bool) {
        store.is_syncing = syncing;
    }
    store.updated_at = now;
    show(ctx, params)
}

/// `DELETE /ecommerce/stores/{store_id}`: takes customers, orders and products; people stay.
pub(crate) fn delete(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    ctx.account
        .stores
        .remove(&params[0])
        .ok_or_else(Problem::not_found)?;
    Ok(None)
}
