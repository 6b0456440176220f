//! How a connection is doing.

use ledgerpost_core::change::{Action, Change, ChangeReason, Stage};
use ledgerpost_core::settings::Settings;
use ledgerpost_ipc::Page;
use ledgerpost_ipc::activity::{RunQuery, RunState};
use ledgerpost_ipc::contacts::SkipCode;
use ledgerpost_ipc::home::{Attention, ConnectionState, Health, HealthStanding};
use ledgerpost_store::{Connection, Error, KnownCompany, RunKind, RunState as StoredState};

use super::scene::{now, realm, scene};
use crate::look::HomeContext;

/// What the program knows besides the file, for a connection that is well.
struct Known {
    company: KnownCompany,
    connection: Connection,
}

impl Known {
    fn new() -> Self {
        Self {
            company: KnownCompany {
                realm: realm(),
                name: "Tidewater Ceramics".to_owned(),
                added_at: now(),
            },
            connection: Connection {
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
            },
        }
    }

    fn context(&self) -> HomeContext<'_> {
        let healthy = Health {
            standing: HealthStanding::Connected,
            days_left: Some(90),
        };
        HomeContext {
            company: &self.company,
            connection: Some(&self.connection),
            now: now(),
            next_sync: None,
            last_sync: None,
            syncing: false,
            waits: false,
            agreed: false,
            offline: None,
            retrying: None,
            stopped: None,
            quickbooks: healthy.clone(),
            mailchimp: healthy,
        }
    }
}

#[test]
fn a_plan_that_was_only_looked_at_is_not_sent_and_nothing_unfinished() {
    let scene = scene();
    let known = Known::new();
    let home = |waits, agreed| {
        let context = HomeContext {
            waits,
            agreed,
            ..known.context()
        };
        scene.look.read_home(&context).unwrap()
    };
    let activity = |waits| {
        let query = RunQuery {
            company: realm().as_str().to_owned(),
            page: Page {
                offset: 0,
                limit: 1,
            },
        };
        scene.look.list_runs(&query, waits).unwrap().rows[0].state
    };
    let (store, _) = scene.folder.company(&realm(), now()).unwrap();
    let change = Change {
        stage: Stage::Finish,
        reason: ChangeReason::Changed,
        title: "Store".to_owned(),
        document: None,
        source: Vec::new(),
        action: Action::SetSyncing {
            store: "qbo_1".into(),
            syncing: false,
        },
    };
    let run = store
        .write::<_, Error>(|write| {
            let run = write.begin_run(RunKind::Sync, now())?;
            write.append_changes(&run, &[change])?;
            Ok(run)
        })
        .unwrap();
    assert_eq!(
        home(false, false).state,
        ConnectionState::Unsent {
            changes: 1,
            found_at: now()
        }
    );
    assert_eq!(home(false, true).state, ConnectionState::Unfinished);
    assert_eq!(activity(false), RunState::Planned);
    assert_eq!(
        home(true, false).state,
        ConnectionState::Waits { changes: 1 }
    );
    assert_eq!(activity(true), RunState::Waits);

    store
        .write::<_, Error>(|write| {
            write.approve_run(&run)?;
            write.set_run_state(&run, StoredState::Interrupted, None, now())
        })
        .unwrap();
    assert_eq!(home(false, false).state, ConnectionState::Unfinished);
    assert_eq!(activity(false), RunState::Unfinished);
}

#[test]
fn home_explains_every_difference_to_the_cent() {
    let scene = scene();
    let known = Known::new();
    let home = scene.look.read_home(&known.context()).unwrap();
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
