//! Batch operations and their result archives (`mailchimp.md` 2.3).

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use md5::{Digest, Md5};
use serde_json::{Value, json};

use super::context::{Answer, Ctx, Params};
use super::ids::Ids;
use super::problem::Problem;
use super::route::{self, Request};
use super::service::Mailchimp;
use super::time::{Seconds, stamp, stamp_or_blank};
use crate::frame::{Profile, unit_interval};

/// Batches that may wait (2).
const PENDING_LIMIT: usize = 500;
/// Life of a result address (2.3).
const URL_LIFE: Seconds = 600;
/// Life of the results themselves (2.3).
const RESULT_LIFE: Seconds = 7 * 86_400;
/// Operations between two moments at which others get their turn.
const STRIDE: usize = 100;
/// Results in one file of the archive.
const RESULTS_IN_FILE: usize = 400;

/// Where a batch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Pending,
    Preprocessing,
    Started,
    Finalizing,
    Finished,
}

impl Stage {
    fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Preprocessing => "preprocessing",
            Self::Started => "started",
            Self::Finalizing => "finalizing",
            Self::Finished => "finished",
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Operation {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    body: String,
    id: String,
}

#[derive(Debug)]
pub(crate) struct Batch {
    stage: Stage,
    operations: Arc<Vec<Operation>>,
    finished: usize,
    errored: usize,
    submitted_at: Seconds,
    completed_at: Option<Seconds>,
    archive: Option<Bytes>,
}

fn signature(id: &str, expires: Seconds) -> String {
    let digest = Md5::digest(format!("{id}:{expires}:pre-signed").as_bytes());
    super::email::hex(&digest)
}

fn view(ctx: &Ctx<'_>, id: &str, batch: &Batch) -> Value {
    let url = match (&batch.archive, batch.stage) {
        (Some(_), Stage::Finished) => {
            // A fresh address on every reading.
            let expires = ctx.now + URL_LIFE;
            let origin = ctx.base.split("/us").next().unwrap_or(ctx.base);
            let origin = origin.strip_suffix("/3.0").unwrap_or(origin);
            format!(
                "{origin}/batch-results/{id}-response.tar.gz?Expires={expires}&Signature={}",
                signature(id, expires)
            )
        }
        _ => String::new(),
    };
    json!({
        "id": id, "status": batch.stage.word(), "total_operations": batch.operations.len(),
        "finished_operations": batch.finished, "errored_operations": batch.errored,
        "submitted_at": stamp(batch.submitted_at),
        "completed_at": stamp_or_blank(batch.completed_at), "response_body_url": url,
        "_links": ctx.links(&format!("/batches/{id}"), &[("self", "GET", ""), ("delete", "DELETE", "")]),
    })
}

/// `GET /batches`
pub(crate) fn index(ctx: &mut Ctx<'_>, _: &Params<'_>) -> Answer {
    let rows = ctx.account.batches.iter();
    Ok(Some(ctx.collection(
        "batches",
        None,
        rows,
        |(id, batch)| view(ctx, id, batch),
    )))
}

/// `GET /batches/{batch_id}`
pub(crate) fn show(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let batch = ctx
        .account
        .batches
        .get(&params[0])
        .ok_or_else(Problem::not_found)?;
    Ok(Some(view(ctx, &params[0], batch)))
}

fn operation(value: &Value) -> Operation {
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    let path = text("path");
    Operation {
        method: text("method").to_owned(),
        // A query string here is dropped without an error (2.3).
        path: path.split('?').next().unwrap_or(path).to_owned(),
        query: value
            .get("params")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(name, value)| {
                let text = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                (name.clone(), text)
            })
            .collect(),
        body: text("body").to_owned(),
        id: text("operation_id").to_owned(),
    }
}

