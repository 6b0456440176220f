//! A small company to plan for.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use ledgerpost_core::change::{Action, Change};
use ledgerpost_core::destination::{
    Audience, Member, MemberFields, MemberStatus, MergeField, MergeFieldKind,
};
use ledgerpost_core::ids::{CustomerId, ItemId};
use ledgerpost_core::link::{ContactRefusal, Fingerprint};
use ledgerpost_core::settings::Settings;
use ledgerpost_core::skip::Skip;
use ledgerpost_core::source::{
    Company, Customer, Document, DocumentKey, DocumentKind, DocumentLine, Item, ItemKind,
};
use ledgerpost_core::{Amount, EmailAddress, MemberHash};

use crate::plan::memory::MemoryMirror;
use crate::plan::{Entry, Summary};

/// A company and an audience without anything in them.
pub(super) fn empty() -> MemoryMirror {
    let field = |tag: &str, kind| {
        let field = MergeField {
            tag: tag.to_owned(),
            kind,
            required: false,
        };
        (tag.to_owned(), field)
    };
    MemoryMirror {
        company: Some(Company {
            realm: "9130".into(),
            name: "Tidewater Ceramics".to_owned(),
            email: Some("studio@tidewater.test".to_owned()),
            phone: None,
            website: None,
            address: None,
            country: Some("US".to_owned()),
            home_currency: "USD".into(),
            time_zone: Some("America/Los_Angeles".to_owned()),
            subscription: None,
        }),
        audience: Some(Audience {
            id: "a36b032126".into(),
            account: "acc".into(),
            name: "Friends of the studio".to_owned(),
            double_optin: false,
            has_welcome: false,
            marketing_permissions: false,
            sign_up_form: None,
            merge_fields: BTreeMap::from([
                field("FNAME", MergeFieldKind::Text),
                field("LNAME", MergeFieldKind::Text),
                field("PHONE", MergeFieldKind::PhoneFree),
                field("ADDRESS", MergeFieldKind::Address),
            ]),
        }),
        ..MemoryMirror::default()
    }
}

