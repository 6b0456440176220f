//! Looking: the store's rows as the window shows them. Nothing here writes, and nothing here asks a
//! service.
//!
//! A [`Look`] is one company's file, opened for reading on a connection of its own, so that no look
//! waits for a sync. What is costly to find out is kept until somebody else has written
//! something that it was made from.

mod activity;
mod attention;
pub mod changes;
pub mod codes;
mod contacts;
pub mod convert;
mod detail;
mod error;
pub mod file;
mod home;
mod index;
mod order;
mod said;
mod save;
mod settings;
mod totals;
mod unreadable;

pub use error::LookError;
pub(crate) use said::service_words;
pub(crate) use unreadable::unreadable_count;

pub use home::{CALLS_LIMIT, HomeContext, Stopped};
pub use settings::{
    leave_alone, settings_from_wire, settings_to_wire, status_from_wire, status_to_wire,
};

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use ledgerpost_core::ids::CurrencyCode;
use ledgerpost_core::ports::Mirror as _;
use ledgerpost_store::{CompanyStore, Error as StoreError};

use index::ContactIndex;

/// While a run writes all the time, an index is used for this many times the time that it took to
/// make, so that looking never takes more than a small part of the machine.
const REST: u32 = 10;

/// One company's file, to look at.
pub struct Look {
    store: CompanyStore,
    kept: RefCell<Option<Kept>>,
}

/// What was found out about the file as it was at a version.
#[derive(Clone)]
struct Kept {
    version: i64,
    /// [`CompanyStore::looked`] of that version.
    looked: u64,
    made_at: Instant,
    took: Duration,
    index: Rc<ContactIndex>,
    about: Rc<About>,
}

/// What every screen needs to know of a company.
struct About {
    currency: CurrencyCode,
    zone: TimeZone,
    /// Names of customer types by id.
    types: BTreeMap<String, String>,
}

impl Look {
    /// Looks at a company's file. It has to be opened for reading
    /// ([`ledgerpost_store::FolderView::company`]).
    pub const fn new(store: CompanyStore) -> Self {
        Self {
            store,
            kept: RefCell::new(None),
        }
    }

    /// The file.
    pub const fn store(&self) -> &CompanyStore {
        &self.store
    }

    fn kept(&self) -> Result<Kept, LookError> {
        let version = self.store.file_version()?;
        let looked = match self.kept.borrow_mut().as_mut() {
            Some(kept) if kept.version == version => return Ok(kept.clone()),
            Some(kept) => {
                let looked = self.store.looked()?;
                if kept.looked == looked {
                    kept.version = version;
                    return Ok(kept.clone());
                }
                if self.may_rest(kept)? {
                    return Ok(kept.clone());
                }
                looked
            }
            None => self.store.looked()?,
        };
        let began = Instant::now();
        let fresh = Kept {
            version,
            looked,
            index: Rc::new(ContactIndex::read(&self.store)?),
            about: Rc::new(About::read(&self.store)?),
            made_at: Instant::now(),
            took: began.elapsed(),
        };
        *self.kept.borrow_mut() = Some(fresh.clone());
        Ok(fresh)
    }

    /// Whether a run is writing and what is kept was made a moment ago.
    fn may_rest(&self, kept: &Kept) -> Result<bool, LookError> {
        use ledgerpost_store::RunState;
        if kept.made_at.elapsed() > kept.took * REST {
            return Ok(false);
        }
        let writing = self
            .store
            .unfinished_runs()?
            .iter()
            .any(|run| run.state == RunState::Applying);
        Ok(writing)
    }
}

impl About {
    fn read(store: &CompanyStore) -> Result<Self, StoreError> {
        let company = store.company()?;
        let zone = company
            .as_ref()
            .and_then(|company| company.time_zone.as_deref())
            .and_then(|name| TimeZone::get(name).ok());
        Ok(Self {
            currency: company
                .map_or_else(|| CurrencyCode::new("USD"), |company| company.home_currency),
            zone: zone.unwrap_or(TimeZone::UTC),
            types: store.customer_types()?.into_iter().collect(),
        })
    }

    /// The name of a customer type, or its id as long as QuickBooks was not asked.
    fn type_name(&self, id: &str) -> String {
        self.types.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }
}

#[cfg(test)]
mod tests;
