//! A reading client for the QuickBooks Online Accounting API.
//!
//! It offers no write: a query, a read and change data capture are all it can send, so that a sync
//! cannot change the books. It knows nothing of any destination.
//!
//! Invariants: lists always include inactive rows and come in the order of Ids; an amount is the
//! decimal that stood in the JSON; ids stay text; what the service wrote in free text is in no
//! error's text and in no log.

mod batch;
mod changes;
mod client;
mod convert;
mod entity;
mod error;
mod fault;
mod isolate;
mod load;
mod overview;
mod page;
mod query;
mod reply;
mod row;
mod wire;

pub use changes::{ChangeFeed, Changes, MAX_CHANGES_AGE, overlapped};
pub use client::{Client, Config};
pub use entity::Entity;
pub use error::{Detail, Error, Trace};
pub use overview::{CustomerType, Overview};
pub use page::Page;
pub use query::{MAX_ROWS, Query, Selection, Window};
pub use row::{Deleted, RawText, Record, Row, Unreadable, UnreadableReason};
