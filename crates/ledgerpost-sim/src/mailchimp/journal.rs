//! What the simulator remembers for tests: who was written to in which state, which names were
//! not in the contract, what was created twice.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

/// A write that concerned a person.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Write {
    pub(crate) call: String,
    /// `member`, `tag`, `customer`, `order`.
    pub(crate) what: &'static str,
    pub(crate) list: String,
    pub(crate) member: String,
    /// A status, `absent` or `forgotten`.
    pub(crate) before: &'static str,
    pub(crate) after: &'static str,
    /// Whether the person is closer to being mailed than before.
    pub(crate) raised: bool,
    pub(crate) status: u16,
    pub(crate) batch: Option<String>,
}

/// A request that the contract does not allow.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Violation {
    pub(crate) call: String,
    pub(crate) field: String,
    pub(crate) message: String,
}

/// The record of one run.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    writes: Vec<Write>,
    violations: Vec<Violation>,
    violation_count: u64,
    double_creates: BTreeMap<&'static str, u64>,
}

/// More of the same tell nothing new.
const KEPT_VIOLATIONS: usize = 1_000;

impl Journal {
    pub(crate) fn write(&mut self, write: Write) {
        self.writes.push(write);
    }

    pub(crate) fn violation(&mut self, violation: Violation) {
        self.violation_count += 1;
        if self.violations.len() < KEPT_VIOLATIONS {
            self.violations.push(violation);
        }
    }

    pub(crate) fn double_create(&mut self, what: &'static str) {
        *self.double_creates.entry(what).or_default() += 1;
    }

    pub(crate) fn violations(&self) -> Value {
        json!(self.violations)
    }

    pub(crate) fn double_creates(&self) -> Value {
        json!(self.double_creates)
    }

    /// The answer of `GET /_sim/writes`: counts and the troubling ones, or all of a member.
    pub(crate) fn writes(&self, member: Option<&str>) -> Value {
        let mut counts: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
        for write in &self.writes {
            *counts
                .entry(write.before)
                .or_default()
                .entry(write.what)
                .or_default() += 1;
        }
        let out_of_bounds: Vec<&Write> = self
            .writes
            .iter()
            .filter(|write| matches!(write.before, "archived" | "cleaned" | "forgotten"))
            .collect();
        let raised: Vec<&Write> = self.writes.iter().filter(|write| write.raised).collect();
        let mut answer = json!({
            "total": self.writes.len(),
            "counts": counts,
            "out_of_bounds": out_of_bounds,
            "raised": raised,
            "double_creates": self.double_creates,
        });
        if let Some(member) = member {
            answer["writes"] = self
                .writes
                .iter()
                .filter(|write| write.member == member)
                .map(|write| json!(write))
                .collect();
        }
        answer
    }
}
