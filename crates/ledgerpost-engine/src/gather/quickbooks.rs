//! Reads QuickBooks: everything the first time and once a week, the change feed in between.

use std::collections::BTreeSet;

use futures_util::{StreamExt as _, pin_mut};
use jiff::{SignedDuration, Timestamp};
use ledgerpost_core::ids::{CustomerId, ItemId};
use ledgerpost_core::ports::Mirror as _;
use ledgerpost_core::source::{
    Company, CreditApplication, Customer, Document, DocumentKey, DocumentKind, Item,
};
use ledgerpost_qbo::{
    Changes, CustomerType, Entity, Error as QuickBooksError, Page, Record, Row, Unreadable,
    UnreadableReason, overlapped,
};
use ledgerpost_store::{Entity as Mirrored, UnreadableRecord, UnreadableWhy, Write};

use super::Depth;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::progress::Phase;

/// Where the change feed is read from next.
const CHANGES: &str = "quickbooks_changes";
/// When everything was last read.
const EVERYTHING: &str = "quickbooks_everything";
/// When the company's subscription was last read: the change feed does not carry it.
const SUBSCRIPTION: &str = "quickbooks_subscription";
const SUBSCRIPTION_EVERY: SignedDuration = SignedDuration::from_hours(24);
/// Deletions can be missed by a feed that is read rarely, so everything is compared once a week.
const COMPARE_EVERY: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The mirrors that a full reading compares.
const MIRRORS: [Mirrored; 4] = [
    Mirrored::Customer,
    Mirrored::Item,
    Mirrored::Document,
    Mirrored::CreditCarrier,
];

impl Engine {
    /// Reads QuickBooks into its mirror.
    pub(crate) async fn gather_quickbooks(&self, depth: Depth) -> Result<(), EngineError> {
        self.begin_open_phase(Phase::ReadQuickBooks);
        if depth == Depth::Changes
            && let Some(since) = self.changes_cursor()?
        {
            match self.read_changes(since).await {
                // The service does not look back that far, or the owner reset the company.
                Err(EngineError::QuickBooks(
                    QuickBooksError::ChangesTooOld | QuickBooksError::CompanyReset { .. },
                )) => {}
                Ok(()) => return self.look_at_subscription().await,
                Err(error) => return Err(error),
            }
        }
        self.read_everything().await
    }

    /// Reads once a day whether the subscription lapsed, and each time as long as it has.
    async fn look_at_subscription(&self) -> Result<(), EngineError> {
        let Some(company) = self.store().company()? else {
            return Ok(());
        };
        let read = self.store().cursor(SUBSCRIPTION)?;
        let fresh =
            read.is_some_and(|read| self.now().duration_since(read.moved_at) < SUBSCRIPTION_EVERY);
        if fresh && !company.has_lapsed() {
            return Ok(());
        }
        match self.quickbooks().read_subscription().await {
            Ok(subscription) => self.store().write::<_, EngineError>(|write| {
                let company = Company {
                    subscription,
                    ..company
                };
                write.store_company(&company, "")?;
                write.set_cursor(SUBSCRIPTION, "", self.now())?;
                Ok(())
            }),
            // What is only shown is no reason to fail; whatever is wrong shows in the next request.
            Err(error) => {
                tracing::warn!(code = error.code(), "the subscription could not be read");
                Ok(())
            }
        }
    }

    /// The cursor of the change feed, unless everything is due.
    fn changes_cursor(&self) -> Result<Option<Timestamp>, EngineError> {
        let Some(everything) = self.store().cursor(EVERYTHING)? else {
            return Ok(None);
        };
        if self.now().duration_since(everything.moved_at) >= COMPARE_EVERY {
            return Ok(None);
        }
        let cursor = self.store().cursor(CHANGES)?;
        Ok(cursor.and_then(|cursor| cursor.value.parse().ok()))
    }

