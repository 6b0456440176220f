//! Edits that somebody makes in Mailchimp's own screens, or a person by the link in a mail.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::model::{Account, List, Member, Status, UnsubscribedBy};
use super::state::{self, State};
use super::time::Seconds;
use super::{email, members_write, orders, tags};
use crate::frame::ControlError;
use crate::seed::{SeedMember, SeedStatus};

/// One edit. `audience` is an id or a name, and the first audience when missing.
#[expect(
    clippy::enum_variant_names,
    reason = "the variants are the words of the control address"
)]
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Edit {
    /// By the person unless said otherwise.
    Unsubscribe {
        email: String,
        by: Option<UnsubscribedBy>,
        audience: Option<String>,
    },
    /// By the person, through a form; the only way back for many.
    Resubscribe {
        email: String,
        audience: Option<String>,
    },
    Clean {
        email: String,
        audience: Option<String>,
    },
    Archive {
        email: String,
        audience: Option<String>,
    },
    Forget {
        email: String,
        audience: Option<String>,
    },
    AddMember {
        email: String,
        status: Option<Status>,
        audience: Option<String>,
        #[serde(default)]
        merge_fields: Map<String, Value>,
    },
    EditFields {
        email: String,
        merge_fields: Map<String, Value>,
        audience: Option<String>,
    },
    ChangeEmail {
        email: String,
        to: String,
        audience: Option<String>,
    },
    DeleteTag {
        name: String,
        audience: Option<String>,
    },
    DeleteMergeField {
        tag: String,
        audience: Option<String>,
    },
    /// `type`, `required` or `phone_format` of a merge field.
    EditMergeField {
        tag: String,
        required: Option<bool>,
        phone_format: Option<String>,
        audience: Option<String>,
    },
    /// Makes a tag start an automation, which the API does not show.
    AutomateTag {
        name: String,
        audience: Option<String>,
    },
    /// Welcome automation and double opt-in of an audience.
    EditAudience {
        audience: Option<String>,
        has_welcome: Option<bool>,
        double_optin: Option<bool>,
    },
    AddPermission {
        audience: Option<String>,
        text: String,
    },
    DeleteAudience {
        audience: Option<String>,
    },
    AddAutomation {
        audience: Option<String>,
        title: String,
        status: Option<String>,
    },
    DeleteOrder {
        store: String,
        order: String,
    },
    DeleteProduct {
        store: String,
        product: String,
    },
    DeleteStore {
        store: String,
    },
    /// Whether a store's order notifications are on.
    EditStore {
        store: String,
        notifies: bool,
    },
    /// The person removes the app, or disables the key: one token, or all of them.
    Revoke {
        token: Option<String>,
    },
    SetRole {
        role: String,
    },
    SetAudienceLimit {
        limit: i64,
    },
}

fn missing(what: &str) -> ControlError {
    ControlError::NotFound(what.to_owned())
}

fn audience(account: &Account, wanted: Option<&str>) -> Result<String, ControlError> {
    account
        .lists
        .iter()
        .find(|(id, list)| wanted.is_none_or(|wanted| wanted == *id || wanted == list.name()))
        .map(|(id, _)| id.to_owned())
        .ok_or_else(|| missing("the audience"))
}

fn list_of<'s>(state: &'s mut State, wanted: Option<&str>) -> Result<&'s mut List, ControlError> {
    let account = &mut state.accounts[0];
    let id = audience(account, wanted)?;
    account
        .lists
        .get_mut(&id)
        .ok_or_else(|| missing("the audience"))
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

/// Makes one edit.
pub(crate) fn apply(state: &mut State, edit: Value, now: Seconds) -> Result<Value, ControlError> {
    let edit: Edit = serde_json::from_value(edit)
        .map_err(|error| ControlError::BadRequest(error.to_string()))?;
    match edit {
        Edit::Unsubscribe { .. }
        | Edit::Resubscribe { .. }
        | Edit::Clean { .. }
        | Edit::Archive { .. }
        | Edit::Forget { .. }
        | Edit::AddMember { .. }
        | Edit::EditFields { .. }
        | Edit::ChangeEmail { .. } => apply_to_person(state, edit, now),
        Edit::DeleteTag { .. }
        | Edit::DeleteMergeField { .. }
        | Edit::EditMergeField { .. }
        | Edit::AutomateTag { .. }
        | Edit::EditAudience { .. }
        | Edit::AddPermission { .. }
        | Edit::DeleteAudience { .. }
        | Edit::AddAutomation { .. } => apply_to_audience(state, edit, now),
        Edit::DeleteOrder { .. }
        | Edit::DeleteProduct { .. }
        | Edit::DeleteStore { .. }
        | Edit::EditStore { .. }
        | Edit::Revoke { .. }
        | Edit::SetRole { .. }
        | Edit::SetAudienceLimit { .. } => apply_to_account(state, edit),
    }
}

