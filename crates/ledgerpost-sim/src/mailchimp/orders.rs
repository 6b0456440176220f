//! Orders (`mailchimp.md` 5.5, refusals 5.7).

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::commerce::{blank, postal};
use super::context::{Answer, Ctx, Params, copy_fields};
use super::customers;
use super::lines;
use super::model::{Order, Store};
use super::problem::Problem;
use super::shelf::Shelf;
use super::time::stamp;

const FIELDS: [&str; 21] = [
    "campaign_id",
    "landing_site",
    "financial_status",
    "fulfillment_status",
    "currency_code",
    "order_total",
    "order_url",
    "discount_total",
    "tax_total",
    "shipping_total",
    "tracking_code",
    "processed_at_foreign",
    "cancelled_at_foreign",
    "updated_at_foreign",
    "shipping_address",
    "billing_address",
    "promos",
    "outreach",
    "tracking_number",
    "tracking_carrier",
    "tracking_url",
];
const NUMBERS: [&str; 4] = [
    "order_total",
    "discount_total",
    "tax_total",
    "shipping_total",
];

pub(crate) fn view(ctx: &Ctx<'_>, store_id: &str, store: &Store, id: &str, order: &Order) -> Value {
    let mut row = Map::new();
    for name in FIELDS {
        row.insert(name.to_owned(), blank(&order.body, name));
    }
    for name in NUMBERS {
        let number = order.body.get(name).cloned().unwrap_or_else(|| json!(0));
        row.insert(name.to_owned(), number);
    }
    for name in ["shipping_address", "billing_address"] {
        let mut address = postal(order.body.get(name));
        for part in ["name", "phone", "company"] {
            let given = order
                .body
                .get(name)
                .and_then(|given| given.get(part))
                .cloned();
            address[part] = given.unwrap_or_else(|| json!(""));
        }
        row.insert(name.to_owned(), address);
    }
    let promos = order
        .body
        .get("promos")
        .cloned()
        .unwrap_or_else(|| json!([]));
    row.insert("promos".to_owned(), promos);
    row.remove("outreach");
    row.insert("id".to_owned(), json!(id));
    row.insert("store_id".to_owned(), json!(store_id));
    let customer = store.customers.get(&order.customer).map_or_else(
        || json!({"id": order.customer}),
        |customer| customers::view(ctx, store_id, &order.customer, customer),
    );
    row.insert("customer".to_owned(), customer);
    row.insert("lines".to_owned(), lines::views(store, order));
    row.insert(
        "_links".to_owned(),
        ctx.links(
            &format!("/ecommerce/stores/{store_id}/orders/{id}"),
            &[
                ("self", "GET", ""),
                ("update", "PATCH", ""),
                ("delete", "DELETE", ""),
            ],
        ),
    );
    Value::Object(row)
}

fn show_one(ctx: &Ctx<'_>, store_id: &str, id: &str) -> Answer {
    let store = ctx.store(store_id)?;
    let order = store.orders.get(id).ok_or_else(Problem::not_found)?;
    Ok(Some(view(ctx, store_id, store, id, order)))
}

/// Whether a filter of an order list lets an order through.
fn keeps(ctx: &Ctx<'_>, order: &Order) -> bool {
    let has_outreach = order.body.contains_key("outreach");
    ctx.param("customer_id").is_none_or(|id| order.customer == id)
        && ctx.flag("has_outreach").is_none_or(|wanted| wanted == has_outreach)
        // There are no campaigns here, so no order has one.
        && ctx.param("campaign_id").is_none()
        && ctx.param("outreach_id").is_none()
}

/// `GET …/orders`
pub(crate) fn index(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let store = ctx.store(&params[0])?;
    let rows = store.orders.iter().filter(|(_, order)| keeps(ctx, order));
    let owner = Some(("store_id", params[0].as_str()));
    Ok(Some(ctx.collection(
        "orders",
        owner,
        rows,
        |(id, order)| view(ctx, &params[0], store, id, order),
    )))
}

/// `GET /ecommerce/orders`
pub(crate) fn account_wide(ctx: &mut Ctx<'_>, _: &Params<'_>) -> Answer {
    let rows = ctx.account.stores.iter().flat_map(|(store_id, store)| {
        store
            .orders
            .iter()
            .map(move |(id, order)| (store_id, store, id, order))
    });
    let rows = rows.filter(|(_, _, _, order)| keeps(ctx, order));
    Ok(Some(ctx.collection(
        "orders",
        None,
        rows,
        |(store_id, store, id, order)| view(ctx, store_id, store, id, order),
    )))
}

/// `GET …/orders/{order_id}`
pub(crate) fn show(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    show_one(ctx, &params[0], &params[1])
}

