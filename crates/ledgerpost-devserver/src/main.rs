//! The `ledgerpost-devserver` command.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use ledgerpost_devserver::{Settings, StartError, start};

/// The window in a browser: the same commands over HTTP on loopback, with simulated services. For
/// browser tests and for work on the window; keeps nothing unless --data-dir is given.
///
/// Prints `ready` and the address. POST /command/NAME asks, GET /watch follows; what tests control
/// is under /_dev (crates/ledgerpost-devserver/README.md).
#[derive(Debug, Parser)]
#[command(name = "ledgerpost-devserver", version)]
struct Arguments {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:17870")]
    address: SocketAddr,

    /// The window's built files.
    #[arg(long, value_name = "FOLDER", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/dist"))]
    ui: PathBuf,

    /// Keep everything here [default: a temporary folder].
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,

    /// Real services, or a simulator of your own [default: a simulator inside].
    #[arg(long, value_name = "FILE", env = "LEDGERPOST_SERVICES")]
    services: Option<PathBuf>,

    /// Only note which pages would be opened, for tests that open them themselves.
    #[arg(long)]
    no_browser: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_env("LEDGERPOST_LOG"))
        .with_writer(std::io::stderr)
        .init();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Standard error is the last resort; there is nobody left to tell when it is closed.
            let _ = writeln!(std::io::stderr(), "ledgerpost-devserver: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), StartError> {
    let server = start(Settings {
        address: arguments.address,
        ui: arguments.ui,
        data_folder: arguments.data_dir,
        services: arguments.services,
        open_browser: !arguments.no_browser,
    })
    .await?;
    let mut output = std::io::stdout();
    writeln!(output, "ready {}", server.address())
        .and_then(|()| output.flush())
        .map_err(StartError::Output)?;
    server.run().await
}
