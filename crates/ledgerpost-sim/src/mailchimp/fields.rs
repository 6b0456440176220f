//! `fields` and `exclude_fields`: comma separated, dotted, through arrays (`mailchimp.md` 2.2).

use std::collections::BTreeMap;

use serde_json::Value;

/// Keys that an answer may lack though they are in the contract (3.3, 3.4).
const OPTIONAL: [&str; 6] = [
    "interests",
    "marketing_permissions",
    "ecommerce_data",
    "unsubscribe_reason",
    "last_note",
    "total_contacts",
];

#[derive(Debug, Default)]
struct Tree {
    whole: bool,
    children: BTreeMap<String, Tree>,
}

impl Tree {
    fn parse(list: &str) -> Self {
        let mut root = Self::default();
        for path in list
            .split(',')
            .map(str::trim)
            .filter(|path| !path.is_empty())
        {
            let mut node = &mut root;
            for part in path.split('.') {
                node = node.children.entry(part.to_owned()).or_default();
            }
            node.whole = true;
        }
        root
    }

    fn keep(&self, value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.retain(|key, _| self.children.contains_key(key));
                for (key, child) in &self.children {
                    if let (false, Some(inner)) = (child.whole, map.get_mut(key)) {
                        child.keep(inner);
                    }
                }
            }
            Value::Array(rows) => rows.iter_mut().for_each(|row| self.keep(row)),
            _ => {}
        }
    }

    fn drop_from(&self, value: &mut Value) {
        match value {
            Value::Object(map) => {
                for (key, child) in &self.children {
                    if child.whole {
                        map.remove(key);
                    } else if let Some(inner) = map.get_mut(key) {
                        child.drop_from(inner);
                    }
                }
            }
            Value::Array(rows) => rows.iter_mut().for_each(|row| self.drop_from(row)),
            _ => {}
        }
    }

    fn unknown(&self, value: &Value, path: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                for (key, child) in &self.children {
                    let here = format!("{path}{key}");
                    match map.get(key) {
                        Some(inner) if !child.whole => {
                            child.unknown(inner, &format!("{here}."), found);
                        }
                        None if !OPTIONAL.contains(&key.as_str()) => found.push(here),
                        Some(_) | None => {}
                    }
                }
            }
            Value::Array(rows) => {
                if let Some(row) = rows.first() {
                    self.unknown(row, path, found);
                }
            }
            _ => {}
        }
    }
}

/// What a reader asked to see.
#[derive(Debug)]
pub(crate) struct Selection {
    keep: Option<Tree>,
    without: Option<Tree>,
}

impl Selection {
    pub(crate) fn new(fields: Option<&str>, exclude: Option<&str>) -> Self {
        Self {
            keep: fields.map(Tree::parse),
            without: exclude.map(Tree::parse),
        }
    }

    /// Whether anything below the dotted path may end up in the answer; saves building the rest.
    pub(crate) fn wants(&self, path: &[&str]) -> bool {
        let mut kept = self.keep.as_ref();
        let mut dropped = self.without.as_ref();
        let mut all = kept.is_none();
        for part in path {
            if !all {
                match kept.and_then(|tree| tree.children.get(*part)) {
                    Some(tree) if tree.whole => all = true,
                    Some(tree) => kept = Some(tree),
                    None => return false,
                }
            }
            dropped = dropped.and_then(|tree| tree.children.get(*part));
            if dropped.is_some_and(|tree| tree.whole) {
                return false;
            }
        }
        true
    }

    pub(crate) fn apply(&self, value: &mut Value) {
        if let Some(keep) = &self.keep {
            keep.keep(value);
        }
        if let Some(without) = &self.without {
            without.drop_from(value);
        }
    }

    /// Asked-for paths that the answer does not have.
    pub(crate) fn unknown(&self, value: &Value) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(keep) = &self.keep {
            keep.unknown(value, "", &mut found);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keeps_and_drops_dotted_paths_through_arrays() {
        let answer = json!({"members": [{"id": "a", "stats": {"x": 1, "y": 2}}], "total_items": 1});
        let mut kept = answer.clone();
        Selection::new(Some("members.stats.x,total_items"), None).apply(&mut kept);
        assert_eq!(
            kept,
            json!({"members": [{"stats": {"x": 1}}], "total_items": 1})
        );
        let mut dropped = answer.clone();
        let selection = Selection::new(None, Some("members.stats"));
        selection.apply(&mut dropped);
        assert_eq!(dropped, json!({"members": [{"id": "a"}], "total_items": 1}));
        assert!(!selection.wants(&["members", "stats"]));
        assert!(selection.wants(&["members", "id"]));
        let wrong = Selection::new(Some("members.emial"), None);
        assert_eq!(wrong.unknown(&answer), ["members.emial"]);
    }
}
