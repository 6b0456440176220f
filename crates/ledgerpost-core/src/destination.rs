//! What the Mailchimp mirror holds: an audience, its fields and its members.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::address::CompleteAddress;
use crate::email::MemberHash;
use crate::ids::{AccountId, AudienceId};

/// A member's status (`mailchimp.md` 3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberStatus {
    /// Gets marketing.
    Subscribed,
    /// Said no, or was set so.
    Unsubscribed,
    /// Bounced.
    Cleaned,
    /// Was sent a confirmation mail and has not answered.
    Pending,
    /// "Non-subscribed": in the audience, gets no marketing.
    Transactional,
    /// Put away by the owner; a write may bring it back.
    Archived,
}

impl MemberStatus {
    /// Whether a sync may write name, address, tag and orders to such a member at all. Cleaned and
    /// archived people get nothing (architecture, section 7).
    pub const fn may_be_written(self) -> bool {
        match self {
            Self::Subscribed | Self::Unsubscribed | Self::Pending | Self::Transactional => true,
            Self::Cleaned | Self::Archived => false,
        }
    }

    /// Mailchimp's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Subscribed => "subscribed",
            Self::Unsubscribed => "unsubscribed",
            Self::Cleaned => "cleaned",
            Self::Pending => "pending",
            Self::Transactional => "transactional",
            Self::Archived => "archived",
        }
    }
}

/// A member of the audience, as last read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its key.
    pub hash: MemberHash,
    /// The address, as Mailchimp spells it.
    pub email: String,
    /// Its status.
    pub status: MemberStatus,
    /// The merge fields that we map, as text; blank ones left out.
    pub fields: MemberFields,
    /// Names of its tags.
    pub tags: Vec<String>,
    /// `contact_id`, which survives a change of address.
    pub contact_id: Option<String>,
    /// `last_changed`, RFC 3339.
    pub last_changed: Option<String>,
}

/// The mapped fields of a contact: what the owner sees of a person in Mailchimp.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MemberFields {
    /// First name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Phone, in the form that the audience's field takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Address, only ever complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<CompleteAddress>,
}

/// What a merge field takes (`mailchimp.md` 3.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MergeFieldKind {
    /// Free text.
    Text,
    /// An address object.
    Address,
    /// A phone number in the American form `NNN-NNN-NNNN`.
    PhoneUs,
    /// A phone number in any form.
    PhoneFree,
    /// Anything that we do not write.
    Other,
}

/// A merge field that the audience has. Owners rename and delete them, so they are read before
/// every write (`mailchimp.md` 3.10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeField {
    /// Its tag, such as `FNAME`.
    pub tag: String,
    /// What it takes.
    pub kind: MergeFieldKind,
    /// Whether Mailchimp refuses members without it.
    pub required: bool,
}

/// The audience of a connection, as last read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    /// Its id.
    pub id: AudienceId,
    /// Its account.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// Whether new people are to confirm by mail.
    pub double_optin: bool,
    /// Whether a welcome automation is attached.
    pub has_welcome: bool,
    /// Whether its form asks for GDPR permissions.
    pub marketing_permissions: bool,
    /// The address of its sign-up form: how somebody comes back whom no program may add.
    #[serde(default)]
    pub sign_up_form: Option<String>,
    /// Its merge fields by tag.
    pub merge_fields: BTreeMap<String, MergeField>,
}

/// The merge tags we map to, in their default spelling.
pub mod merge_tag {
    /// First name.
    pub const FIRST_NAME: &str = "FNAME";
    /// Last name.
    pub const LAST_NAME: &str = "LNAME";
    /// Phone.
    pub const PHONE: &str = "PHONE";
    /// Address.
    pub const ADDRESS: &str = "ADDRESS";
}
