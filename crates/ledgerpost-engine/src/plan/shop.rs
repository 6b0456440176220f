//! The store itself: created when the first product or order needs it, syncing while history loads.

use std::error::Error;

use ledgerpost_core::EmailAddress;
use ledgerpost_core::change::{Action, ChangeReason, StoreBody};
use ledgerpost_core::destination::Audience;
use ledgerpost_core::ids::StoreId;
use ledgerpost_core::ports::StoreState;
use ledgerpost_core::source::Company;

use super::sink::Sink;

/// So many new orders at once are history and not today's sales: the store's automations are off
/// while they load (`mailchimp.md` 5.2).
const BACK_FILL: u64 = 100;

/// Hands out what has to happen to the store around everything that was handed out before.
pub(super) fn hand_out<E: Error>(
    company: &Company,
    audience: &Audience,
    state: StoreState,
    sink: &mut Sink<'_, E>,
) -> Result<(), E> {
    let planned = |sink: &Sink<'_, E>, code: &str| {
        sink.summary.changes.get(code).copied().unwrap_or_default()
    };
    let id = StoreId::for_company(&company.realm);
    let syncing = |syncing| Action::SetSyncing {
        store: id.clone(),
        syncing,
    };
    let source = vec![company.realm.as_str().to_owned()];
    let (reason, title) = (ChangeReason::Needed, company.name.as_str());
    let orders = planned(sink, "create_order");
    let writes = orders + planned(sink, "create_product");
    match state {
        StoreState::Absent if writes == 0 => return Ok(()),
        StoreState::Absent => {
            let body = body(company, audience, &id);
            sink.change(reason, title, source.clone(), Action::CreateStore(body))?;
        }
        // Left syncing by a run that did not end.
        StoreState::Syncing => {}
        StoreState::Live if orders < BACK_FILL => return Ok(()),
        StoreState::Live => sink.change(reason, title, source.clone(), syncing(true))?,
    }
    sink.change(reason, title, source, syncing(false))
}

fn body(company: &Company, audience: &Audience, id: &StoreId) -> StoreBody {
    let email = company
        .email
        .as_deref()
        .and_then(|typed| EmailAddress::parse(typed).ok())
        .filter(|email| !email.is_sample());
    StoreBody {
        id: id.clone(),
        audience: audience.id.clone(),
        name: format!("{} (QuickBooks)", company.name.trim()),
        currency: company.home_currency.clone(),
        email,
        time_zone: company.time_zone.clone(),
    }
}
