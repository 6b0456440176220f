//! The wizard: sign-ins, account, audience, marketing status.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::WireError;

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

/// A QuickBooks company that was signed in to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectedCompany {
    /// Intuit's id.
    pub company: String,
    /// Its name.
    pub name: String,
}

/// What QuickBooks knows of a company, to fill in forms. Read once per set-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CompanyDetails {
    /// Its name.
    pub name: String,
    /// Its e-mail address.
    pub email: Option<String>,
    /// Its phone number.
    pub phone: Option<String>,
    /// Its website.
    pub website: Option<String>,
    /// Its address.
    pub address: PostalAddress,
    /// Three letters.
    pub currency: String,
    /// Customers in all.
    pub customers: u32,
    /// Customers that can be sent with the settings as they are; nothing until QuickBooks was read.
    pub sendable: Option<u32>,
    /// The customer types in use, by name.
    pub customer_types: Vec<CustomerType>,
    /// Countries of customers' addresses, two letters, with how many customers each.
    pub countries: Vec<CountryCount>,
}

/// A type of customers in QuickBooks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CustomerType {
    /// Its id.
    pub id: String,
    /// Its name, as QuickBooks has it.
    pub name: String,
    /// How many customers have it.
    pub customers: u32,
}

/// A country with how many customers live there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CountryCount {
    /// Two letters (ISO 3166).
    pub country: String,
    /// How many customers.
    pub customers: u32,
}

/// A postal address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PostalAddress {
    /// Street and number.
    pub line1: String,
    /// More of it.
    pub line2: String,
    /// City.
    pub city: String,
    /// State or province.
    pub region: String,
    /// Postal code.
    pub postal_code: String,
    /// Two letters (ISO 3166).
    pub country: String,
}

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

/// Marketing status of people who are new in Mailchimp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum MarketingStatus {
    /// Gets marketing.
    Subscribed,
    /// Set as having said no.
    Unsubscribed,
    /// In the audience, no marketing.
    NotSubscribed,
}

/// Whom a sync may create.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Scope {
    /// Every customer becomes a contact.
    EveryCustomer,
    /// Only customers who are already in the audience.
    OnlyExisting,
}

/// The choices for a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionSettings {
    /// Whom a sync may create.
    pub scope: Scope,
    /// The status of new contacts.
    pub status: MarketingStatus,
    /// On what grounds they agreed; needed when `status` is subscribed, kept in the consent register.
    pub grounds: String,
    /// On an audience with double opt-in: whether *subscribed* may send Mailchimp's confirmation mail.
    pub confirmation_mails: bool,
    /// Rules for groups of customers, the first that fits wins.
    pub rules: Vec<StatusRule>,
    /// Customers with a status of their own; they win over the rules.
    pub exceptions: Vec<StatusException>,
    /// Customers that stay out because the owner said so, by id.
    pub left_alone: Vec<String>,
    /// The tag on every contact that a sync touches; 1 to 100 characters.
    pub tag: String,
    /// Include role addresses.
    pub include_role_addresses: bool,
    /// Include inactive customers who are not in the audience yet.
    pub include_inactive: bool,
    /// Include projects as contacts of their own.
    pub include_projects: bool,
    /// Send names.
    pub names: bool,
    /// Send complete postal addresses.
    pub addresses: bool,
    /// Send phone numbers where the audience has a field for them.
    pub phones: bool,
    /// Invoices become orders.
    pub invoices: bool,
    /// Sales receipts become orders.
    pub sales_receipts: bool,
    /// Items become products.
    pub items: bool,
}

/// A status for a group of customers, should they be new in Mailchimp.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StatusRule {
    /// Whom it is for.
    pub when: RuleCondition,
    /// Their status.
    pub status: MarketingStatus,
    /// How the owner knows; needed for subscribed.
    pub grounds: String,
}

/// Whom a rule is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum RuleCondition {
    /// Customers of a type.
    CustomerType {
        /// The type's id.
        id: String,
        /// Its name, for showing.
        name: String,
    },
    /// Customers with an address in a country.
    Country {
        /// Two letters (ISO 3166).
        country: String,
    },
    /// Customers whose last sale was before a date, or who never bought.
    LastSaleBefore {
        /// The date.
        #[ts(type = "string")]
        date: Date,
    },
    /// Customers whose last sale was on or after a date.
    LastSaleSince {
        /// The date.
        #[ts(type = "string")]
        date: Date,
    },
}

/// A customer with a status of their own, should they be new in Mailchimp.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StatusException {
    /// The customer's id.
    pub customer: String,
    /// Their name, for showing.
    pub name: String,
    /// Their address, for showing.
    pub email: Option<String>,
    /// Their status.
    pub status: MarketingStatus,
    /// How the owner knows.
    pub grounds: String,
}

/// How many new contacts get which status with some settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StatusForecast {
    /// Customers that would be new in the audience.
    pub new_contacts: u32,
    /// Customers who are in it already and keep their status.
    pub already_there: u32,
    /// New ones that become subscribed.
    pub subscribed: u32,
    /// New ones that become unsubscribed.
    pub unsubscribed: u32,
    /// New ones that become not subscribed.
    pub not_subscribed: u32,
}

/// What came of reading a file of exceptions: a CSV file with the columns `email` or `customer`, `status`
/// and `how you know`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionsRead {
    /// The exceptions that could be read; nothing is saved yet.
    pub exceptions: Vec<StatusException>,
    /// Rows that could not.
    pub failed: Vec<FailedRow>,
    /// Nothing when the owner closed the dialog.
    pub file: Option<String>,
}

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FailedRow {
    /// Its line in the file, from 1.
    pub line: u32,
    /// What stood there.
    pub text: String,
    /// What is wrong.
    pub problem: RowProblem,
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RowProblem {
    /// No customer has this name or address.
    UnknownCustomer,
    /// Several customers have it.
    SeveralCustomers,
    /// Not one of the three statuses.
    UnknownStatus,
    /// Subscribed without saying how the owner knows.
    GroundsMissing,
    /// Not a row of the file's columns.
    Unreadable,
    /// The customer stands further up already.
    Twice,
}

/// Customers to choose from, by name or address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CustomerSearch {
    /// The company.
    pub company: String,
    /// What was typed.
    pub text: String,
    /// How many at most.
    pub limit: u32,
}

/// A customer that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CustomerHit {
    /// The customer's id.
    pub customer: String,
    /// Their name.
    pub name: String,
    /// The address they would be known by.
    pub email: Option<String>,
}