/// `POST /batches`
pub(crate) fn create(ctx: &mut Ctx<'_>, _: &Params<'_>) -> Answer {
    let body = std::mem::take(&mut ctx.body);
    let rows = body
        .get("operations")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let dropped = rows
        .iter()
        .filter_map(|row| row.get("path").and_then(Value::as_str))
        .any(|path| path.contains('?'));
    if dropped {
        ctx.violation("operations.path", "a query string in a path is dropped");
    }
    let waiting = ctx
        .account
        .batches
        .iter()
        .filter(|(_, batch)| batch.stage != Stage::Finished)
        .count();
    if waiting >= PENDING_LIMIT {
        return Err(Problem::new(
            429,
            "Too Many Requests",
            format!("You have more than {PENDING_LIMIT} pending batches."),
        ));
    }
    let id = ctx.ids.hex(10);
    let batch = Batch {
        stage: Stage::Pending,
        operations: Arc::new(rows.iter().map(operation).collect()),
        finished: 0,
        errored: 0,
        submitted_at: ctx.now,
        completed_at: None,
        archive: None,
    };
    ctx.account.batches.put(&id, batch);
    let batch = ctx
        .account
        .batches
        .get(&id)
        .ok_or_else(Problem::not_found)?;
    Ok(Some(view(ctx, &id, batch)))
}

/// `DELETE /batches/{batch_id}`: stops it; results of what already ran are lost.
pub(crate) fn delete(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    ctx.account
        .batches
        .remove(&params[0])
        .ok_or_else(Problem::not_found)?;
    Ok(None)
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
    state: &mut super::state::State,
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

/// A gzipped tar of shuffled results, with a directory entry and an empty file among them (2.3).
fn pack(mut results: Vec<Value>, seed: u64) -> Bytes {
    let mut ids = Ids::new(seed);
    ids.shuffle(&mut results);
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let mut append = |name: &str, kind: tar::EntryType, body: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_mode(if kind.is_dir() { 0o755 } else { 0o644 });
        header.set_size(body.len() as u64);
        tar.append_data(&mut header, name, body)
            .expect("writing to memory does not fail");
    };
    append("results/", tar::EntryType::Directory, b"");
    append(
        &format!("results/{}.json", ids.hex(12)),
        tar::EntryType::Regular,
        b"",
    );
    for rows in results.chunks(RESULTS_IN_FILE) {
        let body = Value::from(rows).to_string();
        append(
            &format!("results/{}.json", ids.hex(12)),
            tar::EntryType::Regular,
            body.as_bytes(),
        );
    }
    let packed = tar
        .into_inner()
        .and_then(GzEncoder::finish)
        .expect("writing to memory does not fail");
    Bytes::from(packed)
}

/// Why the storage does not hand out an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoArchive {
    /// The address is wrong or has expired.
    Denied,
    /// Not there, not there yet, or no longer.
    Missing,
}

/// What the storage holds under a pre-signed address.
pub(crate) fn archive(
    service: &Mailchimp,
    file: &str,
    query: &[(String, String)],
) -> Result<Bytes, NoArchive> {
    let value = |name: &str| {
        query
            .iter()
            .find(|(given, _)| given == name)
            .map_or("", |(_, value)| value.as_str())
    };
    let id = file
        .strip_suffix("-response.tar.gz")
        .ok_or(NoArchive::Missing)?;
    let expires: Seconds = value("Expires").parse().map_err(|_| NoArchive::Denied)?;
    let now = service.now();
    if value("Signature") != signature(id, expires) || now > expires {
        return Err(NoArchive::Denied);
    }
    let wanted = service.world().switches().batch_results_unavailable;
    service.with(|state| {
        if state.unavailable < wanted {
            state.unavailable += 1;
            return Err(NoArchive::Missing);
        }
        let batch = state
            .accounts
            .iter()
            .find_map(|account| account.batches.get(id))
            .ok_or(NoArchive::Missing)?;
        let young = batch.completed_at.is_some_and(|at| now - at <= RESULT_LIFE);
        batch
            .archive
            .clone()
            .filter(|_| young)
            .ok_or(NoArchive::Missing)
    })
}

/// How many batches of an account are not finished.
pub(crate) fn unfinished(account: &super::model::Account) -> usize {
    account
        .batches
        .iter()
        .filter(|(_, batch)| batch.stage != Stage::Finished)
        .count()
}
