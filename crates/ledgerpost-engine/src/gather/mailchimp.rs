//! Reads Mailchimp: the audience and all its members the first time and once a week, the members
//! that changed in between.

use futures_util::{StreamExt as _, pin_mut};
use jiff::{SignedDuration, Timestamp};
use ledgerpost_core::destination::{Audience, Member, MemberStatus};
use ledgerpost_core::ids::AccountId;
use ledgerpost_core::ports::Mirror as _;
use ledgerpost_mailchimp::members::MemberFilter;
use ledgerpost_mailchimp::{Page, Reason};
use ledgerpost_store::Entity as Mirrored;

use super::Depth;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::progress::Phase;

/// The latest `last_changed` that was read, in Mailchimp's own clock.
const MEMBERS: &str = "mailchimp_members";
/// When everything was last read.
const EVERYTHING: &str = "mailchimp_everything";
/// The cursors that say when the copy of the audience was read.
pub const MEMBER_CURSORS: [&str; 2] = [MEMBERS, EVERYTHING];
const COMPARE_EVERY: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Engine {
    /// Reads Mailchimp into its mirror.
    pub(crate) async fn gather_mailchimp(&self, depth: Depth) -> Result<(), EngineError> {
        self.begin_open_phase(Phase::ReadMailchimp);
        self.forget_other_audience()?;
        if depth == Depth::Changes
            && let Some(since) = self.members_cursor()?
        {
            return self.read_members(Some(since), Phase::ReadMailchimp).await;
        }
        self.read_audience().await?;
        let state = self.read_store_state().await?;
        self.store().write::<_, EngineError>(|write| {
            write.store_store_state(state)?;
            write.begin_full_compare(Mirrored::Member, self.now())?;
            Ok(())
        })?;
        self.read_members(None, Phase::ReadMailchimp).await
    }

    /// Reads back the contacts that were written.
    pub(crate) async fn read_back_members(&self) -> Result<(), EngineError> {
        match self.members_cursor()? {
            Some(since) => self.read_members(Some(since), Phase::Verify).await,
            None => self.gather_mailchimp(Depth::Everything).await,
        }
    }

    /// The mirror and the links of an audience say nothing about another one: a plan would take people
    /// for deleted who were never there.
    fn forget_other_audience(&self) -> Result<(), EngineError> {
        let known = self.store().audience()?;
        if known.is_none_or(|known| known.id == *self.audience_id()) {
            return Ok(());
        }
        self.store().write::<_, EngineError>(|write| {
            write.forget_destination()?;
            Ok(())
        })
    }

    /// Reads the audience and its merge fields; owners rename and delete those.
    pub(crate) async fn read_audience(&self) -> Result<(), EngineError> {
        let id = self.audience_id();
        let found = self
            .mailchimp()
            .read_audience(id)
            .await?
            .ok_or(EngineError::AudienceGone)?;
        let known = self.store().audience()?;
        let audience = Audience {
            id: id.clone(),
            account: known.map_or_else(|| AccountId::new(""), |audience| audience.account),
            name: found.name,
            double_optin: found.double_optin,
            has_welcome: found.has_welcome,
            marketing_permissions: found.marketing_permissions,
            sign_up_form: found.sign_up_form,
            merge_fields: self.read_merge_fields().await?,
        };
        self.merge_fields_fresh.set(true);
        self.store().write::<_, EngineError>(|write| {
            write.store_audience(&audience, "")?;
            Ok(())
        })
    }

    async fn read_merge_fields(
        &self,
    ) -> Result<
        std::collections::BTreeMap<String, ledgerpost_core::destination::MergeField>,
        EngineError,
    > {
        let fields = self
            .mailchimp()
            .list_merge_fields(self.audience_id())
            .await?;
        Ok(fields
            .into_iter()
            .map(|field| (field.tag.clone(), field))
            .collect())
    }

    /// Reads the merge fields again before contacts are written; returns whether they are different
    /// from what was planned with.
    pub(crate) async fn merge_fields_changed(&self) -> Result<bool, EngineError> {
        if self.merge_fields_fresh.take() {
            return Ok(false);
        }
        let Some(mut audience) = self.store().audience()? else {
            return Ok(true);
        };
        let fields = self.read_merge_fields().await?;
        if fields == audience.merge_fields {
            return Ok(false);
        }
        audience.merge_fields = fields;
        self.store().write::<_, EngineError>(|write| {
            write.store_audience(&audience, "")?;
            Ok(())
        })?;
        Ok(true)
    }

    fn members_cursor(&self) -> Result<Option<Timestamp>, EngineError> {
        let Some(everything) = self.store().cursor(EVERYTHING)? else {
            return Ok(None);
        };
        if self.now().duration_since(everything.moved_at) >= COMPARE_EVERY {
            return Ok(None);
        }
        let cursor = self.store().cursor(MEMBERS)?;
        Ok(cursor.and_then(|cursor| cursor.value.parse().ok()))
    }

    /// Reads members, archived ones by themselves since a list leaves them out (`mailchimp.md` 3.8).
    async fn read_members(
        &self,
        since: Option<Timestamp>,
        phase: Phase,
    ) -> Result<(), EngineError> {
        let mut latest = since;
        for status in [None, Some(MemberStatus::Archived)] {
            let filter = MemberFilter {
                status,
                changed_since: since.map(|since| since.to_string()),
                changed_before: None,
            };
            let pages = self.mailchimp().list_members(self.audience_id(), &filter);
            pin_mut!(pages);
            while let Some(page) = pages.next().await {
                self.next_group().await?;
                let page = match page {
                    Err(error) if error.is(Reason::NotFound) => {
                        return Err(EngineError::AudienceGone);
                    }
                    other => other?,
                };
                self.let_requests_leave().await;
                self.store().write::<_, EngineError>(|write| {
                    write.store_members(page.items.iter())?;
                    // Not at the end alone: a page of the second that was read last moves no cursor.
                    if since.is_some() {
                        write.welcome_back()?;
                    }
                    Ok(())
                })?;
                latest = latest.max(newest(&page));
                self.advance(phase, page.items.len());
            }
        }
        if since.is_none() || latest != since {
            self.store().write::<_, EngineError>(|write| {
                if since.is_none() {
                    write.end_full_compare(Mirrored::Member)?;
                    write.set_cursor(EVERYTHING, &self.now().to_string(), self.now())?;
                    write.welcome_back()?;
                }
                if let Some(latest) = latest {
                    write.set_cursor(MEMBERS, &latest.to_string(), self.now())?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}

/// Where the next reading may start after this page: the newest change on it. Times are to the
/// second, so another change of that second may be missing from the page, and the second is read
/// again, unless it was over when the page was made.
fn newest(page: &Page<Member>) -> Option<Timestamp> {
    let newest = page.items.iter().filter_map(last_changed).max()?;
    if page.complete_before.is_some_and(|before| newest < before) {
        return Some(newest);
    }
    newest.checked_sub(SignedDuration::from_secs(1)).ok()
}

fn last_changed(member: &Member) -> Option<Timestamp> {
    member.last_changed.as_deref()?.parse().ok()
}
