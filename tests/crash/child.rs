//! One piece of work in a process of its own, made to be killed: `crash-child DATA SERVICES NOW WORK`,
//! where WORK is `sync`, `undo RUN` or `disconnect`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use ledgerpost_app::{AppError, SyncOutcome};
use ledgerpost_core::ids::RunId;
use ledgerpost_core::ports::Clock;
use ledgerpost_tests::{open_app, signals};

/// The simulator's time, which is not this computer's.
struct Shifted {
    start: Timestamp,
    since: Instant,
}

impl Clock for Shifted {
    fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.since.elapsed()).unwrap_or_default();
        self.start.saturating_add(passed).unwrap_or(self.start)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("arguments: DATA SERVICES NOW WORK");
    let (data, services, now) = (PathBuf::from(next()), PathBuf::from(next()), next());
    let clock = Shifted {
        start: now.parse().expect("NOW is an RFC 3339 time"),
        since: Instant::now(),
    };
    let work = match next().as_str() {
        "sync" => Work::Sync,
        "undo" => Work::Undo(RunId::from(next().as_str())),
        "disconnect" => Work::Disconnect,
        other => panic!("{other} is no work"),
    };
    match perform(&work, data, services, clock).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            use std::io::Write as _;
            // The parent shows it; without a parent there is nobody to tell.
            let _ = writeln!(std::io::stderr(), "{message}");
            ExitCode::FAILURE
        }
    }
}

enum Work {
    Sync,
    Undo(RunId),
    Disconnect,
}

async fn perform(
    work: &Work,
    data: PathBuf,
    services: PathBuf,
    clock: Shifted,
) -> Result<(), String> {
    let told = |error: AppError| format!("{}: {error}", error.code());
    let mut app = open_app(&data, &services, Arc::new(clock))
        .await
        .map_err(told)?;
    let company = match (app.company(None), work) {
        // The sign-in goes last: there is nothing left to do.
        (Err(AppError::NoCompany), Work::Disconnect) => return Ok(()),
        (company, _) => company.map_err(told)?,
    };
    match work {
        Work::Sync => match app.sync(&company, true, &signals()).await.map_err(told)? {
            SyncOutcome::Done(_) => Ok(()),
            SyncOutcome::Waits(_) => Err("waits although approved".to_owned()),
        },
        Work::Undo(run) => {
            let undone = app.undo(&company, run, &signals()).await;
            undone.map(drop).map_err(told)
        }
        Work::Disconnect => {
            let left = app.disconnect(&company, &signals()).await;
            left.map(drop).map_err(told)
        }
    }
}
