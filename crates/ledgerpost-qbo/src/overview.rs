//! The company and how much it holds, in one request.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ledgerpost_core::source::Company;
use serde::Deserialize;

use crate::client::{Answer, Client};
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
pub(crate) const FEW: [Entity; 4] = [
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

/// What the batch brought.
#[derive(Default)]
struct Found {
    info: Option<CompanyInfo>,
    preferences: Option<Preferences>,
    totals: Vec<usize>,
    types: Option<Vec<CustomerType>>,
    begun: Vec<Page>,
}

impl Found {
    fn take(&mut self, part: Part) {
        match part {
            Part::Company(company) => self.info = Some(*company),
            Part::Preferences(read) => self.preferences = Some(read),
            Part::Count(total) => self.totals.push(total),
            Part::Types(read) => self.types = Some(read),
            Part::Begun(page) => self.begun.push(page),
        }
    }
}

/// What the batch asks for, in its order: the company, its preferences, a count of each entity, the
/// types of customers, and the first rows.
struct Asked {
    queries: Vec<Query>,
    types_at: usize,
    windows: Vec<(Selection, Window)>,
}

impl Asked {
    fn new(entities: &[Entity], windows: Vec<(Selection, Window)>) -> Self {
        let mut queries = vec![Query::company_info(), Query::preferences()];
        queries.extend(
            entities
                .iter()
                .map(|entity| Selection::all(*entity).count()),
        );
        let types_at = queries.len();
        queries.push(Query::customer_types());
        queries.extend(windows.iter().map(|(few, window)| few.rows(*window)));
        Self {
            queries,
            types_at,
            windows,
        }
    }

    fn read(
        &self,
        position: usize,
        group: &reply::Group<'_>,
        time: Timestamp,
        answer: &Answer,
    ) -> Result<Part, Error> {
        let trace = &answer.trace;
        Ok(match position {
            0 => Part::Company(Box::new(only(group, "CompanyInfo", trace)?)),
            1 => Part::Preferences(only(group, "Preferences", trace)?),
            types if types == self.types_at => Part::Types(customer_types(group, trace)?),
            first if first > self.types_at => {
                let (selection, window) = &self.windows[first - self.types_at - 1];
                let entity = selection.entity();
                let rows = Rows::read(group, entity, answer)?;
                Part::Begun(rows.into_page(entity, *window, time))
            }
            _ => Part::Count(reply::total(group, trace)?),
        })
    }

    /// Whether an overview can be made without the answer at this position.
    const fn may_fail(&self, position: usize) -> bool {
        // Company and preferences have an address of their own as well. Names for showing are no reason
        // to fail, and rows are read again by the load.
        position < 2 || position >= self.types_at
    }
}

impl Client {
    /// Reads the company, its preferences, the types of customers, the number of rows of each entity and
    /// the first rows of those that a company has few of, in one request.
    pub async fn read_overview(&self, entities: &[Entity]) -> Result<Overview, Error> {
        let asked = Asked::new(entities, self.first_windows(entities));
        let mut time = self.now();
        let parts = self
            .send_batch(&asked.queries, |position, group, time, answer| {
                Ok((asked.read(position, group, time, answer)?, time))
            })
            .await?;
        let mut found = Found::default();
        for (position, part) in parts.into_iter().enumerate() {
            match part {
                Ok((part, arrived)) => {
                    time = time.min(arrived);
                    found.take(part);
                }
                Err(_) if asked.may_fail(position) => {}
                Err(error) => return Err(error),
            }
        }
        let info = match found.info {
            Some(info) => info,
            None => self.read_company_info().await?,
        };
        let preferences = match found.preferences {
            Some(preferences) => preferences,
            None => self.read_preferences().await?,
        };
        Ok(Overview {
            company: convert::company(self.realm(), info, preferences),
            counts: entities.iter().copied().zip(found.totals).collect(),
            customer_types: found.types,
            begun: found.begun,
            time,
        })
    }

    async fn read_preferences(&self) -> Result<Preferences, Error> {
        self.send_query(&Query::preferences(), |group, _, answer| {
            only(group, "Preferences", &answer.trace)
        })
        .await
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
    trace: &Trace,
) -> Result<T, Error> {
    let values = reply::array(group, name, trace)?;
    let text = values.first().map_or("", |raw| raw.get());
    reply::parse(text, trace)
}
