//! Documents: which become orders, which stay out and why, and what becomes of orders whose
//! document is gone.

use std::error::Error;

use ledgerpost_core::Amount;
use ledgerpost_core::change::{Action, ChangeReason, OrderBody};
use ledgerpost_core::ids::CurrencyCode;
use ledgerpost_core::link::{Fingerprint, OrderLink};
use ledgerpost_core::ports::Mirror;
use ledgerpost_core::settings::Settings;
use ledgerpost_core::skip::SkipReason;
use ledgerpost_core::source::{Document, DocumentKey, DocumentKind, DocumentName};

use super::contacts::Contacts;
use super::orders::{body, need_products, net};
use super::people::Route;
use super::products::Catalogue;
use super::sink::Sink;
use super::stream::Rows;
use super::{PlanError, Planned};

/// Goes through the documents next to the orders that stand.
pub(super) struct Documents<'a, 's, 'e, M, E> {
    pub(super) mirror: &'a M,
    pub(super) settings: &'a Settings,
    pub(super) contacts: &'a Contacts<'a>,
    pub(super) catalogue: &'a mut Catalogue,
    /// Without a store no order stands, whatever the links say.
    pub(super) store_exists: bool,
    pub(super) sink: &'s mut Sink<'e, E>,
}

/// A document that becomes no order, and what that means for an order that stands.
struct Out {
    reason: SkipReason,
    removal: ChangeReason,
}

impl<M: Mirror, E: Error + 'static> Documents<'_, '_, '_, M, E> {
    /// Hands out everything about documents, by key.
    pub(super) fn hand_out(&mut self) -> Planned<(), M, E> {
        let mut links = Rows::new(self.mirror, M::order_links, |link| &link.key);
        let mut next = self.link(&mut links)?;
        for document in Rows::new(self.mirror, M::documents, |document| &document.key) {
            let document = document.map_err(PlanError::Read)?;
            while next.as_ref().is_some_and(|link| link.key < document.key) {
                self.orphan(next.as_ref())?;
                next = self.link(&mut links)?;
            }
            let mut link = None;
            if next.as_ref().is_some_and(|link| link.key == document.key) {
                link = next.take();
                next = self.link(&mut links)?;
            }
            self.document(&document, link)?;
        }
        while next.is_some() {
            self.orphan(next.as_ref())?;
            next = self.link(&mut links)?;
        }
        Ok(())
    }

    fn link(
        &self,
        links: &mut Rows<'_, M, OrderLink, DocumentKey>,
    ) -> Planned<Option<OrderLink>, M, E> {
        if !self.store_exists {
            return Ok(None);
        }
        links.next().transpose().map_err(PlanError::Read)
    }

    fn document(&mut self, document: &Document, link: Option<OrderLink>) -> Planned<(), M, E> {
        let counts = self
            .sink
            .summary
            .documents
            .entry(document.kind)
            .or_default();
        counts.total += 1;
        if !document.kind.is_sale() {
            return self.credit(document);
        }
        if self.currency(document) == *self.sink.home() {
            self.sink.summary.totals.sales += document.total;
        }
        match self.out(document) {
            Some(out) => self.stays_out(document, link.as_ref(), out),
            None => self.customer(document, link),
        }
    }

    /// Why a document becomes no order, whoever the customer is.
    fn out(&self, document: &Document) -> Option<Out> {
        let (reason, removal) = if document.voided {
            (SkipReason::Voided, ChangeReason::Voided)
        } else if self.currency(document) != *self.sink.home() {
            (SkipReason::ForeignCurrency, ChangeReason::NoLongerSent)
        } else if net(document).is_negative() {
            (SkipReason::NegativeTotal, ChangeReason::Voided)
        } else if net(document).is_zero() {
            (SkipReason::ZeroTotal, ChangeReason::Voided)
        } else if !self.kind_is_on(document.kind) {
            (SkipReason::KindOff, ChangeReason::NoLongerSent)
        } else {
            return None;
        };
        Some(Out { reason, removal })
    }

    const fn kind_is_on(&self, kind: DocumentKind) -> bool {
        match kind {
            DocumentKind::Invoice => self.settings.invoices,
            DocumentKind::SalesReceipt => self.settings.sales_receipts,
            DocumentKind::CreditMemo | DocumentKind::RefundReceipt => false,
        }
    }

