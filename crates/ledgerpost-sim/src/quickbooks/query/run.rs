//! Runs a query on a company's books.

use std::cmp::Ordering;

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::super::answer::{Answer, Fault};
use super::super::company;
use super::super::json::Object;
use super::super::pacific::Pacific;
use super::super::render::Page;
use super::super::table::{Cell, Field, Row, Table};
use super::parse::{Condition, Query, Test, Value, parse};
use crate::frame::{IdOrder, Switches};
use crate::seed::Books;

/// Runs a statement; the answer's number of rows comes with it.
pub(crate) fn run(
    books: &Books,
    statement: &str,
    switches: &Switches,
    now: Timestamp,
) -> Result<(Answer, Table, usize), Fault> {
    let query = parse(statement, switches.startposition_zero_passes)?;
    if query.table.field("Id").is_none() {
        let answer = Answer::new(1, |object| {
            object.object("QueryResponse", |response| {
                company::write_singletons(response, books, query.table, query.count);
            });
        });
        return Ok((answer, query.table, 1));
    }
    let page = Page::new(books, query.table == Table::Customer);
    let filter = Filter::new(&query, now)?;
    let matching = Row::all(books, query.table).filter(|row| filter.passes(*row, &page));
    if query.count {
        let total = matching.count();
        let answer = Answer::new(1, |object| {
            object.object("QueryResponse", |response| {
                response.literal("totalCount", total);
            });
        });
        return Ok((answer, query.table, 0));
    }
    let rows: Vec<Row<'_>> = if in_table_order(&query, switches) {
        matching.skip(query.start - 1).take(query.rows).collect()
    } else {
        let sorted = sort(matching.collect(), &query, switches, &page);
        sorted
            .into_iter()
            .skip(query.start - 1)
            .take(query.rows)
            .collect()
    };
    if rows.iter().any(|row| row.is_poisoned()) {
        return Err(Fault::poison());
    }
    let answer = Answer::new(1, |object| {
        object.object("QueryResponse", |response| {
            if !rows.is_empty() {
                write_rows(response, query.table, &rows, &page);
                response.literal("startPosition", query.start);
                response.literal("maxResults", rows.len());
            }
        });
    });
    Ok((answer, query.table, rows.len()))
}

fn write_rows(response: &mut Object<'_>, table: Table, rows: &[Row<'_>], page: &Page<'_>) {
    response.list(table.name(), rows, |out, row| row.write(out, page));
}

/// The rows of an entity that changed at or after a moment, oldest change first.
pub(crate) fn select_changed(books: &Books, table: Table, since: Timestamp) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Row::all(books, table)
        .filter(|row| row.meta().updated >= since)
        .collect();
    rows.sort_by_key(|row| (row.meta().updated, row.meta().id));
    rows
}

/// Whether the rows are wanted in the order in which the table keeps them.
fn in_table_order(query: &Query, switches: &Switches) -> bool {
    matches!(query.order.first(), Some((Field { name: "Id", .. }, false)))
        && switches.orderby_id == IdOrder::Number
}

fn sort<'a>(
    mut rows: Vec<Row<'a>>,
    query: &Query,
    switches: &Switches,
    page: &Page<'_>,
) -> Vec<Row<'a>> {
    if query.order.is_empty() {
        // `quickbooks-online.md` 3.2: names by name, transactions by their last change, backwards.
        if query.table.is_list() {
            rows.sort_by_cached_key(|row| row.full_name(page.books));
        } else {
            rows.sort_by_key(|row| std::cmp::Reverse((row.meta().updated, row.meta().id)));
        }
        return rows;
    }
    let key = |row: &Row<'a>| -> Vec<Cell> {
        query
            .order
            .iter()
            .map(|(field, _)| {
                let cell = row.cell(field, page);
                if switches.orderby_id == IdOrder::Text {
                    cell.textual()
                } else {
                    cell
                }
            })
            .collect()
    };
    let mut keyed: Vec<(Vec<Cell>, Row<'a>)> =
        rows.into_iter().map(|row| (key(&row), row)).collect();
    keyed.sort_by(|(one, _), (two, _)| {
        one.iter()
            .zip(two)
            .zip(&query.order)
            .map(|((one, two), (_, descending))| {
                if *descending {
                    two.cmp(one)
                } else {
                    one.cmp(two)
                }
            })
            .find(|order| *order != Ordering::Equal)
            .unwrap_or(Ordering::Equal)
    });
    keyed.into_iter().map(|(_, row)| row).collect()
}

