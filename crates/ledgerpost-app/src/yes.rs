//! The owner's yes to a plan, kept until that plan is carried out.

use ledgerpost_core::ids::RealmId;
use ledgerpost_engine::plan::Summary;
use ledgerpost_store::{Connection, ConnectionState, Registry};

use crate::app::App;
use crate::error::AppError;

impl App {
    /// Keeps the owner's yes, and to which plan it was given if they looked at one.
    pub(crate) fn keep_yes(
        &self,
        connection: &Connection,
        seen: Option<&Summary>,
    ) -> Result<(), AppError> {
        let name = agreed(&connection.realm);
        // First of all: without the rest it counts for nothing.
        match seen {
            Some(seen) => self.registry.put_note(&name, seen)?,
            None => self.registry.remove_note(&name)?,
        }
        if connection.needs_approval {
            self.registry.put_connection(&Connection {
                needs_approval: false,
                approved_at: Some(self.reach.clock.now()),
                state: ConnectionState::Ready,
                ..connection.clone()
            })?;
        }
        Ok(())
    }

    /// Lets the next plan wait for a yes, whatever was agreed to before.
    pub(crate) fn ask_again(&self, connection: Connection) -> Result<(), AppError> {
        let name = agreed(&connection.realm);
        self.registry.put_connection(&Connection {
            needs_approval: true,
            ..connection
        })?;
        Ok(self.registry.remove_note(&name)?)
    }
}

/// Whether the owner said yes to a plan that is not carried out yet.
///
/// # Errors
/// The registry's.
pub fn is_agreed(registry: &Registry, realm: &RealmId) -> Result<bool, AppError> {
    Ok(registry.note::<Summary>(&agreed(realm))?.is_some())
}

/// The note of a plan that the owner agreed to and that is not carried out yet. It counts only as long
/// as the connection needs no other yes.
pub(crate) fn agreed(realm: &RealmId) -> String {
    format!("agreed:{}", realm.as_str())
}
