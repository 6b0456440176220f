use ledgerpost_core::change::CreateStatus;
use ledgerpost_core::ids::RunId;
use ledgerpost_core::ports::{Mirror as _, StoreState};

use super::*;
use crate::company::{CompanyStore, Write};
use crate::error::Error;
use crate::table::effects::Effect;
use crate::testing::{
    contact_link, create_contact, create_order, email, now, order_body, order_link, scene,
};
use crate::{ConsentAct, ConsentEntry, RunKind, RunState};

fn planned(store: &CompanyStore) -> RunId {
    store
        .write(|write| {
            let run = write.begin_run(RunKind::Sync, now())?;
            write.append_changes(
                &run,
                &[create_contact("a@x.test"), create_contact("b@x.test")],
            )?;
            write.append_changes(&run, &[create_order(order_body("inv_1", "a@x.test", 5))])?;
            Ok::<_, Error>(run)
        })
        .unwrap()
}

fn seqs(entries: &[JournalEntry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.seq).collect()
}

#[test]
fn a_plan_that_was_not_committed_leaves_no_run() {
    let scene = scene();
    let write = scene.store.begin().unwrap();
    let run = write.begin_run(RunKind::Sync, now()).unwrap();
    write
        .append_changes(&run, &[create_contact("a@x.test")])
        .unwrap();
    assert!(
        scene.store.customers(None, 5).unwrap().is_empty(),
        "the mirror can be read while the plan is written"
    );
    drop(write);
    assert!(scene.store.unfinished_runs().unwrap().is_empty());
}

#[test]
fn changes_go_from_planned_over_sending_to_their_outcome() {
    let scene = scene();
    let store = &scene.store;
    let run = planned(store);
    store
        .write(|write| {
            write.approve_run(&run)?;
            write.set_run_state(&run, RunState::Applying, None, now())
        })
        .unwrap();
    let next = store.next_changes(&run, Stage::Contacts, 10).unwrap();
    assert_eq!(seqs(&next), [1, 2]);
    assert_eq!(next[0].change, create_contact("a@x.test"));
    assert_eq!(
        seqs(&store.next_changes(&run, Stage::Orders, 10).unwrap()),
        [3]
    );

    store
        .write(|write| write.mark_sending(&run, &[1, 2], None, now()))
        .unwrap();
    store
        .write(|write| write.mark_sending(&run, &[1, 2], Some("batch-7"), now()))
        .unwrap();
    assert!(
        store
            .next_changes(&run, Stage::Contacts, 10)
            .unwrap()
            .is_empty()
    );
    let sending = store.sending_changes(&run, 0, 10).unwrap();
    assert_eq!(seqs(&sending), [1, 2]);
    assert_eq!(sending[0].batch.as_deref(), Some("batch-7"));
    assert_eq!(seqs(&store.sending_changes(&run, 1, 10).unwrap()), [2]);

    store.write(|write| write.mark_unsent(&run, &[2])).unwrap();
    let refused = Finished {
        seq: 2,
        outcome: Outcome::Failed,
        detail: Some("refused".to_owned()),
    };
    let done = Finished {
        seq: 1,
        outcome: Outcome::Done,
        detail: None,
    };
    store
        .write(|write| write.finish_changes(&run, &[done, refused], &[], now()))
        .unwrap();
    assert_eq!(
        store.outcome_counts(&run).unwrap(),
        [
            (Outcome::Done, 1),
            (Outcome::Failed, 1),
            (Outcome::Planned, 1)
        ]
    );
    let failed = ChangeFilter {
        outcome: Some(Outcome::Failed),
        ..ChangeFilter::default()
    };
    let failed = store.changes(&run, &failed, 0, 10).unwrap();
    assert_eq!(failed[0].detail.as_deref(), Some("refused"));
    let orders = ChangeFilter {
        code: Some("create_order".to_owned()),
        stage: Some(Stage::Orders),
        ..ChangeFilter::default()
    };
    assert_eq!(seqs(&store.changes(&run, &orders, 0, 10).unwrap()), [3]);
    assert_eq!(
        seqs(&store.changes_backwards(&run, None, 2).unwrap()),
        [3, 2]
    );
    let again = store.write(|write| write.mark_sending(&run, &[1], None, now()));
    assert!(
        matches!(again, Err(Error::WrongState { .. })),
        "what is done is never sent twice"
    );
    let counts = store.change_counts(&run).unwrap();
    assert_eq!(counts.len(), 3);
    assert_eq!(counts[2].code, "create_order");
}

