//! Codes, tokens and their lives (`quickbooks-online.md` 1.3 to 1.6).

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::json::push;
use crate::frame::{OldRefreshToken, Switches};

/// Seconds that an access token lives.
pub(crate) const ACCESS_SECONDS: i64 = 3600;
/// Days that a refresh token lives unless it is used.
const ROLLING_DAYS: i64 = 100;
/// What the token answer says about that: 101 days.
pub(crate) const ROLLING_SECONDS_SHOWN: i64 = 8_726_400;
/// Seconds after which an authorization ends for good: five years.
const HARD_SECONDS: i64 = 157_680_000;
/// Minutes that a code lives.
const CODE_MINUTES: i64 = 10;
/// Calls that an access token survives in the profile `flaky`.
const FLAKY_CALLS: u32 = 120;

/// Which key set of the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keys {
    /// Reach sandbox companies only.
    Development,
    /// Reach real companies only.
    Production,
}

/// What a person agreed to.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    pub(crate) keys: Keys,
    pub(crate) realm: String,
    pub(crate) scope: String,
}

struct Code {
    grant: Grant,
    redirect: String,
    issued: Timestamp,
    used_for: Option<usize>,
}

struct Connection {
    grant: Grant,
    authorized: Timestamp,
    rolling_end: Timestamp,
    current: String,
    current_since: Timestamp,
    old: Vec<(String, Timestamp)>,
    ended: bool,
}

struct Access {
    connection: usize,
    expires: Timestamp,
    calls: u32,
}

/// Tokens as they go out.
#[derive(Debug)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) hard_seconds_left: i64,
    pub(crate) grant: Grant,
}

/// Why a call has no access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoAccess {
    Expired,
    Unknown,
}

/// All codes and tokens.
pub(crate) struct Auth {
    seed: u64,
    made: u64,
    flaky: bool,
    codes: HashMap<String, Code>,
    connections: Vec<Connection>,
    access: HashMap<String, Access>,
}

impl Auth {
    pub(crate) fn new(seed: u64, flaky: bool) -> Self {
        Self {
            seed,
            made: 0,
            flaky,
            codes: HashMap::new(),
            connections: Vec::new(),
            access: HashMap::new(),
        }
    }

    fn text(&mut self, prefix: &str, length: usize) -> String {
        self.made += 1;
        let mut text = prefix.to_owned();
        let mut block = 0_u32;
        while text.len() < length {
            let digest = Sha256::digest(format!("{}/{}/{block}", self.seed, self.made));
            for byte in digest {
                push(&mut text, format_args!("{byte:02x}"));
            }
            block += 1;
        }
        text.truncate(length);
        text
    }

    /// A code for a person who agreed.
    pub(crate) fn issue_code(&mut self, grant: Grant, redirect: &str, now: Timestamp) -> String {
        let code = self.text("XAB1", 50);
        self.codes.insert(
            code.clone(),
            Code {
                grant,
                redirect: redirect.to_owned(),
                issued: now,
                used_for: None,
            },
        );
        code
    }

    /// Exchanges a code; `None` is `invalid_grant`. A second use ends what the first one gave.
    pub(crate) fn exchange(
        &mut self,
        keys: Keys,
        code: &str,
        redirect: &str,
        switches: &Switches,
        now: Timestamp,
    ) -> Option<Tokens> {
        let found = self.codes.get(code)?;
        if let Some(connection) = found.used_for {
            self.end(connection);
            return None;
        }
        let in_time = now <= found.issued + SignedDuration::from_mins(CODE_MINUTES);
        if found.grant.keys != keys || found.redirect != redirect || !in_time {
            return None;
        }
        let grant = found.grant.clone();
        if switches.second_authorization_disconnects {
            for other in &mut self.connections {
                if other.grant.realm == grant.realm && other.grant.keys == grant.keys {
                    other.ended = true;
                }
            }
        }
        let index = self.connections.len();
        let current = self.text("AB11", 50);
        self.connections.push(Connection {
            grant,
            authorized: now,
            rolling_end: now + SignedDuration::from_hours(24 * ROLLING_DAYS),
            current,
            current_since: now,
            old: Vec::new(),
            ended: false,
        });
        if let Some(found) = self.codes.get_mut(code) {
            found.used_for = Some(index);
        }
        Some(self.tokens(index, now))
    }

    fn tokens(&mut self, index: usize, now: Timestamp) -> Tokens {
        let access = self.text("eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0..", 620);
        self.access.insert(
            access.clone(),
            Access {
                connection: index,
                expires: now + SignedDuration::from_secs(ACCESS_SECONDS),
                calls: 0,
            },
        );
        let connection = &self.connections[index];
        let used = now.duration_since(connection.authorized).as_secs();
        Tokens {
            access,
            refresh: connection.current.clone(),
            hard_seconds_left: HARD_SECONDS - used,
            grant: connection.grant.clone(),
        }
    }

    /// Refreshes; `None` is `invalid_grant`. The value changes at the first refresh after a day.
    pub(crate) fn refresh(
        &mut self,
        keys: Keys,
        token: &str,
        switches: &Switches,
        now: Timestamp,
    ) -> Option<Tokens> {
        let index = self.connections.iter().position(|connection| {
            let old_lives = connection
                .old
                .iter()
                .any(|(value, dies)| value == token && now < *dies);
            connection.grant.keys == keys && (connection.current == token || old_lives)
        })?;
        let connection = &self.connections[index];
        let hard_end = connection.authorized + SignedDuration::from_secs(HARD_SECONDS);
        if connection.ended || now >= connection.rolling_end || now >= hard_end {
            return None;
        }
        let day = SignedDuration::from_hours(24);
        let is_current = connection.current == token;
        let due = self.flaky || now >= connection.current_since + day;
        if is_current && due {
            let fresh = self.text("AB11", 50);
            let connection = &mut self.connections[index];
            let replaced = std::mem::replace(&mut connection.current, fresh);
            connection.current_since = now;
            if switches.refresh_old_token == OldRefreshToken::LivesADay {
                connection.old.push((replaced, now + day));
            }
        }
        self.connections[index].rolling_end = now + SignedDuration::from_hours(24 * ROLLING_DAYS);
        Some(self.tokens(index, now))
    }

