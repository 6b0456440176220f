//! `consent_entries`: who got which marketing status, when, on what grounds. Rows can be added
//! only; the file itself refuses the rest.

use jiff::Timestamp;
use ledgerpost_core::change::{Basis, CreateStatus};
use ledgerpost_core::ids::RunId;
use ledgerpost_core::{EmailAddress, MemberHash};
use rusqlite::{Params, params};

use crate::company::{CompanyStore, Write};
use crate::error::{Error, Result};
use crate::json;
use crate::table::runs::{existing, run_id};
use crate::words::words;

const TABLE: &str = "consent_entries";
const COLUMNS: &str = "hash, email, status, at, grounds, run, how, basis";

words! {
    /// By which act somebody got a status.
    ConsentAct {
        /// A sync added the person.
        Created = "created",
        /// Taking back a run archived the person again.
        Archived = "archived",
    }
}

/// One act that set or took away a status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentEntry {
    /// The member.
    pub hash: MemberHash,
    /// The address.
    pub email: EmailAddress,
    /// The status that was set, or that had been set before it was taken away.
    pub status: CreateStatus,
    /// When.
    pub at: Timestamp,
    /// Why this status: the owner's words, or ours.
    pub grounds: String,
    /// The parts of the grounds where they are ours.
    pub basis: Option<Basis>,
    /// In which run.
    pub run: Option<RunId>,
    /// By which act.
    pub how: ConsentAct,
}

impl CompanyStore {
    /// The consent entries of one contact, oldest first.
    pub fn consent_entries_of(&self, hash: &MemberHash) -> Result<Vec<ConsentEntry>> {
        let entries = self.query_consent(
            &format!(
                "SELECT {COLUMNS}, number FROM consent_entries WHERE hash = ?1 ORDER BY number"
            ),
            [hash.as_str()],
        )?;
        Ok(entries.into_iter().map(|(_, entry)| entry).collect())
    }

    /// All consent entries with their numbers, oldest first, after number `after` (0 for the
    /// beginning): the export.
    pub fn consent_entries(&self, after: u64, limit: usize) -> Result<Vec<(u64, ConsentEntry)>> {
        self.query_consent(
            &format!(
                "SELECT {COLUMNS}, number FROM consent_entries
                 WHERE number > ?1 ORDER BY number LIMIT ?2"
            ),
            params![json::integer(after), json::integer(limit)],
        )
    }

    fn query_consent(&self, sql: &str, params: impl Params) -> Result<Vec<(u64, ConsentEntry)>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            let email: String = row.get(1)?;
            let run: Option<i64> = row.get(5)?;
            let basis: Option<String> = row.get(7)?;
            let entry = ConsentEntry {
                hash: MemberHash::from_stored(json::text(TABLE, row, 0)?),
                email: EmailAddress::try_from(email)
                    .map_err(|_| Error::Undecodable { table: TABLE })?,
                status: json::word(TABLE, json::text(TABLE, row, 2)?)?,
                at: json::timestamp(TABLE, row.get(3)?)?,
                grounds: row.get(4)?,
                run: run.map(run_id),
                how: json::known(TABLE, ConsentAct::from_word(json::text(TABLE, row, 6)?))?,
                basis: basis.map(|text| json::decode(TABLE, &text)).transpose()?,
            };
            entries.push((json::count(TABLE, row.get(8)?)?, entry));
        }
        Ok(entries)
    }
}

impl Write<'_> {
    pub(crate) fn add_consent(&self, entry: &ConsentEntry) -> Result<()> {
        let run = entry.run.as_ref().map(existing).transpose()?;
        self.transaction
            .prepare_cached(
                "INSERT INTO consent_entries (hash, email, status, at, grounds, run, how, basis)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                entry.hash.as_str(),
                entry.email.as_str(),
                entry.status.as_str(),
                entry.at.as_microsecond(),
                entry.grounds,
                run,
                entry.how,
                entry
                    .basis
                    .as_ref()
                    .map(|basis| json::encode(TABLE, basis))
                    .transpose()?,
            ])?;
        Ok(())
    }
}
