//! What the domain needs from outside, and the reading side of the mirrors.

use jiff::Timestamp;

use crate::change::{OrderBody, ProductBody};
use crate::destination::{Audience, Member};
use crate::email::MemberHash;
use crate::ids::{CustomerId, ItemId, ProductId};
use crate::link::{ContactLink, OrderLink, ProductLink};
use crate::source::{Company, Customer, Document, DocumentKey, Item};

/// Tells the time. Tests bring their own.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The operating system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Sorted pages of both mirrors and the links: all that a plan may look at.
///
/// Every method returns at most `limit` rows with keys greater than `after`, ascending by the key
/// as text (bytes); fewer than `limit` means the end. The plan merges these as streams, so that half
/// a million documents never sit in memory.
pub trait Mirror {
    /// What can go wrong when reading.
    type Error: std::error::Error + Send + Sync + 'static;

    /// The company, if it was read.
    fn company(&self) -> Result<Option<Company>, Self::Error>;
    /// The audience, if it was read.
    fn audience(&self) -> Result<Option<Audience>, Self::Error>;
    /// Whether our store exists in Mailchimp, and whether it is syncing.
    fn store_state(&self) -> Result<StoreState, Self::Error>;
    /// Customers by id.
    fn customers(
        &self,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<Customer>, Self::Error>;
    /// Items by id.
    fn items(&self, after: Option<&ItemId>, limit: usize) -> Result<Vec<Item>, Self::Error>;
    /// Documents of all four kinds by key, with `credited` filled in. Deleted ones are absent.
    fn documents(
        &self,
        after: Option<&DocumentKey>,
        limit: usize,
    ) -> Result<Vec<Document>, Self::Error>;
    /// Members by hash, archived ones included.
    fn members(&self, after: Option<&MemberHash>, limit: usize)
    -> Result<Vec<Member>, Self::Error>;
    /// Contact links by hash.
    fn contact_links(
        &self,
        after: Option<&MemberHash>,
        limit: usize,
    ) -> Result<Vec<ContactLink>, Self::Error>;
    /// Product links by id.
    fn product_links(
        &self,
        after: Option<&ProductId>,
        limit: usize,
    ) -> Result<Vec<ProductLink>, Self::Error>;
    /// Order links by key.
    fn order_links(
        &self,
        after: Option<&DocumentKey>,
        limit: usize,
    ) -> Result<Vec<OrderLink>, Self::Error>;
    /// What was last written for an order.
    fn order_body(&self, key: &DocumentKey) -> Result<Option<OrderBody>, Self::Error>;
    /// What was last written for a product.
    fn product_body(&self, id: &ProductId) -> Result<Option<ProductBody>, Self::Error>;
    /// How much of credit memo `memo` was applied to invoices, in total. Counts an application only
    /// when both invoice and memo are in the mirror, as [`Document::credited`] does, so that the sum
    /// over all memos equals the sum over all invoices; the totals rest on that.
    fn applied_credit(&self, memo: &DocumentKey) -> Result<crate::Amount, Self::Error>;
}

/// What is known of our store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StoreState {
    /// It does not exist.
    #[default]
    Absent,
    /// It exists and is loading history: automations are off.
    Syncing,
    /// It exists and is live.
    Live,
}
