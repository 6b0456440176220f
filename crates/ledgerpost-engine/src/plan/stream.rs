//! Sorted mirrors as streams.

use ledgerpost_core::ports::Mirror;

/// Rows for each read: large enough that the reads do not count, small enough not to weigh.
const PAGE: usize = 500;

/// A method of [`Mirror`] that reads a page: rows after a key, so many at most.
type Read<M, T, K> = fn(&M, Option<&K>, usize) -> Result<Vec<T>, <M as Mirror>::Error>;

/// The rows of one table in the order of their keys, read page by page.
pub(super) struct Rows<'m, M: Mirror, T, K> {
    mirror: &'m M,
    read: Read<M, T, K>,
    key: fn(&T) -> &K,
    page: std::vec::IntoIter<T>,
    last: Option<K>,
    ended: bool,
}

impl<'m, M: Mirror, T, K: Clone> Rows<'m, M, T, K> {
    /// All rows of a table.
    pub(super) fn new(mirror: &'m M, read: Read<M, T, K>, key: fn(&T) -> &K) -> Self {
        Self {
            mirror,
            read,
            key,
            page: Vec::new().into_iter(),
            last: None,
            ended: false,
        }
    }
}

impl<M: Mirror, T, K: Clone> Iterator for Rows<'_, M, T, K> {
    type Item = Result<T, M::Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(row) = self.page.next() {
            return Some(Ok(row));
        }
        if self.ended {
            return None;
        }
        match (self.read)(self.mirror, self.last.as_ref(), PAGE) {
            Ok(rows) => {
                self.ended = rows.len() < PAGE;
                self.last = rows.last().map(|row| (self.key)(row).clone());
                self.page = rows.into_iter();
                self.page.next().map(Ok)
            }
            Err(error) => {
                self.ended = true;
                Some(Err(error))
            }
        }
    }
}
