//! Signing in: the browser, the pasted address, an API key.

use std::sync::Arc;

use futures_util::FutureExt as _;
use jiff::{SignedDuration, Timestamp};
use ledgerpost_app::{App, AppError};
use ledgerpost_ipc::Nothing;
use ledgerpost_ipc::setup::{ConnectedCompany, PastedAddress};
use ledgerpost_ipc::work::{Outcome, Task, Topic, WorkState};
use ledgerpost_net::error::SignInError;
use ledgerpost_net::services::Service;
use ledgerpost_net::sign_in::{BrowserOpener, PATIENCE, Phase, Progress};
use std::sync::{Mutex, PoisonError};
use tokio::sync::mpsc;
use url::Url;

use super::{accounts, draft};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::host::Host;
use crate::messages::Outbox;
use crate::standing;
use crate::work::{Begin, Running, SignInUnderWay, Ticket};

/// How long a pasted address may be; longer than any that a browser ends on.
const LONGEST_ADDRESS: usize = 10_000;

impl Desk {
    pub(crate) async fn start_quickbooks_sign_in(&self, _: Nothing) -> Result<Nothing, DeskError> {
        self.start_sign_in(Service::QuickBooks).await
    }

    pub(crate) async fn start_mailchimp_sign_in(&self, _: Nothing) -> Result<Nothing, DeskError> {
        self.start_sign_in(Service::Mailchimp).await
    }

    async fn start_sign_in(&self, service: Service) -> Result<Nothing, DeskError> {
        let ticket = self
            .inner
            .bench
            .begin(Begin {
                task: match service {
                    Service::QuickBooks => Task::SignInQuickbooks,
                    Service::Mailchimp => Task::SignInMailchimp,
                },
                company: None,
                by_itself: false,
            })
            .await?;
        let desk = self.clone();
        self.place().worker.hand_over(Box::new(move |app| {
            async move {
                let signed_in = desk.sign_in(app, service, &ticket).await;
                desk.end_sign_in(ticket, signed_in).await;
            }
            .boxed_local()
        }))?;
        Ok(Nothing {})
    }

    async fn sign_in(
        &self,
        app: &App,
        service: Service,
        ticket: &Ticket,
    ) -> Result<Outcome, DeskError> {
        let (paste, pasted) = mpsc::channel(1);
        let screen = Screen {
            host: Arc::clone(&self.inner.host),
            running: Arc::clone(&ticket.running),
            outbox: self.inner.outbox.clone(),
            paste,
            state: Mutex::new(Waiting::until(self.now())),
        };
        let stop = &ticket.running.stop;
        let progress = |progress: Progress<'_>| screen.follow(&progress);
        match service {
            Service::QuickBooks => {
                let company = app
                    .connect_quickbooks(&screen, pasted, &progress, stop)
                    .await?;
                Ok(Outcome::Company {
                    company: ConnectedCompany {
                        company: company.realm.as_str().to_owned(),
                        name: company.name,
                    },
                })
            }
            Service::Mailchimp => {
                let account = app
                    .connect_mailchimp(&screen, pasted, &progress, stop)
                    .await?;
                Ok(Outcome::Account {
                    account: accounts::fresh(account, app, self.now())?,
                })
            }
        }
    }

    async fn end_sign_in(&self, ticket: Ticket, signed_in: Result<Outcome, DeskError>) {
        let noted = match &signed_in {
            Ok(Outcome::Company { company }) => {
                let company = company.clone();
                self.place()
                    .registry(move |registry| draft::note_company(registry, &company))
                    .await
            }
            Ok(Outcome::Account { account }) => {
                let account = account.account.clone();
                self.place()
                    .registry(move |registry| draft::note_account(registry, &account))
                    .await
            }
            Ok(_) | Err(_) => Ok(()),
        };
        let noted = match noted {
            Ok(()) if signed_in.is_ok() => self.place().registry(standing::clear_signed_out).await,
            other => other,
        };
        ticket.end(match noted.and(signed_in) {
            Ok(outcome) => WorkState::Done { outcome },
            Err(error) if error.is_stop() => WorkState::Stopped,
            Err(error) => WorkState::Failed {
                error: error.wire(),
            },
        });
        self.inner.outbox.changed(&[Topic::Start, Topic::Home]);
        self.inner.due.notify_one();
    }

