//! Writing members: the status table of `mailchimp.md` 3.5, in full.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::context::{Answer, Ctx, Params};
use super::email;
use super::members_read::view;
use super::merge;
use super::model::{List, Member, Status, UnsubscribedBy};
use super::problem::Problem;
use super::tags;
use super::time::{self, Seconds};

/// Tags inside a member object (2).
const TAGS_IN_BODY: usize = 50;

/// What a status change means for the mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mail {
    None,
    Confirmation,
    Welcome,
}

impl Ctx<'_> {
    fn mail(&self, mail: Mail, email: &str) {
        match mail {
            Mail::None => {}
            Mail::Confirmation => self.mailing("confirmation", email),
            Mail::Welcome => self.mailing("welcome", email),
        }
    }
}

/// Whether somebody in this state may be set to `wanted` by the API.
fn may_become(member: &Member, wanted: Status, strict: bool) -> Result<(), Problem> {
    if wanted != Status::Subscribed || member.status == Status::Subscribed {
        return Ok(());
    }
    let said_no = match member.unsubscribed_by {
        Some(UnsubscribedBy::Person | UnsubscribedBy::Complaint) => true,
        Some(UnsubscribedBy::AdminOrApi) => strict,
        None => false,
    };
    if said_no || member.bounced {
        return Err(Problem::compliance(&member.email));
    }
    Ok(())
}

/// Sets a status that [`may_become`] let through.
fn become_status(member: &mut Member, wanted: Status, now: Seconds, welcome: bool) -> Mail {
    let before = member.status;
    if wanted == before && wanted != Status::Pending {
        return Mail::None;
    }
    member.status = wanted;
    match wanted {
        Status::Subscribed => {
            member.unsubscribed_by = None;
            member.unsubscribed_at = None;
            // A resubscription keeps the first opt-in; a revival from the archive does not.
            if before == Status::Archived || member.timestamp_opt.is_none() {
                member.timestamp_opt = Some(now);
            }
        }
        Status::Unsubscribed => {
            member
                .unsubscribed_by
                .get_or_insert(UnsubscribedBy::AdminOrApi);
            member.unsubscribed_at = Some(now);
        }
        Status::Cleaned => member.bounced = true,
        Status::Pending | Status::Transactional | Status::Archived => {
            if before == Status::Archived {
                member.timestamp_opt = Some(now);
            }
        }
    }
    match wanted {
        Status::Pending if before != Status::Pending => Mail::Confirmation,
        Status::Subscribed if welcome => Mail::Welcome,
        _ => Mail::None,
    }
}

/// A member as the service makes it before anything else is known.
pub(crate) fn blank(ctx: &mut Ctx<'_>, address: &str, status: Status) -> Member {
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
        interests: std::collections::BTreeSet::new(),
        permissions: std::collections::BTreeSet::new(),
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
    let before = format!("{member:?}");
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
    before != format!("{member:?}")
}

fn interest_ids(list: &List) -> Vec<String> {
    list.categories
        .iter()
        .flat_map(|(_, category)| category.interests.iter())
        .map(|(id, _)| id.to_owned())
        .collect()
}

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
    let address = body
        .get("email_address")
        .and_then(Value::as_str)
        .map(str::trim)
        .filter(|address| !address.is_empty() && *address != member.email);
    let key = address.map_or_else(|| hash.to_owned(), email::hash);
    if let Some(address) = address {
        email::check(address)?;
        if key != hash && list.members.contains(&key) {
            return Err(Problem::member_exists(address));
        }
        if list.forgotten.contains(&key) {
            return Err(Problem::forgotten(address));
        }
    }
    let given = body.get("merge_fields").and_then(Value::as_object);
    let changes = merge::validate(
        list,
        given,
        Some(&member.merge),
        skip_required || given.is_none(),
        german,
    )?;
    let contact = member.contact_id.clone();
    let renamed = address.map(str::to_owned);
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