fn apply_to_person(state: &mut State, edit: Edit, now: Seconds) -> Result<Value, ControlError> {
    match edit {
        Edit::Unsubscribe {
            email,
            by,
            audience,
        } => edit_member(state, audience.as_deref(), &email, now, |member| {
            member.status = Status::Unsubscribed;
            member.unsubscribed_by = Some(by.unwrap_or(UnsubscribedBy::Person));
            member.unsubscribed_at = Some(now);
        }),
        Edit::Resubscribe { email, audience } => {
            let list = list_of(state, audience.as_deref())?;
            list.forgotten.remove(&email::hash(&email));
            edit_member(state, audience.as_deref(), &email, now, |member| {
                member.status = Status::Subscribed;
                member.unsubscribed_by = None;
                member.unsubscribed_at = None;
                member.bounced = false;
                member.timestamp_opt = Some(now);
            })
        }
        Edit::Clean { email, audience } => {
            edit_member(state, audience.as_deref(), &email, now, |member| {
                member.status = Status::Cleaned;
                member.bounced = true;
            })
        }
        Edit::Archive { email, audience } => {
            edit_member(state, audience.as_deref(), &email, now, |member| {
                member.status = Status::Archived;
            })
        }
        Edit::Forget { email, audience } => {
            let hash = email::hash(&email);
            members_write::erase(list_of(state, audience.as_deref())?, &hash);
            Ok(json!({"id": hash}))
        }
        Edit::AddMember {
            email,
            status,
            audience,
            merge_fields,
        } => add_member(
            state,
            audience.as_deref(),
            &email,
            status,
            merge_fields,
            now,
        ),
        Edit::EditFields {
            email,
            merge_fields,
            audience,
        } => edit_member(state, audience.as_deref(), &email, now, |member| {
            set_fields(member, merge_fields);
        }),
        Edit::ChangeEmail {
            email,
            to,
            audience,
        } => {
            let (from, key) = (email::hash(&email), email::hash(&to));
            let list = list_of(state, audience.as_deref())?;
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
            edit_member(state, audience.as_deref(), &to, now, |member| {
                member.email.clone_from(&to);
            })
        }
        _ => unreachable!("sorted by apply"),
    }
}

fn add_member(
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
            Status::Unsubscribed => SeedStatus::Unsubscribed(crate::seed::UnsubscribedBy::Admin),
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

fn apply_to_audience(state: &mut State, edit: Edit, now: Seconds) -> Result<Value, ControlError> {
    match edit {
        Edit::DeleteTag { name, audience } => {
            let list = list_of(state, audience.as_deref())?;
            let id = list.tag_by_name(&name).ok_or_else(|| missing("the tag"))?;
            tags::remove(list, &id.to_string(), now);
            Ok(json!({"id": id}))
        }
        Edit::DeleteMergeField { tag, audience } => {
            let list = list_of(state, audience.as_deref())?;
            list.merge_fields.retain(|field| field.tag != tag);
            for member in list.members.values_mut() {
                member.merge.remove(&tag);
            }
            Ok(json!({"tag": tag}))
        }
        Edit::EditMergeField {
            tag,
            required,
            phone_format,
            audience,
        } => {
            let field = list_of(state, audience.as_deref())?
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
        Edit::AutomateTag { name, audience } => {
            let list = list_of(state, audience.as_deref())?;
            list.tag_automations.insert(name.trim().to_lowercase());
            Ok(json!({"name": name}))
        }
        Edit::EditAudience {
            audience,
            has_welcome,
            double_optin,
        } => {
            let list = list_of(state, audience.as_deref())?;
            list.has_welcome = has_welcome.unwrap_or(list.has_welcome);
            list.double_optin = double_optin.unwrap_or(list.double_optin);
            Ok(json!({"name": list.name()}))
        }
        Edit::AddPermission { audience, text } => {
            let id = state.ids.hex(10);
            let list = list_of(state, audience.as_deref())?;
            list.marketing_permissions = true;
            list.permissions.push(super::model::Permission {
                id: id.clone(),
                text,
            });
            Ok(json!({"id": id}))
        }
        Edit::DeleteAudience { audience: wanted } => {
            let account = &mut state.accounts[0];
            let id = audience(account, wanted.as_deref())?;
            account.lists.remove(&id);
            Ok(json!({"id": id}))
        }
        Edit::AddAutomation {
            audience: wanted,
            title,
            status,
        } => {
            let id = state.ids.hex(10);
            let account = &mut state.accounts[0];
            let list = audience(account, wanted.as_deref())?;
            let row = super::model::Automation {
                list,
                title,
                kind: "welcomeSeries".to_owned(),
                status: status.unwrap_or_else(|| "sending".to_owned()),
                created_at: now,
            };
            account.automations.put(&id, row);
            Ok(json!({"id": id}))
        }
        _ => unreachable!("sorted by apply"),
    }
}

fn apply_to_account(state: &mut State, edit: Edit) -> Result<Value, ControlError> {
    let account = &mut state.accounts[0];
    match edit {
        Edit::DeleteOrder { store, order } => {
            let store = account
                .stores
                .get_mut(&store)
                .ok_or_else(|| missing("the store"))?;
            orders::remove(store, &order).ok_or_else(|| missing("the order"))?;
            Ok(json!({"id": order}))
        }
        Edit::DeleteProduct { store, product } => {
            let store = account
                .stores
                .get_mut(&store)
                .ok_or_else(|| missing("the store"))?;
            store
                .products
                .remove(&product)
                .ok_or_else(|| missing("the product"))?;
            Ok(json!({"id": product}))
        }
        Edit::DeleteStore { store } => {
            account
                .stores
                .remove(&store)
                .ok_or_else(|| missing("the store"))?;
            Ok(json!({"id": store}))
        }
        Edit::EditStore { store, notifies } => {
            account
                .stores
                .get_mut(&store)
                .ok_or_else(|| missing("the store"))?
                .notifies = notifies;
            Ok(json!({"id": store}))
        }
        Edit::Revoke { token: wanted } => {
            let mut revoked = 0;
            for (token, entry) in &mut state.tokens {
                if wanted.as_ref().is_none_or(|wanted| wanted == token) {
                    entry.revoked = true;
                    revoked += 1;
                }
            }
            Ok(json!({"revoked": revoked}))
        }
        Edit::SetRole { role } => {
            account.role = role;
            Ok(json!({"role": account.role}))
        }
        Edit::SetAudienceLimit { limit } => {
            account.audience_limit = limit;
            Ok(json!({"limit": limit}))
        }
        _ => unreachable!("sorted by apply"),
    }
}
