//! A company's books as records. The QuickBooks service keeps them as they are here and writes
//! them in Intuit's shapes when they are read.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// An amount in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Cents(pub i64);

impl fmt::Display for Cents {
    /// Prints as the service does: `0`, `639.00`, `-4.50` (`quickbooks-online.md` 2).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0");
        }
        let sign = if self.0 < 0 { "-" } else { "" };
        let units = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", units / 100, units % 100)
    }
}

/// What every record carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meta {
    /// `Id`.
    pub id: u64,
    /// `SyncToken`.
    pub token: u32,
    /// `MetaData.CreateTime`.
    pub created: Timestamp,
    /// `MetaData.LastUpdatedTime`.
    pub updated: Timestamp,
}

impl Meta {
    /// A record born at `when`.
    pub fn born(id: u64, when: Timestamp) -> Self {
        Self {
            id,
            token: 0,
            created: when,
            updated: when,
        }
    }
}

/// A currency that companies here may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Currency {
    /// US dollar.
    Usd,
    /// Euro.
    Eur,
    /// Canadian dollar.
    Cad,
    /// Pound.
    Gbp,
}

impl Currency {
    /// The ISO code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Usd => "USD",
            Self::Eur => "EUR",
            Self::Cad => "CAD",
            Self::Gbp => "GBP",
        }
    }

    /// Intuit's name for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usd => "United States Dollar",
            Self::Eur => "Euro",
            Self::Cad => "Canadian Dollar",
            Self::Gbp => "British Pound Sterling",
        }
    }

    /// The currency with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Usd, Self::Eur, Self::Cad, Self::Gbp]
            .into_iter()
            .find(|currency| currency.code() == code)
    }

    /// Home currency (US dollars) for one unit.
    pub fn rate(self) -> Decimal {
        match self {
            Self::Usd => Decimal::ONE,
            Self::Eur => Decimal::new(1085, 3),
            Self::Cad => Decimal::new(731, 3),
            Self::Gbp => Decimal::new(1262, 3),
        }
    }
}

/// A postal address; any part may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// `Id`.
    pub id: u64,
    /// `Line1` to `Line5`.
    pub lines: Vec<String>,
    /// `City`.
    pub city: Option<String>,
    /// `CountrySubDivisionCode`.
    pub state: Option<String>,
    /// `PostalCode`.
    pub postal_code: Option<String>,
    /// `Country`, free text on customers.
    pub country: Option<String>,
    /// `Lat` and `Long` say `INVALID`.
    pub invalid_position: bool,
}

/// `CompanyInfo` and the preferences that matter.
#[derive(Debug, Clone)]
pub struct CompanyInfo {
    /// Intuit's id.
    pub realm: String,
    /// `CompanyName`.
    pub name: String,
    /// `LegalName`.
    pub legal_name: String,
    /// `Email.Address`.
    pub email: String,
    /// `PrimaryPhone`.
    pub phone: String,
    /// `WebAddr.URI`; an empty object when `None`.
    pub website: Option<String>,
    /// `CompanyAddr`, with an ISO-3 country.
    pub address: Address,
    /// Two letters.
    pub country: String,
    /// `DefaultTimeZone`.
    pub time_zone: String,
    /// `SubscriptionStatus`.
    pub subscription: String,
    /// `CurrencyPrefs.MultiCurrencyEnabled`.
    pub multicurrency: bool,
    /// `SalesFormsPrefs.CustomTxnNumbers`.
    pub custom_numbers: bool,
}

/// A customer, sub-customer or project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Id, token, times.
    pub meta: Meta,
    /// `Title`.
    pub title: Option<String>,
    /// `GivenName`.
    pub given_name: Option<String>,
    /// `MiddleName`.
    pub middle_name: Option<String>,
    /// `FamilyName`.
    pub family_name: Option<String>,
    /// `Suffix`.
    pub suffix: Option<String>,
    /// `CompanyName`.
    pub company_name: Option<String>,
    /// `DisplayName`, with ` (deleted)` on inactive rows.
    pub display_name: String,
    /// `PrintOnCheckName` when it does not follow the display name.
    pub print_name: Option<String>,
    /// `PrimaryEmailAddr.Address`, as typed.
    pub email: Option<String>,
    /// `PrimaryPhone`.
    pub phone: Option<String>,
    /// `Mobile`.
    pub mobile: Option<String>,
    /// `WebAddr.URI`.
    pub website: Option<String>,
    /// `BillAddr`.
    pub bill: Option<Arc<Address>>,
    /// `ShipAddr`.
    pub ship: Option<Arc<Address>>,
    /// `Notes`.
    pub notes: Option<String>,
    /// `ResaleNum`.
    pub resale_number: Option<String>,
    /// `Active`.
    pub active: bool,
    /// `Taxable`.
    pub taxable: bool,
    /// `IsProject`.
    pub project: bool,
    /// `BillWithParent`.
    pub bill_with_parent: bool,
    /// `ParentRef`.
    pub parent: Option<u64>,
    /// `CurrencyRef`.
    pub currency: Currency,
    /// `PreferredDeliveryMethod`.
    pub delivery: String,
    /// `CustomerTypeRef.value`.
    pub customer_type: Option<String>,
    /// `Balance`; `BalanceWithJobs` is summed when asked for.
    pub balance: Cents,
}

