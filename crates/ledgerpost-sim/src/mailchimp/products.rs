//! Products and their variants (`mailchimp.md` 5.4).

use serde_json::{Map, Value, json};

use super::commerce::blank;
use super::context::{Answer, Ctx, Params, copy_fields};
use super::model::{Product, Store, Variant};
use super::problem::Problem;
use super::shelf::Shelf;
use super::time::{Seconds, stamp};

/// Variants inside a product object (2).
const VARIANTS_IN_BODY: usize = 50;

const FIELDS: [&str; 9] = [
    "title",
    "handle",
    "url",
    "description",
    "type",
    "vendor",
    "image_url",
    "images",
    "published_at_foreign",
];
const VARIANT_FIELDS: [&str; 8] = [
    "title",
    "url",
    "sku",
    "price",
    "inventory_quantity",
    "image_url",
    "backorders",
    "visibility",
];

fn variant_view(id: &str, variant: &Variant) -> Value {
    let mut row = Map::new();
    for name in VARIANT_FIELDS {
        row.insert(name.to_owned(), blank(&variant.body, name));
    }
    for name in ["price", "inventory_quantity"] {
        let number = variant.body.get(name).cloned().unwrap_or_else(|| json!(0));
        row.insert(name.to_owned(), number);
    }
    row.insert("id".to_owned(), json!(id));
    row.insert("created_at".to_owned(), json!(stamp(variant.created_at)));
    row.insert("updated_at".to_owned(), json!(stamp(variant.updated_at)));
    Value::Object(row)
}

fn view(ctx: &Ctx<'_>, store_id: &str, id: &str, product: &Product) -> Value {
    let mut row = Map::new();
    for name in FIELDS {
        row.insert(name.to_owned(), blank(&product.body, name));
    }
    let images = product.body.get("images").cloned();
    row.insert("images".to_owned(), images.unwrap_or_else(|| json!([])));
    row.insert("id".to_owned(), json!(id));
    let currency = ctx
        .account
        .stores
        .get(store_id)
        .map(|store| blank(&store.body, "currency_code"));
    row.insert("currency_code".to_owned(), currency.unwrap_or_default());
    row.insert(
        "variants".to_owned(),
        product
            .variants
            .iter()
            .map(|(id, variant)| variant_view(id, variant))
            .collect(),
    );
    row.insert(
        "_links".to_owned(),
        ctx.links(
            &format!("/ecommerce/stores/{store_id}/products/{id}"),
            &[
                ("self", "GET", ""),
                ("update", "PATCH", ""),
                ("delete", "DELETE", ""),
            ],
        ),
    );
    Value::Object(row)
}

fn put_variants(product: &mut Product, rows: &[Value], now: Seconds) {
    for body in rows.iter().filter_map(Value::as_object) {
        let Some(id) = body.get("id").and_then(Value::as_str) else {
            continue;
        };
        put_variant(product, id, body, now);
    }
}

fn put_variant(product: &mut Product, id: &str, body: &Map<String, Value>, now: Seconds) {
    if !product.variants.contains(id) {
        let fresh = Variant {
            body: Map::new(),
            created_at: now,
            updated_at: now,
        };
        product.variants.put(id, fresh);
    }
    if let Some(variant) = product.variants.get_mut(id)
        && copy_fields(body, &mut variant.body, &VARIANT_FIELDS)
    {
        variant.updated_at = now;
    }
}

fn variants_of(body: &Map<String, Value>) -> Result<&[Value], Problem> {
    let rows = body
        .get("variants")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    if rows.len() > VARIANTS_IN_BODY {
        return Err(Problem::commerce(&format!(
            "A product may not be given with more than {VARIANTS_IN_BODY} variants."
        )));
    }
    Ok(rows)
}

/// Creates or changes a product.
pub(crate) fn upsert(
    store: &mut Store,
    id: &str,
    body: &Map<String, Value>,
    now: Seconds,
) -> Result<(), Problem> {
    let variants = variants_of(body)?;
    if !store.products.contains(id) {
        let title = body
            .get("title")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let missing: Vec<&str> = [
            ("id", id.is_empty()),
            ("title", title.is_empty()),
            ("variants", variants.is_empty()),
        ]
        .into_iter()
        .filter_map(|(name, missing)| missing.then_some(name))
        .collect();
        if !missing.is_empty() {
            return Err(Problem::schema(vec![(
                String::new(),
                format!("Required fields were not provided: {}", missing.join(", ")),
            )]));
        }
        let fresh = Product {
            body: Map::new(),
            variants: Shelf::default(),
        };
        store.products.put(id, fresh);
    }
    if let Some(product) = store.products.get_mut(id) {
        copy_fields(body, &mut product.body, &FIELDS);
        put_variants(product, variants, now);
    }
    Ok(())
}

fn find<'c>(ctx: &'c Ctx<'_>, params: &Params<'_>) -> Result<&'c Product, Problem> {
    ctx.store(&params[0])?
        .products
        .get(&params[1])
        .ok_or_else(Problem::not_found)
}

