use std::fs;

use ledgerpost_core::ports::Mirror as _;

use super::*;
use crate::Write;
use crate::testing::{customer, now, realm};

type Damage = fn(&mut Vec<u8>);

fn store_somebody(store: &CompanyStore) {
    store
        .write(|write| write.store_customers([(&customer("1", "Ada", None), "{}")]))
        .unwrap();
}

#[test]
fn a_second_opening_is_told_who_holds_the_folder() {
    let place = tempfile::tempdir().unwrap();
    let held = DataFolder::open(place.path(), "ledgerpost sync").unwrap();
    let error = DataFolder::open(place.path(), "ledgerpost plan").unwrap_err();
    let Error::InUse { holder, .. } = &error else {
        panic!("expected the holder, got {error}");
    };
    assert_eq!(holder.program, "ledgerpost sync");
    assert_eq!(holder.pid, std::process::id());
    drop(held);
    DataFolder::open(place.path(), "ledgerpost plan").unwrap();
}

#[test]
fn a_view_reads_while_the_folder_is_held_and_cannot_write() {
    let place = tempfile::tempdir().unwrap();
    let folder = DataFolder::open(place.path(), "test").unwrap();
    let view = FolderView::open(place.path()).unwrap();
    assert!(view.company(&realm()).unwrap().is_none());
    assert!(view.registry().unwrap().is_none());
    let (store, _) = folder.company(&realm(), now()).unwrap();
    store_somebody(&store);
    let seen = view.company(&realm()).unwrap().unwrap();
    assert_eq!(seen.customers(None, 9).unwrap().len(), 1);
    assert!(seen.write(Write::clear_skips).is_err());
}

#[test]
fn a_file_in_the_place_of_the_folder_is_named() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("file");
    fs::write(&path, "").unwrap();
    for error in [
        DataFolder::open(&path, "test").unwrap_err(),
        DataFolder::open(path.join("below"), "test").unwrap_err(),
        FolderView::open(&path).unwrap_err(),
    ] {
        assert_eq!(error.code(), "not_a_folder");
    }
    let none = FolderView::open(place.path().join("none")).unwrap_err();
    assert_eq!(none.code(), "no_folder");
}

#[test]
fn only_digits_get_into_a_path() {
    let place = tempfile::tempdir().unwrap();
    let folder = DataFolder::open(place.path(), "test").unwrap();
    for realm in ["", "..", "1/2", "../../etc", "12a", "१२"] {
        let error = folder.company(&RealmId::from(realm), now()).unwrap_err();
        assert_eq!(error.code(), "invalid_realm");
    }
}

#[test]
fn damaged_files_are_set_aside_and_begun_anew() {
    let damages: [(&str, Damage); 4] = [
        ("no database at all", |bytes| bytes.fill(b'x')),
        ("torn header", |bytes| bytes.truncate(50)),
        ("cut off", |bytes| bytes.truncate(bytes.len() / 2)),
        ("pages overwritten", |bytes| {
            let end = bytes.len();
            bytes[4096..end].fill(0xa5);
        }),
    ];
    for (what, damage) in damages {
        let place = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(place.path(), "test").unwrap();
        let (store, _) = folder.company(&realm(), now()).unwrap();
        store_somebody(&store);
        drop(store);
        let path = folder.company_folder(&realm()).unwrap().join(FILE);
        drop(folder);
        let mut bytes = fs::read(&path).unwrap();
        damage(&mut bytes);
        fs::write(&path, &bytes).unwrap();

        let folder = DataFolder::open(place.path(), "test").unwrap();
        let (store, opened) = folder.company(&realm(), now()).unwrap();
        let Opened::SetAside { path: aside } = opened else {
            panic!("{what} must be noticed");
        };
        assert_eq!(fs::read(&aside).unwrap(), bytes, "{what}: kept as it was");
        assert!(aside.to_str().unwrap().contains(".corrupt-20260304T050607"));
        assert!(store.customers(None, 9).unwrap().is_empty());
        store_somebody(&store);
        drop(store);
        let (_, opened) = folder.company(&realm(), now()).unwrap();
        assert_eq!(opened, Opened::Clean);
    }
}

