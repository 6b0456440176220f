//! A data folder that does not let us: what the command says, how it ends, and that nothing is lost.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use rusqlite::Connection;
use serde_json::Value;

use crate::scene::{Ended, Scene, ended};

/// `nobody` on Debian; any number that owns nothing here would do.
const NOBODY: u32 = 65_534;

/// Somebody whom permissions stop. The superuser, as whom tests often run, may write everywhere: for
/// them the command runs as somebody else.
struct Person {
    program: PathBuf,
    other: bool,
}

impl Person {
    /// Hands the scene's files over to them.
    fn of(scene: &Scene) -> Self {
        let place = scene.folder.path();
        let other = fs::metadata(place).unwrap().uid() == 0;
        let built = PathBuf::from(env!("CARGO_BIN_EXE_ledgerpost"));
        if !other {
            return Self {
                program: built,
                other,
            };
        }
        // The build folder may lie where nobody else can look.
        let program = place.join("ledgerpost");
        fs::copy(built, &program).unwrap();
        fs::set_permissions(&program, Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(place, Permissions::from_mode(0o755)).unwrap();
        for path in everything_in(place) {
            chown(&path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        Self { program, other }
    }

    fn run(&self, scene: &Scene, arguments: &[&str]) -> Ended {
        let mut program = Command::new(&self.program);
        if self.other {
            program.uid(NOBODY).gid(NOBODY);
        }
        let arguments = [&["--json"], arguments].concat();
        ended(&mut scene.start(program, &scene.data(), &arguments))
    }
}

fn everything_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(everything_in(&path));
        }
        found.push(path);
    }
    found
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// A scene that was synced.
fn synced() -> Scene {
    let scene = Scene::connected();
    let sync = scene.run(&["sync", "--yes"]);
    assert!(matches!(sync.code, 0 | 4), "{} {}", sync.out, sync.err);
    scene
}

/// The error names a path and what to do about it.
#[track_caller]
fn assert_names(error: &Value, path: &Path, step: &str) {
    let message = error["message"].as_str().unwrap();
    assert!(message.contains(path.to_str().unwrap()), "{message}");
    let next = error["next_step"].as_str().unwrap();
    assert!(next.contains(step), "{next}");
}

#[test]
fn a_new_folder_that_is_read_only_is_named() {
    let scene = Scene::new();
    fs::create_dir(scene.data()).unwrap();
    let person = Person::of(&scene);
    set_mode(&scene.data(), 0o500);
    for arguments in [&["plan"][..], &["sync"], &["connect", "quickbooks"]] {
        let error = person.run(&scene, arguments).refused(1, "read_only");
        assert_names(&error, &scene.data(), "--data-dir");
    }
    assert_eq!(everything_in(&scene.data()), [] as [PathBuf; 0]);
}

#[test]
fn a_folder_in_a_folder_that_is_read_only_is_named() {
    let scene = Scene::new();
    let person = Person::of(&scene);
    set_mode(scene.folder.path(), 0o555);
    let error = person.run(&scene, &["plan"]).refused(1, "read_only");
    assert_names(&error, &scene.data(), "--data-dir");
}

#[test]
fn a_folder_that_became_read_only_stops_a_sync_and_loses_nothing() {
    let scene = synced();
    let person = Person::of(&scene);
    let before = scene.mailchimp();
    let folders = [
        scene.data(),
        scene.data().join("companies"),
        scene.company(),
    ];
    let files = || {
        everything_in(&scene.data())
            .into_iter()
            .filter(|path| path.is_file())
    };
    let bytes = || {
        files()
            .map(|file| fs::read(file).unwrap())
            .collect::<Vec<_>>()
    };
    let held = bytes();
    for file in files() {
        set_mode(&file, 0o400);
    }
    for folder in &folders {
        set_mode(folder, 0o500);
    }
    for arguments in [&["sync"][..], &["plan"], &["reconcile"]] {
        let error = person.run(&scene, arguments).refused(1, "read_only");
        assert_names(&error, &scene.data(), "--data-dir");
    }
    assert_eq!(bytes(), held, "not a byte changed");
    assert_eq!(scene.mailchimp(), before, "nothing was sent");

    for folder in &folders {
        set_mode(folder, 0o700);
    }
    for file in files() {
        set_mode(&file, 0o600);
    }
    assert_eq!(person.run(&scene, &["reconcile"]).code, 0);
    scene.is_in_step();
}

#[test]
fn a_database_that_is_read_only_is_named_and_loses_nothing() {
    let scene = synced();
    let person = Person::of(&scene);
    for folder in [scene.data(), scene.company()] {
        let file = folder.join("ledgerpost.sqlite");
        set_mode(&file, 0o400);
        let error = person.run(&scene, &["sync"]).refused(1, "read_only");
        assert_names(&error, &file, "Allow writing");
        set_mode(&file, 0o600);
    }
    scene.is_in_step();
}

#[test]
fn a_newer_database_is_named_and_left_as_it_is() {
    let scene = synced();
    for folder in [scene.company(), scene.data()] {
        let file = folder.join("ledgerpost.sqlite");
        let version = |version: u32| {
            let database = Connection::open(&file).unwrap();
            let known: u32 = database
                .pragma_query_value(None, "user_version", |row| row.get(0))
                .unwrap();
            database
                .pragma_update(None, "user_version", version)
                .unwrap();
            known
        };
        let known = version(999);
        let bytes = fs::read(&file).unwrap();
        for arguments in [&["sync"][..], &["plan"], &["status"], &["reconcile"]] {
            let error = scene.run(arguments).refused(1, "newer_database");
            assert_names(&error, &file, "latest version");
        }
        assert_eq!(fs::read(&file).unwrap(), bytes, "not a byte changed");
        version(known);
    }
    scene.is_in_step();
}

#[test]
fn a_database_that_another_program_holds_is_named_and_loses_nothing() {
    let scene = Scene::connected();
    assert_eq!(scene.run(&["plan"]).code, 4);
    let file = scene.company().join("ledgerpost.sqlite");
    // This test is the other process.
    let other = Connection::open(&file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let before = scene.mailchimp();
    let error = scene.run(&["sync", "--yes"]).refused(1, "locked_database");
    let next = error["next_step"].as_str().unwrap();
    assert!(next.contains("Close the program that holds it"), "{next}");
    assert_eq!(scene.mailchimp(), before, "nothing was sent");
    other.execute_batch("ROLLBACK").unwrap();
    drop(other);
    scene.goes_on();
}

#[test]
fn a_damaged_list_of_companies_is_set_aside_and_asks_to_connect_again() {
    let scene = synced();
    let file = scene.data().join("ledgerpost.sqlite");
    let damaged = vec![7_u8; 8_192];
    fs::write(&file, &damaged).unwrap();
    let refused = scene.run(&["sync"]);
    assert!(refused.err.contains("set aside"), "{}", refused.err);
    refused.refused(3, "no_company");
    let kept = everything_in(&scene.data())
        .into_iter()
        .any(|path| path.is_file() && fs::read(path).unwrap() == damaged);
    assert!(kept, "a damaged file is never deleted");
    scene.connect("quickbooks");
    scene.connect("mailchimp");
    scene.link();
    let before = scene.mailchimp();
    assert!(matches!(scene.run(&["sync", "--yes"]).code, 0 | 4));
    assert_eq!(scene.mailchimp(), before, "what was sent is known still");
    scene.is_in_step();
}

/// How much the disk takes beyond what is on it already, in kilobytes: from next to nothing to nearly
/// enough for a first sync.
const ROOM: [u32; 6] = [0, 24, 80, 200, 400, 700];

#[test]
fn a_full_disk_is_named_and_loses_nothing() {
    let scene = Scene::connected();
    let disk = Disk::of(&scene);
    let mut full = 0;
    for room in ROOM {
        let sync = disk.run(&scene, room, &["--json", "sync", "--yes"]);
        assert!(!sync.err.contains("panicked"), "{}", sync.err);
        if matches!(sync.code, 0 | 4) {
            continue;
        }
        full += 1;
        assert_eq!(sync.code, 1, "{} {}", sync.out, sync.err);
        let error = sync.json()["error"].clone();
        if disk.is_real {
            assert_eq!(error["code"], "disk_full", "{room} kB: {error}");
            let message = error["message"].as_str().unwrap();
            assert!(message.contains("disk is full"), "{message}");
            let next = error["next_step"].as_str().unwrap();
            assert!(next.contains("Free some space"), "{next}");
        } else {
            assert!(error["next_step"].is_string(), "{error}");
        }
    }
    assert!(full >= 3, "the disk was full {full} times");
    scene.goes_on();
}

/// A disk of a few hundred kilobytes: a file system of its own where the system lets us have one, as
/// Linux mostly does; elsewhere a limit on the size of files.
struct Disk {
    script: PathBuf,
    is_real: bool,
}

const ON_A_SMALL_DISK: &str = r#"
set -eu
room=$1 data=$2 disk=$3
shift 3
mount -t tmpfs -o "size=$(($(du -sk "$data" | cut -f1) + room))k" none "$disk"
cp -a "$data" "$disk/data"
code=0
"$@" || code=$?
rm -r "$data"
cp -a "$disk/data" "$data"
exit "$code"
"#;

const WITH_SHORT_FILES: &str = r#"
set -eu
trap '' XFSZ
ulimit -f $((($1 + 200) * 2))
shift 3
exec "$@"
"#;

impl Disk {
    fn of(scene: &Scene) -> Self {
        let mut probe = unshare();
        probe.args(["mount", "-t", "tmpfs", "none", "/mnt"]);
        let is_real = probe.output().is_ok_and(|probed| probed.status.success());
        let script = scene.folder.path().join("on-a-small-disk.sh");
        let text = if is_real {
            ON_A_SMALL_DISK
        } else {
            WITH_SHORT_FILES
        };
        fs::write(&script, text).unwrap();
        fs::create_dir(scene.folder.path().join("disk")).unwrap();
        Self { script, is_real }
    }

    fn run(&self, scene: &Scene, room: u32, arguments: &[&str]) -> Ended {
        let disk = scene.folder.path().join("disk");
        let (mut program, data) = if self.is_real {
            let mut program = unshare();
            program.arg("sh");
            (program, disk.join("data"))
        } else {
            (Command::new("sh"), scene.data())
        };
        program
            .arg(&self.script)
            .arg(room.to_string())
            .arg(scene.data())
            .arg(&disk)
            .arg(env!("CARGO_BIN_EXE_ledgerpost"));
        ended(&mut scene.start(program, &data, arguments))
    }
}

/// Runs what follows with mounts of its own, which nobody else sees and which end with it.
fn unshare() -> Command {
    let mut program = Command::new("unshare");
    program.args(["--mount", "--map-root-user"]);
    program
}