    async fn read_everything(&self) -> Result<(), EngineError> {
        let overview = self.quickbooks().read_overview(&Entity::ALL).await?;
        let total: usize = overview.counts.values().sum();
        self.begin_phase(Phase::ReadQuickBooks, total as u64);
        self.store().write::<_, EngineError>(|write| {
            write.store_company(&overview.company, "")?;
            write.set_cursor(SUBSCRIPTION, "", self.now())?;
            if let Some(types) = &overview.customer_types {
                store_types(write, types)?;
            }
            for mirror in MIRRORS {
                write.begin_full_compare(mirror, self.now())?;
            }
            Ok(())
        })?;
        let pages = self.quickbooks().load_all(&overview.counts, overview.begun);
        pin_mut!(pages);
        let mut types = BTreeSet::new();
        let mut unreadable = BTreeSet::new();
        while let Some(page) = pages.next().await {
            self.next_group().await?;
            let page = page?;
            note_types(&mut types, &page.rows);
            unreadable.extend(page.unreadable.iter().map(|one| {
                let record = self.unreadable(one);
                (record.entity, record.id)
            }));
            self.let_requests_leave().await;
            self.store()
                .write::<_, EngineError>(|write| self.store_page(write, &page))?;
            self.advance(Phase::ReadQuickBooks, page.rows.len());
        }
        self.store().write::<_, EngineError>(|write| {
            write.forget_other_unreadable(&unreadable)?;
            Ok(())
        })?;
        self.keep_undelivered().await?;
        self.name_types(&types).await?;
        // What moved while we read shows up in the feed from the overview's time on.
        let cursor = overlapped(overview.time).to_string();
        self.store().write::<_, EngineError>(|write| {
            for mirror in MIRRORS {
                write.end_full_compare(mirror)?;
            }
            write.set_cursor(CHANGES, &cursor, self.now())?;
            write.set_cursor(EVERYTHING, &cursor, self.now())?;
            Ok(())
        })
    }

    /// A record that QuickBooks cannot deliver is missing from its page, but it is not deleted. Those
    /// documents that no page held are therefore asked for one by one before they count as gone.
    async fn keep_undelivered(&self) -> Result<(), EngineError> {
        if self.store().unreadable_records()?.is_empty() {
            return Ok(());
        }
        for key in self.store().unseen_documents()? {
            self.next_group().await?;
            let Some((entity, id)) = entity_of(&key) else {
                continue;
            };
            let gone = matches!(self.quickbooks().read_by_id(entity, id).await, Ok(None));
            if !gone {
                self.store().write::<_, EngineError>(|write| {
                    write.keep_unseen(Mirrored::Document, [key.as_str()])?;
                    write.keep_unseen(Mirrored::CreditCarrier, [key.as_str()])?;
                    Ok(())
                })?;
            }
        }
        Ok(())
    }

    /// Reads the names of customer types when one was met that has none: the change feed does not
    /// carry them.
    async fn name_types(&self, met: &BTreeSet<String>) -> Result<(), EngineError> {
        let known = self.store().customer_types()?;
        if met
            .iter()
            .all(|id| known.iter().any(|(named, _)| named == id))
        {
            return Ok(());
        }
        match self.quickbooks().read_customer_types().await {
            Ok(types) => self
                .store()
                .write::<_, EngineError>(|write| store_types(write, &types)),
            // Names for showing are no reason to fail; whatever is wrong shows in the next request.
            Err(error) => {
                tracing::warn!(code = error.code(), "customer types could not be read");
                Ok(())
            }
        }
    }

    async fn read_changes(&self, since: Timestamp) -> Result<(), EngineError> {
        let changes = self.quickbooks().gather_changes(&Entity::ALL, since);
        pin_mut!(changes);
        let mut cursor = None;
        let mut types = BTreeSet::new();
        while let Some(part) = changes.next().await {
            self.next_group().await?;
            let part = part?;
            cursor.get_or_insert(overlapped(part.time));
            if !part.unlisted_deletions.is_empty() {
                // Nobody can say what was deleted: compare everything. A record that cannot be had has
                // its place among all of them; its place among the changed ones is that of no record.
                return Err(QuickBooksError::ChangesTooOld.into());
            }
            note_types(&mut types, &part.rows);
            self.store()
                .write::<_, EngineError>(|write| self.store_changes(write, &part))?;
            self.advance(Phase::ReadQuickBooks, part.rows.len() + part.deleted.len());
        }
        let Some(cursor) = cursor else {
            return Ok(());
        };
        self.name_types(&types).await?;
        let moved = self
            .store()
            .cursor(CHANGES)?
            .is_none_or(|known| known.value != cursor.to_string());
        if moved {
            self.store().write::<_, EngineError>(|write| {
                write.set_cursor(CHANGES, &cursor.to_string(), self.now())?;
                Ok(())
            })?;
        }
        Ok(())
    }

    fn store_page(&self, write: &Write<'_>, page: &Page) -> Result<(), EngineError> {
        store_rows(write, &page.rows)?;
        for unreadable in &page.unreadable {
            write.store_unreadable(&UnreadableRecord {
                neighbours: unreadable.neighbours.clone(),
                ..self.unreadable(unreadable)
            })?;
        }
        Ok(())
    }

