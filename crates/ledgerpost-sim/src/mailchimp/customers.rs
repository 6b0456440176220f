//! Customers of a store and what they do to the audience (`mailchimp.md` 5.3).

use serde_json::{Map, Value, json};

use super::commerce::{blank, postal, round};
use super::context::{Answer, Ctx, Params, copy_fields};
use super::email;
use super::membership;
use super::model::{Customer, Status};
use super::problem::Problem;
use super::time::stamp;

const FIELDS: [&str; 5] = [
    "company",
    "first_name",
    "last_name",
    "address",
    "sms_phone_number",
];

pub(crate) fn view(ctx: &Ctx<'_>, store_id: &str, id: &str, customer: &Customer) -> Value {
    json!({
        "id": id, "email_address": customer.email,
        "sms_phone_number": blank(&customer.body, "sms_phone_number"),
        "opt_in_status": customer.opt_in, "company": blank(&customer.body, "company"),
        "first_name": blank(&customer.body, "first_name"),
        "last_name": blank(&customer.body, "last_name"),
        "orders_count": customer.orders.len(), "total_spent": round(customer.spent),
        "address": postal(customer.body.get("address")),
        "created_at": stamp(customer.created_at), "updated_at": stamp(customer.updated_at),
        "_links": ctx.links(
            &format!("/ecommerce/stores/{store_id}/customers/{id}"),
            &[("self", "GET", ""), ("update", "PATCH", ""), ("delete", "DELETE", "")],
        ),
    })
}

/// What the audience sees of a customer or an order: new people are added by `opt_in_status`,
/// everybody else keeps their status, except under the switches for the other readings.
fn touch_audience(
    ctx: &mut Ctx<'_>,
    list_id: &str,
    address: &str,
    opt_in: bool,
    was_opted_in: Option<bool>,
    names: &Map<String, Value>,
) -> Result<(), Problem> {
    let hash = email::hash(address);
    let Some(list) = ctx.account.lists.get(list_id) else {
        return Ok(());
    };
    if list.forgotten.contains(&hash) {
        return Err(Problem::forgotten(address));
    }
    let double = list.double_optin;
    let wanted = match (opt_in, double) {
        (true, true) => Status::Pending,
        (true, false) => Status::Subscribed,
        (false, _) => Status::Transactional,
    };
    let nothing = Map::new();
    match list.members.get(&hash).map(|member| member.status) {
        None => {
            let mut body = Map::new();
            let name = |field: &str| names.get(field).cloned().unwrap_or_else(|| json!(""));
            body.insert(
                "merge_fields".to_owned(),
                json!({"FNAME": name("first_name"), "LNAME": name("last_name")}),
            );
            membership::add(ctx, list_id, address, wanted, &body, true)?;
        }
        // A write for an archived person brings them back, and back onto the bill (3.11).
        Some(Status::Archived) => {
            if ctx.switches.write_revives_archived {
                let refused = membership::change(ctx, list_id, &hash, Some(wanted), &nothing, true);
                if refused.is_err() {
                    let back = Some(Status::Unsubscribed);
                    membership::change(ctx, list_id, &hash, back, &nothing, true)?;
                }
            }
        }
        Some(Status::Subscribed) if !opt_in && ctx.switches.store_demotes_subscribers => {
            let demoted = Some(Status::Transactional);
            membership::change(ctx, list_id, &hash, demoted, &nothing, true)?;
        }
        Some(_)
            if opt_in && was_opted_in == Some(false) && ctx.switches.store_opt_in_subscribes =>
        {
            let subscribed = Some(Status::Subscribed);
            membership::change(ctx, list_id, &hash, subscribed, &nothing, true)?;
        }
        Some(_) => {}
    }
    Ok(())
}

/// Creates or changes a customer, and tells the audience.
pub(crate) fn upsert(
    ctx: &mut Ctx<'_>,
    store_id: &str,
    id: &str,
    body: &Map<String, Value>,
) -> Result<(), Problem> {
    let now = ctx.now;
    let store = ctx.store(store_id)?;
    let list_id = store.list.clone();
    let known = store.customers.get(id).cloned();
    let given = body
        .get("email_address")
        .and_then(Value::as_str)
        .map(str::trim)
        .filter(|address| !address.is_empty());
    if let (Some(known), Some(given)) = (&known, given)
        && !known.email.eq_ignore_ascii_case(given)
    {
        return Err(Problem::commerce(
            "An email address may not be changed once a customer is created.",
        ));
    }
    let address = match (&known, given) {
        (Some(known), _) => known.email.clone(),
        (None, Some(given)) => {
            email::check(given)?;
            given.to_owned()
        }
        (None, None) => {
            return Err(Problem::schema(vec![(
                "email_address".to_owned(),
                "Required fields were not provided: email_address".to_owned(),
            )]));
        }
    };
    let was = known.as_ref().map(|known| known.opt_in);
    let asked = body.get("opt_in_status").and_then(Value::as_bool);
    let opt_in = asked.or(was).unwrap_or(false);
    // Naming a known customer in an order by id alone says nothing about the person.
    if known.is_none() || body.keys().any(|key| key != "id") {
        touch_audience(ctx, &list_id, &address, opt_in, was, body)?;
    }
    let mut customer = known.unwrap_or_else(|| Customer {
        email: address.clone(),
        created_at: now,
        ..Customer::default()
    });
    customer.opt_in = opt_in;
    customer.updated_at = now;
    copy_fields(body, &mut customer.body, &FIELDS);
    let store = ctx.store_mut(store_id)?;
    store
        .by_email
        .entry(address.to_lowercase())
        .or_default()
        .insert(id.to_owned());
    store.customers.put(id, customer);
    Ok(())
}

