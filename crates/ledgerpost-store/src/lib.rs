//! One SQLite file for each company: mirrors, links, runs, journal, skips, consent, cursors.
//!
//! [`DataFolder`] holds the folder and its lock and opens the files in it; [`FolderView`] looks
//! without the lock. [`Registry`] is what spans companies. [`CompanyStore`] reads one company and is
//! the [`ledgerpost_core::ports::Mirror`] that plans page through; whatever is written to it goes
//! through a [`Write`], which is one transaction.
//!
//! Nothing here talks to a service or reads a clock, and nothing here is asynchronous: the engine
//! calls it from where blocking is allowed.

mod company;
mod database;
mod error;
mod folder;
mod json;
mod lock;
mod registry;
mod schema;
mod table;
#[cfg(test)]
mod testing;
mod words;

pub use company::{CompanyStore, Write};
pub use database::Opened;
pub use error::{Error, Result};
pub use folder::{DataFolder, FolderView, create_private_folder, note_damage};
pub use lock::Holder;
pub use registry::{Account, Connection, ConnectionState, KnownCompany, Registry};
pub use table::attention::AttentionItem;
pub use table::changes::{
    ChangeCount, ChangeFilter, ChangeHeading, Finished, JournalEntry, Outcome,
};
pub use table::consent_entries::{ConsentAct, ConsentEntry};
pub use table::contact_facts::{ContactFacts, ContactFigures, LinkFact, PageRow};
pub use table::contacts::{ContactCursor, ContactFilter, ContactRow};
pub use table::cursors::Cursor;
pub use table::effects::Effect;
pub use table::figures::{MonthSum, SkipSum};
pub use table::runs::{Run, RunKind, RunState};
pub use table::search::{SearchHit, SearchKind};
pub use table::seen::Entity;
pub use table::skips::{SkipCount, SkipFilter, SkipRow};
pub use table::totals::{DocumentTotal, OrderTotal};
pub use table::unreadable::{UnreadableRecord, UnreadableWhy};
