//! What the outcome of a change means for the rest of the store.

use ledgerpost_core::MemberHash;
use ledgerpost_core::change::{OrderBody, ProductBody};
use ledgerpost_core::destination::Member;
use ledgerpost_core::ids::ProductId;
use ledgerpost_core::link::{ContactLink, OrderLink, ProductLink};
use ledgerpost_core::ports::StoreState;
use ledgerpost_core::source::DocumentKey;

use crate::company::Write;
use crate::error::Result;
use crate::table::consent_entries::ConsentEntry;

/// One consequence of a change. None of them moves the generation: the plan foresaw them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Ties a contact, or renews its link.
    PutContactLink(ContactLink),
    /// Unties a contact.
    RemoveContactLink(MemberHash),
    /// Remembers a product.
    PutProductLink {
        /// Its link.
        link: ProductLink,
        /// What Mailchimp has now; `None` keeps what was last written.
        body: Option<ProductBody>,
    },
    /// Forgets a product.
    RemoveProductLink(ProductId),
    /// Remembers an order.
    PutOrderLink {
        /// Its link.
        link: OrderLink,
        /// What Mailchimp has now; `None` keeps what was last written.
        body: Option<OrderBody>,
    },
    /// Forgets an order.
    RemoveOrderLink(DocumentKey),
    /// Forgets all products and orders: the store that held them is gone.
    RemoveStoreLinks,
    /// The member as it is now.
    PutMember(Member),
    /// The member is not under this key any more.
    RemoveMember(MemberHash),
    /// The state of our store now.
    SetStoreState(StoreState),
    /// Adds a consent entry.
    AddConsent(ConsentEntry),
}

impl Write<'_> {
    /// Applies effects, in their order.
    pub fn apply_effects(&self, effects: &[Effect]) -> Result<()> {
        for effect in effects {
            match effect {
                Effect::PutContactLink(link) => self.put_contact_link(link)?,
                Effect::RemoveContactLink(hash) => self.delete_contact_link(hash)?,
                Effect::PutProductLink { link, body } => {
                    self.put_product_link(link, body.as_ref())?;
                }
                Effect::RemoveProductLink(id) => self.delete_product_link(id)?,
                Effect::PutOrderLink { link, body } => self.put_order_link(link, body.as_ref())?,
                Effect::RemoveOrderLink(key) => self.delete_order_link(key)?,
                Effect::RemoveStoreLinks => self
                    .transaction
                    .execute_batch("DELETE FROM order_links; DELETE FROM product_links;")?,
                Effect::PutMember(member) => {
                    self.put_member(member)?;
                }
                Effect::RemoveMember(hash) => {
                    self.delete_member(hash)?;
                }
                Effect::SetStoreState(state) => {
                    self.put_store_state(*state)?;
                }
                Effect::AddConsent(entry) => self.add_consent(entry)?,
            }
        }
        Ok(())
    }
}
