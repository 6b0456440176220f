//! What the API may set a status to, and what follows: the status table of `mailchimp.md` 3.5.

use super::context::Ctx;
use super::model::{Member, Status, UnsubscribedBy};
use super::problem::Problem;
use super::time::Seconds;

/// What a status change means for the mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mail {
    None,
    Confirmation,
    Welcome,
}

impl Ctx<'_> {
    pub(crate) fn mail(&self, mail: Mail, email: &str) {
        match mail {
            Mail::None => {}
            Mail::Confirmation => self.mailing("confirmation", email),
            Mail::Welcome => self.mailing("welcome", email),
        }
    }
}

/// Whether somebody in this state may be set to `wanted` by the API.
pub(crate) fn may_become(member: &Member, wanted: Status, strict: bool) -> Result<(), Problem> {
    if wanted != Status::Subscribed || member.status == Status::Subscribed {
        return Ok(());
    }
    let said_no = match member.unsubscribed_by {
        Some(UnsubscribedBy::Person | UnsubscribedBy::Complaint) => true,
        Some(UnsubscribedBy::AdminOrApi) => strict,
        None => false,
    };
    if said_no || member.bounced {
        return Err(Problem::compliance(&member.email));
    }
    Ok(())
}

/// Sets a status that [`may_become`] let through.
pub(crate) fn become_status(
    member: &mut Member,
    wanted: Status,
    now: Seconds,
    welcome: bool,
) -> Mail {
    let before = member.status;
    if wanted == before && wanted != Status::Pending {
        return Mail::None;
    }
    member.status = wanted;
    match wanted {
        Status::Subscribed => {
            member.unsubscribed_by = None;
            member.unsubscribed_at = None;
            // A resubscription keeps the first opt-in; a revival from the archive does not.
            if before == Status::Archived || member.timestamp_opt.is_none() {
                member.timestamp_opt = Some(now);
            }
        }
        Status::Unsubscribed => {
            member
                .unsubscribed_by
                .get_or_insert(UnsubscribedBy::AdminOrApi);
            member.unsubscribed_at = Some(now);
        }
        Status::Cleaned => member.bounced = true,
        Status::Pending | Status::Transactional | Status::Archived => {
            if before == Status::Archived {
                member.timestamp_opt = Some(now);
            }
        }
    }
    match wanted {
        Status::Pending if before != Status::Pending => Mail::Confirmation,
        Status::Subscribed if welcome => Mail::Welcome,
        _ => Mail::None,
    }
}
