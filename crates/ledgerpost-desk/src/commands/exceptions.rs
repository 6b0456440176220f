//! Exceptions from a CSV file: somebody else's file, of any size and spelling.

use std::collections::{HashMap, HashSet};
use std::io::Read as _;
use std::path::Path;

use ledgerpost_core::EmailAddress;
use ledgerpost_core::ids::RealmId;
use ledgerpost_core::ports::Mirror as _;
use ledgerpost_ipc::CompanyRef;
use ledgerpost_ipc::setup::{
    ExceptionsRead, FailedRow, MarketingStatus, RowProblem, StatusException,
};
use ledgerpost_store::CompanyStore;

use super::company::hit;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::place::blocking;

/// A file that holds more is no list of a company's customers.
const LONGEST_FILE: u64 = 20_000_000;
/// How many rows of a file are told of that could not be read.
const MOST_FAILED: usize = 500;
/// How much of such a row is shown.
const LONGEST_TEXT: usize = 200;
const PAGE: usize = 1_000;

impl Desk {
    pub(crate) async fn read_exceptions(
        &self,
        wanted: CompanyRef,
    ) -> Result<ExceptionsRead, DeskError> {
        let Some(path) = self.inner.host.choose_open_path(&["csv", "txt"]).await else {
            return Ok(ExceptionsRead {
                exceptions: Vec::new(),
                failed: Vec::new(),
                file: None,
            });
        };
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let bytes = blocking(move || read_file(&path)).await?;
        let read = self
            .place()
            .look(RealmId::new(wanted.company), move |store| {
                let store = store.ok_or(DeskError::NotFound { what: "company" })?;
                let customers = Customers::read(store)?;
                Ok(read_rows(&text_of(&bytes), &customers))
            })
            .await?;
        Ok(ExceptionsRead { file: name, ..read })
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, DeskError> {
    let failed = |source| DeskError::File {
        verb: "read",
        source,
    };
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    let read = file
        .take(LONGEST_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if read as u64 > LONGEST_FILE {
        return Err(DeskError::Invalid {
            field: "file",
            problem: "larger than 20 MB",
        });
    }
    Ok(bytes)
}

/// The text of a file: UTF-8, UTF-16 with its mark, or else what Windows programs write.
fn text_of(bytes: &[u8]) -> String {
    let units = |bytes: &[u8], pair: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .map(|two| pair([two[0], two[1]]))
            .collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        [0xFF, 0xFE, rest @ ..] => units(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => units(rest, u16::from_be_bytes),
        bytes => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            // Latin-1 gives every byte a letter; the few that Windows has beyond it are marks.
            Err(_) => bytes.iter().copied().map(char::from).collect(),
        },
    }
}

/// What rows may name a customer by.
#[derive(Default)]
struct Customers {
    all: Vec<(String, String, Option<String>)>,
    by_email: HashMap<String, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
}

impl Customers {
    fn read(store: &CompanyStore) -> Result<Self, DeskError> {
        let mut customers = Self::default();
        let mut after = None;
        loop {
            let page = store.customers(after.as_ref(), PAGE)?;
            let Some(last) = page.last() else {
                return Ok(customers);
            };
            after = Some(last.id.clone());
            for customer in &page {
                let hit = hit(customer);
                customers.add(hit.customer, hit.name, hit.email);
            }
        }
    }

    fn add(&mut self, id: String, name: String, email: Option<String>) {
        let place = self.all.len();
        if let Some(email) = &email {
            let folded = email.to_lowercase();
            self.by_email.entry(folded).or_default().push(place);
        }
        self.by_name
            .entry(name.to_lowercase())
            .or_default()
            .push(place);
        self.all.push((id, name, email));
    }

    fn find(&self, named: &str) -> Result<usize, RowProblem> {
        let folded = named.trim().to_lowercase();
        let found = self
            .by_email
            .get(&folded)
            .or_else(|| self.by_name.get(&folded));
        match found.map(Vec::as_slice) {
            Some([one]) => Ok(*one),
            // Customers with one address are one contact: any of them stands for it.
            Some([first, ..]) if EmailAddress::parse(&folded).is_ok() => Ok(*first),
            Some(_) => Err(RowProblem::SeveralCustomers),
            None => Err(RowProblem::UnknownCustomer),
        }
    }
}

/// Where the columns are.
struct Places {
    customer: usize,
    status: usize,
    grounds: Option<usize>,
}

fn read_rows(text: &str, customers: &Customers) -> ExceptionsRead {
    let mut read = ExceptionsRead {
        exceptions: Vec::new(),
        failed: Vec::new(),
        file: None,
    };
    let first = text.lines().next().unwrap_or_default();
    let mut rows = csv::ReaderBuilder::new()
        .delimiter(delimiter(first))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut places: Option<Places> = None;
    let mut seen = HashSet::new();
    for row in rows.records() {
        let Ok(row) = row else {
            fail(&mut read, 0, String::new(), RowProblem::Unreadable);
            continue;
        };
        let line = row.position().map_or(0, csv::Position::line);
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let Some(places) = &places else {
            let Some(found) = head(&row) else {
                fail(&mut read, line, shown(&row), RowProblem::Unreadable);
                return read;
            };
            places = Some(found);
            continue;
        };
        match exception(&row, places, customers) {
            Ok(exception) if seen.insert(exception.customer.clone()) => {
                read.exceptions.push(exception);
            }
            Ok(_) => fail(&mut read, line, shown(&row), RowProblem::Twice),
            Err(problem) => fail(&mut read, line, shown(&row), problem),
        }
    }
    read
}

fn fail(read: &mut ExceptionsRead, line: u64, text: String, problem: RowProblem) {
    if read.failed.len() < MOST_FAILED {
        read.failed.push(FailedRow {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            text,
            problem,
        });
    }
}

fn shown(row: &csv::StringRecord) -> String {
    let text = row.iter().collect::<Vec<_>>().join(", ");
    text.chars().take(LONGEST_TEXT).collect()
}

/// What stands between the cells: programs of many countries write semicolons.
fn delimiter(first: &str) -> u8 {
    let count = |sign: char| first.matches(sign).count();
    [';', '\t', ',']
        .into_iter()
        .max_by_key(|sign| count(*sign))
        .filter(|sign| count(*sign) > 0)
        .map_or(b',', |sign| sign as u8)
}

fn head(row: &csv::StringRecord) -> Option<Places> {
    let place = |names: &[&str]| {
        row.iter()
            .position(|cell| names.contains(&cell.trim().to_lowercase().as_str()))
    };
    Some(Places {
        customer: place(&["email", "e-mail", "email address"])
            .or_else(|| place(&["customer", "name"]))?,
        status: place(&["status", "marketing status"])?,
        grounds: place(&["how you know", "grounds"]),
    })
}

fn exception(
    row: &csv::StringRecord,
    places: &Places,
    customers: &Customers,
) -> Result<StatusException, RowProblem> {
    let cell = |place: usize| {
        row.get(place)
            .map(str::trim)
            .filter(|cell| !cell.is_empty())
    };
    let named = cell(places.customer).ok_or(RowProblem::Unreadable)?;
    let (id, name, email) = &customers.all[customers.find(named)?];
    let status = cell(places.status)
        .and_then(status)
        .ok_or(RowProblem::UnknownStatus)?;
    let grounds = places.grounds.and_then(cell).unwrap_or_default();
    if status == MarketingStatus::Subscribed && grounds.is_empty() {
        return Err(RowProblem::GroundsMissing);
    }
    Ok(StatusException {
        customer: id.clone(),
        name: name.clone(),
        email: email.clone(),
        status,
        grounds: grounds.to_owned(),
    })
}

fn status(word: &str) -> Option<MarketingStatus> {
    let folded: String = word
        .chars()
        .filter(|c| c.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect();
    match folded.as_str() {
        "subscribed" => Some(MarketingStatus::Subscribed),
        "unsubscribed" => Some(MarketingStatus::Unsubscribed),
        "notsubscribed" | "nonsubscribed" | "transactional" => Some(MarketingStatus::NotSubscribed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn customers() -> Customers {
        let mut customers = Customers::default();
        customers.add(
            "1".to_owned(),
            "Zoë Müller".to_owned(),
            Some("zoe@pottery.test".to_owned()),
        );
        customers.add("2".to_owned(), "Twin".to_owned(), None);
        customers.add("3".to_owned(), "Twin".to_owned(), None);
        customers
    }

    #[test]
    fn reads_what_it_can_and_says_why_not_the_rest() {
        let text = "Email;Status;How you know\n\
                    ZOE@pottery.test;Subscribed;Form, Oct 4\n\
                    zoe@pottery.test;unsubscribed;\n\
                    nobody@pottery.test;subscribed;x\n\
                    Twin;not subscribed;\n\
                    Zoë Müller;maybe;\n";
        let read = read_rows(text, &customers());
        assert_eq!(read.exceptions.len(), 1);
        assert_eq!(read.exceptions[0].grounds, "Form, Oct 4");
        let problems: Vec<(u32, RowProblem)> = read
            .failed
            .iter()
            .map(|row| (row.line, row.problem))
            .collect();
        assert_eq!(
            problems,
            [
                (3, RowProblem::Twice),
                (4, RowProblem::UnknownCustomer),
                (5, RowProblem::SeveralCustomers),
                (6, RowProblem::UnknownStatus),
            ]
        );
    }

    #[test]
    fn knows_the_encodings_of_spreadsheets() {
        let text = "Customer,Status\nZoë Müller,Unsubscribed\n";
        let utf16: Vec<u8> = [0xFF, 0xFE]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        let latin: Vec<u8> = text
            .chars()
            .map(|c| u8::try_from(u32::from(c)).expect("Latin-1"))
            .collect();
        for bytes in [text.as_bytes().to_vec(), utf16, latin] {
            let read = read_rows(&text_of(&bytes), &customers());
            assert_eq!(read.exceptions.len(), 1, "{:?}", read.failed);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_fault(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let read = read_rows(&text_of(&bytes), &customers());
            prop_assert!(read.exceptions.len() <= 3);
        }
    }
}