#[test]
fn a_file_is_checked_once_while_the_folder_is_held() {
    let place = tempfile::tempdir().unwrap();
    let folder = DataFolder::open(place.path(), "test").unwrap();
    let (store, _) = folder.company(&realm(), now()).unwrap();
    store_somebody(&store);
    drop(store);
    let path = folder.company_folder(&realm()).unwrap().join(FILE);
    let mut bytes = fs::read(&path).unwrap();
    // A table that no opening reads.
    let last_page = bytes.len() - 4096;
    bytes[last_page..].fill(0xa5);
    fs::write(&path, &bytes).unwrap();

    let (_, opened) = folder.company(&realm(), now()).unwrap();
    assert_eq!(opened, Opened::Clean);
    drop(folder);
    let folder = DataFolder::open(place.path(), "test").unwrap();
    let (_, opened) = folder.company(&realm(), now()).unwrap();
    assert!(matches!(opened, Opened::SetAside { .. }));
}

#[test]
fn a_file_that_somebody_doubts_is_checked_again() {
    let place = tempfile::tempdir().unwrap();
    let folder = DataFolder::open(place.path(), "test").unwrap();
    let (store, _) = folder.company(&realm(), now()).unwrap();
    store_somebody(&store);
    drop(store);
    note_damage(place.path(), &realm());
    let opened = folder.bring_up_to_date(&realm(), now()).unwrap();
    assert_eq!(opened, Opened::Clean, "there is nothing wrong with it");

    let path = folder.company_folder(&realm()).unwrap().join(FILE);
    let mut bytes = fs::read(&path).unwrap();
    let last_page = bytes.len() - 4096;
    bytes[last_page..].fill(0xa5);
    fs::write(&path, &bytes).unwrap();
    let opened = folder.bring_up_to_date(&realm(), now()).unwrap();
    assert_eq!(opened, Opened::Clean, "nobody doubts it any more");
    note_damage(place.path(), &realm());
    let opened = folder.bring_up_to_date(&realm(), now()).unwrap();
    assert!(matches!(opened, Opened::SetAside { .. }));
    let (_, opened) = folder.company(&realm(), now()).unwrap();
    assert_eq!(opened, Opened::Clean);
}

#[test]
fn an_older_file_can_be_read_once_it_is_brought_up_to_date() {
    let place = tempfile::tempdir().unwrap();
    let folder = DataFolder::open(place.path(), "test").unwrap();
    assert_eq!(
        folder.bring_up_to_date(&realm(), now()).unwrap(),
        Opened::Clean
    );
    let path = folder.company_folder(&realm()).unwrap().join(FILE);
    assert!(!path.exists(), "a file that is not there is not begun");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut older = Connection::open(&path).unwrap();
    let migrations = Schema::Company.migrations();
    migrations.to_version(&mut older, 1).unwrap();
    drop(older);

    let view = FolderView::open(place.path()).unwrap();
    assert_eq!(view.company(&realm()).unwrap_err().code(), "older_database");
    let opened = folder.bring_up_to_date(&realm(), now()).unwrap();
    assert_eq!(opened, Opened::Clean);
    assert!(view.company(&realm()).unwrap().is_some());
}

