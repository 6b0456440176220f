//! Who of a company's customers is in an audience already, and what settings would do: the plan itself,
//! over the company's file and the keys of an audience's members alone.

use ledgerpost_core::change::{OrderBody, ProductBody};
use ledgerpost_core::destination::{Audience, Member, MemberFields};
use ledgerpost_core::ids::{CustomerId, ItemId, ProductId};
use ledgerpost_core::link::{ContactLink, OrderLink, ProductLink};
use ledgerpost_core::ports::{Mirror, StoreState};
use ledgerpost_core::settings::Settings;
use ledgerpost_core::source::{Company, Customer, Document, DocumentKey, Item};
use ledgerpost_core::{Amount, MemberHash};
use ledgerpost_engine::plan::{Summary, plan};
use ledgerpost_mailchimp::members::MemberKey;
use ledgerpost_store::{CompanyStore, Error as StoreError};

use crate::error::DeskError;

/// A company's file with other people in the audience.
pub(crate) struct Imagined<'a> {
    store: &'a CompanyStore,
    audience: Audience,
    /// By key.
    members: Vec<MemberKey>,
}

impl<'a> Imagined<'a> {
    pub(crate) fn new(
        store: &'a CompanyStore,
        audience: Audience,
        mut members: Vec<MemberKey>,
    ) -> Self {
        members.sort_by(|one, other| one.id.cmp(&other.id));
        members.dedup_by(|one, other| one.id == other.id);
        Self {
            store,
            audience,
            members,
        }
    }

    /// What a plan would say of the customers. Documents and items do not matter for that.
    pub(crate) fn summary(&self, settings: &Settings) -> Result<Summary, DeskError> {
        let planned = plan(self, settings, &mut |_| Ok::<(), StoreError>(()));
        planned.map_err(|error| DeskError::App(ledgerpost_engine::EngineError::Plan(error).into()))
    }
}

impl Mirror for Imagined<'_> {
    type Error = StoreError;

    fn company(&self) -> Result<Option<Company>, StoreError> {
        self.store.company()
    }

    fn audience(&self) -> Result<Option<Audience>, StoreError> {
        Ok(Some(self.audience.clone()))
    }

    fn store_state(&self) -> Result<StoreState, StoreError> {
        Ok(StoreState::Absent)
    }

    fn customers(
        &self,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<Customer>, StoreError> {
        self.store.customers(after, limit)
    }

    fn items(&self, _: Option<&ItemId>, _: usize) -> Result<Vec<Item>, StoreError> {
        Ok(Vec::new())
    }

    fn documents(&self, _: Option<&DocumentKey>, _: usize) -> Result<Vec<Document>, StoreError> {
        Ok(Vec::new())
    }

    fn members(&self, after: Option<&MemberHash>, limit: usize) -> Result<Vec<Member>, StoreError> {
        let first = after.map_or(0, |after| {
            self.members.partition_point(|member| member.id <= *after)
        });
        let rest = self.members.iter().skip(first).take(limit);
        Ok(rest
            .map(|key| Member {
                hash: key.id.clone(),
                email: String::new(),
                status: key.status,
                fields: MemberFields::default(),
                tags: Vec::new(),
                contact_id: None,
                last_changed: None,
            })
            .collect())
    }

    fn contact_links(
        &self,
        _: Option<&MemberHash>,
        _: usize,
    ) -> Result<Vec<ContactLink>, StoreError> {
        Ok(Vec::new())
    }

    fn product_links(
        &self,
        _: Option<&ProductId>,
        _: usize,
    ) -> Result<Vec<ProductLink>, StoreError> {
        Ok(Vec::new())
    }

    fn order_links(&self, _: Option<&DocumentKey>, _: usize) -> Result<Vec<OrderLink>, StoreError> {
        Ok(Vec::new())
    }

    fn order_body(&self, _: &DocumentKey) -> Result<Option<OrderBody>, StoreError> {
        Ok(None)
    }

    fn product_body(&self, _: &ProductId) -> Result<Option<ProductBody>, StoreError> {
        Ok(None)
    }

    fn applied_credit(&self, _: &DocumentKey) -> Result<Amount, StoreError> {
        Ok(Amount::ZERO)
    }
}
