//! Change data capture, its limits and its mistakes.

use futures_util::TryStreamExt;
use jiff::{SignedDuration, Timestamp};
use ledgerpost_qbo::{ChangeFeed, Changes, Client, Entity, Error, overlapped};
use serde_json::{Value, json};

use crate::service::{Books, NOW, TIME, fault, row, start};

const BOTH: [Entity; 2] = [Entity::Customer, Entity::Invoice];

fn since(hours: i64) -> Timestamp {
    NOW.parse::<Timestamp>().unwrap() - SignedDuration::from_hours(hours)
}

fn stub(id: &str) -> Value {
    json!({"domain": "QBO", "status": "Deleted", "Id": id, "MetaData": {"LastUpdatedTime": TIME}})
}

async fn gather(client: &Client) -> Vec<Changes> {
    client
        .gather_changes(&BOTH, since(1))
        .try_collect()
        .await
        .unwrap()
}

fn sorted<'a>(ids: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    let mut ids: Vec<_> = ids.map(String::as_str).collect();
    ids.sort_unstable();
    ids
}

#[tokio::test]
async fn nothing_changed_is_one_request() {
    let (client, books, meter) = start(Books::default(), |_| {}).await;
    let changes = gather(&client).await;
    assert_eq!(changes.len(), 1);
    assert!(changes[0].rows.is_empty() && changes[0].deleted.is_empty());
    assert_eq!(changes[0].time, TIME.parse::<Timestamp>().unwrap());
    assert_eq!(meter.metered_reads(), 1);
    assert_eq!(books.lock().unwrap().log[0].1, "cdc");
}

#[tokio::test]
async fn a_deletion_that_is_none_becomes_a_change() {
    let mut books = Books::default().fill(Entity::Customer, 3);
    books.changes.insert(
        "Customer,Invoice".to_owned(),
        json!([{"Customer": [row(Entity::Customer, "1"), stub("2"), stub("99")]},
               {"Invoice": [row(Entity::Invoice, "7"), stub("8")], "totalCount": 2}, {}]),
    );
    let (client, _, meter) = start(books, |_| {}).await;
    let changes = gather(&client).await;
    assert_eq!(changes.len(), 1);
    assert_eq!(
        sorted(changes[0].rows.iter().map(|row| &row.id)),
        ["1", "2", "7"]
    );
    assert_eq!(
        sorted(changes[0].deleted.iter().map(|one| &one.id)),
        ["8", "99"]
    );
    assert!(changes[0].unlisted_deletions.is_empty());
    assert_eq!(
        meter.metered_reads(),
        2,
        "one feed and one batch that looks the deleted ones up"
    );
}

#[tokio::test]
async fn a_full_answer_is_split_by_entity_and_then_paged() {
    let mut books = Books::default().fill(Entity::Customer, 12);
    let full = json!([{"Customer": (1..=5).map(|id| row(Entity::Customer, &id.to_string())).collect::<Vec<_>>()}]);
    books
        .changes
        .insert("Customer,Invoice".to_owned(), full.clone());
    books.changes.insert("Customer".to_owned(), full);
    books.changes.insert(
        "Invoice".to_owned(),
        json!([{"Invoice": [row(Entity::Invoice, "7"), stub("8")]}]),
    );
    let (client, _, _) = start(books, |config| {
        config.changes_limit = 5;
        config.page_rows = 5;
    })
    .await;
    let Ok(ChangeFeed::Capped(capped)) = client.read_changes(&BOTH, since(1)).await else {
        panic!("five objects are the limit");
    };
    assert_eq!(capped.rows.len(), 5);

    let changes = gather(&client).await;
    let mut rows: Vec<_> = changes
        .iter()
        .flat_map(|one| &one.rows)
        .map(|row| (row.entity, &row.id))
        .collect();
    rows.sort_unstable();
    rows.dedup();
    assert_eq!(rows.len(), 13, "12 customers and an invoice");
    assert!(changes.iter().all(|one| one.time == changes[0].time));
    let unlisted: Vec<_> = changes
        .iter()
        .flat_map(|one| &one.unlisted_deletions)
        .collect();
    assert!(unlisted.iter().all(|entity| **entity == Entity::Customer) && !unlisted.is_empty());
    assert_eq!(
        sorted(
            changes
                .iter()
                .flat_map(|one| &one.deleted)
                .map(|one| &one.id)
        ),
        ["8"]
    );
}

#[tokio::test]
async fn a_bad_record_costs_only_itself() {
    let mut books = Books::default()
        .fill(Entity::Customer, 3)
        .fill(Entity::Invoice, 40);
    books.poison.insert("31".to_owned());
    let poisoned = fault(
        "4002",
        "QueryProcessingError: To email address entered is invalid",
    );
    books
        .changes
        .insert("Customer,Invoice".to_owned(), poisoned.clone());
    books.changes.insert("Invoice".to_owned(), poisoned);
    books.changes.insert(
        "Customer".to_owned(),
        json!([{"Customer": [row(Entity::Customer, "2")]}]),
    );
    let (client, _, _) = start(books, |_| {}).await;
    let changes = gather(&client).await;
    assert_eq!(
        changes.iter().map(|one| one.rows.len()).sum::<usize>(),
        1 + 39
    );
    let unreadable: Vec<_> = changes.iter().flat_map(|one| &one.unreadable).collect();
    assert_eq!(unreadable.len(), 1);
    assert_eq!(
        unreadable[0].neighbours,
        [Some("30".to_owned()), Some("32".to_owned())]
    );
    assert!(
        changes
            .iter()
            .any(|one| one.unlisted_deletions == [Entity::Invoice])
    );
}

#[tokio::test]
async fn an_old_cursor_asks_for_everything() {
    let (client, books, _) = start(Books::default(), |_| {}).await;
    let old = client
        .read_changes(&BOTH, since(29 * 24 + 1))
        .await
        .unwrap();
    assert!(matches!(old, ChangeFeed::TooOld));
    assert!(
        books.lock().unwrap().log.is_empty(),
        "the service is not asked"
    );

    let message = "Operation cdc with changedSince date 2024 which is older than fixed days is not supported.";
    books
        .lock()
        .unwrap()
        .changes
        .insert("Customer,Invoice".to_owned(), fault("500", message));
    let outcome: Result<Vec<_>, _> = client.gather_changes(&BOTH, since(1)).try_collect().await;
    assert!(matches!(outcome, Err(Error::ChangesTooOld)));
}

#[test]
fn the_next_reading_overlaps_the_last_one() {
    let time: Timestamp = NOW.parse().unwrap();
    assert_eq!(overlapped(time), time - SignedDuration::from_mins(2));
}
