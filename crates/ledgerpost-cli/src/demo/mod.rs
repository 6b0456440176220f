//! `demo`: the whole life of a connection with a made-up company, through the real code.
//!
//! The services are the simulator's, in this process but on loopback sockets; the browser is a
//! small stand-in that follows the sign-in pages' redirects. Everything else is what a real company
//! goes through.

mod browser;
mod edits;
mod story;

use std::sync::Arc;

use ledgerpost_app::{App, Options, SecretsChoice, Signals};
use ledgerpost_core::ports::SystemClock;
use ledgerpost_sim::Simulator;
use tokio_util::sync::CancellationToken;

use crate::arguments::Global;
use crate::outcome::{CommandError, Report};
use crate::progress;
use crate::screen::Screen;
use crate::signals::stop_on_signal;

/// Runs the demo. What it keeps, it keeps in a temporary folder.
pub(crate) fn run(global: &Global, screen: &Screen) -> Result<Report, CommandError> {
    // The services have a thread of their own: the engine's stands still while SQLite works.
    let services = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(CommandError::Runtime)?;
    let simulator = services
        .block_on(Simulator::start(ledgerpost_sim::Options {
            auto_consent: true,
            redirect_port: free_port()?,
            ..ledgerpost_sim::Options::default()
        }))
        .map_err(CommandError::Demo)?;
    let folder = tempfile::tempdir().map_err(CommandError::Runtime)?;
    let services_file = folder.path().join("services.json");
    simulator
        .services()
        .write(&services_file)
        .map_err(CommandError::Demo)?;
    let options = Options {
        data_folder: folder.path().join("data"),
        services: Some(services_file),
        secrets: SecretsChoice::File,
        program: "ledgerpost demo".to_owned(),
    };
    let signals = Signals {
        watch: progress::shown(screen.is_json() || global.json),
        stop: CancellationToken::new(),
    };
    stop_on_signal(signals.stop.clone())?;
    let own = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CommandError::Runtime)?;
    own.block_on(async {
        let app = App::open(&options, Arc::new(SystemClock)).await?;
        Box::pin(story::tell(app, &simulator, screen, &signals)).await
    })
}

/// A port that nobody uses, for the address that the browser comes back to. The simulated services
/// accept that one address only, as the real ones do.
fn free_port() -> Result<u16, CommandError> {
    std::net::TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(CommandError::Runtime)
}
