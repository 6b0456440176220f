//! Paging, the first load, and pages that a bad record spoils.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::TryStreamExt;
use ledgerpost_qbo::{Entity, Page, Selection, Window};
use serde_json::json;

use crate::service::{Books, start};

fn ids(pages: &[Page]) -> BTreeMap<Entity, BTreeSet<&str>> {
    let mut ids: BTreeMap<Entity, BTreeSet<&str>> = BTreeMap::new();
    for row in pages.iter().flat_map(|page| &page.rows) {
        ids.entry(row.entity).or_default().insert(&row.id);
    }
    ids
}

#[tokio::test]
async fn a_first_load_of_a_shop_takes_eight_requests() {
    let sizes = [
        (Entity::Customer, 2000),
        (Entity::Item, 200),
        (Entity::Invoice, 2800),
        (Entity::SalesReceipt, 900),
        (Entity::CreditMemo, 200),
        (Entity::RefundReceipt, 100),
        (Entity::Payment, 1500),
    ];
    let books = sizes
        .iter()
        .fold(Books::default(), |books, (entity, count)| {
            books.fill(*entity, *count)
        });
    let (client, books, meter) = start(books, |_| {}).await;

    let overview = client.read_overview(&Entity::ALL).await.unwrap();
    assert_eq!(overview.company.name, "Tidewater");
    assert_eq!(overview.company.home_currency.as_str(), "CAD");
    assert_eq!(overview.counts, sizes.into_iter().collect());
    let types = overview.customer_types.expect("the overview has them");
    assert_eq!(types[0].name, "Wholesale");
    let pages: Vec<_> = client
        .load_all(&overview.counts, overview.begun)
        .try_collect()
        .await
        .unwrap();

    let ids = ids(&pages);
    for (entity, count) in sizes {
        assert_eq!(ids[&entity].len(), count, "{entity}");
    }
    assert_eq!(meter.metered_reads(), 8);
    for (method, path, statements) in &books.lock().unwrap().log {
        let reads = method == "GET" || path == "batch" || path == "query";
        assert!(
            reads
                && statements
                    .iter()
                    .all(|statement| statement.starts_with("SELECT "))
        );
    }
}

#[tokio::test]
async fn without_the_cap_one_batch_holds_everything() {
    let books = Books::default()
        .fill(Entity::Customer, 1200)
        .fill(Entity::Invoice, 1300);
    let (client, _, meter) = start(books, |config| config.batch_objects_limit = None).await;
    let counts = [(Entity::Customer, 1200), (Entity::Invoice, 1300)].into();
    let pages: Vec<_> = client
        .load_all(&counts, Vec::new())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(ids(&pages)[&Entity::Invoice].len(), 1300);
    assert_eq!(meter.metered_reads(), 1);
}

#[tokio::test]
async fn rows_that_appeared_since_the_count_are_read_too() {
    let books = Books::default().fill(Entity::Customer, 57);
    let (client, _, _) = start(books, |config| config.page_rows = 10).await;
    let pages: Vec<_> = client
        .load_all(&[(Entity::Customer, 31)].into(), Vec::new())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(ids(&pages)[&Entity::Customer].len(), 57);
}

#[tokio::test]
async fn a_deletion_between_two_pages_loses_no_other_row() {
    let mut books = Books::default().fill(Entity::Invoice, 35);
    books.deletion = Some(("Invoice", "3"));
    let (client, _, _) = start(books, |config| config.page_rows = 10).await;
    let pages: Vec<_> = client
        .load_all(&[(Entity::Invoice, 35)].into(), Vec::new())
        .try_collect()
        .await
        .unwrap();
    let found = ids(&pages);
    assert!((1..=35).all(|id| found[&Entity::Invoice].contains(id.to_string().as_str())));
}

#[tokio::test]
async fn a_stream_goes_on_until_a_page_comes_short() {
    let books = Books::default().fill(Entity::Item, 20);
    let (client, _, meter) = start(books, |config| config.page_rows = 10).await;
    let pages: Vec<_> = client
        .query(Selection::all(Entity::Item))
        .try_collect()
        .await
        .unwrap();
    assert_eq!(ids(&pages)[&Entity::Item].len(), 20);
    assert_eq!(
        meter.metered_reads(),
        3,
        "the third page is empty and proves the end"
    );
    assert_eq!(
        client.count(&Selection::all(Entity::Item)).await.unwrap(),
        20
    );
}

