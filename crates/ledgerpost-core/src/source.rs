//! What the QuickBooks mirror holds: the mapped columns of a company's records.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::address::SourceAddress;
use crate::amount::Amount;
use crate::ids::{CurrencyCode, CustomerId, ItemId, RealmId};

/// A QuickBooks Online company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// Intuit's id.
    pub realm: RealmId,
    /// `CompanyName`.
    pub name: String,
    /// `Email.Address`, as typed.
    pub email: Option<String>,
    /// `PrimaryPhone`.
    pub phone: Option<String>,
    /// `WebAddr.URI`.
    pub website: Option<String>,
    /// `CompanyAddr`.
    pub address: Option<SourceAddress>,
    /// Two letters (`quickbooks-online.md` 4.1).
    pub country: Option<String>,
    /// `Preferences.CurrencyPrefs.HomeCurrency`; US dollars where the company has no preference.
    pub home_currency: CurrencyCode,
    /// IANA name (`DefaultTimeZone`).
    pub time_zone: Option<String>,
    /// `SubscriptionStatus`: EXPIRED, SUSPENDED and CANCELLED companies are read-only.
    pub subscription: Option<String>,
}

impl Company {
    /// Whether the subscription lapsed, so that the company can be read but not changed
    /// (`quickbooks-online.md` 4.1).
    pub fn has_lapsed(&self) -> bool {
        matches!(
            self.subscription.as_deref(),
            Some("EXPIRED" | "SUSPENDED" | "CANCELLED")
        )
    }
}

/// A customer, sub-customer or project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Its id.
    pub id: CustomerId,
    /// `DisplayName` without the ` (deleted)` that QuickBooks appends to inactive rows
    /// (`quickbooks-online.md` 5.5).
    pub display_name: String,
    /// `GivenName`, trimmed, `None` when blank.
    pub given_name: Option<String>,
    /// `FamilyName`, trimmed, `None` when blank.
    pub family_name: Option<String>,
    /// `CompanyName`, trimmed, `None` when blank.
    pub company_name: Option<String>,
    /// `PrimaryEmailAddr.Address` as typed; may list several.
    pub email_field: Option<String>,
    /// `PrimaryPhone`, else `Mobile`; free text.
    pub phone: Option<String>,
    /// `BillAddr`, else `ShipAddr`.
    pub address: Option<SourceAddress>,
    /// Inactive customers stay in the mirror.
    pub active: bool,
    /// Projects are customers with `IsProject`.
    pub is_project: bool,
    /// The customer above, for sub-customers and projects.
    pub parent: Option<CustomerId>,
    /// `None` in a company with one currency.
    pub currency: Option<CurrencyCode>,
    /// `CustomerTypeRef.value`.
    pub customer_type: Option<String>,
    /// Date of the latest invoice or sales receipt that names this customer; the store derives it.
    #[serde(default)]
    pub last_sale: Option<Date>,
}

/// What kind of thing an item is (`quickbooks-online.md` 4.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// Service, Inventory, NonInventory and whatever else can stand on a line.
    Sellable,
    /// A folder for items; never a product.
    Category,
    /// A bundle: its components stand on the lines.
    Bundle,
}

/// A thing that the company sells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// `Name` without ` (deleted)`.
    pub name: String,
    /// `Sku`.
    pub sku: Option<String>,
    /// `Description`.
    pub description: Option<String>,
    /// Its kind.
    pub kind: ItemKind,
    /// `UnitPrice`, in the home currency.
    pub unit_price: Option<Amount>,
    /// Inactive items stay products, since orders refer to them.
    pub active: bool,
}

/// Which of the four sales transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
    /// All four.
    pub const ALL: [Self; 4] = [
        Self::Invoice,
        Self::SalesReceipt,
        Self::CreditMemo,
        Self::RefundReceipt,
    ];

    /// The prefix in [`DocumentKey`]: ids of different kinds collide (`mailchimp.md` 5.6).
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Invoice => "inv_",
            Self::SalesReceipt => "sr_",
            Self::CreditMemo => "cm_",
            Self::RefundReceipt => "rr_",
        }
    }

    /// Whether a document of this kind becomes an order.
    pub const fn is_sale(self) -> bool {
        matches!(self, Self::Invoice | Self::SalesReceipt)
    }
}

