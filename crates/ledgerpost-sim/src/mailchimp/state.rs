//! Everything that the service holds, and how it starts.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use super::email;
use super::ids::Ids;
use super::journal::Journal;
use super::lists;
use super::model::{Account, List, Member, Status, UnsubscribedBy, User};
use super::shelf::Shelf;
use super::tags;
use super::time::Seconds;
use crate::seed::{self, AccountSeed, SeedAudience, SeedMember, SeedStatus};

/// The data centre of every account here.
pub(crate) const DATA_CENTER: &str = "us14";
/// The API key of the first account: 32 digits and the data centre (1.7).
pub const API_KEY: &str = "5f1d7a3c9e2b48d6a0c4e8f21b3d5a7c-us14";

#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) account: usize,
    pub(crate) revoked: bool,
}

/// An authorisation code.
#[derive(Debug)]
pub(crate) struct Code {
    pub(crate) account: usize,
    pub(crate) redirect_uri: String,
    pub(crate) expires_at: Seconds,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) accounts: Vec<Account>,
    pub(crate) tokens: HashMap<String, Token>,
    pub(crate) codes: HashMap<String, Code>,
    pub(crate) journal: Journal,
    pub(crate) ids: Ids,
    /// Batches in which an operation failed oddly, and result fetches that found nothing yet.
    pub(crate) odd_failures: u32,
    pub(crate) unavailable: u32,
}

impl State {
    pub(crate) fn new(seed: &AccountSeed, number: u64, now: Seconds) -> Self {
        let mut ids = Ids::new(number);
        let accounts = vec![first(seed, &mut ids, now), second(&mut ids, now)];
        let key = Token {
            account: 0,
            revoked: false,
        };
        Self {
            accounts,
            tokens: HashMap::from([(API_KEY.to_owned(), key)]),
            codes: HashMap::new(),
            journal: Journal::default(),
            ids,
            odd_failures: 0,
            unavailable: 0,
        }
    }

    /// The account that a credential opens; `Err(true)`: it did once.
    pub(crate) fn account_of(&self, token: &str) -> Result<usize, bool> {
        match self.tokens.get(token) {
            Some(token) if token.revoked => Err(true),
            Some(token) => Ok(token.account),
            None => Err(false),
        }
    }
}

fn user() -> User {
    User {
        login_id: 234_567,
        number: 123_456,
        login_name: "tidewaterowner".to_owned(),
        email: "owner@tidewater-ceramics.test".to_owned(),
        first_name: "Morgan".to_owned(),
        last_name: "Reyes".to_owned(),
    }
}

fn account(id: &str, name: &str) -> Account {
    Account {
        id: id.to_owned(),
        name: name.to_owned(),
        data_center: DATA_CENTER.to_owned(),
        plan: "monthly".to_owned(),
        audience_limit: 5,
        role: "admin".to_owned(),
        german: false,
        user: user(),
        lists: Shelf::default(),
        stores: Shelf::default(),
        automations: Shelf::default(),
        batches: Shelf::default(),
    }
}

