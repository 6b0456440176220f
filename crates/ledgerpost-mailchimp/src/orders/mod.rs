//! Orders and their lines (`mailchimp.md` 5.5).

mod read;
pub mod requests;

use ledgerpost_core::change::OrderBody;
use ledgerpost_core::ids::StoreId;
use ledgerpost_core::source::DocumentKey;

use crate::client::Client;
use crate::error::Error;
use crate::refusal::Reason;
use crate::request::Write;

pub use read::{Order, OrderCustomer, OrderLine, OrderSummary};

/// How an order that is there becomes another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Update {
    /// Nothing differs.
    Nothing,
    /// These writes, none of which depends on another: they may go into one batch.
    Writes(Vec<Write>),
    /// The buyer or the currency differs, which no documented change covers: remove the order, and
    /// only after that create it anew.
    Replace {
        /// Removes it.
        remove: Write,
        /// Creates it anew.
        create: Write,
    },
}

/// What turns an order that we wrote as `before` into `after`. Lines keep their places: line `n` is
/// line id `n`.
///
/// A PATCH of an order leaves the lines that it does not name (`mailchimp.md` 5.5) and has no line
/// ids in the contract, so each line is written by itself.
///
/// # Errors
/// [`Error::LinesEmpty`] when `after` has no lines.
pub fn update_order(
    store: &StoreId,
    before: &OrderBody,
    after: &OrderBody,
) -> Result<Update, Error> {
    if before == after {
        return Ok(Update::Nothing);
    }
    if before.customer != after.customer || before.currency != after.currency {
        return Ok(Update::Replace {
            remove: requests::remove_order(store, &before.id),
            create: requests::create_order(store, after)?,
        });
    }
    if after.lines.is_empty() {
        return Err(Error::LinesEmpty);
    }
    let mut writes = Vec::new();
    if requests::patch_differs(before, after) {
        writes.push(requests::patch_order(store, after));
    }
    for (index, line) in after.lines.iter().enumerate() {
        match before.lines.get(index) {
            Some(old) if old == line => {}
            Some(_) => writes.push(requests::patch_line(store, &after.id, index + 1, line)),
            None => writes.push(requests::add_line(store, &after.id, index + 1, line)),
        }
    }
    for number in after.lines.len() + 1..=before.lines.len() {
        writes.push(requests::remove_line(store, &after.id, &number.to_string()));
    }
    Ok(Update::Writes(writes))
}

impl Client {
    /// Creates an order; one that is there already is made equal to `order`, whatever it holds.
    pub async fn create_order(&self, store: &StoreId, order: &OrderBody) -> Result<(), Error> {
        match self.write(&requests::create_order(store, order)?).await {
            Err(error) if error.is(Reason::OrderExists) => self.overwrite_order(store, order).await,
            other => other,
        }
    }

    /// Makes an order that is there equal to `order` without knowing what it holds: what to do after
    /// [`Reason::OrderExists`], and after any update whose outcome is in doubt.
    pub async fn overwrite_order(&self, store: &StoreId, order: &OrderBody) -> Result<(), Error> {
        match self.overwrite_as_found(store, order).await {
            // It was created, the answer was lost and the call repeated: now it is there.
            Err(error) if error.is(Reason::OrderExists) => {
                self.overwrite_as_found(store, order).await
            }
            other => other,
        }
    }

    async fn overwrite_as_found(&self, store: &StoreId, order: &OrderBody) -> Result<(), Error> {
        let Some(found) = self.read_order(store, &order.id).await? else {
            return self.write(&requests::create_order(store, order)?).await;
        };
        let same_buyer = found.customer.id == order.customer.as_str();
        if !same_buyer || found.currency_code != order.currency {
            self.remove_order(store, &order.id).await?;
            return self.write(&requests::create_order(store, order)?).await;
        }
        self.write(&requests::patch_order(store, order)).await?;
        for (index, line) in order.lines.iter().enumerate() {
            let id = (index + 1).to_string();
            let write = if found.lines.iter().any(|old| old.id == id) {
                requests::patch_line(store, &order.id, index + 1, line)
            } else {
                requests::add_line(store, &order.id, index + 1, line)
            };
            self.write(&write).await?;
        }
        let wanted = 1..=order.lines.len();
        for line in &found.lines {
            let keep = line.id.parse().is_ok_and(|number| wanted.contains(&number));
            if !keep {
                self.remove(&requests::remove_line(store, &order.id, &line.id))
                    .await?;
            }
        }
        Ok(())
    }

    /// Turns an order that we wrote as `before` into `after`. An order that does not fit what we
    /// remember is overwritten.
    pub async fn update_order(
        &self,
        store: &StoreId,
        before: &OrderBody,
        after: &OrderBody,
    ) -> Result<(), Error> {
        match update_order(store, before, after)? {
            Update::Nothing => Ok(()),
            Update::Replace { remove, create } => {
                self.remove(&remove).await?;
                match self.write(&create).await {
                    Err(error) if error.is(Reason::OrderExists) => {
                        self.overwrite_order(store, after).await
                    }
                    other => other,
                }
            }
            Update::Writes(writes) => {
                for write in &writes {
                    match self.write(write).await {
                        Err(error)
                            if error.is(Reason::NotFound) || error.is(Reason::LineExists) =>
                        {
                            return self.overwrite_order(store, after).await;
                        }
                        other => other?,
                    }
                }
                Ok(())
            }
        }
    }

    /// Removes an order; one that is gone already counts as removed.
    pub async fn remove_order(&self, store: &StoreId, order: &DocumentKey) -> Result<(), Error> {
        self.remove(&requests::remove_order(store, order)).await
    }
}
