//! Leaving: undo of a run, and disconnect. Both are plans run by the same apply.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use ledgerpost_core::MemberHash;
use ledgerpost_core::change::{Action, Change, ChangeReason, Stage};
use ledgerpost_core::ids::{ProductId, RunId};
use ledgerpost_core::ports::{Mirror as _, StoreState};
use ledgerpost_core::source::DocumentKey;
use ledgerpost_store::{ChangeFilter, JournalEntry, Outcome, RunKind, RunState};
use serde::Serialize;

use crate::engine::Engine;
use crate::error::EngineError;
use crate::gather::Depth;
use crate::run::SyncReport;
use crate::undo::{Inverse, Kept, Move, Now, inverse};

const PAGE: usize = 500;

/// What undoing a run would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UndoPreview {
    /// The run that would be taken back.
    pub run: RunId,
    /// Changes by kind ([`Action::code`]).
    pub changes: BTreeMap<String, u64>,
    /// What stays, by reason.
    pub kept: BTreeMap<Kept, u64>,
    /// What goes together with the store, when the run created it.
    pub with_store: Option<StoreContents>,
}

/// What our store in Mailchimp holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct StoreContents {
    /// Orders, those of later runs too.
    pub orders: u64,
    /// Products.
    pub products: u64,
}

/// What disconnecting would remove and keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct DisconnectPreview {
    /// Orders that go from Mailchimp.
    pub orders: u64,
    /// Products that go from Mailchimp.
    pub products: u64,
    /// Contacts that stay in the audience, with their tags and statuses.
    pub contacts: u64,
}

/// What disconnecting did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Disconnected {
    /// What went and what stayed.
    pub removed: DisconnectPreview,
    /// Where the archive is.
    pub archive: PathBuf,
}

impl Engine {
    /// Works out what undoing a run would do, from the mirrors as they are after reading them anew.
    ///
    /// # Errors
    /// [`EngineError::CannotUndo`], and what stops a run.
    pub async fn preview_undo(&self, run: &RunId) -> Result<UndoPreview, EngineError> {
        self.recover().await?;
        self.gather_mailchimp(Depth::Changes).await?;
        let (changes, kept) = self.plan_undo(run)?;
        let mut counts = BTreeMap::new();
        for change in &changes {
            *counts.entry(change.action.code().to_owned()).or_default() += 1;
        }
        Ok(UndoPreview {
            run: run.clone(),
            changes: counts,
            kept,
            with_store: if self.store_goes_with(run)? {
                Some(self.store_contents()?)
            } else {
                None
            },
        })
    }

    /// Takes back a run, as far as nobody changed its records since.
    ///
    /// # Errors
    /// [`EngineError::CannotUndo`], and what stops a run.
    pub async fn undo(&self, run: &RunId) -> Result<SyncReport, EngineError> {
        self.recover().await?;
        self.gather_mailchimp(Depth::Changes).await?;
        let (changes, _) = self.plan_undo(run)?;
        self.carry_out_plan(RunKind::Undo, &changes, Some(run))
            .await
    }

    fn plan_undo(&self, run: &RunId) -> Result<(Vec<Change>, BTreeMap<Kept, u64>), EngineError> {
        let cannot = |why| EngineError::CannotUndo {
            run: run.to_string(),
            why,
        };
        let found = self
            .store()
            .run(run)?
            .ok_or_else(|| cannot("there is no such run"))?;
        match (found.kind, found.state) {
            (RunKind::Disconnect, _) => {
                return Err(cannot("connecting again restores what it removed"));
            }
            (_, RunState::Planned | RunState::Approved) => {
                return Err(cannot("it changed nothing yet"));
            }
            (RunKind::Sync | RunKind::Undo, _) => {}
        }
        let store_goes = self.store_goes_with(&found.id)?;
        let moves = self.moves_of(&found.id)?;
        let mut changes = Vec::new();
        let mut kept: BTreeMap<Kept, u64> = BTreeMap::new();
        let mut before = None;
        loop {
            let entries = self.store().changes_backwards(&found.id, before, PAGE)?;
            let Some(last) = entries.last() else {
                break;
            };
            before = Some(last.seq);
            for entry in entries
                .iter()
                .filter(|entry| entry.outcome == Outcome::Done)
            {
                match inverse(&entry.change, &self.now_of(entry, store_goes, &moves)?) {
                    Inverse::Change(change) => changes.push(*change),
                    Inverse::Covered | Inverse::Kept(Kept::Passing) => {}
                    Inverse::Kept(reason) => *kept.entry(reason).or_default() += 1,
                }
            }
        }
        Ok((changes, kept))
    }

