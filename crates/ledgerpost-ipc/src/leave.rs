//! Disconnecting.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What disconnecting would do, in the order it happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DisconnectPreview {
    /// The company's name.
    pub name: String,
    /// The audience's name.
    pub audience: String,
    /// Records in the archive that is written first.
    pub archived_records: u32,
    /// Orders that are deleted from Mailchimp.
    pub orders: u32,
    /// Products that are deleted with them.
    pub products: u32,
    /// Contacts that stay in Mailchimp.
    pub contacts: u32,
    /// Whether the Mailchimp sign-in stays because another company uses it.
    pub account_stays: bool,
}

/// How disconnecting ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Disconnected {
    /// Orders that were deleted.
    pub orders: u32,
    /// Products that were deleted.
    pub products: u32,
    /// Contacts that stayed.
    pub contacts: u32,
    /// Where the archive is.
    pub archive: String,
    /// Whether Intuit confirmed that the sign-in is withdrawn.
    pub quickbooks_told: bool,
}
