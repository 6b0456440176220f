//! What the tests of several tables share.

use jiff::Timestamp;
use ledgerpost_core::change::{
    Action, Change, ChangeReason, ContactCreate, CreateStatus, OrderBody, OrderLine, Stage,
};
use ledgerpost_core::destination::{Member, MemberFields, MemberStatus};
use ledgerpost_core::ids::{CurrencyCode, CustomerId, ProductId, RealmId};
use ledgerpost_core::link::{ContactLink, Fingerprint, OrderLink};
use ledgerpost_core::source::{Customer, Document, DocumentKey, DocumentKind, DocumentLine};
use ledgerpost_core::{Amount, EmailAddress};
use tempfile::TempDir;

use crate::{CompanyStore, DataFolder, Opened};

pub(crate) struct Scene {
    pub(crate) store: CompanyStore,
    _folder: DataFolder,
    _place: TempDir,
}

/// A fresh company in a folder of its own.
pub(crate) fn scene() -> Scene {
    let place = tempfile::tempdir().unwrap();
    let folder = DataFolder::open(place.path(), "test").unwrap();
    let (store, opened) = folder.company(&realm(), now()).unwrap();
    assert_eq!(opened, Opened::Clean);
    Scene {
        store,
        _folder: folder,
        _place: place,
    }
}

pub(crate) fn realm() -> RealmId {
    RealmId::from("4620816365002461390")
}

pub(crate) fn now() -> Timestamp {
    "2026-03-04T05:06:07.5Z".parse().unwrap()
}

pub(crate) fn customer(id: &str, name: &str, email: Option<&str>) -> Customer {
    Customer {
        id: CustomerId::from(id),
        display_name: name.to_owned(),
        given_name: None,
        family_name: None,
        company_name: None,
        email_field: email.map(str::to_owned),
        phone: None,
        address: None,
        active: true,
        is_project: false,
        parent: None,
        currency: None,
        customer_type: None,
        last_sale: None,
    }
}

pub(crate) fn document(kind: DocumentKind, id: &str, customer: &str, cents: i64) -> Document {
    Document {
        key: DocumentKey::new(kind, id),
        kind,
        number: Some(format!("N-{id}")),
        date: "2026-02-03".parse().unwrap(),
        due: None,
        customer: Some(CustomerId::from(customer)),
        currency: None,
        total: Amount::from_cents(cents),
        tax: Amount::ZERO,
        discount: Amount::ZERO,
        shipping: Amount::ZERO,
        balance: Amount::ZERO,
        voided: false,
        lines: vec![DocumentLine {
            item: None,
            description: None,
            quantity: 1.into(),
            amount: Amount::from_cents(cents),
        }],
        credited: Amount::ZERO,
    }
}

pub(crate) fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

pub(crate) fn member(address: &str, status: MemberStatus) -> Member {
    Member {
        hash: email(address).hash(),
        email: address.to_owned(),
        status,
        fields: MemberFields::default(),
        tags: Vec::new(),
        contact_id: None,
        last_changed: None,
    }
}

pub(crate) fn contact_link(address: &str, customers: &[&str]) -> ContactLink {
    ContactLink {
        hash: email(address).hash(),
        email: email(address),
        customers: customers.iter().map(|id| CustomerId::from(*id)).collect(),
        fingerprint: Fingerprint::from_stored("f0"),
        created_by_us: true,
        tag: None,
        refused: None,
    }
}

pub(crate) fn order_link(body: &OrderBody) -> OrderLink {
    OrderLink {
        key: body.id.clone(),
        fingerprint: Fingerprint::of(body),
        refused: None,
        exists: true,
    }
}

pub(crate) fn order_body(key: &str, address: &str, cents: i64) -> OrderBody {
    OrderBody {
        id: DocumentKey::from_stored(key),
        customer: email(address).hash(),
        email: email(address),
        first_name: None,
        last_name: None,
        currency: CurrencyCode::from("USD"),
        total: Amount::from_cents(cents),
        tax: Amount::ZERO,
        discount: Amount::ZERO,
        shipping: Amount::ZERO,
        date: "2026-02-03".parse().unwrap(),
        financial_status: None,
        lines: vec![OrderLine {
            product: ProductId::other(),
            quantity: 1,
            price: Amount::from_cents(cents),
        }],
    }
}

pub(crate) fn create_contact(address: &str) -> Change {
    Change {
        stage: Stage::Contacts,
        reason: ChangeReason::New,
        title: "Somebody".to_owned(),
        document: None,
        source: vec!["1".to_owned()],
        action: Action::CreateContact(ContactCreate {
            hash: email(address).hash(),
            email: email(address),
            status: CreateStatus::Transactional,
            grounds: "bought something".to_owned(),
            basis: None,
            fields: MemberFields::default(),
        }),
    }
}

pub(crate) fn create_order(body: OrderBody) -> Change {
    Change {
        stage: Stage::Orders,
        reason: ChangeReason::New,
        title: "Invoice".to_owned(),
        document: None,
        source: vec![body.id.as_str().to_owned()],
        action: Action::CreateOrder(body),
    }
}
