//! What is sold.

use rust_decimal::Decimal;

use super::Meta;

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
