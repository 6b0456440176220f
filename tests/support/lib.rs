//! What the journeys stand on: a simulator, an application with files of its own, a browser that
//! says yes, and the promises to the owner as checks.

mod browser;
mod journey;
mod promises;
mod world;

pub use browser::AutoConsent;
pub use journey::{Journey, Linked, open_app, signals};
pub use promises::{Promises, orders_of, statuses_of};
pub use world::World;
