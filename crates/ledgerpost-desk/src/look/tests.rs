//! A small company looked at from all sides.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ledgerpost_core::change::{
    Action, Change, ChangeReason, ContactCreate, CreateStatus, OrderBody, OrderLine, Stage,
};
use ledgerpost_core::destination::{Member, MemberFields, MemberStatus as CoreStatus};
use ledgerpost_core::ids::{CurrencyCode, ProductId, RealmId};
use ledgerpost_core::link::{ContactLink, Fingerprint, OrderLink};
use ledgerpost_core::settings::Settings;
use ledgerpost_core::skip::{Skip, SkipReason, SkipSubject};
use ledgerpost_core::source::{
    Company, Customer, Document, DocumentKey, DocumentKind, DocumentLine,
};
use ledgerpost_core::{Amount, EmailAddress};
use ledgerpost_ipc::activity::{ChangeQuery, RunQuery, RunState, SaveChanges};
use ledgerpost_ipc::contacts::{
    ContactColumn, ContactOrder, ContactQuery, ContactState, ContactTab, MemberStatus,
    SaveContacts, SkipCode,
};
use ledgerpost_ipc::home::{Attention, ConnectionState, Health, HealthStanding};
use ledgerpost_ipc::{FileFormat, Page};
use ledgerpost_store::{
    Connection, ConsentAct, ConsentEntry, DataFolder, Effect, Error, Finished, FolderView,
    KnownCompany, Outcome, RunKind, RunState as StoredState,
};

use super::{HomeContext, Look};

struct Scene {
    look: Look,
    place: tempfile::TempDir,
    _folder: DataFolder,
}

fn now() -> Timestamp {
    "2026-11-21T14:42:00Z".parse().unwrap()
}

