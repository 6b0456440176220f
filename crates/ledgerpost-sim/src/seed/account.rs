//! The Mailchimp account at the start.

use jiff::Timestamp;

/// A Mailchimp account.
#[derive(Debug, Clone)]
pub struct AccountSeed {
    /// The account's name.
    pub name: String,
    /// Contacts that the plan includes.
    pub plan_contacts: u64,
    /// Its audiences; the first is the one that the company's people are in.
    pub audiences: Vec<SeedAudience>,
}

/// An audience.
#[derive(Debug, Clone)]
pub struct SeedAudience {
    /// Its name.
    pub name: String,
    /// Whether new subscribers have to confirm by mail.
    pub double_opt_in: bool,
    /// Whether a welcome mail goes to new subscribers.
    pub has_welcome: bool,
    /// Its people; no two of them share an address.
    pub members: Vec<SeedMember>,
}

/// A person in an audience.
#[derive(Debug, Clone)]
pub struct SeedMember {
    /// The address as Mailchimp spells it, which may be another case than QuickBooks' spelling.
    pub email: String,
    /// Where the person stands.
    pub status: SeedStatus,
    /// `FNAME`; may be empty.
    pub first_name: String,
    /// `LNAME`; may be empty.
    pub last_name: String,
    /// `ADDRESS`, complete.
    pub address: Option<SeedAddress>,
    /// `PHONE`.
    pub phone: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// `last_changed`.
    pub changed: Timestamp,
}

/// Where a person stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SeedStatus {
    /// Gets marketing.
    Subscribed,
    /// Said no, or was set so.
    Unsubscribed(UnsubscribedBy),
    /// Bounced.
    Cleaned,
    /// Has not confirmed.
    Pending,
    /// Not subscribed.
    Transactional,
    /// Put away by the owner.
    Archived,
    /// Permanently deleted: not a member, and refused for good.
    Forgotten,
}

/// Who unsubscribed a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnsubscribedBy {
    /// The person, by the link in a mail.
    Person,
    /// The owner.
    Admin,
}

/// A complete postal address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedAddress {
    /// First line.
    pub addr1: String,
    /// Second line; may be empty.
    pub addr2: String,
    /// City.
    pub city: String,
    /// State.
    pub state: String,
    /// Postal code.
    pub zip: String,
    /// Two letters.
    pub country: String,
}