impl Customer {
    /// A plain active customer.
    pub fn new(meta: Meta, display_name: impl Into<String>) -> Self {
        Self {
            meta,
            title: None,
            given_name: None,
            middle_name: None,
            family_name: None,
            suffix: None,
            company_name: None,
            display_name: display_name.into(),
            print_name: None,
            email: None,
            phone: None,
            mobile: None,
            website: None,
            bill: None,
            ship: None,
            notes: None,
            resale_number: None,
            active: true,
            taxable: true,
            project: false,
            bill_with_parent: false,
            parent: None,
            currency: Currency::Usd,
            delivery: "Print".to_owned(),
            customer_type: None,
            balance: Cents(0),
        }
    }
}

/// `Type` of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemKind {
    /// A service.
    Service,
    /// Counted stock.
    Inventory,
    /// Stock that is not counted.
    NonInventory,
    /// A folder.
    Category,
    /// A bundle.
    Group,
}

impl ItemKind {
    /// Intuit's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Service => "Service",
            Self::Inventory => "Inventory",
            Self::NonInventory => "NonInventory",
            Self::Category => "Category",
            Self::Group => "Group",
        }
    }
}

/// An item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Id, token, times.
    pub meta: Meta,
    /// `Name`.
    pub name: String,
    /// `Type`.
    pub kind: ItemKind,
    /// `ParentRef`.
    pub parent: Option<u64>,
    /// `Sku`.
    pub sku: Option<String>,
    /// `Description`.
    pub description: Option<String>,
    /// `UnitPrice`.
    pub price: Option<Decimal>,
    /// `QtyOnHand` of an inventory item.
    pub on_hand: Option<Decimal>,
    /// `Taxable`.
    pub taxable: bool,
    /// `Active`.
    pub active: bool,
    /// The parts of a bundle and how many of each.
    pub parts: Vec<(u64, Decimal)>,
}

/// A vendor: here only because vendors share the customers' names and ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vendor {
    /// Id, token, times.
    pub meta: Meta,
    /// `DisplayName`.
    pub display_name: String,
    /// `Active`.
    pub active: bool,
}

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

/// A company's books.
#[derive(Debug, Clone)]
pub struct Books {
    /// The company.
    pub company: CompanyInfo,
    /// Customers by id.
    pub customers: BTreeMap<u64, Customer>,
    /// Vendors by id; they share the customers' sequence.
    pub vendors: BTreeMap<u64, Vendor>,
    /// Items by id.
    pub items: BTreeMap<u64, Item>,
    /// Sales documents by id; all transactions share one sequence.
    pub documents: BTreeMap<u64, Document>,
    /// Payments by id.
    pub payments: BTreeMap<u64, Payment>,
    /// Customer types: id and name.
    pub customer_types: Vec<(String, String)>,
}

impl Books {
    /// Books without a single record.
    pub fn empty(company: CompanyInfo) -> Self {
        Self {
            company,
            customers: BTreeMap::new(),
            vendors: BTreeMap::new(),
            items: BTreeMap::new(),
            documents: BTreeMap::new(),
            payments: BTreeMap::new(),
            customer_types: Vec::new(),
        }
    }

    /// `FullyQualifiedName` of a customer: the names from the top down, joined with colons.
    pub fn full_name(&self, customer: &Customer) -> String {
        let mut name = customer.display_name.clone();
        let mut above = customer.parent;
        while let Some(parent) = above.and_then(|id| self.customers.get(&id)) {
            name = format!("{}:{name}", parent.display_name);
            above = parent.parent;
        }
        name
    }

    /// `Level` of a customer: 0 at the top.
    pub fn level(&self, customer: &Customer) -> usize {
        let mut level = 0;
        let mut above = customer.parent;
        while let Some(parent) = above.and_then(|id| self.customers.get(&id)) {
            level += 1;
            above = parent.parent;
        }
        level
    }

    /// `FullyQualifiedName` of an item.
    pub fn full_item_name(&self, item: &Item) -> String {
        let mut name = item.name.clone();
        let mut above = item.parent;
        while let Some(parent) = above.and_then(|id| self.items.get(&id)) {
            name = format!("{}:{name}", parent.name);
            above = parent.parent;
        }
        name
    }
}
