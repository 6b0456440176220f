//! Payments, and what links them to what they pay.

use jiff::civil::Date;

use super::{Cents, Currency, Meta};

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Id, token, times.
    pub meta: Meta,
    /// `TxnDate`.
    pub date: Date,
    /// `CustomerRef`.
    pub customer: u64,
    /// `CurrencyRef`.
    pub currency: Currency,
    /// `TotalAmt`; 0 when it only applies a credit memo.
    pub total: Cents,
    /// What it pays.
    pub lines: Vec<PaymentLine>,
    /// `PrivateNote`.
    pub note: Option<String>,
}

/// A line of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaymentLine {
    /// How much.
    pub amount: Cents,
    /// To which transaction.
    pub document: u64,
    /// Of which kind.
    pub kind: LinkedKind,
}

/// What a linked transaction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkedKind {
    /// An invoice.
    Invoice,
    /// A credit memo.
    CreditMemo,
    /// A payment.
    Payment,
}

impl LinkedKind {
    /// Intuit's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invoice => "Invoice",
            Self::CreditMemo => "CreditMemo",
            Self::Payment => "Payment",
        }
    }
}
