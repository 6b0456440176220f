//! The plan: what would make Mailchimp match QuickBooks. Pure.
//!
//! [`plan`] reads nothing but a [`Mirror`] and the owner's [`Settings`] and hands out entries one by
//! one; it never looks at a clock, a network or a database handle. Same input, same entries, byte
//! for byte. Documents, items and members pass through as streams; what stays in memory is a few
//! facts for each customer.
//!
//! # What apply records
//!
//! *Plan after apply is empty* holds when apply and undo keep the links as follows:
//!
//! | entry | recorded when it is done |
//! |---|---|
//! | [`Entry::Tie`] | the link as given, replacing the one with the same hash; before the first change |
//! | `CreateContact` | a link: `customers` = the change's `source`, fingerprint of `fields`, created by us, not tagged |
//! | `UpdateContact` | fingerprint of `after`, `customers` = `source`; the rest of the link stays |
//! | `MoveContact` | the link moves to the hash of the new address, `customers` = `source`; the rest stays |
//! | `TagContact` | `tag` |
//! | `PutProduct`, `CreateOrder`, `UpdateOrder` | a link with the fingerprint of the body, and the body |
//! | `RemoveOrder` | the link and the body go |
//!
//! Within a stage, entries keep the order in which they were handed out: the update of a contact
//! that moves is keyed by its new address and comes after the move.

mod audience;
mod contacts;
mod country;
mod documents;
mod fields;
mod grounds;
mod orders;
mod people;
mod products;
mod shop;
mod sink;
mod stream;
mod summary;

#[cfg(any(test, feature = "testing"))]
pub mod memory;
#[cfg(test)]
mod tests;

use std::error::Error;

use ledgerpost_core::change::Change;
use ledgerpost_core::link::ContactLink;
use ledgerpost_core::ports::{Mirror, StoreState};
use ledgerpost_core::retry::Retry;
use ledgerpost_core::settings::Settings;
use ledgerpost_core::skip::Skip;
use ledgerpost_core::source::DocumentKey;

use audience::Known;
use contacts::Contacts;
use documents::Documents;
use fields::FieldMap;
use people::People;
use products::Catalogue;
use sink::Sink;

pub use country::code as country_code;
pub use fields::complete as complete_address;
pub use summary::{CustomerCounts, DocumentCounts, ItemCounts, Summary, Totals};

/// One entry of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "entries are handed out one at a time, most of them changes"
)]
pub enum Entry {
    /// A record to write.
    Change(Change),
    /// A record that stays out, with its reason.
    Skip(Skip),
    /// A link to record without writing anything: the contact was there already.
    Tie(ContactLink),
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError<R, E>
where
    R: Error + 'static,
    E: Error + 'static,
{
    /// The mirror could not be read.
    #[error("the local copy could not be read")]
    Read(#[source] R),
    /// An entry could not be handed out.
    #[error("an entry of the plan could not be recorded")]
    Emit(#[source] E),
    /// The company was not read yet.
    #[error("the company has not been read from QuickBooks yet")]
    NoCompany,
    /// The audience was not read yet.
    #[error("the audience has not been read from Mailchimp yet")]
    NoAudience,
    /// A link says that an order exists, and what was written for it is not there.
    #[error("what was last written for order {key} is missing from the local copy")]
    BodyMissing {
        /// The order.
        key: DocumentKey,
    },
}

impl<R, E> PlanError<R, E>
where
    R: Error + 'static,
    E: Error + 'static,
{
    /// A stable word for the window and the command line.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Read(_) => "plan_read",
            Self::Emit(_) => "plan_record",
            Self::NoCompany => "no_company",
            Self::NoAudience => "no_audience",
            Self::BodyMissing { .. } => "order_body_missing",
        }
    }

    /// Whether to plan again: the same mirror gives the same plan.
    pub const fn retry(&self) -> Retry {
        match self {
            Self::Read(_)
            | Self::Emit(_)
            | Self::NoCompany
            | Self::NoAudience
            | Self::BodyMissing { .. } => Retry::Permanent,
        }
    }
}

/// What planning from a [`Mirror`] `M` for a receiver with errors `E` gives.
type Planned<T, M, E> = Result<T, PlanError<<M as Mirror>::Error, E>>;

/// Plans. Hands out every entry to `emit`, in an order that depends on the input alone, and returns
/// what they amount to. Entries of different stages are interleaved; the receiver sorts by stage.
///
/// # Errors
/// [`PlanError`]; the entries handed out until then are no plan.
pub fn plan<M: Mirror, E: Error + 'static>(
    mirror: &M,
    settings: &Settings,
    emit: &mut dyn FnMut(Entry) -> Result<(), E>,
) -> Planned<Summary, M, E> {
    let company = mirror
        .company()
        .map_err(PlanError::Read)?
        .ok_or(PlanError::NoCompany)?;
    let audience = mirror
        .audience()
        .map_err(PlanError::Read)?
        .ok_or(PlanError::NoAudience)?;
    let store = mirror.store_state().map_err(PlanError::Read)?;
    let store_exists = store != StoreState::Absent;
    let mut sink = Sink::new(emit, company.home_currency.clone());

    let map = FieldMap::new(settings, &audience, company.country.as_deref());
    let counts = &mut sink.summary.customers;
    let mut people = People::read(mirror, settings, &map, counts).map_err(PlanError::Read)?;
    let known = Known::read(mirror, settings, &mut people).map_err(PlanError::Read)?;
    let contacts = Contacts::decide(settings, audience.double_optin, &people, &known);
    contacts.hand_out(&mut sink).map_err(PlanError::Emit)?;

    let mut catalogue = Catalogue::read(mirror, settings, store_exists).map_err(PlanError::Read)?;
    Documents {
        mirror,
        settings,
        contacts: &contacts,
        catalogue: &mut catalogue,
        store_exists,
        sink: &mut sink,
    }
    .hand_out()?;
    catalogue.hand_out(mirror, settings, &mut sink)?;
    shop::hand_out(&company, &audience, store, &mut sink).map_err(PlanError::Emit)?;
    Ok(sink.summary)
}
