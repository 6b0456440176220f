//! Writing members, one at a time.

use serde_json::{Map, Value};

use super::context::{Answer, Ctx, Params};
use super::email;
use super::members_read::view;
use super::membership::{add, change, erase};
use super::model::Status;
use super::problem::Problem;
use super::tags;

/// Tags inside a member object (2).
const TAGS_IN_BODY: usize = 50;

fn wanted(body: &Map<String, Value>, name: &str) -> Option<Status> {
    body.get(name)
        .and_then(Value::as_str)
        .and_then(Status::parse)
}

fn missing(names: &str) -> Problem {
    Problem::schema(vec![(
        String::new(),
        format!("Required fields were not provided: {names}"),
    )])
}

/// Tags in a body start automations as `…/tags` without `is_syncing` does.
fn body_tags(
    ctx: &mut Ctx<'_>,
    list_id: &str,
    hash: &str,
    body: &Map<String, Value>,
) -> Result<(), Problem> {
    let names: Vec<&str> = body
        .get("tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    for name in names {
        tags::add(ctx, list_id, hash, name, tags::Trigger::Always)?;
    }
    Ok(())
}

fn show(ctx: &Ctx<'_>, list_id: &str, hash: &str) -> Answer {
    let list = ctx.list(list_id)?;
    Ok(Some(view(ctx, list_id, list, hash, &[])))
}

/// `POST /lists/{list_id}/members`
pub(crate) fn create(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let list_id = &params[0];
    ctx.list(list_id)?;
    let address = ctx
        .text("email_address")
        .unwrap_or_default()
        .trim()
        .to_owned();
    let hash = email::hash(&address);
    ctx.recorded("member", list_id, &hash, |ctx| {
        let body = std::mem::take(&mut ctx.body);
        let status = wanted(&body, "status").ok_or_else(|| missing("status"))?;
        let skip = ctx.flag("skip_merge_validation").unwrap_or(false);
        if body
            .get("tags")
            .and_then(Value::as_array)
            .is_some_and(|tags| tags.len() > TAGS_IN_BODY)
        {
            return Err(Problem::bad_request(format!(
                "At most {TAGS_IN_BODY} tags may be given with a member."
            )));
        }
        match ctx.list(list_id)?.members.get(&hash) {
            None => {
                add(ctx, list_id, &address, status, &body, skip)?;
            }
            Some(member) if member.status == Status::Archived => {
                // Revived with the old merge data, tags and contact id (3.5).
                change(ctx, list_id, &hash, Some(status), &body, skip)?;
            }
            Some(_) => {
                ctx.journal.double_create("member");
                return Err(Problem::member_exists(&address));
            }
        }
        body_tags(ctx, list_id, &hash, &body)?;
        show(ctx, list_id, &hash)
    })
}

/// `PUT /lists/{list_id}/members/{subscriber_hash}`
pub(crate) fn put(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let list_id = &params[0];
    let found = ctx.list(list_id)?.find(&params[1]);
    let given = ctx.text("email_address").map(|text| text.trim().to_owned());
    let hash = found
        .clone()
        .or_else(|| given.as_deref().map(email::hash))
        .unwrap_or_else(|| params[1].clone());
    ctx.recorded("member", list_id, &hash, |ctx| {
        let mut body = std::mem::take(&mut ctx.body);
        let skip = ctx.flag("skip_merge_validation").unwrap_or(false);
        if let Some(hash) = &found {
            let archived = ctx
                .list(list_id)?
                .members
                .get(hash)
                .is_some_and(|member| member.status == Status::Archived);
            let mut status = wanted(&body, "status");
            if archived && status.is_none() && ctx.switches.put_revives_archived {
                status = Some(wanted(&body, "status_if_new").unwrap_or(Status::Transactional));
            }
            let key = change(ctx, list_id, hash, status, &body, skip)?;
            if ctx.switches.put_sets_tags {
                body_tags(ctx, list_id, &key, &body)?;
            }
            return show(ctx, list_id, &key);
        }
        let address = match given {
            Some(address) if !address.is_empty() => address,
            _ if params[1].contains('@') => params[1].clone(),
            _ => return Err(missing("email_address, status_if_new")),
        };
        let status = wanted(&body, "status_if_new").ok_or_else(|| missing("status_if_new"))?;
        if ctx.list(list_id)?.members.contains(&email::hash(&address)) {
            return Err(Problem::member_exists(&address));
        }
        let key = add(ctx, list_id, &address, status, &body, skip)?;
        if ctx.switches.put_sets_tags {
            body_tags(ctx, list_id, &key, &body)?;
        }
        body.clear();
        show(ctx, list_id, &key)
    })
}

/// `PATCH /lists/{list_id}/members/{subscriber_hash}`
pub(crate) fn patch(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let list_id = &params[0];
    let found = ctx.list(list_id)?.find(&params[1]);
    let hash = found.clone().unwrap_or_else(|| params[1].clone());
    ctx.recorded("member", list_id, &hash, |ctx| {
        let hash = found.ok_or_else(Problem::not_found)?;
        let body = std::mem::take(&mut ctx.body);
        let skip = ctx.flag("skip_merge_validation").unwrap_or(false);
        let key = change(ctx, list_id, &hash, wanted(&body, "status"), &body, skip)?;
        show(ctx, list_id, &key)
    })
}

/// `DELETE /lists/{list_id}/members/{subscriber_hash}`: archives.
pub(crate) fn archive(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let list_id = &params[0];
    let hash = ctx
        .list(list_id)?
        .find(&params[1])
        .ok_or_else(Problem::not_found)?;
    ctx.recorded("member", list_id, &hash, |ctx| {
        let now = ctx.now;
        let list = ctx.list_mut(list_id)?;
        let member = list.members.get_mut(&hash).ok_or_else(Problem::not_found)?;
        match member.status {
            Status::Cleaned | Status::Pending | Status::Archived => Err(Problem::method_not_allowed(
                "This list member cannot be removed. Can not archive a contact that is bounced, \
                 pending or archived",
                "GET, PUT",
            )),
            Status::Subscribed | Status::Unsubscribed | Status::Transactional => {
                member.status = Status::Archived;
                member.last_changed = now;
                Ok(None)
            }
        }
    })
}

/// `POST …/actions/delete-permanent`: erases; the address can never be added again.
pub(crate) fn forget(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let (list_id, hash) = (&params[0], &params[1]);
    ctx.list(list_id)?
        .members
        .get(hash)
        .ok_or_else(Problem::not_found)?;
    ctx.recorded("member", list_id, hash, |ctx| {
        let list = ctx.list_mut(list_id)?;
        erase(list, hash);
        Ok(None)
    })
}
