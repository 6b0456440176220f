//! The audience that a connection goes to.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::company::PostalAddress;

/// Which account's audiences to list, and whose customers to look for in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AudienceQuery {
    /// The company.
    pub company: String,
    /// The Mailchimp account.
    pub account: String,
}

/// The audiences of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Audiences {
    /// The audiences; the recommended one first.
    pub audiences: Vec<Audience>,
    /// Whether the plan allows another one; nothing when Mailchimp does not say.
    pub may_create: Option<bool>,
}

/// An audience that could be the destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Audience {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Exact counts by status.
    pub counts: StatusCounts,
    /// How many of the company's customers are in it already; nothing until QuickBooks was read.
    pub already_customers: Option<u32>,
    /// When a contact in it last changed.
    #[ts(type = "string | null")]
    pub last_changed: Option<Timestamp>,
    /// Whether new people are to confirm by mail.
    pub double_optin: bool,
    /// Whether its forms ask for GDPR permissions.
    pub gdpr_fields: bool,
    /// Whether a welcome automation mails whoever is added as subscribed.
    pub welcome_automation: bool,
    /// Why it is recommended; nothing when it is not.
    pub recommended: Option<Recommendation>,
    /// The company whose store is in it already (`mailchimp.md` 5.2).
    pub used_by: Option<String>,
    /// Which of the fields that Ledgerpost fills exist in it.
    pub fields: AudienceFields,
}

/// Why an audience is recommended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Recommendation {
    /// More customers are in it than in any other.
    MostCustomers,
    /// It is the only one.
    OnlyOne,
    /// It is the largest, and no customer is in any.
    Largest,
}

/// Contacts of an audience by status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StatusCounts {
    /// Get marketing.
    pub subscribed: u32,
    /// Said no.
    pub unsubscribed: u32,
    /// In the audience, no marketing.
    pub not_subscribed: u32,
    /// Have not confirmed yet.
    pub pending: u32,
    /// Bounced.
    pub cleaned: u32,
    /// Archived; they do not count toward the plan.
    pub archived: u32,
}

/// Fields of an audience that Ledgerpost fills when they exist and fit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AudienceFields {
    /// First name.
    pub first_name: bool,
    /// Last name.
    pub last_name: bool,
    /// Address.
    pub address: bool,
    /// Phone.
    pub phone: bool,
    /// Names of fields that are required and that QuickBooks cannot fill.
    pub required: Vec<String>,
}

/// The audience that the connection goes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum AudienceChoice {
    /// One that is there.
    Existing {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
    },
    /// A new one, created when the owner connects and not before.
    New {
        /// What it is created with.
        details: NewAudience,
    },
}

/// What a new audience is created with (`mailchimp.md` 3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NewAudience {
    /// Its name; people may see it when they unsubscribe.
    pub name: String,
    /// The sender's name.
    pub from_name: String,
    /// The sender's address.
    pub from_email: String,
    /// Why people hear from the business; stands at the foot of every campaign.
    pub permission_reminder: String,
    /// The business, for the foot of every campaign.
    pub business_name: String,
    /// Its address.
    pub address: PostalAddress,
    /// Optional.
    pub phone: String,
    /// The language of Mailchimp's forms.
    pub language: crate::start::Language,
}
