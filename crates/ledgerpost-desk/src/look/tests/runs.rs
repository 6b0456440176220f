//! Runs and their changes, and files of lists.

use std::collections::BTreeMap;

use ledgerpost_ipc::activity::{ChangeQuery, RunQuery, RunState, SaveChanges};
use ledgerpost_ipc::contacts::{ContactColumn, DocumentKind, DocumentName, SaveContacts};
use ledgerpost_ipc::{CodeWord, FileFormat, Page};

use super::lists::everybody;
use super::scene::{now, realm, scene};

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
        .list_runs(
            &RunQuery {
                company: company.clone(),
                page,
            },
            false,
        )
        .unwrap();
    let run = &runs.rows[0];
    assert_eq!((runs.total, run.sent, run.refused), (1, 3, 0));
    assert!(run.can_undo && run.state == RunState::Done);
    let mut query = ChangeQuery {
        company,
        run: run.run.clone(),
        text: "interiors".to_owned(),
        documents: None,
        kinds: Vec::new(),
        outcome: None,
        page,
    };
    let found = scene.look.list_changes(&query).unwrap();
    assert_eq!(found.total, 1, "an order is found by its customer");
    assert_eq!(
        found.rows[0].document,
        Some(DocumentName {
            kind: DocumentKind::Invoice,
            number: "442".to_owned()
        })
    );
    assert_eq!(found.rows[0].money_after.as_ref().unwrap().amount, "200.00");
    query.text = "rechnung".to_owned();
    assert_eq!(scene.look.list_changes(&query).unwrap().total, 0);
    query.documents = Some(vec![CodeWord {
        code: "invoice".to_owned(),
        word: "Rechnung".to_owned(),
    }]);
    let found = scene.look.list_changes(&query).unwrap();
    let numbers = found.rows.iter().map(|row| row.document.as_ref().unwrap());
    assert_eq!(
        numbers.map(|name| name.number.as_str()).collect::<Vec<_>>(),
        ["441", "442"],
        "an order is found by what its document is called in the window"
    );
    query.text.clear();
    let path = scene.place.path().join("changes.csv");
    let saved = SaveChanges {
        query,
        headings: Some(vec!["Wann".to_owned()]),
        words: Some(vec![CodeWord {
            code: "subscribed".to_owned(),
            word: "Abonniert".to_owned(),
        }]),
        format: FileFormat::Csv,
    };
    let rows = scene.look.save_changes(&saved, &path).unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(u32::try_from(text.lines().count()), Ok(rows + 1));
    assert!(text.contains("Wann,What,Record"));
    assert!(text.contains("create_contact,Kofi Mensah,,status,,Abonniert,done,new,\n"));
    assert!(
        text.contains("create_contact,Kofi Mensah,,firstName,,Kofi,refused,new,Too long\n"),
        "what was left out of a change says so in its own row: {text}"
    );
    assert!(text.contains("create_order,Rechnung 441,Kofi Mensah"));
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
