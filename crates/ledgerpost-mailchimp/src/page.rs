//! Pages of collections.

use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::error::Error;
use crate::request::Request;

/// The most that Mailchimp gives in one page (`mailchimp.md` 2).
const PAGE: u64 = 1000;

/// One page of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// How many there are on all pages together, at the time of this page.
    pub total: u64,
    /// When Mailchimp answered, by its own clock; `None` when it did not say.
    pub served_at: Option<Timestamp>,
}

impl<T> Page<T> {
    pub(crate) const fn new(items: Vec<T>, total: u64) -> Self {
        Self {
            items,
            total,
            served_at: None,
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

#[derive(Clone, Copy)]
struct Position {
    offset: u64,
    total_before: Option<u64>,
}

impl Client {
    /// Reads a collection page by page. `P` is the answer's shape.
    pub(crate) fn pages<P, T>(&self, request: Request) -> Pages<T>
    where
        P: DeserializeOwned + Into<Page<T>> + Send + 'static,
        T: Send + 'static,
    {
        let client = self.clone();
        let start = Position {
            offset: 0,
            total_before: None,
        };
        stream::try_unfold(Some(start), move |position| {
            let client = client.clone();
            let request = request.clone();
            async move {
                let Some(position) = position else {
                    return Ok(None);
                };
                let request = page_at(request, position.offset);
                let (page, served_at): (P, _) = client.read_dated(&request).await?;
                let mut page: Page<T> = page.into();
                page.served_at = served_at;
                let next = next_offset(
                    position.offset,
                    page.items.len() as u64,
                    page.total,
                    position.total_before,
                );
                let next = next.map(|offset| Position {
                    offset,
                    total_before: Some(page.total),
                });
                Ok(Some((page, next)))
            }
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
