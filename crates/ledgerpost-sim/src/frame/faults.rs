//! Faults: those that a test asks for, and those that the profile `flaky` makes by itself.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use regex::Regex;
use serde::{Deserialize, Serialize};

use super::random::unit_interval;
use super::service::{BodyKind, ControlError, ServiceName, Tolerance};

/// One rule: which requests, and what happens to them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// Only this service.
    #[serde(default)]
    pub service: Option<ServiceName>,
    /// Only this method.
    #[serde(default)]
    pub method: Option<String>,
    /// A regular expression over the path template or the path itself; every path when missing.
    #[serde(default)]
    pub path: Option<String>,
    /// Only the n-th matching request (1 is the first) and, with `times`, those after it.
    #[serde(default)]
    pub nth: Option<u64>,
    /// Only with this probability, seeded.
    #[serde(default)]
    pub probability: Option<f64>,
    /// How many requests it hits before it is spent; no end when missing.
    #[serde(default)]
    pub times: Option<u64>,
    /// What happens.
    pub action: Action,
}

/// What happens to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// An error instead of the effect.
    Status {
        /// HTTP status.
        status: u16,
        /// What the body looks like.
        #[serde(default)]
        body: BodyKind,
        /// The body, instead of one in the service's handwriting.
        #[serde(default)]
        text: Option<String>,
        /// `Retry-After`, in seconds.
        #[serde(default)]
        retry_after: Option<u64>,
        /// The effect happens all the same.
        #[serde(default)]
        after_effect: bool,
    },
    /// The answer comes late.
    Delay {
        /// By how much.
        milliseconds: u64,
    },
    /// The connection ends without an answer and without the effect.
    DropBefore,
    /// The effect happens, the connection ends without an answer.
    DropAfter,
    /// The effect happens, the connection ends in the middle of the body.
    DropMidway,
}

impl Action {
    pub(crate) fn delay(&self) -> Duration {
        match self {
            Self::Delay { milliseconds } => Duration::from_millis(*milliseconds),
            Self::Status { .. } | Self::DropBefore | Self::DropAfter | Self::DropMidway => {
                Duration::ZERO
            }
        }
    }
}

struct Armed {
    rule: FaultRule,
    pattern: Option<Regex>,
    seen: u64,
    hits: u64,
}

#[derive(Default)]
struct Book {
    rules: Vec<Armed>,
    steps: u64,
    streaks: BTreeMap<String, u8>,
}

/// All faults of one simulator.
pub struct FaultBook {
    seed: u64,
    flaky: bool,
    book: Mutex<Book>,
}

impl std::fmt::Debug for FaultBook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FaultBook")
            .field("flaky", &self.flaky)
            .finish_non_exhaustive()
    }
}

/// The request as a rule sees it.
pub(crate) struct Target<'a> {
    pub(crate) service: ServiceName,
    pub(crate) method: &'a str,
    pub(crate) template: &'a str,
    pub(crate) path: &'a str,
    pub(crate) tolerance: Tolerance,
}

/// Of a hundred requests in the profile `flaky`, about this many go wrong.
const FLAKY_SHARE: f64 = 0.12;
/// As often in a row may the same path go wrong by chance, so that progress stays possible.
const LONGEST_STREAK: u8 = 2;

impl FaultBook {
    pub(crate) fn new(seed: u64, flaky: bool) -> Self {
        Self {
            seed,
            flaky,
            book: Mutex::default(),
        }
    }