fn find_mut<'c>(ctx: &'c mut Ctx<'_>, params: &Params<'_>) -> Result<&'c mut Product, Problem> {
    ctx.store_mut(&params[0])?
        .products
        .get_mut(&params[1])
        .ok_or_else(Problem::not_found)
}

/// `GET …/products`
pub(crate) fn index(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let rows = ctx.store(&params[0])?.products.iter();
    let owner = Some(("store_id", params[0].as_str()));
    Ok(Some(ctx.collection(
        "products",
        owner,
        rows,
        |(id, row)| view(ctx, &params[0], id, row),
    )))
}

/// `GET …/products/{product_id}`
pub(crate) fn show(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let product = find(ctx, params)?;
    Ok(Some(view(ctx, &params[0], &params[1], product)))
}

/// `POST …/products`
pub(crate) fn create(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let body = std::mem::take(&mut ctx.body);
    let id = body.get("id").and_then(Value::as_str).unwrap_or_default();
    if ctx.store(&params[0])?.products.contains(id) {
        ctx.journal.double_create("product");
        return Err(Problem::commerce(
            "A product with the provided ID already exists in the account.",
        ));
    }
    let now = ctx.now;
    upsert(ctx.store_mut(&params[0])?, id, &body, now)?;
    show(ctx, &[params[0].clone(), id.to_owned()])
}

/// `PUT …/products/{product_id}`; older servers lack it.
pub(crate) fn put(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    if ctx.switches.products_lack_put {
        return Err(Problem::method_not_allowed(
            "The requested method and resource are not compatible.",
            "GET, PATCH, DELETE",
        ));
    }
    let body = std::mem::take(&mut ctx.body);
    if body.get("id").and_then(Value::as_str) != Some(params[1].as_str()) {
        return Err(Problem::commerce(
            "The product ID does not match the resource.",
        ));
    }
    let now = ctx.now;
    upsert(ctx.store_mut(&params[0])?, &params[1], &body, now)?;
    show(ctx, params)
}

/// `PATCH …/products/{product_id}`
pub(crate) fn patch(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let body = std::mem::take(&mut ctx.body);
    find(ctx, params)?;
    let now = ctx.now;
    upsert(ctx.store_mut(&params[0])?, &params[1], &body, now)?;
    show(ctx, params)
}

/// `DELETE …/products/{product_id}`: orders keep naming it.
pub(crate) fn delete(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    ctx.store_mut(&params[0])?
        .products
        .remove(&params[1])
        .ok_or_else(Problem::not_found)?;
    Ok(None)
}

/// `GET …/variants`
pub(crate) fn variants(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let rows = find(ctx, params)?.variants.iter();
    let owner = Some(("store_id", params[0].as_str()));
    let mut answer = ctx.collection("variants", owner, rows, |(id, row)| variant_view(id, row));
    answer["product_id"] = json!(params[1]);
    Ok(Some(answer))
}

/// `GET …/variants/{variant_id}`
pub(crate) fn show_variant(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let variant = find(ctx, params)?
        .variants
        .get(&params[2])
        .ok_or_else(Problem::not_found)?;
    Ok(Some(variant_view(&params[2], variant)))
}

fn write_variant(
    ctx: &mut Ctx<'_>,
    params: &Params<'_>,
    id: &str,
    body: &Map<String, Value>,
) -> Answer {
    let now = ctx.now;
    put_variant(find_mut(ctx, params)?, id, body, now);
    show_variant(ctx, &[params[0].clone(), params[1].clone(), id.to_owned()])
}

/// `POST …/variants`
pub(crate) fn create_variant(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let body = std::mem::take(&mut ctx.body);
    let id = body.get("id").and_then(Value::as_str).unwrap_or_default();
    if find(ctx, params)?.variants.contains(id) {
        ctx.journal.double_create("variant");
        return Err(Problem::commerce(
            "A product variant with the provided ID already exists in the account.",
        ));
    }
    write_variant(ctx, params, id, &body)
}

/// `PUT …/variants/{variant_id}`
pub(crate) fn put_one_variant(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let body = std::mem::take(&mut ctx.body);
    write_variant(ctx, params, &params[2], &body)
}

/// `PATCH …/variants/{variant_id}`
pub(crate) fn patch_variant(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let body = std::mem::take(&mut ctx.body);
    if !find(ctx, params)?.variants.contains(&params[2]) {
        return Err(Problem::not_found());
    }
    write_variant(ctx, params, &params[2], &body)
}

/// `DELETE …/variants/{variant_id}`: a product keeps at least one.
pub(crate) fn delete_variant(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let product = find_mut(ctx, params)?;
    if product.variants.contains(&params[2]) && product.variants.len() == 1 {
        return Err(Problem::commerce(
            "A product must have at least one variant.",
        ));
    }
    product
        .variants
        .remove(&params[2])
        .ok_or_else(Problem::not_found)?;
    Ok(None)
}
