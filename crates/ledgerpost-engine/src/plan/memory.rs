//! A mirror in memory, and what apply does to it. For tests and measurements.

use std::collections::BTreeMap;
use std::convert::Infallible;

use ledgerpost_core::change::{Action, Change, CreateStatus, OrderBody, ProductBody};
use ledgerpost_core::destination::{Audience, Member, MemberFields, MemberStatus};
use ledgerpost_core::ids::{CustomerId, ItemId, ProductId};
use ledgerpost_core::link::{ContactLink, Fingerprint, OrderLink, ProductLink};
use ledgerpost_core::ports::{Mirror, StoreState};
use ledgerpost_core::settings::Settings;
use ledgerpost_core::source::{Company, CreditApplication, Customer, Document, DocumentKey, Item};
use ledgerpost_core::{Amount, MemberHash};

use super::{Entry, PlanError, Summary, plan};

/// Both mirrors and the links.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemoryMirror {
    /// The company.
    pub company: Option<Company>,
    /// The audience.
    pub audience: Option<Audience>,
    /// Our store.
    pub store: StoreState,
    /// Customers. Their `last_sale` is derived from the documents.
    pub customers: BTreeMap<CustomerId, Customer>,
    /// Items.
    pub items: BTreeMap<ItemId, Item>,
    /// Documents. Their `credited` is derived from the applications.
    pub documents: BTreeMap<DocumentKey, Document>,
    /// Credit memos applied to invoices.
    pub applications: Vec<CreditApplication>,
    /// Members.
    pub members: BTreeMap<MemberHash, Member>,
    /// Links of contacts.
    pub contacts: BTreeMap<MemberHash, ContactLink>,
    /// Links of products.
    pub products: BTreeMap<ProductId, ProductLink>,
    /// Products as written.
    pub product_bodies: BTreeMap<ProductId, ProductBody>,
    /// Links of orders.
    pub orders: BTreeMap<DocumentKey, OrderLink>,
    /// Orders as written.
    pub order_bodies: BTreeMap<DocumentKey, OrderBody>,
}

fn page<K: Ord, V: Clone>(rows: &BTreeMap<K, V>, after: Option<&K>, limit: usize) -> Vec<V> {
    use std::ops::Bound::{Excluded, Unbounded};
    let from = after.map_or(Unbounded, Excluded);
    let rows = rows.range::<K, _>((from, Unbounded));
    rows.take(limit).map(|(_, row)| row.clone()).collect()
}

impl Mirror for MemoryMirror {
    type Error = Infallible;

    fn company(&self) -> Result<Option<Company>, Infallible> {
        Ok(self.company.clone())
    }
    fn audience(&self) -> Result<Option<Audience>, Infallible> {
        Ok(self.audience.clone())
    }
    fn store_state(&self) -> Result<StoreState, Infallible> {
        Ok(self.store)
    }
    fn customers(
        &self,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<Customer>, Infallible> {
        Ok(page(&self.customers, after, limit))
    }
    fn items(&self, after: Option<&ItemId>, limit: usize) -> Result<Vec<Item>, Infallible> {
        Ok(page(&self.items, after, limit))
    }
    fn documents(
        &self,
        after: Option<&DocumentKey>,
        limit: usize,
    ) -> Result<Vec<Document>, Infallible> {
        Ok(page(&self.documents, after, limit))
    }
    fn members(&self, after: Option<&MemberHash>, limit: usize) -> Result<Vec<Member>, Infallible> {
        Ok(page(&self.members, after, limit))
    }
    fn contact_links(
        &self,
        after: Option<&MemberHash>,
        limit: usize,
    ) -> Result<Vec<ContactLink>, Infallible> {
        Ok(page(&self.contacts, after, limit))
    }
    fn product_links(
        &self,
        after: Option<&ProductId>,
        limit: usize,
    ) -> Result<Vec<ProductLink>, Infallible> {
        Ok(page(&self.products, after, limit))
    }
    fn order_links(
        &self,
        after: Option<&DocumentKey>,
        limit: usize,
    ) -> Result<Vec<OrderLink>, Infallible> {
        Ok(page(&self.orders, after, limit))
    }
    fn order_body(&self, key: &DocumentKey) -> Result<Option<OrderBody>, Infallible> {
        Ok(self.order_bodies.get(key).cloned())
    }
    fn product_body(&self, id: &ProductId) -> Result<Option<ProductBody>, Infallible> {
        Ok(self.product_bodies.get(id).cloned())
    }
    fn applied_credit(&self, memo: &DocumentKey) -> Result<Amount, Infallible> {
        let mine = self.known_applications().filter(|one| one.memo == *memo);
        Ok(mine.map(|one| self.counted(one)).sum())
    }
}

impl MemoryMirror {
    /// Plans, with all entries in a list.
    ///
    /// # Errors
    /// [`PlanError`], never for reading or receiving.
    pub fn plan(
        &self,
        settings: &Settings,
    ) -> Result<(Vec<Entry>, Summary), PlanError<Infallible, Infallible>> {
        let mut entries = Vec::new();
        let summary = plan(self, settings, &mut |entry| {
            entries.push(entry);
            Ok::<(), Infallible>(())
        })?;
        Ok((entries, summary))
    }