#[tokio::test]
async fn a_bad_record_is_found_reported_and_left_out_for_three_requests() {
    let mut books = Books::default().fill(Entity::Invoice, 1500);
    books.poison.insert("700".to_owned());
    let (client, _, meter) = start(books, |_| {}).await;
    let pages: Vec<_> = client
        .query(Selection::all(Entity::Invoice))
        .try_collect()
        .await
        .unwrap();

    let found = ids(&pages);
    assert_eq!(found[&Entity::Invoice].len(), 1499);
    assert!(!found[&Entity::Invoice].contains("700"));
    let unreadable: Vec<_> = pages.iter().flat_map(|page| &page.unreadable).collect();
    assert_eq!(unreadable.len(), 1);
    assert_eq!(unreadable[0].position, Some(700));
    assert_eq!(unreadable[0].rows, 1);
    assert_eq!(
        unreadable[0].neighbours,
        [Some("699".to_owned()), Some("701".to_owned())]
    );
    assert_eq!(unreadable[0].trace.intuit_tid(), Some("1-test"));
    assert!(
        unreadable[0]
            .reason
            .detail()
            .contains("To email address entered is invalid")
    );
    assert!(meter.metered_reads() <= 4, "{}", meter.metered_reads());
}

#[tokio::test]
async fn bad_records_at_both_ends_do_not_end_the_stream() {
    let mut books = Books::default().fill(Entity::Invoice, 45);
    books
        .poison
        .extend(["1", "20", "21", "45"].map(str::to_owned));
    let (client, _, _) = start(books, |config| config.page_rows = 20).await;
    let pages: Vec<_> = client
        .query(Selection::all(Entity::Invoice))
        .try_collect()
        .await
        .unwrap();
    assert_eq!(ids(&pages)[&Entity::Invoice].len(), 41);
    let positions: Vec<_> = pages
        .iter()
        .flat_map(|page| &page.unreadable)
        .map(|one| one.position.unwrap())
        .collect();
    assert_eq!(positions, [1, 20, 21, 45]);
}

#[tokio::test]
async fn books_full_of_bad_records_cost_a_bounded_number_of_requests() {
    let mut books = Books::default().fill(Entity::Invoice, 1000);
    books.poison.extend((1..=1000).map(|id| id.to_string()));
    let (client, books, _) = start(books, |_| {}).await;
    let pages: Vec<_> = client
        .query(Selection::all(Entity::Invoice))
        .try_collect()
        .await
        .unwrap();
    let lost: usize = pages
        .iter()
        .flat_map(|page| &page.unreadable)
        .map(|one| one.rows)
        .sum();
    assert_eq!(lost, 1000);
    assert!(
        books.lock().unwrap().log.len() < 20,
        "{}",
        books.lock().unwrap().log.len()
    );
}

#[tokio::test]
async fn a_smaller_batch_limit_is_found_out() {
    let mut books = Books::default().fill(Entity::Customer, 900);
    books.items_limit = Some(10);
    books.poison.insert("5".to_owned());
    let (client, _, _) = start(books, |_| {}).await;
    let pages: Vec<_> = client
        .query(Selection::all(Entity::Customer))
        .try_collect()
        .await
        .unwrap();
    assert_eq!(ids(&pages)[&Entity::Customer].len(), 899);
}

#[tokio::test]
async fn the_windows_of_a_batch_have_outcomes_of_their_own() {
    let mut books = Books::default()
        .fill(Entity::Customer, 900)
        .fill(Entity::Item, 300);
    books.tables.get_mut("Item").unwrap()[3] = json!({"Id": "4", "UnitPrice": "a lot"});
    books.tables.get_mut("Item").unwrap()[4] = json!({"Name": "no id"});
    let (client, _, meter) = start(books, |_| {}).await;
    let pages = client
        .batch(&[
            (Selection::all(Entity::Customer), Window::first(900)),
            (Selection::all(Entity::Item), Window::first(300)),
        ])
        .await
        .unwrap();
    assert_eq!(
        meter.metered_reads(),
        2,
        "1,200 objects are too many for one batch"
    );
    let item = pages[1].as_ref().unwrap();
    assert_eq!(item.rows.len(), 298);
    let broken: Vec<_> = item
        .unreadable
        .iter()
        .map(|one| one.id.as_deref())
        .collect();
    assert_eq!(broken, [Some("4"), None]);
    assert_eq!(pages[0].as_ref().unwrap().rows.len(), 900);
}
