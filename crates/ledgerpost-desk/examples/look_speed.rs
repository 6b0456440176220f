//! Measures what the window waits for in a large company: `cargo run --release -p ledgerpost-desk
//! --example look_speed [CUSTOMERS] [DOCUMENTS]`.
#![expect(clippy::print_stdout, reason = "its output is the measurement")]

use std::time::{Duration, Instant};

use jiff::Timestamp;
use ledgerpost_core::change::{OrderBody, OrderLine};
use ledgerpost_core::destination::{Member, MemberFields, MemberStatus};
use ledgerpost_core::ids::{CurrencyCode, ProductId, RealmId};
use ledgerpost_core::link::{ContactLink, Fingerprint, OrderLink};
use ledgerpost_core::settings::Settings;
use ledgerpost_core::skip::{Skip, SkipReason, SkipSubject};
use ledgerpost_core::source::{Company, Customer, Document, DocumentKey, DocumentKind};
use ledgerpost_core::{Amount, EmailAddress};
use ledgerpost_desk::look::{HomeContext, Look};
use ledgerpost_ipc::Page;
use ledgerpost_ipc::contacts::{ContactOrder, ContactQuery, ContactState, ContactTab};
use ledgerpost_ipc::home::{Health, HealthStanding};
use ledgerpost_store::{
    CompanyStore, DataFolder, Effect, Error, Finished, FolderView, KnownCompany, RunKind, RunState,
};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;
/// Records that are stored in one transaction.
const CHUNK: usize = 5_000;
/// Every so many customers have no address.
const WITHOUT_EMAIL: usize = 16;
const FIRST: [&str; 12] = [
    "Adaeze",
    "Bartholomew",
    "Chloé",
    "Dana",
    "Émile",
    "Farid",
    "Greta",
    "Ingrid",
    "Juniper",
    "Kofi",
    "Margarethe",
    "Théo",
];
const LAST: [&str; 11] = [
    "Okonkwo",
    "Quince",
    "Marchand",
    "Solheim",
    "Delgado",
    "Mensah",
    "Øster",
    "Vandermeer",
    "Lindenbaum",
    "Abara",
    "Stone",
];

fn main() -> Outcome<()> {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<usize>());
    let customers = numbers.next().transpose()?.unwrap_or(100_000);
    let documents = numbers.next().transpose()?.unwrap_or(500_000);
    let place = tempfile::tempdir()?;
    let folder = DataFolder::open(place.path(), "look_speed")?;
    let realm = RealmId::from("1");
    let (store, _) = folder.company(&realm, Timestamp::now())?;
    let began = Instant::now();
    fill(&store, customers, documents)?;
    println!("filled in {:?}", began.elapsed());

    let view = FolderView::open(place.path())?;
    let opened = view.company(&realm)?.ok_or("the file is there")?;
    let look = Look::new(opened);
    let began = Instant::now();
    let page = look.list_contacts(&query(), Timestamp::now())?;
    println!("first page, {} contacts: {:?}", page.total, began.elapsed());
    pages(&look, page.total)?;
    searches(&look)?;
    let company = KnownCompany {
        realm,
        name: "Tidewater Ceramics".to_owned(),
        added_at: Timestamp::now(),
    };
    timed("home", 20, |_| {
        look.read_home(&context(&company))?;
        Ok(())
    })?;
    timed("facets", 20, |_| {
        look.read_contact_facets(Timestamp::now())?;
        Ok(())
    })?;
    let settings = Settings::default();
    timed("detail", 200, |turn| {
        look.read_contact(&id(turn * 37 % customers), &settings)?;
        Ok(())
    })?;
    // What somebody else writes.
    let nothing_new =
        |_| store.write::<_, Error>(|write| write.count_calls("2026-01", "quickbooks", 1));
    timed_after("home after nothing new", 20, nothing_new, |_| {
        look.read_home(&context(&company))?;
        Ok(())
    })?;
    let change = |turn| {
        let mut changed = customer(turn);
        changed.display_name = format!("Changed {turn}");
        store.write::<_, Error>(|write| write.store_customers([(&changed, "{}")]))?;
        Ok(())
    };
    timed_after("home after a change", 20, change, |_| {
        look.read_home(&context(&company))?;
        Ok(())
    })?;
    let another = |turn| change(turn + 20);
    timed_after("first page after a change", 20, another, |_| {
        look.list_contacts(&query(), Timestamp::now())?;
        Ok(())
    })?;
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        for line in status.lines().filter(|line| line.starts_with("VmHWM")) {
            println!("{line}");
        }
    }
    Ok(())
}

