//! One sync in a process of its own, made to be killed: `crash-child DATA SERVICES NOW`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use ledgerpost_app::SyncOutcome;
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
    let mut next = || {
        arguments
            .next()
            .expect("three arguments: DATA SERVICES NOW")
    };
    let (data, services, now) = (PathBuf::from(next()), PathBuf::from(next()), next());
    let clock = Shifted {
        start: now.parse().expect("NOW is an RFC 3339 time"),
        since: Instant::now(),
    };
    match sync(data, services, clock).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            use std::io::Write as _;
            // The parent shows it; without a parent there is nobody to tell.
            let _ = writeln!(std::io::stderr(), "{message}");
            ExitCode::FAILURE
        }
    }
}

async fn sync(data: PathBuf, services: PathBuf, clock: Shifted) -> Result<(), String> {
    let mut app = open_app(&data, &services, Arc::new(clock))
        .await
        .map_err(|error| format!("{}: {error}", error.code()))?;
    let company = app.company(None).map_err(|error| error.to_string())?;
    match app.sync(&company, true, &signals()).await {
        Ok(SyncOutcome::Done(_)) => Ok(()),
        Ok(SyncOutcome::Waits(_)) => Err("waits although approved".to_owned()),
        Err(error) => Err(format!("{}: {error}", error.code())),
    }
}
