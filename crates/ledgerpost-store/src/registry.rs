//! What spans companies: which there are, the Mailchimp accounts, and what is tied to what.

use jiff::Timestamp;
use ledgerpost_core::ids::{AccountId, AudienceId, RealmId};
use ledgerpost_core::settings::Settings;
use rusqlite::{OptionalExtension as _, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Result;
use crate::json;
use crate::words::words;

/// A QuickBooks company that was signed in to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCompany {
    /// Intuit's id.
    pub realm: RealmId,
    /// Its name.
    pub name: String,
    /// When it was first signed in to.
    pub added_at: Timestamp,
}

/// A Mailchimp account that was signed in to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// Where its API answers, such as `https://us21.api.mailchimp.com/3.0`.
    pub api_base: String,
    /// When it was first signed in to.
    pub added_at: Timestamp,
}

words! {
    /// How far a connection is.
    ConnectionState {
        /// Tied; nothing was synced yet.
        Draft = "draft",
        /// In use.
        Ready = "ready",
        /// Stopped by the owner.
        Paused = "paused",
        /// Disconnected; kept for its history.
        Disconnected = "disconnected",
    }
}

/// A company tied to an audience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// The company.
    pub realm: RealmId,
    /// The Mailchimp account.
    pub account: AccountId,
    /// The audience.
    pub audience_id: AudienceId,
    /// The audience's name.
    pub audience_name: String,
    /// How far it is.
    pub state: ConnectionState,
    /// The owner's choices.
    pub settings: Settings,
    /// Whether the next plan waits for a yes.
    pub needs_approval: bool,
    /// When the owner last said yes.
    pub approved_at: Option<Timestamp>,
    /// How many changes that plan had.
    pub approved_changes: Option<u64>,
    /// When it was tied.
    pub created_at: Timestamp,
}

/// `ledgerpost.sqlite`. Each method is one transaction.
#[derive(Debug)]
pub struct Registry {
    connection: rusqlite::Connection,
}

impl Registry {
    pub(crate) const fn new(connection: rusqlite::Connection) -> Self {
        Self { connection }
    }

    /// Adds a company or renames it; `added_at` of a known one stays.
    pub fn put_company(&self, company: &KnownCompany) -> Result<()> {
        self.connection.execute(
            "INSERT INTO companies (realm, name, added_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (realm) DO UPDATE SET name = excluded.name",
            params![
                company.realm.as_str(),
                company.name,
                company.added_at.as_microsecond()
            ],
        )?;
        Ok(())
    }

    /// All companies by name.
    pub fn companies(&self) -> Result<Vec<KnownCompany>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT realm, name, added_at FROM companies ORDER BY name, realm")?;
        let mut rows = statement.query([])?;
        let mut companies = Vec::new();
        while let Some(row) = rows.next()? {
            companies.push(KnownCompany {
                realm: RealmId::new(row.get::<_, String>(0)?),
                name: row.get(1)?,
                added_at: json::timestamp("companies", row.get(2)?)?,
            });
        }
        Ok(companies)
    }

    /// Forgets a company and its connection. Its folder is another matter
    /// ([`crate::DataFolder::delete_company`]).
    pub fn remove_company(&self, realm: &RealmId) -> Result<()> {
        self.connection
            .execute("DELETE FROM companies WHERE realm = ?1", [realm.as_str()])?;
        Ok(())
    }

    /// Adds an account or updates its name and address; `added_at` of a known one stays.
    pub fn put_account(&self, account: &Account) -> Result<()> {
        self.connection.execute(
            "INSERT INTO accounts (id, name, api_base, added_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, api_base = excluded.api_base",
            params![
                account.id.as_str(),
                account.name,
                account.api_base,
                account.added_at.as_microsecond()
            ],
        )?;
        Ok(())
    }

    /// All accounts by name.
    pub fn accounts(&self) -> Result<Vec<Account>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, name, api_base, added_at FROM accounts ORDER BY name, id",
        )?;
        let mut rows = statement.query([])?;
        let mut accounts = Vec::new();
        while let Some(row) = rows.next()? {
            accounts.push(Account {
                id: AccountId::new(row.get::<_, String>(0)?),
                name: row.get(1)?,
                api_base: row.get(2)?,
                added_at: json::timestamp("accounts", row.get(3)?)?,
            });
        }
        Ok(accounts)
    }

    /// Forgets an account that no connection uses. Returns whether it is gone.
    pub fn remove_account(&self, id: &AccountId) -> Result<bool> {
        let removed = self.connection.execute(
            "DELETE FROM accounts WHERE id = ?1
             AND NOT EXISTS (SELECT 1 FROM connections WHERE account = ?1)",
            [id.as_str()],
        )?;
        Ok(removed > 0)
    }

    /// Adds or replaces a company's connection; company and account must be known.
    pub fn put_connection(&self, connection: &Connection) -> Result<()> {
        self.connection.execute(
            "INSERT INTO connections (realm, account, audience_id, audience_name, state, settings,
                 needs_approval, approved_at, approved_changes, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (realm) DO UPDATE SET account = excluded.account,
                 audience_id = excluded.audience_id, audience_name = excluded.audience_name,
                 state = excluded.state, settings = excluded.settings,
                 needs_approval = excluded.needs_approval, approved_at = excluded.approved_at,
                 approved_changes = excluded.approved_changes, created_at = excluded.created_at",
            params![
                connection.realm.as_str(),
                connection.account.as_str(),
                connection.audience_id.as_str(),
                connection.audience_name,
                connection.state,
                json::encode("connections", &connection.settings)?,
                connection.needs_approval,
                connection.approved_at.map(Timestamp::as_microsecond),
                connection.approved_changes.map(json::integer),
                connection.created_at.as_microsecond(),
            ],
        )?;
        Ok(())
    }

    /// A company's connection.
    pub fn connection(&self, realm: &RealmId) -> Result<Option<Connection>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{CONNECTIONS} WHERE realm = ?1"))?;
        statement
            .query_row([realm.as_str()], |row| Ok(read_connection(row)))
            .optional()?
            .transpose()
    }

    /// All connections by company.
    pub fn connections(&self) -> Result<Vec<Connection>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{CONNECTIONS} ORDER BY realm"))?;
        let mut rows = statement.query([])?;
        let mut connections = Vec::new();
        while let Some(row) = rows.next()? {
            connections.push(read_connection(row)?);
        }
        Ok(connections)
    }

    /// What was noted under a name.
    pub fn note<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        let body: Option<String> = self
            .connection
            .prepare_cached("SELECT body FROM notes WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?;
        body.map(|body| json::decode("notes", &body)).transpose()
    }

    /// Notes something under a name, in place of what was there.
    pub fn put_note<T: Serialize>(&self, name: &str, note: &T) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO notes (name, body) VALUES (?1, ?2)
                 ON CONFLICT (name) DO UPDATE SET body = excluded.body",
            )?
            .execute([name, &json::encode("notes", note)?])?;
        Ok(())
    }

    /// Forgets what was noted under a name.
    pub fn remove_note(&self, name: &str) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM notes WHERE name = ?1")?
            .execute([name])?;
        Ok(())
    }
}

