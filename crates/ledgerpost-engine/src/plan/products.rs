//! Products: one for each item that can stand on an order, and the placeholder for all else.

use std::collections::HashMap;

use ledgerpost_core::change::{Action, ChangeReason, ProductBody};
use ledgerpost_core::ids::{ItemId, ProductId};
use ledgerpost_core::link::{Fingerprint, ProductLink};
use ledgerpost_core::ports::Mirror;
use ledgerpost_core::settings::Settings;
use ledgerpost_core::skip::SkipReason;
use ledgerpost_core::source::{Item, ItemKind};

use super::sink::Sink;
use super::stream::Rows;
use super::{PlanError, Planned};

/// The placeholder's name.
const OTHER_TITLE: &str = "Other sales";

/// What lines may refer to.
pub(super) struct Catalogue {
    /// Items with a product, and whether an order refers to it.
    items: HashMap<ItemId, bool>,
    other: Option<ProductLink>,
    /// Mailchimp's words when it refused even the placeholder.
    other_refused: Option<String>,
    other_needed: bool,
    /// Links of a store that is gone mean nothing.
    store_exists: bool,
}

/// How an item stands.
enum Standing {
    New,
    Changed(ProductBody),
    Same,
    /// Mailchimp refused this very body. An older one may be there.
    Refused {
        detail: String,
        older: bool,
    },
}

impl Catalogue {
    /// Reads which items orders may refer to.
    pub(super) fn read<M: Mirror>(
        mirror: &M,
        settings: &Settings,
        store_exists: bool,
    ) -> Result<Self, M::Error> {
        let mut catalogue = Self {
            items: HashMap::new(),
            other: None,
            other_refused: None,
            other_needed: false,
            store_exists,
        };
        let mut links = Links::new(mirror, store_exists)?;
        if settings.items {
            for item in Rows::new(mirror, M::items, |item| &item.id) {
                let item = item?;
                let link = links.take(&ProductId::for_item(&item.id))?;
                if item.kind == ItemKind::Category {
                    continue;
                }
                // A line whose product was refused stands on the placeholder: the sale is real, and
                // only the name of what was sold is lost until the item is corrected.
                let lost = link.as_ref().is_some_and(|link| link.refused.is_some())
                    && matches!(
                        standing(mirror, &product(&item), link.as_ref())?,
                        Standing::Refused { older: false, .. }
                    );
                if !lost {
                    catalogue.items.insert(item.id, false);
                }
            }
        }
        catalogue.other = links.take(&ProductId::other())?;
        if let Standing::Refused {
            detail,
            older: false,
        } = standing(mirror, &placeholder(), catalogue.other.as_ref())?
        {
            catalogue.other_refused = Some(detail);
        }
        Ok(catalogue)
    }

    /// The product that a line with this item stands on.
    pub(super) fn product(&self, item: Option<&ItemId>) -> ProductId {
        item.filter(|item| self.items.contains_key(item))
            .map_or_else(ProductId::other, ProductId::for_item)
    }

    /// Mailchimp's words, if one of the products cannot be there.
    pub(super) fn refused<'p>(
        &self,
        mut products: impl Iterator<Item = &'p ProductId>,
    ) -> Option<&str> {
        let detail = self.other_refused.as_deref()?;
        let other = ProductId::other();
        products.any(|product| *product == other).then_some(detail)
    }

    /// Notes that an order refers to the product of a line with this item.
    pub(super) fn need(&mut self, item: Option<&ItemId>) {
        match item.and_then(|item| self.items.get_mut(item)) {
            Some(needed) => *needed = true,
            None => self.other_needed = true,
        }
    }

    /// Hands out the products, once it is known which ones orders need.
    pub(super) fn hand_out<M: Mirror, E: std::error::Error + 'static>(
        &self,
        mirror: &M,
        settings: &Settings,
        sink: &mut Sink<'_, E>,
    ) -> Planned<(), M, E> {
        let mut links = Links::new(mirror, self.store_exists).map_err(PlanError::Read)?;
        for item in Rows::new(mirror, M::items, |item| &item.id) {
            let item = item.map_err(PlanError::Read)?;
            sink.summary.items.total += 1;
            let link = links
                .take(&ProductId::for_item(&item.id))
                .map_err(PlanError::Read)?;
            self.item(mirror, settings, &item, link.as_ref(), sink)?;
        }
        if self.other_needed {
            let body = placeholder();
            match standing(mirror, &body, self.other.as_ref()).map_err(PlanError::Read)? {
                Standing::New => put(ChangeReason::Needed, Vec::new(), None, body, sink),
                Standing::Changed(before) => {
                    put(ChangeReason::Needed, Vec::new(), Some(before), body, sink)
                }
                Standing::Same | Standing::Refused { .. } => Ok(()),
            }
            .map_err(PlanError::Emit)?;
        }
        Ok(())
    }

    fn item<M: Mirror, E: std::error::Error + 'static>(
        &self,
        mirror: &M,
        settings: &Settings,
        item: &Item,
        link: Option<&ProductLink>,
        sink: &mut Sink<'_, E>,
    ) -> Planned<(), M, E> {
        let off = if item.kind == ItemKind::Category {
            Some(SkipReason::Category)
        } else if settings.items {
            None
        } else {
            Some(SkipReason::KindOff)
        };
        let body = product(item);
        if let Some(reason) = off {
            return sink
                .skip_item(item.id.as_str(), &body.title, reason)
                .map_err(PlanError::Emit);
        }
        let needed = self.items.get(&item.id).copied().unwrap_or(false);
        let sold = item.active && item.kind == ItemKind::Sellable;
        if link.is_none() && !sold && !needed {
            sink.summary.items.unused += 1;
            return Ok(());
        }
        let source = vec![item.id.as_str().to_owned()];
        let counts = &mut sink.summary.items;
        match standing(mirror, &body, link).map_err(PlanError::Read)? {
            Standing::New => {
                counts.new += 1;
                put(ChangeReason::New, source, None, body, sink)
            }
            Standing::Changed(before) => {
                counts.updated += 1;
                put(ChangeReason::Changed, source, Some(before), body, sink)
            }
            Standing::Same => {
                counts.same += 1;
                Ok(())
            }
            Standing::Refused { detail, .. } => {
                let reason = SkipReason::Refused { detail };
                sink.skip_item(item.id.as_str(), &body.title, reason)
            }
        }
        .map_err(PlanError::Emit)
    }
}

