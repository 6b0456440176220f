//! Pages of rows, and streams of pages.

use futures_util::stream::{self, Stream};
use jiff::Timestamp;

use crate::client::{Answer, Client};
use crate::entity::Entity;
use crate::error::Error;
use crate::query::{Selection, Window};
use crate::reply::{self, Group};
use crate::row::{Parsed, Row, Unreadable};

/// Rows of one entity.
#[derive(Debug)]
pub struct Page {
    /// Their kind.
    pub entity: Entity,
    /// The rows, by Id. A row can come twice if rows moved between two pages: store by Id.
    pub rows: Vec<Row>,
    /// Records that could not be had.
    pub unreadable: Vec<Unreadable>,
    /// When the request arrived at the service: that of the first page is a safe cursor
    /// (`quickbooks-online.md` 2).
    pub time: Timestamp,
    /// The window after this page; `None` after the last one.
    pub(crate) next: Option<Window>,
}

/// What one query returned.
pub(crate) struct Rows {
    pub(crate) readable: Vec<Row>,
    pub(crate) malformed: Vec<Unreadable>,
    /// Everything that came, readable or not.
    pub(crate) received: usize,
}

impl Rows {
    pub(crate) fn read(group: &Group<'_>, entity: Entity, answer: &Answer) -> Result<Self, Error> {
        let Answer { body, trace } = answer;
        let records = reply::records(group, entity, trace)?;
        let mut rows = Self {
            readable: Vec::with_capacity(records.len()),
            malformed: Vec::new(),
            received: records.len(),
        };
        for raw in records {
            match Parsed::new(entity, raw, body) {
                Parsed::Row(row) => rows.readable.push(row),
                Parsed::Malformed(unreadable) => rows.malformed.push(Unreadable {
                    trace: trace.clone(),
                    ..unreadable
                }),
                // Queries never return deleted records (`quickbooks-online.md` 3.5).
                Parsed::Deleted(_) => {}
            }
        }
        Ok(rows)
    }

    /// The page of these rows, which a query for `window` returned.
    pub(crate) fn into_page(self, entity: Entity, window: Window, time: Timestamp) -> Page {
        // A short page is the last one. One may also hold more than was asked for: go on from what
        // came (`quickbooks-online.md` 3.1).
        let next = (self.received >= window.rows).then(|| Window {
            start: window.start + self.received,
            rows: window.rows,
        });
        Page {
            entity,
            rows: self.readable,
            unreadable: self.malformed,
            time,
            next,
        }
    }
}

impl Client {
    /// Streams all rows of a selection, page by page, with a request for each.
    pub fn query(&self, selection: Selection) -> impl Stream<Item = Result<Page, Error>> + Send {
        self.query_from(selection, Window::first(self.config().page_rows))
    }

    pub(crate) fn query_from(
        &self,
        selection: Selection,
        from: Window,
    ) -> impl Stream<Item = Result<Page, Error>> + Send + use<> {
        let client = self.clone();
        stream::try_unfold(Some(from), move |window| {
            let (client, selection) = (client.clone(), selection.clone());
            async move {
                let Some(window) = window else {
                    return Ok(None);
                };
                let page = client.read_page(&selection, window).await?;
                let next = page.next;
                Ok(Some((page, next)))
            }
        })
    }

    /// Counts the rows of a selection. A metered read like any other.
    pub async fn count(&self, selection: &Selection) -> Result<usize, Error> {
        self.send_query(&selection.count(), |group, _, answer| {
            reply::total(group, &answer.trace)
        })
        .await
    }

    /// Reads one window of a selection; a record that makes the whole page fail is isolated and
    /// reported instead.
    pub(crate) async fn read_page(
        &self,
        selection: &Selection,
        window: Window,
    ) -> Result<Page, Error> {
        let entity = selection.entity();
        let read = self
            .send_query(&selection.rows(window), |group, time, answer| {
                Ok(Rows::read(group, entity, answer)?.into_page(entity, window, time))
            })
            .await;
        match read {
            Err(error) if error.is_divisible() => self.isolate(selection, window, error).await,
            other => other,
        }
    }
}