fn rows_of(body: &Map<String, Value>) -> Result<Option<Vec<Map<String, Value>>>, Problem> {
    let Some(rows) = body.get("lines").and_then(Value::as_array) else {
        return Ok(None);
    };
    let rows: Vec<Map<String, Value>> = rows.iter().filter_map(Value::as_object).cloned().collect();
    let mut seen = HashSet::new();
    for row in &rows {
        let id = row.get("id").and_then(Value::as_str).unwrap_or_default();
        if !seen.insert(id.to_owned()) {
            return Err(Problem::commerce(
                "An order may not contain the same line item id more than once.",
            ));
        }
    }
    Ok(Some(rows))
}

fn check_body(ctx: &Ctx<'_>, body: &Map<String, Value>) -> Result<(), Problem> {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    if text("campaign_id").is_some_and(|id| !id.is_empty()) {
        return Err(Problem::commerce(
            "A campaign with the provided ID does not exist in the account for this list.",
        ));
    }
    if let Some(code) = text("currency_code")
        && !(code.len() == 3 && code.chars().all(|letter| letter.is_ascii_uppercase()))
    {
        return Err(Problem::schema(vec![(
            "currency_code".to_owned(),
            "Not a valid currency code".to_owned(),
        )]));
    }
    let negative = NUMBERS.iter().find(|name| {
        body.get(**name)
            .and_then(Value::as_f64)
            .is_some_and(|n| n < 0.0)
    });
    if let (Some(name), true) = (negative, ctx.switches.negative_amounts_refused) {
        return Err(Problem::schema(vec![(
            (*name).to_owned(),
            "This value should be 0 or more.".to_owned(),
        )]));
    }
    Ok(())
}

/// What a live store mails about an order (5.5).
fn notice(body: &Map<String, Value>) -> (Option<&str>, bool) {
    let financial = body
        .get("financial_status")
        .and_then(Value::as_str)
        .filter(|status| matches!(*status, "paid" | "pending" | "refunded" | "cancelled"));
    let shipped = body.get("fulfillment_status").and_then(Value::as_str) == Some("shipped");
    (financial, shipped)
}

fn notify(ctx: &Ctx<'_>, store_id: &str, id: &str, before: &(Option<String>, bool)) {
    let Some(store) = ctx.account.stores.get(store_id) else {
        return;
    };
    let Some(order) = store.orders.get(id) else {
        return;
    };
    if store.is_syncing || !store.notifies {
        return;
    }
    let (financial, shipped) = notice(&order.body);
    let address = store
        .customers
        .get(&order.customer)
        .map_or("", |customer| customer.email.as_str());
    if financial.is_some() && financial != before.0.as_deref() {
        ctx.mailing("order_notification", address);
    }
    if shipped && !before.1 {
        ctx.mailing("order_notification", address);
    }
}

/// Keeps the takings of the customers in step.
pub(crate) fn book(store: &mut Store, id: &str, customer: &str, sign: f64, total: f64) {
    if let Some(customer) = store.customers.get_mut(customer) {
        customer.spent += sign * total;
        if sign > 0.0 {
            customer.orders.insert(id.to_owned());
        } else {
            customer.orders.remove(id);
        }
    }
}

/// Takes an order out.
pub(crate) fn remove(store: &mut Store, id: &str) -> Option<Order> {
    let order = store.orders.remove(id)?;
    book(store, id, &order.customer, -1.0, order.total());
    Some(order)
}

fn create_from(ctx: &mut Ctx<'_>, store_id: &str, id: &str, body: &Map<String, Value>) -> Answer {
    let nothing = Map::new();
    let buyer = body
        .get("customer")
        .and_then(Value::as_object)
        .unwrap_or(&nothing);
    let customer_id = buyer
        .get("id")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let (list, hash) = customers::person(ctx, store_id, &customer_id, Some(buyer))?;
    ctx.recorded("order", &list, &hash, |ctx| {
        check_body(ctx, body)?;
        let rows = rows_of(body)?.unwrap_or_default();
        // Recorded as 404, not 400 (5.5).
        if rows.is_empty() {
            return Err(Problem::not_found());
        }
        for row in &rows {
            lines::check(ctx, store_id, row, None)?;
        }
        customers::upsert(ctx, store_id, &customer_id, buyer)?;
        customers::revive_for_order(ctx, store_id, &customer_id)?;
        let now = ctx.now;
        let store = ctx.store_mut(store_id)?;
        let mut order = Order {
            customer: customer_id.clone(),
            body: Map::new(),
            lines: Shelf::default(),
        };
        copy_fields(body, &mut order.body, &FIELDS);
        // Without it the order is "now" (5.5).
        order
            .body
            .entry("processed_at_foreign")
            .or_insert_with(|| json!(stamp(now)));
        for row in &rows {
            lines::put(&mut order, row);
        }
        let total = order.total();
        store.orders.put(id, order);
        book(store, id, &customer_id, 1.0, total);
        notify(ctx, store_id, id, &(None, false));
        show_one(ctx, store_id, id)
    })
}