    /// A memo's own application counts as far as payments do not carry it already.
    fn counted(&self, one: &CreditApplication) -> Amount {
        if one.carrier != one.memo.as_str() {
            return one.amount;
        }
        let same =
            |other: &&CreditApplication| other.memo == one.memo && other.carrier != one.carrier;
        let carried: Amount = self
            .applications
            .iter()
            .filter(same)
            .map(|other| other.amount)
            .sum();
        (one.amount - carried).max(Amount::ZERO)
    }

    fn known_applications(&self) -> impl Iterator<Item = &CreditApplication> {
        self.applications.iter().filter(|one| {
            self.documents.contains_key(&one.memo) && self.documents.contains_key(&one.invoice)
        })
    }

    /// Derives what the store derives: credits of invoices, latest sales of customers.
    pub fn derive(&mut self) {
        let mut credited: BTreeMap<DocumentKey, Amount> = BTreeMap::new();
        for one in self.known_applications() {
            *credited.entry(one.invoice.clone()).or_default() += self.counted(one);
        }
        for customer in self.customers.values_mut() {
            customer.last_sale = None;
        }
        for (key, document) in &mut self.documents {
            document.credited = credited.get(key).copied().unwrap_or_default();
            let customer = document.customer.as_ref();
            if let Some(customer) = customer.and_then(|id| self.customers.get_mut(id))
                && document.kind.is_sale()
            {
                customer.last_sale = customer.last_sale.max(Some(document.date));
            }
        }
    }

    /// Applies a plan as if every service had said yes.
    ///
    /// # Panics
    /// When a change does not fit what is there: a contact to update that is no member, an order of
    /// a product that does not exist, and so on.
    pub fn apply(&mut self, entries: &[Entry]) {
        let mut changes = Vec::new();
        for entry in entries {
            match entry {
                Entry::Tie(link) => {
                    self.contacts.insert(link.hash.clone(), link.clone());
                }
                Entry::Change(change) => changes.push(change),
                Entry::Skip(_) => {}
            }
        }
        changes.sort_by_key(|change| change.stage);
        for change in changes {
            self.apply_change(change);
        }
    }