    fn customer(&mut self, document: &Document, link: Option<OrderLink>) -> Planned<(), M, E> {
        let left_out = |because: &str| SkipReason::CustomerLeftOut {
            because: because.to_owned(),
        };
        let alone = self.is_left_alone(document);
        let reason = match &document.customer {
            None => SkipReason::NoCustomer,
            Some(id) => match self.contacts.people.find(id).map(|person| &person.route) {
                // QuickBooks names a customer that it did not deliver.
                None => left_out("unreadable"),
                Some(Route::Out(_)) if alone => left_out(SkipReason::OwnerLeftAlone.code()),
                Some(Route::Out(reason)) => left_out(reason.code()),
                Some(Route::Group(at)) => {
                    let at = *at;
                    let closed = match self.contacts.buyer(at) {
                        Ok(_) if alone => left_out(SkipReason::OwnerLeftAlone.code()),
                        Ok(_) => return self.order(document, link, at),
                        Err(reason) => left_out(reason.code()),
                    };
                    if self.stands_unchanged(document, link.as_ref(), at) {
                        self.keep(document);
                        return Ok(());
                    }
                    closed
                }
            },
        };
        let removal = ChangeReason::NoLongerSent;
        self.stays_out(document, link.as_ref(), Out { reason, removal })
    }

    /// A document whose order may be written.
    fn order(
        &mut self,
        document: &Document,
        link: Option<OrderLink>,
        at: usize,
    ) -> Planned<(), M, E> {
        let after = self.desired(document, at);
        let fingerprint = Fingerprint::of(&after);
        let link = link.filter(|link| link.exists || link.refused.is_some());
        let refused = link
            .as_ref()
            .filter(|link| link.fingerprint == fingerprint)
            .and_then(|link| link.refused.clone())
            .or_else(|| {
                let products = after.lines.iter().map(|line| &line.product);
                self.catalogue.refused(products).map(str::to_owned)
            });
        if let Some(detail) = refused {
            let standing = self.standing(link.as_ref())?;
            return self.leave(document, standing, SkipReason::Refused { detail });
        }
        let exists = link.filter(|link| link.exists);
        match exists {
            Some(link) if link.fingerprint == fingerprint => {}
            Some(link) => {
                let before = self.written(&link.key)?;
                if self.contacts.known.protected.contains(&before.customer) {
                    return self.leave(document, Some(before), SkipReason::ContactClosed);
                }
                self.change(
                    document,
                    ChangeReason::Changed,
                    Action::UpdateOrder { before, after },
                )?;
            }
            None => self.change(document, ChangeReason::New, Action::CreateOrder(after))?,
        }
        self.keep(document);
        Ok(())
    }

    /// A document that becomes no order. An order that stands is removed, unless its contact, or the
    /// customer's contact now, must not be written to.
    fn stays_out(
        &mut self,
        document: &Document,
        link: Option<&OrderLink>,
        out: Out,
    ) -> Planned<(), M, E> {
        if let Some(before) = self.standing(link)? {
            if self.is_closed(document, &before) {
                return self.leave(document, Some(before), SkipReason::ContactClosed);
            }
            self.change(document, out.removal, Action::RemoveOrder { before })?;
        }
        let currency = self.currency(document);
        self.sink
            .skip_document(document, out.reason, net(document), currency)
            .map_err(PlanError::Emit)
    }

    fn is_closed(&self, document: &Document, before: &OrderBody) -> bool {
        let protected = &self.contacts.known.protected;
        let now = document
            .customer
            .as_ref()
            .and_then(|id| self.contacts.people.find(id))
            .is_some_and(|person| match person.route {
                Route::Group(at) => protected.contains(&self.contacts.known.nodes[at].hash),
                Route::Out(_) => false,
            });
        // Leaving somebody alone takes nothing away: their orders stay as they are.
        now || protected.contains(&before.customer) || self.is_left_alone(document)
    }

    fn is_left_alone(&self, document: &Document) -> bool {
        let customer = document.customer.as_ref();
        customer
            .and_then(|id| self.contacts.people.find(id))
            .is_some_and(|person| person.left_alone)
    }

