//! The promises to the owner, as checks over what the simulator saw.

use std::collections::{BTreeMap, BTreeSet};

use ledgerpost_core::change::Action;
use ledgerpost_core::ports::Mirror as _;
use ledgerpost_store::{ChangeFilter, CompanyStore, ConsentAct, Outcome};
use serde_json::Value;

use crate::world::World;

/// What the checks look at.
pub struct Promises<'a> {
    /// The services.
    pub world: &'a World,
    /// The company.
    pub realm: &'a str,
    /// What Mailchimp held before the application came.
    pub first: &'a Value,
    /// What Mailchimp held after a person last changed something there.
    pub before: &'a Value,
    /// The company's file, for consent entries.
    pub store: Option<&'a CompanyStore>,
    /// How often the application was killed: each time, an answer may have been lost.
    pub kills: u32,
}

impl Promises<'_> {
    /// Checks them all.
    pub async fn check(&self) {
        self.nobody_is_mailed();
        self.quickbooks_is_only_read();
        self.writes_are_within_bounds().await;
        self.requests_keep_the_contract().await;
        self.statuses_stay();
        self.consent_is_recorded();
        self.orders_are_ours();
    }

    fn nobody_is_mailed(&self) {
        let mailings = self.world.simulator().world().mailings();
        assert!(mailings.is_empty(), "would have mailed: {mailings:?}");
    }

    fn quickbooks_is_only_read(&self) {
        let state = self.world.quickbooks_state();
        let companies = state["companies"]
            .as_array()
            .expect("the state lists companies");
        for company in companies {
            assert_eq!(company["writes"], 0, "QuickBooks was written to");
        }
    }

    async fn writes_are_within_bounds(&self) {
        let writes = self.world.ask_mailchimp("/_sim/writes").await;
        assert_eq!(
            writes["raised"],
            Value::Array(Vec::new()),
            "raised a status"
        );
        // Nobody can know who was deleted for good before Mailchimp refuses to add them: that is
        // learnt once and for all, unless a kill swallows the answer.
        let mut learnt: BTreeMap<String, u32> = BTreeMap::new();
        for write in writes["out_of_bounds"].as_array().into_iter().flatten() {
            let times = learnt.entry(write["member"].to_string()).or_default();
            *times += 1;
            let learns = write["before"] == "forgotten"
                && write["after"] == "forgotten"
                && write["call"] == "POST /lists/{list_id}"
                && *times <= 1 + self.kills;
            assert!(learns, "wrote to somebody out of bounds: {write}");
        }
    }

    async fn requests_keep_the_contract(&self) {
        let log = self.world.ask_mailchimp("/_sim/log").await;
        assert_eq!(log["contract_violations"], Value::Array(Vec::new()));
    }

    /// Nobody who was there before has another status, and those who may not be written to are as
    /// they were.
    fn statuses_stay(&self) {
        let after = self.world.mailchimp_identities();
        for list in lists(self.before) {
            let now = lists(&after)
                .find(|now| now["id"] == list["id"])
                .expect("no audience goes");
            assert_eq!(list["forgotten"], now["forgotten"], "somebody was revived");
            // Whose address was changed has another hash and the same contact id.
            let now: BTreeMap<&str, &Value> = members(now)
                .map(|(_, member)| (identity(member), member))
                .collect();
            for (_, member) in members(list) {
                let row = now[identity(member)];
                assert_eq!(row["status"], member["status"], "a status moved: {row}");
                if matches!(member["status"].as_str(), Some("archived" | "cleaned")) {
                    assert_eq!(row, member, "an untouchable contact was changed");
                }
            }
        }
    }

    /// Each contact that is new has exactly one entry, with the status it has.
    fn consent_is_recorded(&self) {
        let Some(store) = self.store else {
            return;
        };
        let mut recorded: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let entries = store
            .consent_entries(0, MANY)
            .expect("the file can be read");
        for (_, entry) in entries {
            if entry.how == ConsentAct::Archived {
                // Of the same person whose run was taken back; it set no status.
                continue;
            }
            let statuses = recorded.entry(entry.hash.to_string()).or_default();
            statuses.push(entry.status.as_str().to_owned());
        }
        let linked = store.audience().expect("the file can be read");
        let linked = linked.map(|audience| audience.id.to_string());
        let moved = moves(store);
        let after = self.world.mailchimp_identities();
        let strangers = identities(self.first);
        let known = identities(self.before);
        let audience = lists(&after).filter(|list| list["id"].as_str() == linked.as_deref());
        for (hash, member) in audience.flat_map(members) {
            let mut first = hash;
            while let Some(before) = moved.get(first) {
                first = before;
            }
            let entries = recorded.remove(first).unwrap_or_default();
            if strangers.contains(identity(member)) {
                assert_eq!(entries, [""; 0], "an entry for somebody we did not add");
            } else if known.contains(identity(member)) {
                assert_eq!(entries.len(), 1, "whom we added has one entry");
            } else {
                let status = member["status"].as_str().unwrap_or_default();
                assert_eq!(entries, [status], "each status that we set has one entry");
            }
        }
        assert_eq!(recorded, [].into(), "entries for people who are not there");
    }

    /// All orders are in our store, under ids made from documents.
    fn orders_are_ours(&self) {
        let state = self.world.mailchimp_state();
        for account in accounts(&state) {
            for (id, store) in object(&account["stores"]) {
                assert_eq!(*id, format!("qbo_{}", self.realm));
                for (order, _) in object(&store["orders"]) {
                    assert!(
                        order.starts_with("inv_") || order.starts_with("sr_"),
                        "{order} names no document"
                    );
                }
            }
        }
    }
}

const MANY: usize = 100_000;

/// Whose address a sync changed: the new hash and the one before.
fn moves(store: &CompanyStore) -> BTreeMap<String, String> {
    let filter = ChangeFilter {
        outcome: Some(Outcome::Done),
        code: Some("move_contact".to_owned()),
        stage: None,
    };
    let mut moves = BTreeMap::new();
    for run in store.runs(MANY).expect("the file can be read") {
        let entries = store.changes(&run.id, &filter, 0, MANY);
        for entry in entries.expect("the file can be read") {
            if let Action::MoveContact { from, to_email, .. } = entry.change.action {
                moves.insert(to_email.hash().to_string(), from.to_string());
            }
        }
    }
    moves
}

fn identities(state: &Value) -> BTreeSet<&str> {
    lists(state)
        .flat_map(members)
        .map(|(_, member)| identity(member))
        .collect()
}

fn identity(member: &Value) -> &str {
    member["contact_id"].as_str().unwrap_or_default()
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn accounts(state: &Value) -> impl Iterator<Item = &Value> {
    state["accounts"].as_array().into_iter().flatten()
}

fn lists(state: &Value) -> impl Iterator<Item = &Value> {
    accounts(state).flat_map(|account| account["lists"].as_array().into_iter().flatten())
}

fn members(list: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object(&list["members"])
}

/// The status of each member of each audience, by hash.
pub fn statuses_of(state: &Value) -> BTreeMap<String, String> {
    lists(state)
        .flat_map(members)
        .map(|(hash, member)| {
            let status = member["status"].as_str().unwrap_or_default();
            (hash.clone(), status.to_owned())
        })
        .collect()
}

/// The orders of all stores, by id.
pub fn orders_of(state: &Value) -> BTreeMap<String, Value> {
    accounts(state)
        .flat_map(|account| object(&account["stores"]))
        .flat_map(|(_, store)| object(&store["orders"]))
        .map(|(id, order)| (id.clone(), order.clone()))
        .collect()
}
