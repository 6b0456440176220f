//! Tags (`mailchimp.md` 3.9).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::context::{Answer, Ctx, Params};
use super::model::{List, Tag};
use super::problem::Problem;
use super::time::{Seconds, stamp};

/// Length of a tag's name (2).
const NAME_LENGTH: usize = 100;

/// Whether adding a tag may start an automation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trigger {
    /// A real account could have mailed, whatever its automations are.
    Always,
    /// `is_syncing`.
    Never,
    /// Through a segment: unverified, so a switch decides, and only for tags with an automation.
    BySegment,
}

/// Finds a tag by name, or makes it.
pub(crate) fn ensure(list: &mut List, id: u64, name: &str, now: Seconds) -> Result<u64, Problem> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_LENGTH {
        return Err(Problem::schema(vec![(
            "name".to_owned(),
            format!("A tag has between 1 and {NAME_LENGTH} characters"),
        )]));
    }
    if let Some(known) = list.tag_by_name(name) {
        return Ok(known);
    }
    list.tag_names.insert(name.to_lowercase(), id);
    list.tags.put(
        &id.to_string(),
        Tag {
            id,
            name: name.to_owned(),
            created_at: now,
            updated_at: now,
            members: BTreeSet::new(),
        },
    );
    Ok(id)
}

/// Gives a member a tag.
pub(crate) fn add(
    ctx: &mut Ctx<'_>,
    list_id: &str,
    hash: &str,
    name: &str,
    trigger: Trigger,
) -> Result<(), Problem> {
    let (now, fresh) = (ctx.now, ctx.ids.number());
    let segment = ctx.switches.segment_tag_triggers;
    let list = ctx.list_mut(list_id)?;
    let id = ensure(list, fresh, name, now)?;
    let automated = list.tag_automations.contains(&name.trim().to_lowercase());
    let member = list.members.get_mut(hash).ok_or_else(Problem::not_found)?;
    if member.tags.insert(id, now).is_some() {
        return Ok(());
    }
    member.last_changed = now;
    let address = member.email.clone();
    if let Some(tag) = list.tags.get_mut(&id.to_string()) {
        tag.members.insert(hash.to_owned());
        tag.updated_at = now;
    }
    let fires = match trigger {
        Trigger::Always => true,
        Trigger::Never => false,
        Trigger::BySegment => segment && automated,
    };
    if fires {
        ctx.mailing("automation", &address);
    }
    Ok(())
}

/// Takes a tag away; not holding it is harmless.
pub(crate) fn take(ctx: &mut Ctx<'_>, list_id: &str, hash: &str, id: u64) -> Result<bool, Problem> {
    let now = ctx.now;
    let list = ctx.list_mut(list_id)?;
    let member = list.members.get_mut(hash).ok_or_else(Problem::not_found)?;
    let held = member.tags.remove(&id).is_some();
    if held {
        member.last_changed = now;
    }
    if let Some(tag) = list.tags.get_mut(&id.to_string()) {
        tag.members.remove(hash);
    }
    Ok(held)
}

/// Follows a member to a new key.
pub(crate) fn rekey(list: &mut List, from: &str, to: &str) {
    for tag in list.tags.values_mut() {
        if tag.members.remove(from) {
            tag.members.insert(to.to_owned());
        }
    }
}

/// `POST …/members/{subscriber_hash}/tags`: by hash only; archived members too.
pub(crate) fn update_member(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let (list_id, hash) = (&params[0], &params[1]);
    ctx.list(list_id)?;
    ctx.recorded("tag", list_id, hash, |ctx| {
        ctx.list(list_id)?
            .members
            .get(hash)
            .ok_or_else(Problem::not_found)?;
        let body = std::mem::take(&mut ctx.body);
        let syncing = body.get("is_syncing").and_then(Value::as_bool) == Some(true);
        let trigger = if syncing {
            Trigger::Never
        } else {
            Trigger::Always
        };
        for row in body
            .get("tags")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let name = row.get("name").and_then(Value::as_str).unwrap_or_default();
            if row.get("status").and_then(Value::as_str) == Some("active") {
                add(ctx, list_id, hash, name, trigger)?;
            } else if let Some(id) = ctx.list(list_id)?.tag_by_name(name) {
                take(ctx, list_id, hash, id)?;
            }
        }
        Ok(None)
    })
}

/// `GET …/members/{subscriber_hash}/tags`
pub(crate) fn of_member(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let list = ctx.list(&params[0])?;
    let hash = list.find(&params[1]).ok_or_else(Problem::not_found)?;
    let member = list.members.get(&hash).ok_or_else(Problem::not_found)?;
    let rows = member
        .tags
        .iter()
        .filter_map(|(id, added)| Some((list.tags.get(&id.to_string())?, *added)));
    Ok(Some(ctx.collection(
        "tags",
        None,
        rows,
        |(tag, added)| json!({"id": tag.id, "name": tag.name, "date_added": stamp(added)}),
    )))
}

/// `GET /lists/{list_id}/tag-search`: prefix search, all tags without a name.
pub(crate) fn search(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let prefix = ctx.param("name").unwrap_or_default().to_lowercase();
    let rows: Vec<Value> = ctx
        .list(&params[0])?
        .tags
        .iter()
        .filter(|(_, tag)| tag.name.to_lowercase().starts_with(&prefix))
        .map(|(_, tag)| json!({"id": tag.id, "name": tag.name}))
        .collect();
    Ok(Some(json!({"total_items": rows.len(), "tags": rows})))
}

/// Takes a tag out of the audience.
pub(crate) fn remove(list: &mut List, id: &str, now: Seconds) {
    if let Some(tag) = list.tags.remove(id) {
        list.tag_names.retain(|_, known| *known != tag.id);
        for hash in &tag.members {
            if let Some(member) = list.members.get_mut(hash) {
                member.tags.remove(&tag.id);
                member.last_changed = now;
            }
        }
    }
}
