//! Static segments: tags under another name (`mailchimp.md` 3.9).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::context::{Answer, Ctx, Params};
use super::email;
use super::members_read::{view, views};
use super::model::{List, Member, Status, Tag};
use super::problem::Problem;
use super::tags::{self, Trigger};
use super::time::{self, Seconds, stamp};

/// Addresses per static-segment call, each way (2).
const SEGMENT_LIMIT: usize = 500;

/// Who counts in a segment: subscribers, and others when asked for.
fn counts(ctx: &Ctx<'_>, member: &Member) -> bool {
    let asked = |name: &str| ctx.flag(name).unwrap_or(false);
    match member.status {
        Status::Subscribed => true,
        Status::Cleaned => asked("include_cleaned"),
        Status::Transactional => asked("include_transactional"),
        Status::Unsubscribed => asked("include_unsubscribed"),
        Status::Pending | Status::Archived => false,
    }
}

fn segment(ctx: &Ctx<'_>, list_id: &str, list: &List, tag: &Tag) -> Value {
    let count = tag
        .members
        .iter()
        .filter_map(|hash| list.members.get(hash))
        .filter(|member| counts(ctx, member))
        .count();
    json!({
        "id": tag.id, "name": tag.name, "member_count": count, "type": "static",
        "created_at": stamp(tag.created_at), "updated_at": stamp(tag.updated_at),
        "options": {"match": "any", "conditions": []}, "list_id": list_id, "_links": [],
    })
}

/// `GET /lists/{list_id}/segments`
pub(crate) fn index(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let list = ctx.list(&params[0])?;
    let moment = |name: &str| ctx.param(name).and_then(time::parse);
    let created = (moment("since_created_at"), moment("before_created_at"));
    let updated = (moment("since_updated_at"), moment("before_updated_at"));
    let within = |at: Seconds, (since, before): (Option<Seconds>, Option<Seconds>)| {
        since.is_none_or(|since| at > since) && before.is_none_or(|before| at < before)
    };
    let kind_fits = ctx.param("type").is_none_or(|kind| kind == "static");
    let rows = list.tags.iter().filter(|(_, tag)| {
        kind_fits && within(tag.created_at, created) && within(tag.updated_at, updated)
    });
    let owner = Some(("list_id", params[0].as_str()));
    Ok(Some(ctx.collection("segments", owner, rows, |(_, tag)| {
        segment(ctx, &params[0], list, tag)
    })))
}

fn tag<'c>(ctx: &'c Ctx<'_>, params: &Params<'_>) -> Result<&'c Tag, Problem> {
    ctx.list(&params[0])?
        .tags
        .get(&params[1])
        .ok_or_else(Problem::not_found)
}

/// `GET /lists/{list_id}/segments/{segment_id}`
pub(crate) fn show(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let tag = tag(ctx, params)?;
    let list = ctx.list(&params[0])?;
    Ok(Some(segment(ctx, &params[0], list, tag)))
}