impl std::fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Invoice => "Invoice",
            Self::SalesReceipt => "Sales receipt",
            Self::CreditMemo => "Credit memo",
            Self::RefundReceipt => "Refund receipt",
        })
    }
}

/// What the owner calls a document. Written out it is English; other languages put it together from
/// the parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentName {
    /// Its kind.
    pub kind: DocumentKind,
    /// Its number, or QuickBooks' id where it has none.
    pub number: String,
}

impl DocumentName {
    /// The name of a document that is no longer there: what is left is its key.
    pub fn of_key(key: &str) -> Option<Self> {
        DocumentKind::ALL.into_iter().find_map(|kind| {
            Some(Self {
                kind,
                number: key.strip_prefix(kind.prefix())?.to_owned(),
            })
        })
    }
}

impl std::fmt::Display for DocumentName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.kind, self.number)
    }
}

/// A document's key in the mirror, and the order's id in Mailchimp: `inv_<Id>`, `sr_<Id>`,
/// `cm_<Id>`, `rr_<Id>`. Sorts as text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DocumentKey(String);

impl DocumentKey {
    /// Makes the key from kind and QuickBooks id.
    pub fn new(kind: DocumentKind, id: &str) -> Self {
        Self(format!("{}{id}", kind.prefix()))
    }

    /// Takes a key that the store kept.
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for DocumentKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A sales transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Its key.
    pub key: DocumentKey,
    /// Its kind.
    pub kind: DocumentKind,
    /// `DocNumber`; not unique.
    pub number: Option<String>,
    /// `TxnDate`, in the company's calendar; never converted through UTC.
    pub date: Date,
    /// `DueDate` of an invoice.
    pub due: Option<Date>,
    /// Missing on walk-in sales (`quickbooks-online.md` 4.3).
    pub customer: Option<CustomerId>,
    /// `None` in a company with one currency.
    pub currency: Option<CurrencyCode>,
    /// `TotalAmt`, in the document's currency.
    pub total: Amount,
    /// `TxnTaxDetail.TotalTax`.
    pub tax: Amount,
    /// Sum of the discount lines, positive.
    pub discount: Amount,
    /// Sum of the `SHIPPING_ITEM_ID` lines.
    pub shipping: Amount,
    /// `Balance`.
    pub balance: Amount,
    /// Total 0 and a note that starts with "Voided" (`quickbooks-online.md` 5.6).
    pub voided: bool,
    /// The lines that sell something, bundles taken apart, notes and subtotals left out.
    pub lines: Vec<DocumentLine>,
    /// Credit that other documents applied to this one (credit memos through payments or
    /// `InvoiceRef`); positive; the store derives it.
    #[serde(default)]
    pub credited: Amount,
}

impl Document {
    /// What the owner calls it.
    pub fn name(&self) -> DocumentName {
        let key = self.key.as_str();
        let number = self
            .number
            .as_deref()
            .filter(|number| !number.trim().is_empty())
            .or_else(|| key.strip_prefix(self.kind.prefix()))
            .unwrap_or(key);
        DocumentName {
            kind: self.kind,
            number: number.to_owned(),
        }
    }
}

/// A line that sells something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentLine {
    /// The item; `None` for a line that names none (its text still counts as sold).
    pub item: Option<ItemId>,
    /// `Description`.
    pub description: Option<String>,
    /// `Qty`, may be fractional; 1 when absent.
    pub quantity: Decimal,
    /// `Amount` of the line, before document discounts; may be negative.
    pub amount: Amount,
}

/// A credit memo applied to an invoice: by a payment of total 0 that names both
/// (`quickbooks-online.md` 4.4), or by the memo's own `InvoiceRef`. Where both carry one, what the
/// payments carry comes first, and of the memo's own only what goes beyond that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditApplication {
    /// The payment or credit memo that carries the application; one may carry several. The mirror
    /// holds a memo's own application under the memo's key.
    pub carrier: String,
    /// The invoice that is lowered.
    pub invoice: DocumentKey,
    /// The credit memo.
    pub memo: DocumentKey,
    /// How much, positive.
    pub amount: Amount,
}