    /// Whether the run created the store, which is still there: then it goes as a whole.
    fn store_goes_with(&self, run: &RunId) -> Result<bool, EngineError> {
        let created = self
            .store()
            .change_counts(run)?
            .iter()
            .any(|count| count.code == "create_store" && count.outcome == Outcome::Done);
        Ok(created && self.store().store_state()? != StoreState::Absent)
    }

    fn store_contents(&self) -> Result<StoreContents, EngineError> {
        let orders = self.store().order_sums()?;
        let (_, products) = self.store().product_counts()?;
        Ok(StoreContents {
            orders: orders.iter().map(|sum| sum.count).sum(),
            products,
        })
    }

    /// The contacts that the run gave another address.
    fn moves_of(&self, run: &RunId) -> Result<Vec<Move>, EngineError> {
        let filter = ChangeFilter {
            outcome: Some(Outcome::Done),
            code: Some("move_contact".to_owned()),
            ..ChangeFilter::default()
        };
        let entries = self.store().changes(run, &filter, 0, usize::MAX)?;
        Ok(entries
            .into_iter()
            .filter_map(|entry| match entry.change.action {
                Action::MoveContact {
                    from,
                    from_email,
                    to_email,
                } => Some(Move {
                    from,
                    from_email,
                    to: to_email.hash(),
                }),
                _ => None,
            })
            .collect())
    }

    /// What is known now of the record that a change touched.
    fn now_of(
        &self,
        entry: &JournalEntry,
        store_goes: bool,
        moves: &[Move],
    ) -> Result<Now, EngineError> {
        let store = self.store();
        let mut now = Now {
            store_goes,
            ..Now::default()
        };
        let contact: Option<MemberHash> = match &entry.change.action {
            Action::CreateContact(contact) => Some(contact.hash.clone()),
            Action::UpdateContact(update) => Some(update.hash.clone()),
            Action::MoveContact { to_email, .. } => Some(to_email.hash()),
            Action::ArchiveContact { hash, .. } | Action::TagContact { hash, .. } => {
                Some(hash.clone())
            }
            // Whose order it is now: a contact that moved goes back before its orders do.
            Action::UpdateOrder { after, .. } => Some(after.customer.clone()),
            Action::RemoveOrder { before } => Some(before.customer.clone()),
            Action::CreateStore(_)
            | Action::SetSyncing { .. }
            | Action::RemoveStore { .. }
            | Action::PutProduct { .. }
            | Action::CreateOrder(_) => None,
        };
        if let Some(hash) = contact {
            let arrived = moves.iter().find(|step| step.to == hash);
            let left = moves.iter().find(|step| step.from == hash);
            now.moved = arrived.cloned();
            now.member = store.member(&hash)?;
            now.contact = store.contact_link(&hash)?;
            let other = arrived.map(|step| &step.from).or(left.map(|step| &step.to));
            if let (None, Some(other)) = (&now.member, other) {
                // An undo that was cut off has moved it back already, or will move it back.
                now.elsewhere = true;
                now.member = store.member(other)?;
                now.contact = store.contact_link(other)?;
            }
        }
        match &entry.change.action {
            Action::CreateOrder(body) | Action::RemoveOrder { before: body } => {
                now.order = store.order_link(&body.id)?;
            }
            Action::UpdateOrder { after, .. } => now.order = store.order_link(&after.id)?,
            Action::PutProduct { after, .. } => now.product = store.product_body(&after.id)?,
            _ => {}
        }
        Ok(now)
    }

    /// Counts what disconnecting would remove and keep.
    ///
    /// # Errors
    /// The store's.
    pub fn preview_disconnect(&self) -> Result<DisconnectPreview, EngineError> {
        let mut preview = DisconnectPreview::default();
        self.each_link(&mut |link| {
            match link {
                Archived::Order(_) => preview.orders += 1,
                Archived::Product(_) => preview.products += 1,
                Archived::Contact(_) => preview.contacts += 1,
            }
            Ok(())
        })?;
        Ok(preview)
    }

