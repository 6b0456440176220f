//! What the window asks first, and the owner's preferences.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::setup::Draft;

/// The six languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub enum Language {
    /// English.
    #[serde(rename = "en")]
    English,
    /// German.
    #[serde(rename = "de")]
    German,
    /// French.
    #[serde(rename = "fr")]
    French,
    /// Italian.
    #[serde(rename = "it")]
    Italian,
    /// Brazilian Portuguese.
    #[serde(rename = "pt-BR")]
    BrazilianPortuguese,
    /// Spanish.
    #[serde(rename = "es")]
    Spanish,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// As the operating system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// What closing the window does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum WhenClosed {
    /// Ledgerpost ends; it catches up at the next start.
    #[default]
    Quit,
    /// It stays in the tray and keeps syncing.
    KeepSyncing,
}

/// What the owner prefers, for all companies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Preferences {
    /// The language; nothing means as the system says.
    pub language: Option<Language>,
    /// Light or dark.
    pub theme: Theme,
    /// Minutes between reads while the window is in use; 1 by default, up to 60.
    pub minutes_in_use: u32,
    /// Minutes between reads in the tray; 15 by default, up to 1,440.
    pub minutes_in_tray: u32,
    /// Whether *sign in again* and *needs attention* are shown as notifications; off until asked.
    pub notifications: bool,
    /// Whether Ledgerpost starts with the computer, in the tray.
    pub start_at_login: bool,
    /// What closing the window does.
    pub when_closed: WhenClosed,
    /// Columns of the list of contacts that are shown, in order.
    pub contact_columns: Vec<String>,
}

/// A company, for the switcher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CompanySummary {
    /// Intuit's id.
    pub company: String,
    /// Its name.
    pub name: String,
    /// The audience it is tied to.
    pub audience: Option<String>,
    /// How far it is.
    pub standing: Standing,
}

/// How far a company is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Standing {
    /// Signed in, not yet connected: set-up is to go on.
    SettingUp,
    /// Connected.
    Connected,
    /// Disconnected.
    Disconnected,
}

/// Everything the window needs to draw its first screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Start {
    /// Ledgerpost's version.
    pub version: String,
    /// `linux`, `macos` or `windows`.
    pub platform: String,
    /// The owner's preferences.
    pub preferences: Preferences,
    /// Whether this is the demo: made-up company, simulated services.
    pub demo: bool,
    /// The companies, by name.
    pub companies: Vec<CompanySummary>,
    /// The company that was looked at last.
    pub current: Option<String>,
    /// A set-up that is not finished.
    pub draft: Option<Draft>,
    /// Whether app keys for QuickBooks are there; without them the owner enters their own.
    pub quickbooks_keys: KeysSource,
    /// Whether app keys for Mailchimp are there.
    pub mailchimp_keys: KeysSource,
    /// Damaged files that were set aside at this start; what they held is read again.
    pub set_aside: Vec<String>,
    /// Whether *syncing goes on in the tray* was said once.
    pub told_about_tray: bool,
}

/// Where an app's keys come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum KeysSource {
    /// None: the owner has to enter their own.
    Missing,
    /// The owner's, in the keychain.
    Own,
    /// Built in, or from the services file.
    Provided,
}

/// A page that may be opened in the browser. The window names it; the program knows the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Link {
    /// QuickBooks' own first page.
    Quickbooks,
    /// A customer in QuickBooks.
    QuickbooksCustomer {
        /// The company.
        company: String,
        /// The customer's id.
        customer: String,
    },
    /// An invoice or sales receipt in QuickBooks.
    QuickbooksDocument {
        /// The company.
        company: String,
        /// The document's key, such as `inv_130`.
        document: String,
    },
    /// Mailchimp's own first page.
    Mailchimp,
    /// A contact in Mailchimp.
    MailchimpContact {
        /// The company.
        company: String,
        /// The customer's id.
        customer: String,
    },
    /// The audience in Mailchimp.
    MailchimpAudience {
        /// The company.
        company: String,
    },
    /// Mailchimp's page to sign up.
    MailchimpSignUp,
    /// Mailchimp's page of API keys.
    MailchimpApiKeys,
    /// Mailchimp's prices.
    MailchimpPlans,
    /// Where apps are removed in Mailchimp.
    MailchimpConnectedApps,
    /// Where Intuit gives keys to developers.
    IntuitDeveloper,
    /// Where Mailchimp registers apps.
    MailchimpDeveloper,
    /// The folder with the data, in the file manager.
    DataFolder,
    /// The folder with the logs, in the file manager.
    LogFolder,
}
