//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use ledgerpost_app::SecretsChoice;
use ledgerpost_core::destination::MemberStatus;
use ledgerpost_core::ids::CustomerId;
use ledgerpost_core::settings::{NewStatus, Scope, Settings, StatusException};

/// Brings the customers and sales of a QuickBooks Online company into a Mailchimp audience.
/// Shows every change before it is made, and can take it back. QuickBooks is only read.
#[derive(Debug, Parser)]
#[command(
    name = "ledgerpost",
    version,
    after_help = "Exit codes: 0 done, 1 failed, 2 usage, 3 sign in again, 4 done but something needs \
                  attention (also: the plan waits for a yes).\n\nBegin with `ledgerpost demo`, which \
                  needs no accounts. docs/command-line.md describes every command and its JSON."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Where everything is kept [default: this user's application data folder].
    #[arg(
        long,
        global = true,
        value_name = "FOLDER",
        env = "LEDGERPOST_DATA_DIR"
    )]
    pub(crate) data_dir: Option<PathBuf>,

    /// A file that says where the services are and whose keys to use (docs/services-file.md).
    #[arg(long, global = true, value_name = "FILE", env = "LEDGERPOST_SERVICES")]
    pub(crate) services: Option<PathBuf>,

    /// Where sign-ins are kept: the operating system's keychain, or a file in the data folder that
    /// only you can read.
    #[arg(long, global = true, value_enum, default_value_t = Secrets::Keychain)]
    pub(crate) secrets: Secrets,

    /// The company that is meant, by name or number; needed only when several are connected.
    #[arg(long, global = true, value_name = "COMPANY")]
    pub(crate) company: Option<String>,

    /// Write one JSON document instead of text, and no progress.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Secrets {
    Keychain,
    File,
}

