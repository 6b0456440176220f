//! What a token endpoint answers.

use std::time::Duration;

use oauth2::basic::BasicTokenType;
use oauth2::{AccessToken, RefreshToken, Scope, TokenResponse};
use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer, Serialize};

use crate::secret::Secret;

/// Tokens as granted. Durations count from the moment of the answer.
#[derive(Debug, Clone)]
pub struct TokenGrant {
    /// Goes into each request.
    pub access: Secret,
    /// How long it works; `None` for ever (Mailchimp).
    pub access_for: Option<Duration>,
    /// Gets the next pair; Mailchimp has none.
    pub refresh: Option<Secret>,
    /// How long it works if it is not used.
    pub refresh_for: Option<Duration>,
    /// How long it works at the most.
    pub hard_for: Option<Duration>,
}

/// The answer as the `oauth2` crate sees it. Its own type wants a `token_type`, which Mailchimp
/// leaves out, and numbers that are numbers, which some intermediaries turn into strings
/// (`quickbooks-online.md` 1.4).
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(super) struct Answer {
    access_token: AccessToken,
    #[serde(default = "bearer", skip)]
    token_type: BasicTokenType,
    #[serde(default, deserialize_with = "lenient_seconds")]
    expires_in: Option<u64>,
    #[serde(default)]
    refresh_token: Option<RefreshToken>,
    #[serde(default, deserialize_with = "lenient_seconds")]
    x_refresh_token_expires_in: Option<u64>,
    #[serde(default, deserialize_with = "lenient_seconds")]
    x_refresh_token_hard_expires_in: Option<u64>,
}

const fn bearer() -> BasicTokenType {
    BasicTokenType::Bearer
}

/// A number, a string that holds one, or null. 0 and null mean "never ends" (`mailchimp.md` 1.1).
fn lenient_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Seconds {
        Number(u64),
        Text(String),
    }
    let seconds = match Option::<Seconds>::deserialize(deserializer)? {
        None => None,
        Some(Seconds::Number(number)) => Some(number),
        Some(Seconds::Text(text)) => Some(text.trim().parse().map_err(|_| {
            D::Error::invalid_value(Unexpected::Other("text"), &"a number of seconds")
        })?),
    };
    Ok(seconds.filter(|seconds| *seconds > 0))
}

impl TokenResponse for Answer {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &self.token_type
    }

    fn expires_in(&self) -> Option<Duration> {
        self.expires_in.map(Duration::from_secs)
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

impl From<Answer> for TokenGrant {
    fn from(answer: Answer) -> Self {
        Self {
            access_for: answer.expires_in(),
            access: Secret::new(answer.access_token.into_secret()),
            refresh: answer
                .refresh_token
                .map(|token| Secret::new(token.into_secret())),
            refresh_for: answer.x_refresh_token_expires_in.map(Duration::from_secs),
            hard_for: answer
                .x_refresh_token_hard_expires_in
                .map(Duration::from_secs),
        }
    }
}
