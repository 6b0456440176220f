//! The first load: everything, with as few metered requests as the limits allow.

use std::collections::{BTreeMap, VecDeque};

use futures_util::stream::{self, Stream};
use jiff::Timestamp;
use ledgerpost_core::source::Company;
use serde::Deserialize;
use tokio_util::task::AbortOnDropHandle;

use crate::client::Client;
use crate::convert;
use crate::entity::Entity;
use crate::error::{Error, Trace};
use crate::page::{Page, Rows};
use crate::query::{Query, Selection, Window};
use crate::reply;
use crate::wire::{CompanyInfo, Preferences};

/// The company and how much it holds.
#[derive(Debug)]
pub struct Overview {
    /// The company.
    pub company: Company,
    /// How many rows there are, inactive ones included.
    pub counts: BTreeMap<Entity, usize>,
    /// The types of customers; nothing when the service did not tell this time.
    pub customer_types: Option<Vec<CustomerType>>,
    /// The first rows of entities that a company has few of.
    pub begun: Vec<Page>,
    /// When the request arrived at the service. Taken before a load, it is the cursor to read changes
    /// from afterwards.
    pub time: Timestamp,
}

/// Entities that a company has few of, and whose first rows the overview brings along.
const FEW: [Entity; 4] = [
    Entity::Item,
    Entity::CreditMemo,
    Entity::RefundReceipt,
    Entity::Payment,
];
/// How many rows the overview brings of each: together as many as a batch may hold
/// (`quickbooks-online.md` 7), less the company and its types of customers.
const FIRST_ROWS: usize = 240;

/// A type of customers, as the company named it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CustomerType {
    /// Its id.
    #[serde(rename = "Id")]
    pub id: String,
    /// Its name.
    #[serde(rename = "Name")]
    pub name: String,
}

/// An item of the overview's batch.
enum Part {
    Company(Box<CompanyInfo>),
    Preferences(Preferences),
    Count(usize),
    Types(Vec<CustomerType>),
    Begun(Page),
}

impl Client {
    /// Reads the company, its preferences, the types of customers, the number of rows of each entity and
    /// the first rows of those that a company has few of, in one request.
    pub async fn read_overview(&self, entities: &[Entity]) -> Result<Overview, Error> {
        let mut queries = vec![Query::company_info(), Query::preferences()];
        queries.extend(
            entities
                .iter()
                .map(|entity| Selection::all(*entity).count()),
        );
        let types_at = queries.len();
        queries.push(Query::customer_types());
        let windows = self.first_windows(entities);
        queries.extend(windows.iter().map(|(few, window)| few.rows(*window)));
        let mut time = self.now();
        let parts = self
            .send_batch(&queries, |position, group, time, answer| {
                let trace = &answer.trace;
                let part = match position {
                    0 => Part::Company(Box::new(only(group, "CompanyInfo", trace)?)),
                    1 => Part::Preferences(only(group, "Preferences", trace)?),
                    types if types == types_at => Part::Types(customer_types(group, trace)?),
                    first if first > types_at => {
                        let (selection, window) = &windows[first - types_at - 1];
                        let entity = selection.entity();
                        let rows = Rows::read(group, entity, answer)?;
                        Part::Begun(rows.into_page(entity, *window, time))
                    }
                    _ => Part::Count(reply::total(group, trace)?),
                };
                Ok((part, time))
            })
            .await?;
        let (mut info, mut preferences, mut totals) = (None, None, Vec::new());
        let (mut types, mut begun) = (None, Vec::new());
        for (position, part) in parts.into_iter().enumerate() {
            match part {
                Ok((part, arrived)) => {
                    time = time.min(arrived);
                    match part {
                        Part::Company(company) => info = Some(*company),
                        Part::Preferences(read) => preferences = Some(read),
                        Part::Count(total) => totals.push(total),
                        Part::Types(read) => types = Some(read),
                        Part::Begun(page) => begun.push(page),
                    }
                }
                // Both have an address of their own as well.
                Err(_) if position < 2 => {}
                // Names for showing are no reason to fail, and rows are read again by the load.
                Err(_) if position >= types_at => {}
                Err(error) => return Err(error),
            }
        }
        let info = match info {
            Some(info) => info,
            None => self.read_company_info().await?,
        };
        let preferences = match preferences {
            Some(preferences) => preferences,
            None => {
                self.send_query(&Query::preferences(), |group, _, answer| {
                    only(group, "Preferences", &answer.trace)
                })
                .await?
            }
        };
        Ok(Overview {
            company: convert::company(self.realm(), info, preferences),
            counts: entities.iter().copied().zip(totals).collect(),
            customer_types: types,
            begun,
            time,
        })
    }