fn realm() -> RealmId {
    RealmId::from("9130350000000001")
}

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn customer(id: &str, name: &str, address: Option<&str>) -> Customer {
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
fn scene() -> Scene {
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
                    change(
                        Stage::Orders,
                        "Invoice 441",
                        "inv_1",
                        Action::CreateOrder(order(&invoices[0], "kofi@mensah.test")),
                    ),
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
                    detail: None,
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
            write.set_run_state(&run, StoredState::Done, None, now())?;
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
        _folder: folder,
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

fn member(address: &EmailAddress) -> Member {
    Member {
        hash: address.hash(),
        email: address.as_str().to_owned(),
        status: CoreStatus::Subscribed,
        fields: MemberFields {
            first_name: Some("Kofi".to_owned()),
            ..MemberFields::default()
        },
        tags: vec!["QuickBooks Online".to_owned(), "Retail".to_owned()],
        contact_id: None,
        last_changed: None,
    }
}

fn everybody() -> ContactQuery {
    ContactQuery {
        company: realm().as_str().to_owned(),
        text: String::new(),
        tab: ContactTab::All,
        status: None,
        tag: None,
        reason: None,
        state: None,
        changed_since: None,
        customer_type: None,
        order: ContactOrder::Name,
        descending: false,
        page: Page {
            offset: 0,
            limit: 50,
        },
    }
}

fn names(scene: &Scene, query: &ContactQuery) -> Vec<String> {
    let page = scene.look.list_contacts(query, now()).unwrap();
    page.rows.into_iter().map(|row| row.name).collect()
}

#[test]
fn contacts_are_found_by_every_filter_and_come_in_every_order() {
    let scene = scene();
    let all = names(&scene, &everybody());
    assert_eq!(
        all,
        [
            "Kofi Mensah",
            "Mensah Interiors",
            "Rosa Delgado",
            "Wharf Street Dental"
        ]
    );
    let with = |change: fn(&mut ContactQuery)| {
        let mut query = everybody();
        change(&mut query);
        names(&scene, &query)
    };
    assert_eq!(with(|q| q.text = "mens".to_owned()).len(), 2);
    assert_eq!(with(|q| q.tab = ContactTab::LeftAlone), all[2..]);
    assert_eq!(with(|q| q.tab = ContactTab::RecentlyUpdated).len(), 4);
    assert_eq!(
        with(|q| q.state = Some(ContactState::SharesEmail)),
        all[1..2]
    );
    assert_eq!(with(|q| q.reason = Some(SkipCode::NoEmail)), all[3..]);
    assert_eq!(
        with(|q| q.status = Some(MemberStatus::Subscribed)),
        all[..2]
    );
    assert_eq!(with(|q| q.tag = Some("Retail".to_owned())), all[..2]);
    assert!(with(|q| q.tag = Some("retail".to_owned())).is_empty());
    assert_eq!(with(|q| q.customer_type = Some("7".to_owned())).len(), 4);
    assert_eq!(
        with(|q| q.changed_since = Some("2026-11-21".parse().unwrap())).len(),
        4
    );
    assert!(with(|q| q.changed_since = Some("2026-11-22".parse().unwrap())).is_empty());
    assert_eq!(
        with(|q| {
            q.order = ContactOrder::Total;
            q.descending = true;
        })[..2],
        ["Mensah Interiors", "Kofi Mensah"]
    );
    let page = scene
        .look
        .list_contacts(
            &ContactQuery {
                page: Page {
                    offset: 1,
                    limit: 1,
                },
                ..everybody()
            },
            now(),
        )
        .unwrap();
    assert_eq!((page.total, page.rows.len()), (4, 1));
    let row = &page.rows[0];
    assert_eq!(row.email.as_deref(), Some("kofi@mensah.test"));
    assert_eq!((row.orders, row.total.amount.as_str()), (1, "200.00"));
    assert_eq!(row.customer_type.as_deref(), Some("Wholesale"));
    assert_eq!(row.last_sale, Some("2026-11-14".parse().unwrap()));
    let facets = scene.look.read_contact_facets(now()).unwrap();
    assert_eq!((facets.all, facets.left_alone), (4, 2));
    assert_eq!(facets.tags.len(), 2);
    assert_eq!(facets.customer_types[0].name, "Wholesale");
}

#[test]
fn a_detail_shows_both_sides_and_what_was_done() {
    let scene = scene();
    let mensah = scene.look.read_contact("2", &Settings::default()).unwrap();
    assert_eq!(mensah.belongs_to.unwrap().name, "Kofi Mensah");
    assert!(mensah.in_mailchimp && mensah.sides[0].differs);
    assert!(mensah.orders[0].sent);
    assert_eq!(mensah.history.len(), 2, "its order and its contact");
    assert_eq!(
        mensah.history[0].change.subtitle.as_deref(),
        Some("Mensah Interiors")
    );
    assert_eq!(mensah.consents[0].grounds.as_deref(), Some("Signed form"));
    let rosa = scene
        .look
        .read_contact(
            "3",
            &Settings {
                left_alone: ["3".into()].into(),
                ..Settings::default()
            },
        )
        .unwrap();
    assert_eq!(rosa.reason_detail.as_deref(), Some("permanently deleted"));
    assert_eq!(rosa.documents_left_out, 1);
    assert_eq!(rosa.documents_left_out_total.unwrap().amount, "548.00");
    assert_eq!(rosa.orders[0].reason, Some(SkipCode::CustomerLeftOut));
    assert!(rosa.left_alone_by_owner && !rosa.in_mailchimp);
    assert_eq!(
        scene
            .look
            .read_contact("404", &Settings::default())
            .unwrap_err()
            .code(),
        "not_found"
    );
}

#[test]
fn home_explains_every_difference_to_the_cent() {
    let scene = scene();
    let company = KnownCompany {
        realm: realm(),
        name: "Tidewater Ceramics".to_owned(),
        added_at: now(),
    };
    let connection = Connection {
        realm: realm(),
        account: "a1".into(),
        audience_id: "0123456789".into(),
        audience_name: "Tidewater customers".to_owned(),
        state: ledgerpost_store::ConnectionState::Ready,
        settings: Settings::default(),
        needs_approval: false,
        approved_at: None,
        approved_changes: None,
        created_at: now(),
    };
    let healthy = Health {
        standing: HealthStanding::Connected,
        days_left: Some(90),
    };
    let home = scene
        .look
        .read_home(&HomeContext {
            company: &company,
            connection: Some(&connection),
            now: now(),
            next_sync: None,
            last_sync: None,
            syncing: false,
            offline: false,
            stopped: None,
            quickbooks: healthy.clone(),
            mailchimp: healthy,
        })
        .unwrap();
    assert_eq!(home.state, ConnectionState::Except { contacts: 1 });
    assert_eq!(home.last_sync.unwrap().sent, 3);
    let totals = home.totals.unwrap();
    assert_eq!(
        (totals.contacts.quickbooks, totals.contacts.mailchimp),
        (2, 1)
    );
    assert_eq!(totals.orders.quickbooks_total.amount, "848.50");
    assert_eq!(totals.orders.mailchimp_total.amount, "300.50");
    assert_eq!(totals.orders.difference.amount, "548.00");
    assert_eq!(totals.explained[0].code, SkipCode::Refused);
    assert_eq!(totals.explained[0].amount.amount, "548.00");
    assert_eq!(totals.unexplained.amount, "0.00");
    assert_eq!(totals.left_out[0].code, SkipCode::NoEmail);
    assert_eq!(totals.books.total.amount, "948.50");
    assert_eq!((totals.orders.quickbooks, totals.books.count), (3, 4));
    let november = home.months.last().unwrap();
    assert_eq!(home.months.len(), 12);
    assert_eq!(november.month, "2026-11");
    assert_eq!(november.in_quickbooks.amount, "848.50");
    assert_eq!(november.contacts, Some(1));
    assert_eq!(home.months[0].contacts, None);
    assert!(matches!(
        &home.attention[..],
        [
            Attention::ContactRefused { documents: 1, .. },
            Attention::LeftAlone {
                code: SkipCode::NoEmail,
                count: 1,
                new_this_week: 0
            },
        ]
    ));
}

#[test]
fn runs_and_changes_are_listed_searched_and_saved() {
    let scene = scene();
    let page = Page {
        offset: 0,
        limit: 9,
    };
    let company = realm().as_str().to_owned();
    let runs = scene
        .look
        .list_runs(&RunQuery {
            company: company.clone(),
            page,
        })
        .unwrap();
    let run = &runs.rows[0];
    assert_eq!((runs.total, run.sent, run.refused), (1, 3, 0));
    assert!(run.can_undo && run.state == RunState::Done);
    let mut query = ChangeQuery {
        company,
        run: run.run.clone(),
        text: "interiors".to_owned(),
        kinds: Vec::new(),
        outcome: None,
        page,
    };
    let found = scene.look.list_changes(&query).unwrap();
    assert_eq!(found.total, 1, "an order is found by its customer");
    assert_eq!(found.rows[0].title, "Invoice 442");
    assert_eq!(found.rows[0].money_after.as_ref().unwrap().amount, "200.00");
    query.text.clear();
    let path = scene.place.path().join("changes.csv");
    let saved = SaveChanges {
        query,
        headings: None,
        words: None,
        format: FileFormat::Csv,
    };
    let rows = scene.look.save_changes(&saved, &path).unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(u32::try_from(text.lines().count()), Ok(rows + 1));
    assert!(text.contains("create_contact,Kofi Mensah,,status,,subscribed"));
    let save = SaveContacts {
        query: everybody(),
        columns: vec![ContactColumn::Name, ContactColumn::Total],
        headings: vec!["Name".to_owned(), "Summe".to_owned()],
        words: None,
        format: FileFormat::Json,
    };
    let path = scene.place.path().join("contacts.json");
    assert_eq!(scene.look.save_contacts(&save, &path, now()).unwrap(), 4);
    let rows: Vec<BTreeMap<String, serde_json::Value>> =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(rows[0]["name"], "Kofi Mensah");
}
