//! What a user can ask for, as functions: sign in, link, plan, sync, reconcile, undo, export,
//! disconnect.
//!
//! The command line and the window call these and nothing below. [`App`] owns the data folder for
//! as long as it lives: a second process is told who holds it. Results are plain data that
//! serialise; none holds a token.

mod app;
mod connect;
mod error;
mod leave;
mod link;
mod reach;
mod view;
mod work;
mod yes;

pub use app::{App, Options, SecretsChoice};
pub use connect::{Company, MailchimpAccount};
pub use error::AppError;
pub use link::{AudienceChoice, Audiences, LinkRequest, Tie};
pub use reach::Reach;
pub use view::View;
pub use work::{Plan, Signals, Status, SyncOutcome};
pub use yes::is_agreed;
