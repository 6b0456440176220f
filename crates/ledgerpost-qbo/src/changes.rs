//! Change data capture, and what to do beyond its limits (`quickbooks-online.md` 6).

use std::collections::{BTreeMap, HashSet, VecDeque};

use futures_util::stream::{self, Stream};
use jiff::{SignedDuration, Timestamp};

use crate::client::{Answer, Client};
use crate::entity::Entity;
use crate::error::Error;
use crate::fault::Fault;
use crate::page::Page;
use crate::query::{Selection, Window, moment};
use crate::reply::{self, ChangesReply, Group};
use crate::row::{Deleted, Parsed, Row, Unreadable};

const CDC: &str = "/v3/company/{realm}/cdc";
/// How old a cursor may be. The service looks back 30 days; a day is kept in hand.
pub const MAX_CHANGES_AGE: SignedDuration = SignedDuration::from_hours(29 * 24);
/// Timestamps are to the second and rows become visible late: the next reading starts this much
/// before the last one.
const OVERLAP: SignedDuration = SignedDuration::from_mins(2);
/// How many ids one query asks for.
const IDS_PER_QUERY: usize = 100;

/// Where the next reading of changes starts, after one whose first answer had this time.
pub fn overlapped(time: Timestamp) -> Timestamp {
    time.saturating_sub(OVERLAP)
        .expect("a duration without calendar units can be subtracted")
}

/// What change data capture said.
#[derive(Debug)]
pub enum ChangeFeed {
    /// Everything that changed.
    Complete(Changes),
    /// As much as fits into one answer; there may be more.
    Capped(Changes),
    /// The service does not look back that far: read everything.
    TooOld,
}

/// Records that changed.
#[derive(Debug)]
pub struct Changes {
    /// Created or changed, as they are now; inactive ones included.
    pub rows: Vec<Row>,
    /// Gone.
    pub deleted: Vec<Deleted>,
    /// Changed, but could not be had.
    pub unreadable: Vec<Unreadable>,
    /// Kinds for which deletions could not be listed: compare all their ids with a full load.
    pub unlisted_deletions: Vec<Entity>,
    /// When the first request arrived at the service: the next cursor, less [`overlapped`].
    pub time: Timestamp,
}

impl Changes {
    const fn none(time: Timestamp) -> Self {
        Self {
            rows: Vec::new(),
            deleted: Vec::new(),
            unreadable: Vec::new(),
            unlisted_deletions: Vec::new(),
            time,
        }
    }

    fn len(&self) -> usize {
        self.rows.len() + self.deleted.len() + self.unreadable.len()
    }
}

impl Client {
    /// Reads what changed since a moment, in one request. Deletions are as the service claims; see
    /// [`Self::gather_changes`] for confirmed ones.
    pub async fn read_changes(
        &self,
        entities: &[Entity],
        since: Timestamp,
    ) -> Result<ChangeFeed, Error> {
        let asked = self.now();
        if asked.duration_since(since) > MAX_CHANGES_AGE {
            return Ok(ChangeFeed::TooOld);
        }
        let names: Vec<_> = entities.iter().map(|entity| entity.name()).collect();
        let url = self.url(
            &["cdc"],
            &[
                ("entities", &names.join(",")),
                ("changedSince", &moment(since)),
            ],
        );
        let answer = match self.read(url, CDC).await {
            Err(Error::ChangesTooOld) => return Ok(ChangeFeed::TooOld),
            other => other?,
        };
        match parse(&answer, entities, asked) {
            Err(Error::ChangesTooOld) => Ok(ChangeFeed::TooOld),
            Ok(changes) if changes.len() >= self.config().changes_limit => {
                Ok(ChangeFeed::Capped(changes))
            }
            other => other.map(ChangeFeed::Complete),
        }
    }

    /// Streams everything that changed since a moment, however much it is.
    ///
    /// One request if all goes well. An answer at its limit, or one that a bad record spoils, is asked
    /// for again by entity, and where that does not help either, by pages of a query. Deletions are
    /// confirmed, since records have been reported deleted that were only updated. The stream has at
    /// least one item; the `time` of all is the next cursor. [`Error::ChangesTooOld`] asks for a full
    /// load.
    pub fn gather_changes(
        &self,
        entities: &[Entity],
        since: Timestamp,
    ) -> impl Stream<Item = Result<Changes, Error>> + Send + use<> {
        let state = Gathering {
            client: self.clone(),
            since,
            tasks: VecDeque::from([Task::Feed(entities.to_vec())]),
            time: None,
        };
        stream::try_unfold(state, |mut gathering| async move {
            Ok(gathering.next().await?.map(|changes| (changes, gathering)))
        })
    }

