//! Finds the records that make a whole page fail (`quickbooks-online.md` 3.6).
//!
//! The page is cut into as many windows as a batch takes, all of which are read in one request; those
//! that still fail are cut again. One bad record among 1,000 costs three requests this way, where
//! halving would cost twenty.

use std::collections::BTreeMap;

use crate::client::Client;
use crate::error::{Detail, Error, Trace};
use crate::page::Page;
use crate::query::{Selection, Window};
use crate::row::{Unreadable, UnreadableReason};

/// Windows that may fail at once before they are given up as they are: keeps the cost of a page full
/// of bad records to about a dozen requests.
const MOST_FAILING: usize = 100;
/// From so many parts on, all of them failing without a reason is the service's trouble, not that of
/// a record.
const TELLING_PARTS: usize = 8;

impl Client {
    /// Reads a window that failed with `error`, leaving out the records that are to blame.
    pub(crate) async fn isolate(
        &self,
        selection: &Selection,
        window: Window,
        error: Error,
    ) -> Result<Page, Error> {
        let mut found = Found::default();
        let mut failing = vec![(window, error)];
        let mut whole = true;
        loop {
            failing = found.set_single_rows_aside(failing);
            if failing.is_empty() || failing.len() > MOST_FAILING {
                break;
            }
            let parts = self.divide(&failing);
            let asked: Vec<_> = parts
                .iter()
                .map(|part| (selection.clone(), *part))
                .collect();
            let outcomes = self.batch_pages(&asked).await?;
            failing.clear();
            for (part, outcome) in parts.iter().zip(outcomes) {
                match outcome {
                    Ok(page) => {
                        found.pages.insert(part.start, (*part, page));
                    }
                    Err(error) if error.is_divisible() => failing.push((*part, error)),
                    Err(error) => return Err(error),
                }
            }
            let all_failed = parts.len() >= TELLING_PARTS && failing.len() == parts.len();
            let unexplained = failing
                .iter()
                .position(|(_, error)| matches!(error, Error::SystemFault { .. }));
            if let (true, true, Some(at)) = (whole, all_failed, unexplained) {
                return Err(failing.swap_remove(at).1);
            }
            whole = false;
        }
        found.bad.extend(failing);
        Ok(found.into_page(self, selection, window))
    }

    /// Cuts the failing windows so that they fill a batch.
    fn divide(&self, failing: &[(Window, Error)]) -> Vec<Window> {
        let each = (self.batch_items() / failing.len()).max(2);
        failing
            .iter()
            .flat_map(|(window, _)| window.split(each))
            .collect()
    }
}

#[derive(Default)]
struct Found {
    pages: BTreeMap<usize, (Window, Page)>,
    bad: Vec<(Window, Error)>,
}

impl Found {
    fn set_single_rows_aside(&mut self, failing: Vec<(Window, Error)>) -> Vec<(Window, Error)> {
        let (single, several) = failing
            .into_iter()
            .partition(|(window, _)| window.rows == 1);
        let single: Vec<_> = single;
        self.bad.extend(single);
        several
    }

    fn into_page(self, client: &Client, selection: &Selection, window: Window) -> Page {
        let entity = selection.entity();
        // A part that came short shows the end of the table; a bad record behind it cannot be.
        let ended = self.pages.values().any(|(_, page)| page.next.is_none());
        let next = (!ended).then(|| Window {
            start: window.end(),
            rows: window.rows,
        });
        let ids = self.ids_by_position();
        let time = self
            .pages
            .values()
            .map(|(_, page)| page.time)
            .min()
            .unwrap_or_else(|| client.now());
        let mut unreadable: Vec<_> = self
            .bad
            .into_iter()
            .map(|(window, error)| {
                let (reason, trace) = reason(error);
                let neighbour = |position: Option<usize>| {
                    position.and_then(|position| ids.get(&position).cloned())
                };
                Unreadable {
                    entity,
                    id: None,
                    position: Some(window.start),
                    rows: window.rows,
                    reason,
                    neighbours: [
                        neighbour(window.start.checked_sub(1)),
                        neighbour(Some(window.end())),
                    ],
                    trace,
                }
            })
            .collect();
        unreadable.sort_by_key(|one| one.position);
        let mut rows = Vec::new();
        for (_, page) in self.pages.into_values() {
            rows.extend(page.rows);
            unreadable.extend(page.unreadable);
        }
        Page {
            entity,
            rows,
            unreadable,
            time,
            next,
        }
    }

    /// Ids at the edges of the windows, which is where the neighbours of bad records are.
    fn ids_by_position(&self) -> BTreeMap<usize, String> {
        let mut ids = BTreeMap::new();
        for (window, page) in self.pages.values() {
            if let (Some(first), Some(last)) = (page.rows.first(), page.rows.last()) {
                ids.insert(window.start, first.id.clone());
                ids.insert(window.start + page.rows.len() - 1, last.id.clone());
            }
        }
        ids
    }
}

fn reason(error: Error) -> (UnreadableReason, Trace) {
    match error {
        Error::BadRecord { detail, trace } | Error::SystemFault { detail, trace } => {
            (UnreadableReason::Refused(detail), trace)
        }
        Error::TooLarge { trace } => (UnreadableReason::TooLarge, trace),
        _ => (
            UnreadableReason::Refused(Detail::default()),
            Trace::default(),
        ),
    }
}
