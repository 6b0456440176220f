//! What QuickBooks knows of a company, and finding customers in it.

use std::collections::BTreeMap;

use ledgerpost_core::EmailAddress;
use ledgerpost_core::destination::Audience;
use ledgerpost_core::email::EmailField;
use ledgerpost_core::ids::{AccountId, CustomerId, RealmId};
use ledgerpost_core::ports::Mirror as _;
use ledgerpost_core::settings::Settings;
use ledgerpost_core::source::{Company, Customer};
use ledgerpost_engine::plan::country_code;
use ledgerpost_ipc::CompanyRef;
use ledgerpost_ipc::setup::{
    CompanyDetails, CountryCount, CustomerHit, CustomerSearch, CustomerType, EmailCheck,
    PostalAddress, Text,
};
use ledgerpost_qbo::Entity;
use ledgerpost_store::{CompanyStore, SearchKind};

use super::number;
use crate::choices::no_audience;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::look::settings_from_wire;
use crate::overlap::Imagined;

/// How many rows are read at a time.
const PAGE: usize = 1_000;
/// The most hits of a search.
const MOST_HITS: u32 = 100;

/// What the company's file says about its customers.
struct Counted {
    company: Company,
    customers: u32,
    sendable: u32,
    types: Vec<CustomerType>,
    countries: Vec<CountryCount>,
}

impl Desk {
    pub(crate) async fn read_company_details(
        &self,
        wanted: CompanyRef,
    ) -> Result<CompanyDetails, DeskError> {
        let realm = RealmId::new(wanted.company.clone());
        let draft = self.draft_of(&wanted.company).await?;
        let settings = match draft {
            // Grounds that are not typed yet change no count.
            Some(draft) => {
                settings_from_wire(&draft.settings, &Settings::default()).unwrap_or_default()
            }
            None => Settings::default(),
        };
        let counted = self
            .place()
            .look(realm.clone(), move |store| match store {
                Some(store) => count(store, &settings),
                None => Ok(None),
            })
            .await?;
        if let Some(counted) = counted {
            return Ok(CompanyDetails {
                customers: counted.customers,
                sendable: Some(counted.sendable),
                customer_types: counted.types,
                countries: counted.countries,
                ..describe(&counted.company)
            });
        }
        let overview = self
            .place()
            .reach()
            .quickbooks(&realm)
            .read_overview(&[Entity::Customer])
            .await?;
        let customers = overview.counts.get(&Entity::Customer).copied();
        Ok(CompanyDetails {
            customers: number(customers.unwrap_or_default() as u64),
            ..describe(&overview.company)
        })
    }

    #[expect(clippy::unused_async, reason = "every command is asynchronous")]
    pub(crate) async fn check_email(&self, email: Text) -> Result<EmailCheck, DeskError> {
        let Ok(address) = EmailAddress::parse(&email.text) else {
            return Ok(EmailCheck::Invalid);
        };
        if address.is_sample() {
            return Ok(EmailCheck::SampleDomain);
        }
        if address.is_role() {
            let role = address.as_str().split('@').next().unwrap_or_default();
            return Ok(EmailCheck::Role {
                role: role.to_owned(),
            });
        }
        Ok(EmailCheck::Good)
    }

    pub(crate) async fn search_customers(
        &self,
        search: CustomerSearch,
    ) -> Result<Vec<CustomerHit>, DeskError> {
        self.place()
            .look(RealmId::new(search.company), move |store| {
                let Some(store) = store else {
                    return Ok(Vec::new());
                };
                let limit = search.limit.min(MOST_HITS) as usize;
                let hits = store.search(&search.text, limit)?;
                hits.into_iter()
                    .filter(|hit| hit.kind == SearchKind::Customer)
                    .filter_map(|hit| {
                        let customer = store.customer(&CustomerId::new(hit.key));
                        customer.transpose()
                    })
                    .map(|customer| Ok(hit(&customer?)))
                    .collect()
            })
            .await
    }
}

/// A customer that can be chosen.
pub(crate) fn hit(customer: &Customer) -> CustomerHit {
    CustomerHit {
        customer: customer.id.as_str().to_owned(),
        name: customer.display_name.clone(),
        email: address(customer).map(|email| email.as_str().to_owned()),
    }
}

/// The address that a customer would be known by.
pub(crate) fn address(customer: &Customer) -> Option<EmailAddress> {
    let field = customer.email_field.as_deref()?;
    let mut valid = EmailField::parse(field).valid.into_iter();
    valid.find(|email| !email.is_sample())
}

fn count(store: &CompanyStore, settings: &Settings) -> Result<Option<Counted>, DeskError> {
    let Some(company) = store.company()? else {
        return Ok(None);
    };
    let audience: Audience = no_audience(&AccountId::new(""));
    let people = Imagined::new(store, audience, Vec::new())
        .summary(settings)?
        .customers;
    let home = company.country.as_deref().and_then(country_code);
    let mut by_type: BTreeMap<String, u32> = BTreeMap::new();
    let mut by_country: BTreeMap<&'static str, u32> = BTreeMap::new();
    let mut after = None;
    loop {
        let page = store.customers(after.as_ref(), PAGE)?;
        let Some(last) = page.last() else { break };
        after = Some(last.id.clone());
        for customer in &page {
            if let Some(kind) = &customer.customer_type {
                *by_type.entry(kind.clone()).or_default() += 1;
            }
            if let Some(address) = &customer.address {
                let typed = address.country.as_deref();
                if let Some(country) = typed.map_or(home, country_code) {
                    *by_country.entry(country).or_default() += 1;
                }
            }
        }
    }
    let types = store
        .customer_types()?
        .into_iter()
        .map(|(id, name)| CustomerType {
            customers: by_type.get(&id).copied().unwrap_or_default(),
            id,
            name,
        })
        .filter(|kind| kind.customers > 0)
        .collect();
    let mut countries: Vec<CountryCount> = by_country
        .into_iter()
        .map(|(country, customers)| CountryCount {
            country: country.to_owned(),
            customers,
        })
        .collect();
    countries.sort_by_key(|country| std::cmp::Reverse(country.customers));
    Ok(Some(Counted {
        customers: number(people.total),
        sendable: number(people.new + people.updated + people.same),
        company,
        types,
        countries,
    }))
}

fn describe(company: &Company) -> CompanyDetails {
    let address = company.address.as_ref();
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    let lines = address
        .map(|address| address.lines.as_slice())
        .unwrap_or_default();
    CompanyDetails {
        name: company.name.clone(),
        email: company.email.clone(),
        phone: company.phone.clone(),
        website: company.website.clone(),
        address: PostalAddress {
            line1: text(lines.first()),
            line2: lines.get(1..).unwrap_or_default().join(", "),
            city: text(address.and_then(|address| address.city.as_ref())),
            region: text(address.and_then(|address| address.state.as_ref())),
            postal_code: text(address.and_then(|address| address.postal_code.as_ref())),
            country: address
                .and_then(|address| address.country.as_deref())
                .or(company.country.as_deref())
                .and_then(country_code)
                .unwrap_or_default()
                .to_owned(),
        },
        currency: company.home_currency.as_str().to_owned(),
        customers: 0,
        sendable: None,
        customer_types: Vec::new(),
        countries: Vec::new(),
    }
}
