//! How people get into an audience, change in it, and leave it for good (`mailchimp.md` 3.5).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::context::Ctx;
use super::model::{List, Member, Status, UnsubscribedBy};
use super::problem::Problem;
use super::status_change::{Mail, become_status, may_become};
use super::{email, merge, tags, time};

/// Adds a person who is not in the audience.
pub(crate) fn add(
    ctx: &mut Ctx<'_>,
    list_id: &str,
    address: &str,
    status: Status,
    body: &Map<String, Value>,
    skip_required: bool,
) -> Result<String, Problem> {
    let hash = email::hash(address);
    let german = ctx.german;
    let list = ctx.list(list_id)?;
    if list.forgotten.contains(&hash) {
        return Err(Problem::forgotten(address));
    }
    email::check(address.trim())?;
    let given = body.get("merge_fields").and_then(Value::as_object);
    let changes = merge::validate(list, given, None, skip_required, german)?;
    let (interests, welcome) = (interest_ids(list), list.has_welcome);
    let mut member = blank(ctx, address, status);
    apply_merge(&mut member, changes);
    apply_rest(&interests, &mut member, body);
    if status == Status::Subscribed {
        if member.ip_opt.is_empty() {
            ctx.caller.clone_into(&mut member.ip_opt);
        }
        member.timestamp_opt.get_or_insert(ctx.now);
    }
    let mail = match status {
        Status::Pending => Mail::Confirmation,
        Status::Subscribed if welcome => Mail::Welcome,
        _ => Mail::None,
    };
    ctx.mail(mail, address);
    let contact = member.contact_id.clone();
    let list = ctx.list_mut(list_id)?;
    list.contacts.insert(contact, hash.clone());
    list.members.put(&hash, member);
    Ok(hash)
}

/// Changes a person who is there. `status`: what the write asks for, if it does.
pub(crate) fn change(
    ctx: &mut Ctx<'_>,
    list_id: &str,
    hash: &str,
    status: Option<Status>,
    body: &Map<String, Value>,
    skip_required: bool,
) -> Result<String, Problem> {
    let german = ctx.german;
    let strict = ctx.switches.strict_resubscribe;
    let now = ctx.now;
    let list = ctx.list_mut(list_id)?;
    let welcome = list.has_welcome;
    let interests = interest_ids(list);
    let member = list.members.get(hash).ok_or_else(Problem::not_found)?;
    if let Some(wanted) = status {
        may_become(member, wanted, strict)?;
    }
    let renamed = new_address(list, hash, member, body)?;
    let key = renamed
        .as_deref()
        .map_or_else(|| hash.to_owned(), email::hash);
    let given = body.get("merge_fields").and_then(Value::as_object);
    let changes = merge::validate(
        list,
        given,
        Some(&member.merge),
        skip_required || given.is_none(),
        german,
    )?;
    let contact = member.contact_id.clone();
    if key != hash {
        tags::rekey(list, hash, &key);
        list.members.rename(hash, &key);
        list.contacts.insert(contact, key.clone());
    }
    let member = list.members.get_mut(&key).ok_or_else(Problem::not_found)?;
    let before = member.status;
    let mut changed = apply_merge(member, changes);
    changed |= apply_rest(&interests, member, body);
    if let Some(renamed) = renamed {
        member.email = renamed;
        changed = true;
    }
    let mail = status.map_or(Mail::None, |wanted| {
        become_status(member, wanted, now, welcome)
    });
    if changed || member.status != before {
        member.last_changed = now;
    }
    let address = member.email.clone();
    ctx.mail(mail, &address);
    Ok(key)
}

/// The address that a body moves a member to, when it is another one.
fn new_address(
    list: &List,
    hash: &str,
    member: &Member,
    body: &Map<String, Value>,
) -> Result<Option<String>, Problem> {
    let address = body
        .get("email_address")
        .and_then(Value::as_str)
        .map(str::trim)
        .filter(|address| !address.is_empty() && *address != member.email);
    let Some(address) = address else {
        return Ok(None);
    };
    email::check(address)?;
    let key = email::hash(address);
    if key != hash && list.members.contains(&key) {
        return Err(Problem::member_exists(address));
    }
    if list.forgotten.contains(&key) {
        return Err(Problem::forgotten(address));
    }
    Ok(Some(address.to_owned()))
}

