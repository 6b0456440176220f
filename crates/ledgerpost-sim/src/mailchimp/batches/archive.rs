//! Result archives and the storage that hands them out (`mailchimp.md` 2.3).

use axum::body::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use md5::{Digest, Md5};
use serde_json::Value;

use super::super::email;
use super::super::ids::Ids;
use super::super::service::Mailchimp;
use super::super::time::Seconds;

/// Life of a result address (2.3).
const URL_LIFE: Seconds = 600;
/// Life of the results themselves (2.3).
const RESULT_LIFE: Seconds = 7 * 86_400;
/// Results in one file of the archive.
const RESULTS_IN_FILE: usize = 400;

/// A gzipped tar of shuffled results, with a directory entry and an empty file among them (2.3).
pub(super) fn pack(mut results: Vec<Value>, seed: u64) -> Bytes {
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

/// The pre-signed address of a batch's results; `base` is where the API's links start.
pub(super) fn address(base: &str, id: &str, now: Seconds) -> String {
    let expires = now + URL_LIFE;
    let origin = base.split("/us").next().unwrap_or(base);
    let origin = origin.strip_suffix("/3.0").unwrap_or(origin);
    format!(
        "{origin}/batch-results/{id}-response.tar.gz?Expires={expires}&Signature={}",
        signature(id, expires)
    )
}

fn signature(id: &str, expires: Seconds) -> String {
    let digest = Md5::digest(format!("{id}:{expires}:pre-signed").as_bytes());
    email::hex(&digest)
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
pub(crate) fn fetch(
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
