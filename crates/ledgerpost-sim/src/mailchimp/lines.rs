//! The lines of an order (`mailchimp.md` 5.5).

use serde_json::{Map, Value, json};

use super::context::{Answer, Ctx, Params, copy_fields};
use super::model::{Order, Store};
use super::problem::Problem;
use super::products;

const FIELDS: [&str; 5] = [
    "product_id",
    "product_variant_id",
    "quantity",
    "price",
    "discount",
];

fn view(store: &Store, id: &str, line: &Map<String, Value>) -> Value {
    let text = |name: &str| line.get(name).and_then(Value::as_str).unwrap_or_default();
    let number = |name: &str| line.get(name).cloned().unwrap_or_else(|| json!(0));
    let product = store.products.get(text("product_id"));
    let variant = product.and_then(|product| product.variants.get(text("product_variant_id")));
    let title = |body: Option<&Map<String, Value>>| {
        body.and_then(|body| body.get("title"))
            .cloned()
            .unwrap_or_else(|| json!(""))
    };
    json!({
        "id": id, "product_id": text("product_id"),
        "product_title": title(product.map(|product| &product.body)),
        "product_variant_id": text("product_variant_id"),
        "product_variant_title": title(variant.map(|variant| &variant.body)),
        "image_url": "", "quantity": number("quantity"), "price": number("price"),
        "discount": number("discount"), "_links": [],
    })
}

pub(crate) fn views(store: &Store, order: &Order) -> Value {
    order
        .lines
        .iter()
        .map(|(id, line)| view(store, id, line))
        .collect()
}

/// Product and variant must exist, or come with the line. `held`: the line as it is.
pub(crate) fn check(
    ctx: &mut Ctx<'_>,
    store_id: &str,
    row: &Map<String, Value>,
    held: Option<&Map<String, Value>>,
) -> Result<(), Problem> {
    let text = |name: &str| {
        row.get(name)
            .or_else(|| held.and_then(|held| held.get(name)))
            .and_then(Value::as_str)
    };
    let complete = held.is_some()
        || (row.contains_key("id") && FIELDS[..4].iter().all(|name| row.contains_key(*name)));
    if !complete {
        return Err(Problem::schema(vec![(
            "lines.item:0".to_owned(),
            "Required fields were not provided: id, product_id, product_variant_id, quantity, \
             price"
                .to_owned(),
        )]));
    }
    let negative = ["price", "quantity", "discount"].iter().any(|name| {
        row.get(*name)
            .and_then(Value::as_f64)
            .is_some_and(|n| n < 0.0)
    });
    if negative && ctx.switches.negative_amounts_refused {
        return Err(Problem::schema(vec![(
            "lines.item:0".to_owned(),
            "This value should be 0 or more.".to_owned(),
        )]));
    }
    let (product_id, variant_id) = (text("product_id"), text("product_variant_id"));
    let now = ctx.now;
    let store = ctx.store_mut(store_id)?;
    if let (Some(Value::Object(product)), Some(id)) = (row.get("product"), product_id) {
        products::upsert(store, id, product, now)?;
    }
    let product = product_id
        .and_then(|id| store.products.get(id))
        .ok_or_else(|| {
            Problem::commerce(
                "A product with the provided ID does not exist in the account for this list.",
            )
        })?;
    if !variant_id.is_some_and(|id| product.variants.contains(id)) {
        return Err(Problem::commerce(
            "A product variant with the provided ID does not exist in the account for this list.",
        ));
    }
    Ok(())
}

/// Adds a line, or merges into the one with its id.
pub(crate) fn put(order: &mut Order, row: &Map<String, Value>) {
    let Some(id) = row.get("id").and_then(Value::as_str) else {
        return;
    };
    if !order.lines.contains(id) {
        order.lines.put(id, Map::new());
    }
    if let Some(line) = order.lines.get_mut(id) {
        copy_fields(row, line, &FIELDS);
    }
}

fn order<'c>(ctx: &'c Ctx<'_>, params: &Params<'_>) -> Result<&'c Order, Problem> {
    ctx.store(&params[0])?
        .orders
        .get(&params[1])
        .ok_or_else(Problem::not_found)
}

/// `GET …/lines`
pub(crate) fn index(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let store = ctx.store(&params[0])?;
    let rows = order(ctx, params)?.lines.iter();
    let owner = Some(("store_id", params[0].as_str()));
    let mut answer = ctx.collection("lines", owner, rows, |(id, line)| view(store, id, line));
    answer["order_id"] = json!(params[1]);
    Ok(Some(answer))
}

/// `GET …/lines/{line_id}`
pub(crate) fn show(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let line = order(ctx, params)?
        .lines
        .get(&params[2])
        .ok_or_else(Problem::not_found)?;
    Ok(Some(view(ctx.store(&params[0])?, &params[2], line)))
}

fn write(ctx: &mut Ctx<'_>, params: &Params<'_>, row: &Map<String, Value>) -> Answer {
    let id = row.get("id").and_then(Value::as_str).unwrap_or_default();
    let held = order(ctx, params)?.lines.get(id).cloned();
    check(ctx, &params[0], row, held.as_ref())?;
    let store = ctx.store_mut(&params[0])?;
    let order = store
        .orders
        .get_mut(&params[1])
        .ok_or_else(Problem::not_found)?;
    put(order, row);
    show(ctx, &[params[0].clone(), params[1].clone(), id.to_owned()])
}

/// `POST …/lines`
pub(crate) fn create(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let row = std::mem::take(&mut ctx.body);
    let id = row.get("id").and_then(Value::as_str).unwrap_or_default();
    if order(ctx, params)?.lines.contains(id) {
        ctx.journal.double_create("line");
        return Err(Problem::commerce(
            "An order may not contain the same line item id more than once.",
        ));
    }
    write(ctx, params, &row)
}

/// `PATCH …/lines/{line_id}`
pub(crate) fn patch(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let mut row = std::mem::take(&mut ctx.body);
    if !order(ctx, params)?.lines.contains(&params[2]) {
        return Err(Problem::not_found());
    }
    row.insert("id".to_owned(), json!(params[2]));
    write(ctx, params, &row)
}

/// `DELETE …/lines/{line_id}`
pub(crate) fn delete(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let store = ctx.store_mut(&params[0])?;
    let order = store
        .orders
        .get_mut(&params[1])
        .ok_or_else(Problem::not_found)?;
    order
        .lines
        .remove(&params[2])
        .ok_or_else(Problem::not_found)?;
    Ok(None)
}
