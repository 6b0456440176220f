//! What a handler works with, and what it answers.

use serde_json::{Map, Value, json};

use super::fields::Selection;
use super::ids::Ids;
use super::journal::{Journal, Violation, Write};
use super::model::{Account, List, Status, Store};
use super::problem::Problem;
use super::time::Seconds;
use crate::frame::{Switches, World};

/// One call on one account, from the network or out of a batch.
pub(crate) struct Ctx<'a> {
    pub(crate) account: &'a mut Account,
    pub(crate) journal: &'a mut Journal,
    pub(crate) ids: &'a mut Ids,
    pub(crate) world: &'a World,
    pub(crate) switches: &'a Switches,
    pub(crate) now: Seconds,
    /// Method and path template.
    pub(crate) call: &'a str,
    pub(crate) batch: Option<&'a str>,
    pub(crate) caller: &'a str,
    /// Whether texts come in German (7.1).
    pub(crate) german: bool,
    /// `http://127.0.0.1:4000/us14/3.0`: what links start with.
    pub(crate) base: &'a str,
    pub(crate) query: &'a [(String, String)],
    pub(crate) body: Map<String, Value>,
    pub(crate) selection: Selection,
}

/// A handler's answer. `None` is 204.
pub(crate) type Answer = Result<Option<Value>, Problem>;

/// What a path's parameters were.
pub(crate) type Params<'a> = [String];

/// Whether and how a person is in an audience.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Absent,
    Forgotten,
    Member(Status),
}

impl Presence {
    pub(crate) fn of(list: &List, hash: &str) -> Self {
        match list.members.get(hash) {
            Some(member) => Self::Member(member.status),
            None if list.forgotten.contains(hash) => Self::Forgotten,
            None => Self::Absent,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Forgotten => "forgotten",
            Self::Member(status) => status.word(),
        }
    }

    fn raised_to(self, after: Self) -> bool {
        match (self, after) {
            (Self::Member(before), Self::Member(after)) => after.reach() > before.reach(),
            (Self::Forgotten, Self::Member(_)) => true,
            (Self::Absent, _) | (_, Self::Absent | Self::Forgotten) => false,
        }
    }
}

impl Ctx<'_> {
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.param(name)
            .map(|text| matches!(text, "true" | "True" | "1"))
    }

    /// Offset and count; ten by default (2).
    pub(crate) fn page(&self) -> (usize, usize) {
        let number = |name: &str, default| {
            self.param(name)
                .and_then(|text| text.parse().ok())
                .unwrap_or(default)
        };
        (number("offset", 0), number("count", 10))
    }

    pub(crate) fn list(&self, id: &str) -> Result<&List, Problem> {
        self.account.lists.get(id).ok_or_else(Problem::not_found)
    }

    pub(crate) fn list_mut(&mut self, id: &str) -> Result<&mut List, Problem> {
        self.account
            .lists
            .get_mut(id)
            .ok_or_else(Problem::not_found)
    }

    pub(crate) fn store(&self, id: &str) -> Result<&Store, Problem> {
        self.account.stores.get(id).ok_or_else(Problem::not_found)
    }

    pub(crate) fn store_mut(&mut self, id: &str) -> Result<&mut Store, Problem> {
        self.account
            .stores
            .get_mut(id)
            .ok_or_else(Problem::not_found)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str)
    }

    pub(crate) fn violation(&mut self, field: &str, message: &str) {
        self.journal.violation(Violation {
            call: self.call.to_owned(),
            field: field.to_owned(),
            message: message.to_owned(),
        });
    }

    /// Notes that a real account would have mailed somebody.
    pub(crate) fn mailing(&self, kind: &str, email: &str) {
        self.world.note_mailing(kind, email, self.call);
    }

    /// Runs a write that concerns a person and records what became of their status.
    pub(crate) fn recorded(
        &mut self,
        what: &'static str,
        list_id: &str,
        hash: &str,
        run: impl FnOnce(&mut Self) -> Answer,
    ) -> Answer {
        let presence = |ctx: &Self, hash: &str| {
            ctx.account
                .lists
                .get(list_id)
                .map_or(Presence::Absent, |list| Presence::of(list, hash))
        };
        let before = presence(self, hash);
        let answer = run(self);
        // A change of address moves the person to another key.
        let moved = match (&answer, what) {
            (Ok(Some(body)), "member") => body.get("id").and_then(Value::as_str),
            _ => None,
        };
        let after = presence(self, moved.unwrap_or(hash));
        self.journal.write(Write {
            call: self.call.to_owned(),
            what,
            list: list_id.to_owned(),
            member: hash.to_owned(),
            before: before.word(),
            after: after.word(),
            raised: before.raised_to(after),
            status: match &answer {
                Ok(Some(_)) => 200,
                Ok(None) => 204,
                Err(problem) => problem.status,
            },
            batch: self.batch.map(str::to_owned),
        });
        answer
    }

    /// Links of a record, unless the reader does not want them.
    pub(crate) fn links(&self, path: &str, rels: &[(&str, &str, &str)]) -> Value {
        rels.iter()
            .map(|(rel, method, tail)| {
                json!({
                    "rel": rel,
                    "href": format!("{}{path}{tail}", self.base),
                    "method": method,
                    "targetSchema": format!("{}/schema{path}{tail}.json", self.base),
                })
            })
            .collect()
    }

    /// A page of a collection: only the rows of the page are built.
    pub(crate) fn collection<'r, R: 'r>(
        &self,
        plural: &str,
        owner: Option<(&str, &str)>,
        rows: impl Iterator<Item = R>,
        build: impl Fn(R) -> Value,
    ) -> Value {
        let (offset, count) = self.page();
        let mut page = Vec::new();
        let mut total = 0;
        for row in rows {
            if total >= offset && page.len() < count {
                page.push(build(row));
            }
            total += 1;
        }
        let mut answer = Map::new();
        answer.insert(plural.to_owned(), Value::Array(page));
        answer.insert("total_items".to_owned(), json!(total));
        if let Some((name, id)) = owner {
            answer.insert(name.to_owned(), json!(id));
        }
        if self.selection.wants(&["_links"]) {
            answer.insert(
                "_links".to_owned(),
                self.links(
                    &format!("/{plural}"),
                    &[("self", "GET", ""), ("parent", "GET", "")],
                ),
            );
        }
        Value::Object(answer)
    }
}

/// Copies the named fields that a body has; `null` is not in the contract's types.
pub(crate) fn copy_fields(
    from: &Map<String, Value>,
    to: &mut Map<String, Value>,
    names: &[&str],
) -> bool {
    let mut changed = false;
    for name in names {
        if let Some(value) = from.get(*name)
            && to.get(*name) != Some(value)
        {
            to.insert((*name).to_owned(), value.clone());
            changed = true;
        }
    }
    changed
}
