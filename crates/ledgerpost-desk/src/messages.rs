//! The stream of messages: always the newest state, however slow the reader is.
//!
//! Nothing is queued. Whoever works replaces the state; each reader compares it with what it saw
//! last and is told the difference, at most ten times a second.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, BoxStream, StreamExt as _};
use ledgerpost_ipc::Message;
use ledgerpost_ipc::work::{Place, Topic, Work, WorkState};
use tokio::sync::watch;

/// The shortest time between two messages to one reader.
const BEAT: Duration = Duration::from_millis(100);
const TOPICS: [Topic; 4] = [Topic::Start, Topic::Home, Topic::Contacts, Topic::Activity];

#[derive(Debug, Clone, Default)]
struct Newest {
    work: Option<Work>,
    /// Counts up with each change.
    work_version: u64,
    /// Counts up with each change, for each of [`TOPICS`].
    topics: [u64; TOPICS.len()],
    place: Option<Place>,
    /// Counts up with each request.
    place_version: u64,
}

/// Where messages go. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Outbox {
    newest: Arc<watch::Sender<Newest>>,
}

impl Outbox {
    pub(crate) fn new() -> Self {
        Self {
            newest: Arc::new(watch::Sender::new(Newest::default())),
        }
    }

    /// The work as it stands now.
    pub(crate) fn work(&self, work: Work) {
        self.newest.send_modify(|newest| {
            newest.work = Some(work);
            newest.work_version += 1;
        });
    }

    /// Forgets work that is over.
    pub(crate) fn no_work(&self) {
        self.newest.send_modify(|newest| {
            newest.work = None;
            newest.work_version += 1;
        });
    }

    /// The work of this number was asked to stop.
    pub(crate) fn stopping(&self, id: u32) {
        self.newest.send_if_modified(|newest| {
            let Some(work) = newest.work.as_mut().filter(|work| work.id == id) else {
                return false;
            };
            let (WorkState::Running { progress } | WorkState::Paused { progress }) = &work.state
            else {
                return false;
            };
            work.state = WorkState::Stopping {
                progress: progress.clone(),
            };
            newest.work_version += 1;
            true
        });
    }

    /// Something changed that a window may be showing.
    pub(crate) fn changed(&self, topics: &[Topic]) {
        self.newest.send_modify(|newest| {
            for (count, topic) in newest.topics.iter_mut().zip(TOPICS) {
                *count += u64::from(topics.contains(&topic));
            }
        });
    }

    /// Something outside of the window asked it to go to a place.
    pub(crate) fn open(&self, place: Place) {
        self.newest.send_modify(|newest| {
            newest.place = Some(place);
            newest.place_version += 1;
        });
    }

    /// The messages, beginning with a snapshot. Ends with the desk.
    pub(crate) fn stream(&self) -> BoxStream<'static, Message> {
        let mut newest = self.newest.subscribe();
        let seen = newest.borrow_and_update().clone();
        let snapshot = Message::Snapshot {
            work: seen.work.clone(),
        };
        let reader = Reader {
            newest,
            seen,
            waiting: VecDeque::from([snapshot]),
        };
        stream::unfold(reader, |mut reader| async move {
            let message = reader.next().await?;
            Some((message, reader))
        })
        .boxed()
    }
}

struct Reader {
    newest: watch::Receiver<Newest>,
    seen: Newest,
    waiting: VecDeque<Message>,
}

impl Reader {
    async fn next(&mut self) -> Option<Message> {
        loop {
            if let Some(message) = self.waiting.pop_front() {
                return Some(message);
            }
            self.newest.changed().await.ok()?;
            tokio::time::sleep(BEAT).await;
            let now = self.newest.borrow_and_update().clone();
            self.waiting.extend(difference(&self.seen, &now));
            self.seen = now;
        }
    }
}

fn difference(seen: &Newest, now: &Newest) -> Vec<Message> {
    let mut messages = Vec::new();
    if seen.work_version != now.work_version {
        messages.push(match &now.work {
            Some(work) => Message::Work { work: work.clone() },
            None => Message::Snapshot { work: None },
        });
    }
    let topics: Vec<Topic> = TOPICS
        .into_iter()
        .enumerate()
        .filter(|(at, _)| seen.topics[*at] != now.topics[*at])
        .map(|(_, topic)| topic)
        .collect();
    if !topics.is_empty() {
        messages.push(Message::Changed { topics });
    }
    if seen.place_version != now.place_version
        && let Some(place) = now.place
    {
        messages.push(Message::Open { place });
    }
    messages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_slow_reader_gets_the_newest_state_and_misses_no_topic() {
        let outbox = Outbox::new();
        let mut messages = outbox.stream();
        assert_eq!(
            messages.next().await,
            Some(Message::Snapshot { work: None })
        );
        for _ in 0..1000 {
            outbox.changed(&[Topic::Home]);
        }
        outbox.changed(&[Topic::Contacts]);
        outbox.open(Place::Settings);
        assert_eq!(
            messages.next().await,
            Some(Message::Changed {
                topics: vec![Topic::Home, Topic::Contacts]
            })
        );
        assert_eq!(
            messages.next().await,
            Some(Message::Open {
                place: Place::Settings
            })
        );
        drop(outbox);
        assert_eq!(messages.next().await, None, "it ends with the desk");
    }
}
