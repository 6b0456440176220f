//! What an account holds.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::shelf::Shelf;
use super::time::Seconds;

/// A member's status (`mailchimp.md` 3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    /// Gets marketing.
    Subscribed,
    /// Said no, or was set so.
    Unsubscribed,
    /// Bounced.
    Cleaned,
    /// Was sent a confirmation mail.
    Pending,
    /// "Non-subscribed".
    Transactional,
    /// Put away.
    Archived,
}

impl Status {
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "subscribed" => Self::Subscribed,
            "unsubscribed" => Self::Unsubscribed,
            "cleaned" => Self::Cleaned,
            "pending" => Self::Pending,
            "transactional" => Self::Transactional,
            "archived" => Self::Archived,
            _ => return None,
        })
    }

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Subscribed => "subscribed",
            Self::Unsubscribed => "unsubscribed",
            Self::Cleaned => "cleaned",
            Self::Pending => "pending",
            Self::Transactional => "transactional",
            Self::Archived => "archived",
        }
    }

    /// How close to being mailed a status is. A change to a higher number is a raise, whatever
    /// the service allows.
    pub(crate) const fn reach(self) -> u8 {
        match self {
            Self::Archived | Self::Cleaned => 0,
            Self::Unsubscribed => 1,
            Self::Transactional => 2,
            Self::Pending => 3,
            Self::Subscribed => 4,
        }
    }
}

/// Who ended a subscription; the service keeps it to itself, and it decides who may come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UnsubscribedBy {
    /// By the link in a mail.
    Person,
    /// By the API or in the account's own screens.
    AdminOrApi,
    /// By marking a mail as spam.
    Complaint,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    pub(crate) email: String,
    pub(crate) contact_id: String,
    pub(crate) unique_id: String,
    pub(crate) web_id: u64,
    pub(crate) status: Status,
    pub(crate) unsubscribed_by: Option<UnsubscribedBy>,
    /// Bounced once; archiving does not make that undone.
    pub(crate) bounced: bool,
    pub(crate) email_type: String,
    pub(crate) merge: BTreeMap<String, Value>,
    pub(crate) interests: BTreeSet<String>,
    pub(crate) permissions: BTreeSet<String>,
    pub(crate) language: String,
    pub(crate) vip: bool,
    pub(crate) ip_signup: String,
    pub(crate) timestamp_signup: Option<Seconds>,
    pub(crate) ip_opt: String,
    pub(crate) timestamp_opt: Option<Seconds>,
    pub(crate) unsubscribed_at: Option<Seconds>,
    pub(crate) last_changed: Seconds,
    /// Tag and when it was added.
    pub(crate) tags: BTreeMap<u64, Seconds>,
    pub(crate) source: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Tag {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) created_at: Seconds,
    pub(crate) updated_at: Seconds,
    pub(crate) members: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PhoneFormat {
    Us,
    Free,
}

#[derive(Debug, Clone)]
pub(crate) struct MergeField {
    pub(crate) id: u64,
    pub(crate) tag: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) required: bool,
    pub(crate) default_value: String,
    pub(crate) public: bool,
    pub(crate) display_order: u64,
    pub(crate) options: Map<String, Value>,
    pub(crate) help_text: String,
}

