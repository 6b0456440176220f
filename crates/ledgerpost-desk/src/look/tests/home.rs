//! How a connection is doing.

use ledgerpost_core::settings::Settings;
use ledgerpost_ipc::contacts::SkipCode;
use ledgerpost_ipc::home::{Attention, ConnectionState, Health, HealthStanding};
use ledgerpost_store::{Connection, KnownCompany};

use super::scene::{now, realm, scene};
use crate::look::HomeContext;

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
            waits: false,
            offline: false,
            retrying: None,
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
