use std::collections::BTreeMap;

use ledgerpost_core::destination::MemberStatus;
use ledgerpost_core::link::OrderLink;
use ledgerpost_core::skip::{Skip, SkipReason, SkipSubject};
use proptest::prelude::*;

use super::*;
use crate::testing::{
    contact_link, customer, document, member, now, order_body, order_link, scene,
};
use crate::{Entity, RunKind};

/// What the sums have to be, from the records themselves.
fn documents_by_hand(store: &CompanyStore) -> Vec<(String, DocumentKind, u64, Amount)> {
    let totals = store.document_totals().unwrap();
    totals
        .into_iter()
        .map(|sum| (sum.month, sum.kind, sum.count, sum.total))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn sums_follow_whatever_happens_to_documents_and_orders(
        steps in prop::collection::vec((0_u8..5, 1_u32..6, 1_i64..99_999, 1_u8..4), 1..60),
    ) {
        let scene = scene();
        let store = &scene.store;
        for (what, id, cents, month) in steps {
            let mut invoice = document(DocumentKind::Invoice, &id.to_string(), &(id % 3).to_string(), cents);
            invoice.date = jiff::civil::date(2026, i8::try_from(month).unwrap(), 3);
            let mut body = order_body(invoice.key.as_str(), "a@x.test", cents);
            body.date = invoice.date;
            store.write::<_, Error>(|write| {
                match what {
                    0 => drop(write.store_documents([(&invoice, "{}")])?),
                    1 => drop(write.remove_documents([&invoice.key])?),
                    2 => write.apply_effects(&[Effect::PutOrderLink { link: order_link(&body), body: Some(body.clone()) }])?,
                    3 => write.apply_effects(&[Effect::RemoveOrderLink(invoice.key.clone())])?,
                    _ => write.apply_effects(&[Effect::PutOrderLink {
                        link: OrderLink { exists: cents % 2 == 0, ..order_link(&body) },
                        body: None,
                    }])?,
                }
                Ok(())
            }).unwrap();
        }
        let kept: Vec<_> = store.document_sums().unwrap().into_iter()
            .map(|sum| (sum.month, sum.kind, sum.count, sum.total)).collect();
        prop_assert_eq!(kept, documents_by_hand(store));

        let mut by_hand: BTreeMap<String, (u64, Amount)> = BTreeMap::new();
        for sum in store.order_totals().unwrap() {
            by_hand.insert(sum.month, (sum.count, sum.total));
        }
        let orders: BTreeMap<String, (u64, Amount)> = store.order_sums().unwrap().into_iter()
            .map(|sum| (sum.month, (sum.count, sum.total))).collect();
        prop_assert_eq!(&orders, &by_hand);
        let of_customers: i64 = store.connection
            .query_row("SELECT COALESCE(SUM(total), 0) FROM customer_figures", [], |row| row.get(0)).unwrap();
        let orphans: i64 = store.connection.query_row(
            "SELECT COALESCE(SUM(CAST(ROUND(CAST(b.total AS REAL) * 10000) AS INTEGER)), 0)
             FROM order_bodies b JOIN order_links o ON o.key = b.key
             WHERE o.present = 1 AND b.customer IS NULL", [], |row| row.get(0)).unwrap();
        let all: Amount = by_hand.values().map(|(_, total)| *total).sum();
        prop_assert_eq!(amount_of(of_customers + orphans), all);
    }
}

#[test]
fn sums_follow_a_full_compare_and_a_store_that_is_gone() {
    let scene = scene();
    let store = &scene.store;
    let invoices = ["1", "2"].map(|id| document(DocumentKind::Invoice, id, "7", 250));
    store
        .write::<_, Error>(|write| {
            write.store_documents(invoices.iter().map(|row| (row, "{}")))?;
            for invoice in &invoices {
                let body = order_body(invoice.key.as_str(), "a@x.test", 250);
                write.apply_effects(&[Effect::PutOrderLink {
                    link: order_link(&body),
                    body: Some(body),
                }])?;
            }
            write.begin_full_compare(Entity::Document, now())?;
            write.store_documents([(&invoices[0], "{}")])?;
            write.end_full_compare(Entity::Document)?;
            Ok(())
        })
        .unwrap();
    assert_eq!(store.document_sums().unwrap()[0].count, 1);
    assert_eq!(store.order_sums().unwrap()[0].count, 2);
    store
        .write(|write| write.apply_effects(&[Effect::RemoveStoreLinks]))
        .unwrap();
    assert!(store.order_sums().unwrap().is_empty());
}

#[test]
fn somebody_is_left_alone_since_the_plan_that_said_so_first() {
    let scene = scene();
    let store = &scene.store;
    let skip = |code: SkipReason| Skip {
        subject: SkipSubject::Customer,
        key: "2".to_owned(),
        title: "Bob".to_owned(),
        reason: code,
        amount: None,
        currency: None,
    };
    let left_out = |because: &str| Skip {
        subject: SkipSubject::Document,
        key: "inv_1".to_owned(),
        title: "Invoice 1".to_owned(),
        reason: SkipReason::CustomerLeftOut {
            because: because.to_owned(),
        },
        amount: Some(Amount::from_cents(1_234)),
        currency: Some(CurrencyCode::from("USD")),
    };
    let plan = |skips: &[Skip], day: &str| {
        let at: Timestamp = format!("{day}T00:00:00Z").parse().unwrap();
        store
            .write::<_, Error>(|write| {
                write.clear_skips()?;
                write.append_skips(skips)?;
                write.complete_skips(at)
            })
            .unwrap();
    };
    let since = || {
        let mut since = None;
        store
            .contact_facts(|facts| {
                since = facts.skipped_since;
                Ok(())
            })
            .unwrap();
        since.map(|at| Timestamp::from_microsecond(at).unwrap().to_string())
    };
    store
        .write::<_, Error>(|write| {
            write.store_customers([(&customer("2", "Bob", None), "{}")])?;
            write.store_documents([(&document(DocumentKind::Invoice, "1", "2", 1_234), "{}")])
        })
        .unwrap();
    plan(
        &[skip(SkipReason::NoEmail), left_out("no_email")],
        "2026-01-01",
    );
    plan(
        &[skip(SkipReason::NoEmail), left_out("no_email")],
        "2026-01-09",
    );
    assert_eq!(since().as_deref(), Some("2026-01-01T00:00:00Z"));
    let sums = store.skip_sums().unwrap();
    assert_eq!(sums.len(), 1);
    assert_eq!(sums[0].because.as_deref(), Some("no_email"));
    assert_eq!(sums[0].kind, Some(DocumentKind::Invoice));
    assert_eq!(sums[0].month, "2026-02");
    assert_eq!(sums[0].total, Amount::from_cents(1_234));
    plan(&[skip(SkipReason::SampleDomain)], "2026-01-10");
    assert_eq!(since().as_deref(), Some("2026-01-10T00:00:00Z"));
    plan(&[], "2026-01-11");
    assert_eq!(since(), None);
    assert!(store.skip_sums().unwrap().is_empty());
}

#[test]
fn a_change_touches_its_customers() {
    let scene = scene();
    let store = &scene.store;
    let body = order_body("inv_1", "ada@x.test", 500);
    store
        .write::<_, Error>(|write| {
            write.store_customers([
                (&customer("1", "Ada", Some("ada@x.test")), "{}"),
                (&customer("2", "Ada & Co", Some("ada@x.test")), "{}"),
                (&customer("3", "Cy", None), "{}"),
            ])?;
            write.store_documents([(&document(DocumentKind::Invoice, "1", "2", 500), "{}")])?;
            write.store_members([&member("ada@x.test", MemberStatus::Subscribed)])?;
            let run = write.begin_run(RunKind::Sync, now())?;
            let effects = [
                Effect::PutContactLink(contact_link("ada@x.test", &["1", "2"])),
                Effect::PutOrderLink {
                    link: order_link(&body),
                    body: Some(body.clone()),
                },
            ];
            write.finish_changes(&run, &[], &effects, now())?;
            write.note_audience_month("2026-03")
        })
        .unwrap();
    let mut facts = Vec::new();
    store
        .contact_facts(|one| {
            facts.push(one);
            Ok(())
        })
        .unwrap();
    assert_eq!(facts.len(), 3);
    assert_eq!(facts[1].links[0].position, 1);
    let mut figures = Vec::new();
    store
        .contact_figures(|one| {
            figures.push(one);
            Ok(())
        })
        .unwrap();
    assert_eq!(figures.len(), 3);
    assert_eq!(figures[0].touched_at, Some(now().as_microsecond()));
    assert_eq!((figures[0].orders, figures[1].orders), (0, 1));
    assert_eq!(figures[1].total, Amount::from_cents(500));
    assert_eq!(figures[1].last_sale.as_deref(), Some("2026-02-03"));
    assert_eq!(figures[2].touched_at, None);
    assert_eq!(
        store.audience_months().unwrap(),
        [("2026-03".to_owned(), 1)]
    );
    let mut tags = Vec::new();
    store
        .member_facts(|_, status, held| {
            tags.push((status.to_owned(), held.map(str::to_owned)));
            Ok(())
        })
        .unwrap();
    assert_eq!(tags, [("subscribed".to_owned(), Some("[]".to_owned()))]);
    assert_eq!(store.customers_matching("co").unwrap(), Some(vec![2]));
    assert_eq!(store.customers_matching(" ").unwrap(), None);
}
