//! Reading orders.

use ledgerpost_core::Amount;
use ledgerpost_core::ids::{CurrencyCode, ProductId, StoreId};
use ledgerpost_core::source::DocumentKey;
use serde::Deserialize;

use super::requests;
use crate::client::Client;
use crate::error::Error;
use crate::page::{Page, Pages};

/// The buyer of an order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OrderCustomer {
    /// The customer's id; for orders of ours the member's hash.
    pub id: String,
}

#[derive(Deserialize)]
struct LineId {
    id: String,
}

/// An order, as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderSummary {
    /// Its id.
    pub id: DocumentKey,
    /// Its buyer.
    pub customer: OrderCustomer,
    /// The currency of the total.
    pub currency: CurrencyCode,
    /// Its total.
    pub total: Amount,
    /// The ids of its lines.
    pub line_ids: Vec<String>,
}

/// An order, as read by itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Order {
    /// Its id.
    pub id: DocumentKey,
    /// Its buyer.
    pub customer: OrderCustomer,
    /// The currency of all amounts.
    pub currency_code: CurrencyCode,
    /// Its total.
    pub order_total: Amount,
    /// Tax.
    #[serde(default)]
    pub tax_total: Amount,
    /// Discount, positive.
    #[serde(default)]
    pub discount_total: Amount,
    /// Shipping.
    #[serde(default)]
    pub shipping_total: Amount,
    /// The order's date in reports, RFC 3339.
    #[serde(default)]
    pub processed_at_foreign: Option<String>,
    /// Free text.
    #[serde(default)]
    pub financial_status: Option<String>,
    /// Its lines.
    #[serde(default)]
    pub lines: Vec<OrderLine>,
}

/// A line, as read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OrderLine {
    /// Its id inside the order.
    pub id: String,
    /// The product.
    pub product_id: ProductId,
    /// How many.
    pub quantity: i64,
    /// Per unit.
    pub price: Amount,
}

#[derive(Deserialize)]
struct OrderRow {
    id: DocumentKey,
    customer: OrderCustomer,
    currency_code: CurrencyCode,
    order_total: Amount,
    #[serde(default)]
    lines: Vec<LineId>,
}

#[derive(Deserialize)]
struct OrderPage {
    orders: Vec<OrderRow>,
    total_items: u64,
}

impl From<OrderPage> for Page<OrderSummary> {
    fn from(page: OrderPage) -> Self {
        let summary = |row: OrderRow| OrderSummary {
            id: row.id,
            customer: row.customer,
            currency: row.currency_code,
            total: row.order_total,
            line_ids: row.lines.into_iter().map(|line| line.id).collect(),
        };
        Self::new(
            page.orders.into_iter().map(summary).collect(),
            page.total_items,
        )
    }
}

impl Client {
    /// Lists a store's orders page by page.
    pub fn list_orders(&self, store: &StoreId) -> Pages<OrderSummary> {
        self.pages::<OrderPage, _>(requests::list_orders(store))
    }

    /// Reads one order; `None` when it does not exist.
    pub async fn read_order(
        &self,
        store: &StoreId,
        order: &DocumentKey,
    ) -> Result<Option<Order>, Error> {
        self.find(&requests::read_order(store, order)).await
    }
}
