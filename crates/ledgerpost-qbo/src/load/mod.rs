//! The first load: everything, with as few metered requests as the limits allow.

mod steps;

use std::collections::{BTreeMap, VecDeque};

use futures_util::stream::{self, Stream};
use tokio_util::task::AbortOnDropHandle;

use crate::client::Client;
use crate::entity::Entity;
use crate::error::Error;
use crate::page::Page;
use crate::query::{Selection, Window};
use steps::{Piece, Step, steps};

/// How many requests are under way while a page is looked at.
const AHEAD: usize = 1;

impl Client {
    /// Streams every row of the entities that `counts` names, which an overview has counted: the pages
    /// that it has `begun` with, then the rest.
    ///
    /// Full pages are read alone; what is left of each entity shares batches up to their cap of
    /// objects. One row more than was counted is asked for at the end of each entity, so that a short
    /// page proves the end; rows that appeared in between are read until one does. Where fewer rows
    /// came than were counted, some were deleted meanwhile and may have moved others past a page: that
    /// entity is read once more.
    ///
    /// The next request is under way while its caller looks at a page. Needs a Tokio runtime.
    pub fn load_all(
        &self,
        counts: &BTreeMap<Entity, usize>,
        begun: Vec<Page>,
    ) -> impl Stream<Item = Result<Page, Error>> + Send + use<> {
        let config = self.config();
        let mut state = Load {
            client: self.clone(),
            missing: counts.clone(),
            steps: VecDeque::new(),
            ready: VecDeque::new(),
            ahead: VecDeque::new(),
        };
        let mut from: BTreeMap<Entity, usize> = counts.keys().map(|entity| (*entity, 1)).collect();
        for page in begun {
            match (page.next, from.get_mut(&page.entity)) {
                (Some(next), Some(first)) => *first = next.start,
                (Some(_) | None, _) => {
                    from.remove(&page.entity);
                }
            }
            state.begin(page);
        }
        let rest = steps(
            counts,
            &from,
            config.page_rows,
            config.batch_objects_limit,
            self.batch_items(),
        );
        state.steps.extend(rest);
        stream::try_unfold(state, |mut load| async move {
            Ok(load.next().await?.map(|page| (page, load)))
        })
    }

    /// Reads windows that belong into one request.
    pub(crate) async fn read_windows(
        &self,
        windows: &[(Selection, Window)],
    ) -> Result<Vec<Result<Page, Error>>, Error> {
        match windows {
            [(selection, window)] => Ok(vec![self.read_page(selection, *window).await]),
            several => self.batch(several).await,
        }
    }
}

/// A request that is under way, and what it was for.
struct Ahead {
    step: Step,
    task: AbortOnDropHandle<Result<Vec<Result<Page, Error>>, Error>>,
}

struct Load {
    client: Client,
    /// How many of the counted rows have not come yet; an entity that is read again is not in it.
    missing: BTreeMap<Entity, usize>,
    steps: VecDeque<Step>,
    ready: VecDeque<Page>,
    ahead: VecDeque<Ahead>,
}

impl Load {
    /// Takes a page that is there already.
    fn begin(&mut self, page: Page) {
        let piece = Piece {
            entity: page.entity,
            window: Window::first(page.rows.len()),
            last: page.next.is_none(),
        };
        if let Some(window) = self.window_after(&piece, &page) {
            self.steps.push_back(vec![Piece { window, ..piece }]);
        }
        self.ready.push_back(page);
    }

    async fn next(&mut self) -> Result<Option<Page>, Error> {
        loop {
            if let Some(page) = self.ready.pop_front() {
                return Ok(Some(page));
            }
            self.ask_ahead();
            let Some(Ahead { step, task }) = self.ahead.pop_front() else {
                return Ok(None);
            };
            let pages = match task.await {
                Ok(pages) => pages?,
                // Nobody aborts it while it is awaited, so it can only have panicked.
                Err(error) => std::panic::resume_unwind(error.into_panic()),
            };
            for (piece, page) in step.iter().zip(pages) {
                let page = page?;
                if let Some(window) = self.window_after(piece, &page) {
                    self.steps.push_back(vec![Piece { window, ..*piece }]);
                }
                self.ready.push_back(page);
            }
            self.ask_ahead();
        }
    }

    /// Sends the next requests, if there are any.
    fn ask_ahead(&mut self) {
        while self.ahead.len() < AHEAD
            && let Some(step) = self.steps.pop_front()
        {
            let windows: Vec<_> = step
                .iter()
                .map(|piece| (Selection::all(piece.entity), piece.window))
                .collect();
            let client = self.client.clone();
            let task = tokio::spawn(async move { client.read_windows(&windows).await });
            self.ahead.push_back(Ahead {
                step,
                task: AbortOnDropHandle::new(task),
            });
        }
    }

    /// What has to be read of an entity after what was its last window.
    fn window_after(&mut self, piece: &Piece, page: &Page) -> Option<Window> {
        let page_rows = self.client.config().page_rows;
        if let Some(missing) = self.missing.get_mut(&piece.entity) {
            let lost: usize = page.unreadable.iter().map(|one| one.rows).sum();
            *missing = missing.saturating_sub(page.rows.len() + lost);
        }
        if !piece.last {
            return None;
        }
        if let Some(next) = page.next {
            return Some(Window {
                start: next.start,
                rows: page_rows,
            });
        }
        let missing = self.missing.remove(&piece.entity)?;
        (missing > 0).then(|| Window::first(page_rows))
    }
}
