//! `connect`: signing in.

use std::io::{self, BufRead as _};

use ledgerpost_net::Secret;
use ledgerpost_net::sign_in::{BrowserOpener, Phase, PrintedAddress, Progress, SystemBrowser};
use serde::Serialize;
use tokio::sync::mpsc;

use super::Context;
use crate::arguments::{Browser, Connect, ServiceName};
use crate::outcome::{CommandError, Exit, Report};
use crate::screen::note;
use crate::words::count;

/// What `connect` gives back.
#[derive(Serialize)]
#[serde(tag = "service", rename_all = "snake_case")]
enum Connected {
    Quickbooks {
        company: ledgerpost_app::Company,
    },
    Mailchimp {
        account: ledgerpost_app::MailchimpAccount,
    },
}

impl Context<'_> {
    pub(super) async fn connect(&self, connect: &Connect) -> Result<Report, CommandError> {
        match (connect.service, connect.api_key_stdin) {
            (ServiceName::Hubspot, _) => Err(CommandError::Usage {
                code: "not_available",
                message: "HubSpot is not available yet".to_owned(),
                next_step: "connect quickbooks and mailchimp".to_owned(),
            }),
            (ServiceName::Quickbooks, true) => Err(CommandError::Usage {
                code: "usage",
                message: "QuickBooks has no API keys: --api-key-stdin is for mailchimp".to_owned(),
                next_step: "run `ledgerpost connect quickbooks`".to_owned(),
            }),
            (ServiceName::Quickbooks, false) => self.connect_quickbooks(connect.browser).await,
            (ServiceName::Mailchimp, true) => self.connect_mailchimp_key().await,
            (ServiceName::Mailchimp, false) => self.connect_mailchimp(connect.browser).await,
        }
    }

    async fn connect_quickbooks(&self, browser: Browser) -> Result<Report, CommandError> {
        let app = self.app().await?;
        let company = app
            .connect_quickbooks(
                opener(browser).as_ref(),
                pasted_lines(),
                &|progress| tell(&progress, browser),
                &self.signals.stop,
            )
            .await?;
        self.screen.say(format!(
            "Connected to {} (company {}). Ledgerpost only reads it.",
            company.name, company.realm
        ));
        Report::new(Exit::Done, &Connected::Quickbooks { company })
    }

    async fn connect_mailchimp(&self, browser: Browser) -> Result<Report, CommandError> {
        let app = self.app().await?;
        let account = app
            .connect_mailchimp(
                opener(browser).as_ref(),
                pasted_lines(),
                &|progress| tell(&progress, browser),
                &self.signals.stop,
            )
            .await?;
        self.say_account(account)
    }

    async fn connect_mailchimp_key(&self) -> Result<Report, CommandError> {
        let app = self.app().await?;
        let mut line = String::new();
        io::stdin()
            .lock()
            .read_line(&mut line)
            .map_err(CommandError::Input)?;
        let account = app.connect_mailchimp_key(Secret::new(line.trim())).await?;
        self.say_account(account)
    }

    fn say_account(
        &self,
        account: ledgerpost_app::MailchimpAccount,
    ) -> Result<Report, CommandError> {
        let contacts = account.contacts.map_or_else(String::new, |contacts| {
            format!(", {} contacts", count(contacts))
        });
        self.screen.say(format!(
            "Connected to the Mailchimp account {} as {}{contacts}.",
            account.name, account.role
        ));
        Report::new(Exit::Done, &Connected::Mailchimp { account })
    }
}

fn opener(browser: Browser) -> Box<dyn BrowserOpener> {
    match browser {
        Browser::Open => Box::new(SystemBrowser),
        Browser::Print => Box::new(PrintedAddress::new(io::stdout())),
    }
}

/// Tells a person what to do; the standard output stays free for the address and the result.
fn tell(progress: &Progress<'_>, browser: Browser) {
    match (progress, browser) {
        (Progress::Phase(Phase::Waiting), Browser::Open) => note(
            "Sign in in the browser. If it does not come back by itself, paste the address that it \
             ended on here and press Enter.",
        ),
        (Progress::Phase(Phase::Waiting), Browser::Print) => note(
            "Open the address above and sign in. If the browser does not come back by itself, \
             paste the address that it ended on here and press Enter.",
        ),
        (Progress::Phase(_), _) => {}
        (Progress::Pasted(error), _) => note(&format!("That does not fit: {error}")),
        (Progress::NoBrowser(error), _) => note(&format!("{error}")),
    }
}

/// Lines of the standard input, read on a thread that ends with the program: nothing can interrupt
/// a read of a terminal.
fn pasted_lines() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            let Ok(line) = line else { return };
            if !line.trim().is_empty() && sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    receiver
}
