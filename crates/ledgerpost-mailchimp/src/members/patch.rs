//! Changing members, never their status.

use std::collections::BTreeMap;

use ledgerpost_core::address::CompleteAddress;
use ledgerpost_core::change::{ContactUpdate, FieldName};
use ledgerpost_core::destination::{MemberFields, merge_tag};
use ledgerpost_core::email::{EmailAddress, MemberHash};
use ledgerpost_core::ids::AudienceId;
use serde::{Serialize, Serializer};

use crate::client::Client;
use crate::error::Error;
use crate::request::{Request, Write};

/// A value for a merge field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MergeValue {
    /// Clears the field.
    Blank,
    /// A text.
    Text(String),
    /// An address, which Mailchimp takes only complete (`mailchimp.md` 3.10).
    Address(CompleteAddress),
}

#[derive(Serialize)]
struct AddressBody<'a> {
    addr1: &'a str,
    addr2: &'a str,
    city: &'a str,
    state: &'a str,
    zip: &'a str,
    /// Left out, Mailchimp takes the audience's default country.
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<&'a str>,
}

impl Serialize for MergeValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Blank => serializer.serialize_str(""),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Address(address) => AddressBody {
                addr1: &address.addr1,
                addr2: &address.addr2,
                city: &address.city,
                state: &address.state,
                zip: &address.zip,
                country: address.country.as_deref(),
            }
            .serialize(serializer),
        }
    }
}

/// Values for merge fields by tag. A tag that is not among them keeps its value.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct MergeValues(BTreeMap<&'static str, MergeValue>);

impl MergeValues {
    /// The values that are there; what is `None` keeps its value.
    pub fn of(fields: &MemberFields) -> Self {
        let text = |value: &Option<String>| value.clone().map(MergeValue::Text);
        let address = fields.address.clone().map(MergeValue::Address);
        let values = [
            (merge_tag::FIRST_NAME, text(&fields.first_name)),
            (merge_tag::LAST_NAME, text(&fields.last_name)),
            (merge_tag::PHONE, text(&fields.phone)),
            (merge_tag::ADDRESS, address),
        ];
        Self(
            values
                .into_iter()
                .filter_map(|(tag, value)| Some((tag, value?)))
                .collect(),
        )
    }

    /// The values of an update: what is there after it, and blanks for what it clears.
    pub fn of_update(update: &ContactUpdate) -> Self {
        let mut values = Self::of(&update.after);
        for name in &update.clear {
            values.0.insert(tag_of(*name), MergeValue::Blank);
        }
        values
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

const fn tag_of(name: FieldName) -> &'static str {
    match name {
        FieldName::FirstName => merge_tag::FIRST_NAME,
        FieldName::LastName => merge_tag::LAST_NAME,
        FieldName::Phone => merge_tag::PHONE,
        FieldName::Address => merge_tag::ADDRESS,
    }
}

/// What changes about a member. Has no status: an update cannot change one.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MemberPatch {
    /// A new address; the member gets a new hash and keeps everything else (`mailchimp.md` 3.11).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_address: Option<EmailAddress>,
    /// New values for merge fields.
    #[serde(skip_serializing_if = "MergeValues::is_empty")]
    pub merge_fields: MergeValues,
}

impl From<&ContactUpdate> for MemberPatch {
    fn from(update: &ContactUpdate) -> Self {
        Self {
            email_address: None,
            merge_fields: MergeValues::of_update(update),
        }
    }
}

impl MemberPatch {
    /// Gives the member a new address and changes nothing else.
    pub fn moving_to(email: &EmailAddress) -> Self {
        Self {
            email_address: Some(email.clone()),
            merge_fields: MergeValues::default(),
        }
    }
}

/// Changes a member who is there. PATCH, so that nobody can be created by it. Required fields that
/// the owner added to the audience are not asked for, since QuickBooks has no values for them.
pub fn update_member(audience: &AudienceId, hash: &MemberHash, patch: &MemberPatch) -> Write {
    Write::new(
        Request::new(
            "PATCH /lists/{list_id}/members/{subscriber_hash}",
            &[audience.as_str(), hash.as_str()],
        )
        .query("skip_merge_validation", "true")
        .body(patch),
    )
}

impl Client {
    /// Changes a member who is there, never the status.
    pub async fn update_member(
        &self,
        audience: &AudienceId,
        hash: &MemberHash,
        patch: &MemberPatch,
    ) -> Result<(), Error> {
        self.write(&update_member(audience, hash, patch)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> MemberFields {
        MemberFields {
            first_name: Some("Dana".to_owned()),
            phone: Some("503-555-0134".to_owned()),
            ..MemberFields::default()
        }
    }

    #[test]
    fn fields_that_are_not_there_keep_their_values() {
        let json = serde_json::to_string(&MergeValues::of(&fields())).unwrap();
        assert_eq!(json, r#"{"FNAME":"Dana","PHONE":"503-555-0134"}"#);
    }

    #[test]
    fn an_update_blanks_only_what_it_clears() {
        let email = EmailAddress::parse("dana@northfield.test").unwrap();
        let update = ContactUpdate {
            hash: email.hash(),
            email,
            before: fields(),
            after: MemberFields {
                first_name: Some("D.".to_owned()),
                ..MemberFields::default()
            },
            clear: vec![FieldName::Phone],
        };
        let json = serde_json::to_string(&MemberPatch::from(&update)).unwrap();
        assert_eq!(json, r#"{"merge_fields":{"FNAME":"D.","PHONE":""}}"#);
    }
}
