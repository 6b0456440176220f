//! Which rows go into which request.

use std::collections::{BTreeMap, VecDeque};

use crate::entity::Entity;
use crate::query::Window;

/// A window of one entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) entity: Entity,
    pub(super) window: Window,
    /// Whether it is the entity's last, so that it has to come short.
    pub(super) last: bool,
}

/// One request.
pub(super) type Step = Vec<Piece>;

/// Which windows go into which request, for the entities that are read on `from` a row.
pub(super) fn steps(
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
    use crate::overview::FEW;

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
