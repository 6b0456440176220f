//! Edits of one person in an audience.

use serde_json::{Map, Value, json};

use super::super::model::{Member, Status, UnsubscribedBy};
use super::super::state::{self, State};
use super::super::time::Seconds;
use super::super::{email, membership, tags};
use super::{audience, list_of, missing};
use crate::frame::ControlError;
use crate::seed::{self, SeedMember, SeedStatus};

pub(super) fn unsubscribe(
    state: &mut State,
    wanted: Option<&str>,
    address: &str,
    by: Option<UnsubscribedBy>,
    now: Seconds,
) -> Result<Value, ControlError> {
    edit_member(state, wanted, address, now, |member| {
        member.status = Status::Unsubscribed;
        member.unsubscribed_by = Some(by.unwrap_or(UnsubscribedBy::Person));
        member.unsubscribed_at = Some(now);
    })
}

pub(super) fn resubscribe(
    state: &mut State,
    wanted: Option<&str>,
    address: &str,
    now: Seconds,
) -> Result<Value, ControlError> {
    let list = list_of(state, wanted)?;
    list.forgotten.remove(&email::hash(address));
    edit_member(state, wanted, address, now, |member| {
        member.status = Status::Subscribed;
        member.unsubscribed_by = None;
        member.unsubscribed_at = None;
        member.bounced = false;
        member.timestamp_opt = Some(now);
    })
}

pub(super) fn clean(
    state: &mut State,
    wanted: Option<&str>,
    address: &str,
    now: Seconds,
) -> Result<Value, ControlError> {
    edit_member(state, wanted, address, now, |member| {
        member.status = Status::Cleaned;
        member.bounced = true;
    })
}

pub(super) fn archive(
    state: &mut State,
    wanted: Option<&str>,
    address: &str,
    now: Seconds,
) -> Result<Value, ControlError> {
    edit_member(state, wanted, address, now, |member| {
        member.status = Status::Archived;
    })
}

pub(super) fn forget(
    state: &mut State,
    wanted: Option<&str>,
    address: &str,
) -> Result<Value, ControlError> {
    let hash = email::hash(address);
    membership::erase(list_of(state, wanted)?, &hash);
    Ok(json!({"id": hash}))
}

pub(super) fn add(
    state: &mut State,
    wanted: Option<&str>,
    address: &str,
    status: Option<Status>,
    merge_fields: Map<String, Value>,
    now: Seconds,
) -> Result<Value, ControlError> {
    let changed = jiff::Timestamp::from_second(now)
        .map_err(|error| ControlError::BadRequest(error.to_string()))?;
    let person = SeedMember {
        email: address.to_owned(),
        status: match status.unwrap_or(Status::Subscribed) {
            Status::Subscribed => SeedStatus::Subscribed,
            Status::Unsubscribed => SeedStatus::Unsubscribed(seed::UnsubscribedBy::Admin),
            Status::Cleaned => SeedStatus::Cleaned,
            Status::Pending => SeedStatus::Pending,
            Status::Transactional => SeedStatus::Transactional,
            Status::Archived => SeedStatus::Archived,
        },
        first_name: String::new(),
        last_name: String::new(),
        address: None,
        phone: None,
        tags: Vec::new(),
        changed,
    };
    let account = &mut state.accounts[0];
    let id = audience(account, wanted)?;
    let list = account
        .lists
        .get_mut(&id)
        .ok_or_else(|| missing("the audience"))?;
    state::seat(list, &person, &mut state.ids);
    edit_member(state, wanted, address, now, |member| {
        set_fields(member, merge_fields);
    })
}

pub(super) fn edit_fields(
    state: &mut State,
    wanted: Option<&str>,
    address: &str,
    merge_fields: Map<String, Value>,
    now: Seconds,
) -> Result<Value, ControlError> {
    edit_member(state, wanted, address, now, |member| {
        set_fields(member, merge_fields);
    })
}

pub(super) fn change_email(
    state: &mut State,
    wanted: Option<&str>,
    address: &str,
    to: &str,
    now: Seconds,
) -> Result<Value, ControlError> {
    let (from, key) = (email::hash(address), email::hash(to));
    let list = list_of(state, wanted)?;
    if !list.members.contains(&from) {
        return Err(missing("the member"));
    }
    tags::rekey(list, &from, &key);
    list.members.rename(&from, &key);
    let contact = list
        .members
        .get(&key)
        .map(|member| member.contact_id.clone());
    list.contacts.extend(contact.map(|contact| (contact, key)));
    edit_member(state, wanted, to, now, |member| {
        to.clone_into(&mut member.email);
    })
}

fn edit_member(
    state: &mut State,
    wanted: Option<&str>,
    address: &str,
    now: Seconds,
    edit: impl FnOnce(&mut Member),
) -> Result<Value, ControlError> {
    let hash = email::hash(address);
    let member = list_of(state, wanted)?
        .members
        .get_mut(&hash)
        .ok_or_else(|| missing("the member"))?;
    edit(member);
    member.last_changed = now;
    Ok(json!({"id": hash, "status": member.status}))
}

fn set_fields(member: &mut Member, fields: Map<String, Value>) {
    for (tag, value) in fields {
        if value.as_str() == Some("") {
            member.merge.remove(&tag);
        } else {
            member.merge.insert(tag, value);
        }
    }
}
