//! The company's file as the mirror that plans page through.

use ledgerpost_core::change::{OrderBody, ProductBody};
use ledgerpost_core::destination::{Audience, Member};
use ledgerpost_core::ids::{CustomerId, ItemId, ProductId};
use ledgerpost_core::link::{ContactLink, OrderLink, ProductLink};
use ledgerpost_core::ports::{Mirror, StoreState};
use ledgerpost_core::source::{Company, Customer, Document, DocumentKey, Item};
use ledgerpost_core::{Amount, MemberHash};

use crate::company::CompanyStore;
use crate::error::{Error, Result};

impl Mirror for CompanyStore {
    type Error = Error;

    fn company(&self) -> Result<Option<Company>> {
        self.stored_company()
    }

    fn audience(&self) -> Result<Option<Audience>> {
        self.stored_audience()
    }

    fn store_state(&self) -> Result<StoreState> {
        self.stored_store_state()
    }

    fn customers(&self, after: Option<&CustomerId>, limit: usize) -> Result<Vec<Customer>> {
        self.customer_page(after, limit)
    }

    fn items(&self, after: Option<&ItemId>, limit: usize) -> Result<Vec<Item>> {
        self.item_page(after, limit)
    }

    fn documents(&self, after: Option<&DocumentKey>, limit: usize) -> Result<Vec<Document>> {
        self.document_page(after, limit)
    }

    fn members(&self, after: Option<&MemberHash>, limit: usize) -> Result<Vec<Member>> {
        self.member_page(after, limit)
    }

    fn contact_links(&self, after: Option<&MemberHash>, limit: usize) -> Result<Vec<ContactLink>> {
        self.contact_link_page(after, limit)
    }

    fn product_links(&self, after: Option<&ProductId>, limit: usize) -> Result<Vec<ProductLink>> {
        self.product_link_page(after, limit)
    }

    fn order_links(&self, after: Option<&DocumentKey>, limit: usize) -> Result<Vec<OrderLink>> {
        self.order_link_page(after, limit)
    }

    fn order_body(&self, key: &DocumentKey) -> Result<Option<OrderBody>> {
        self.stored_order_body(key)
    }

    fn product_body(&self, id: &ProductId) -> Result<Option<ProductBody>> {
        self.stored_product_body(id)
    }

