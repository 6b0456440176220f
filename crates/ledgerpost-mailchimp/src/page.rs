//! Pages of collections.

use std::collections::VecDeque;

use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use tokio_util::task::AbortOnDropHandle;

use crate::client::Client;
use crate::error::Error;
use crate::request::Request;

/// The most that Mailchimp gives in one page (`mailchimp.md` 2).
const PAGE: u64 = 1000;
/// How many pages are under way while their reader looks at one.
const AHEAD: usize = 2;
/// A second of Mailchimp's clock is over everywhere, and visible, so long after an answer's date.
const SETTLING: SignedDuration = SignedDuration::from_secs(1);

/// One page of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// How many there are on all pages together, at the time of this page.
    pub total: u64,
    /// Changes from before this are on the pages, by Mailchimp's own clock; `None` when it did not
    /// say. Later ones may have happened after the page was made.
    pub complete_before: Option<Timestamp>,
}

impl<T> Page<T> {
    pub(crate) const fn new(items: Vec<T>, total: u64) -> Self {
        Self {
            items,
            total,
            complete_before: None,
        }
    }
}

/// The pages of a collection. A row may come twice when rows change while they are read; none is
/// left out.
pub type Pages<T> = BoxStream<'static, Result<Page<T>, Error>>;

/// Asks for the first page.
pub(crate) fn first_page(request: Request) -> Request {
    page_at(request, 0)
}

fn page_at(request: Request, offset: u64) -> Request {
    request
        .query("count", PAGE.to_string())
        .query("offset", offset.to_string())
}

/// Where the next page starts, if there is one.
///
/// When the collection shrank since the last page, rows that were not read yet have moved to places
/// that were: the next page steps back by as many (`mailchimp.md` 2.2). An empty page ends the
/// reading, whatever the total says.
fn next_offset(offset: u64, received: u64, total: u64, total_before: Option<u64>) -> Option<u64> {
    let shrunk = total_before.map_or(0, |before| before.saturating_sub(total));
    if shrunk > 0 && offset > 0 {
        return Some(offset.saturating_sub(shrunk));
    }
    let next = offset + received;
    (received > 0 && next < total).then_some(next)
}

/// What one request for a page brings.
type Asked<T> = AbortOnDropHandle<Result<Page<T>, Error>>;

/// A collection that is being read.
struct Reading<T> {
    client: Client,
    request: Request,
    /// Where the next page starts; `None` at the end.
    next: Option<u64>,
    total_before: Option<u64>,
    /// Pages that were asked for, by where they start.
    ahead: VecDeque<(u64, Asked<T>)>,
}

impl<T: Send + 'static> Reading<T> {
    async fn page<P>(&mut self) -> Result<Option<Page<T>>, Error>
    where
        P: DeserializeOwned + Into<Page<T>> + Send + 'static,
    {
        let Some(offset) = self.next else {
            return Ok(None);
        };
        let asked = match self.ahead.pop_front() {
            Some((start, asked)) if start == offset => asked,
            // The collection has another shape than expected: what was asked for is of no use.
            Some(_) => {
                self.ahead.clear();
                self.ask::<P>(offset)
            }
            None => self.ask::<P>(offset),
        };
        let page = match asked.await {
            Ok(page) => page?,
            // Nobody aborts it while it is awaited, so it can only have panicked.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        };
        let received = page.items.len() as u64;
        self.next = next_offset(offset, received, page.total, self.total_before);
        self.total_before = Some(page.total);
        if let Some(next) = self.next {
            self.ask_ahead::<P>(next, page.total);
        }
        Ok(Some(page))
    }

    /// Asks for the pages that follow, as far as they are known to exist.
    fn ask_ahead<P>(&mut self, next: u64, total: u64)
    where
        P: DeserializeOwned + Into<Page<T>> + Send + 'static,
    {
        let mut start = self.ahead.back().map_or(next, |(last, _)| last + PAGE);
        while self.ahead.len() < AHEAD && start < total {
            let asked = self.ask::<P>(start);
            self.ahead.push_back((start, asked));
            start += PAGE;
        }
    }

    fn ask<P>(&self, offset: u64) -> Asked<T>
    where
        P: DeserializeOwned + Into<Page<T>> + Send + 'static,
    {
        let client = self.client.clone();
        let request = page_at(self.request.clone(), offset);
        AbortOnDropHandle::new(tokio::spawn(async move {
            // What Mailchimp's clock showed before it was asked, it showed when it looked.
            let before = client.latest_date();
            let (page, served_at): (P, _) = client.read_dated(&request).await?;
            let mut page: Page<T> = page.into();
            let settled = served_at.and_then(|at| at.checked_sub(SETTLING).ok());
            page.complete_before = before.max(settled);
            Ok(page)
        }))
    }
}

impl Client {
    /// Reads a collection page by page. `P` is the answer's shape.
    pub(crate) fn pages<P, T>(&self, request: Request) -> Pages<T>
    where
        P: DeserializeOwned + Into<Page<T>> + Send + 'static,
        T: Send + 'static,
    {
        let reading = Reading {
            client: self.clone(),
            request,
            next: Some(0),
            total_before: None,
            ahead: VecDeque::new(),
        };
        stream::try_unfold(reading, |mut reading| async move {
            Ok(reading.page::<P>().await?.map(|page| (page, reading)))
        })
        .boxed()
    }

    /// Reads a whole collection that is known to be small.
    pub(crate) async fn read_all<P, T>(&self, request: Request) -> Result<Vec<T>, Error>
    where
        P: DeserializeOwned + Into<Page<T>> + Send + 'static,
        T: Send + 'static,
    {
        self.pages::<P, T>(request)
            .try_fold(Vec::new(), async |mut all: Vec<T>, page| {
                all.extend(page.items);
                Ok(all)
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::full_page(0, 1000, 2500, None, Some(1000))]
    #[case::last_page(2000, 500, 2500, Some(2500), None)]
    #[case::exactly_full(1000, 1000, 2000, Some(2000), None)]
    #[case::short_page_is_not_the_end(0, 700, 2500, None, Some(700))]
    #[case::empty_collection(0, 0, 0, None, None)]
    #[case::empty_page_ends(1000, 0, 2500, Some(2500), None)]
    #[case::shrunk_steps_back(1000, 499, 1499, Some(1500), Some(999))]
    #[case::grown_goes_on(1000, 1000, 2001, Some(2000), Some(2000))]
    #[case::shrunk_to_nothing(1000, 0, 0, Some(1500), Some(0))]
    fn finds_the_next_page(
        #[case] offset: u64,
        #[case] received: u64,
        #[case] total: u64,
        #[case] before: Option<u64>,
        #[case] next: Option<u64>,
    ) {
        assert_eq!(next_offset(offset, received, total, before), next);
    }
}
