//! Adding people, up to 500 a call.

use std::collections::HashMap;

use ledgerpost_core::change::{ContactCreate, CreateStatus};
use ledgerpost_core::destination::MemberStatus;
use ledgerpost_core::email::EmailAddress;
use ledgerpost_core::ids::AudienceId;
use serde::{Deserialize, Serialize};

use super::ADD_LIMIT;
use super::patch::MergeValues;
use crate::client::Client;
use crate::error::Error;
use crate::refusal::{Refusal, classify_row};
use crate::request::Request;

/// A person to add.
#[derive(Debug, Clone, Serialize)]
pub struct NewMember {
    /// The address.
    pub email_address: EmailAddress,
    /// The status; only new people get it.
    pub status: CreateStatus,
    /// Values for merge fields.
    #[serde(skip_serializing_if = "MergeValues::is_empty")]
    pub merge_fields: MergeValues,
}

impl From<&ContactCreate> for NewMember {
    fn from(contact: &ContactCreate) -> Self {
        Self {
            email_address: contact.email.clone(),
            status: contact.status,
            merge_fields: MergeValues::of(&contact.fields),
        }
    }
}

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowOutcome {
    /// The person was added.
    Created {
        /// The status that Mailchimp gave.
        status: MemberStatus,
        /// `contact_id`, which survives a change of address.
        contact_id: Option<String>,
    },
    /// The row was refused.
    Refused(Refusal),
    /// Mailchimp's answer does not mention the row: read the member to find out.
    Unreported,
}

/// What became of the rows, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// One outcome for each row.
    pub rows: Vec<RowOutcome>,
}

#[derive(Serialize)]
struct Body<'a> {
    members: &'a [NewMember],
    sync_tags: bool,
    update_existing: bool,
}

/// Adds people. Those who are there already are refused one by one and stay as they are:
/// `update_existing` would change their status (`mailchimp.md` 3.7). Of rows that repeat an address,
/// the first one counts.
pub fn add_members(audience: &AudienceId, members: &[NewMember]) -> Result<Request, Error> {
    if members.len() > ADD_LIMIT {
        return Err(Error::TooManyRows {
            limit: ADD_LIMIT,
            given: members.len(),
        });
    }
    Ok(Request::new("POST /lists/{list_id}", &[audience.as_str()])
        .query("skip_merge_validation", "true")
        .query("skip_duplicate_check", "true")
        .body(&Body {
            members,
            sync_tags: false,
            update_existing: false,
        })
        .only_once())
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    new_members: Vec<CreatedRow>,
    #[serde(default)]
    errors: Vec<ErrorRow>,
}

#[derive(Deserialize)]
struct CreatedRow {
    email_address: String,
    status: MemberStatus,
    #[serde(default)]
    contact_id: Option<String>,
}

#[derive(Deserialize)]
struct ErrorRow {
    #[serde(default)]
    email_address: String,
    #[serde(default)]
    error: String,
    #[serde(default)]
    error_code: String,
    #[serde(default)]
    field: String,
    #[serde(default)]
    field_message: String,
}

fn outcomes(members: &[NewMember], answer: Answer) -> Added {
    let key = |text: &str| text.trim().to_lowercase();
    let mut by_address: HashMap<String, RowOutcome> = HashMap::new();
    for row in answer.errors {
        let refusal = classify_row(&row.error_code, &row.error, &row.field, &row.field_message);
        by_address
            .entry(key(&row.email_address))
            .or_insert(RowOutcome::Refused(refusal));
    }
    // A row that was created and is refused as its own duplicate was created.
    for row in answer.new_members {
        let created = RowOutcome::Created {
            status: row.status,
            contact_id: row.contact_id.filter(|id| !id.is_empty()),
        };
        by_address.insert(key(&row.email_address), created);
    }
    let outcome = |member: &NewMember| {
        by_address
            .get(&member.email_address.folded())
            .cloned()
            .unwrap_or(RowOutcome::Unreported)
    };
    Added {
        rows: members.iter().map(outcome).collect(),
    }
}

impl Client {
    /// Adds up to [`ADD_LIMIT`] people who are not in the audience. Mailchimp answers with success
    /// even if every row was refused, so each row has an outcome of its own.
    ///
    /// # Errors
    /// [`Error::OutcomeUnknown`] when the connection was lost after the request may have arrived:
    /// read the members before adding them again.
    pub async fn add_members(
        &self,
        audience: &AudienceId,
        members: &[NewMember],
    ) -> Result<Added, Error> {
        let request = add_members(audience, members)?;
        let answer: Answer = self.read(&request).await?;
        Ok(outcomes(members, answer))
    }
}