/// The WHERE with its literals read as what the fields hold.
struct Filter<'q> {
    checks: Vec<(&'q Condition, Vec<Cell>)>,
    active_only: bool,
}

impl<'q> Filter<'q> {
    fn new(query: &'q Query, now: Timestamp) -> Result<Self, Fault> {
        let mut checks = Vec::new();
        for condition in &query.conditions {
            let values: Vec<&Value> = match &condition.test {
                Test::Compare(_, value) => vec![value],
                Test::In(values) => values.iter().collect(),
                Test::Like(_) => Vec::new(),
            };
            let cells: Result<Vec<Cell>, Fault> = values
                .into_iter()
                .map(|value| read(condition.field, value, now))
                .collect();
            checks.push((condition, cells?));
        }
        let mentions_active = query
            .conditions
            .iter()
            .any(|condition| condition.field.name == "Active");
        Ok(Self {
            checks,
            active_only: query.table.is_list() && !mentions_active,
        })
    }

    fn passes(&self, row: Row<'_>, page: &Page<'_>) -> bool {
        if self.active_only && !row.is_active() {
            return false;
        }
        self.checks.iter().all(|(condition, wanted)| {
            let cell = row.cell(condition.field, page);
            match &condition.test {
                Test::Like(pattern) => matches!(&cell, Cell::Text(text) if like(text, pattern)),
                Test::In(_) => wanted
                    .iter()
                    .any(|value| cell.compare(value) == Some(Ordering::Equal)),
                Test::Compare(sign, _) => {
                    let Some(order) = cell.compare(&wanted[0]) else {
                        return false;
                    };
                    match *sign {
                        "=" => order.is_eq(),
                        "<" => order.is_lt(),
                        ">" => order.is_gt(),
                        "<=" => order.is_le(),
                        _ => order.is_ge(),
                    }
                }
            }
        })
    }
}

/// Reads a literal as what the field holds.
fn read(field: &Field, value: &Value, now: Timestamp) -> Result<Cell, Fault> {
    let wrong = || Fault::validation(format!("Invalid value for property {}", field.name));
    let text = match (value, field.name) {
        (Value::Flag(flag), "Active" | "Taxable" | "SubItem") => return Ok(Cell::Flag(*flag)),
        (Value::Flag(_), _) => return Err(wrong()),
        (Value::Text(text), _) => text,
    };
    match field.name {
        "Active" | "Taxable" | "SubItem" => match text.to_ascii_lowercase().as_str() {
            "true" => Ok(Cell::Flag(true)),
            "false" => Ok(Cell::Flag(false)),
            _ => Err(wrong()),
        },
        "Id" | "CustomerRef" => text.parse().map(Cell::Id).map_err(|_| {
            Fault::new(
                "2030",
                "Invalid ID",
                format!("Id should be a valid number. Supplied value:{text}"),
            )
            .on("Id")
        }),
        "Balance" | "TotalAmt" | "BalanceWithJobs" | "UnitPrice" => text
            .parse::<Decimal>()
            .map(Cell::Number)
            .map_err(|_| wrong()),
        "TxnDate" | "DueDate" if text == "CURRENT_DATE" => Ok(Cell::Day(Pacific::new().date(now))),
        "TxnDate" | "DueDate" => text.parse().map(Cell::Day).map_err(|_| wrong()),
        "MetaData.CreateTime" | "MetaData.LastUpdatedTime" => Pacific::new()
            .parse(text)
            .map(Cell::Moment)
            .ok_or_else(wrong),
        _ => Ok(Cell::Text(text.clone())),
    }
}

/// `LIKE` knows `%` only, and folds case.
fn like(text: &str, pattern: &str) -> bool {
    let text = text.to_lowercase();
    let pattern = pattern.to_lowercase();
    let mut parts = pattern.split('%');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn like_matches_as_documented() {
        assert!(like("Amy's Bird Sanctuary", "amy%"));
        assert!(like("Amy's Bird Sanctuary", "%bird%"));
        assert!(like("Amy", "amy"));
        assert!(!like("Amy's", "amy"));
        assert!(!like("aa", "%b%"));
        assert!(!like("ab", "ab%b"));
    }
}