/// An active customer with an address.
pub(super) fn customer(id: &str, email: &str) -> Customer {
    Customer {
        id: id.into(),
        display_name: format!("Customer {id}"),
        given_name: Some(format!("Given{id}")),
        family_name: Some("Family".to_owned()),
        company_name: None,
        email_field: Some(email.to_owned()).filter(|email| !email.is_empty()),
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

/// A document with one line of item 1 over its whole total, in cents.
pub(super) fn document(kind: DocumentKind, id: &str, customer: &str, cents: i64) -> Document {
    let total = Amount::from_cents(cents);
    Document {
        key: DocumentKey::new(kind, id),
        kind,
        number: Some(format!("10{id}")),
        date: day(1),
        due: None,
        customer: Some(customer.into()).filter(|_| !customer.is_empty()),
        currency: None,
        total,
        tax: Amount::ZERO,
        discount: Amount::ZERO,
        shipping: Amount::ZERO,
        balance: total,
        voided: false,
        lines: vec![DocumentLine {
            item: Some("1".into()),
            description: None,
            quantity: 1.into(),
            amount: total,
        }],
        credited: Amount::ZERO,
    }
}

/// A day in March 2026.
pub(super) fn day(day: i8) -> Date {
    date(2026, 3, day)
}

/// A thing that is sold.
pub(super) fn item(id: &str, name: &str) -> Item {
    Item {
        id: id.into(),
        name: name.to_owned(),
        sku: None,
        description: None,
        kind: ItemKind::Sellable,
        unit_price: Some(Amount::from_cents(4_500)),
        active: true,
    }
}

/// The key of an address.
pub(super) fn hash(email: &str) -> MemberHash {
    EmailAddress::parse(email).unwrap().hash()
}

impl MemoryMirror {
    pub(super) fn add(&mut self, customer: Customer) -> &mut Self {
        self.customers.insert(customer.id.clone(), customer);
        self
    }

    pub(super) fn sell(&mut self, document: Document) -> &mut Self {
        self.documents.insert(document.key.clone(), document);
        self
    }

    pub(super) fn stock(&mut self, item: Item) -> &mut Self {
        self.items.insert(item.id.clone(), item);
        self
    }

    pub(super) fn member(&mut self, email: &str, status: MemberStatus) -> &mut Self {
        let member = Member {
            hash: hash(email),
            email: email.to_owned(),
            status,
            fields: MemberFields::default(),
            tags: Vec::new(),
            contact_id: None,
            last_changed: None,
        };
        self.members.insert(member.hash.clone(), member);
        self
    }

    pub(super) fn edit(&mut self, id: &str, edit: impl FnOnce(&mut Customer)) {
        edit(self.customers.get_mut(&CustomerId::from(id)).unwrap());
    }

    pub(super) fn edit_item(&mut self, id: &str, edit: impl FnOnce(&mut Item)) {
        edit(self.items.get_mut(&ItemId::from(id)).unwrap());
    }

    pub(super) fn status(&self, email: &str) -> Option<MemberStatus> {
        self.members.get(&hash(email)).map(|member| member.status)
    }

    /// Makes the link of an address one that Mailchimp refused, for good where it has forgotten it.
    pub(super) fn refuse(&mut self, email: &str, customers: &[&str], forgotten: bool) {
        let link = ledgerpost_core::link::ContactLink {
            hash: hash(email),
            email: EmailAddress::parse(email).unwrap(),
            customers: customers.iter().map(|&id| id.into()).collect(),
            fingerprint: Fingerprint::from_stored("none"),
            created_by_us: false,
            tag: None,
            refused: Some(ContactRefusal {
                words: "no".to_owned(),
                forgotten,
            }),
        };
        self.contacts.insert(link.hash.clone(), link);
    }

    /// Plans and applies; the round after it must have nothing to do.
    pub(super) fn sync(&mut self, settings: &Settings) -> Round {
        self.derive();
        let round = self.look(settings);
        self.apply(&round.entries);
        for pass in 0..2 {
            let again = self.look(settings);
            assert_eq!(again.changes(), Vec::<&Change>::new(), "pass {pass}");
            if pass == 1 {
                assert_eq!(again.summary.ties, 0);
            }
            self.apply(&again.entries);
        }
        round
    }

    /// Plans.
    pub(super) fn look(&self, settings: &Settings) -> Round {
        let (entries, summary) = self.plan(settings).unwrap();
        Round { entries, summary }
    }
}

/// A plan.
pub(super) struct Round {
    pub(super) entries: Vec<Entry>,
    pub(super) summary: Summary,
}

impl Round {
    pub(super) fn changes(&self) -> Vec<&Change> {
        self.entries
            .iter()
            .filter_map(|entry| match entry {
                Entry::Change(change) => Some(change),
                Entry::Skip(_) | Entry::Tie(_) => None,
            })
            .collect()
    }

    pub(super) fn skips(&self) -> Vec<&Skip> {
        self.entries
            .iter()
            .filter_map(|entry| match entry {
                Entry::Skip(skip) => Some(skip),
                Entry::Change(_) | Entry::Tie(_) => None,
            })
            .collect()
    }

    /// `code key` of every change.
    pub(super) fn codes(&self) -> Vec<&'static str> {
        let changes = self.changes();
        changes.iter().map(|change| change.action.code()).collect()
    }

    /// `key code amount` of every skip.
    pub(super) fn reasons(&self) -> Vec<String> {
        self.skips()
            .iter()
            .map(|skip| {
                let amount = skip.amount.map(|amount| format!(" {amount}"));
                let code = skip.reason.code();
                format!("{} {code}{}", skip.key, amount.unwrap_or_default())
            })
            .collect()
    }

    /// Changes to one record.
    pub(super) fn of(&self, key: &str) -> Vec<&Action> {
        let changes = self.changes();
        let actions = changes.iter().map(|change| &change.action);
        actions.filter(|action| action.key() == key).collect()
    }
}
