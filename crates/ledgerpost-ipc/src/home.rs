//! Home: how the connection is doing.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Money;
use crate::contacts::SkipCode;
use crate::error::WireError;
use crate::settings::Service;

/// How a connection is doing, from the local files alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Home {
    /// The company's id.
    pub company: String,
    /// Its name.
    pub name: String,
    /// The audience.
    pub audience: String,
    /// Contacts in the audience that count toward the plan, as last read.
    pub audience_contacts: u32,
    /// Customers in the list of contacts.
    pub customers: u32,
    /// The state, in one word; the title says it as a sentence.
    pub state: ConnectionState,
    /// QuickBooks' end of the route.
    pub quickbooks: Health,
    /// Mailchimp's end of the route.
    pub mailchimp: Health,
    /// The last sync that ended.
    pub last_sync: Option<LastSync>,
    /// When the next one is due; nothing when paused or stopped.
    #[ts(type = "string | null")]
    pub next_sync: Option<Timestamp>,
    /// When the copy of the audience on this computer was read last.
    #[ts(type = "string | null")]
    pub backup_at: Option<Timestamp>,
    /// What needs a person, worst first.
    pub attention: Vec<Attention>,
    /// Whether the totals agree; nothing before the first sync.
    pub totals: Option<Totals>,
    /// The last twelve months, oldest first.
    pub months: Vec<Month>,
    /// Metered reads of QuickBooks this month.
    pub calls_this_month: u32,
    /// How many there are in a month on Intuit's free tier.
    pub calls_limit: u32,
}

/// The state of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum ConnectionState {
    /// Both sides agree.
    InStep,
    /// Both sides agree but for some contacts that Mailchimp refuses.
    Except {
        /// How many contacts.
        contacts: u32,
    },
    /// The totals differ and the difference is not explained.
    Differs,
    /// A sync runs.
    Syncing,
    /// The owner paused it.
    Paused,
    /// A plan waits for the owner's yes.
    Waits {
        /// How many changes.
        changes: u32,
    },
    /// A dry run found changes that no sync has sent yet; *sync now* does.
    Unsent {
        /// How many changes.
        changes: u32,
        /// When they were found.
        #[ts(type = "string")]
        found_at: Timestamp,
    },
    /// The first sync was not finished; *sync now* goes on.
    Unfinished,
    /// One service was not reached, or neither; it tries again at `next_sync`.
    Offline {
        /// The one; nothing where there is no internet.
        service: Option<Service>,
    },
    /// The last try failed for a reason that may pass; it tries again at `next_sync`.
    Retrying {
        /// Why.
        error: WireError,
        /// Since when nothing was sent.
        #[ts(type = "string | null")]
        since: Option<Timestamp>,
        /// How often it was tried.
        tries: u32,
    },
    /// Stopped until the owner does something, unless `next_sync` says when it is tried all the same.
    Stopped {
        /// What stopped it.
        error: WireError,
        /// Since when nothing was sent.
        #[ts(type = "string | null")]
        since: Option<Timestamp>,
        /// How often it was tried.
        tries: u32,
    },
    /// Disconnected.
    Disconnected,
}

/// One end of the route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// Whether it answers.
    pub standing: HealthStanding,
    /// Days until the sign-in ends if it is not used; nothing when it never ends.
    pub days_left: Option<u32>,
}

/// Whether a service answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum HealthStanding {
    /// Signed in, answered last time.
    Connected,
    /// Needs a sign-in.
    SignedOut,
    /// Did not answer last time.
    NotReached,
}

/// A sync that ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LastSync {
    /// Its run; nothing when there was nothing to do.
    pub run: Option<String>,
    /// When it ended.
    #[ts(type = "string")]
    pub at: Timestamp,
    /// Changes that were sent.
    pub sent: u32,
    /// Changes that were refused.
    pub refused: u32,
}

