//! Edits that somebody makes in Mailchimp's own screens, or a person by the link in a mail.

mod account;
mod audiences;
mod people;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::model::{Account, List, Status, UnsubscribedBy};
use super::state::State;
use super::time::Seconds;
use crate::frame::ControlError;

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

/// Makes one edit.
pub(crate) fn apply(state: &mut State, edit: Value, now: Seconds) -> Result<Value, ControlError> {
    let edit: Edit = serde_json::from_value(edit)
        .map_err(|error| ControlError::BadRequest(error.to_string()))?;
    match edit {
        Edit::Unsubscribe {
            email,
            by,
            audience,
        } => people::unsubscribe(state, audience.as_deref(), &email, by, now),
        Edit::Resubscribe { email, audience } => {
            people::resubscribe(state, audience.as_deref(), &email, now)
        }
        Edit::Clean { email, audience } => people::clean(state, audience.as_deref(), &email, now),
        Edit::Archive { email, audience } => {
            people::archive(state, audience.as_deref(), &email, now)
        }
        Edit::Forget { email, audience } => people::forget(state, audience.as_deref(), &email),
        Edit::AddMember {
            email,
            status,
            audience,
            merge_fields,
        } => people::add(
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
        } => people::edit_fields(state, audience.as_deref(), &email, merge_fields, now),
        Edit::ChangeEmail {
            email,
            to,
            audience,
        } => people::change_email(state, audience.as_deref(), &email, &to, now),
        Edit::DeleteTag { name, audience } => {
            audiences::delete_tag(list_of(state, audience.as_deref())?, &name, now)
        }
        Edit::DeleteMergeField { tag, audience } => {
            let list = list_of(state, audience.as_deref())?;
            Ok(audiences::delete_merge_field(list, &tag))
        }
        Edit::EditMergeField {
            tag,
            required,
            phone_format,
            audience,
        } => {
            let list = list_of(state, audience.as_deref())?;
            audiences::edit_merge_field(list, &tag, required, phone_format)
        }
        Edit::AutomateTag { name, audience } => {
            let list = list_of(state, audience.as_deref())?;
            Ok(audiences::automate_tag(list, &name))
        }
        Edit::EditAudience {
            audience,
            has_welcome,
            double_optin,
        } => {
            let list = list_of(state, audience.as_deref())?;
            Ok(audiences::edit(list, has_welcome, double_optin))
        }
        Edit::AddPermission { audience, text } => {
            audiences::add_permission(state, audience.as_deref(), text)
        }
        Edit::DeleteAudience { audience } => audiences::delete(state, audience.as_deref()),
        Edit::AddAutomation {
            audience,
            title,
            status,
        } => audiences::add_automation(state, audience.as_deref(), title, status, now),
        Edit::DeleteOrder { store, order } => account::delete_order(state, &store, &order),
        Edit::DeleteProduct { store, product } => account::delete_product(state, &store, &product),
        Edit::DeleteStore { store } => account::delete_store(state, &store),
        Edit::EditStore { store, notifies } => account::edit_store(state, &store, notifies),
        Edit::Revoke { token } => Ok(account::revoke(state, token.as_deref())),
        Edit::SetRole { role } => Ok(account::set_role(state, role)),
        Edit::SetAudienceLimit { limit } => Ok(account::set_audience_limit(state, limit)),
    }
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
