//! What the tests write: a person, a store, a product, an order.

use ledgerpost_core::address::CompleteAddress;
use ledgerpost_core::change::{
    ContactCreate, CreateStatus, OrderBody, OrderLine, ProductBody, StoreBody,
};
use ledgerpost_core::destination::MemberFields;
use ledgerpost_core::ids::{AudienceId, StoreId};
use ledgerpost_core::source::{DocumentKey, DocumentKind};
use ledgerpost_core::{Amount, EmailAddress};

pub(crate) fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

pub(crate) fn order(lines: &[(&str, u32, i64)]) -> OrderBody {
    let email = email("dana@northfield.test");
    OrderBody {
        id: DocumentKey::new(DocumentKind::Invoice, "1045"),
        customer: email.hash(),
        email,
        first_name: Some("Dana".to_owned()),
        last_name: None,
        currency: "USD".into(),
        total: Amount::from_cents(43_110),
        tax: Amount::from_cents(3_110),
        discount: Amount::ZERO,
        shipping: Amount::ZERO,
        date: "2025-11-03".parse().unwrap(),
        financial_status: Some("paid".to_owned()),
        lines: lines
            .iter()
            .map(|(product, quantity, cents)| OrderLine {
                product: (*product).into(),
                quantity: *quantity,
                price: Amount::from_cents(*cents),
            })
            .collect(),
    }
}

pub(crate) fn store() -> StoreBody {
    StoreBody {
        id: "qbo_9130".into(),
        audience: "a36b032126".into(),
        name: "Tidewater Ceramics (QuickBooks)".to_owned(),
        currency: "USD".into(),
        email: Some(email("hello@tidewater.test")),
        time_zone: Some("America/Los_Angeles".to_owned()),
    }
}

pub(crate) fn product() -> ProductBody {
    ProductBody {
        id: "item_17".into(),
        title: "Stoneware mug".to_owned(),
        description: Some("12 oz".to_owned()),
        sku: Some("MUG-12".to_owned()),
        price: Some(Amount::from_cents(2_450)),
    }
}

pub(crate) fn full_fields() -> MemberFields {
    MemberFields {
        first_name: Some("Dana".to_owned()),
        last_name: Some("Okafor".to_owned()),
        phone: Some("503-555-0134".to_owned()),
        address: Some(CompleteAddress {
            addr1: "12 Mill Rd".to_owned(),
            addr2: String::new(),
            city: "Salem".to_owned(),
            state: "OR".to_owned(),
            zip: "97301".to_owned(),
            country: Some("US".to_owned()),
        }),
    }
}

pub(crate) fn contact(address: &str) -> ContactCreate {
    let email = email(address);
    ContactCreate {
        hash: email.hash(),
        email,
        status: CreateStatus::Transactional,
        grounds: "customer".to_owned(),
        basis: None,
        fields: full_fields(),
    }
}

pub(crate) fn audience() -> AudienceId {
    "a36b032126".into()
}

pub(crate) fn store_id() -> StoreId {
    "qbo_9130".into()
}
