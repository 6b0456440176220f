//! How batches are carried out.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::super::problem::Problem;
use super::super::route::{self, Request};
use super::super::service::Mailchimp;
use super::super::state::State;
use super::archive::pack;
use super::{Batch, Operation, Stage};
use crate::frame::{Profile, unit_interval};

/// Operations between two moments at which others get their turn.
const STRIDE: usize = 100;

/// Carries out a batch, a stride at a time, through the same door as requests from the network.
pub(crate) async fn run(service: Arc<Mailchimp>, account: usize, id: String) {
    let options = service.world().options();
    let Some(operations) = service.with(|state| {
        let batch = state.accounts.get(account)?.batches.get(&id)?;
        Some(Arc::clone(&batch.operations))
    }) else {
        return;
    };
    let part = duration(options.profile, options.seed, &id, operations.len()) / 4;
    for stage in [Stage::Preprocessing, Stage::Started] {
        tokio::time::sleep(part).await;
        if !step(&service, account, &id, |batch| batch.stage = stage) {
            return;
        }
    }
    let odd = pick_odd(&service, operations.len());
    let mut results = Vec::with_capacity(operations.len());
    for (number, stride) in operations.chunks(STRIDE).enumerate() {
        let first = number * STRIDE;
        let Some(mut done) = execute(&service, account, &id, stride, first, odd) else {
            return;
        };
        results.append(&mut done);
        tokio::task::yield_now().await;
    }
    tokio::time::sleep(part).await;
    if !step(&service, account, &id, |batch| {
        batch.stage = Stage::Finalizing;
    }) {
        return;
    }
    let seed = options.seed ^ u64::from_str_radix(&id, 16).unwrap_or_default();
    let packed = tokio::task::spawn_blocking(move || pack(results, seed)).await;
    tokio::time::sleep(part).await;
    let now = service.now();
    if let Ok(packed) = packed {
        step(&service, account, &id, |batch| {
            batch.stage = Stage::Finished;
            batch.completed_at = Some(now);
            batch.archive = Some(packed);
        });
    }
}

/// Changes a batch; `false`: it was deleted.
fn step(service: &Mailchimp, account: usize, id: &str, change: impl FnOnce(&mut Batch)) -> bool {
    service.with(|state| {
        let batch = state
            .accounts
            .get_mut(account)
            .and_then(|account| account.batches.get_mut(id));
        batch.map(change).is_some()
    })
}

/// The operation that fails oddly in this batch, if one is to.
fn pick_odd(service: &Mailchimp, operations: usize) -> Option<usize> {
    let wanted = service.world().switches().batch_odd_failures;
    service.with(|state| {
        (operations > 0 && state.odd_failures < wanted).then(|| {
            state.odd_failures += 1;
            operations / 2
        })
    })
}

fn execute(
    service: &Mailchimp,
    account: usize,
    id: &str,
    stride: &[Operation],
    first: usize,
    odd: Option<usize>,
) -> Option<Vec<Value>> {
    service.with(|state| {
        let mut results = Vec::new();
        let mut errored = 0;
        for (offset, operation) in stride.iter().enumerate() {
            if odd == Some(first + offset) {
                errored += 1;
                results.push(json!({
                    "status_code": 400, "operation_id": operation.id,
                    "response": "<H1>Bad Request</H1>",
                }));
                continue;
            }
            let mut rows = one(service, state, account, id, operation);
            let failed = rows.iter().any(|row| {
                row["status_code"]
                    .as_u64()
                    .is_some_and(|status| status >= 400)
            });
            errored += usize::from(failed);
            results.append(&mut rows);
        }
        let batch = state.accounts.get_mut(account)?.batches.get_mut(id)?;
        batch.finished += stride.len();
        batch.errored += errored;
        Some(results)
    })
}

/// Runs one operation. A paged GET becomes an entry for every page (2.3).
fn one(
    service: &Mailchimp,
    state: &mut State,
    account: usize,
    id: &str,
    operation: &Operation,
) -> Vec<Value> {
    let mut entries = Vec::new();
    let mut query = operation.query.clone();
    loop {
        let answer = if operation.path.starts_with("/batches") {
            Err(Problem::bad_request("A batch may not contain batches."))
        } else {
            let request = Request {
                account,
                method: &operation.method,
                path: &operation.path,
                query: &query,
                body: operation.body.as_bytes(),
                batch: Some(id),
                caller: "127.0.0.1",
                base: service.base(),
            };
            route::serve(state, service.world(), &request).answer
        };
        let next = answer
            .as_ref()
            .ok()
            .and_then(Option::as_ref)
            .and_then(|body| next_offset(body, operation, &query));
        let (status, response) = match answer {
            Ok(Some(body)) => (200, body.to_string()),
            Ok(None) => (204, String::new()),
            // Seen in results: an empty instance.
            Err(problem) => (problem.status, problem.document("").to_string()),
        };
        entries.push(json!({
            "status_code": status, "operation_id": operation.id, "response": response,
        }));
        let Some(offset) = next else {
            return entries;
        };
        query.retain(|(name, _)| name != "offset");
        query.push(("offset".to_owned(), offset.to_string()));
    }
}

fn next_offset(body: &Value, operation: &Operation, query: &[(String, String)]) -> Option<u64> {
    if operation.method != "GET" {
        return None;
    }
    let total = body.get("total_items")?.as_u64()?;
    let number = |name: &str, default| {
        query
            .iter()
            .find(|(given, _)| given == name)
            .and_then(|(_, value)| value.parse::<u64>().ok())
            .unwrap_or(default)
    };
    let (offset, count) = (number("offset", 0), number("count", 10));
    (count > 0 && offset + count < total).then_some(offset + count)
}

/// How long a batch takes, without the work itself.
fn duration(profile: Profile, seed: u64, id: &str, operations: usize) -> Duration {
    let operations = u32::try_from(operations).unwrap_or(u32::MAX);
    match profile {
        Profile::Real => Duration::from_secs(2) + Duration::from_millis(2) * operations,
        Profile::Fast | Profile::Flaky => {
            let step = u64::from_str_radix(id, 16).unwrap_or_default();
            Duration::from_secs_f64(0.02 + 0.03 * unit_interval(seed, step))
                + Duration::from_micros(20) * operations
        }
    }
}