    /// Reads the types of customers: a customer names its type by id alone.
    pub async fn read_customer_types(&self) -> Result<Vec<CustomerType>, Error> {
        self.send_query(&Query::customer_types(), |group, _, answer| {
            customer_types(group, &answer.trace)
        })
        .await
    }

    fn first_windows(&self, entities: &[Entity]) -> Vec<(Selection, Window)> {
        let config = self.config();
        let share = config.batch_objects_limit.map(|limit| limit / FEW.len());
        let rows = FIRST_ROWS
            .min(config.page_rows)
            .min(share.unwrap_or(FIRST_ROWS));
        FEW.into_iter()
            .filter(|entity| rows > 0 && entities.contains(entity))
            .map(|entity| (Selection::all(entity), Window::first(rows)))
            .collect()
    }

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

fn customer_types(group: &reply::Group<'_>, trace: &Trace) -> Result<Vec<CustomerType>, Error> {
    reply::array(group, "CustomerType", trace)?
        .iter()
        .map(|raw| reply::parse(raw.get(), trace))
        .collect()
}

fn only<T: serde::de::DeserializeOwned>(
    group: &reply::Group<'_>,
    name: &str,
    trace: &crate::error::Trace,
) -> Result<T, Error> {
    let values = reply::array(group, name, trace)?;
    let text = values.first().map_or("", |raw| raw.get());
    reply::parse(text, trace)
}

/// A window of one entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    entity: Entity,
    window: Window,
    /// Whether it is the entity's last, so that it has to come short.
    last: bool,
}

/// One request.
type Step = Vec<Piece>;

/// How many requests are under way while a page is looked at.
const AHEAD: usize = 1;

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

/// Which windows go into which request, for the entities that are read on `from` a row.
fn steps(
    counts: &BTreeMap<Entity, usize>,
    from: &BTreeMap<Entity, usize>,
    page_rows: usize,
    objects_limit: Option<usize>,
    items_limit: usize,
) -> VecDeque<Step> {
    let page_rows = page_rows.max(1);
    let mut steps = VecDeque::new();
    let mut shared = Shared::new(objects_limit.map(|limit| limit.max(1)), items_limit.max(1));
    for (entity, &first) in from {
        let entity = *entity;
        let rows = counts[&entity] + 1;
        for start in (first..=rows.max(first)).step_by(page_rows) {
            let window = Window {
                start,
                rows: page_rows.min((rows + 1).saturating_sub(start).max(1)),
            };
            let piece = Piece {
                entity,
                window,
                last: window.end() > rows,
            };
            // A page that fills a batch alone is better read by a query.
            if objects_limit.is_some_and(|limit| window.rows >= limit.min(page_rows)) {
                steps.push_back(vec![piece]);
            } else {
                shared.add(piece);
            }
        }
    }
    steps.extend(shared.steps);
    steps
}

/// Fills batches to their limits, cutting windows where a batch is full.
struct Shared {
    objects_limit: Option<usize>,
    items_limit: usize,
    steps: Vec<Step>,
    objects: usize,
}

impl Shared {
    const fn new(objects_limit: Option<usize>, items_limit: usize) -> Self {
        Self {
            objects_limit,
            items_limit,
            steps: Vec::new(),
            objects: 0,
        }
    }