#[test]
fn outcomes_and_effects_are_written_together_or_not_at_all() {
    let scene = scene();
    let store = &scene.store;
    let run = planned(store);
    let body = order_body("inv_1", "a@x.test", 5);
    let effects = [
        Effect::PutContactLink(contact_link("a@x.test", &["1"])),
        Effect::PutOrderLink {
            link: order_link(&body),
            body: Some(body),
        },
        Effect::SetStoreState(StoreState::Syncing),
        Effect::AddConsent(ConsentEntry {
            hash: email("a@x.test").hash(),
            email: email("a@x.test"),
            status: CreateStatus::Transactional,
            at: now(),
            grounds: "bought something".to_owned(),
            basis: None,
            run: Some(run.clone()),
            how: ConsentAct::Created,
        }),
    ];
    let done = |seq| Finished {
        seq,
        outcome: Outcome::Done,
        detail: None,
    };
    let failed =
        store.write(|write| write.finish_changes(&run, &[done(1), done(99)], &effects, now()));
    assert!(failed.is_err());
    assert!(store.contact_links(None, 9).unwrap().is_empty());
    assert_eq!(
        store.next_changes(&run, Stage::Contacts, 9).unwrap().len(),
        2
    );

    store
        .write(|write| write.finish_changes(&run, &[done(1), done(3)], &effects, now()))
        .unwrap();
    assert_eq!(store.contact_links(None, 9).unwrap().len(), 1);
    assert_eq!(store.store_state().unwrap(), StoreState::Syncing);
    assert_eq!(store.order_totals().unwrap()[0].total.to_string(), "0.05");
    let consent = store.consent_entries_of(&email("a@x.test").hash()).unwrap();
    assert_eq!(consent[0].run.as_ref(), Some(&run));
    assert_eq!(
        store.generation().unwrap(),
        0,
        "a plan foresees its own effects"
    );
    store
        .write(|write| write.apply_effects(&[Effect::RemoveStoreLinks]))
        .unwrap();
    assert!(store.order_links(None, 9).unwrap().is_empty());
    assert!(store.order_totals().unwrap().is_empty());
}

#[test]
fn consent_entries_cannot_be_changed_or_removed() {
    let scene = scene();
    let store = &scene.store;
    store
        .write(|write| {
            write.apply_effects(&[Effect::AddConsent(ConsentEntry {
                hash: email("a@x.test").hash(),
                email: email("a@x.test"),
                status: CreateStatus::Subscribed,
                at: now(),
                grounds: "signed up".to_owned(),
                basis: None,
                run: None,
                how: ConsentAct::Created,
            })])
        })
        .unwrap();
    for sql in [
        "UPDATE consent_entries SET status = 'pending'",
        "DELETE FROM consent_entries",
    ] {
        assert!(store.connection.execute(sql, []).is_err());
    }
    assert_eq!(store.consent_entries(0, 9).unwrap().len(), 1);
}

#[test]
fn runs_move_on_until_they_are_over() {
    let scene = scene();
    let store = &scene.store;
    let first = planned(store);
    assert_eq!(first.as_str(), "000001");
    assert!(store.run(&RunId::from("1")).unwrap().is_some());
    assert!(store.run(&RunId::from("one")).unwrap().is_none());
    let set =
        |run: &RunId, state| store.write(|write| write.set_run_state(run, state, None, now()));
    store.write(|write| write.approve_run(&first)).unwrap();
    assert!(store.write(|write| write.approve_run(&first)).is_err());
    set(&first, RunState::Applying).unwrap();
    let second = planned(store);
    assert_eq!(store.unfinished_runs().unwrap().len(), 2);
    let discarded = store.write(Write::discard_planned_runs).unwrap();
    assert_eq!(discarded, 1);
    assert!(store.run(&second).unwrap().is_none());
    let filter = ChangeFilter::default();
    assert!(store.changes(&second, &filter, 0, 9).unwrap().is_empty());
    set(&first, RunState::Done).unwrap();
    let run = store.run(&first).unwrap().unwrap();
    assert_eq!(run.finished_at, Some(now()));
    assert!(
        set(&first, RunState::Applying).is_err(),
        "what is over stays over"
    );
    assert!(store.unfinished_runs().unwrap().is_empty());
    assert!(planned(store) > second, "an id is never given twice");
}
