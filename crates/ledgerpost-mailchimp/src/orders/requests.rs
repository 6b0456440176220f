//! Requests for orders.

use ledgerpost_core::Amount;
use ledgerpost_core::change::{OrderBody, OrderLine};
use ledgerpost_core::ids::StoreId;
use ledgerpost_core::source::DocumentKey;
use serde::Serialize;

use crate::customers::{Customer, CustomerBody, NeverOptsIn};
use crate::error::Error;
use crate::request::{Request, Write};

/// What an order has beside its lines and its buyer.
#[derive(PartialEq, Eq, Serialize)]
struct Totals<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    financial_status: Option<&'a str>,
    currency_code: &'a str,
    order_total: Amount,
    tax_total: Amount,
    discount_total: Amount,
    shipping_total: Amount,
    /// The order's date in reports; without it an order is "now" (`mailchimp.md` 5.5).
    processed_at_foreign: String,
}

impl<'a> From<&'a OrderBody> for Totals<'a> {
    fn from(order: &'a OrderBody) -> Self {
        Self {
            financial_status: order.financial_status.as_deref(),
            currency_code: order.currency.as_str(),
            order_total: order.total,
            tax_total: order.tax,
            discount_total: order.discount,
            shipping_total: order.shipping,
            // Midnight as the services write it; the company's calendar day is kept as it is.
            processed_at_foreign: format!("{}T00:00:00+00:00", order.date),
        }
    }
}

#[derive(Serialize)]
struct NewOrder<'a> {
    id: &'a str,
    customer: CustomerBody<'a>,
    #[serde(flatten)]
    totals: Totals<'a>,
    lines: Vec<NewLine<'a>>,
}

#[derive(PartialEq, Eq, Serialize)]
struct BuyerPatch<'a> {
    opt_in_status: NeverOptsIn,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<&'a str>,
}

#[derive(PartialEq, Eq, Serialize)]
struct OrderPatch<'a> {
    customer: BuyerPatch<'a>,
    #[serde(flatten)]
    totals: Totals<'a>,
}

impl<'a> From<&'a OrderBody> for OrderPatch<'a> {
    fn from(order: &'a OrderBody) -> Self {
        Self {
            customer: BuyerPatch {
                opt_in_status: NeverOptsIn,
                first_name: order.first_name.as_deref(),
                last_name: order.last_name.as_deref(),
            },
            totals: Totals::from(order),
        }
    }
}

#[derive(Serialize)]
struct LineBody<'a> {
    product_id: &'a str,
    product_variant_id: &'a str,
    quantity: u32,
    price: Amount,
}

impl<'a> From<&'a OrderLine> for LineBody<'a> {
    fn from(line: &'a OrderLine) -> Self {
        Self {
            product_id: line.product.as_str(),
            product_variant_id: line.product.as_str(),
            quantity: line.quantity,
            price: line.price,
        }
    }
}

#[derive(Serialize)]
struct NewLine<'a> {
    id: String,
    #[serde(flatten)]
    body: LineBody<'a>,
}

impl<'a> NewLine<'a> {
    fn new(number: usize, line: &'a OrderLine) -> Self {
        Self {
            id: number.to_string(),
            body: LineBody::from(line),
        }
    }
}

/// Lists a store's orders with what it takes to reconcile them and to remove their lines.
pub fn list_orders(store: &StoreId) -> Request {
    Request::new("GET /ecommerce/stores/{store_id}/orders", &[store.as_str()]).query(
        "fields",
        "orders.id,orders.customer.id,orders.currency_code,orders.order_total,orders.lines.id,\
         total_items",
    )
}

/// Reads one order.
pub fn read_order(store: &StoreId, order: &DocumentKey) -> Request {
    Request::new(
        "GET /ecommerce/stores/{store_id}/orders/{order_id}",
        &[store.as_str(), order.as_str()],
    )
    .query(
        "fields",
        "id,customer.id,currency_code,order_total,tax_total,discount_total,shipping_total,\
         processed_at_foreign,financial_status,lines.id,lines.product_id,lines.quantity,lines.price",
    )
}

/// Creates an order, and its buyer in the store if need be. The buyer never opts in.
///
/// # Errors
/// [`Error::LinesEmpty`] when it has no lines.
pub fn create_order(store: &StoreId, order: &OrderBody) -> Result<Write, Error> {
    if order.lines.is_empty() {
        return Err(Error::LinesEmpty);
    }
    let customer = Customer {
        id: &order.customer,
        email: &order.email,
        first_name: order.first_name.as_deref(),
        last_name: order.last_name.as_deref(),
    };
    let lines = order.lines.iter().zip(1..);
    Ok(Write::new(
        Request::new(
            "POST /ecommerce/stores/{store_id}/orders",
            &[store.as_str()],
        )
        .body(&NewOrder {
            id: order.id.as_str(),
            customer: CustomerBody::from(&customer),
            totals: Totals::from(order),
            lines: lines
                .map(|(line, number)| NewLine::new(number, line))
                .collect(),
        }),
    ))
}

/// Changes what an order has beside its lines.
pub fn patch_order(store: &StoreId, order: &OrderBody) -> Write {
    Write::new(
        Request::new(
            "PATCH /ecommerce/stores/{store_id}/orders/{order_id}",
            &[store.as_str(), order.id.as_str()],
        )
        .body(&OrderPatch::from(order)),
    )
}

/// Whether [`patch_order`] has anything to change.
pub(super) fn patch_differs(before: &OrderBody, after: &OrderBody) -> bool {
    OrderPatch::from(before) != OrderPatch::from(after)
}

/// Adds line `number` to an order.
pub fn add_line(store: &StoreId, order: &DocumentKey, number: usize, line: &OrderLine) -> Write {
    Write::new(
        Request::new(
            "POST /ecommerce/stores/{store_id}/orders/{order_id}/lines",
            &[store.as_str(), order.as_str()],
        )
        .body(&NewLine::new(number, line)),
    )
}

/// Changes line `number` of an order.
pub fn patch_line(store: &StoreId, order: &DocumentKey, number: usize, line: &OrderLine) -> Write {
    Write::new(
        Request::new(
            "PATCH /ecommerce/stores/{store_id}/orders/{order_id}/lines/{line_id}",
            &[store.as_str(), order.as_str(), &number.to_string()],
        )
        .body(&LineBody::from(line)),
    )
}

/// Removes a line from an order.
pub fn remove_line(store: &StoreId, order: &DocumentKey, line: &str) -> Write {
    Write::new(Request::new(
        "DELETE /ecommerce/stores/{store_id}/orders/{order_id}/lines/{line_id}",
        &[store.as_str(), order.as_str(), line],
    ))
}

/// Removes an order.
pub fn remove_order(store: &StoreId, order: &DocumentKey) -> Write {
    Write::new(Request::new(
        "DELETE /ecommerce/stores/{store_id}/orders/{order_id}",
        &[store.as_str(), order.as_str()],
    ))
}