    fn add(&mut self, piece: Piece) {
        let room = self
            .objects_limit
            .map_or(usize::MAX, |limit| limit - self.objects);
        let full = self
            .steps
            .last()
            .is_none_or(|step| step.len() >= self.items_limit);
        if full || room == 0 {
            self.steps.push(Vec::new());
            self.objects = 0;
            return self.add_to_last(piece, self.objects_limit.unwrap_or(usize::MAX));
        }
        self.add_to_last(piece, room);
    }

    fn add_to_last(&mut self, piece: Piece, room: usize) {
        let rows = piece.window.rows.min(room);
        let rest = piece.window.rows - rows;
        let last = piece.last && rest == 0;
        let window = Window {
            start: piece.window.start,
            rows,
        };
        self.objects += rows;
        if let Some(step) = self.steps.last_mut() {
            step.push(Piece {
                window,
                last,
                ..piece
            });
        }
        if rest > 0 {
            self.add(Piece {
                window: Window {
                    start: window.end(),
                    rows: rest,
                },
                ..piece
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn counts(of: &[(Entity, usize)]) -> BTreeMap<Entity, usize> {
        of.iter().copied().collect()
    }

    #[test]
    fn a_shop_of_two_thousand_customers_takes_few_requests() {
        let shop = counts(&[
            (Entity::Customer, 2000),
            (Entity::Item, 200),
            (Entity::Invoice, 2800),
            (Entity::SalesReceipt, 900),
            (Entity::CreditMemo, 200),
            (Entity::RefundReceipt, 100),
            (Entity::Payment, 1500),
        ]);
        let all = shop.keys().map(|entity| (*entity, 1)).collect();
        assert_eq!(steps(&shop, &all, 1000, Some(1000), 30).len(), 8);
        assert_eq!(steps(&shop, &all, 1000, None, 30).len(), 1);
        let mut rest = all;
        rest.retain(|entity, _| !FEW.contains(entity));
        rest.insert(Entity::Payment, 241);
        // One more for the overview: 8 in all.
        assert_eq!(steps(&shop, &rest, 1000, Some(1000), 30).len(), 7);
    }

    proptest! {
        #[test]
        fn every_row_and_one_more_is_asked_for_once_within_the_limits(
            rows in prop::collection::vec(0usize..5000, 7),
            begun in prop::collection::vec(0usize..300, 7),
            page_rows in 1usize..=1000,
            limit in prop::option::of(1usize..1500),
            items in 1usize..=30,
        ) {
            // Many tiny windows would only make the test slow.
            prop_assume!(page_rows >= 50 && limit.is_none_or(|limit| limit >= 50));
            let counts: BTreeMap<_, _> = Entity::ALL.into_iter().zip(rows).collect();
            let from: BTreeMap<_, _> = counts
                .iter()
                .zip(begun)
                .map(|((entity, count), begun)| (*entity, begun.min(*count) + 1))
                .collect();
            let steps = steps(&counts, &from, page_rows, limit, items);
            let mut next = from;
            let mut pieces: Vec<Piece> = Vec::new();
            for step in &steps {
                prop_assert!(!step.is_empty() && step.len() <= items);
                let asked: usize = step.iter().map(|piece| piece.window.rows).sum();
                prop_assert!(step.len() == 1 || limit.is_none_or(|limit| asked <= limit));
                pieces.extend(step);
            }
            pieces.sort_by_key(|piece| (piece.entity, piece.window.start));
            for piece in pieces {
                prop_assert!(piece.window.rows >= 1 && piece.window.rows <= page_rows);
                let expected = next[&piece.entity];
                prop_assert_eq!(piece.window.start, expected);
                next.insert(piece.entity, piece.window.end());
                prop_assert_eq!(piece.last, piece.window.end() == counts[&piece.entity] + 2);
            }
            for (entity, count) in &counts {
                prop_assert_eq!(next[entity], count + 2);
            }
        }
    }
}
