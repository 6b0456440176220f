//! The result archive of a batch: a gzipped tar of JSON files, each a list of results
//! (`mailchimp.md` 2.3). Read as a stream; only one result is in memory at a time.

use std::cell::Cell;
use std::fmt;
use std::io::{self, BufReader, Read};
use std::marker::PhantomData;
use std::rc::Rc;

use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use serde::de::{Deserializer as _, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::batches::Outcome;
use crate::error::Error;
use crate::refusal::classify;

/// The most that an archive may unpack to. A result is one to three kilobytes.
const MAX_UNPACKED: u64 = 1024 * 1024 * 1024;
/// Files up to this size are read in one piece, which is several times as fast.
const IN_ONE_PIECE: u64 = 1024 * 1024;
/// The most that one result may take.
const MAX_RESULT: u64 = 8 * 1024 * 1024;

/// One result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationResult {
    /// The operation's id, where the result has one.
    pub operation_id: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
}

/// Reads an archive, packed or not, and gives each result to `sink`. Directories, empty files and
/// files that are no JSON by name are passed over.
///
/// # Errors
/// [`Error::ArchiveDamaged`] when it cannot be read to its end; [`Error::ArchiveTooLarge`] when it
/// unpacks to more than we are willing to read. Results before the damage have been given out.
pub fn read_archive(archive: &[u8], sink: impl FnMut(OperationResult)) -> Result<(), Error> {
    let unpacked: Box<dyn Read + '_> = if archive.starts_with(&[0x1f, 0x8b]) {
        Box::new(MultiGzDecoder::new(archive))
    } else {
        Box::new(archive)
    };
    let limited = Limited {
        inner: unpacked,
        left: Rc::new(Cell::new(MAX_UNPACKED)),
    };
    read_files(limited, sink)
}

fn read_files(tar: impl Read, mut sink: impl FnMut(OperationResult)) -> Result<(), Error> {
    let mut archive = tar::Archive::new(tar);
    let damaged = |error: io::Error| io_error(&error);
    let mut found_any = false;
    for entry in archive.entries().map_err(damaged)? {
        let entry = entry.map_err(damaged)?;
        found_any = true;
        let is_json = entry.path_bytes().to_ascii_lowercase().ends_with(b".json");
        if entry.header().entry_type().is_file() && is_json && entry.size() > 0 {
            let size = entry.size();
            read_file(entry, size, &mut sink)?;
        }
    }
    // A finished batch has one file at least; nothing at all is a cut or empty download.
    if found_any {
        Ok(())
    } else {
        Err(Error::ArchiveDamaged {
            reason: "the archive is empty",
        })
    }
}

fn read_file(
    file: impl Read,
    size: u64,
    sink: &mut impl FnMut(OperationResult),
) -> Result<(), Error> {
    if size > IN_ONE_PIECE {
        return read_large_file(file, sink);
    }
    let mut text = Vec::new();
    file.take(IN_ONE_PIECE)
        .read_to_end(&mut text)
        .map_err(|error| io_error(&error))?;
    let mut json = serde_json::Deserializer::from_slice(&text);
    let results = Results::new(|row: BorrowedRow<'_>| sink(row.into()));
    json.deserialize_seq(results)
        .and_then(|()| json.end())
        .map_err(|error| json_error(&error))
}

fn read_large_file(file: impl Read, sink: &mut impl FnMut(OperationResult)) -> Result<(), Error> {
    let left = Rc::new(Cell::new(MAX_RESULT));
    let limited = Limited {
        inner: file,
        left: Rc::clone(&left),
    };
    let mut json = serde_json::Deserializer::from_reader(BufReader::new(limited));
    let results = Results::new(|row: Row| {
        left.set(MAX_RESULT);
        sink(row.into());
    });
    json.deserialize_seq(results)
        .and_then(|()| json.end())
        .map_err(|error| json_error(&error))
}

/// Limits what is read until somebody raises the limit again.
struct Limited<R> {
    inner: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        match self.left.get().checked_sub(count as u64) {
            Some(left) => self.left.set(left),
            None => return Err(io::ErrorKind::FileTooLarge.into()),
        }
        Ok(count)
    }
}

fn io_error(error: &io::Error) -> Error {
    if error.kind() == io::ErrorKind::FileTooLarge {
        Error::ArchiveTooLarge {
            limit: MAX_UNPACKED,
        }
    } else {
        Error::ArchiveDamaged {
            reason: "the archive cannot be unpacked",
        }
    }
}

fn json_error(error: &serde_json::Error) -> Error {
    match error.io_error_kind() {
        Some(kind) => io_error(&kind.into()),
        None => Error::ArchiveDamaged {
            reason: "a file is no list of results",
        },
    }
}

/// A result as it stands in a file.
#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    status_code: Value,
    #[serde(default)]
    operation_id: Option<String>,
    #[serde(default)]
    response: Value,
}

/// A result as it stands in a file that is in memory; what was done need not be copied.
#[derive(Deserialize)]
struct BorrowedRow<'a> {
    #[serde(default)]
    status_code: Value,
    #[serde(default)]
    operation_id: Option<String>,
    #[serde(borrow, default)]
    response: Option<&'a RawValue>,
}

impl From<Row> for OperationResult {
    fn from(row: Row) -> Self {
        Self::new(&row.status_code, row.operation_id, || row.response)
    }
}

