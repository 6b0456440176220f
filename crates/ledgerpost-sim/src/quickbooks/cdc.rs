//! Change data capture (`quickbooks-online.md` 6).

use jiff::{SignedDuration, Timestamp};

use super::answer::{Answer, Fault};
use super::company::{Company, Gone};
use super::json::Object;
use super::pacific::Pacific;
use super::query::select_changed;
use super::render::Page;
use super::table::{Row, Table};
use crate::frame::Switches;

/// Objects in an answer, all entities together.
const MOST_OBJECTS: usize = 1000;
/// Days that the feed looks back.
const LOOK_BACK_DAYS: i64 = 30;

enum Change<'a> {
    Row(Row<'a>),
    Gone(&'a Gone),
}

/// The changes of some entities at or after a moment.
pub(crate) fn changes(
    company: &Company,
    entities: &str,
    since: &str,
    switches: &Switches,
    now: Timestamp,
) -> Result<Answer, Fault> {
    let pacific = Pacific::new();
    let from = pacific.parse(since).ok_or_else(|| {
        Fault::new(
            "2060",
            "Invalid Date",
            format!("Invalid date format: {since}"),
        )
        .on("changedSince")
    })?;
    let oldest = now - SignedDuration::from_hours(24 * LOOK_BACK_DAYS);
    if from < oldest && !switches.cdc_answers_old_dates {
        return Err(Fault::unsupported(&format!(
            "cdc with changedSince date {since} which is older than fixed days"
        )));
    }
    let tables: Result<Vec<Table>, Fault> = entities
        .split(',')
        .map(|name| {
            Table::by_name(name.trim())
                .filter(|table| table.field("Id").is_some())
                .ok_or_else(|| Fault::unsupported(&format!("cdc of {}", name.trim())))
        })
        .collect();
    let groups = collect(company, tables?, from);
    let poisoned = groups
        .iter()
        .flat_map(|(_, group)| group)
        .any(|change| matches!(change, Change::Row(row) if row.is_poisoned()));
    if poisoned {
        return Err(Fault::poison());
    }
    let page = Page::new(&company.books, true);
    Ok(Answer::new(1, |object| {
        object.list("CDCResponse", [groups], |out, groups| {
            let mut response = Object::open(out);
            response.list("QueryResponse", groups, |out, (table, group)| {
                write_group(out, table, &group, &page, &pacific);
            });
            response.close();
        });
    }))
}

/// The changes of each table, as many as fit into an answer.
fn collect(
    company: &Company,
    tables: Vec<Table>,
    from: Timestamp,
) -> Vec<(Table, Vec<Change<'_>>)> {
    let mut room = MOST_OBJECTS;
    let mut groups = Vec::new();
    for table in tables {
        let gone = company
            .gone
            .iter()
            .filter(|gone| gone.table == table && gone.at >= from);
        let mut group: Vec<Change<'_>> = select_changed(&company.books, table, from)
            .into_iter()
            .map(Change::Row)
            .chain(gone.map(Change::Gone))
            .collect();
        group.truncate(room);
        room -= group.len();
        groups.push((table, group));
    }
    groups
}

fn write_group(
    out: &mut String,
    table: Table,
    group: &[Change<'_>],
    page: &Page<'_>,
    pacific: &Pacific,
) {
    let mut object = Object::open(out);
    if !group.is_empty() {
        object.list(table.name(), group, |out, change| match change {
            Change::Row(row) => row.write(out, page),
            Change::Gone(gone) => {
                let mut stub = Object::open(out);
                stub.text("domain", "QBO");
                stub.text("status", "Deleted");
                stub.plain("Id", gone.id);
                stub.object("MetaData", |meta| {
                    meta.plain("LastUpdatedTime", pacific.second(gone.at));
                });
                stub.close();
            }
        });
        object.literal("startPosition", 1);
        object.literal("maxResults", group.len());
        object.literal("totalCount", group.len());
    }
    object.close();
}