    #[expect(clippy::unused_async, reason = "every command is asynchronous")]
    pub(crate) async fn reopen_sign_in(&self, _: Nothing) -> Result<Nothing, DeskError> {
        let sign_in = self.sign_in_under_way()?;
        self.inner
            .host
            .open_address(&sign_in.address)
            .map_err(|source| DeskError::System {
                action: "open the browser",
                source,
            })?;
        Ok(Nothing {})
    }

    pub(crate) async fn paste_sign_in(&self, pasted: PastedAddress) -> Result<Nothing, DeskError> {
        let sign_in = self.sign_in_under_way()?;
        if pasted.address.len() > LONGEST_ADDRESS {
            return Err(DeskError::App(AppError::from(SignInError::NoCode)));
        }
        sign_in
            .paste
            .send(pasted.address)
            .await
            .map_err(|_| DeskError::NotFound { what: "sign-in" })?;
        Ok(Nothing {})
    }

    fn sign_in_under_way(&self) -> Result<SignInUnderWay, DeskError> {
        self.inner
            .bench
            .running()
            .and_then(|running| running.sign_in())
            .ok_or(DeskError::NotFound { what: "sign-in" })
    }
}

/// What a sign-in shows while it waits.
struct Screen {
    host: Arc<dyn Host>,
    running: Arc<Running>,
    outbox: Outbox,
    paste: mpsc::Sender<String>,
    state: Mutex<Waiting>,
}

#[derive(Clone)]
struct Waiting {
    address: String,
    until: Timestamp,
    no_browser: bool,
    pasted: Option<ledgerpost_ipc::WireError>,
}

impl Waiting {
    fn until(now: Timestamp) -> Self {
        let patience = SignedDuration::try_from(PATIENCE).unwrap_or(SignedDuration::ZERO);
        Self {
            address: String::new(),
            until: now.checked_add(patience).unwrap_or(Timestamp::MAX),
            no_browser: false,
            pasted: None,
        }
    }
}

impl BrowserOpener for Screen {
    fn open(&self, address: &Url) -> Result<(), SignInError> {
        self.running.set_sign_in(SignInUnderWay {
            address: address.as_str().to_owned(),
            paste: self.paste.clone(),
        });
        self.change(|waiting| address.as_str().clone_into(&mut waiting.address));
        self.host
            .open_address(address.as_str())
            .map_err(|source| SignInError::Browser { source })
    }
}

impl Screen {
    fn follow(&self, progress: &Progress<'_>) {
        match progress {
            Progress::Phase(Phase::Exchanging) => {
                self.outbox
                    .work(self.running.in_state(WorkState::FinishingSignIn));
            }
            Progress::Phase(_) => {}
            Progress::Pasted(error) => {
                let problem = pasted_problem(error);
                self.change(|waiting| waiting.pasted = Some(problem));
            }
            Progress::NoBrowser(_) => self.change(|waiting| waiting.no_browser = true),
        }
    }

    fn change(&self, change: impl FnOnce(&mut Waiting)) {
        let mut waiting = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut waiting);
        let now = waiting.clone();
        self.outbox
            .work(self.running.in_state(WorkState::WaitingForBrowser {
                address: now.address,
                until: now.until,
                no_browser: now.no_browser,
                pasted: now.pasted,
            }));
    }
}

fn pasted_problem(error: &SignInError) -> ledgerpost_ipc::WireError {
    ledgerpost_ipc::WireError {
        code: ledgerpost_ipc::ErrorCode::PastedAddressUnusable,
        message: format!("{error} [{}]", error.code()),
        hint: None,
        retry_after_seconds: None,
        service: None,
    }
}

impl Desk {
    /// Asks the work under way to stop.
    #[expect(clippy::unused_async, reason = "every command is asynchronous")]
    pub(crate) async fn stop_work(&self, _: Nothing) -> Result<Nothing, DeskError> {
        self.inner.bench.stop();
        Ok(Nothing {})
    }
}
