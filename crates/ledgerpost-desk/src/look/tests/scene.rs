//! A small company: its file after one sync.

use jiff::Timestamp;
use ledgerpost_core::change::{
    Action, Change, ChangeReason, ContactCreate, CreateStatus, OrderBody, OrderLine, Stage,
};
use ledgerpost_core::destination::{Audience, Member, MemberFields, MemberStatus};
use ledgerpost_core::ids::{CurrencyCode, ProductId, RealmId};
use ledgerpost_core::link::{ContactLink, Fingerprint, OrderLink};
use ledgerpost_core::skip::{Skip, SkipReason, SkipSubject};
use ledgerpost_core::source::{
    Company, Customer, Document, DocumentKey, DocumentKind, DocumentLine,
};
use ledgerpost_core::{Amount, EmailAddress};
use ledgerpost_store::{
    ConsentAct, ConsentEntry, DataFolder, Effect, Error, Finished, FolderView, Outcome, RunKind,
    RunState,
};

use crate::choices::no_audience;
use crate::look::Look;

pub(super) struct Scene {
    pub(super) look: Look,
    pub(super) place: tempfile::TempDir,
    pub(super) folder: DataFolder,
}

pub(super) fn now() -> Timestamp {
    "2026-11-21T14:42:00Z".parse().unwrap()
}

pub(super) fn realm() -> RealmId {
    RealmId::from("9130350000000001")
}

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

pub(super) fn customer(id: &str, name: &str, address: Option<&str>) -> Customer {
    Customer {
        id: id.into(),
        display_name: name.to_owned(),
        given_name: None,
        family_name: None,
        company_name: None,
        email_field: address.map(str::to_owned),
        phone: None,
        address: None,
        active: true,
        is_project: false,
        parent: None,
        currency: None,
        customer_type: Some("7".to_owned()),
        last_sale: None,
    }
}