/// Takes a member out of the audience for good.
pub(crate) fn erase(list: &mut List, hash: &str) {
    if let Some(member) = list.members.remove(hash) {
        list.contacts.remove(&member.contact_id);
        for id in member.tags.keys() {
            if let Some(tag) = list.tags.get_mut(&id.to_string()) {
                tag.members.remove(hash);
            }
        }
    }
    list.forgotten.insert(hash.to_owned());
}

/// A member as the service makes it before anything else is known.
fn blank(ctx: &mut Ctx<'_>, address: &str, status: Status) -> Member {
    Member {
        email: address.trim().to_owned(),
        contact_id: ctx.ids.hex(32),
        unique_id: ctx.ids.hex(10),
        web_id: ctx.ids.number(),
        status,
        unsubscribed_by: (status == Status::Unsubscribed).then_some(UnsubscribedBy::AdminOrApi),
        bounced: status == Status::Cleaned,
        email_type: "html".to_owned(),
        merge: BTreeMap::new(),
        interests: BTreeSet::new(),
        permissions: BTreeSet::new(),
        language: String::new(),
        vip: false,
        ip_signup: String::new(),
        timestamp_signup: None,
        ip_opt: String::new(),
        timestamp_opt: None,
        unsubscribed_at: (status == Status::Unsubscribed).then_some(ctx.now),
        last_changed: ctx.now,
        tags: BTreeMap::new(),
        source: "API - Generic".to_owned(),
    }
}

fn apply_merge(member: &mut Member, changes: merge::Changes) -> bool {
    let mut changed = false;
    for (tag, value) in changes {
        if value.as_str() == Some("") {
            changed |= member.merge.remove(&tag).is_some();
        } else if member.merge.get(&tag) != Some(&value) {
            member.merge.insert(tag, value);
            changed = true;
        }
    }
    changed
}

/// Everything of a body but address, status, merge fields and tags.
fn apply_rest(list_interests: &[String], member: &mut Member, body: &Map<String, Value>) -> bool {
    let before = member.clone();
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let moment = |name: &str| text(name).and_then(time::parse);
    if let Some(kind @ ("html" | "text")) = text("email_type") {
        kind.clone_into(&mut member.email_type);
    }
    if let Some(language) = text("language") {
        language.clone_into(&mut member.language);
    }
    if let Some(vip) = body.get("vip").and_then(Value::as_bool) {
        member.vip = vip;
    }
    if let Some(ip) = text("ip_signup").filter(|ip| !ip.is_empty()) {
        ip.clone_into(&mut member.ip_signup);
    }
    if let Some(ip) = text("ip_opt").filter(|ip| !ip.is_empty()) {
        ip.clone_into(&mut member.ip_opt);
    }
    member.timestamp_signup = moment("timestamp_signup").or(member.timestamp_signup);
    member.timestamp_opt = moment("timestamp_opt").or(member.timestamp_opt);
    apply_interests(list_interests, member, body);
    apply_permissions(member, body);
    *member != before
}

fn apply_interests(list_interests: &[String], member: &mut Member, body: &Map<String, Value>) {
    if let Some(Value::Object(interests)) = body.get("interests") {
        for (id, held) in interests {
            if !list_interests.contains(id) {
                continue;
            }
            if held.as_bool() == Some(true) {
                member.interests.insert(id.clone());
            } else {
                member.interests.remove(id);
            }
        }
    }
}

fn apply_permissions(member: &mut Member, body: &Map<String, Value>) {
    for row in body
        .get("marketing_permissions")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let id = row.get("marketing_permission_id").and_then(Value::as_str);
        match (id, row.get("enabled").and_then(Value::as_bool)) {
            (Some(id), Some(true)) => {
                member.permissions.insert(id.to_owned());
            }
            (Some(id), _) => {
                member.permissions.remove(id);
            }
            (None, _) => {}
        }
    }
}

fn interest_ids(list: &List) -> Vec<String> {
    list.categories
        .iter()
        .flat_map(|(_, category)| category.interests.iter())
        .map(|(id, _)| id.to_owned())
        .collect()
}
