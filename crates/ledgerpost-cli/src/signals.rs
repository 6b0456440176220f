//! Ctrl-C: the first one asks for a stop, the second one ends the program.

use std::{io, process};

use tokio_util::sync::CancellationToken;

use crate::outcome::{CommandError, Exit};
use crate::screen::note;

/// Watches for Ctrl-C (and for the end that a service manager sends) on a thread of its own: the
/// engine's thread stands still while SQLite works. From the return on, none is missed.
pub(crate) fn stop_on_signal(stop: CancellationToken) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .map_err(CommandError::Runtime)?;
    let mut requests = {
        let _inside = runtime.enter();
        Requests::listen().map_err(CommandError::Runtime)?
    };
    std::thread::spawn(move || {
        runtime.block_on(async {
            requests.next().await;
            note("Stopping. What was sent is kept; press Ctrl-C again to end at once.");
            stop.cancel();
            requests.next().await;
            note("Ended. Nothing is lost: the next sync checks what was being sent.");
            process::exit(i32::from(Exit::Failed.code()));
        });
    });
    Ok(())
}

/// Requests to stop, of whatever kind this system has.
#[cfg(unix)]
struct Requests {
    interrupt: tokio::signal::unix::Signal,
    end: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Requests {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            end: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.end.recv() => {}
        }
    }
}

/// Requests to stop, of whatever kind this system has.
#[cfg(windows)]
struct Requests {
    interrupt: tokio::signal::windows::CtrlC,
    end: tokio::signal::windows::CtrlClose,
}

#[cfg(windows)]
impl Requests {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: tokio::signal::windows::ctrl_c()?,
            end: tokio::signal::windows::ctrl_close()?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.end.recv() => {}
        }
    }
}
