//! Tags, which are static segments (`mailchimp.md` 3.9). Moves 500 people a call.

use ledgerpost_core::email::EmailAddress;
use ledgerpost_core::ids::AudienceId;
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::error::Error;
use crate::page::Page;
use crate::refusal::{Refusal, classify_row};
use crate::request::Request;

/// How many people one call adds to a segment, and how many it takes away (`mailchimp.md` 2).
pub const SEGMENT_LIMIT: usize = 500;

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Tag {
    /// The id of its segment.
    pub id: u64,
    /// Its name. Two names that differ by case are one tag (`mailchimp.md` 3.9).
    pub name: String,
}

/// A static segment: a tag with its members.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Segment {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// How many members have it.
    #[serde(default)]
    pub member_count: u64,
}

/// A refusal that concerns some of the addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentRefusal {
    /// The addresses, as sent.
    pub addresses: Vec<EmailAddress>,
    /// Why.
    pub refusal: Refusal,
}

/// What became of a change to a segment. Addresses that are not in the audience are ignored by
/// Mailchimp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentChanged {
    /// Which addresses were added; folded to lower case.
    pub added: Vec<String>,
    /// Which addresses were taken away; folded to lower case.
    pub removed: Vec<String>,
    /// What was refused.
    pub refused: Vec<SegmentRefusal>,
}

/// Requests for tags and static segments.
pub mod requests {
    use super::{AudienceId, EmailAddress, Error, Request, SEGMENT_LIMIT, Serialize};

    #[derive(Serialize)]
    struct NewSegment<'a> {
        name: &'a str,
        static_segment: &'a [EmailAddress],
    }

    #[derive(Serialize)]
    struct SegmentMove<'a> {
        members_to_add: &'a [EmailAddress],
        members_to_remove: &'a [EmailAddress],
    }

    fn check(emails: &[EmailAddress]) -> Result<(), Error> {
        if emails.len() > SEGMENT_LIMIT {
            return Err(Error::TooManyRows {
                limit: SEGMENT_LIMIT,
                given: emails.len(),
            });
        }
        Ok(())
    }

    /// Finds tags whose name begins so.
    pub fn search_tags(audience: &AudienceId, name: &str) -> Request {
        Request::new("GET /lists/{list_id}/tag-search", &[audience.as_str()]).query("name", name)
    }

    /// Lists the static segments.
    pub fn list_segments(audience: &AudienceId) -> Request {
        Request::new("GET /lists/{list_id}/segments", &[audience.as_str()])
            .query("type", "static")
            .query(
                "fields",
                "segments.id,segments.name,segments.member_count,total_items",
            )
    }

    /// Creates a tag with its first members.
    pub fn create_segment(
        audience: &AudienceId,
        name: &str,
        emails: &[EmailAddress],
    ) -> Result<Request, Error> {
        check(emails)?;
        Ok(
            Request::new("POST /lists/{list_id}/segments", &[audience.as_str()])
                .body(&NewSegment {
                    name,
                    static_segment: emails,
                })
                .only_once(),
        )
    }

    /// Adds people to a tag and takes others away.
    pub fn change_segment(
        audience: &AudienceId,
        segment: u64,
        add: &[EmailAddress],
        remove: &[EmailAddress],
    ) -> Result<Request, Error> {
        check(add)?;
        check(remove)?;
        Ok(Request::new(
            "POST /lists/{list_id}/segments/{segment_id}",
            &[audience.as_str(), &segment.to_string()],
        )
        .body(&SegmentMove {
            members_to_add: add,
            members_to_remove: remove,
        }))
    }
}

#[derive(Deserialize)]
struct TagAnswer {
    tags: Vec<Tag>,
}

#[derive(Deserialize)]
struct SegmentPage {
    segments: Vec<Segment>,
    #[serde(default)]
    total_items: u64,
}

impl From<SegmentPage> for Page<Segment> {
    fn from(page: SegmentPage) -> Self {
        Self::new(page.segments, page.total_items)
    }
}

#[derive(Deserialize)]
struct MoveAnswer {
    #[serde(default)]
    members_added: Vec<MovedRow>,
    #[serde(default)]
    members_removed: Vec<MovedRow>,
    #[serde(default)]
    errors: Vec<ErrorRow>,
}

#[derive(Deserialize)]
struct MovedRow {
    email_address: String,
}

#[derive(Deserialize)]
struct ErrorRow {
    #[serde(default)]
    email_addresses: Vec<String>,
    #[serde(default)]
    error: String,
}

fn changed(answer: MoveAnswer, sent: &[&[EmailAddress]]) -> SegmentChanged {
    let folded = |rows: Vec<MovedRow>| {
        rows.into_iter()
            .map(|row| row.email_address.to_lowercase())
            .collect()
    };
    let refusal = |row: ErrorRow| {
        let named: Vec<String> = row
            .email_addresses
            .iter()
            .map(|a| a.to_lowercase())
            .collect();
        SegmentRefusal {
            addresses: sent
                .iter()
                .flat_map(|emails| emails.iter())
                .filter(|email| named.contains(&email.folded()))
                .cloned()
                .collect(),
            refusal: classify_row("", &row.error, "", ""),
        }
    };
    SegmentChanged {
        added: folded(answer.members_added),
        removed: folded(answer.members_removed),
        refused: answer.errors.into_iter().map(refusal).collect(),
    }
}

impl Client {
    /// Finds tags whose name begins so; all of them for "".
    pub async fn search_tags(&self, audience: &AudienceId, name: &str) -> Result<Vec<Tag>, Error> {
        let answer: TagAnswer = self.read(&requests::search_tags(audience, name)).await?;
        Ok(answer.tags)
    }

    /// Lists the audience's static segments.
    pub async fn list_segments(&self, audience: &AudienceId) -> Result<Vec<Segment>, Error> {
        self.read_all::<SegmentPage, _>(requests::list_segments(audience))
            .await
    }

    /// Creates a tag with up to [`SEGMENT_LIMIT`] members. There is no way to keep automations from
    /// firing here: use [`Client::tag_member`] where one could (`mailchimp.md` 3.9).
    ///
    /// # Errors
    /// [`Error::OutcomeUnknown`] when the connection was lost: search the tag before creating it again.
    pub async fn create_segment(
        &self,
        audience: &AudienceId,
        name: &str,
        emails: &[EmailAddress],
    ) -> Result<Segment, Error> {
        self.read(&requests::create_segment(audience, name, emails)?)
            .await
    }

    /// Adds people to a tag and takes others away, up to [`SEGMENT_LIMIT`] each.
    pub async fn change_segment(
        &self,
        audience: &AudienceId,
        segment: u64,
        add: &[EmailAddress],
        remove: &[EmailAddress],
    ) -> Result<SegmentChanged, Error> {
        let request = requests::change_segment(audience, segment, add, remove)?;
        let answer: MoveAnswer = self.read(&request).await?;
        Ok(changed(answer, &[add, remove]))
    }
}
