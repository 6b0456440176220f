//! Verify: reads back what Mailchimp holds and compares it with QuickBooks, to the cent.

use std::collections::{BTreeMap, HashSet};

use futures_util::{StreamExt as _, pin_mut};
use jiff::SignedDuration;
use ledgerpost_core::Amount;
use ledgerpost_core::ids::CurrencyCode;
use ledgerpost_core::link::{Fingerprint, OrderLink};
use ledgerpost_core::ports::Mirror as _;
use ledgerpost_core::source::{DocumentKey, DocumentKind};
use ledgerpost_mailchimp::Reason;
use ledgerpost_store::{Effect, SkipFilter, SkipRow};
use serde::Serialize;

use crate::engine::Engine;
use crate::error::EngineError;
use crate::progress::Phase;

const PAGE: usize = 500;
/// When the orders were last read back and compared, among the cursors.
pub const COMPARED: &str = "orders_compared";
/// How often they are, where no run asks for it.
const COMPARE_EVERY: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Documents of a kind, or orders: how many and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// How many.
    pub count: u64,
    /// Their totals, added up.
    pub total: Amount,
}

impl Tally {
    fn add(&mut self, total: Amount) {
        self.count += 1;
        self.total += total;
    }
}

/// A difference with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// The reason's code ([`ledgerpost_core::skip::SkipReason::code`]).
    pub code: String,
    /// How many documents.
    pub count: u64,
    /// By how much QuickBooks exceeds Mailchimp because of them.
    pub amount: Amount,
}

/// An order that is not in Mailchimp as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Mismatch {
    /// It was written and is not there.
    Missing {
        /// The order.
        order: DocumentKey,
        /// What was written.
        written: Amount,
    },
    /// It is there with another total.
    Differs {
        /// The order.
        order: DocumentKey,
        /// What was written.
        written: Amount,
        /// What is there.
        found: Amount,
    },
    /// It is in our store and was not written by us.
    Unexpected {
        /// The order.
        order: String,
        /// What is there.
        found: Amount,
    },
}

/// The comparison, in the company's home currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reconciliation {
    /// The home currency.
    pub currency: CurrencyCode,
    /// Invoices in QuickBooks.
    pub invoices: Tally,
    /// Sales receipts in QuickBooks.
    pub sales_receipts: Tally,
    /// Credit memos and refund receipts in QuickBooks.
    pub credits: Tally,
    /// Orders in Mailchimp, as read back.
    pub orders: Tally,
    /// Why the two differ.
    pub explained: Vec<Explained>,
    /// What no reason covers. Zero when the numbers agree.
    pub unexplained: Amount,
    /// Orders that are not there as they were written. The next sync repairs them.
    pub mismatches: Vec<Mismatch>,
}

impl Reconciliation {
    /// Whether everything agrees or is explained.
    pub fn agrees(&self) -> bool {
        self.unexplained.is_zero() && self.mismatches.is_empty()
    }
}

/// What was read back.
#[derive(Debug)]
pub(crate) struct OrdersFound {
    /// All orders in the home currency.
    orders: Tally,
    /// Those that are not as they were written.
    mismatches: Vec<Mismatch>,
}

/// Whether no order was found where some were written: then the store itself may be gone.
fn orders_gone(found: &Reconciliation) -> bool {
    found.orders.count == 0 && !found.mismatches.is_empty()
}

impl Engine {
    /// Reads every order back and compares. What differs opens an attention item and is written
    /// again by the next sync.
    ///
    /// # Errors
    /// What stops a run.
    pub async fn reconcile(&self) -> Result<Reconciliation, EngineError> {
        self.begin_open_phase(Phase::Verify);
        let found = self.read_back_orders().await?;
        self.compare(found).await
    }

    /// Holds the orders that were found against the books.
    pub(crate) async fn compare(&self, found: OrdersFound) -> Result<Reconciliation, EngineError> {
        let currency = self.home_currency()?;
        let (invoices, sales_receipts, credits) = self.book_totals(&currency)?;
        let OrdersFound { orders, mismatches } = found;
        let explained = self.explanations(&currency)?;
        let difference = invoices.total + sales_receipts.total - credits.total - orders.total;
        let unexplained = difference - explained.iter().map(|reason| reason.amount).sum();
        let reconciliation = Reconciliation {
            currency,
            invoices,
            sales_receipts,
            credits,
            orders,
            explained,
            unexplained,
            mismatches,
        };
        self.note(&reconciliation)?;
        if orders_gone(&reconciliation) {
            self.forget_removed_store().await?;
        }
        Ok(reconciliation)
    }

    /// Whether the orders were not compared for so long that it is due.
    pub(crate) fn comparison_is_due(&self) -> Result<bool, EngineError> {
        let last = self.store().cursor(COMPARED)?;
        Ok(last.is_none_or(|last| self.now().duration_since(last.moved_at) >= COMPARE_EVERY))
    }

    fn home_currency(&self) -> Result<CurrencyCode, EngineError> {
        let home = self.store().company()?.map(|company| company.home_currency);
        Ok(home.unwrap_or_else(|| CurrencyCode::new("USD")))
    }

