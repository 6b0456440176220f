//! What the window remembers between two starts, in the registry.

use ledgerpost_ipc::setup::{ConnectionSettings, Draft, MarketingStatus, Scope, Step};
use ledgerpost_ipc::start::{Preferences, Theme, WhenClosed};
use ledgerpost_store::Registry;
use serde::{Deserialize, Serialize};

use crate::error::DeskError;

const PREFERENCES: &str = "preferences";
const DRAFT: &str = "draft";
const CURRENT: &str = "current";
const TOLD_ABOUT_TRAY: &str = "told_about_tray";
const FORMER: &str = "former";

/// A company that was disconnected: its history stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Former {
    pub(crate) company: String,
    pub(crate) name: String,
    pub(crate) audience: String,
}

pub(crate) fn preferences(registry: &Registry) -> Result<Preferences, DeskError> {
    Ok(registry
        .note(PREFERENCES)?
        .unwrap_or_else(default_preferences))
}

pub(crate) fn put_preferences(registry: &Registry, new: &Preferences) -> Result<(), DeskError> {
    Ok(registry.put_note(PREFERENCES, new)?)
}

pub(crate) fn draft(registry: &Registry) -> Result<Option<Draft>, DeskError> {
    Ok(registry.note(DRAFT)?)
}

pub(crate) fn put_draft(registry: &Registry, draft: &Draft) -> Result<(), DeskError> {
    Ok(registry.put_note(DRAFT, draft)?)
}

pub(crate) fn remove_draft(registry: &Registry) -> Result<(), DeskError> {
    Ok(registry.remove_note(DRAFT)?)
}

pub(crate) fn current(registry: &Registry) -> Result<Option<String>, DeskError> {
    Ok(registry.note(CURRENT)?)
}

pub(crate) fn put_current(registry: &Registry, company: &str) -> Result<(), DeskError> {
    Ok(registry.put_note(CURRENT, &company)?)
}

pub(crate) fn told_about_tray(registry: &Registry) -> Result<bool, DeskError> {
    Ok(registry.note(TOLD_ABOUT_TRAY)?.unwrap_or(false))
}

pub(crate) fn put_told_about_tray(registry: &Registry) -> Result<(), DeskError> {
    Ok(registry.put_note(TOLD_ABOUT_TRAY, &true)?)
}

pub(crate) fn former(registry: &Registry) -> Result<Vec<Former>, DeskError> {
    Ok(registry.note(FORMER)?.unwrap_or_default())
}

/// Remembers a company that was disconnected.
pub(crate) fn add_former(registry: &Registry, new: Former) -> Result<(), DeskError> {
    let mut all = former(registry)?;
    all.retain(|known| known.company != new.company);
    all.push(new);
    Ok(registry.put_note(FORMER, &all)?)
}

/// Forgets that a company was disconnected: it is connected again.
pub(crate) fn remove_former(registry: &Registry, company: &str) -> Result<(), DeskError> {
    let mut all = former(registry)?;
    let before = all.len();
    all.retain(|known| known.company != company);
    if all.len() != before {
        registry.put_note(FORMER, &all)?;
    }
    Ok(())
}

fn default_preferences() -> Preferences {
    Preferences {
        language: None,
        theme: Theme::System,
        minutes_in_use: 1,
        minutes_in_tray: 15,
        notifications: false,
        start_at_login: false,
        when_closed: WhenClosed::Quit,
        contact_columns: Vec::new(),
    }
}

/// A set-up at its beginning.
pub(crate) fn new_draft() -> Draft {
    Draft {
        step: Step::Quickbooks,
        company: None,
        account: None,
        audience: None,
        sign_up: None,
        settings: default_settings(),
    }
}

/// What an owner starts from: nobody is subscribed.
pub(crate) fn default_settings() -> ConnectionSettings {
    let core = ledgerpost_core::settings::Settings::default();
    ConnectionSettings {
        scope: Scope::EveryCustomer,
        status: MarketingStatus::NotSubscribed,
        grounds: String::new(),
        confirmation_mails: core.confirmation_mails,
        rules: Vec::new(),
        exceptions: Vec::new(),
        left_alone: Vec::new(),
        tag: core.tag,
        include_role_addresses: core.include_role_addresses,
        include_inactive: core.include_inactive,
        include_projects: core.include_projects,
        names: core.names,
        addresses: core.addresses,
        phones: core.phones,
        invoices: core.invoices,
        sales_receipts: core.sales_receipts,
        items: core.items,
    }
}