/// What an audience was created with.
pub(crate) fn settings(name: &str, company: &str) -> Map<String, Value> {
    let value = json!({
        "name": name,
        "contact": {
            "company": company, "address1": "1 Main St", "address2": "", "city": "Salem",
            "state": "OR", "zip": "97301", "country": "US", "phone": "",
        },
        "permission_reminder": "You are getting this because you bought from us.",
        "use_archive_bar": true,
        "campaign_defaults": {
            "from_name": company, "from_email": "hello@tidewater-ceramics.test", "subject": "",
            "language": "en",
        },
        "notify_on_subscribe": "", "notify_on_unsubscribe": "", "email_type_option": false,
    });
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn first(seed: &AccountSeed, ids: &mut Ids, now: Seconds) -> Account {
    let mut account = account("8d3a3db4d97663a9074efcc16", &seed.name);
    for audience in &seed.audiences {
        let id = ids.hex(10);
        let list = audience_of(audience, &seed.name, ids, now);
        account.lists.put(&id, list);
    }
    account
}

/// A second account of the same person for the picker: a German one whose plan is full.
fn second(ids: &mut Ids, now: Seconds) -> Account {
    let mut account = account("1f0c6a9be4d25783cc90ab617", "Hafenladen Keramik");
    "forever_free".clone_into(&mut account.plan);
    account.audience_limit = 1;
    account.german = true;
    let list = lists::empty(
        ids.number(),
        settings("Kundschaft", "Hafenladen Keramik"),
        now,
    );
    account.lists.put(&ids.hex(10), list);
    account
}

fn audience_of(seed: &SeedAudience, company: &str, ids: &mut Ids, now: Seconds) -> List {
    let mut list = lists::empty(ids.number(), settings(&seed.name, company), now);
    list.double_optin = seed.double_opt_in;
    list.has_welcome = seed.has_welcome;
    for person in &seed.members {
        seat(&mut list, person, ids);
    }
    list.stats = lists::count(&list);
    list
}

/// The status of a seeded person and who ended a subscription; nothing for one who is deleted for good.
fn status_of(seeded: SeedStatus) -> Option<(Status, Option<UnsubscribedBy>)> {
    Some(match seeded {
        SeedStatus::Forgotten => return None,
        SeedStatus::Subscribed => (Status::Subscribed, None),
        SeedStatus::Unsubscribed(seed::UnsubscribedBy::Person) => {
            (Status::Unsubscribed, Some(UnsubscribedBy::Person))
        }
        SeedStatus::Unsubscribed(seed::UnsubscribedBy::Admin) => {
            (Status::Unsubscribed, Some(UnsubscribedBy::AdminOrApi))
        }
        SeedStatus::Cleaned => (Status::Cleaned, None),
        SeedStatus::Pending => (Status::Pending, None),
        SeedStatus::Transactional => (Status::Transactional, None),
        SeedStatus::Archived => (Status::Archived, None),
    })
}

/// Puts a seeded person into an audience.
pub(crate) fn seat(list: &mut List, person: &SeedMember, ids: &mut Ids) {
    let hash = email::hash(&person.email);
    let Some((status, by)) = status_of(person.status) else {
        list.forgotten.insert(hash);
        return;
    };
    // Whoever was erased and fills in a form is a member like any other.
    list.forgotten.remove(&hash);
    let at = person.changed.as_second();
    let mut member = Member {
        email: person.email.clone(),
        contact_id: ids.hex(32),
        unique_id: ids.hex(10),
        web_id: ids.number(),
        status,
        unsubscribed_by: by,
        bounced: status == Status::Cleaned,
        email_type: "html".to_owned(),
        merge: std::collections::BTreeMap::new(),
        interests: BTreeSet::new(),
        permissions: BTreeSet::new(),
        language: String::new(),
        vip: false,
        ip_signup: String::new(),
        timestamp_signup: None,
        ip_opt: "203.0.113.9".to_owned(),
        timestamp_opt: Some(at),
        unsubscribed_at: (status == Status::Unsubscribed).then_some(at),
        last_changed: at,
        tags: std::collections::BTreeMap::new(),
        source: "Import".to_owned(),
    };
    let mut set = |tag: &str, value: Value| {
        if value.as_str() != Some("") {
            member.merge.insert(tag.to_owned(), value);
        }
    };
    set("FNAME", json!(person.first_name));
    set("LNAME", json!(person.last_name));
    set("PHONE", json!(person.phone.as_deref().unwrap_or_default()));
    if let Some(address) = &person.address {
        let value = json!({
            "addr1": address.addr1, "addr2": address.addr2, "city": address.city,
            "state": address.state, "zip": address.zip, "country": address.country,
        });
        set("ADDRESS", value);
    }
    list.contacts
        .insert(member.contact_id.clone(), hash.clone());
    list.members.put(&hash, member);
    for name in &person.tags {
        let Ok(id) = tags::ensure(list, ids.number(), name, at) else {
            continue;
        };
        if let Some(member) = list.members.get_mut(&hash) {
            member.tags.insert(id, at);
        }
        if let Some(tag) = list.tags.get_mut(&id.to_string()) {
            tag.members.insert(hash.clone());
        }
    }
}
