//! Items as untidy as real ones.

use jiff::SignedDuration;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;

use super::end_of_history;
use super::names::{GLAZES, WARES};
use super::records::{Books, Item, ItemKind, Meta};

/// Adds exactly `count` items.
pub(super) fn add(books: &mut Books, random: &mut ChaCha8Rng, count: usize) {
    let when = end_of_history() - SignedDuration::from_hours(24 * 1000);
    let mut category = None;
    for index in 0..count {
        let id = u64::try_from(index).expect("fits") + 1;
        let (ware, cents) = WARES[random.random_range(0..WARES.len())];
        let glaze = GLAZES[random.random_range(0..GLAZES.len())];
        let mut item = Item {
            meta: Meta::born(id, when),
            name: format!("{ware}, {glaze} {id}"),
            kind: [
                ItemKind::Inventory,
                ItemKind::NonInventory,
                ItemKind::Service,
            ][index % 3],
            parent: category.filter(|_| index % 4 == 0),
            sku: (index % 5 != 0).then(|| format!("TW-{id:05}")),
            description: (index % 3 != 0).then(|| format!("{ware} in {glaze} & \"food safe\"")),
            price: Some(Decimal::new(
                cents + i64::try_from(index % 7).expect("fits") * 25,
                2,
            )),
            on_hand: Some(Decimal::from(random.random_range(0..60_u32))),
            taxable: true,
            active: true,
            parts: Vec::new(),
        };
        match index % 30 {
            1 => {
                item.kind = ItemKind::Category;
                item.name = format!("Shelf {id}");
                item.price = None;
                category = Some(id);
            }
            6 if index > 5 => {
                item.kind = ItemKind::Group;
                item.name = format!("Starter set {id}");
                item.price = None;
                item.parts = vec![(id - 1, Decimal::ONE), (id - 3, Decimal::TWO)];
            }
            9 => item.price = None,
            11 => item.price = Some(Decimal::new(12_345, 4)),
            13 => {
                item.active = false;
                item.name.push_str(" (deleted)");
            }
            _ => {}
        }
        books.items.insert(id, item);
    }
}