    /// Ends the connection that a token of either kind belongs to; false for an unknown token.
    pub(crate) fn revoke(&mut self, token: &str) -> bool {
        let index = self
            .access
            .get(token)
            .map(|access| access.connection)
            .or_else(|| {
                self.connections.iter().position(|connection| {
                    connection.current == token
                        || connection.old.iter().any(|(value, _)| value == token)
                })
            })
            .filter(|index| !self.connections[*index].ended);
        if let Some(index) = index {
            self.end(index);
        }
        index.is_some()
    }

    fn end(&mut self, index: usize) {
        self.connections[index].ended = true;
    }

    /// Ends every connection of a company, as its owner can in QuickBooks.
    pub(crate) fn disconnect(&mut self, realm: &str) {
        for connection in &mut self.connections {
            if connection.grant.realm == realm {
                connection.ended = true;
            }
        }
    }

    /// How many connections live.
    pub(crate) fn living(&self) -> usize {
        self.connections
            .iter()
            .filter(|connection| !connection.ended)
            .count()
    }

    /// Whom a bearer token speaks for.
    pub(crate) fn check(&mut self, token: &str, now: Timestamp) -> Result<Grant, NoAccess> {
        let access = self.access.get_mut(token).ok_or(NoAccess::Unknown)?;
        access.calls += 1;
        let worn = self.flaky && access.calls > FLAKY_CALLS;
        let connection = &self.connections[access.connection];
        if connection.ended || now >= access.expires || worn {
            return Err(NoAccess::Expired);
        }
        Ok(connection.grant.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Timestamp {
        crate::seed::end_of_history() + SignedDuration::from_hours(hours)
    }

    fn connected() -> (Auth, Tokens) {
        let mut auth = Auth::new(1, false);
        let grant = Grant {
            keys: Keys::Development,
            realm: "1".to_owned(),
            scope: String::new(),
        };
        let code = auth.issue_code(grant, "http://localhost/callback", at(0));
        let wrong = auth.exchange(
            Keys::Development,
            &code,
            "http://localhost/callback/",
            &Switches::default(),
            at(0),
        );
        assert!(wrong.is_none(), "the redirect has to match exactly");
        let tokens = auth
            .exchange(
                Keys::Development,
                &code,
                "http://localhost/callback",
                &Switches::default(),
                at(0),
            )
            .unwrap();
        (auth, tokens)
    }

    fn refresh(auth: &mut Auth, token: &str, switches: &Switches, hours: i64) -> Option<Tokens> {
        auth.refresh(Keys::Development, token, switches, at(hours))
    }

    #[test]
    fn the_refresh_token_changes_after_a_day_and_the_old_one_dies() {
        let (mut auth, first) = connected();
        let all = Switches::default();
        let same = refresh(&mut auth, &first.refresh, &all, 23).unwrap();
        assert_eq!(same.refresh, first.refresh);
        let next = refresh(&mut auth, &first.refresh, &all, 25).unwrap();
        assert_ne!(next.refresh, first.refresh);
        assert!(refresh(&mut auth, &first.refresh, &all, 25).is_none());
        assert!(refresh(&mut auth, &next.refresh, &all, 25).is_some());
    }

    #[test]
    fn the_old_one_lives_a_day_when_the_switch_says_so() {
        let (mut auth, first) = connected();
        let kind = Switches {
            refresh_old_token: OldRefreshToken::LivesADay,
            ..Switches::default()
        };
        let next = refresh(&mut auth, &first.refresh, &kind, 25).unwrap();
        let again = refresh(&mut auth, &first.refresh, &kind, 26).unwrap();
        assert_eq!(again.refresh, next.refresh);
        assert!(refresh(&mut auth, &first.refresh, &kind, 50).is_none());
    }

    #[test]
    fn a_hundred_days_without_use_and_five_years_with_it_are_the_end() {
        let (mut auth, first) = connected();
        let all = Switches::default();
        assert!(refresh(&mut auth, &first.refresh, &all, 24 * 101).is_none());
        let (mut auth, first) = connected();
        let mut token = first.refresh;
        let mut hours = 0;
        while let Some(next) = refresh(&mut auth, &token, &all, hours) {
            token = next.refresh;
            hours += 24 * 90;
        }
        assert!((24 * 365 * 5..24 * 365 * 5 + 24 * 91).contains(&hours));
    }

    #[test]
    fn revoking_either_token_ends_both() {
        for kind in [0, 1] {
            let (mut auth, tokens) = connected();
            let named = [&tokens.access, &tokens.refresh][kind];
            assert!(auth.revoke(named));
            assert!(!auth.revoke(named));
            assert!(auth.check(&tokens.access, at(0)).is_err());
            assert!(refresh(&mut auth, &tokens.refresh, &Switches::default(), 0).is_none());
        }
    }

    #[test]
    fn access_ends_after_an_hour() {
        let (mut auth, tokens) = connected();
        assert!(auth.check(&tokens.access, at(0)).is_ok());
        assert_eq!(
            auth.check(&tokens.access, at(1)).unwrap_err(),
            NoAccess::Expired
        );
        assert_eq!(auth.check("made-up", at(0)).unwrap_err(), NoAccess::Unknown);
    }
}