    /// What the books hold in the home currency.
    fn book_totals(&self, home: &CurrencyCode) -> Result<(Tally, Tally, Tally), EngineError> {
        let (mut invoices, mut receipts, mut credits) =
            (Tally::default(), Tally::default(), Tally::default());
        for row in self.store().document_totals()? {
            if row
                .currency
                .as_ref()
                .is_some_and(|currency| currency != home)
            {
                continue;
            }
            let tally = match row.kind {
                DocumentKind::Invoice => &mut invoices,
                DocumentKind::SalesReceipt => &mut receipts,
                DocumentKind::CreditMemo | DocumentKind::RefundReceipt => &mut credits,
            };
            tally.count += row.count;
            tally.total += row.total;
        }
        Ok((invoices, receipts, credits))
    }

    /// Reads all orders of our store and holds them against what was written.
    pub(crate) async fn read_back_orders(&self) -> Result<OrdersFound, EngineError> {
        let home = self.home_currency()?;
        let mut orders = Tally::default();
        let mut mismatches = Vec::new();
        let mut found = HashSet::new();
        let pages = self.mailchimp().list_orders(self.store_id());
        pin_mut!(pages);
        while let Some(page) = pages.next().await {
            self.next_group().await?;
            let page = match page {
                Err(error) if error.is(Reason::NotFound) => break,
                other => other?,
            };
            self.let_requests_leave().await;
            self.advance(Phase::Verify, page.items.len());
            for order in page.items {
                if !found.insert(order.id.clone()) {
                    continue;
                }
                if order.currency == home {
                    orders.add(order.total);
                }
                let key = DocumentKey::from_stored(order.id.as_str());
                match self.store().order_body(&key)? {
                    None => mismatches.push(Mismatch::Unexpected {
                        order: order.id.as_str().to_owned(),
                        found: order.total,
                    }),
                    Some(body) if body.total != order.total => mismatches.push(Mismatch::Differs {
                        order: key,
                        written: body.total,
                        found: order.total,
                    }),
                    Some(_) => {}
                }
            }
        }
        let mut after: Option<DocumentKey> = None;
        loop {
            let links = self.store().order_links(after.as_ref(), PAGE)?;
            let Some(last) = links.last() else {
                break;
            };
            after = Some(last.key.clone());
            for link in links
                .iter()
                .filter(|link| link.exists && !found.contains(&link.key))
            {
                let written = self
                    .store()
                    .order_body(&link.key)?
                    .map_or(Amount::ZERO, |body| body.total);
                mismatches.push(Mismatch::Missing {
                    order: link.key.clone(),
                    written,
                });
            }
        }
        Ok(OrdersFound { orders, mismatches })
    }

    /// The reasons that the last plan gave for documents that are not, or not in full, in Mailchimp.
    fn explanations(&self, home: &CurrencyCode) -> Result<Vec<Explained>, EngineError> {
        let mut reasons: BTreeMap<String, Tally> = BTreeMap::new();
        self.store().each_skip::<EngineError>(
            &SkipFilter::default(),
            |SkipRow { skip, .. }| {
                let same = skip
                    .currency
                    .as_ref()
                    .is_none_or(|currency| currency == home);
                if let (Some(amount), true) = (skip.amount, same) {
                    reasons
                        .entry(skip.reason.code().to_owned())
                        .or_default()
                        .add(amount);
                }
                Ok(())
            },
        )?;
        Ok(reasons
            .into_iter()
            .map(|(code, tally)| Explained {
                code,
                count: tally.count,
                amount: tally.total,
            })
            .collect())
    }

    /// Opens or closes the attention item, and forgets what is not there, so that the next sync
    /// writes it again.
    fn note(&self, reconciliation: &Reconciliation) -> Result<(), EngineError> {
        let effects: Vec<Effect> = reconciliation
            .mismatches
            .iter()
            .filter_map(|mismatch| match mismatch {
                Mismatch::Missing { order, .. } => Some(Effect::RemoveOrderLink(order.clone())),
                Mismatch::Differs { order, .. } => Some(Effect::PutOrderLink {
                    link: OrderLink {
                        key: order.clone(),
                        fingerprint: Fingerprint::from_stored(""),
                        refused: None,
                        exists: true,
                    },
                    body: None,
                }),
                Mismatch::Unexpected { .. } => None,
            })
            .collect();
        let now = self.now();
        self.store().write::<_, EngineError>(|write| {
            write.set_cursor(COMPARED, &now.to_string(), now)?;
            if reconciliation.agrees() {
                write.resolve_attention("totals_differ", "", now)?;
                return Ok(());
            }
            let params = serde_json::json!({
                "unexplained": reconciliation.unexplained,
                "mismatches": reconciliation.mismatches.len(),
                "currency": reconciliation.currency,
            });
            write.open_attention("totals_differ", "", &params, now)?;
            write.apply_effects(&effects)?;
            if !effects.is_empty() {
                write.set_planned_generation(None)?;
            }
            Ok(())
        })
    }
}
