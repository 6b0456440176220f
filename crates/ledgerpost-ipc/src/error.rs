//! Errors as the window gets them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::settings::Service;

/// What kind of failure, as far as the window does something different about it. One table in the
/// window maps every code to its words and its action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// A fault of ours; the log has the details.
    Internal,
    /// The request made no sense to the program; a fault of ours as well.
    BadRequest,
    /// The owner stopped it.
    Stopped,
    /// Another piece of work is under way; it can be stopped or waited for.
    Busy,
    /// No connection to the `service`; no internet where none is named.
    Offline,
    /// The service is down or too slow.
    ServiceDown,
    /// The service asked for slower requests, and kept asking.
    Throttled,
    /// Intuit's metered reads of this month are used up.
    MonthlyQuota,
    /// QuickBooks wants a new sign-in.
    SignInQuickbooks,
    /// Mailchimp wants a new sign-in or key.
    SignInMailchimp,
    /// The user who signed in may not do this (QuickBooks).
    RightsQuickbooks,
    /// The role of the Mailchimp user is too low.
    RoleTooLow,
    /// No keys for QuickBooks: the owner has to enter their own.
    NoKeysQuickbooks,
    /// No keys for Mailchimp: the owner has to enter their own, or use an API key.
    NoKeysMailchimp,
    /// The service refused the app's keys.
    KeysRefused,
    /// The text that was pasted is not the address of this sign-in.
    PastedAddressUnusable,
    /// The sign-in was declined in the browser.
    SignInDeclined,
    /// Ten minutes went by without an answer from the browser.
    SignInTimedOut,
    /// The port for the answer of the browser is taken by another program.
    PortTaken,
    /// That is no API key, or it does not work.
    ApiKeyRefused,
    /// The QuickBooks company is closed or suspended, or Intuit cannot reach it.
    CompanyClosed,
    /// QuickBooks refused.
    QuickbooksRefused,
    /// Mailchimp refused.
    MailchimpRefused,
    /// The Mailchimp account is over its limit of contacts, or its plan ended.
    MailchimpLimit,
    /// The Mailchimp account is paused or closed by Mailchimp.
    MailchimpAccountClosed,
    /// The audience is no longer there.
    AudienceGone,
    /// The company is tied to another audience.
    LinkedElsewhere,
    /// The plan does not allow another audience.
    NoMoreAudiences,
    /// The audience's welcome automation would mail whoever is added as subscribed.
    WouldMail,
    /// A contact's status moved when its order was sent: the run stopped at once.
    StatusMoved,
    /// Subscribing people needs the grounds on which they agreed.
    GroundsMissing,
    /// The plan that was agreed to is no longer the current one: look at it again.
    PlanChanged,
    /// This run cannot be undone.
    CannotUndo,
    /// The company is not tied to an audience, or was disconnected.
    NotConnected,
    /// No company, contact or run of this name.
    NotFound,
    /// The keychain of the operating system is missing or locked.
    KeychainUnavailable,
    /// Another program has the data folder open.
    FolderInUse,
    /// The data folder cannot be written to.
    FolderReadOnly,
    /// The disk is full.
    DiskFull,
    /// The files were written by a newer Ledgerpost.
    NewerFiles,
    /// A file of ours is damaged; it is set aside and read again from the services.
    DamagedFile,
    /// The services file given at the start has an error.
    ServicesFile,
    /// The owner's file could not be written or read.
    FileFailed,
    /// Something that the owner entered needs correcting; `message` says what.
    Invalid,
}

/// A failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WireError {
    /// What kind.
    pub code: ErrorCode,
    /// The details, in English, for support: no personal data, no token. The window shows its own words
    /// first and this under *details*.
    pub message: String,
    /// What the service said to the owner, or which field it is about; in the service's language.
    pub hint: Option<String>,
    /// When trying again makes sense, in seconds.
    pub retry_after_seconds: Option<u32>,
    /// The service that was spoken to, where that is known.
    pub service: Option<Service>,
}
