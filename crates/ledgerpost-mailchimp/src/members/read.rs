//! Reading members.

use ledgerpost_core::address::CompleteAddress;
use ledgerpost_core::destination::{Member, MemberFields, MemberStatus, merge_tag};
use ledgerpost_core::email::MemberHash;
use ledgerpost_core::ids::AudienceId;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::client::Client;
use crate::error::Error;
use crate::page::{Page, Pages};
use crate::request::Request;

/// Which members to read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemberFilter {
    /// Only these. Without a status, archived people are left out (`mailchimp.md` 3.8).
    pub status: Option<MemberStatus>,
    /// Only those who changed after this time, RFC 3339: the start of the last complete reading.
    pub changed_since: Option<String>,
    /// Only those who changed before this time, RFC 3339: the start of this reading. Keeps the pages
    /// from drifting (`mailchimp.md` 2.2).
    pub changed_before: Option<String>,
}

/// How many members have a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct StatusCount {
    /// How many.
    pub total_items: u64,
}

/// Lists members, oldest change first.
pub fn list_members(audience: &AudienceId, filter: &MemberFilter) -> Request {
    let mut request = Request::new("GET /lists/{list_id}/members", &[audience.as_str()])
        .query(
            "fields",
            "members.id,members.email_address,members.status,members.merge_fields,members.tags,\
             members.contact_id,members.last_changed,total_items",
        )
        .query("sort_field", "last_changed")
        .query("sort_dir", "ASC");
    if let Some(status) = filter.status {
        request = request.query("status", status.as_str());
    }
    if let Some(since) = &filter.changed_since {
        request = request.query("since_last_changed", since);
    }
    if let Some(before) = &filter.changed_before {
        request = request.query("before_last_changed", before);
    }
    request
}

/// Lists who is in an audience, by key alone.
pub fn list_member_keys(audience: &AudienceId) -> Request {
    Request::new("GET /lists/{list_id}/members", &[audience.as_str()]).query(
        "fields",
        "members.id,members.status,members.last_changed,total_items",
    )
}

/// Counts members of one status (`mailchimp.md` 3.8): never cached, unlike the audience's figures.
pub fn count_members(audience: &AudienceId, status: MemberStatus) -> Request {
    Request::new("GET /lists/{list_id}/members", &[audience.as_str()])
        .query("status", status.as_str())
        .query("count", "1")
        .query("fields", "total_items")
}

/// Reads one member. Archived ones are found, too (`mailchimp.md` 3.2).
pub fn read_member(audience: &AudienceId, hash: &MemberHash) -> Request {
    Request::new(
        "GET /lists/{list_id}/members/{subscriber_hash}",
        &[audience.as_str(), hash.as_str()],
    )
    .query(
        "fields",
        "id,email_address,status,merge_fields,tags,contact_id,last_changed",
    )
}

#[derive(Deserialize)]
struct MemberPage {
    members: Vec<MemberRow>,
    total_items: u64,
}

/// Who is in an audience, by key alone.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MemberKey {
    /// The key.
    pub id: MemberHash,
    /// Their status.
    pub status: MemberStatus,
    /// RFC 3339.
    #[serde(default)]
    pub last_changed: Option<String>,
}

#[derive(Deserialize)]
struct MemberKeyPage {
    members: Vec<MemberKey>,
    #[serde(default)]
    total_items: u64,
}

impl From<MemberKeyPage> for Page<MemberKey> {
    fn from(page: MemberKeyPage) -> Self {
        Self::new(page.members, page.total_items)
    }
}

#[derive(Deserialize)]
pub(super) struct MemberRow {
    id: MemberHash,
    email_address: String,
    status: MemberStatus,
    /// Lenient: an empty map may come as a list.
    #[serde(default)]
    merge_fields: Value,
    #[serde(default)]
    tags: Vec<TagRow>,
    #[serde(default)]
    contact_id: Option<String>,
    #[serde(default)]
    last_changed: Option<String>,
}

#[derive(Deserialize)]
struct TagRow {
    name: String,
}

impl From<MemberPage> for Page<Member> {
    fn from(page: MemberPage) -> Self {
        Self::new(
            page.members.into_iter().map(Member::from).collect(),
            page.total_items,
        )
    }
}

impl From<MemberRow> for Member {
    fn from(row: MemberRow) -> Self {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        Self {
            hash: row.id,
            email: row.email_address,
            status: row.status,
            fields: row.merge_fields.as_object().map(fields).unwrap_or_default(),
            tags: row.tags.into_iter().map(|tag| tag.name).collect(),
            contact_id: given(row.contact_id),
            last_changed: given(row.last_changed),
        }
    }
}

fn text(values: &Map<String, Value>, name: &str) -> Option<String> {
    match values.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn fields(values: &Map<String, Value>) -> MemberFields {
    MemberFields {
        first_name: text(values, merge_tag::FIRST_NAME),
        last_name: text(values, merge_tag::LAST_NAME),
        phone: text(values, merge_tag::PHONE),
        address: values
            .get(merge_tag::ADDRESS)
            .and_then(Value::as_object)
            .and_then(address),
    }
}

/// A blank address reads back as "", a filled one as an object (`mailchimp.md` 3.3).
fn address(values: &Map<String, Value>) -> Option<CompleteAddress> {
    Some(CompleteAddress {
        addr1: text(values, "addr1")?,
        addr2: text(values, "addr2").unwrap_or_default(),
        city: text(values, "city")?,
        state: text(values, "state")?,
        zip: text(values, "zip")?,
        country: text(values, "country").map(|country| country.to_uppercase()),
    })
}

impl Client {
    /// Reads members page by page. One who changes meanwhile may come twice; keep the later one.
    pub fn list_members(&self, audience: &AudienceId, filter: &MemberFilter) -> Pages<Member> {
        self.pages::<MemberPage, Member>(list_members(audience, filter))
    }

    /// Reads who is in an audience page by page, archived people left out. One who changes meanwhile
    /// may come twice.
    pub fn list_member_keys(&self, audience: &AudienceId) -> Pages<MemberKey> {
        self.pages::<MemberKeyPage, MemberKey>(list_member_keys(audience))
    }

    /// Counts the members of one status.
    pub async fn count_members(
        &self,
        audience: &AudienceId,
        status: MemberStatus,
    ) -> Result<u64, Error> {
        let count: StatusCount = self.read(&count_members(audience, status)).await?;
        Ok(count.total_items)
    }

    /// Reads one member; `None` when the audience never had them.
    pub async fn read_member(
        &self,
        audience: &AudienceId,
        hash: &MemberHash,
    ) -> Result<Option<Member>, Error> {
        let row: Option<MemberRow> = self.find(&read_member(audience, hash)).await?;
        Ok(row.map(Member::from))
    }
}
