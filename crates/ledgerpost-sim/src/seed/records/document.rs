//! The sales transactions and their lines.

use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{Address, Cents, Currency, LinkedKind, Meta};

/// The sales transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// A sale on account.
    Invoice,
    /// A sale paid at once.
    SalesReceipt,
    /// Takes back part of an invoice.
    CreditMemo,
    /// Money paid back.
    RefundReceipt,
}

impl DocumentKind {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Invoice,
        Self::SalesReceipt,
        Self::CreditMemo,
        Self::RefundReceipt,
    ];

    /// Intuit's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invoice => "Invoice",
            Self::SalesReceipt => "SalesReceipt",
            Self::CreditMemo => "CreditMemo",
            Self::RefundReceipt => "RefundReceipt",
        }
    }

    /// Whether the row counts for the customer's balance, and with which sign.
    pub const fn balance_sign(self) -> i64 {
        match self {
            Self::Invoice => 1,
            Self::CreditMemo => -1,
            Self::SalesReceipt | Self::RefundReceipt => 0,
        }
    }
}

/// A sales transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Id, token, times.
    pub meta: Meta,
    /// Which of the four.
    pub kind: DocumentKind,
    /// `DocNumber`.
    pub number: Option<String>,
    /// `TxnDate`.
    pub date: Date,
    /// `DueDate` of an invoice.
    pub due: Option<Date>,
    /// `CustomerRef`.
    pub customer: Option<u64>,
    /// `CurrencyRef`.
    pub currency: Currency,
    /// The lines.
    pub lines: Vec<Line>,
    /// `TxnTaxDetail.TotalTax`.
    pub tax: Cents,
    /// `TotalAmt`.
    pub total: Cents,
    /// `Balance`, and `RemainingCredit` of a credit memo.
    pub balance: Cents,
    /// `LinkedTxn`.
    pub linked: Vec<(u64, LinkedKind)>,
    /// `InvoiceRef` of a credit memo.
    pub invoice: Option<u64>,
    /// `BillEmail.Address`, as typed.
    pub bill_email: Option<String>,
    /// Reading it fails with 4002 (`quickbooks-online.md` 3.6).
    pub poisoned: bool,
    /// `BillAddr`, as it was when the document was made.
    pub bill: Option<Arc<Address>>,
    /// `PrivateNote`.
    pub note: Option<String>,
}

impl Document {
    /// What the lines and the tax add up to.
    pub fn computed_total(&self) -> Cents {
        Cents(self.lines.iter().map(|line| line.worth().0).sum::<i64>() + self.tax.0)
    }
}

/// A line. The subtotal line is written by itself, before a discount and at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// `SalesItemLineDetail`.
    Sale {
        /// What.
        item: ItemRef,
        /// `Description`.
        description: Option<String>,
        /// `Qty`.
        quantity: Option<Decimal>,
        /// `UnitPrice`.
        price: Option<Decimal>,
        /// `Amount`.
        amount: Cents,
        /// Tax code `TAX` or `NON`.
        taxable: bool,
    },
    /// `GroupLineDetail`.
    Group {
        /// The bundle.
        item: u64,
        /// How many.
        quantity: Decimal,
        /// Its parts, all of them sales.
        lines: Vec<Line>,
    },
    /// `DescriptionOnly`.
    Text(String),
    /// `DiscountLineDetail`; a positive amount that is subtracted.
    Discount {
        /// Per cent, when it is a share.
        percent: Option<Decimal>,
        /// How much.
        amount: Cents,
    },
}

impl Line {
    /// What the line adds to the total.
    pub fn worth(&self) -> Cents {
        match self {
            Self::Sale {
                item: ItemRef::None,
                ..
            }
            | Self::Text(_) => Cents(0),
            Self::Sale { amount, .. } => *amount,
            Self::Group { lines, .. } => Cents(lines.iter().map(|line| line.worth().0).sum()),
            Self::Discount { amount, .. } => Cents(-amount.0),
        }
    }
}

/// What a line sells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemRef {
    /// An item.
    Item(u64),
    /// `SHIPPING_ITEM_ID`.
    Shipping,
    /// `GRATUITY_ITEM_ID`.
    Gratuity,
    /// Nothing: a note whose amount is ignored (`quickbooks-online.md` 4.3).
    None,
}
