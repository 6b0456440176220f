//! A row of the dry run with everything that its page shows.

use ledgerpost_core::Amount;
use ledgerpost_core::MemberHash;
use ledgerpost_core::destination::MemberStatus;
use ledgerpost_core::ids::{CurrencyCode, CustomerId, RunId};
use ledgerpost_ipc::review::{Fate, FieldChange, ReviewRow};
use ledgerpost_ipc::setup::MarketingStatus;
use ledgerpost_store::{ChangeFilter, CompanyStore, Error as StoreError};

use super::index::Row;
use crate::look::changes::field_changes;
use crate::look::convert::money;

impl Row {
    /// The row as the window shows it.
    pub(crate) fn show(
        &self,
        store: &CompanyStore,
        run: Option<&RunId>,
        currency: &CurrencyCode,
    ) -> Result<ReviewRow, StoreError> {
        let sales = store.sent_sales(&CustomerId::new(self.customer.clone()))?;
        let total: Amount = sales.iter().copied().sum();
        let contact_name = match &self.named_after {
            Some(namer) if self.fate == Fate::ShareEmail => store
                .customer(&CustomerId::new(namer.clone()))?
                .map(|customer| customer.display_name),
            _ => None,
        };
        let status = match self.fate {
            Fate::New => self.status,
            Fate::Updated | Fate::Same => self.kept_status(store)?,
            Fate::ShareEmail | Fate::LeftAlone => None,
        };
        Ok(ReviewRow {
            customer: self.customer.clone(),
            name: self.name.clone(),
            email: self.email.clone(),
            fate: self.fate,
            status,
            exception: self.exception,
            reason: self.reason,
            contact_name,
            fields: self.fields(store, run)?,
            orders: u32::try_from(sales.len()).unwrap_or(u32::MAX),
            total: money(total, currency),
        })
    }

    /// The status that a contact in the audience keeps, as far as it is one that an owner can choose.
    fn kept_status(&self, store: &CompanyStore) -> Result<Option<MarketingStatus>, StoreError> {
        let Some(contact) = &self.contact else {
            return Ok(None);
        };
        let member = store.member(&MemberHash::from_stored(contact.clone()))?;
        Ok(member.and_then(|member| match member.status {
            MemberStatus::Subscribed => Some(MarketingStatus::Subscribed),
            MemberStatus::Unsubscribed => Some(MarketingStatus::Unsubscribed),
            MemberStatus::Transactional => Some(MarketingStatus::NotSubscribed),
            MemberStatus::Pending | MemberStatus::Cleaned | MemberStatus::Archived => None,
        }))
    }

    fn fields(
        &self,
        store: &CompanyStore,
        run: Option<&RunId>,
    ) -> Result<Vec<FieldChange>, StoreError> {
        let (Some(run), Some(seq)) = (run, self.change) else {
            return Ok(Vec::new());
        };
        let entry = store
            .changes(run, &ChangeFilter::default(), seq - 1, 1)?
            .into_iter()
            .find(|entry| entry.seq == seq);
        match entry {
            Some(entry) => field_changes(store, &entry.change.action),
            None => Ok(Vec::new()),
        }
    }
}