    /// Leaves an order as it stands, or leaves it out, and lists the difference.
    fn leave(
        &mut self,
        document: &Document,
        standing: Option<OrderBody>,
        reason: SkipReason,
    ) -> Planned<(), M, E> {
        let stands = standing.map_or(Amount::ZERO, |order| order.total);
        let home = self.sink.home().clone();
        let worth = if self.currency(document) == home {
            net(document)
        } else {
            Amount::ZERO
        };
        self.sink.summary.totals.orders += stands;
        self.sink
            .skip_document(document, reason, worth - stands, home)
            .map_err(PlanError::Emit)
    }

    /// An order whose document was deleted.
    fn orphan(&mut self, link: Option<&OrderLink>) -> Planned<(), M, E> {
        let Some(before) = self.standing(link)? else {
            return Ok(());
        };
        let key = before.id.as_str().to_owned();
        let name = DocumentName::of_key(&key);
        if self.contacts.known.protected.contains(&before.customer) {
            self.sink.summary.totals.orders += before.total;
            let home = self.sink.home().clone();
            let reason = SkipReason::ContactClosed;
            return self
                .sink
                .explain(&key, name.as_ref(), reason, -before.total, home)
                .map_err(PlanError::Emit);
        }
        self.sink
            .change_order(
                ChangeReason::Deleted,
                name,
                vec![key],
                Action::RemoveOrder { before },
            )
            .map_err(PlanError::Emit)
    }

    /// A credit memo or refund receipt. What was applied to invoices lowers their orders; the rest
    /// belongs to no order and lowers QuickBooks only.
    fn credit(&mut self, document: &Document) -> Planned<(), M, E> {
        let currency = self.currency(document);
        let home = currency == *self.sink.home();
        if home {
            self.sink.summary.totals.credits += document.total;
        }
        let applied = match document.kind {
            DocumentKind::CreditMemo => self
                .mirror
                .applied_credit(&document.key)
                .map_err(PlanError::Read)?,
            DocumentKind::RefundReceipt | DocumentKind::Invoice | DocumentKind::SalesReceipt => {
                Amount::ZERO
            }
        };
        let rest = document.total - applied;
        let reason = if document.voided {
            SkipReason::Voided
        } else if !home {
            SkipReason::ForeignCurrency
        } else if !rest.is_zero() {
            SkipReason::UnlinkedCredit
        } else if document.total.is_zero() {
            SkipReason::ZeroTotal
        } else {
            SkipReason::CreditApplied
        };
        self.sink
            .skip_document(document, reason, -rest, currency)
            .map_err(PlanError::Emit)
    }

    /// An order that stands once the plan is applied.
    fn keep(&mut self, document: &Document) {
        need_products(document, self.catalogue);
        self.sink.summary.totals.orders += net(document);
        let counts = self
            .sink
            .summary
            .documents
            .entry(document.kind)
            .or_default();
        counts.sent += 1;
    }

    /// Whether the order of a closed contact is as it would be written.
    fn stands_unchanged(&self, document: &Document, link: Option<&OrderLink>, at: usize) -> bool {
        link.is_some_and(|link| {
            link.exists
                && link.refused.is_none()
                && link.fingerprint == Fingerprint::of(&self.desired(document, at))
        })
    }

    fn desired(&self, document: &Document, at: usize) -> OrderBody {
        let node = &self.contacts.known.nodes[at];
        let email = super::contacts::spelling(node);
        let home = self.sink.home();
        body(
            document,
            &node.hash,
            email,
            home,
            self.settings,
            self.catalogue,
        )
    }

    fn change(
        &mut self,
        document: &Document,
        reason: ChangeReason,
        action: Action,
    ) -> Planned<(), M, E> {
        let source = vec![document.key.as_str().to_owned()];
        self.sink
            .change_order(reason, Some(document.name()), source, action)
            .map_err(PlanError::Emit)
    }

    /// The order that stands, as we wrote it.
    fn standing(&self, link: Option<&OrderLink>) -> Planned<Option<OrderBody>, M, E> {
        link.filter(|link| link.exists)
            .map(|link| self.written(&link.key))
            .transpose()
    }

    fn written(&self, key: &DocumentKey) -> Planned<OrderBody, M, E> {
        self.mirror
            .order_body(key)
            .map_err(PlanError::Read)?
            .ok_or_else(|| PlanError::BodyMissing { key: key.clone() })
    }

    fn currency(&self, document: &Document) -> CurrencyCode {
        document
            .currency
            .clone()
            .unwrap_or_else(|| self.sink.home().clone())
    }
}