fn put<E: std::error::Error>(
    reason: ChangeReason,
    source: Vec<String>,
    before: Option<ProductBody>,
    after: ProductBody,
    sink: &mut Sink<'_, E>,
) -> Result<(), E> {
    let title = after.title.clone();
    sink.change(reason, &title, source, Action::PutProduct { before, after })
}

fn standing<M: Mirror>(
    mirror: &M,
    body: &ProductBody,
    link: Option<&ProductLink>,
) -> Result<Standing, M::Error> {
    let Some(link) = link else {
        return Ok(Standing::New);
    };
    if link.fingerprint != Fingerprint::of(body) {
        // One that was refused at its creation is still a new one.
        let before = mirror.product_body(&body.id)?;
        return Ok(before.map_or(Standing::New, Standing::Changed));
    }
    let Some(detail) = link.refused.clone() else {
        return Ok(Standing::Same);
    };
    let older = mirror.product_body(&body.id)?.is_some();
    Ok(Standing::Refused { detail, older })
}

/// An item as a product.
fn product(item: &Item) -> ProductBody {
    let filled = |text: &str| {
        Some(text.trim())
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let description = item.description.as_deref().and_then(filled);
    let sku = item.sku.as_deref().and_then(filled);
    // Mailchimp demands a title.
    let title = filled(&item.name)
        .or_else(|| sku.clone())
        .unwrap_or_else(|| format!("Item {}", item.id));
    ProductBody {
        id: ProductId::for_item(&item.id),
        title,
        description,
        sku,
        price: item.unit_price.filter(|price| !price.is_negative()),
    }
}

/// The product for lines that name no item that can be named.
fn placeholder() -> ProductBody {
    ProductBody {
        id: ProductId::other(),
        title: OTHER_TITLE.to_owned(),
        description: None,
        sku: None,
        price: None,
    }
}

/// Product links next to items: both sort by the item's id, the placeholder somewhere between.
struct Links<'m, M: Mirror> {
    rows: Rows<'m, M, ProductLink, ProductId>,
    head: Option<ProductLink>,
    other: Option<ProductLink>,
}

impl<'m, M: Mirror> Links<'m, M> {
    fn new(mirror: &'m M, store_exists: bool) -> Result<Self, M::Error> {
        let mut links = Self {
            rows: Rows::new(mirror, M::product_links, |link| &link.id),
            head: None,
            other: None,
        };
        if store_exists {
            links.advance()?;
        }
        Ok(links)
    }

    /// The link of a product. Products other than the placeholder must be asked for in their order.
    fn take(&mut self, id: &ProductId) -> Result<Option<ProductLink>, M::Error> {
        let other = *id == ProductId::other();
        while let Some(link) = &self.head {
            if !other && link.id > *id {
                return Ok(None);
            }
            if link.id == *id {
                let link = self.head.take();
                self.advance()?;
                return Ok(link);
            }
            self.advance()?;
        }
        Ok(if other { self.other.take() } else { None })
    }

    fn advance(&mut self) -> Result<(), M::Error> {
        let other = ProductId::other();
        loop {
            self.head = self.rows.next().transpose()?;
            if self.head.as_ref().is_some_and(|link| link.id == other) {
                self.other = self.head.take();
                continue;
            }
            return Ok(());
        }
    }
}
