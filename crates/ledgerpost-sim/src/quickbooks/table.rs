//! The entities that can be queried, their fields, and what stands in a row's field.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::render::Page;
use crate::seed::{Books, Cents, Customer, Document, DocumentKind, Item, Meta, Payment, Vendor};

/// An entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Table {
    Customer,
    Vendor,
    Item,
    Invoice,
    SalesReceipt,
    CreditMemo,
    RefundReceipt,
    Payment,
    CompanyInfo,
    Preferences,
    CustomerType,
}

/// A property that the query language knows.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) filters: bool,
    pub(crate) sorts: bool,
}

const fn field(name: &'static str) -> Field {
    Field {
        name,
        filters: true,
        sorts: true,
    }
}

const fn sort_only(name: &'static str) -> Field {
    Field {
        name,
        filters: false,
        sorts: true,
    }
}

/// `quickbooks-online.md` 3.3.
const CUSTOMER: [Field; 13] = [
    field("Id"),
    field("DisplayName"),
    field("GivenName"),
    field("MiddleName"),
    field("FamilyName"),
    field("CompanyName"),
    field("FullyQualifiedName"),
    field("PrintOnCheckName"),
    Field {
        name: "PrimaryEmailAddr",
        filters: true,
        sorts: false,
    },
    field("Active"),
    field("Balance"),
    field("MetaData.CreateTime"),
    field("MetaData.LastUpdatedTime"),
];
const CUSTOMER_SORT: [Field; 1] = [sort_only("BalanceWithJobs")];
const NAMED: [Field; 5] = [
    field("Id"),
    field("DisplayName"),
    field("Active"),
    field("MetaData.CreateTime"),
    field("MetaData.LastUpdatedTime"),
];
const ITEM: [Field; 11] = [
    field("Id"),
    field("Name"),
    field("Type"),
    field("Active"),
    field("Taxable"),
    field("FullyQualifiedName"),
    field("SubItem"),
    sort_only("UnitPrice"),
    sort_only("PurchaseCost"),
    field("MetaData.CreateTime"),
    field("MetaData.LastUpdatedTime"),
];
const DOCUMENT: [Field; 8] = [
    field("Id"),
    field("CustomerRef"),
    field("DocNumber"),
    field("TxnDate"),
    field("TotalAmt"),
    field("Balance"),
    field("MetaData.CreateTime"),
    field("MetaData.LastUpdatedTime"),
];
const INVOICE: [Field; 1] = [field("DueDate")];
const PAYMENT: [Field; 6] = [
    field("Id"),
    field("CustomerRef"),
    field("TxnDate"),
    field("TotalAmt"),
    field("MetaData.CreateTime"),
    field("MetaData.LastUpdatedTime"),
];
const NOTHING: [Field; 0] = [];

impl Table {
    pub(crate) const ALL: [Self; 11] = [
        Self::Customer,
        Self::Vendor,
        Self::Item,
        Self::Invoice,
        Self::SalesReceipt,
        Self::CreditMemo,
        Self::RefundReceipt,
        Self::Payment,
        Self::CompanyInfo,
        Self::Preferences,
        Self::CustomerType,
    ];

    /// The entity's name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Customer => "Customer",
            Self::Vendor => "Vendor",
            Self::Item => "Item",
            Self::Invoice => "Invoice",
            Self::SalesReceipt => "SalesReceipt",
            Self::CreditMemo => "CreditMemo",
            Self::RefundReceipt => "RefundReceipt",
            Self::Payment => "Payment",
            Self::CompanyInfo => "CompanyInfo",
            Self::Preferences => "Preferences",
            Self::CustomerType => "CustomerType",
        }
    }

    /// The entity with this name, in any case.
    pub(crate) fn by_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|table| table.name().eq_ignore_ascii_case(name))
    }

    /// The document kind that the table holds.
    pub(crate) fn document_kind(self) -> Option<DocumentKind> {
        DocumentKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == self.name())
    }

    /// Whether queries leave out inactive rows (`quickbooks-online.md` 3.4).
    pub(crate) const fn is_list(self) -> bool {
        matches!(self, Self::Customer | Self::Vendor | Self::Item)
    }

    /// A property of the query language, in any case.
    pub(crate) fn field(self, name: &str) -> Option<&'static Field> {
        let (first, more): (&[Field], &[Field]) = match self {
            Self::Customer => (&CUSTOMER, &CUSTOMER_SORT),
            Self::Vendor => (&NAMED, &NOTHING),
            Self::Item => (&ITEM, &NOTHING),
            Self::Invoice => (&DOCUMENT, &INVOICE),
            Self::SalesReceipt | Self::CreditMemo | Self::RefundReceipt => (&DOCUMENT, &NOTHING),
            Self::Payment => (&PAYMENT, &NOTHING),
            Self::CompanyInfo | Self::Preferences | Self::CustomerType => (&NOTHING, &NOTHING),
        };
        first
            .iter()
            .chain(more)
            .find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// Whether the entity has such a property at all.
    pub(crate) fn knows_property(self, name: &str) -> bool {
        self.field(name).is_some()
            || super::write::properties(self).any(|known| known.eq_ignore_ascii_case(name))
    }
}