impl From<Secrets> for SecretsChoice {
    fn from(secrets: Secrets) -> Self {
        match secrets {
            Secrets::Keychain => Self::Keychain,
            Secrets::File => Self::File,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the whole thing with a made-up company, from signing in to disconnecting. Needs no
    /// accounts and keeps nothing.
    Demo,
    /// Sign in to a service.
    Connect(Connect),
    /// List the audiences of the Mailchimp account.
    Audiences,
    /// Choose the audience, and what a sync may do in it.
    Link(Link),
    /// Read both services and show what a sync would change. Sends nothing.
    Plan,
    /// Make the audience match QuickBooks.
    Sync {
        /// Say yes to the plan beforehand. Without it, the first plan and unusually large ones wait.
        #[arg(long)]
        yes: bool,
    },
    /// Show how the connections are doing, without asking any service.
    Status,
    /// List customers with what became of them.
    Contacts(Contacts),
    /// Read every order back from Mailchimp and compare with QuickBooks, to the cent.
    Reconcile,
    /// Take back a run; shows first what that does.
    Undo {
        /// The run's number, from `status` or `sync`.
        run: String,
        /// Do it. Without it, only the preview is shown.
        #[arg(long)]
        yes: bool,
    },
    /// Write a list as CSV or JSON.
    Export(Export),
    /// Take orders and products out of Mailchimp and give up the sign-ins; shows first what goes
    /// and what stays.
    Disconnect {
        /// Do it. Without it, only the preview is shown.
        #[arg(long)]
        yes: bool,
    },
}

impl Command {
    /// The command's word, as typed and as in the JSON document.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Connect(_) => "connect",
            Self::Audiences => "audiences",
            Self::Link(_) => "link",
            Self::Plan => "plan",
            Self::Sync { .. } => "sync",
            Self::Status => "status",
            Self::Contacts(_) => "contacts",
            Self::Reconcile => "reconcile",
            Self::Undo { .. } => "undo",
            Self::Export(_) => "export",
            Self::Disconnect { .. } => "disconnect",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ServiceName {
    Quickbooks,
    Mailchimp,
    Hubspot,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Browser {
    /// Open the browser of this computer.
    Open,
    /// Write the address as the first line and wait.
    Print,
}

#[derive(Debug, Args)]
pub(crate) struct Connect {
    /// The service.
    #[arg(value_enum)]
    pub(crate) service: ServiceName,
    /// How to get to the service's sign-in page. Either way, the address that the browser ended on
    /// can be pasted as a line.
    #[arg(long, value_enum, default_value_t = Browser::Open)]
    pub(crate) browser: Browser,
    /// Mailchimp only: read an API key from the standard input instead of signing in.
    #[arg(long)]
    pub(crate) api_key_stdin: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusWord {
    /// Gets marketing; say with --grounds how they agreed.
    Subscribed,
    /// Set as having said no.
    Unsubscribed,
    /// Not subscribed: in the audience, gets no marketing.
    Transactional,
}

impl From<StatusWord> for NewStatus {
    fn from(word: StatusWord) -> Self {
        match word {
            StatusWord::Subscribed => Self::Subscribed,
            StatusWord::Unsubscribed => Self::Unsubscribed,
            StatusWord::Transactional => Self::Transactional,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScopeWord {
    /// Every customer becomes a contact.
    Everyone,
    /// Only customers who are in the audience already; adds nobody.
    Existing,
}

/// Every run of `link` states all choices: what is left out has its default again.
#[derive(Debug, Args)]
pub(crate) struct Link {
    /// The audience's id or name.
    #[arg(long, value_name = "ID_OR_NAME")]
    pub(crate) audience: String,
    /// The marketing status of new contacts. Who is in the audience already keeps theirs.
    #[arg(long, value_enum)]
    pub(crate) status: StatusWord,
    /// How these people agreed; needed with --status subscribed, kept with each consent entry.
    #[arg(long, value_name = "TEXT")]
    pub(crate) grounds: Option<String>,
    /// On an audience with double opt-in: let Mailchimp mail new subscribers for confirmation.
    #[arg(long)]
    pub(crate) confirmation_mails: bool,
    /// A customer with a status of their own, and how you know. May be repeated.
    #[arg(long = "exception", value_name = "CUSTOMER=STATUS=GROUNDS", value_parser = exception)]
    pub(crate) exceptions: Vec<(CustomerId, StatusException)>,
    /// Whom a sync may send.
    #[arg(long, value_enum, default_value_t = ScopeWord::Everyone)]
    pub(crate) scope: ScopeWord,
    /// The tag on every contact that a sync touches.
    #[arg(long, value_name = "TEXT", default_value = "QuickBooks Online", value_parser = tag)]
    pub(crate) tag: String,
    /// Include role addresses such as billing@.
    #[arg(long)]
    pub(crate) include_role_addresses: bool,
    /// Include inactive customers who are not in the audience yet.
    #[arg(long)]
    pub(crate) include_inactive: bool,
    /// Include projects as contacts of their own.
    #[arg(long)]
    pub(crate) include_projects: bool,
    /// Leave names out.
    #[arg(long)]
    pub(crate) no_names: bool,
    /// Leave postal addresses out.
    #[arg(long)]
    pub(crate) no_addresses: bool,
    /// Leave phone numbers out.
    #[arg(long)]
    pub(crate) no_phones: bool,
    /// Leave invoices out.
    #[arg(long)]
    pub(crate) no_invoices: bool,
    /// Leave sales receipts out.
    #[arg(long)]
    pub(crate) no_sales_receipts: bool,
    /// Leave the names of items out; orders then hold one product, "Other".
    #[arg(long)]
    pub(crate) no_items: bool,
    /// Send whether an order is paid. With Mailchimp's order notifications switched on, this may
    /// mail customers.
    #[arg(long)]
    pub(crate) financial_status: bool,
}

impl Link {
    /// The owner's choices.
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            scope: match self.scope {
                ScopeWord::Everyone => Scope::EveryCustomer,
                ScopeWord::Existing => Scope::OnlyExisting,
            },
            status: self.status.into(),
            grounds: self.grounds.clone(),
            confirmation_mails: self.confirmation_mails,
            rules: Vec::new(),
            left_alone: std::collections::BTreeSet::new(),
            exceptions: self.exceptions.iter().cloned().collect(),
            tag: self.tag.clone(),
            include_role_addresses: self.include_role_addresses,
            include_inactive: self.include_inactive,
            include_projects: self.include_projects,
            names: !self.no_names,
            addresses: !self.no_addresses,
            phones: !self.no_phones,
            invoices: !self.no_invoices,
            sales_receipts: !self.no_sales_receipts,
            items: !self.no_items,
            financial_status: self.financial_status,
        }
    }
}

fn tag(text: &str) -> Result<String, String> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err("a tag has at least one character".to_owned()),
        1..=100 => Ok(text.to_owned()),
        length => Err(format!(
            "a tag has at most 100 characters, this has {length}"
        )),
    }
}

fn exception(text: &str) -> Result<(CustomerId, StatusException), String> {
    let mut parts = text.splitn(3, '=').map(str::trim);
    let (Some(customer), Some(status), Some(grounds)) = (parts.next(), parts.next(), parts.next())
    else {
        return Err("expected CUSTOMER=STATUS=GROUNDS".to_owned());
    };
    if customer.is_empty() || grounds.is_empty() {
        return Err("expected a customer's number and how you know".to_owned());
    }
    let status = StatusWord::from_str(status, true)?;
    let exception = StatusException {
        status: status.into(),
        grounds: grounds.to_owned(),
    };
    Ok((CustomerId::from(customer), exception))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MemberStatusWord {
    Subscribed,
    Unsubscribed,
    Cleaned,
    Pending,
    Transactional,
    Archived,
}

impl From<MemberStatusWord> for MemberStatus {
    fn from(word: MemberStatusWord) -> Self {
        match word {
            MemberStatusWord::Subscribed => Self::Subscribed,
            MemberStatusWord::Unsubscribed => Self::Unsubscribed,
            MemberStatusWord::Cleaned => Self::Cleaned,
            MemberStatusWord::Pending => Self::Pending,
            MemberStatusWord::Transactional => Self::Transactional,
            MemberStatusWord::Archived => Self::Archived,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Contacts {
    /// Only those whose name, email or number has words that begin with these.
    #[arg(long, value_name = "WORDS")]
    pub(crate) search: Option<String>,
    /// Only those with this marketing status.
    #[arg(long, value_enum)]
    pub(crate) status: Option<MemberStatusWord>,
    /// Only those who are left alone.
    #[arg(long, conflicts_with = "in_step")]
    pub(crate) left_alone: bool,
    /// Only those who are not left alone.
    #[arg(long)]
    pub(crate) in_step: bool,
    /// Only those who are left alone for this reason, such as `no_email`.
    #[arg(long, value_name = "CODE", value_parser = reason)]
    pub(crate) reason: Option<String>,
    /// How many to show; at most 1,000.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) limit: u16,
    /// Which page of that many, from 1.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) page: u32,
}

fn reason(text: &str) -> Result<String, String> {
    match ledgerpost_core::skip::SkipReason::words_of(text) {
        Some(_) => Ok(text.to_owned()),
        None => Err("no such reason; `ledgerpost status` shows those there are".to_owned()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListName {
    /// Customers with what became of them.
    Contacts,
    /// Changes of a run with their outcome.
    Changes,
    /// What is left alone, with reasons.
    Skips,
    /// Who got which marketing status, when and on what grounds.
    Consent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Csv,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The list.
    #[arg(value_enum)]
    pub(crate) list: ListName,
    /// The format [default: csv; json with --json].
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// The file to write; an existing one is not replaced [default: the standard output].
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// For changes: the run [default: the latest].
    #[arg(long, value_name = "RUN")]
    pub(crate) run: Option<String>,
}
