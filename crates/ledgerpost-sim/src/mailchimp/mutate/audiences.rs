//! Edits of an audience: its tags, fields, permissions and automations.

use serde_json::{Value, json};

use super::super::model::{Automation, List, Permission};
use super::super::state::State;
use super::super::tags;
use super::super::time::Seconds;
use super::{audience, list_of, missing};
use crate::frame::ControlError;

pub(super) fn delete_tag(list: &mut List, name: &str, now: Seconds) -> Result<Value, ControlError> {
    let id = list.tag_by_name(name).ok_or_else(|| missing("the tag"))?;
    tags::remove(list, &id.to_string(), now);
    Ok(json!({"id": id}))
}

pub(super) fn delete_merge_field(list: &mut List, tag: &str) -> Value {
    list.merge_fields.retain(|field| field.tag != tag);
    for member in list.members.values_mut() {
        member.merge.remove(tag);
    }
    json!({"tag": tag})
}

pub(super) fn edit_merge_field(
    list: &mut List,
    tag: &str,
    required: Option<bool>,
    phone_format: Option<String>,
) -> Result<Value, ControlError> {
    let field = list
        .merge_fields
        .iter_mut()
        .find(|field| field.tag == tag)
        .ok_or_else(|| missing("the merge field"))?;
    field.required = required.unwrap_or(field.required);
    if let Some(format) = phone_format {
        field
            .options
            .insert("phone_format".to_owned(), json!(format));
    }
    Ok(json!({"tag": tag}))
}

pub(super) fn automate_tag(list: &mut List, name: &str) -> Value {
    list.tag_automations.insert(name.trim().to_lowercase());
    json!({"name": name})
}

pub(super) fn edit(
    list: &mut List,
    has_welcome: Option<bool>,
    double_optin: Option<bool>,
) -> Value {
    list.has_welcome = has_welcome.unwrap_or(list.has_welcome);
    list.double_optin = double_optin.unwrap_or(list.double_optin);
    json!({"name": list.name()})
}

pub(super) fn add_permission(
    state: &mut State,
    wanted: Option<&str>,
    text: String,
) -> Result<Value, ControlError> {
    let id = state.ids.hex(10);
    let list = list_of(state, wanted)?;
    list.marketing_permissions = true;
    list.permissions.push(Permission {
        id: id.clone(),
        text,
    });
    Ok(json!({"id": id}))
}

pub(super) fn delete(state: &mut State, wanted: Option<&str>) -> Result<Value, ControlError> {
    let account = &mut state.accounts[0];
    let id = audience(account, wanted)?;
    account.lists.remove(&id);
    Ok(json!({"id": id}))
}

pub(super) fn add_automation(
    state: &mut State,
    wanted: Option<&str>,
    title: String,
    status: Option<String>,
    now: Seconds,
) -> Result<Value, ControlError> {
    let id = state.ids.hex(10);
    let account = &mut state.accounts[0];
    let list = audience(account, wanted)?;
    let row = Automation {
        list,
        title,
        kind: "welcomeSeries".to_owned(),
        status: status.unwrap_or_else(|| "sending".to_owned()),
        created_at: now,
    };
    account.automations.put(&id, row);
    Ok(json!({"id": id}))
}
