//! The dry run as the owner reviews it, kept until another takes its place.

mod build;
mod data;
mod index;
mod show;

use ledgerpost_app::{App, Plan};
use ledgerpost_engine::plan::Summary;
use ledgerpost_ipc::review::Review;
use ledgerpost_store::{KnownCompany, Registry};
use serde::{Deserialize, Serialize};

pub(crate) use build::Source;
pub(crate) use index::ReviewIndex;

use crate::error::DeskError;
use crate::work::Kit;

/// A dry run with what connecting is held against.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) review: Review,
    pub(crate) summary: Summary,
    /// The choices that it was made for; nothing for a connection's own plan.
    pub(crate) choices: Option<String>,
    /// The run that holds the plan; nothing when there is nothing to do.
    pub(crate) run: Option<String>,
}

fn name(company: &str) -> String {
    format!("review:{company}")
}

/// The dry run that was made last.
pub(crate) fn kept(registry: &Registry, company: &str) -> Result<Option<Kept>, DeskError> {
    Ok(registry.note(&name(company))?)
}

/// Keeps a dry run for the owner to look at.
pub(crate) async fn keep(kit: &Kit, company: &str, kept: Kept) -> Result<(), DeskError> {
    let name = name(company);
    kit.place
        .registry(move |registry| Ok(registry.put_note(&name, &kept)?))
        .await
}

/// Keeps the plan of a connection, which waits or was asked for.
pub(crate) async fn keep_connected(
    kit: &Kit,
    app: &mut App,
    company: &KnownCompany,
    plan: &Plan,
) -> Result<(), DeskError> {
    let connection = app
        .status(company)?
        .connection
        .ok_or(DeskError::NotFound { what: "connection" })?;
    let source = Source {
        plan,
        settings: &connection.settings,
        account: &connection.account,
        choices: None,
        now: kit.desk.now(),
    };
    let made = build::build(kit, app, company, &source).await?;
    keep(kit, company.realm.as_str(), made).await
}

pub(crate) use build::build;
