//! The list of contacts.

use ledgerpost_ipc::Page;
use ledgerpost_ipc::contacts::{
    ContactOrder, ContactQuery, ContactState, ContactTab, MemberStatus, SkipCode,
};
use ledgerpost_store::Error;

use super::scene::{Scene, customer, now, realm, scene};

pub(super) fn everybody() -> ContactQuery {
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
fn what_is_listed_follows_what_is_written() {
    let scene = scene();
    let (store, _) = scene.folder.company(&realm(), now()).unwrap();
    assert_eq!(names(&scene, &everybody())[0], "Kofi Mensah");
    store
        .write::<_, Error>(|write| write.count_calls("2026-11", "quickbooks", 1))
        .unwrap();
    assert_eq!(names(&scene, &everybody()).len(), 4, "a meter is no list");
    store
        .write::<_, Error>(|write| {
            write.store_customers([
                (&customer("2", "Ärmel & Co", None), "{}"),
                (&customer("9", "Bess Quince", None), "{}"),
            ])
        })
        .unwrap();
    let query = ContactQuery {
        text: "quince".to_owned(),
        ..everybody()
    };
    assert_eq!(names(&scene, &query), ["Bess Quince"]);
    assert_eq!(
        names(&scene, &everybody())[..3],
        ["Ärmel & Co", "Bess Quince", "Kofi Mensah"]
    );
    let backwards = ContactQuery {
        descending: true,
        ..everybody()
    };
    assert_eq!(names(&scene, &backwards)[4], "Ärmel & Co");
    assert_eq!(scene.look.read_contact_facets(now()).unwrap().all, 5);
}
