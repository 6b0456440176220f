//! Taking back a run, and leaving an audience.

use ledgerpost_core::ids::RunId;
use ledgerpost_engine::{DisconnectPreview, Disconnected, SyncReport, UndoPreview};
use ledgerpost_net::secrets::Account;
use ledgerpost_store::{Connection, ConnectionState, KnownCompany};

use crate::app::App;
use crate::error::AppError;
use crate::work::Signals;
use crate::yes::agreed;

impl App {
    /// What undoing a run would do.
    ///
    /// # Errors
    /// A run that cannot be undone, and what stops a run.
    pub async fn preview_undo(
        &mut self,
        company: &KnownCompany,
        run: &RunId,
        signals: &Signals,
    ) -> Result<UndoPreview, AppError> {
        let connection = self.connection(company)?;
        let engine = self.engine(&connection, signals).await?;
        Ok(engine.preview_undo(run).await?)
    }

    /// Takes back a run. The next plan waits for a yes, or it would do the same again.
    ///
    /// # Errors
    /// A run that cannot be undone, and what stops a run.
    pub async fn undo(
        &mut self,
        company: &KnownCompany,
        run: &RunId,
        signals: &Signals,
    ) -> Result<SyncReport, AppError> {
        let connection = self.connection(company)?;
        self.registry.put_connection(&Connection {
            needs_approval: true,
            ..connection.clone()
        })?;
        let engine = self.engine(&connection, signals).await?;
        Ok(engine.undo(run).await?)
    }

    /// What disconnecting would remove and keep.
    ///
    /// # Errors
    /// The files'.
    pub async fn preview_disconnect(
        &mut self,
        company: &KnownCompany,
        signals: &Signals,
    ) -> Result<DisconnectPreview, AppError> {
        let known = self.registry.connection(&company.realm)?;
        if known.is_some_and(|known| known.state == ConnectionState::Disconnected) {
            return Ok(DisconnectPreview::default());
        }
        let connection = self.connection(company)?;
        let engine = self.engine(&connection, signals).await?;
        Ok(engine.preview_disconnect()?)
    }

    /// Disconnects: archive, then orders and products from Mailchimp, then the sign-ins. Contacts
    /// stay; QuickBooks is not touched. Returns also whether Intuit was told.
    ///
    /// # Errors
    /// What stops a run; the sign-ins are kept then.
    pub async fn disconnect(
        &mut self,
        company: &KnownCompany,
        signals: &Signals,
    ) -> Result<(Disconnected, bool), AppError> {
        let archives = self.folder.company_folder(&company.realm)?.join("archive");
        if let Some(connection) = self.registry.connection(&company.realm)?
            && connection.state == ConnectionState::Disconnected
        {
            // Cut off between the last removal and signing out: only that is left.
            let told = self.sign_out(&connection).await?;
            let removed = DisconnectPreview::default();
            return Ok((
                Disconnected {
                    removed,
                    archive: archives,
                },
                told,
            ));
        }
        let connection = self.connection(company)?;
        let engine = self.engine(&connection, signals).await?;
        let done = engine.disconnect(&archives).await?;
        drop(engine);
        self.registry.put_connection(&Connection {
            state: ConnectionState::Disconnected,
            needs_approval: true,
            approved_at: None,
            approved_changes: None,
            ..connection.clone()
        })?;
        self.registry.remove_note(&agreed(&connection.realm))?;
        let told = self.sign_out(&connection).await?;
        Ok((done, told))
    }

    /// Gives up the sign-ins of a connection that nobody else uses.
    async fn sign_out(&self, connection: &Connection) -> Result<bool, AppError> {
        let told = self
            .reach
            .keeper(Account::QuickBooks(connection.realm.clone()))
            .sign_out()
            .await?;
        self.registry.remove_company(&connection.realm)?;
        let shared = self.registry.connections()?.iter().any(|other| {
            other.account == connection.account
                && other.realm != connection.realm
                && other.state != ConnectionState::Disconnected
        });
        if !shared {
            self.reach
                .keeper(Account::Mailchimp(connection.account.clone()))
                .sign_out()
                .await?;
            self.registry.remove_account(&connection.account)?;
        }
        Ok(told)
    }
}
