//! Several queries in one request (`quickbooks-online.md` 7).

use std::collections::HashMap;
use std::ops::Range;

use jiff::Timestamp;
use ledgerpost_net::http::{Method, RequestSpec};
use serde::Serialize;

use crate::client::{Answer, BATCH_LANE, Client};
use crate::error::Error;
use crate::fault::Fault;
use crate::page::{Page, Rows};
use crate::query::{Query, Selection, Window};
use crate::reply::{self, BatchReply, Group};

const BATCH: &str = "/v3/company/{realm}/batch";
/// The smaller of the two documented limits of items.
const FEWEST_ITEMS: usize = 10;

/// Only queries: nothing here can carry a create, an update or a delete.
#[derive(Serialize)]
struct Request<'a> {
    #[serde(rename = "BatchItemRequest")]
    items: Vec<RequestItem<'a>>,
}

#[derive(Serialize)]
struct RequestItem<'a> {
    #[serde(rename = "bId")]
    id: String,
    #[serde(rename = "Query")]
    query: &'a str,
}

impl Client {
    /// Reads several windows with as few requests as the limits of items and objects allow. Each has
    /// an outcome of its own, in the order asked. A window that a bad record spoils is read again in
    /// parts; only a failure that concerns all of them is an error of the whole.
    pub async fn batch(
        &self,
        windows: &[(Selection, Window)],
    ) -> Result<Vec<Result<Page, Error>>, Error> {
        let mut pages = Vec::with_capacity(windows.len());
        for range in pack(
            windows,
            self.batch_items(),
            self.config().batch_objects_limit,
        ) {
            let part = &windows[range];
            for (outcome, (selection, window)) in
                self.batch_pages(part).await?.into_iter().zip(part)
            {
                pages.push(match outcome {
                    Err(error) if error.is_divisible() => {
                        self.isolate(selection, *window, error).await
                    }
                    other => other,
                });
            }
        }
        Ok(pages)
    }

    /// Reads windows that fit the limits together, without isolating anything.
    pub(crate) async fn batch_pages(
        &self,
        windows: &[(Selection, Window)],
    ) -> Result<Vec<Result<Page, Error>>, Error> {
        let queries: Vec<_> = windows
            .iter()
            .map(|(selection, window)| selection.rows(*window))
            .collect();
        self.send_batch(&queries, |position, group, time, answer| {
            let (selection, window) = &windows[position];
            let entity = selection.entity();
            Ok(Rows::read(group, entity, answer)?.into_page(entity, *window, time))
        })
        .await
    }

    /// Sends queries and gives each answer with its position to `read`. On refusal of their number
    /// sends them in smaller batches, now and from then on.
    pub(crate) async fn send_batch<T>(
        &self,
        queries: &[Query],
        read: impl Fn(usize, &Group<'_>, Timestamp, &Answer) -> Result<T, Error>,
    ) -> Result<Vec<Result<T, Error>>, Error> {
        let mut outcomes = Vec::with_capacity(queries.len());
        while outcomes.len() < queries.len() {
            let first = outcomes.len();
            let count = self.batch_items().min(queries.len() - first);
            let part = &queries[first..first + count];
            let sent = self
                .send_one_batch(part, |position, group, time, answer| {
                    read(first + position, group, time, answer)
                })
                .await;
            match sent {
                Ok(part) => outcomes.extend(part),
                Err(Error::TooManyItems { .. }) if count > FEWEST_ITEMS => {
                    self.lower_batch_items(FEWEST_ITEMS);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(outcomes)
    }

    async fn send_one_batch<T>(
        &self,
        queries: &[Query],
        read: impl Fn(usize, &Group<'_>, Timestamp, &Answer) -> Result<T, Error>,
    ) -> Result<Vec<Result<T, Error>>, Error> {
        let items = queries
            .iter()
            .enumerate()
            .map(|(position, query)| RequestItem {
                id: item_id(position),
                query: query.as_str(),
            })
            .collect();
        let asked = self.now();
        let request = RequestSpec::new(Method::POST, self.url(&["batch"], &[]), BATCH)
            .json(&Request { items })
            .map_err(ledgerpost_net::NetError::from)?
            .idempotent(true)
            .metered()
            .lane(BATCH_LANE);
        let answer = self.call(request).await?;
        let trace = &answer.trace;
        let text = reply::text(&answer.body);
        let reply: BatchReply<'_> = reply::parse(&text, trace)?;
        let time = reply.time.unwrap_or(asked);
        // Order is not promised.
        let mut items: HashMap<_, _> = reply
            .items
            .into_iter()
            .map(|item| (item.id.clone(), item))
            .collect();
        Ok((0..queries.len())
            .map(|position| {
                let item = items.remove(&item_id(position));
                match item.map(|item| (item.fault, item.group)) {
                    Some((Some(fault), _)) => {
                        Err(Fault::from(fault).into_error(200, None, trace.clone()))
                    }
                    Some((None, Some(group))) => read(position, &group, time, &answer),
                    Some((None, None)) | None => Err(Error::Reply {
                        line: 0,
                        column: 0,
                        trace: trace.clone(),
                    }),
                }
            })
            .collect())
    }
}

/// `bId`, at most ten characters (`quickbooks-online.md` 10).
fn item_id(position: usize) -> String {
    format!("q{position}")
}

/// Cuts a list of windows into runs that fit into one batch each.
fn pack(
    windows: &[(Selection, Window)],
    items_limit: usize,
    objects_limit: Option<usize>,
) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut objects = 0;
    for (position, (_, window)) in windows.iter().enumerate() {
        let fits = ranges.last().is_some_and(|range| {
            range.len() < items_limit
                && objects_limit.is_none_or(|limit| objects + window.rows <= limit)
        });
        match ranges.last_mut() {
            Some(range) if fits => {
                range.end += 1;
                objects += window.rows;
            }
            _ => {
                ranges.push(position..position + 1);
                objects = window.rows;
            }
        }
    }
    ranges
}