fn change(
    ctx: &mut Ctx<'_>,
    store_id: &str,
    id: &str,
    body: &Map<String, Value>,
    keeps_lines: bool,
) -> Answer {
    let store = ctx.store(store_id)?;
    let order = store.orders.get(id).ok_or_else(Problem::not_found)?;
    let old = order.customer.clone();
    let (financial, shipped) = notice(&order.body);
    let before = (financial.map(str::to_owned), shipped);
    let mut buyer = body
        .get("customer")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let customer_id = buyer
        .get("id")
        .and_then(Value::as_str)
        .map_or_else(|| old.clone(), str::to_owned);
    let (list, hash) = customers::person(ctx, store_id, &customer_id, Some(&buyer))?;
    ctx.recorded("order", &list, &hash, |ctx| {
        check_body(ctx, body)?;
        let rows = rows_of(body)?;
        if rows.as_ref().is_some_and(Vec::is_empty) {
            return Err(Problem::not_found());
        }
        for row in rows.iter().flatten() {
            let held = ctx
                .store(store_id)?
                .orders
                .get(id)
                .zip(row.get("id").and_then(Value::as_str))
                .and_then(|(order, line)| order.lines.get(line))
                .cloned();
            lines::check(ctx, store_id, row, held.as_ref())?;
        }
        if !buyer.is_empty() {
            buyer.insert("id".to_owned(), json!(customer_id));
            customers::upsert(ctx, store_id, &customer_id, &buyer)?;
        }
        customers::revive_for_order(ctx, store_id, &customer_id)?;
        let store = ctx.store_mut(store_id)?;
        let order = store.orders.get_mut(id).ok_or_else(Problem::not_found)?;
        let total_before = order.total();
        copy_fields(body, &mut order.body, &FIELDS);
        order.customer.clone_from(&customer_id);
        if let Some(rows) = rows {
            if !keeps_lines {
                order.lines = Shelf::default();
            }
            for row in &rows {
                lines::put(order, row);
            }
        }
        let total = order.total();
        book(store, id, &old, -1.0, total_before);
        book(store, id, &customer_id, 1.0, total);
        notify(ctx, store_id, id, &before);
        show_one(ctx, store_id, id)
    })
}

/// `POST …/orders`
pub(crate) fn create(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let body = std::mem::take(&mut ctx.body);
    let id = body.get("id").and_then(Value::as_str).unwrap_or_default();
    if ctx.store(&params[0])?.orders.contains(id) {
        ctx.journal.double_create("order");
        return Err(Problem::commerce(
            "An order with the provided ID already exists in the account.",
        ));
    }
    create_from(ctx, &params[0], id, &body)
}

/// `PUT …/orders/{order_id}`; the newest SDK lacks it, so a switch takes it away.
pub(crate) fn put(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    if ctx.switches.orders_lack_put {
        return Err(Problem::method_not_allowed(
            "The requested method and resource are not compatible.",
            "GET, PATCH, DELETE",
        ));
    }
    let body = std::mem::take(&mut ctx.body);
    if body.get("id").and_then(Value::as_str) != Some(params[1].as_str()) {
        return Err(Problem::commerce(
            "The order ID does not match the resource.",
        ));
    }
    if ctx.store(&params[0])?.orders.contains(&params[1]) {
        let keeps_lines = ctx.switches.put_keeps_lines;
        return change(ctx, &params[0], &params[1], &body, keeps_lines);
    }
    let needed = ["customer", "currency_code", "order_total", "lines"];
    let missing: Vec<&str> = needed
        .into_iter()
        .filter(|name| !body.contains_key(*name))
        .collect();
    if !missing.is_empty() {
        return Err(Problem::schema(vec![(
            String::new(),
            format!("Required fields were not provided: {}", missing.join(", ")),
        )]));
    }
    create_from(ctx, &params[0], &params[1], &body)
}

/// `PATCH …/orders/{order_id}`: merges; lines that are not named stay, unless a switch says else.
pub(crate) fn patch(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let body = std::mem::take(&mut ctx.body);
    let keeps_lines = ctx.switches.patch_keeps_lines;
    change(ctx, &params[0], &params[1], &body, keeps_lines)
}

/// `DELETE …/orders/{order_id}`: 404 the second time.
pub(crate) fn delete(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    remove(ctx.store_mut(&params[0])?, &params[1]).ok_or_else(Problem::not_found)?;
    Ok(None)
}