#[test]
fn a_newer_file_is_refused_and_left_as_it_is() {
    let place = tempfile::tempdir().unwrap();
    let folder = DataFolder::open(place.path(), "test").unwrap();
    let (store, _) = folder.company(&realm(), now()).unwrap();
    store
        .connection
        .pragma_update(None, "user_version", 99)
        .unwrap();
    drop(store);
    let path = folder.company_folder(&realm()).unwrap().join(FILE);
    let before = fs::read(&path).unwrap();
    let error = folder.company(&realm(), now()).unwrap_err();
    assert!(matches!(
        error,
        Error::Newer {
            found: 99,
            known,
            ..
        } if known == Schema::Company.version()
    ));
    let view = FolderView::open(place.path()).unwrap();
    assert_eq!(view.company(&realm()).unwrap_err().code(), "newer_database");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_locked_file_is_an_error_of_its_own() {
    let place = tempfile::tempdir().unwrap();
    let folder = DataFolder::open(place.path(), "test").unwrap();
    let (store, _) = folder.company(&realm(), now()).unwrap();
    store
        .connection
        .pragma_update(None, "busy_timeout", 0)
        .unwrap();
    let (other, _) = folder.company(&realm(), now()).unwrap();
    let held = other.begin().unwrap();
    assert_eq!(store.begin().unwrap_err().code(), "locked_database");
    drop(held);
    store_somebody(&store);
}

#[test]
fn a_full_disk_rolls_back_and_says_so() {
    let place = tempfile::tempdir().unwrap();
    let folder = DataFolder::open(place.path(), "test").unwrap();
    let (store, _) = folder.company(&realm(), now()).unwrap();
    store_somebody(&store);
    let pages: i64 = store
        .connection
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .unwrap();
    store
        .connection
        .pragma_update_and_check(None, "max_page_count", pages + 2, |_| Ok(()))
        .unwrap();
    let big = "x".repeat(100_000);
    let error = store
        .write(|write| {
            write.set_cursor("customers", "2", now())?;
            write.store_customers([(&customer("2", "Bob", None), big.as_str())])
        })
        .unwrap_err();
    assert_eq!(error.code(), "disk_full");
    assert_eq!(store.customers(None, 9).unwrap().len(), 1);
    assert_eq!(store.cursor("customers").unwrap(), None);
}

#[test]
fn what_was_not_committed_never_happened() {
    let place = tempfile::tempdir().unwrap();
    let folder = DataFolder::open(place.path(), "test").unwrap();
    let (store, _) = folder.company(&realm(), now()).unwrap();
    store_somebody(&store);
    let write = store.begin().unwrap();
    write
        .store_customers([(&customer("2", "Bob", None), "{}")])
        .unwrap();
    write.set_cursor("customers", "2", now()).unwrap();
    // As a kill would leave it: the process's files are copied while the transaction is open.
    let copy = tempfile::tempdir().unwrap();
    let there = copy.path().join(COMPANIES).join(realm().as_str());
    fs::create_dir_all(&there).unwrap();
    for entry in fs::read_dir(folder.company_folder(&realm()).unwrap()).unwrap() {
        let entry = entry.unwrap();
        if !entry.file_name().to_str().unwrap().ends_with("-shm") {
            fs::copy(entry.path(), there.join(entry.file_name())).unwrap();
        }
    }
    drop(write);
    let copied = DataFolder::open(copy.path(), "test").unwrap();
    let (after_kill, opened) = copied.company(&realm(), now()).unwrap();
    assert_eq!(opened, Opened::Clean);
    for store in [&store, &after_kill] {
        assert_eq!(store.customers(None, 9).unwrap().len(), 1);
        assert_eq!(store.cursor("customers").unwrap(), None);
        assert_eq!(store.generation().unwrap(), 1);
    }
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = tempfile::tempdir().unwrap();
    let root = place.path().join("data");
    fs::create_dir(&root).unwrap();
    fs::set_permissions(&root, fs::Permissions::from_mode(0o500)).unwrap();
    // The superuser may write everywhere, so there is nothing to see for them.
    if fs::write(root.join("probe"), "").is_ok() {
        return;
    }
    let error = DataFolder::open(&root, "test").unwrap_err();
    assert_eq!(error.code(), "read_only");
}

#[cfg(unix)]
#[test]
fn nobody_else_can_look_into_the_folder() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = tempfile::tempdir().unwrap();
    let root = place.path().join("share").join("ledgerpost");
    let folder = DataFolder::open(&root, "test").unwrap();
    drop(folder.company(&realm(), now()).unwrap());
    for path in [root.clone(), folder.company_folder(&realm()).unwrap()] {
        let mode = fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
    // A folder that its owner shares with others stays shared.
    fs::set_permissions(&root, fs::Permissions::from_mode(0o750)).unwrap();
    drop(folder);
    DataFolder::open(&root, "test").unwrap();
    let mode = fs::metadata(&root).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o750);
}

#[test]
fn deleting_a_company_leaves_the_others() {
    let place = tempfile::tempdir().unwrap();
    let folder = DataFolder::open(place.path(), "test").unwrap();
    let other = RealmId::from("9");
    drop(folder.company(&realm(), now()).unwrap());
    drop(folder.company(&other, now()).unwrap());
    folder.delete_company(&realm()).unwrap();
    folder.delete_company(&realm()).unwrap();
    assert!(!folder.company_folder(&realm()).unwrap().exists());
    assert!(folder.company_folder(&other).unwrap().exists());
}