const CONNECTIONS: &str = "SELECT realm, account, audience_id, audience_name, state, settings,
     needs_approval, approved_at, approved_changes, created_at FROM connections";

fn read_connection(row: &Row<'_>) -> Result<Connection> {
    const TABLE: &str = "connections";
    let approved_at: Option<i64> = row.get(7)?;
    let approved_changes: Option<i64> = row.get(8)?;
    Ok(Connection {
        realm: RealmId::new(row.get::<_, String>(0)?),
        account: AccountId::new(row.get::<_, String>(1)?),
        audience_id: AudienceId::new(row.get::<_, String>(2)?),
        audience_name: row.get(3)?,
        state: json::known(
            TABLE,
            ConnectionState::from_word(json::text(TABLE, row, 4)?),
        )?,
        settings: json::column(TABLE, row, 5)?,
        needs_approval: row.get(6)?,
        approved_at: approved_at
            .map(|at| json::timestamp(TABLE, at))
            .transpose()?,
        approved_changes: approved_changes
            .map(|changes| json::count(TABLE, changes))
            .transpose()?,
        created_at: json::timestamp(TABLE, row.get(9)?)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DataFolder;
    use crate::testing::{now, realm};

    #[test]
    fn a_note_is_kept_until_it_is_replaced_or_removed() {
        let place = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(place.path(), "test").unwrap();
        let (registry, _) = folder.registry(now()).unwrap();
        assert_eq!(registry.note::<u32>("minutes").unwrap(), None);
        registry.put_note("minutes", &1).unwrap();
        registry.put_note("minutes", &15).unwrap();
        assert_eq!(registry.note("minutes").unwrap(), Some(15));
        assert!(
            registry.note::<String>("minutes").is_err(),
            "what is no such note must not be taken for one"
        );
        registry.remove_note("minutes").unwrap();
        assert_eq!(registry.note::<u32>("minutes").unwrap(), None);
    }

    #[test]
    fn remembers_companies_accounts_and_what_is_tied() {
        let place = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(place.path(), "test").unwrap();
        let (registry, _) = folder.registry(now()).unwrap();
        let company = KnownCompany {
            realm: realm(),
            name: "Tidewater Ceramics".to_owned(),
            added_at: now(),
        };
        let account = Account {
            id: AccountId::from("a1"),
            name: "Tidewater".to_owned(),
            api_base: "https://us21.api.mailchimp.com/3.0".to_owned(),
            added_at: now(),
        };
        let mut connection = Connection {
            realm: realm(),
            account: account.id.clone(),
            audience_id: AudienceId::from("0123456789"),
            audience_name: "Newsletter".to_owned(),
            state: ConnectionState::Draft,
            settings: Settings::default(),
            needs_approval: true,
            approved_at: None,
            approved_changes: None,
            created_at: now(),
        };
        assert!(registry.put_connection(&connection).is_err());
        registry.put_company(&company).unwrap();
        registry.put_account(&account).unwrap();
        registry.put_connection(&connection).unwrap();
        connection.state = ConnectionState::Ready;
        connection.needs_approval = false;
        connection.approved_at = Some(now());
        connection.approved_changes = Some(6_000);
        registry.put_connection(&connection).unwrap();
        drop(registry);

        let (registry, _) = folder.registry(now()).unwrap();
        assert_eq!(registry.companies().unwrap(), [company]);
        assert_eq!(registry.accounts().unwrap(), std::slice::from_ref(&account));
        assert_eq!(
            registry.connection(&realm()).unwrap().as_ref(),
            Some(&connection)
        );
        assert!(!registry.remove_account(&account.id).unwrap());
        registry.remove_company(&realm()).unwrap();
        assert!(registry.connections().unwrap().is_empty());
        assert!(registry.remove_account(&account.id).unwrap());
    }
}
