//! The request log: what was asked, by method and path template, without bodies or queries.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde_json::{Value, json};

/// Put into a response's extensions by a handler whose call costs metered calls.
#[derive(Debug, Clone, Copy)]
pub struct Metered(pub u64);

/// Counts of one service.
#[derive(Debug, Default)]
pub struct RequestLog {
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    requests: u64,
    metered: u64,
    dropped: u64,
    concurrent: usize,
    high_water: usize,
    lanes: BTreeMap<String, usize>,
    paths: BTreeMap<(String, String), BTreeMap<String, u64>>,
}

impl RequestLog {
    fn with<T>(&self, action: impl FnOnce(&mut Counts) -> T) -> T {
        action(
            &mut self
                .counts
                .lock()
                .expect("nothing panics while it holds the log"),
        )
    }

    /// Notes that a request began; gives the number of requests in its lane.
    pub(crate) fn enter(&self, lane: Option<&str>) -> usize {
        self.with(|counts| {
            counts.requests += 1;
            counts.concurrent += 1;
            counts.high_water = counts.high_water.max(counts.concurrent);
            match lane {
                Some(lane) => {
                    let inside = counts.lanes.entry(lane.to_owned()).or_default();
                    *inside += 1;
                    *inside
                }
                None => 0,
            }
        })
    }

    /// Notes that a request left its lane, answered or not.
    pub(crate) fn leave(&self, lane: Option<&str>) {
        self.with(|counts| {
            counts.concurrent -= 1;
            if let Some(lane) = lane
                && let Some(inside) = counts.lanes.get_mut(lane)
            {
                *inside -= 1;
                if *inside == 0 {
                    counts.lanes.remove(lane);
                }
            }
        });
    }

    /// Notes the outcome: a status, or `dropped`.
    pub(crate) fn record(&self, method: &str, template: &str, outcome: &str, metered: u64) {
        self.with(|counts| {
            counts.metered += metered;
            if outcome == "dropped" {
                counts.dropped += 1;
            }
            let path = counts
                .paths
                .entry((template.to_owned(), method.to_owned()))
                .or_default();
            *path.entry(outcome.to_owned()).or_default() += 1;
        });
    }

    /// How many requests came.
    pub fn requests(&self) -> u64 {
        self.with(|counts| counts.requests)
    }

    /// How many of them cost a metered call.
    pub fn metered(&self) -> u64 {
        self.with(|counts| counts.metered)
    }

    /// The most requests that were being served at one moment.
    pub fn high_water(&self) -> usize {
        self.with(|counts| counts.high_water)
    }

    /// How many requests with this method hit this path template, whatever came of them.
    pub fn count(&self, method: &str, template: &str) -> u64 {
        self.with(|counts| {
            counts
                .paths
                .get(&(template.to_owned(), method.to_owned()))
                .map_or(0, |outcomes| outcomes.values().sum())
        })
    }

    /// Forgets everything except the requests being served.
    pub fn clear(&self) {
        self.with(|counts| {
            counts.requests = 0;
            counts.metered = 0;
            counts.dropped = 0;
            counts.high_water = counts.concurrent;
            counts.paths.clear();
        });
    }

    /// The log as `GET /_sim/log` shows it.
    pub fn to_json(&self) -> Value {
        self.with(|counts| {
            let paths: Vec<Value> = counts
                .paths
                .iter()
                .map(|((template, method), outcomes)| {
                    json!({
                        "method": method,
                        "path": template,
                        "count": outcomes.values().sum::<u64>(),
                        "outcomes": outcomes,
                    })
                })
                .collect();
            json!({
                "requests": counts.requests,
                "metered": counts.metered,
                "dropped": counts.dropped,
                "concurrent": counts.concurrent,
                "high_water": counts.high_water,
                "paths": paths,
            })
        })
    }
}
