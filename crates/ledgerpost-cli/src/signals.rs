//! Ctrl-C: the first one asks for a stop, the second one ends the program.

use std::process;

use tokio_util::sync::CancellationToken;

use crate::outcome::{CommandError, Exit};
use crate::screen::note;

/// Watches for Ctrl-C (and for the end that a service manager sends) on a thread of its own: the
/// engine's thread stands still while SQLite works.
pub(crate) fn stop_on_signal(stop: CancellationToken) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .map_err(CommandError::Runtime)?;
    std::thread::spawn(move || {
        runtime.block_on(async {
            if !signalled().await {
                return;
            }
            note("Stopping. What was sent is kept; press Ctrl-C again to end at once.");
            stop.cancel();
            if signalled().await {
                note("Ended. Nothing is lost: the next sync checks what was being sent.");
                process::exit(i32::from(Exit::Failed.code()));
            }
        });
    });
    Ok(())
}

/// Waits; `false` when this system cannot tell.
#[cfg(unix)]
async fn signalled() -> bool {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut end) = signal(SignalKind::terminate()) else {
        return tokio::signal::ctrl_c().await.is_ok();
    };
    tokio::select! {
        done = tokio::signal::ctrl_c() => done.is_ok(),
        done = end.recv() => done.is_some(),
    }
}

#[cfg(not(unix))]
async fn signalled() -> bool {
    tokio::signal::ctrl_c().await.is_ok()
}