    /// Writes the archive, then removes orders, products and store from Mailchimp. Contacts stay.
    /// QuickBooks is not touched. Signing out is the caller's part, after this.
    ///
    /// # Errors
    /// [`EngineError::Archive`] before anything is removed, and what stops a run.
    pub async fn disconnect(&self, archive_folder: &Path) -> Result<Disconnected, EngineError> {
        self.recover().await?;
        let state = match self.read_store_state().await {
            // The owner deleted the audience. What we put beside it goes as any other.
            Err(EngineError::AudienceGone) => StoreState::Live,
            read => read?,
        };
        self.store().write::<_, EngineError>(|write| {
            write.store_store_state(state)?;
            Ok(())
        })?;
        let removed = self.preview_disconnect()?;
        let archive = self.write_archive(archive_folder)?;
        let company = self.store().company()?.map(|company| company.name);
        let change = Change {
            stage: Stage::Finish,
            reason: ChangeReason::Disconnect,
            title: company.unwrap_or_else(|| self.store_id().to_string()),
            document: None,
            source: Vec::new(),
            action: Action::RemoveStore {
                store: self.store_id().clone(),
            },
        };
        // Asked even when no store was found: removing what is gone is done, and the links go with it.
        self.carry_out_plan(RunKind::Disconnect, &[change], None)
            .await?;
        Ok(Disconnected { removed, archive })
    }

    /// Runs a plan that was made elsewhere than in [`crate::plan`].
    async fn carry_out_plan(
        &self,
        kind: RunKind,
        changes: &[Change],
        undoes: Option<&RunId>,
    ) -> Result<SyncReport, EngineError> {
        let mut report = SyncReport::default();
        if changes.is_empty() {
            return Ok(report);
        }
        let run = self.store().write::<_, EngineError>(|write| {
            write.discard_planned_runs()?;
            let run = write.begin_run(kind, self.now())?;
            if let Some(undoes) = undoes {
                write.note_undo(&run, undoes)?;
            }
            write.append_changes(&run, changes)?;
            // Whatever comes next has to be planned anew.
            write.set_planned_generation(None)?;
            Ok(run)
        })?;
        self.apply_run(&run).await?;
        self.count_outcomes(&run, &mut report)?;
        report.runs.push(run);
        Ok(report)
    }

    /// Writes what was sent, line by line, as it stands in the company's file, and makes it durable.
    fn write_archive(&self, folder: &Path) -> Result<PathBuf, EngineError> {
        let stamp = self.now().strftime("%Y%m%dT%H%M%S%3fZ").to_string();
        let path = folder.join(format!("mailchimp-{stamp}.jsonl.gz"));
        let failed = |source| EngineError::Archive {
            path: path.clone(),
            source,
        };
        std::fs::create_dir_all(folder).map_err(failed)?;
        let file = std::fs::File::create_new(&path).map_err(failed)?;
        let mut packed = GzEncoder::new(std::io::BufWriter::new(file), Compression::default());
        self.each_link(&mut |link| {
            serde_json::to_writer(&mut packed, &link).map_err(|error| failed(error.into()))?;
            packed.write_all(b"\n").map_err(failed)
        })?;
        let file = packed
            .finish()
            .and_then(|buffer| {
                buffer
                    .into_inner()
                    .map_err(std::io::IntoInnerError::into_error)
            })
            .map_err(failed)?;
        file.sync_all().map_err(failed)?;
        Ok(path)
    }

    /// Hands out every link with what was last written.
    fn each_link(
        &self,
        take: &mut dyn FnMut(Archived) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        let store = self.store();
        let mut after: Option<DocumentKey> = None;
        loop {
            let links = store.order_links(after.as_ref(), PAGE)?;
            let Some(last) = links.last() else {
                break;
            };
            after = Some(last.key.clone());
            for link in links.iter().filter(|link| link.exists) {
                if let Some(body) = store.order_body(&link.key)? {
                    take(Archived::Order(body))?;
                }
            }
        }
        let mut after: Option<ProductId> = None;
        loop {
            let links = store.product_links(after.as_ref(), PAGE)?;
            let Some(last) = links.last() else {
                break;
            };
            after = Some(last.id.clone());
            for link in &links {
                if let Some(body) = store.product_body(&link.id)? {
                    take(Archived::Product(body))?;
                }
            }
        }
        let mut after: Option<MemberHash> = None;
        loop {
            let links = store.contact_links(after.as_ref(), PAGE)?;
            let Some(last) = links.last() else {
                break;
            };
            after = Some(last.hash.clone());
            for link in links.into_iter().filter(|link| link.refused.is_none()) {
                take(Archived::Contact(link))?;
            }
        }
        Ok(())
    }
}

/// A line of the archive.
#[derive(Debug, Serialize)]
#[serde(tag = "record", rename_all = "snake_case")]
enum Archived {
    Order(ledgerpost_core::change::OrderBody),
    Product(ledgerpost_core::change::ProductBody),
    Contact(ledgerpost_core::link::ContactLink),
}
