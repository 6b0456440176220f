//! Hands out entries and counts them.

use std::error::Error;

use ledgerpost_core::Amount;
use ledgerpost_core::change::{Action, Change, ChangeReason, Stage};
use ledgerpost_core::ids::CurrencyCode;
use ledgerpost_core::link::ContactLink;
use ledgerpost_core::skip::{Skip, SkipReason, SkipSubject};
use ledgerpost_core::source::{Document, DocumentName};

use super::{Entry, Summary};

/// Where the entries go.
pub(super) struct Sink<'e, E> {
    emit: &'e mut dyn FnMut(Entry) -> Result<(), E>,
    /// What was handed out so far.
    pub(super) summary: Summary,
    home: CurrencyCode,
}

impl<'e, E: Error> Sink<'e, E> {
    /// Nothing handed out yet. Amounts in `home` are added up.
    pub(super) fn new(emit: &'e mut dyn FnMut(Entry) -> Result<(), E>, home: CurrencyCode) -> Self {
        let mut summary = Summary::default();
        summary.totals.currency = Some(home.clone());
        Self {
            emit,
            summary,
            home,
        }
    }

    /// The company's currency.
    pub(super) fn home(&self) -> &CurrencyCode {
        &self.home
    }

    /// A change.
    pub(super) fn change(
        &mut self,
        reason: ChangeReason,
        title: &str,
        source: Vec<String>,
        action: Action,
    ) -> Result<(), E> {
        self.emit_change(Change {
            stage: stage(&action),
            reason,
            title: title.to_owned(),
            document: None,
            source,
            action,
        })
    }

    /// A change of an order. `name` is nothing where not even the key tells what document it was.
    pub(super) fn change_order(
        &mut self,
        reason: ChangeReason,
        name: Option<DocumentName>,
        source: Vec<String>,
        action: Action,
    ) -> Result<(), E> {
        self.emit_change(Change {
            stage: stage(&action),
            reason,
            title: title(name.as_ref(), action.key()),
            document: name,
            source,
            action,
        })
    }

    fn emit_change(&mut self, change: Change) -> Result<(), E> {
        count(&mut self.summary.changes, change.action.code());
        (self.emit)(Entry::Change(change))
    }

    /// A link to record.
    pub(super) fn tie(&mut self, link: ContactLink) -> Result<(), E> {
        self.summary.ties += 1;
        (self.emit)(Entry::Tie(link))
    }

    /// A customer that stays out.
    pub(super) fn skip_customer(
        &mut self,
        key: &str,
        title: &str,
        reason: SkipReason,
    ) -> Result<(), E> {
        count(&mut self.summary.customers.left_alone, reason.code());
        self.skip(SkipSubject::Customer, key, title, reason, None)
    }

    /// An item that stays out.
    pub(super) fn skip_item(
        &mut self,
        key: &str,
        title: &str,
        reason: SkipReason,
    ) -> Result<(), E> {
        count(&mut self.summary.items.left_alone, reason.code());
        self.skip(SkipSubject::Item, key, title, reason, None)
    }

    /// A document that stays out, or whose change does.
    pub(super) fn skip_document(
        &mut self,
        document: &Document,
        reason: SkipReason,
        amount: Amount,
        currency: CurrencyCode,
    ) -> Result<(), E> {
        let counts = self.summary.documents.entry(document.kind).or_default();
        count(&mut counts.not_sent, reason.code());
        let key = document.key.as_str();
        self.explain(key, Some(&document.name()), reason, amount, currency)
    }

    /// An amount that explains a difference: of a document, or of an order without one.
    pub(super) fn explain(
        &mut self,
        key: &str,
        name: Option<&DocumentName>,
        reason: SkipReason,
        amount: Amount,
        currency: CurrencyCode,
    ) -> Result<(), E> {
        if currency == self.home {
            self.summary.totals.explained += amount;
        }
        let money = Some((amount, currency));
        let title = title(name, key);
        self.skip(SkipSubject::Document, key, &title, reason, money)
    }

    fn skip(
        &mut self,
        subject: SkipSubject,
        key: &str,
        title: &str,
        reason: SkipReason,
        money: Option<(Amount, CurrencyCode)>,
    ) -> Result<(), E> {
        let (amount, currency) = money.unzip();
        (self.emit)(Entry::Skip(Skip {
            subject,
            key: key.to_owned(),
            title: title.to_owned(),
            reason,
            amount,
            currency,
        }))
    }
}

/// When an action of a sync is applied.
fn stage(action: &Action) -> Stage {
    match action {
        Action::CreateStore(_) | Action::SetSyncing { syncing: true, .. } => Stage::Store,
        Action::PutProduct { .. } => Stage::Products,
        Action::CreateContact(_)
        | Action::UpdateContact(_)
        | Action::MoveContact { .. }
        | Action::ArchiveContact { .. } => Stage::Contacts,
        Action::TagContact { .. } => Stage::Tags,
        Action::CreateOrder(_) | Action::UpdateOrder { .. } | Action::RemoveOrder { .. } => {
            Stage::Orders
        }
        Action::SetSyncing { syncing: false, .. } | Action::RemoveStore { .. } => Stage::Finish,
    }
}

/// Counts one more under a code.
pub(super) fn count(counts: &mut std::collections::BTreeMap<String, u64>, code: &str) {
    match counts.get_mut(code) {
        Some(number) => *number += 1,
        None => {
            counts.insert(code.to_owned(), 1);
        }
    }
}

/// What the owner calls a document, or an order of which nothing else is known.
fn title(name: Option<&DocumentName>, key: &str) -> String {
    name.map_or_else(|| key.to_owned(), DocumentName::to_string)
}
