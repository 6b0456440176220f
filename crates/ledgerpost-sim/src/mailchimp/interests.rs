//! Groups (`mailchimp.md` 4.4).

use serde_json::{Value, json};

use super::context::{Answer, Ctx, Params};
use super::model::{Interest, InterestCategory};
use super::problem::Problem;
use super::shelf::Shelf;

/// Groups per audience (2).
const LIMIT: usize = 60;

fn category_view(list_id: &str, id: &str, category: &InterestCategory) -> Value {
    json!({
        "list_id": list_id, "id": id, "title": category.title, "type": category.kind,
        "display_order": category.display_order, "_links": [],
    })
}

fn category<'c>(ctx: &'c Ctx<'_>, params: &Params<'_>) -> Result<&'c InterestCategory, Problem> {
    ctx.list(&params[0])?
        .categories
        .get(&params[1])
        .ok_or_else(Problem::not_found)
}

fn interest_view(ctx: &Ctx<'_>, params: &Params<'_>, id: &str, interest: &Interest) -> Value {
    let holders = ctx.account.lists.get(&params[0]).map_or(0, |list| {
        list.members
            .iter()
            .filter(|(_, member)| member.interests.contains(id))
            .count()
    });
    json!({
        "category_id": params[1], "list_id": params[0], "id": id, "name": interest.name,
        "subscriber_count": holders.to_string(), "display_order": interest.display_order,
        "_links": [],
    })
}

/// `GET /lists/{list_id}/interest-categories`
pub(crate) fn categories(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let kind = ctx.param("type");
    let rows = ctx
        .list(&params[0])?
        .categories
        .iter()
        .filter(|(_, category)| kind.is_none_or(|kind| category.kind == kind));
    let owner = Some(("list_id", params[0].as_str()));
    Ok(Some(ctx.collection(
        "categories",
        owner,
        rows,
        |(id, row)| category_view(&params[0], id, row),
    )))
}

/// `POST /lists/{list_id}/interest-categories`
pub(crate) fn create_category(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let id = ctx.ids.hex(10);
    let row = InterestCategory {
        title: ctx.text("title").unwrap_or_default().to_owned(),
        kind: ctx.text("type").unwrap_or_default().to_owned(),
        display_order: ctx
            .body
            .get("display_order")
            .and_then(Value::as_i64)
            .unwrap_or(0),
        interests: Shelf::default(),
    };
    let answer = category_view(&params[0], &id, &row);
    ctx.list_mut(&params[0])?.categories.put(&id, row);
    Ok(Some(answer))
}

/// `GET /lists/{list_id}/interest-categories/{interest_category_id}`
pub(crate) fn show_category(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let row = category(ctx, params)?;
    Ok(Some(category_view(&params[0], &params[1], row)))
}

/// `DELETE /lists/{list_id}/interest-categories/{interest_category_id}`
pub(crate) fn delete_category(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let list = ctx.list_mut(&params[0])?;
    let row = list
        .categories
        .remove(&params[1])
        .ok_or_else(Problem::not_found)?;
    for member in list.members.values_mut() {
        member.interests.retain(|id| !row.interests.contains(id));
    }
    Ok(None)
}

/// `GET …/interests`
pub(crate) fn interests(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let rows = category(ctx, params)?.interests.iter();
    let owner = Some(("list_id", params[0].as_str()));
    let mut answer = ctx.collection("interests", owner, rows, |(id, row)| {
        interest_view(ctx, params, id, row)
    });
    answer["category_id"] = json!(params[1]);
    Ok(Some(answer))
}

/// `POST …/interests`
pub(crate) fn create_interest(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    category(ctx, params)?;
    let id = ctx.ids.hex(10);
    let row = Interest {
        name: ctx.text("name").unwrap_or_default().to_owned(),
        display_order: ctx
            .body
            .get("display_order")
            .and_then(Value::as_i64)
            .unwrap_or(1),
    };
    let answer = interest_view(ctx, params, &id, &row);
    let list = ctx.list_mut(&params[0])?;
    let held: usize = list
        .categories
        .iter()
        .map(|(_, row)| row.interests.len())
        .sum();
    if held >= LIMIT {
        return Err(Problem::bad_request(format!(
            "Cannot have more than {LIMIT} interests per list."
        )));
    }
    if let Some(category) = list.categories.get_mut(&params[1]) {
        category.interests.put(&id, row);
    }
    Ok(Some(answer))
}

/// `GET …/interests/{interest_id}`
pub(crate) fn show_interest(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let row = category(ctx, params)?
        .interests
        .get(&params[2])
        .ok_or_else(Problem::not_found)?;
    Ok(Some(interest_view(ctx, params, &params[2], row)))
}

/// `DELETE …/interests/{interest_id}`
pub(crate) fn delete_interest(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let list = ctx.list_mut(&params[0])?;
    list.categories
        .get_mut(&params[1])
        .and_then(|category| category.interests.remove(&params[2]))
        .ok_or_else(Problem::not_found)?;
    for member in list.members.values_mut() {
        member.interests.remove(&params[2]);
    }
    Ok(None)
}
