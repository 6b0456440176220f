//! The `ledgerpost-sim` command.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use ledgerpost_sim::frame::Switches;
use ledgerpost_sim::{CompanyShape, Options, Profile, SimError, Simulator};

/// QuickBooks Online and Mailchimp on loopback: consent pages, APIs, limits and failures, from
/// their public references. Prints `ready` once the services file is written, and runs until it
/// is ended with Ctrl-C.
///
/// Without --customers it keeps the books of Tidewater Ceramics, a pottery shop. With it, it makes
/// up a company as untidy as real ones, the same for the same --seed.
///
/// Both addresses have control addresses under /_sim/: GET log, state, mailings, faults, clock,
/// switches; POST faults, clock, mutate, switches, reset.
#[derive(Debug, Parser)]
#[command(name = "ledgerpost-sim", version)]
struct Arguments {
    /// Where to write addresses, keys and redirects, in the format of `ledgerpost --services`.
    #[arg(long, value_name = "PATH")]
    services_file: PathBuf,

    /// Keep the books of Tidewater Ceramics (the default).
    #[arg(long, conflicts_with_all = ["customers", "documents", "items", "audience"])]
    demo: bool,

    /// Make up a company with this many customers.
    #[arg(long, value_name = "N")]
    customers: Option<usize>,

    /// Invoices, sales receipts, credit memos and refund receipts of that company [default: twice
    /// the customers].
    #[arg(long, value_name = "N", requires = "customers")]
    documents: Option<usize>,

    /// Items of that company [default: a tenth of the customers, at least 10].
    #[arg(long, value_name = "N", requires = "customers")]
    items: Option<usize>,

    /// Members of the audience [default: a third of the customers].
    #[arg(long, value_name = "N", requires = "customers")]
    audience: Option<usize>,

    /// Decides everything that looks random.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,

    /// `fast`: no latency, no ceilings. `real`: 50 to 150 ms a request, all ceilings. `flaky`:
    /// errors, lost connections, short-lived tokens.
    #[arg(long, value_enum, default_value_t = Profile::Fast)]
    profile: Profile,

    /// Where QuickBooks listens [default: a free port on 127.0.0.1].
    #[arg(long, value_name = "ADDR")]
    quickbooks: Option<SocketAddr>,

    /// Where Mailchimp listens [default: a free port on 127.0.0.1].
    #[arg(long, value_name = "ADDR")]
    mailchimp: Option<SocketAddr>,

    /// HubSpot is not served yet; naming an address for it is an error.
    #[arg(long, value_name = "ADDR")]
    hubspot: Option<SocketAddr>,

    /// A fixed latency for each request, instead of the profile's.
    #[arg(long, value_name = "L")]
    latency_ms: Option<u64>,

    /// Consent pages answer yes by themselves.
    #[arg(long)]
    auto_consent: bool,

    /// The port in the registered redirect addresses.
    #[arg(long, value_name = "N", default_value_t = 17_865)]
    redirect_port: u16,

    /// An open question of the references, as NAME=VALUE (JSON or a word); may be repeated. GET
    /// /_sim/switches lists them.
    #[arg(long = "switch", value_name = "NAME=VALUE")]
    switches: Vec<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    if arguments.hubspot.is_some() {
        usage("--hubspot: HubSpot is not served yet");
    }
    let switches = read_switches(&arguments.switches).unwrap_or_else(|error| usage(&error));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let ended = match runtime {
        Ok(runtime) => runtime.block_on(run(arguments, switches)),
        Err(source) => Err(CommandError::Runtime(source)),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error);
            ExitCode::FAILURE
        }
    }
}

/// Why the command ended early.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error(transparent)]
    Start(#[from] SimError),
    #[error("cannot start the runtime")]
    Runtime(#[source] std::io::Error),
    #[error("cannot write to the standard output")]
    Output(#[source] std::io::Error),
    #[error("cannot wait for Ctrl-C")]
    Signal(#[source] std::io::Error),
}

async fn run(arguments: Arguments, switches: Switches) -> Result<(), CommandError> {
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let company =
        arguments
            .customers
            .map_or(CompanyShape::Demo, |customers| CompanyShape::Generated {
                customers,
                documents: arguments.documents.unwrap_or(customers * 2),
                items: arguments.items.unwrap_or((customers / 10).max(10)),
            });
    let simulator = Simulator::start(Options {
        company,
        audience: arguments.audience,
        seed: arguments.seed,
        profile: arguments.profile,
        latency: arguments.latency_ms.map(Duration::from_millis),
        quickbooks: arguments.quickbooks.unwrap_or(any),
        mailchimp: arguments.mailchimp.unwrap_or(any),
        auto_consent: arguments.auto_consent,
        redirect_port: arguments.redirect_port,
        switches,
    })
    .await?;
    simulator.services().write(&arguments.services_file)?;
    let mut output = std::io::stdout();
    writeln!(output, "ready")
        .and_then(|()| output.flush())
        .map_err(CommandError::Output)?;
    tokio::signal::ctrl_c().await.map_err(CommandError::Signal)
}

/// Reads `name=value` pairs over the defaults.
fn read_switches(pairs: &[String]) -> Result<Switches, String> {
    let mut all = serde_json::to_value(Switches::default()).map_err(|error| error.to_string())?;
    for pair in pairs {
        let (name, value) = pair
            .split_once('=')
            .ok_or_else(|| format!("--switch {pair}: expected NAME=VALUE"))?;
        all[name] = serde_json::from_str(value)
            .unwrap_or_else(|_| serde_json::Value::String(value.to_owned()));
    }
    serde_json::from_value(all).map_err(|error| format!("--switch: {error}"))
}

/// Ends the command as clap does for wrong arguments: message, usage, exit code 2.
fn usage(message: &str) -> ! {
    Arguments::command()
        .error(ErrorKind::ValueValidation, message)
        .exit()
}

fn report(error: &dyn std::error::Error) {
    let mut text = format!("ledgerpost-sim: {error}");
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    // Standard error is the last resort; there is nobody left to tell when it is closed.
    let _ = writeln!(std::io::stderr(), "{text}");
}