    fn apply_change(&mut self, change: &Change) {
        let customers: Vec<CustomerId> = change
            .source
            .iter()
            .map(|id| CustomerId::new(id.clone()))
            .collect();
        match &change.action {
            Action::CreateStore(_) => {
                assert_eq!(self.store, StoreState::Absent);
                self.store = StoreState::Syncing;
                self.orders.clear();
                self.order_bodies.clear();
                self.products.clear();
                self.product_bodies.clear();
            }
            Action::SetSyncing { syncing, .. } => {
                assert_ne!(self.store, StoreState::Absent);
                self.store = if *syncing {
                    StoreState::Syncing
                } else {
                    StoreState::Live
                };
            }
            Action::PutProduct { after, .. } => self.put_product(after),
            Action::CreateContact(create) => {
                let member = Member {
                    hash: create.hash.clone(),
                    email: create.email.as_str().to_owned(),
                    status: created(create.status),
                    fields: create.fields.clone(),
                    tags: Vec::new(),
                    contact_id: None,
                    last_changed: None,
                };
                assert!(self.members.insert(create.hash.clone(), member).is_none());
                let link = ContactLink {
                    hash: create.hash.clone(),
                    email: create.email.clone(),
                    customers,
                    fingerprint: Fingerprint::of(&create.fields),
                    created_by_us: true,
                    tag: None,
                    refused: None,
                };
                self.contacts.insert(create.hash.clone(), link);
            }
            Action::UpdateContact(update) => {
                let member = self.members.get_mut(&update.hash).expect("a member");
                merge(&mut member.fields, &update.after);
                let link = self.contacts.get_mut(&update.hash).expect("a link");
                link.fingerprint = Fingerprint::of(&update.after);
                link.customers = customers;
            }
            Action::MoveContact { from, to_email, .. } => {
                let to = to_email.hash();
                let mut member = self.members.remove(from).expect("a member");
                member.hash = to.clone();
                to_email.as_str().clone_into(&mut member.email);
                assert!(self.members.insert(to.clone(), member).is_none());
                let mut link = self.contacts.remove(from).expect("a link");
                link.hash = to.clone();
                link.email = to_email.clone();
                link.customers = customers;
                self.contacts.insert(to, link);
            }
            Action::TagContact { hash, tag, .. } => {
                let member = self.members.get_mut(hash).expect("a member");
                member.tags.push(tag.clone());
                self.contacts.get_mut(hash).expect("a link").tag = Some(tag.clone());
            }
            Action::CreateOrder(body) => self.put_order(body),
            Action::UpdateOrder { before, after } => {
                assert_eq!(self.order_bodies.get(&before.id), Some(before));
                self.put_order(after);
            }
            Action::RemoveOrder { before } => {
                assert!(self.order_bodies.remove(&before.id).is_some());
                self.orders.remove(&before.id);
            }
            Action::RemoveStore { .. } | Action::ArchiveContact { .. } => {
                unreachable!("a sync never plans this")
            }
        }
    }

    fn put_product(&mut self, body: &ProductBody) {
        let link = ProductLink {
            id: body.id.clone(),
            fingerprint: Fingerprint::of(body),
            refused: None,
        };
        self.products.insert(body.id.clone(), link);
        self.product_bodies.insert(body.id.clone(), body.clone());
    }

    fn put_order(&mut self, body: &OrderBody) {
        assert!(self.members.contains_key(&body.customer), "a buyer");
        for line in &body.lines {
            assert!(self.product_bodies.contains_key(&line.product), "a product");
        }
        let link = OrderLink {
            key: body.id.clone(),
            fingerprint: Fingerprint::of(body),
            refused: None,
            exists: true,
        };
        self.orders.insert(body.id.clone(), link);
        self.order_bodies.insert(body.id.clone(), body.clone());
    }
}

const fn created(status: CreateStatus) -> MemberStatus {
    match status {
        CreateStatus::Subscribed => MemberStatus::Subscribed,
        CreateStatus::Pending => MemberStatus::Pending,
        CreateStatus::Unsubscribed => MemberStatus::Unsubscribed,
        CreateStatus::Transactional => MemberStatus::Transactional,
    }
}

fn merge(fields: &mut MemberFields, after: &MemberFields) {
    if after.first_name.is_some() {
        fields.first_name.clone_from(&after.first_name);
    }
    if after.last_name.is_some() {
        fields.last_name.clone_from(&after.last_name);
    }
    if after.phone.is_some() {
        fields.phone.clone_from(&after.phone);
    }
    if after.address.is_some() {
        fields.address.clone_from(&after.address);
    }
}