fn addresses(value: Option<&Value>) -> Vec<String> {
    value
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

fn over_limit() -> Problem {
    Problem::bad_request(format!(
        "Maximum allowed member items exceeded, please provide at most {SEGMENT_LIMIT} items in \
         members_to_add field or members_to_remove field"
    ))
}

/// Adds addresses to a segment; those that are not on the list come back.
fn add_all(
    ctx: &mut Ctx<'_>,
    list_id: &str,
    name: &str,
    emails: &[String],
) -> Result<(Vec<String>, Vec<String>), Problem> {
    let (mut added, mut strangers) = (Vec::new(), Vec::new());
    for address in emails {
        let hash = email::hash(address);
        let here = ctx
            .list(list_id)?
            .members
            .get(&hash)
            .is_some_and(|member| member.status != Status::Archived);
        ctx.recorded("tag", list_id, &hash, |ctx| {
            if here {
                tags::add(ctx, list_id, &hash, name, Trigger::BySegment)?;
            }
            Ok(None)
        })?;
        if here {
            added.push(hash);
        } else {
            strangers.push(address.clone());
        }
    }
    Ok((added, strangers))
}

/// Takes addresses out of a segment; those that are not on the list come back.
fn take_all(
    ctx: &mut Ctx<'_>,
    list_id: &str,
    id: u64,
    emails: &[String],
) -> Result<(Vec<String>, Vec<String>), Problem> {
    let (mut removed, mut strangers) = (Vec::new(), Vec::new());
    for address in emails {
        let hash = email::hash(address);
        if !ctx.list(list_id)?.members.contains(&hash) {
            strangers.push(address.clone());
            continue;
        }
        let mut held = false;
        ctx.recorded("tag", list_id, &hash, |ctx| {
            held = tags::take(ctx, list_id, &hash, id)?;
            Ok(None)
        })?;
        if held {
            removed.push(hash);
        }
    }
    Ok((removed, strangers))
}

/// `POST /lists/{list_id}/segments`: makes a tag, with people in it.
pub(crate) fn create(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let list_id = &params[0];
    let body = std::mem::take(&mut ctx.body);
    let name = body.get("name").and_then(Value::as_str).unwrap_or_default();
    let emails = addresses(body.get("static_segment"));
    if body.contains_key("options") || !body.contains_key("static_segment") {
        return Err(Problem::bad_request(
            "This account takes static segments only: give static_segment.",
        ));
    }
    if emails.len() > SEGMENT_LIMIT {
        return Err(over_limit());
    }
    let (now, id) = (ctx.now, ctx.ids.number());
    let list = ctx.list_mut(list_id)?;
    if list.tag_by_name(name).is_some() {
        ctx.journal.double_create("tag");
        return Err(Problem::bad_request("Sorry, that tag already exists."));
    }
    let id = tags::ensure(list, id, name, now)?;
    add_all(ctx, list_id, name, &emails)?;
    show(ctx, &[list_id.clone(), id.to_string()])
}

/// `POST /lists/{list_id}/segments/{segment_id}`: up to 500 each way.
pub(crate) fn update(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let list_id = &params[0];
    let (id, name) = {
        let tag = tag(ctx, params)?;
        (tag.id, tag.name.clone())
    };
    let body = std::mem::take(&mut ctx.body);
    let to_add = addresses(body.get("members_to_add"));
    let to_remove = addresses(body.get("members_to_remove"));
    if to_add.len() > SEGMENT_LIMIT || to_remove.len() > SEGMENT_LIMIT {
        return Err(over_limit());
    }
    let (added, mut strangers) = add_all(ctx, list_id, &name, &to_add)?;
    let (removed, unknown) = take_all(ctx, list_id, id, &to_remove)?;
    strangers.extend(unknown);
    let list = ctx.list(list_id)?;
    let rows = |hashes: &[String], name: &str| views(ctx, list_id, list, hashes, name);
    let errors = if strangers.is_empty() {
        json!([])
    } else {
        json!([{
            "email_addresses": strangers,
            "error": "Email addresses are not subscribed to the list",
        }])
    };
    Ok(Some(json!({
        "members_added": rows(&added, "members_added"),
        "members_removed": rows(&removed, "members_removed"),
        "errors": errors, "total_added": added.len(), "total_removed": removed.len(),
        "error_count": strangers.len(), "_links": [],
    })))
}

/// `PATCH /lists/{list_id}/segments/{segment_id}`: renames, and replaces who is in it.
pub(crate) fn patch(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let (list_id, id) = (&params[0], tag(ctx, params)?.id);
    let body = std::mem::take(&mut ctx.body);
    let name = body.get("name").and_then(Value::as_str).unwrap_or_default();
    let now = ctx.now;
    let list = ctx.list_mut(list_id)?;
    if list.tag_by_name(name).is_some_and(|other| other != id) {
        return Err(Problem::bad_request("Sorry, that tag already exists."));
    }
    list.tag_names.retain(|_, known| *known != id);
    list.tag_names.insert(name.trim().to_lowercase(), id);
    if let Some(tag) = list.tags.get_mut(&params[1]) {
        name.trim().clone_into(&mut tag.name);
        tag.updated_at = now;
    }
    if body.contains_key("static_segment") {
        let emails = addresses(body.get("static_segment"));
        let keep: BTreeSet<String> = emails.iter().map(|address| email::hash(address)).collect();
        let held: Vec<String> = tag(ctx, params)?.members.iter().cloned().collect();
        for hash in held.iter().filter(|hash| !keep.contains(*hash)) {
            tags::take(ctx, list_id, hash, id)?;
        }
        add_all(ctx, list_id, name, &emails)?;
    }
    show(ctx, params)
}

/// `DELETE /lists/{list_id}/segments/{segment_id}`: the tag is gone everywhere.
pub(crate) fn delete(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    tag(ctx, params)?;
    let now = ctx.now;
    tags::remove(ctx.list_mut(&params[0])?, &params[1], now);
    Ok(None)
}

/// `GET /lists/{list_id}/segments/{segment_id}/members`
pub(crate) fn members(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let tag = tag(ctx, params)?;
    let list = ctx.list(&params[0])?;
    let rows = tag.members.iter().filter(|hash| {
        list.members
            .get(hash)
            .is_some_and(|member| counts(ctx, member))
    });
    Ok(Some(ctx.collection("members", None, rows, |hash| {
        view(ctx, &params[0], list, hash, &["members"])
    })))
}

/// `POST /lists/{list_id}/segments/{segment_id}/members`
pub(crate) fn add_member(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let name = tag(ctx, params)?.name.clone();
    let address = ctx.text("email_address").unwrap_or_default().to_owned();
    let (added, _) = add_all(ctx, &params[0], &name, &[address])?;
    let hash = added.first().ok_or_else(Problem::not_found)?;
    let list = ctx.list(&params[0])?;
    Ok(Some(view(ctx, &params[0], list, hash, &[])))
}

/// `DELETE /lists/{list_id}/segments/{segment_id}/members/{subscriber_hash}`
pub(crate) fn take_member(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let id = tag(ctx, params)?.id;
    let hash = ctx
        .list(&params[0])?
        .find(&params[2])
        .ok_or_else(Problem::not_found)?;
    ctx.recorded("tag", &params[0], &hash, |ctx| {
        tags::take(ctx, &params[0], &hash, id)?;
        Ok(None)
    })
}
