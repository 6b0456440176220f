//! Members of an audience (`mailchimp.md` 3).

mod add;
mod patch;
mod read;

use ledgerpost_core::email::MemberHash;
use ledgerpost_core::ids::AudienceId;
use serde::Serialize;

use crate::client::Client;
use crate::error::Error;
use crate::request::{Request, Write};

pub use add::{Added, NewMember, RowOutcome};
pub use patch::{MemberPatch, MergeValue, MergeValues};
pub use read::{MemberFilter, MemberKey, StatusCount};

/// How many people one call adds (`mailchimp.md` 2).
pub const ADD_LIMIT: usize = 500;

/// Requests for members.
pub mod requests {
    use super::{AudienceId, MemberHash, Request, Serialize, Write};

    pub use super::add::add_members;
    pub use super::patch::update_member;
    pub use super::read::{count_members, list_member_keys, list_members, read_member};

    #[derive(Serialize)]
    struct TagBody<'a> {
        tags: [TagChange<'a>; 1],
        is_syncing: bool,
    }

    #[derive(Serialize)]
    struct TagChange<'a> {
        name: &'a str,
        status: &'static str,
    }

    /// Adds or takes away a tag. Always `is_syncing`, which keeps automations from firing
    /// (`mailchimp.md` 3.9).
    pub fn tag_member(audience: &AudienceId, hash: &MemberHash, tag: &str, active: bool) -> Write {
        let status = if active { "active" } else { "inactive" };
        Write::new(
            Request::new(
                "POST /lists/{list_id}/members/{subscriber_hash}/tags",
                &[audience.as_str(), hash.as_str()],
            )
            .body(&TagBody {
                tags: [TagChange { name: tag, status }],
                is_syncing: true,
            }),
        )
    }

    /// Archives a member. People who bounced, are pending or are archived already are refused with
    /// [`crate::Reason::CannotArchive`] (`mailchimp.md` 7.2).
    pub fn archive_member(audience: &AudienceId, hash: &MemberHash) -> Write {
        Write::new(Request::new(
            "DELETE /lists/{list_id}/members/{subscriber_hash}",
            &[audience.as_str(), hash.as_str()],
        ))
    }
}

impl Client {
    /// Adds or takes away a member's tag without setting off automations.
    pub async fn tag_member(
        &self,
        audience: &AudienceId,
        hash: &MemberHash,
        tag: &str,
        active: bool,
    ) -> Result<(), Error> {
        self.write(&requests::tag_member(audience, hash, tag, active))
            .await
    }

    /// Archives a member.
    pub async fn archive_member(
        &self,
        audience: &AudienceId,
        hash: &MemberHash,
    ) -> Result<(), Error> {
        self.write(&requests::archive_member(audience, hash)).await
    }
}