fn invoice(id: &str, customer: &str, cents: i64) -> Document {
    Document {
        key: DocumentKey::new(DocumentKind::Invoice, id),
        kind: DocumentKind::Invoice,
        number: Some(format!("44{id}")),
        date: "2026-11-14".parse().unwrap(),
        due: None,
        customer: Some(customer.into()),
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

fn order(invoice: &Document, address: &str) -> OrderBody {
    OrderBody {
        id: invoice.key.clone(),
        customer: email(address).hash(),
        email: email(address),
        first_name: None,
        last_name: None,
        currency: CurrencyCode::from("USD"),
        total: invoice.total,
        tax: Amount::ZERO,
        discount: Amount::ZERO,
        shipping: Amount::ZERO,
        date: invoice.date,
        financial_status: None,
        lines: vec![OrderLine {
            product: ProductId::other(),
            quantity: 1,
            price: invoice.total,
        }],
    }
}

fn change(stage: Stage, title: &str, source: &str, action: Action) -> Change {
    Change {
        stage,
        reason: ChangeReason::New,
        title: title.to_owned(),
        document: None,
        source: vec![source.to_owned()],
        action,
    }
}

fn skip(subject: SkipSubject, key: &str, reason: SkipReason, cents: Option<i64>) -> Skip {
    Skip {
        subject,
        key: key.to_owned(),
        title: key.to_owned(),
        reason,
        amount: cents.map(Amount::from_cents),
        currency: cents.map(|_| CurrencyCode::from("USD")),
    }
}

/// Kofi (in step, 2 orders) with Mensah Interiors at the same address; Rosa, whom Mailchimp refuses,
/// with an invoice of $548; Wharf Street Dental without an address and with an invoice of $100.
pub(super) fn scene() -> Scene {
    let place = tempfile::tempdir().unwrap();
    let folder = DataFolder::open(place.path(), "test").unwrap();
    let (store, _) = folder.company(&realm(), now()).unwrap();
    let invoices = [
        invoice("1", "1", 10_050),
        invoice("2", "2", 20_000),
        invoice("3", "3", 54_800),
        invoice("4", "4", 10_000),
    ];
    let kofi = email("kofi@mensah.test");
    let created = ContactCreate {
        hash: kofi.hash(),
        email: kofi.clone(),
        status: CreateStatus::Subscribed,
        grounds: "Signed form".to_owned(),
        basis: None,
        fields: MemberFields {
            first_name: Some("Kofi".to_owned()),
            ..MemberFields::default()
        },
    };
    let left_out = |because: &str| SkipReason::CustomerLeftOut {
        because: because.to_owned(),
    };
    let refused = SkipReason::Refused {
        detail: "permanently deleted".to_owned(),
    };
    store
        .write::<_, Error>(|write| {
            write.store_company(&company(), "")?;
            write.store_audience(&audience(), "")?;
            write.store_customer_types([("7", "Wholesale")])?;
            write.store_customers([
                (
                    &customer("1", "Kofi Mensah", Some("kofi@mensah.test")),
                    "{}",
                ),
                (
                    &customer("2", "Mensah Interiors", Some("kofi@mensah.test")),
                    "{}",
                ),
                (
                    &customer("3", "Rosa Delgado", Some("rosa@delgado.test")),
                    "{}",
                ),
                (&customer("4", "Wharf Street Dental", None), "{}"),
            ])?;
            write.store_documents(invoices.iter().map(|row| (row, "{}")))?;
            write.store_members(&[member(&kofi)])?;
            let run = write.begin_run(RunKind::Sync, now())?;
            write.append_changes(
                &run,
                &[
                    change(
                        Stage::Contacts,
                        "Kofi Mensah",
                        "1",
                        Action::CreateContact(created.clone()),
                    ),
                    Change {
                        document: Some(invoices[0].name()),
                        ..change(
                            Stage::Orders,
                            "Invoice 441",
                            "inv_1",
                            Action::CreateOrder(order(&invoices[0], "kofi@mensah.test")),
                        )
                    },
                    // As an earlier version wrote it: the name in parts comes from the mirror.
                    change(
                        Stage::Orders,
                        "Invoice 442",
                        "inv_2",
                        Action::CreateOrder(order(&invoices[1], "kofi@mensah.test")),
                    ),
                ],
            )?;
            write.approve_run(&run)?;
            let mut effects = vec![
                Effect::PutContactLink(ContactLink {
                    hash: kofi.hash(),
                    email: kofi.clone(),
                    customers: vec!["1".into(), "2".into()],
                    fingerprint: Fingerprint::from_stored("f"),
                    created_by_us: true,
                    tag: Some("QuickBooks Online".to_owned()),
                    refused: None,
                }),
                Effect::AddConsent(ConsentEntry {
                    hash: kofi.hash(),
                    email: kofi.clone(),
                    status: CreateStatus::Subscribed,
                    at: now(),
                    grounds: "Signed form".to_owned(),
                    basis: None,
                    run: Some(run.clone()),
                    how: ConsentAct::Created,
                }),
            ];
            effects.extend(invoices[..2].iter().map(|invoice| {
                let body = order(invoice, "kofi@mensah.test");
                Effect::PutOrderLink {
                    link: OrderLink {
                        key: body.id.clone(),
                        fingerprint: Fingerprint::of(&body),
                        refused: None,
                        exists: true,
                    },
                    body: Some(body),
                }
            }));
            let finished: Vec<Finished> = (1..=3)
                .map(|seq| Finished {
                    seq,
                    outcome: Outcome::Done,
                    detail: (seq == 1).then(|| "without first name: Too long".to_owned()),
                })
                .collect();
            write.finish_changes(&run, &finished, &effects, now())?;
            write.clear_skips()?;
            write.append_skips(&[
                skip(SkipSubject::Customer, "3", refused, None),
                skip(SkipSubject::Customer, "4", SkipReason::NoEmail, None),
                skip(
                    SkipSubject::Document,
                    "inv_3",
                    left_out("refused"),
                    Some(54_800),
                ),
                skip(
                    SkipSubject::Document,
                    "inv_4",
                    left_out("no_email"),
                    Some(10_000),
                ),
            ])?;
            write.complete_skips(now())?;
            write.set_run_state(&run, RunState::Done, None, now())?;
            write.note_audience_month("2026-11")?;
            Ok(())
        })
        .unwrap();
    let generation = store.generation().unwrap();
    store
        .write(|write| write.set_planned_generation(Some(generation)))
        .unwrap();
    drop(store);
    let view = FolderView::open(place.path()).unwrap();
    let look = Look::new(view.company(&realm()).unwrap().unwrap());
    Scene {
        look,
        place,
        folder,
    }
}

fn company() -> Company {
    Company {
        realm: realm(),
        name: "Tidewater Ceramics".to_owned(),
        email: None,
        phone: None,
        website: None,
        address: None,
        country: Some("US".to_owned()),
        home_currency: CurrencyCode::from("USD"),
        time_zone: Some("America/New_York".to_owned()),
        subscription: None,
    }
}

fn audience() -> Audience {
    Audience {
        name: "Tidewater customers".to_owned(),
        sign_up_form: Some("https://tidewater.test/sign-up".to_owned()),
        ..no_audience(&"a1".into())
    }
}

fn member(address: &EmailAddress) -> Member {
    Member {
        hash: address.hash(),
        email: address.as_str().to_owned(),
        status: MemberStatus::Subscribed,
        fields: MemberFields {
            first_name: Some("Kofi".to_owned()),
            ..MemberFields::default()
        },
        tags: vec!["QuickBooks Online".to_owned(), "Retail".to_owned()],
        contact_id: None,
        last_changed: None,
    }
}