    fn applied_credit(&self, memo: &DocumentKey) -> Result<Amount> {
        self.applied(memo)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ledgerpost_core::destination::MemberStatus;
    use ledgerpost_core::source::{CreditApplication, DocumentKind};
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{
        contact_link, customer, document, member, now, order_body, order_link, scene,
    };
    use crate::{Effect, Entity, RunKind};

    /// Reads a list page by page as a plan does.
    fn all<T, K>(
        limit: usize,
        page: impl Fn(Option<&K>, usize) -> Result<Vec<T>>,
        key: impl Fn(&T) -> K,
    ) -> Vec<T> {
        let mut rows: Vec<T> = Vec::new();
        loop {
            let after = rows.last().map(&key);
            let next = page(after.as_ref(), limit).unwrap();
            let ended = next.len() < limit;
            assert!(next.len() <= limit, "a page must respect its limit");
            rows.extend(next);
            if ended {
                return rows;
            }
        }
    }

    fn an_id() -> impl Strategy<Value = String> {
        // Ids of different lengths: as text, 10 comes before 9.
        (1_u32..2_000).prop_map(|id| id.to_string())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn pages_are_ascending_complete_and_without_repeats(
            writes in prop::collection::vec((an_id(), any::<bool>(), 1_i64..9_999), 0..120),
            limit in 1_usize..9,
        ) {
            let scene = scene();
            let mut model: BTreeMap<DocumentKey, Document> = BTreeMap::new();
            scene.store.write(|write| {
                for (id, remove, cents) in &writes {
                    let document = document(DocumentKind::Invoice, id, "1", *cents);
                    if *remove {
                        let removed = write.remove_documents([&document.key])?;
                        let expected = usize::from(model.remove(&document.key).is_some());
                        assert_eq!(removed, expected);
                    } else {
                        let changed = write.store_documents([(&document, "{}")])?;
                        let before = model.insert(document.key.clone(), document.clone());
                        let expected = usize::from(before.as_ref() != Some(&document));
                        assert_eq!(changed, expected);
                    }
                }
                Ok::<_, Error>(())
            }).unwrap();
            let read = all(
                limit,
                |after, limit| scene.store.documents(after, limit),
                |document| document.key.clone(),
            );
            prop_assert_eq!(read, model.into_values().collect::<Vec<_>>());
        }
    }

    #[test]
    fn every_list_pages_by_its_key_as_text() {
        let scene = scene();
        let store = &scene.store;
        let ids = ["9", "10", "100", "2"];
        let addresses = ["b@x.test", "a@x.test", "c@x.test"];
        store
            .write(|write| {
                for id in ids {
                    write.store_customers([(&customer(id, "Name", None), "{}")])?;
                }
                for address in addresses {
                    write.store_members([&member(address, MemberStatus::Archived)])?;
                    write.apply_effects(&[Effect::PutContactLink(contact_link(
                        address,
                        &["9", "10"],
                    ))])?;
                }
                for id in ids {
                    let body = order_body(&format!("inv_{id}"), "a@x.test", 100);
                    write.apply_effects(&[Effect::PutOrderLink {
                        link: order_link(&body),
                        body: Some(body),
                    }])?;
                }
                Ok::<_, Error>(())
            })
            .unwrap();
        for limit in 1..6 {
            let customers = all(limit, |a, l| store.customers(a, l), |row| row.id.clone());
            let ids: Vec<_> = customers.iter().map(|row| row.id.as_str()).collect();
            assert_eq!(ids, ["10", "100", "2", "9"]);
            let members = all(limit, |a, l| store.members(a, l), |row| row.hash.clone());
            assert!(members.is_sorted_by_key(|row| row.hash.clone()) && members.len() == 3);
            let links = all(
                limit,
                |a, l| store.contact_links(a, l),
                |row| row.hash.clone(),
            );
            assert!(links.is_sorted_by_key(|row| row.hash.clone()) && links.len() == 3);
            assert!(
                links
                    .iter()
                    .all(|row| row.customers.len() == 2 && row.customers[0].as_str() == "9"),
                "the first customer gave the name, so the order must be kept"
            );
            let orders = all(limit, |a, l| store.order_links(a, l), |row| row.key.clone());
            let keys: Vec<_> = orders.iter().map(|row| row.key.as_str()).collect();
            assert_eq!(keys, ["inv_10", "inv_100", "inv_2", "inv_9"]);
        }
        assert_eq!(
            store
                .order_body(&DocumentKey::from_stored("inv_9"))
                .unwrap(),
            Some(order_body("inv_9", "a@x.test", 100))
        );
    }

    #[test]
    fn a_credit_that_payment_and_memo_both_carry_counts_once() {
        let scene = scene();
        let store = &scene.store;
        let invoice = document(DocumentKind::Invoice, "1", "1", 10_000);
        let memo = document(DocumentKind::CreditMemo, "2", "1", 4_000);
        let part = |carrier: &str, cents| CreditApplication {
            carrier: carrier.to_owned(),
            invoice: invoice.key.clone(),
            memo: memo.key.clone(),
            amount: Amount::from_cents(cents),
        };
        let counts = |own: i64, payments: &[i64]| {
            store
                .write(|write| {
                    write.store_documents([(&invoice, "{}"), (&memo, "{}")])?;
                    let own = [part(memo.key.as_str(), own)];
                    write.store_credit_applications([(memo.key.as_str(), &own[..])])?;
                    let carried: Vec<_> =
                        payments.iter().map(|cents| part("pay_3", *cents)).collect();
                    write.store_credit_applications([("pay_3", &carried[..])])
                })
                .unwrap();
            let page = store.documents(None, 10).unwrap();
            let lowered = page
                .iter()
                .find(|row| row.key == invoice.key)
                .unwrap()
                .credited;
            let alone = store.document(&invoice.key).unwrap().unwrap().credited;
            assert_eq!(alone, lowered);
            assert_eq!(store.applied_credit(&memo.key).unwrap(), lowered);
            lowered
        };
        let cents = Amount::from_cents;
        assert_eq!(counts(4_000, &[]), cents(4_000), "the memo alone");
        assert_eq!(counts(4_000, &[4_000]), cents(4_000), "both say the same");
        assert_eq!(
            counts(4_000, &[1_500]),
            cents(4_000),
            "the rest is the memo's"
        );
        assert_eq!(counts(1_000, &[4_000]), cents(4_000), "payments come first");
        assert_eq!(counts(4_000, &[1_000, 2_000]), cents(4_000));
    }

    #[test]
    fn credits_are_summed_exactly_and_leave_with_their_documents() {
        let scene = scene();
        let store = &scene.store;
        let invoice = document(DocumentKind::Invoice, "1", "7", 10_000);
        let memo = document(DocumentKind::CreditMemo, "2", "7", 30);
        let part = CreditApplication {
            carrier: "payment_5".to_owned(),
            invoice: invoice.key.clone(),
            memo: memo.key.clone(),
            amount: Amount::from_cents(10),
        };
        let parts = [part.clone(), part.clone(), part.clone()];
        store
            .write(|write| {
                write.store_documents([(&invoice, "{}"), (&memo, "{}")])?;
                assert_eq!(
                    write.store_credit_applications([("payment_5", &parts[..])])?,
                    1
                );
                assert_eq!(
                    write.store_credit_applications([("payment_5", &parts[..])])?,
                    0,
                    "the same applications again are no change"
                );
                Ok::<_, Error>(())
            })
            .unwrap();
        let page = store.documents(None, 10).unwrap();
        assert_eq!(page[1].credited, Amount::from_cents(30));
        assert_eq!(
            store.document(&invoice.key).unwrap().unwrap().credited,
            Amount::from_cents(30)
        );
        assert_eq!(
            store.applied_credit(&memo.key).unwrap(),
            Amount::from_cents(30)
        );
        store
            .write(|write| write.remove_documents([&memo.key]))
            .unwrap();
        assert_eq!(
            store.documents(None, 10).unwrap()[0].credited,
            Amount::ZERO,
            "a deleted memo lowers nothing"
        );
    }

    #[test]
    fn the_latest_sale_follows_the_documents() {
        let scene = scene();
        let store = &scene.store;
        let mut late = document(DocumentKind::SalesReceipt, "2", "7", 1);
        late.date = "2026-02-09".parse().unwrap();
        let mut memo = document(DocumentKind::CreditMemo, "3", "7", 1);
        memo.date = "2026-03-01".parse().unwrap();
        let early = document(DocumentKind::Invoice, "1", "7", 1);
        store
            .write(|write| {
                write.store_customers([(&customer("7", "Ada", None), "{}")])?;
                write.store_documents([(&early, "{}"), (&late, "{}"), (&memo, "{}")])
            })
            .unwrap();
        let latest = || store.customers(None, 1).unwrap()[0].last_sale;
        assert_eq!(latest(), Some(late.date), "a credit memo is no sale");
        store
            .write(|write| write.remove_documents([&late.key]))
            .unwrap();
        assert_eq!(latest(), Some(early.date));
    }

    #[test]
    fn a_look_that_brings_nothing_leaves_lists_as_they_are() {
        let scene = scene();
        let store = &scene.store;
        let ada = customer("1", "Ada", Some("ada@x.test"));
        let look = || {
            store
                .write(|write| {
                    write.count_calls("2026-01", "quickbooks", 1)?;
                    write.store_customers([(&ada, "{}")])?;
                    write.set_cursor("quickbooks_changes", "1", now())
                })
                .unwrap();
            store.looked().unwrap()
        };
        let first = look();
        assert_eq!(look(), first);
        store
            .write(|write| write.begin_run(RunKind::Sync, now()))
            .unwrap();
        assert!(store.looked().unwrap() > first, "a plan that waits shows");
    }

    #[test]
    fn only_real_changes_move_the_generation() {
        let scene = scene();
        let store = &scene.store;
        let ada = customer("1", "Ada", Some("ada@x.test"));
        let mut person = member("ada@x.test", MemberStatus::Subscribed);
        person.last_changed = Some("2026-01-01T00:00:00+00:00".to_owned());
        let gather = |person: &Member, raw: &str| {
            store
                .write(|write| {
                    write.store_customers([(&ada, raw)])?;
                    write.store_members([person])
                })
                .unwrap();
            store.generation().unwrap()
        };
        let first = gather(&person, "{}");
        assert_eq!(first, 1);
        person.last_changed = Some("2026-01-02T00:00:00+00:00".to_owned());
        assert_eq!(
            gather(&person, "{\"Balance\":1}"),
            first,
            "a new balance or a later stamp is nothing to plan for"
        );
        assert_eq!(
            store.raw_record(Entity::Customer, "1").unwrap().as_deref(),
            Some("{\"Balance\":1}"),
            "the raw record is kept up to date all the same"
        );
        assert_eq!(
            store.members(None, 1).unwrap(),
            std::slice::from_ref(&person)
        );
        person.status = MemberStatus::Unsubscribed;
        assert_eq!(gather(&person, "{}"), first + 1);
    }

    #[test]
    fn a_full_compare_removes_what_was_not_met() {
        let scene = scene();
        let store = &scene.store;
        let people = ["1", "2", "3"].map(|id| customer(id, "Name", None));
        store
            .write(|write| write.store_customers(people.iter().map(|person| (person, "{}"))))
            .unwrap();
        store
            .write(|write| write.begin_full_compare(Entity::Customer, crate::testing::now()))
            .unwrap();
        store
            .write(|write| write.store_customers([(&people[0], "{}"), (&people[2], "{}")]))
            .unwrap();
        assert_eq!(store.customers(None, 9).unwrap().len(), 3);
        let removed = store
            .write(|write| write.end_full_compare(Entity::Customer))
            .unwrap();
        assert_eq!(removed, 1);
        assert_eq!(store.customer(&people[1].id).unwrap(), None);
        assert_eq!(store.raw_record(Entity::Customer, "2").unwrap(), None);
        assert_eq!(store.full_compare_begun(Entity::Customer).unwrap(), None);
        let again = store.write(|write| write.end_full_compare(Entity::Customer));
        assert!(
            matches!(again, Err(Error::WrongState { .. })),
            "ended twice, it would remove everything"
        );
    }
}