/// Brings back an archived person whom an order of a known customer names.
pub(crate) fn revive_for_order(ctx: &mut Ctx<'_>, store_id: &str, id: &str) -> Result<(), Problem> {
    let store = ctx.store(store_id)?;
    let list_id = store.list.clone();
    let Some(customer) = store.customers.get(id) else {
        return Ok(());
    };
    let (address, opt_in) = (customer.email.clone(), customer.opt_in);
    let archived = ctx.account.lists.get(&list_id).is_some_and(|list| {
        list.members
            .get(&email::hash(&address))
            .is_some_and(|member| member.status == Status::Archived)
    });
    if archived {
        touch_audience(ctx, &list_id, &address, opt_in, Some(opt_in), &Map::new())?;
    }
    Ok(())
}

/// The audience and the person behind a customer, known or about to be.
pub(crate) fn person(
    ctx: &Ctx<'_>,
    store_id: &str,
    id: &str,
    body: Option<&Map<String, Value>>,
) -> Result<(String, String), Problem> {
    let store = ctx.store(store_id)?;
    let known = store
        .customers
        .get(id)
        .map(|customer| customer.email.as_str());
    let given = body
        .and_then(|body| body.get("email_address"))
        .and_then(Value::as_str);
    let address = known.or(given).unwrap_or_default();
    Ok((store.list.clone(), email::hash(address)))
}

fn show_one(ctx: &Ctx<'_>, store_id: &str, id: &str) -> Answer {
    let customer = ctx
        .store(store_id)?
        .customers
        .get(id)
        .ok_or_else(Problem::not_found)?;
    Ok(Some(view(ctx, store_id, id, customer)))
}

/// `GET …/customers`
pub(crate) fn index(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let store = ctx.store(&params[0])?;
    let owner = Some(("store_id", params[0].as_str()));
    let build = |(id, customer): (&str, &Customer)| view(ctx, &params[0], id, customer);
    let answer = match ctx.param("email_address") {
        Some(address) => {
            let ids = store.by_email.get(&address.trim().to_lowercase());
            let rows = ids
                .into_iter()
                .flatten()
                .filter_map(|id| Some((id.as_str(), store.customers.get(id)?)));
            ctx.collection("customers", owner, rows, build)
        }
        None => ctx.collection("customers", owner, store.customers.iter(), build),
    };
    Ok(Some(answer))
}

/// `GET …/customers/{customer_id}`
pub(crate) fn show(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    show_one(ctx, &params[0], &params[1])
}

fn write(ctx: &mut Ctx<'_>, store_id: &str, id: &str, body: &Map<String, Value>) -> Answer {
    let (list, hash) = person(ctx, store_id, id, Some(body))?;
    ctx.recorded("customer", &list, &hash, |ctx| {
        upsert(ctx, store_id, id, body)?;
        show_one(ctx, store_id, id)
    })
}

/// `POST …/customers`
pub(crate) fn create(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let body = std::mem::take(&mut ctx.body);
    let id = body.get("id").and_then(Value::as_str).unwrap_or_default();
    if ctx.store(&params[0])?.customers.contains(id) {
        ctx.journal.double_create("customer");
        return Err(Problem::commerce(
            "A customer with the provided ID already exists in the account.",
        ));
    }
    write(ctx, &params[0], id, &body)
}

/// `PUT …/customers/{customer_id}`
pub(crate) fn put(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let body = std::mem::take(&mut ctx.body);
    if body.get("id").and_then(Value::as_str) != Some(params[1].as_str()) {
        return Err(Problem::commerce(
            "The customer ID does not match the resource.",
        ));
    }
    write(ctx, &params[0], &params[1], &body)
}

/// `PATCH …/customers/{customer_id}`
pub(crate) fn patch(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let body = std::mem::take(&mut ctx.body);
    if !ctx.store(&params[0])?.customers.contains(&params[1]) {
        return Err(Problem::not_found());
    }
    write(ctx, &params[0], &params[1], &body)
}

/// `DELETE …/customers/{customer_id}`: the member stays; the orders by a switch.
pub(crate) fn delete(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let take_orders = ctx.switches.customer_delete_takes_orders;
    let store = ctx.store_mut(&params[0])?;
    let customer = store
        .customers
        .remove(&params[1])
        .ok_or_else(Problem::not_found)?;
    if let Some(ids) = store.by_email.get_mut(&customer.email.to_lowercase()) {
        ids.remove(&params[1]);
    }
    if take_orders {
        for id in &customer.orders {
            store.orders.remove(id);
        }
    }
    Ok(None)
}
