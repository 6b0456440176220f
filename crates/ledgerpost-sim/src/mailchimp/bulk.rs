//! `POST /lists/{list_id}`: up to 500 people at once (`mailchimp.md` 3.7). It answers 200 even if
//! every row failed.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::context::{Answer, Ctx, Params};
use super::email;
use super::members_read::views;
use super::membership::{add, change};
use super::model::{Status, UnsubscribedBy};
use super::problem::Problem;
use super::tags;

/// People in one call.
const LIMIT: usize = 500;

/// What became of a row.
enum Outcome {
    Created(String),
    Updated(String),
}

/// What became of all of them: keys of members, and what was wrong.
#[derive(Default)]
struct Outcomes {
    created: Vec<String>,
    updated: Vec<String>,
    errors: Vec<Value>,
}

impl Outcomes {
    fn take(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Created(hash) => self.created.push(hash),
            Outcome::Updated(hash) => self.updated.push(hash),
        }
    }

    fn refuse(&mut self, address: &str, code: &str, text: &str, field: (&str, &str)) {
        self.errors.push(json!({
            "email_address": address, "error": text, "error_code": code,
            "field": field.0, "field_message": field.1,
        }));
    }

    fn refuse_for(&mut self, address: &str, problem: &Problem) {
        let code = if problem.detail().contains("is already a list member") {
            "ERROR_CONTACT_EXISTS"
        } else {
            "ERROR_GENERIC"
        };
        self.refuse(address, code, problem.detail(), problem.first_field());
    }
}

/// `POST /lists/{list_id}`
pub(crate) fn members(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let list_id = &params[0];
    ctx.list(list_id)?;
    let body = std::mem::take(&mut ctx.body);
    let rows = body
        .get("members")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    if rows.len() > LIMIT {
        return Err(Problem::bad_request(format!(
            "Maximum allowed member items exceeded, please provide at most {LIMIT} items in the \
             members field"
        )));
    }
    let flag = |name: &str| body.get(name).and_then(Value::as_bool).unwrap_or(false);
    let (update, sync_tags) = (flag("update_existing"), flag("sync_tags"));
    let first_wins = ctx.flag("skip_duplicate_check").unwrap_or(false);
    let mut outcomes = Outcomes::default();
    let mut seen = HashSet::new();
    for row in rows.iter().filter_map(Value::as_object) {
        let address = row
            .get("email_address")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .trim();
        let hash = email::hash(address);
        if !seen.insert(hash.clone()) {
            if !first_wins {
                let text = format!("{address} appears more than once in this request.");
                outcomes.refuse(address, "ERROR_GENERIC", &text, ("", ""));
            }
            continue;
        }
        let result = ctx.recorded("member", list_id, &hash, |ctx| {
            let outcome = one(ctx, list_id, &hash, address, row, update, sync_tags)?;
            outcomes.take(outcome);
            Ok(None)
        });
        if let Err(problem) = result {
            outcomes.refuse_for(address, &problem);
        }
    }
    answer(ctx, list_id, &outcomes)
}

fn answer(ctx: &Ctx<'_>, list_id: &str, outcomes: &Outcomes) -> Answer {
    let Outcomes {
        created,
        updated,
        errors,
    } = outcomes;
    let list = ctx.list(list_id)?;
    let shown = |hashes: &[String], name: &str| views(ctx, list_id, list, hashes, name);
    Ok(Some(json!({
        "new_members": shown(created, "new_members"),
        "updated_members": shown(updated, "updated_members"),
        "total_created": created.len(), "total_updated": updated.len(),
        "error_count": errors.len(), "errors": errors, "_links": [],
    })))
}

fn one(
    ctx: &mut Ctx<'_>,
    list_id: &str,
    hash: &str,
    address: &str,
    row: &Map<String, Value>,
    update: bool,
    sync_tags: bool,
) -> Result<Outcome, Problem> {
    let skip = ctx.flag("skip_merge_validation").unwrap_or(false);
    let status = row
        .get("status")
        .and_then(Value::as_str)
        .and_then(Status::parse);
    let existing = ctx.list(list_id)?.members.get(hash);
    let known = existing.map(|member| (member.status, member.unsubscribed_by));
    let outcome = match known {
        None => {
            if ctx.switches.bulk_refuses_roles && email::is_role(address) {
                return Err(Problem::fake(address));
            }
            let status = status
                .ok_or_else(|| Problem::invalid("Required fields were not provided: status"))?;
            Outcome::Created(add(ctx, list_id, address, status, row, skip)?)
        }
        // As with POST of a single member, an archived person comes back (3.5).
        Some((Status::Archived, _)) => {
            Outcome::Updated(change(ctx, list_id, hash, status, row, skip)?)
        }
        Some(_) if !update => {
            ctx.journal.double_create("member");
            return Err(Problem::member_exists(address));
        }
        Some((Status::Unsubscribed, Some(UnsubscribedBy::AdminOrApi)))
            if ctx.switches.bulk_keeps_unsubscribed =>
        {
            Outcome::Updated(change(ctx, list_id, hash, None, row, skip)?)
        }
        Some(_) => Outcome::Updated(change(ctx, list_id, hash, status, row, skip)?),
    };
    row_tags(ctx, list_id, hash, row, sync_tags)?;
    Ok(outcome)
}

/// Per-row tags work though the contract does not know them; `sync_tags` removes all others.
fn row_tags(
    ctx: &mut Ctx<'_>,
    list_id: &str,
    hash: &str,
    row: &Map<String, Value>,
    sync_tags: bool,
) -> Result<(), Problem> {
    let names: Vec<&str> = row
        .get("tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if sync_tags {
        let list = ctx.list_mut(list_id)?;
        let keep: Vec<u64> = names
            .iter()
            .filter_map(|name| list.tag_by_name(name))
            .collect();
        if let Some(member) = list.members.get_mut(hash) {
            let gone: Vec<u64> = member
                .tags
                .keys()
                .copied()
                .filter(|id| !keep.contains(id))
                .collect();
            for id in gone {
                member.tags.remove(&id);
                if let Some(tag) = list.tags.get_mut(&id.to_string()) {
                    tag.members.remove(hash);
                }
            }
        }
    }
    for name in names {
        tags::add(ctx, list_id, hash, name, tags::Trigger::Always)?;
    }
    Ok(())
}
