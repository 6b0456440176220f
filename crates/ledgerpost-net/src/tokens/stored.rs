//! A sign-in as the secret store holds it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;

use super::SignInHealth;
use crate::oauth::TokenGrant;
use crate::secret::{Secret, serialize_exposed, serialize_exposed_option};

/// Intuit's field says 101 days, its text 100: count on 100 (`quickbooks-online.md` 1.5).
const LONGEST_ROLLING: Duration = Duration::from_hours(100 * 24);

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct StoredSignIn {
    version: u32,
    #[serde(serialize_with = "serialize_exposed")]
    pub(super) access_token: Secret,
    #[serde(serialize_with = "serialize_exposed_option")]
    pub(super) refresh_token: Option<Secret>,
    issued_at: Timestamp,
    access_until: Option<Timestamp>,
    refresh_until: Option<Timestamp>,
    hard_until: Option<Timestamp>,
    pub(super) api_base_url: Option<Url>,
}

impl StoredSignIn {
    /// What was granted, on top of what was there before: an answer that leaves out the refresh
    /// token or the end of its life means that they did not change.
    pub(super) fn from_grant(
        grant: TokenGrant,
        now: Timestamp,
        api_base_url: Option<Url>,
        before: Option<&Self>,
    ) -> Self {
        let after = |span: Duration| later(now, span);
        let refresh_for = grant.refresh_for.map(|span| span.min(LONGEST_ROLLING));
        Self {
            version: 1,
            access_until: grant.access_for.map(after),
            refresh_until: refresh_for
                .map(after)
                .or_else(|| before.and_then(|before| before.refresh_until)),
            hard_until: grant
                .hard_for
                .map(after)
                .or_else(|| before.and_then(|before| before.hard_until)),
            access_token: grant.access,
            refresh_token: grant
                .refresh
                .or_else(|| before.and_then(|before| before.refresh_token.clone())),
            issued_at: now,
            api_base_url,
        }
    }

    pub(super) fn parse(text: &Secret) -> Option<Self> {
        serde_json::from_str::<Self>(text.expose())
            .ok()
            .filter(|sign_in| sign_in.version == 1)
    }

    pub(super) fn to_text(&self) -> Secret {
        Secret::new(serde_json::to_string(self).expect("texts and times always serialise"))
    }

    /// Whether the access token works for at least `early` more.
    pub(super) fn is_fresh(&self, now: Timestamp, early: Duration) -> bool {
        self.access_until
            .is_none_or(|until| later(now, early) < until)
    }

    pub(super) fn health(&self) -> SignInHealth {
        SignInHealth {
            issued_at: self.issued_at,
            access_until: self.access_until,
            refresh_until: self.refresh_until,
            hard_until: self.hard_until,
        }
    }
}

/// Absurd spans end at the end of time instead of in a panic: they come from outside.
fn later(now: Timestamp, span: Duration) -> Timestamp {
    SignedDuration::try_from(span)
        .ok()
        .and_then(|span| now.checked_add(span).ok())
        .unwrap_or(Timestamp::MAX)
}