impl From<BorrowedRow<'_>> for OperationResult {
    fn from(row: BorrowedRow<'_>) -> Self {
        Self::new(&row.status_code, row.operation_id, || {
            let raw = row.response.map_or("null", RawValue::get);
            serde_json::from_str(raw).unwrap_or_default()
        })
    }
}

impl OperationResult {
    fn new(status: &Value, operation_id: Option<String>, response: impl FnOnce() -> Value) -> Self {
        let status = match status {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let status = status.and_then(|status| u16::try_from(status).ok());
        let outcome = if matches!(status, Some(200..=299)) {
            Outcome::Done
        } else {
            // Text that holds JSON as a rule, HTML now and then.
            let body = match response() {
                Value::String(text) => text,
                other => other.to_string(),
            };
            Outcome::Refused(Box::new(classify(status.unwrap_or(0), body.as_bytes())))
        };
        Self {
            operation_id: operation_id.filter(|id| !id.is_empty()),
            outcome,
        }
    }
}

struct Results<F, R> {
    sink: F,
    row: PhantomData<R>,
}

impl<F: FnMut(R), R> Results<F, R> {
    const fn new(sink: F) -> Self {
        Self {
            sink,
            row: PhantomData,
        }
    }
}

impl<'de, F: FnMut(R), R: Deserialize<'de>> Visitor<'de> for Results<F, R> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of results")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut rows: A) -> Result<(), A::Error> {
        while let Some(row) = rows.next_element()? {
            (self.sink)(row);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reason::{NotFound, ServerError, Unexpected};
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;
    use std::io::Write as _;

    fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut tar = tar::Builder::new(Vec::new());
        for (name, body) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(body.len() as u64);
            if name.ends_with('/') {
                header.set_entry_type(tar::EntryType::Directory);
            }
            tar.append_data(&mut header, name, *body).unwrap();
        }
        tar.into_inner().unwrap()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read(archive: &[u8]) -> Result<Vec<OperationResult>, Error> {
        let mut results = Vec::new();
        read_archive(archive, |result| results.push(result)).map(|()| results)
    }

    const ONE: &[u8] = br#"[{"status_code":200,"operation_id":"a","response":"{}"}]"#;

    #[test]
    fn passes_over_directories_empty_files_and_other_files() {
        let files: [(&str, &[u8]); 5] = [
            ("./", b""),
            ("a.json", b""),
            ("sub/", b""),
            ("readme.txt", b"hello"),
            ("sub/b.JSON", ONE),
        ];
        let packed = gzip(&tar(&files));
        assert_eq!(read(&packed).unwrap().len(), 1);
        assert_eq!(read(&tar(&files)).unwrap().len(), 1, "unpacked on the way");
    }

    #[test]
    fn a_result_of_any_shape_has_an_outcome() {
        let rows = br#"[{"status_code":"404","operation_id":"a","response":{"title":"Resource Not Found"}},
            {"operation_id":"b"}, {"status_code":500,"operation_id":"","response":null},
            {"status_code":99999,"operation_id":null,"response":"","extra":[]}]"#;
        let results = read(&gzip(&tar(&[("a.json", rows)]))).unwrap();
        let reasons: Vec<_> = results
            .iter()
            .map(|result| match &result.outcome {
                Outcome::Refused(refusal) => refusal.reason,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(reasons, [NotFound, Unexpected, ServerError, Unexpected]);
        assert_eq!(results[2].operation_id, None);
    }

    #[test]
    fn a_damaged_archive_is_an_error() {
        let packed = gzip(&tar(&[("a.json", ONE)]));
        let html = gzip(&tar(&[("a.json", b"<H1>Bad Request</H1>")]));
        for archive in [&packed[..packed.len() / 2], &html, b"", b"<html>"] {
            let error = read(archive).unwrap_err();
            assert!(matches!(error, Error::ArchiveDamaged { .. }), "{error:?}");
        }
    }

    #[test]
    fn one_huge_result_is_refused() {
        let mut rows = br#"[{"status_code":200,"operation_id":"a","response":""#.to_vec();
        rows.resize(rows.len() + 9 * 1024 * 1024, b'x');
        rows.extend_from_slice(br#""}]"#);
        let error = read(&gzip(&tar(&[("a.json", &rows)]))).unwrap_err();
        assert!(matches!(error, Error::ArchiveTooLarge { .. }), "{error:?}");
    }

    #[test]
    fn many_results_may_be_larger_together_than_one_may_be() {
        let row = format!(
            r#"{{"status_code":200,"operation_id":"a","response":"{}"}}"#,
            "x".repeat(1024 * 1024)
        );
        let rows = format!("[{}]", vec![row; 10].join(","));
        let results = read(&gzip(&tar(&[("a.json", rows.as_bytes())]))).unwrap();
        assert_eq!(results.len(), 10);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2048)) {
            let _ = read(&bytes);
            let _ = read(&gzip(&bytes));
            let _ = read(&gzip(&tar(&[("a.json", &bytes)])));
        }

        #[test]
        fn a_cut_or_flipped_archive_never_panics(at in 0_usize..600, bit in 0_u8..8) {
            let mut packed = gzip(&tar(&[("a.json", ONE)]));
            let at = at % packed.len();
            let _ = read(&packed[..at]);
            packed[at] ^= 1 << bit;
            let _ = read(&packed);
        }
    }
}