/// A row of any entity.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Row<'a> {
    Customer(&'a Customer),
    Vendor(&'a Vendor),
    Item(&'a Item),
    Document(&'a Document),
    Payment(&'a Payment),
}

/// What stands in a field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cell {
    Missing,
    Flag(bool),
    Id(u64),
    Number(Decimal),
    Day(Date),
    Moment(Timestamp),
    Text(String),
}

impl<'a> Row<'a> {
    /// The rows of an entity, by id.
    pub(crate) fn all(books: &'a Books, table: Table) -> Box<dyn Iterator<Item = Self> + 'a> {
        match table {
            Table::Customer => Box::new(books.customers.values().map(Row::Customer)),
            Table::Vendor => Box::new(books.vendors.values().map(Row::Vendor)),
            Table::Item => Box::new(books.items.values().map(Row::Item)),
            Table::Payment => Box::new(books.payments.values().map(Row::Payment)),
            Table::Invoice | Table::SalesReceipt | Table::CreditMemo | Table::RefundReceipt => {
                let kind = table.document_kind();
                Box::new(
                    books
                        .documents
                        .values()
                        .filter(move |document| Some(document.kind) == kind)
                        .map(Row::Document),
                )
            }
            Table::CompanyInfo | Table::Preferences | Table::CustomerType => {
                Box::new(std::iter::empty())
            }
        }
    }

    pub(crate) fn meta(self) -> &'a Meta {
        match self {
            Row::Customer(row) => &row.meta,
            Row::Vendor(row) => &row.meta,
            Row::Item(row) => &row.meta,
            Row::Document(row) => &row.meta,
            Row::Payment(row) => &row.meta,
        }
    }

    pub(crate) fn is_active(self) -> bool {
        match self {
            Row::Customer(row) => row.active,
            Row::Vendor(row) => row.active,
            Row::Item(row) => row.active,
            Row::Document(_) | Row::Payment(_) => true,
        }
    }

    pub(crate) fn is_poisoned(self) -> bool {
        matches!(self, Row::Document(document) if document.poisoned)
    }

    /// The name that name lists are ordered by.
    pub(crate) fn full_name(self, books: &Books) -> String {
        match self {
            Row::Customer(row) => books.full_name(row),
            Row::Vendor(row) => row.display_name.clone(),
            Row::Item(row) => books.full_item_name(row),
            Row::Document(_) | Row::Payment(_) => String::new(),
        }
    }

    pub(crate) fn write(self, out: &mut String, page: &Page<'_>) {
        match self {
            Row::Customer(row) => page.customer(out, row),
            Row::Vendor(row) => page.vendor(out, row),
            Row::Item(row) => page.item(out, row),
            Row::Document(row) => page.document(out, row),
            Row::Payment(row) => page.payment(out, row),
        }
    }

    /// What stands in a field of the query language.
    pub(crate) fn cell(self, field: &Field, page: &Page<'_>) -> Cell {
        let meta = self.meta();
        match field.name {
            "Id" => return Cell::Id(meta.id),
            "MetaData.CreateTime" => return Cell::Moment(meta.created),
            "MetaData.LastUpdatedTime" => return Cell::Moment(meta.updated),
            "Active" => return Cell::Flag(self.is_active()),
            "FullyQualifiedName" => return Cell::Text(self.full_name(page.books)),
            _ => {}
        }
        match self {
            Row::Customer(row) => customer_cell(row, field.name, page),
            Row::Vendor(row) => Cell::Text(row.display_name.clone()),
            Row::Item(row) => item_cell(row, field.name),
            Row::Document(row) => document_cell(row, field.name),
            Row::Payment(row) => match field.name {
                "CustomerRef" => Cell::Id(row.customer),
                "TxnDate" => Cell::Day(row.date),
                _ => amount(row.total),
            },
        }
    }
}

fn text(value: Option<&str>) -> Cell {
    value.map_or(Cell::Missing, |value| Cell::Text(value.to_owned()))
}

fn amount(value: Cents) -> Cell {
    Cell::Number(Decimal::new(value.0, 2))
}

fn customer_cell(row: &Customer, name: &str, page: &Page<'_>) -> Cell {
    match name {
        "DisplayName" => Cell::Text(row.display_name.clone()),
        "GivenName" => text(row.given_name.as_deref()),
        "MiddleName" => text(row.middle_name.as_deref()),
        "FamilyName" => text(row.family_name.as_deref()),
        "CompanyName" => text(row.company_name.as_deref()),
        "PrintOnCheckName" => text(Some(row.print_name.as_deref().unwrap_or(&row.display_name))),
        "PrimaryEmailAddr" => text(row.email.as_deref()),
        "Balance" => amount(row.balance),
        "BalanceWithJobs" => amount(page.balance_with_jobs(row.meta.id)),
        _ => Cell::Missing,
    }
}

fn item_cell(row: &Item, name: &str) -> Cell {
    match name {
        "Name" => Cell::Text(row.name.clone()),
        "Type" => Cell::Text(row.kind.as_str().to_owned()),
        "Taxable" => Cell::Flag(row.taxable),
        "SubItem" => Cell::Flag(row.parent.is_some()),
        "UnitPrice" => row.price.map_or(Cell::Missing, Cell::Number),
        _ => Cell::Missing,
    }
}

fn document_cell(row: &Document, name: &str) -> Cell {
    match name {
        "CustomerRef" => row.customer.map_or(Cell::Missing, Cell::Id),
        "DocNumber" => text(row.number.as_deref()),
        "TxnDate" => Cell::Day(row.date),
        "DueDate" => row.due.map_or(Cell::Missing, Cell::Day),
        "TotalAmt" => amount(row.total),
        "Balance" => amount(row.balance),
        _ => Cell::Missing,
    }
}

impl Cell {
    /// Ids as text, for the switch that sorts them so.
    pub(crate) fn textual(self) -> Self {
        match self {
            Self::Id(id) => Self::Text(id.to_string()),
            other => other,
        }
    }

    /// Compares with a cell of the same kind; nothing is comparable with a missing value.
    pub(crate) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Missing, _) | (_, Self::Missing) => None,
            (Self::Text(one), Self::Text(two)) => Some(one.to_lowercase().cmp(&two.to_lowercase())),
            (one, two) => Some(one.cmp(two)),
        }
    }
}