fn pages(look: &Look, total: u32) -> Outcome<()> {
    let orders = [
        ContactOrder::Name,
        ContactOrder::Updated,
        ContactOrder::Total,
        ContactOrder::Orders,
        ContactOrder::LastSale,
    ];
    timed("any page of any order", 200, |turn| {
        let mut query = query();
        query.order = orders[turn % orders.len()];
        query.descending = turn % 2 == 0;
        query.page.offset = u32::try_from(turn * 7_919)? % total.max(1);
        look.list_contacts(&query, Timestamp::now())?;
        Ok(())
    })?;
    timed("filtered", 100, |turn| {
        let mut query = query();
        query.state = Some([ContactState::InStep, ContactState::LeftAlone][turn % 2]);
        query.order = ContactOrder::Updated;
        query.descending = true;
        look.list_contacts(&query, Timestamp::now())?;
        Ok(())
    })
}

fn searches(look: &Look) -> Outcome<()> {
    let words = [
        "ada",
        "k",
        "the",
        "mensah",
        "kofi men",
        "o",
        "person99",
        "lindenbaum mar",
        "example",
        "zzz",
        "person4242",
    ];
    timed("search", 220, |turn| {
        let mut query = query();
        words[turn % words.len()].clone_into(&mut query.text);
        look.list_contacts(&query, Timestamp::now())?;
        Ok(())
    })
}

fn timed(what: &str, times: usize, work: impl FnMut(usize) -> Outcome<()>) -> Outcome<()> {
    timed_after(what, times, |_| Ok(()), work)
}

/// Measures `work`, each time after something that is not measured.
fn timed_after(
    what: &str,
    times: usize,
    mut before: impl FnMut(usize) -> Result<(), Error>,
    mut work: impl FnMut(usize) -> Outcome<()>,
) -> Outcome<()> {
    let mut taken: Vec<Duration> = Vec::new();
    for turn in 0..times {
        before(turn)?;
        let began = Instant::now();
        work(turn)?;
        taken.push(began.elapsed());
    }
    taken.sort_unstable();
    println!(
        "{what}: p50 {:?}, p95 {:?}, longest {:?}",
        taken[times / 2],
        taken[times * 95 / 100],
        taken[times - 1]
    );
    Ok(())
}

fn query() -> ContactQuery {
    ContactQuery {
        company: "1".to_owned(),
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
            limit: 100,
        },
    }
}

fn context(company: &KnownCompany) -> HomeContext<'_> {
    let health = Health {
        standing: HealthStanding::Connected,
        days_left: None,
    };
    HomeContext {
        company,
        connection: None,
        now: Timestamp::now(),
        next_sync: None,
        last_sync: None,
        syncing: false,
        waits: false,
        agreed: false,
        offline: None,
        retrying: None,
        stopped: None,
        quickbooks: health.clone(),
        mailchimp: health,
    }
}

fn id(place: usize) -> String {
    (place + 1).to_string()
}

fn address(place: usize) -> EmailAddress {
    EmailAddress::parse(&format!("person{place}@mail{}.test", place % 40))
        .expect("a plain address is one")
}

fn fill(store: &CompanyStore, customers: usize, documents: usize) -> Result<(), Error> {
    store.write::<_, Error>(|write| {
        write.store_company(&company(), "")?;
        Ok(())
    })?;
    let run = store.write::<_, Error>(|write| {
        let run = write.begin_run(RunKind::Sync, Timestamp::now())?;
        write.approve_run(&run)?;
        Ok(run)
    })?;
    let everybody: Vec<usize> = (0..customers).collect();
    for chunk in everybody.chunks(CHUNK) {
        let rows: Vec<Customer> = chunk.iter().map(|&place| customer(place)).collect();
        let linked: Vec<usize> = chunk
            .iter()
            .copied()
            .filter(|place| place % WITHOUT_EMAIL > 0)
            .collect();
        let members: Vec<Member> = linked.iter().map(|&place| member(place)).collect();
        let links: Vec<Effect> = linked.iter().map(|&place| link(place)).collect();
        store.write::<_, Error>(|write| {
            write.store_customers(rows.iter().map(|row| (row, "{}")))?;
            write.store_members(members.iter())?;
            write.finish_changes(&run, &[] as &[Finished], &links, Timestamp::now())
        })?;
    }
    let all: Vec<usize> = (0..documents).collect();
    for chunk in all.chunks(CHUNK) {
        let rows: Vec<Document> = chunk
            .iter()
            .map(|&place| document(place, customers))
            .collect();
        let orders: Vec<Effect> = rows.iter().filter_map(order).collect();
        store.write::<_, Error>(|write| {
            write.store_documents(rows.iter().map(|row| (row, "{}")))?;
            write.finish_changes(&run, &[] as &[Finished], &orders, Timestamp::now())
        })?;
    }
    let skips: Vec<Skip> = everybody
        .iter()
        .filter(|place| *place % WITHOUT_EMAIL == 0)
        .map(|&place| Skip {
            subject: SkipSubject::Customer,
            key: id(place),
            title: name(place),
            reason: SkipReason::NoEmail,
            amount: None,
            currency: None,
        })
        .collect();
    store.write::<_, Error>(|write| {
        write.append_skips(&skips)?;
        write.complete_skips(Timestamp::now())?;
        write.set_run_state(&run, RunState::Done, None, Timestamp::now())
    })
}

