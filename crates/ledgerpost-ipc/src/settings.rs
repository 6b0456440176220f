//! Settings of a connection, the owner's app keys, diagnostics.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::setup::ConnectionSettings;
use crate::start::KeysSource;

/// The settings of a connection, to look at and to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CompanySettings {
    /// The company.
    pub company: String,
    /// Its name.
    pub name: String,
    /// The Mailchimp account's name.
    pub account: String,
    /// The audience's name.
    pub audience: String,
    /// The choices.
    pub settings: ConnectionSettings,
}

/// Changes the choices. The next plan waits for a yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SaveSettings {
    /// The company.
    pub company: String,
    /// The choices.
    pub settings: ConnectionSettings,
}

/// A service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Service {
    /// QuickBooks Online.
    Quickbooks,
    /// Mailchimp.
    Mailchimp,
}

/// App keys that the owner entered. Go in once and never come back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppKeys {
    /// Whose.
    pub service: Service,
    /// The client id.
    pub client_id: String,
    /// The client secret.
    pub client_secret: String,
    /// QuickBooks: whether these are development keys (sandbox companies) and not production keys.
    pub development: bool,
    /// The https relay page that is registered with production QuickBooks keys.
    pub relay: String,
}

impl std::fmt::Debug for AppKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AppKeys(redacted)")
    }
}

/// Names a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ServiceRef {
    /// Which.
    pub service: Service,
}

/// What the keys are for and what to register with the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeysHelp {
    /// Where the keys in use come from.
    pub source: KeysSource,
    /// The redirect address to register with the service.
    pub redirect: String,
}

/// About this program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct About {
    /// Its version.
    pub version: String,
    /// The commit it was built from, where known.
    pub commit: Option<String>,
    /// The operating system.
    pub system: String,
    /// The folder with the data.
    pub data_folder: String,
    /// Its size in kilobytes of 1,000 bytes.
    pub data_kilobytes: u32,
    /// The folder with the logs.
    pub log_folder: Option<String>,
    /// Where tokens are kept: `true` for the keychain, `false` for a file by the owner's choice.
    pub keychain: bool,
}

/// Text for the clipboard: versions, states, codes and counts; no name, address, token or amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostics {
    /// The text, in English, for support.
    pub text: String,
}