    /// Looks up the records that are said to be deleted, and takes those that are still there as
    /// changed.
    async fn confirm_deletions(&self, mut changes: Changes) -> Result<Changes, Error> {
        let mut ids: BTreeMap<Entity, Vec<String>> = BTreeMap::new();
        for deleted in &changes.deleted {
            ids.entry(deleted.entity)
                .or_default()
                .push(deleted.id.clone());
        }
        let windows: Vec<_> = ids
            .iter()
            .flat_map(|(entity, ids)| {
                ids.chunks(IDS_PER_QUERY).map(|ids| {
                    (
                        Selection::ids(*entity, ids.to_vec()),
                        Window::first(ids.len()),
                    )
                })
            })
            .collect();
        if windows.is_empty() {
            return Ok(changes);
        }
        let mut there = HashSet::new();
        let mut unsure = HashSet::new();
        for page in self.read_windows(&windows).await? {
            let page = page?;
            // A record that cannot be read is there; which one it is cannot be known.
            if !page.unreadable.is_empty() && unsure.insert(page.entity) {
                changes.unlisted_deletions.push(page.entity);
            }
            changes.unreadable.extend(page.unreadable);
            for row in page.rows {
                there.insert((row.entity, row.id.clone()));
                changes.rows.push(row);
            }
        }
        changes.deleted.retain(|deleted| {
            !unsure.contains(&deleted.entity)
                && !there.contains(&(deleted.entity, deleted.id.clone()))
        });
        Ok(changes)
    }
}

/// What is left to ask for.
enum Task {
    /// The change feed of these entities.
    Feed(Vec<Entity>),
    /// A window of the rows that changed; their deletions are not known.
    Query(Selection, Window),
}

struct Gathering {
    client: Client,
    since: Timestamp,
    tasks: VecDeque<Task>,
    /// That of the first answer.
    time: Option<Timestamp>,
}

impl Gathering {
    async fn next(&mut self) -> Result<Option<Changes>, Error> {
        while let Some(task) = self.tasks.pop_front() {
            let found = match task {
                Task::Feed(entities) => self.read_feed(&entities).await?,
                Task::Query(selection, window) => {
                    let page = self.client.read_page(&selection, window).await?;
                    Some(self.take_page(selection, page))
                }
            };
            if let Some(mut changes) = found {
                changes.time = *self.time.get_or_insert(changes.time);
                return Ok(Some(changes));
            }
        }
        Ok(None)
    }

    async fn read_feed(&mut self, entities: &[Entity]) -> Result<Option<Changes>, Error> {
        let (time, deleted) = match self.client.read_changes(entities, self.since).await {
            Ok(ChangeFeed::Complete(changes)) => {
                return self.client.confirm_deletions(changes).await.map(Some);
            }
            Ok(ChangeFeed::TooOld) => return Err(Error::ChangesTooOld),
            Ok(ChangeFeed::Capped(changes)) => (Some(changes.time), changes.deleted),
            Err(error) if error.is_divisible() => (None, Vec::new()),
            Err(error) => return Err(error),
        };
        if let Some(time) = time {
            self.time.get_or_insert(time);
        }
        let [entity] = entities else {
            let each = entities.iter().map(|entity| Task::Feed(vec![*entity]));
            self.tasks.extend(each);
            return Ok(None);
        };
        let selection = Selection::updated_since(*entity, self.since);
        let window = Window::first(self.client.config().page_rows);
        self.tasks.push_back(Task::Query(selection, window));
        let listed = Changes {
            deleted,
            unlisted_deletions: vec![*entity],
            ..Changes::none(time.unwrap_or_else(|| self.client.now()))
        };
        if listed.deleted.is_empty() && self.time.is_none() {
            // Nothing has an honest time yet: the query's answer will.
            return Ok(None);
        }
        self.client.confirm_deletions(listed).await.map(Some)
    }

    fn take_page(&mut self, selection: Selection, page: Page) -> Changes {
        let entity = selection.entity();
        if let Some(next) = page.next {
            self.tasks.push_front(Task::Query(selection, next));
        }
        Changes {
            rows: page.rows,
            unreadable: page.unreadable,
            unlisted_deletions: vec![entity],
            ..Changes::none(page.time)
        }
    }
}

fn parse(answer: &Answer, entities: &[Entity], asked: Timestamp) -> Result<Changes, Error> {
    let text = reply::text(&answer.body);
    let reply: ChangesReply<'_> = reply::parse(&text, &answer.trace)?;
    let mut changes = Changes::none(reply.time.unwrap_or(asked));
    for part in reply.parts {
        if let Some(fault) = part.fault {
            return Err(Fault::from(fault).into_error(200, None, answer.trace.clone()));
        }
        for group in &part.groups {
            add_group(&mut changes, group, entities, answer)?;
        }
    }
    Ok(changes)
}

/// Adds the records of one group; an entity without changes has an empty one.
fn add_group(
    changes: &mut Changes,
    group: &Group<'_>,
    entities: &[Entity],
    answer: &Answer,
) -> Result<(), Error> {
    for entity in entities {
        for raw in reply::records(group, *entity, &answer.trace)? {
            match Parsed::new(*entity, raw, &answer.body) {
                Parsed::Row(row) => changes.rows.push(row),
                Parsed::Deleted(deleted) => changes.deleted.push(deleted),
                Parsed::Malformed(unreadable) => changes.unreadable.push(Unreadable {
                    trace: answer.trace.clone(),
                    ..unreadable
                }),
            }
        }
    }
    Ok(())
}
