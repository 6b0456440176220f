//! Stores (`mailchimp.md` 5.2).

use ledgerpost_core::change::StoreBody;
use ledgerpost_core::ids::{AudienceId, CurrencyCode, StoreId};
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::error::Error;
use crate::page::Page;
use crate::refusal::Reason;
use crate::request::{Request, Write};

/// What our stores name as their platform.
pub const PLATFORM: &str = "QuickBooks Online";

/// A store.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Store {
    /// Its id. Only those that begin with our prefix are ours to write.
    pub id: StoreId,
    /// The audience it is nailed to for life.
    pub list_id: AudienceId,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Its currency.
    pub currency_code: CurrencyCode,
    /// Whether its automations are off while history loads.
    #[serde(default)]
    pub is_syncing: bool,
    /// False when the audience was deleted or disabled: stop and ask the owner.
    #[serde(default = "yes")]
    pub list_is_active: bool,
}

const fn yes() -> bool {
    true
}

/// Requests for stores.
pub mod requests {
    use ledgerpost_core::EmailAddress;

    use super::{PLATFORM, Request, Serialize, StoreBody, StoreId, Write};

    const FIELDS: &str = "id,list_id,name,currency_code,is_syncing,list_is_active";

    #[derive(Serialize)]
    struct NewStore<'a> {
        id: &'a str,
        list_id: &'a str,
        name: &'a str,
        platform: &'a str,
        is_syncing: bool,
        currency_code: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        email_address: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        timezone: Option<&'a str>,
    }

    #[derive(Serialize)]
    struct SyncingPatch {
        is_syncing: bool,
    }

    /// Lists the stores.
    pub fn list_stores() -> Request {
        Request::new("GET /ecommerce/stores", &[]).query(
            "fields",
            "stores.id,stores.list_id,stores.name,stores.currency_code,stores.is_syncing,\
             stores.list_is_active,total_items",
        )
    }

    /// Reads one store.
    pub fn read_store(store: &StoreId) -> Request {
        Request::new("GET /ecommerce/stores/{store_id}", &[store.as_str()]).query("fields", FIELDS)
    }

    /// Creates a store that is syncing, so that no automation fires. The domain is left out: it must
    /// be unique in the account and only connected sites need it.
    pub fn create_store(store: &StoreBody) -> Write {
        Write::new(Request::new("POST /ecommerce/stores", &[]).body(&NewStore {
            id: store.id.as_str(),
            list_id: store.audience.as_str(),
            name: &store.name,
            platform: PLATFORM,
            is_syncing: true,
            currency_code: store.currency.as_str(),
            email_address: store.email.as_ref().map(EmailAddress::as_str),
            timezone: store.time_zone.as_deref(),
        }))
    }

    /// Sets whether the store is syncing.
    pub fn set_syncing(store: &StoreId, syncing: bool) -> Write {
        Write::new(
            Request::new("PATCH /ecommerce/stores/{store_id}", &[store.as_str()]).body(
                &SyncingPatch {
                    is_syncing: syncing,
                },
            ),
        )
    }

    /// Removes a store with its orders, customers and products; members stay.
    pub fn remove_store(store: &StoreId) -> Write {
        Write::new(Request::new(
            "DELETE /ecommerce/stores/{store_id}",
            &[store.as_str()],
        ))
    }
}

#[derive(Deserialize)]
struct StorePage {
    stores: Vec<Store>,
    #[serde(default)]
    total_items: u64,
}

impl From<StorePage> for Page<Store> {
    fn from(page: StorePage) -> Self {
        Self::new(page.stores, page.total_items)
    }
}

impl Client {
    /// Lists the account's stores.
    pub async fn list_stores(&self) -> Result<Vec<Store>, Error> {
        self.read_all::<StorePage, _>(requests::list_stores()).await
    }

    /// Reads one store; `None` when it does not exist.
    pub async fn read_store(&self, store: &StoreId) -> Result<Option<Store>, Error> {
        self.find(&requests::read_store(store)).await
    }

    /// Creates a store that is syncing. One that is there already is taken if it belongs to the same
    /// audience: an earlier request may have created it and lost its answer.
    pub async fn create_store(&self, store: &StoreBody) -> Result<(), Error> {
        let created = self.write(&requests::create_store(store)).await;
        let refused = match created {
            Err(error) if error.is(Reason::StoreExists) || error.is(Reason::BadRequest) => error,
            other => return other,
        };
        match self.read_store(&store.id).await? {
            Some(found) if found.list_id == store.audience => {
                self.set_syncing(&store.id, true).await
            }
            _ => Err(refused),
        }
    }

    /// Sets whether the store is syncing.
    pub async fn set_syncing(&self, store: &StoreId, syncing: bool) -> Result<(), Error> {
        self.write(&requests::set_syncing(store, syncing)).await
    }

    /// Removes a store with its orders, customers and products; one that is gone already counts as
    /// removed.
    pub async fn remove_store(&self, store: &StoreId) -> Result<(), Error> {
        self.remove(&requests::remove_store(store)).await
    }
}