    fn store_changes(&self, write: &Write<'_>, changes: &Changes) -> Result<(), EngineError> {
        store_rows(write, &changes.rows)?;
        for row in &changes.rows {
            write.remove_unreadable(row.entity.name(), &row.id)?;
        }
        for unreadable in &changes.unreadable {
            write.store_unreadable(&self.unreadable(unreadable))?;
        }
        for deleted in &changes.deleted {
            let id = deleted.id.as_str();
            match kind_of(deleted.entity) {
                Some(kind) => {
                    let key = DocumentKey::new(kind, id);
                    write.remove_documents([&key])?;
                    write.remove_credit_carriers([key.as_str()])?;
                }
                None if deleted.entity == Entity::Customer => {
                    write.remove_customers([&CustomerId::from(id)])?;
                }
                None if deleted.entity == Entity::Item => {
                    write.remove_items([&ItemId::from(id)])?;
                }
                None => {
                    write.remove_credit_carriers([payment_carrier(id).as_str()])?;
                }
            }
        }
        Ok(())
    }

    /// Without its neighbours: among all records they are those that were entered before and after it,
    /// among changed ones they say nothing.
    fn unreadable(&self, unreadable: &Unreadable) -> UnreadableRecord {
        let id = unreadable
            .id
            .clone()
            .or_else(|| unreadable.position.map(|place| format!("#{place}")));
        UnreadableRecord {
            entity: unreadable.entity.name().to_owned(),
            id: id.unwrap_or_else(|| "?".to_owned()),
            why: match unreadable.reason {
                UnreadableReason::Refused(_) => UnreadableWhy::Refused,
                UnreadableReason::TooLarge => UnreadableWhy::TooLarge,
                UnreadableReason::Malformed => UnreadableWhy::Malformed,
            },
            detail: unreadable.reason.detail().to_owned(),
            records: unreadable.rows as u64,
            neighbours: [None, None],
            at: self.now(),
        }
    }
}

/// Which document an entity is; `None` for customers, items and payments.
const fn kind_of(entity: Entity) -> Option<DocumentKind> {
    match entity {
        Entity::Invoice => Some(DocumentKind::Invoice),
        Entity::SalesReceipt => Some(DocumentKind::SalesReceipt),
        Entity::CreditMemo => Some(DocumentKind::CreditMemo),
        Entity::RefundReceipt => Some(DocumentKind::RefundReceipt),
        Entity::Customer | Entity::Item | Entity::Payment => None,
    }
}

/// The entity and id behind a document's key.
fn entity_of(key: &str) -> Option<(Entity, &str)> {
    Entity::ALL.into_iter().find_map(|entity| {
        let id = key.strip_prefix(kind_of(entity)?.prefix())?;
        Some((entity, id))
    })
}

/// The key under which a payment's applications of credit are kept.
fn payment_carrier(id: &str) -> String {
    format!("pay_{id}")
}

fn note_types(met: &mut BTreeSet<String>, rows: &[Row]) {
    for row in rows {
        if let Record::Customer(customer) = &row.record
            && let Some(id) = &customer.customer_type
            && !met.contains(id)
        {
            met.insert(id.clone());
        }
    }
}

fn store_types(write: &Write<'_>, types: &[CustomerType]) -> Result<(), EngineError> {
    write.store_customer_types(types.iter().map(|one| (one.id.as_str(), one.name.as_str())))?;
    Ok(())
}

fn store_rows(write: &Write<'_>, rows: &[Row]) -> Result<(), EngineError> {
    let mut customers: Vec<(&Customer, &str)> = Vec::new();
    let mut items: Vec<(&Item, &str)> = Vec::new();
    let mut documents: Vec<(&Document, &str)> = Vec::new();
    let mut carriers: Vec<(String, Vec<CreditApplication>)> = Vec::new();
    for row in rows {
        let raw = row.raw.get();
        match &row.record {
            Record::Customer(customer) => customers.push((customer, raw)),
            Record::Item(item) => items.push((item, raw)),
            Record::Document {
                document,
                applications,
            } => {
                documents.push((document, raw));
                if document.kind == DocumentKind::CreditMemo {
                    carriers.push(carried(document.key.as_str().to_owned(), applications));
                }
            }
            Record::Payment { applications } => {
                carriers.push(carried(payment_carrier(&row.id), applications));
            }
        }
    }
    write.store_customers(customers)?;
    write.store_items(items)?;
    write.store_documents(documents)?;
    write.store_credit_applications(
        carriers
            .iter()
            .map(|(key, list)| (key.as_str(), list.as_slice())),
    )?;
    Ok(())
}

/// Applications under a key that tells a payment from a credit memo with the same id.
fn carried(key: String, applications: &[CreditApplication]) -> (String, Vec<CreditApplication>) {
    let named = |application: &CreditApplication| CreditApplication {
        carrier: key.clone(),
        ..application.clone()
    };
    let list = applications.iter().map(named).collect();
    (key, list)
}