fn company() -> Company {
    Company {
        realm: RealmId::from("1"),
        name: "Tidewater Ceramics".to_owned(),
        email: None,
        phone: None,
        website: None,
        address: None,
        country: Some("US".to_owned()),
        home_currency: CurrencyCode::from("USD"),
        time_zone: None,
        subscription: None,
    }
}

fn name(place: usize) -> String {
    format!(
        "{} {} {place}",
        FIRST[place % FIRST.len()],
        LAST[place / 7 % LAST.len()]
    )
}

fn customer(place: usize) -> Customer {
    Customer {
        id: id(place).into(),
        display_name: name(place),
        given_name: Some(FIRST[place % FIRST.len()].to_owned()),
        family_name: Some(LAST[place / 7 % LAST.len()].to_owned()),
        company_name: None,
        email_field: (!place.is_multiple_of(WITHOUT_EMAIL))
            .then(|| address(place).as_str().to_owned()),
        phone: None,
        address: None,
        active: true,
        is_project: false,
        parent: None,
        currency: None,
        customer_type: Some((place % 5).to_string()),
        last_sale: None,
    }
}

fn member(place: usize) -> Member {
    let email = address(place);
    Member {
        hash: email.hash(),
        email: email.as_str().to_owned(),
        status: MemberStatus::Transactional,
        fields: MemberFields::default(),
        tags: vec!["QuickBooks Online".to_owned()],
        contact_id: None,
        last_changed: None,
    }
}

fn link(place: usize) -> Effect {
    let email = address(place);
    Effect::PutContactLink(ContactLink {
        hash: email.hash(),
        email,
        customers: vec![id(place).into()],
        fingerprint: Fingerprint::from_stored("0123456789abcdef0123456789abcdef"),
        created_by_us: true,
        tag: Some("QuickBooks Online".to_owned()),
        refused: None,
    })
}

fn document(place: usize, customers: usize) -> Document {
    let day = jiff::civil::date(2024, 1, 1).saturating_add(
        jiff::Span::new().days(i64::try_from(place * 31 % 900).unwrap_or_default()),
    );
    let cents = i64::try_from(place % 9_973).unwrap_or_default() + 100;
    Document {
        key: DocumentKey::new(DocumentKind::Invoice, &id(place)),
        kind: DocumentKind::Invoice,
        number: Some(id(place)),
        date: day,
        due: None,
        customer: Some(id(place * 17 % customers).into()),
        currency: None,
        total: Amount::from_cents(cents),
        tax: Amount::ZERO,
        discount: Amount::ZERO,
        shipping: Amount::ZERO,
        balance: Amount::ZERO,
        voided: false,
        lines: Vec::new(),
        credited: Amount::ZERO,
    }
}

fn order(document: &Document) -> Option<Effect> {
    let buyer: usize = document.customer.as_ref()?.as_str().parse().ok()?;
    let email = address(buyer - 1);
    let body = OrderBody {
        id: document.key.clone(),
        customer: email.hash(),
        email,
        first_name: None,
        last_name: None,
        currency: CurrencyCode::from("USD"),
        total: document.total,
        tax: Amount::ZERO,
        discount: Amount::ZERO,
        shipping: Amount::ZERO,
        date: document.date,
        financial_status: None,
        lines: vec![OrderLine {
            product: ProductId::other(),
            quantity: 1,
            price: document.total,
        }],
    };
    (!(buyer - 1).is_multiple_of(WITHOUT_EMAIL)).then(|| Effect::PutOrderLink {
        link: OrderLink {
            key: body.id.clone(),
            fingerprint: Fingerprint::of(&body),
            refused: None,
            exists: true,
        },
        body: Some(body),
    })
}
