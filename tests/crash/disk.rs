//! A disk that takes no more, by a limit on the size of files.

use std::process::Command;

use ledgerpost_core::ports::Clock as _;
use ledgerpost_tests::{Journey, World};

use crate::kill::run_to_end;
use crate::local::local_state;

/// The sync ends with a message, and with more room it goes on to the same end.
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_takes_no_more_stops_a_sync_and_loses_nothing() {
    let options = World::untidy(9, 30, 60);
    let mut twin = Journey::linked(options.clone()).await;
    let mut other = Journey::linked(options).await;
    twin.close();
    run_to_end(&twin, &["sync"]);
    twin.reopen().await.unwrap();

    other.close();
    let mut stopped = 0;
    for kilobytes in [150, 250, 400, 600, 800, 1_000] {
        let output = Command::new("sh")
            .arg("-c")
            // Writing on then fails, as on a full disk, instead of ending the process.
            .arg("trap '' XFSZ; ulimit -f $0; exec \"$@\"")
            .arg((kilobytes * 2).to_string())
            .arg(env!("CARGO_BIN_EXE_crash-child"))
            .arg(other.data_folder())
            .arg(other.services())
            .arg(other.world().now().to_string())
            .arg("sync")
            .env("RUST_BACKTRACE", "0")
            .output()
            .unwrap();
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(!message.contains("panicked"), "{message}");
        if !output.status.success() {
            stopped += 1;
            let known = ["disk_full", "database_error", "file_error", "secrets_file"];
            assert!(
                known.iter().any(|code| message.starts_with(code)),
                "{message}"
            );
        }
    }
    assert!(stopped >= 2, "the limits were felt {stopped} times");
    // An answer that could not be written down is lost as by a kill.
    other.add_kills(stopped);
    run_to_end(&other, &["sync"]);
    other.reopen().await.unwrap();
    assert_eq!(
        other.world().mailchimp_state(),
        twin.world().mailchimp_state()
    );
    assert_eq!(local_state(&other.store()), local_state(&twin.store()));
    other.check().await;
}