impl MergeField {
    pub(crate) fn phone_format(&self) -> PhoneFormat {
        match self.options.get("phone_format").and_then(Value::as_str) {
            Some("US") => PhoneFormat::Us,
            _ => PhoneFormat::Free,
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Interest {
    pub(crate) name: String,
    pub(crate) display_order: i64,
}

#[derive(Debug)]
pub(crate) struct InterestCategory {
    pub(crate) title: String,
    pub(crate) kind: String,
    pub(crate) display_order: i64,
    pub(crate) interests: Shelf<Interest>,
}

/// A GDPR permission of an audience; readable on its members only (4.5).
#[derive(Debug, Clone)]
pub(crate) struct Permission {
    pub(crate) id: String,
    pub(crate) text: String,
}

/// Counts as they were when last computed; the service caches them for five minutes (4.1).
#[derive(Debug, Clone, Default)]
pub(crate) struct Stats {
    pub(crate) subscribed: usize,
    pub(crate) unsubscribed: usize,
    pub(crate) cleaned: usize,
    pub(crate) total: usize,
    pub(crate) last_sub: Option<Seconds>,
    pub(crate) last_unsub: Option<Seconds>,
}

#[derive(Debug)]
pub(crate) struct List {
    pub(crate) web_id: u64,
    /// What was given when it was created: name, contact, defaults and so on.
    pub(crate) settings: Map<String, Value>,
    pub(crate) double_optin: bool,
    pub(crate) marketing_permissions: bool,
    pub(crate) has_welcome: bool,
    pub(crate) created_at: Seconds,
    pub(crate) members: Shelf<Member>,
    pub(crate) contacts: HashMap<String, String>,
    /// Hashes that were deleted permanently.
    pub(crate) forgotten: HashSet<String>,
    pub(crate) tags: Shelf<Tag>,
    /// Case-folded tag name to id.
    pub(crate) tag_names: HashMap<String, u64>,
    pub(crate) merge_fields: Vec<MergeField>,
    pub(crate) categories: Shelf<InterestCategory>,
    pub(crate) permissions: Vec<Permission>,
    /// Tags that start an automation, case-folded. The API does not list these (section 6).
    pub(crate) tag_automations: HashSet<String>,
    pub(crate) stats: Stats,
    pub(crate) stats_at: Seconds,
}

impl List {
    pub(crate) fn name(&self) -> &str {
        self.settings
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// The hash under which a path finds a member: hash, `contact_id` or the address (3.1).
    pub(crate) fn find(&self, key: &str) -> Option<String> {
        if self.members.contains(key) {
            return Some(key.to_owned());
        }
        if let Some(hash) = self.contacts.get(key) {
            return Some(hash.clone());
        }
        let hash = super::email::hash(key);
        self.members.contains(&hash).then_some(hash)
    }

    pub(crate) fn tag_by_name(&self, name: &str) -> Option<u64> {
        self.tag_names.get(&name.trim().to_lowercase()).copied()
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Customer {
    pub(crate) email: String,
    pub(crate) body: Map<String, Value>,
    pub(crate) opt_in: bool,
    pub(crate) orders: BTreeSet<String>,
    pub(crate) spent: f64,
    pub(crate) created_at: Seconds,
    pub(crate) updated_at: Seconds,
}

#[derive(Debug, Clone)]
pub(crate) struct Variant {
    pub(crate) body: Map<String, Value>,
    pub(crate) created_at: Seconds,
    pub(crate) updated_at: Seconds,
}

#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) body: Map<String, Value>,
    pub(crate) variants: Shelf<Variant>,
}

#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) customer: String,
    /// Everything but id, customer and lines.
    pub(crate) body: Map<String, Value>,
    pub(crate) lines: Shelf<Map<String, Value>>,
}

impl Order {
    pub(crate) fn total(&self) -> f64 {
        self.body
            .get("order_total")
            .and_then(Value::as_f64)
            .unwrap_or_default()
    }
}

#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) list: String,
    pub(crate) body: Map<String, Value>,
    pub(crate) is_syncing: bool,
    /// Whether order confirmations, invoices and shipping notes go out on a live store.
    pub(crate) notifies: bool,
    pub(crate) products: Shelf<Product>,
    pub(crate) customers: Shelf<Customer>,
    /// Customer ids by lower-case address.
    pub(crate) by_email: HashMap<String, BTreeSet<String>>,
    pub(crate) orders: Shelf<Order>,
    pub(crate) created_at: Seconds,
    pub(crate) updated_at: Seconds,
}

#[derive(Debug, Clone)]
pub(crate) struct Automation {
    pub(crate) list: String,
    pub(crate) title: String,
    pub(crate) kind: String,
    pub(crate) status: String,
    pub(crate) created_at: Seconds,
}

/// A business: what one authorisation opens.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) data_center: String,
    pub(crate) plan: String,
    /// `-1`: no limit.
    pub(crate) audience_limit: i64,
    pub(crate) role: String,
    /// Some texts come in the account's language (7.1).
    pub(crate) german: bool,
    pub(crate) user: User,
    pub(crate) lists: Shelf<List>,
    pub(crate) stores: Shelf<Store>,
    pub(crate) automations: Shelf<Automation>,
    pub(crate) batches: Shelf<super::batches::Batch>,
}

/// The person who signs in; one person may have several accounts (1.5).
#[derive(Debug, Clone)]
pub(crate) struct User {
    pub(crate) login_id: u64,
    pub(crate) number: u64,
    pub(crate) login_name: String,
    pub(crate) email: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
}
