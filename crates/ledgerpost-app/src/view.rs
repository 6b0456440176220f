//! Looking without the lock: lists and the status work while a sync runs.

use std::path::Path;

use jiff::Timestamp;
use ledgerpost_store::{
    CompanyStore, Connection, Error as StoreError, FolderView, KnownCompany, Registry,
};

use crate::app::choose_company;
use crate::error::AppError;
use crate::work::Status;

/// A data folder that is only looked at. Needs neither the lock nor the keychain.
pub struct View {
    /// `None` when nothing was ever kept there.
    kept: Option<(FolderView, Registry)>,
}

impl View {
    /// Looks at a data folder; one that is not there yet holds no companies.
    ///
    /// # Errors
    /// The files'. [`StoreError::Older`] and [`StoreError::Corrupt`] go away by opening the folder
    /// with [`crate::App::open`].
    pub fn open(data_folder: &Path) -> Result<Self, AppError> {
        let folder = match FolderView::open(data_folder) {
            Ok(folder) => folder,
            Err(StoreError::NoFolder { .. }) => return Ok(Self { kept: None }),
            Err(error) => return Err(error.into()),
        };
        let registry = folder.registry()?;
        Ok(Self {
            kept: registry.map(|registry| (folder, registry)),
        })
    }

    /// The companies that are signed in.
    ///
    /// # Errors
    /// The registry's.
    pub fn companies(&self) -> Result<Vec<KnownCompany>, AppError> {
        match &self.kept {
            Some((_, registry)) => Ok(registry.companies()?),
            None => Ok(Vec::new()),
        }
    }

    /// The company that is meant; see [`crate::App::company`].
    ///
    /// # Errors
    /// [`AppError::NoCompany`], [`AppError::UnknownCompany`], [`AppError::WhichCompany`].
    pub fn company(&self, wanted: Option<&str>) -> Result<KnownCompany, AppError> {
        choose_company(&self.companies()?, wanted)
    }

    /// Opens a company's file for reading; `None` when nothing was read yet.
    ///
    /// # Errors
    /// The file's.
    pub fn company_store(&self, company: &KnownCompany) -> Result<Option<CompanyStore>, AppError> {
        match &self.kept {
            Some((folder, _)) => Ok(folder.company(&company.realm)?),
            None => Ok(None),
        }
    }

    /// A company's connection.
    ///
    /// # Errors
    /// The registry's.
    pub fn connection(&self, company: &KnownCompany) -> Result<Option<Connection>, AppError> {
        match &self.kept {
            Some((_, registry)) => Ok(registry.connection(&company.realm)?),
            None => Ok(None),
        }
    }

    /// How a connection is doing; see [`crate::App::status`].
    ///
    /// # Errors
    /// The files'.
    pub fn status(&self, company: &KnownCompany, now: Timestamp) -> Result<Status, AppError> {
        let connection = self.connection(company)?;
        match self.company_store(company)? {
            Some(store) => Status::read(company, connection, &store, now),
            None => Ok(Status {
                company: company.clone(),
                connection,
                runs: Vec::new(),
                attention: Vec::new(),
                skips: Vec::new(),
                metered: std::collections::BTreeMap::new(),
            }),
        }
    }
}
