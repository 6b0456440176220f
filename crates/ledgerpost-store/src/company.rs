//! One company's file.

use std::cell::Cell;
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::error::{Error, Result};

/// One company's mirrors, links, journal and the rest. Reads are methods here and in the
/// [`ledgerpost_core::ports::Mirror`] that it is; writes go through a [`Write`].
#[derive(Debug)]
pub struct CompanyStore {
    pub(crate) connection: Connection,
}

impl CompanyStore {
    pub(crate) const fn new(connection: Connection) -> Self {
        Self { connection }
    }

    /// Waits this long for another program that holds the file, instead of five seconds.
    ///
    /// # Errors
    /// SQLite's.
    pub fn wait_for_others(&self, patience: Duration) -> Result<()> {
        Ok(self.connection.busy_timeout(patience)?)
    }

    /// Begins a transaction. Only one may be open at a time; the store can be read meanwhile, and
    /// sees what the transaction wrote.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::DiskFull`].
    pub fn begin(&self) -> Result<Write<'_>> {
        let transaction =
            Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
        Ok(Write {
            before: transaction.total_changes(),
            transaction,
            changed: Cell::new(false),
            quiet: Cell::new(0),
        })
    }

    /// Does all of `work` or none of it.
    ///
    /// # Errors
    /// Those of [`Self::begin`], [`Write::commit`] and `work`.
    pub fn write<'s, T, E: From<Error>>(
        &'s self,
        work: impl FnOnce(&Write<'s>) -> Result<T, E>,
    ) -> Result<T, E> {
        let write = self.begin()?;
        let value = work(&write)?;
        write.commit()?;
        Ok(value)
    }
}

/// One transaction on a company's file. Dropped without [`Write::commit`], it never happened.
#[derive(Debug)]
pub struct Write<'s> {
    pub(crate) transaction: Transaction<'s>,
    /// Whether something that a plan looks at is different now.
    changed: Cell<bool>,
    /// Rows that the connection had changed when it began.
    before: u64,
    /// Rows that were changed and that no list shows.
    quiet: Cell<u64>,
}

impl Write<'_> {
    /// Makes it permanent: when this returns, a power cut cannot take it back.
    ///
    /// # Errors
    /// [`Error::DiskFull`], [`Error::Locked`]; nothing was written then.
    pub fn commit(self) -> Result<()> {
        if self.changed.get() {
            self.transaction
                .prepare_cached("UPDATE state SET generation = generation + 1")?
                .execute([])?;
        }
        if self.transaction.total_changes() - self.before > self.quiet.get() {
            self.transaction
                .prepare_cached("UPDATE state SET looked = looked + 1")?
                .execute([])?;
        }
        self.transaction.commit()?;
        Ok(())
    }

    /// Notes that `rows` rows were changed that no list is made from. Whatever is not noted here makes
    /// lists be read anew.
    pub(crate) fn note_quiet(&self, rows: usize) {
        let rows = u64::try_from(rows).unwrap_or_default();
        self.quiet.set(self.quiet.get() + rows);
    }

    /// Notes that `rows` rows of a mirror changed, and gives the number back.
    pub(crate) fn note(&self, rows: usize) -> usize {
        if rows > 0 {
            self.changed.set(true);
        }
        rows
    }
}
