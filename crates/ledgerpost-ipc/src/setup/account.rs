//! The Mailchimp account: signing up for one, and those that can be reached.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::company::PostalAddress;
use crate::error::WireError;

/// The owner's answers for Mailchimp's sign-up form, and how far they are with it. The password is typed
/// on Mailchimp's page and never here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignUp {
    /// The address that Mailchimp writes to.
    pub email: String,
    /// The user name; the address by default.
    pub user_name: String,
    /// The person's name.
    pub profile_name: String,
    /// The business, shown in every mail.
    pub business_name: String,
    /// Optional.
    pub website: String,
    /// Optional.
    pub phone: String,
    /// Required by law in every mail.
    pub address: PostalAddress,
    /// Steps on Mailchimp's site that are done.
    pub done: Vec<SignUpStep>,
    /// When Mailchimp's page was opened.
    #[ts(type = "string | null")]
    pub opened_at: Option<Timestamp>,
}

/// A step on Mailchimp's site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SignUpStep {
    /// Address and password entered.
    Form,
    /// The activation e-mail opened.
    Activation,
    /// *I'm not a robot* ticked.
    Robot,
    /// A plan chosen.
    Plan,
    /// Business details and address confirmed.
    Details,
}

/// Whether an address can be used to sign up with Mailchimp (`mailchimp.md` 8.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum EmailCheck {
    /// It can.
    Good,
    /// Not an address.
    Invalid,
    /// It speaks for a role, such as `info@`; Mailchimp refuses it.
    Role {
        /// The part before the `@`.
        role: String,
    },
    /// A sample domain such as `example.com`.
    SampleDomain,
}

/// Text to check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Text {
    /// The text.
    pub text: String,
}

/// A Mailchimp account that Ledgerpost can reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MailchimpAccount {
    /// Its id.
    pub account: String,
    /// Its name.
    pub name: String,
    /// The login's e-mail address, as Mailchimp gives it.
    pub email: Option<String>,
    /// Its data centre, such as `us14`.
    pub data_centre: Option<String>,
    /// The role of the user who signed in, in Mailchimp's word: `owner`, `admin`, `manager`, …
    pub role: String,
    /// The kind of plan.
    pub plan: Option<PlanKind>,
    /// Contacts in all its audiences that count toward the plan.
    pub contacts: Option<u32>,
    /// When it was connected.
    #[ts(type = "string")]
    pub connected_at: Timestamp,
    /// Set when it cannot be used now; the other fields are then as last known.
    pub problem: Option<WireError>,
}

/// Mailchimp's kinds of plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PlanKind {
    /// Free: over its limit, sending stops.
    Free,
    /// Monthly: over its limit, Mailchimp charges more.
    Monthly,
    /// Pay as you go: credits for each mail.
    PayAsYouGo,
}

/// An API key that the owner pasted. Goes in once and never comes back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// The key.
    pub key: String,
}

impl std::fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ApiKey(redacted)")
    }
}

/// The address that the browser ended on, pasted. It holds a code: goes in once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PastedAddress {
    /// The address.
    pub address: String,
}

impl std::fmt::Debug for PastedAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PastedAddress(redacted)")
    }
}