/// Something that needs a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Attention {
    /// A service wants a new sign-in, or refuses.
    Stopped {
        /// Why.
        error: WireError,
    },
    /// A plan waits for a yes.
    PlanWaits {
        /// How many changes.
        changes: u32,
    },
    /// Totals differ without a reason.
    TotalsDiffer {
        /// By how much QuickBooks exceeds Mailchimp.
        amount: Money,
        /// Orders that are missing or different.
        orders: u32,
    },
    /// Mailchimp refuses one contact.
    ContactRefused {
        /// The customer.
        customer: String,
        /// Their name.
        name: String,
        /// Why.
        code: SkipCode,
        /// Documents that stay out with them.
        documents: u32,
        /// What those amount to.
        amount: Option<Money>,
    },
    /// Mailchimp refuses several contacts.
    ContactsRefused {
        /// How many.
        count: u32,
        /// Documents that stay out with them.
        documents: u32,
        /// What those amount to.
        amount: Option<Money>,
    },
    /// Customers stay out for a reason that the owner can do something about.
    LeftAlone {
        /// Why.
        code: SkipCode,
        /// How many.
        count: u32,
        /// How many of them since a week.
        new_this_week: u32,
    },
    /// QuickBooks cannot deliver some records.
    Unreadable {
        /// How many.
        count: u32,
    },
    /// The QuickBooks sign-in ends soon.
    SignInEnds {
        /// In how many days.
        days: u32,
    },
    /// The QuickBooks subscription lapsed: the company can be read but not changed.
    SubscriptionLapsed,
    /// Few metered reads are left this month.
    FewCallsLeft {
        /// Used so far.
        used: u32,
        /// In all.
        limit: u32,
    },
}

/// Whether the totals agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// When both sides were compared.
    #[ts(type = "string")]
    pub checked_at: Timestamp,
    /// Contacts that are to be in Mailchimp, and that are.
    pub contacts: CountPair,
    /// Products that are to be in Mailchimp, and that are.
    pub products: CountPair,
    /// Invoices as orders.
    pub invoices: MoneyPair,
    /// Sales receipts as orders.
    pub sales_receipts: MoneyPair,
    /// Both together.
    pub orders: MoneyPair,
    /// What explains the difference of `orders`, by reason; adds up to it.
    pub explained: Vec<Explained>,
    /// What the next sync sends: the part of the difference that is only not sent yet.
    pub waiting: Money,
    /// What is left unexplained; `0.00` unless something is wrong.
    pub unexplained: Money,
    /// Invoices and sales receipts in QuickBooks that are not to be orders, by reason. Together with
    /// `orders` they are everything that QuickBooks has.
    pub left_out: Vec<Explained>,
    /// Everything that QuickBooks has: invoices and sales receipts, less credits that lower them.
    /// `books = orders.quickbooks_total + left_out`.
    pub books: CountAndMoney,
}

/// A count and what it amounts to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CountAndMoney {
    /// How many.
    pub count: u32,
    /// What they amount to.
    pub total: Money,
}

/// Two counts that should be equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CountPair {
    /// QuickBooks.
    pub quickbooks: u32,
    /// Mailchimp.
    pub mailchimp: u32,
}

/// Two counts and sums that should be equal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MoneyPair {
    /// Documents in QuickBooks that can be orders.
    pub quickbooks: u32,
    /// What they amount to, less credits that lower them.
    pub quickbooks_total: Money,
    /// Orders in Mailchimp.
    pub mailchimp: u32,
    /// What they amount to.
    pub mailchimp_total: Money,
    /// `quickbooks_total - mailchimp_total`.
    pub difference: Money,
}

/// A part of the difference with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Explained {
    /// Why.
    pub code: SkipCode,
    /// How many documents.
    pub count: u32,
    /// By how much QuickBooks exceeds Mailchimp because of them.
    pub amount: Money,
}

/// A month. `in_quickbooks - in_mailchimp` is drawn as a gap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Month {
    /// `YYYY-MM`.
    pub month: String,
    /// Sales that can be orders.
    pub in_quickbooks: Money,
    /// Orders.
    pub in_mailchimp: Money,
    /// What explains the gap.
    pub explained: Vec<Explained>,
    /// Contacts in the audience that are customers, at the end of the month; nothing for months before the
    /// connection.
    pub contacts: Option<u32>,
}

/// Pauses or resumes the schedule of a company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetPaused {
    /// The company.
    pub company: String,
    /// Whether nothing is sent until the owner resumes it.
    pub paused: bool,
}

/// Starts a sync.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StartSync {
    /// The company.
    pub company: String,
    /// The owner's yes to a plan that waits ([`crate::review::Review::plan`]); nothing otherwise.
    pub approved_plan: Option<String>,
}
