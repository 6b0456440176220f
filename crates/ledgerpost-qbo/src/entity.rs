//! The kinds of record that are read.

use ledgerpost_core::source::DocumentKind;

/// A kind of QuickBooks record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entity {
    /// Customers, sub-customers and projects.
    Customer,
    /// Products, services, bundles and categories.
    Item,
    /// Sales on account.
    Invoice,
    /// Sales paid at once.
    SalesReceipt,
    /// Credit given.
    CreditMemo,
    /// Money paid back.
    RefundReceipt,
    /// Payments; read because they apply credit memos to invoices.
    Payment,
}

impl Entity {
    /// All of them, in the order in which a first load reads them.
    pub const ALL: [Self; 7] = [
        Self::Customer,
        Self::Item,
        Self::Invoice,
        Self::SalesReceipt,
        Self::CreditMemo,
        Self::RefundReceipt,
        Self::Payment,
    ];

    /// The name in queries and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Customer => "Customer",
            Self::Item => "Item",
            Self::Invoice => "Invoice",
            Self::SalesReceipt => "SalesReceipt",
            Self::CreditMemo => "CreditMemo",
            Self::RefundReceipt => "RefundReceipt",
            Self::Payment => "Payment",
        }
    }

    /// The name in a path, which is in lower case (`quickbooks-online.md` 2).
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Item => "item",
            Self::Invoice => "invoice",
            Self::SalesReceipt => "salesreceipt",
            Self::CreditMemo => "creditmemo",
            Self::RefundReceipt => "refundreceipt",
            Self::Payment => "payment",
        }
    }

    /// Finds the kind by its name in JSON.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|entity| entity.name() == name)
    }

    /// Whether queries hide inactive rows unless they mention `Active`
    /// (`quickbooks-online.md` 3.4).
    pub(crate) const fn hides_inactive(self) -> bool {
        matches!(self, Self::Customer | Self::Item)
    }

    /// The sales transaction that this is, if it is one.
    pub const fn document(self) -> Option<DocumentKind> {
        match self {
            Self::Invoice => Some(DocumentKind::Invoice),
            Self::SalesReceipt => Some(DocumentKind::SalesReceipt),
            Self::CreditMemo => Some(DocumentKind::CreditMemo),
            Self::RefundReceipt => Some(DocumentKind::RefundReceipt),
            Self::Customer | Self::Item | Self::Payment => None,
        }
    }
}

impl std::fmt::Display for Entity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
