//! The wizard: sign-ins, account, audience, marketing status.

mod account;
mod audience;
mod choices;
mod company;

pub use account::{
    ApiKey, EmailCheck, MailchimpAccount, PastedAddress, PlanKind, SignUp, SignUpStep, Text,
};
pub use audience::{
    Audience, AudienceChoice, AudienceFields, AudienceQuery, Audiences, NewAudience,
    Recommendation, StatusCounts,
};
pub use choices::{
    ConnectionSettings, ExceptionsRead, FailedRow, MarketingStatus, RowProblem, RuleCondition,
    Scope, StatusException, StatusForecast, StatusRule,
};
pub use company::{
    CompanyDetails, ConnectedCompany, CountryCount, CustomerHit, CustomerSearch, CustomerType,
    PostalAddress,
};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A step of the wizard, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// Sign in to QuickBooks.
    Quickbooks,
    /// The Mailchimp account.
    Account,
    /// The audience.
    Audience,
    /// The marketing status.
    Status,
    /// The dry run.
    Review,
    /// The first sync.
    Sync,
}

/// A set-up as far as it is. Saved at every change: closing loses nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    /// The step that is open.
    pub step: Step,
    /// The company, once signed in.
    pub company: Option<ConnectedCompany>,
    /// The Mailchimp account that was chosen.
    pub account: Option<String>,
    /// The audience that was chosen.
    pub audience: Option<AudienceChoice>,
    /// Answers for Mailchimp's sign-up form; nothing until *I need one* was opened.
    pub sign_up: Option<SignUp>,
    /// The connection's settings.
    pub settings: ConnectionSettings,
}
