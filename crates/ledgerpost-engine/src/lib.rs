//! Gather, plan, apply, verify: the one pipeline.
//!
//! [`Engine`] ties a company's store to its two clients. A sync, an undo and a disconnect are plans
//! run by the same apply; the plan of a sync is pure ([`plan`]). Nothing here knows a window or a
//! command line.

mod apply;
mod engine;
mod error;
mod gather;
mod leave;
pub mod plan;
mod planned;
mod progress;
mod recover;
mod run;
mod undo;
mod verify;

pub use engine::{Engine, Parts};
pub use error::EngineError;
pub use gather::{Depth, MEMBER_CURSORS};
pub use leave::{DisconnectPreview, Disconnected, StoreContents, UndoPreview};
pub use planned::PlannedRun;
pub use progress::{Phase, Progress, Settled, Unwatched, Watch};
pub use run::{Approval, SyncEnd, SyncReport};
pub use undo::Kept;
pub use verify::{COMPARED, Explained, Mismatch, Reconciliation, Tally};
