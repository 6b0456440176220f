//! Rows that keep the order they came in and are found and removed by key without a scan.

use std::collections::{BTreeMap, HashMap};

/// A keyed collection in order of insertion; every operation is at most logarithmic.
#[derive(Debug)]
pub(crate) struct Shelf<T> {
    next: u64,
    rows: BTreeMap<u64, (String, T)>,
    places: HashMap<String, u64>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self {
            next: 0,
            rows: BTreeMap::new(),
            places: HashMap::new(),
        }
    }
}

impl<T> Shelf<T> {
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn contains(&self, key: &str) -> bool {
        self.places.contains_key(key)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&T> {
        self.rows.get(self.places.get(key)?).map(|(_, row)| row)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut T> {
        self.rows.get_mut(self.places.get(key)?).map(|(_, row)| row)
    }

    /// Adds a row at the end, or replaces the one with this key where it stands.
    pub(crate) fn put(&mut self, key: &str, row: T) {
        if let Some(place) = self.places.get(key) {
            self.rows.insert(*place, (key.to_owned(), row));
            return;
        }
        self.places.insert(key.to_owned(), self.next);
        self.rows.insert(self.next, (key.to_owned(), row));
        self.next += 1;
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<T> {
        let place = self.places.remove(key)?;
        self.rows.remove(&place).map(|(_, row)| row)
    }

    /// Gives a row a new key and leaves it where it stands.
    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        if let Some(place) = self.places.remove(from) {
            self.places.insert(to.to_owned(), place);
            if let Some((key, _)) = self.rows.get_mut(&place) {
                to.clone_into(key);
            }
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.rows.values().map(|(key, row)| (key.as_str(), row))
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.rows.values_mut().map(|(_, row)| row)
    }
}

#[cfg(test)]
mod tests {
    use super::Shelf;

    #[test]
    fn keeps_order_through_replacing_renaming_and_removing() {
        let mut shelf = Shelf::default();
        for key in ["a", "b", "c"] {
            shelf.put(key, key.to_owned());
        }
        shelf.put("a", "again".to_owned());
        shelf.rename("b", "z");
        shelf.remove("c");
        let rows: Vec<_> = shelf.iter().map(|(key, row)| (key, row.as_str())).collect();
        assert_eq!(rows, [("a", "again"), ("z", "b")]);
        assert!(!shelf.contains("b"));
    }
}