    fn with<T>(&self, action: impl FnOnce(&mut Book) -> T) -> T {
        action(&mut self.book.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds a rule behind the others; the first that matches a request decides.
    ///
    /// # Errors
    /// When `path` is no regular expression or the status is none.
    pub fn add(&self, rule: FaultRule) -> Result<(), ControlError> {
        let pattern = rule
            .path
            .as_deref()
            .map(Regex::new)
            .transpose()
            .map_err(|error| ControlError::BadRequest(error.to_string()))?;
        if let Action::Status { status, .. } = &rule.action {
            StatusCode::from_u16(*status)
                .map_err(|error| ControlError::BadRequest(error.to_string()))?;
        }
        self.with(|book| {
            book.rules.push(Armed {
                rule,
                pattern,
                seen: 0,
                hits: 0,
            });
        });
        Ok(())
    }

    /// Takes all rules away. The dice of the profile `flaky` roll on: thrown anew after each start, they
    /// would make the same request of a repeated job fail for ever.
    pub fn clear(&self) {
        self.with(|book| book.rules.clear());
    }

    /// The rules and how often each one hit.
    pub fn rules(&self) -> Vec<(FaultRule, u64)> {
        self.with(|book| {
            book.rules
                .iter()
                .map(|armed| (armed.rule.clone(), armed.hits))
                .collect()
        })
    }

    /// Decides what happens to a request.
    pub(crate) fn decide(&self, target: &Target<'_>) -> Option<Action> {
        self.with(|book| {
            book.steps += 1;
            let chance = unit_interval(self.seed.rotate_left(17), book.steps);
            let ruled = book
                .rules
                .iter_mut()
                .find_map(|armed| armed.strike(target, chance));
            if ruled.is_some() || !self.flaky {
                return ruled;
            }
            let streak = book
                .streaks
                .entry(format!("{} {}", target.method, target.path))
                .or_default();
            let action = (*streak < LONGEST_STREAK)
                .then(|| mishap(chance, target.tolerance))
                .flatten();
            *streak = if action.is_some() { *streak + 1 } else { 0 };
            action
        })
    }
}

impl Armed {
    fn strike(&mut self, target: &Target<'_>, chance: f64) -> Option<Action> {
        let rule = &self.rule;
        let concerns = rule.service.is_none_or(|service| service == target.service)
            && rule
                .method
                .as_deref()
                .is_none_or(|method| method.eq_ignore_ascii_case(target.method))
            && self.pattern.as_ref().is_none_or(|pattern| {
                pattern.is_match(target.template) || pattern.is_match(target.path)
            });
        if !concerns {
            return None;
        }
        self.seen += 1;
        let times = rule
            .times
            .unwrap_or(if rule.nth.is_some() { 1 } else { u64::MAX });
        let due = rule.nth.is_none_or(|nth| self.seen >= nth)
            && rule
                .probability
                .is_none_or(|probability| chance < probability)
            && self.hits < times;
        due.then(|| {
            self.hits += 1;
            self.rule.action.clone()
        })
    }
}

/// What goes wrong by chance: a fifth each of four kinds of errors and lost connections.
fn mishap(chance: f64, tolerance: Tolerance) -> Option<Action> {
    let error = |status, body| Action::Status {
        status,
        body,
        text: None,
        retry_after: None,
        after_effect: false,
    };
    if tolerance == Tolerance::Nothing || chance >= FLAKY_SHARE {
        return None;
    }
    let part = chance / FLAKY_SHARE;
    Some(if part < 0.2 {
        error(503, BodyKind::Html)
    } else if part < 0.35 {
        error(504, BodyKind::Empty)
    } else if part < 0.5 {
        error(500, BodyKind::Json)
    } else if part < 0.7 || tolerance == Tolerance::BeforeTheEffect {
        Action::DropBefore
    } else if part < 0.9 {
        Action::DropAfter
    } else {
        Action::DropMidway
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(path: &str) -> Target<'_> {
        Target {
            service: ServiceName::QuickBooks,
            method: "GET",
            template: "/v3/company/{realm}/query",
            path,
            tolerance: Tolerance::Everything,
        }
    }

    #[test]
    fn a_rule_hits_the_request_it_names_and_then_is_spent() {
        let book = FaultBook::new(1, false);
        book.add(FaultRule {
            service: None,
            method: Some("get".to_owned()),
            path: Some("query$".to_owned()),
            nth: Some(2),
            probability: None,
            times: None,
            action: Action::DropAfter,
        })
        .unwrap();
        let hits: Vec<_> = (0..4)
            .map(|_| book.decide(&target("/v3/company/1/query")).is_some())
            .collect();
        assert_eq!(hits, [false, true, false, false]);
        assert!(book.decide(&target("/x")).is_none());
    }

    #[test]
    fn chance_is_the_same_for_the_same_seed_and_lets_the_same_path_through_in_the_end() {
        let run = || {
            let book = FaultBook::new(7, true);
            (0..5_000)
                .map(|_| book.decide(&target("/a")))
                .collect::<Vec<_>>()
        };
        let outcomes = run();
        assert_eq!(outcomes, run());
        assert!(outcomes.iter().filter(|outcome| outcome.is_some()).count() > 300);
        let worst = outcomes
            .split(Option::is_none)
            .map(<[_]>::len)
            .max()
            .unwrap();
        assert!(worst <= usize::from(LONGEST_STREAK));
    }
}
