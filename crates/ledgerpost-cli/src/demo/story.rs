//! The demo, step by step, and what has to hold at each.

use std::collections::BTreeMap;
use std::path::PathBuf;

use ledgerpost_app::{App, Company, LinkRequest, Plan, Signals, SyncOutcome};
use ledgerpost_core::ids::RunId;
use ledgerpost_core::settings::{NewStatus, Settings};
use ledgerpost_engine::{DisconnectPreview, Reconciliation, SyncReport, UndoPreview};
use ledgerpost_sim::Simulator;
use ledgerpost_store::KnownCompany;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::mpsc;

use super::browser::FollowingBrowser;
use super::edits;
use crate::outcome::{CommandError, Exit, Report};
use crate::screen::Screen;
use crate::show;
use crate::words::{count, counted};

/// What the demo gives back.
#[derive(Serialize)]
struct Told {
    company: Company,
    audience: String,
    plan: Plan,
    first_sync: SyncReport,
    second_sync: SyncReport,
    edits: Vec<String>,
    third_sync: SyncReport,
    reconciliation: Reconciliation,
    undo_preview: UndoPreview,
    disconnected: DisconnectPreview,
    archive: PathBuf,
    promises: Vec<String>,
}

/// The demo as it goes on.
struct Story<'a> {
    app: App,
    simulator: &'a Simulator,
    screen: &'a Screen,
    signals: &'a Signals,
    promises: Vec<String>,
}

/// Tells the demo from the sign-in to the disconnection.
pub(super) async fn tell(
    app: App,
    simulator: &Simulator,
    screen: &Screen,
    signals: &Signals,
) -> Result<Report, CommandError> {
    let mut story = Story {
        app,
        simulator,
        screen,
        signals,
        promises: Vec::new(),
    };
    screen.say(
        "This is Ledgerpost with a made-up company. QuickBooks and Mailchimp are stand-ins on this \
         computer;\neverything else is what a real company goes through.",
    );
    let company = story.sign_in().await?;
    let audience = story.link(&company).await?;
    let before = story.statuses();
    let plan = story.plan(&company, &audience).await?;
    let first_sync = story.first_sync(&company).await?;
    let second_sync = story.second_sync(&company).await?;
    let (edits, third_sync) = story.follow_edits(&company).await?;
    let reconciliation = story.reconcile(&company).await?;
    let undo_preview = story.preview_undo(&company, &third_sync).await?;
    let (disconnected, archive) = story.disconnect(&company).await?;
    story.check_people(&before)?;
    story.check_books()?;
    story.close();
    let told = Told {
        company: Company {
            realm: company.realm,
            name: company.name,
        },
        audience,
        plan,
        first_sync,
        second_sync,
        edits,
        third_sync,
        reconciliation,
        undo_preview,
        disconnected,
        archive,
        promises: story.promises,
    };
    Report::new(Exit::Done, &told)
}

impl Story<'_> {
    fn title(&self, number: u32, text: &str) {
        let title = format!("{number}. {text}");
        self.screen
            .say(format!("\n{title}\n{}", "-".repeat(title.chars().count())));
    }

    /// Notes a promise that held, or ends the demo.
    fn promise(&mut self, held: bool, text: &str) -> Result<(), CommandError> {
        if !held {
            return Err(CommandError::Promise(text.to_owned()));
        }
        self.promises.push(text.to_owned());
        Ok(())
    }

    async fn sign_in(&mut self) -> Result<KnownCompany, CommandError> {
        self.title(1, "Signing in");
        let browser = FollowingBrowser::new();
        let pasted = || mpsc::channel(1).1;
        let stop = &self.signals.stop;
        let company = self
            .app
            .connect_quickbooks(&browser, pasted(), &|_| {}, stop)
            .await?;
        self.screen.say(format!(
            "QuickBooks: {} (company {})",
            company.name, company.realm
        ));
        let account = self
            .app
            .connect_mailchimp(&browser, pasted(), &|_| {}, stop)
            .await?;
        self.screen
            .say(format!("Mailchimp: {}, as {}", account.name, account.role));
        Ok(self.app.company(None)?)
    }

    /// Takes the audience with the most people, as most owners would.
    async fn link(&mut self, company: &KnownCompany) -> Result<String, CommandError> {
        self.title(2, "Choosing the audience");
        let found = self.app.audiences().await?;
        for audience in &found.audiences {
            self.screen.say(format!(
                "  {}: {} subscribed",
                audience.name,
                count(audience.subscribed)
            ));
        }
        let chosen = found
            .audiences
            .iter()
            .max_by_key(|audience| audience.subscribed)
            .ok_or_else(|| CommandError::Promise("the demo account has an audience".to_owned()))?;
        let request = LinkRequest {
            audience: chosen.id.to_string(),
            settings: Settings {
                status: NewStatus::Transactional,
                ..Settings::default()
            },
        };
        let connection = self.app.link(company, request).await?;
        self.screen.say(format!(
            "Chosen: {}. New contacts are added as not subscribed.",
            connection.audience_name
        ));
        Ok(connection.audience_name)
    }

    async fn plan(&mut self, company: &KnownCompany, audience: &str) -> Result<Plan, CommandError> {
        self.title(3, "The plan, before anything is sent");
        let before = self.mailchimp();
        let plan = self.app.plan(company, self.signals).await?;
        show::plan(self.screen, &company.name, audience, &plan);
        let untouched = self.mailchimp() == before;
        self.promise(
            untouched && plan.waits,
            "Nothing was written before the plan was seen.",
        )?;
        Ok(plan)
    }

    async fn first_sync(&mut self, company: &KnownCompany) -> Result<SyncReport, CommandError> {
        self.title(4, "The first sync, after a yes");
        let report = self.sync(company).await?;
        show::report(self.screen, &report);
        self.promise(
            !report.runs.is_empty(),
            "The first sync carried out the plan.",
        )?;
        Ok(report)
    }

    async fn second_sync(&mut self, company: &KnownCompany) -> Result<SyncReport, CommandError> {
        self.title(5, "The same again");
        let (quickbooks, mailchimp) = self.requests();
        let before = self.mailchimp();
        let report = self.sync(company).await?;
        show::report(self.screen, &report);
        let (quickbooks_now, mailchimp_now) = self.requests();
        self.screen.say(format!(
            "It took {} to QuickBooks and {} to Mailchimp to find out.",
            counted(quickbooks_now - quickbooks, "request", "requests"),
            counted(mailchimp_now - mailchimp, "request", "requests"),
        ));
        let untouched = self.mailchimp() == before;
        self.promise(
            untouched && report.runs.is_empty(),
            "Syncing again had nothing to do and wrote nothing.",
        )?;
        Ok(report)
    }

    async fn follow_edits(
        &mut self,
        company: &KnownCompany,
    ) -> Result<(Vec<String>, SyncReport), CommandError> {
        self.title(6, "A day in the books, and the sync after it");
        let told = edits::make(self.simulator)?;
        for line in &told {
            self.screen.say(format!("  {line}"));
        }
        self.screen.say("");
        let report = self.sync(company).await?;
        show::report(self.screen, &report);
        let did = |code: &str| report.done.get(code).copied().unwrap_or_default();
        let followed = did("create_contact") == 1
            && did("move_contact") == 1
            && did("update_contact") >= 1
            && did("create_order") == 1
            // The changed invoice, and those of the customer whose address moved.
            && did("update_order") >= 1
            && did("remove_order") == 2;
        self.promise(
            followed && report.failed.is_empty(),
            "Every edit arrived: the new name, the new address, the new customer and sale, the \
             changed, the voided and the deleted invoice.",
        )?;
        Ok((told, report))
    }

    async fn reconcile(&mut self, company: &KnownCompany) -> Result<Reconciliation, CommandError> {
        self.title(7, "Do the totals agree?");
        let found = self.app.reconcile(company, self.signals).await?;
        show::reconciliation(self.screen, &found);
        self.promise(
            found.agrees(),
            "The totals agree to the cent, or each difference has a document and a reason.",
        )?;
        Ok(found)
    }

    async fn preview_undo(
        &mut self,
        company: &KnownCompany,
        report: &SyncReport,
    ) -> Result<UndoPreview, CommandError> {
        self.title(8, "Could that day be taken back?");
        let run: RunId = report
            .runs
            .first()
            .cloned()
            .ok_or_else(|| CommandError::Promise("the last sync had a run".to_owned()))?;
        let preview = self.app.preview_undo(company, &run, self.signals).await?;
        show::undo(self.screen, &preview);
        self.screen
            .say("  This is only shown here; `ledgerpost undo RUN --yes` does it.");
        Ok(preview)
    }

    async fn disconnect(
        &mut self,
        company: &KnownCompany,
    ) -> Result<(DisconnectPreview, PathBuf), CommandError> {
        self.title(9, "Leaving");
        let preview = self.app.preview_disconnect(company, self.signals).await?;
        show::disconnect(self.screen, &company.name, &preview);
        let people = self.statuses().len();
        let (done, told) = self.app.disconnect(company, self.signals).await?;
        let stores = &self.mailchimp()["accounts"][0]["stores"];
        let gone = stores.as_object().is_some_and(serde_json::Map::is_empty);
        let kept = self.statuses().len() == people;
        self.promise(
            done.removed == preview && gone && kept && told && done.archive.is_file(),
            "Disconnecting did exactly what it had said: orders and products gone, contacts kept, \
             a copy written first, the sign-in ended at Intuit.",
        )?;
        Ok((done.removed, done.archive))
    }

    /// Nobody was mailed, and everybody who was there has the status they had.
    fn check_people(&mut self, before: &BTreeMap<String, String>) -> Result<(), CommandError> {
        let after = self.statuses();
        // Whoever moved to another address was added by the demo, so all of these are still there.
        let kept = before
            .iter()
            .all(|(person, status)| after.get(person) == Some(status));
        let subscribed = |people: &BTreeMap<String, String>| {
            people
                .values()
                .filter(|status| *status == "subscribed")
                .count()
        };
        let mailings = self.simulator.world().mailings();
        self.promise(
            mailings.is_empty(),
            "Nobody was mailed: the list of mailings is empty.",
        )?;
        let people = counted(before.len() as u64, "contact", "contacts");
        self.promise(
            kept && subscribed(&after) == subscribed(before),
            &format!(
                "The {people} who were in the audience kept their marketing status; nobody was \
                 subscribed."
            ),
        )
    }

    fn check_books(&mut self) -> Result<(), CommandError> {
        let state = self.simulator.quickbooks().service().state(true);
        let companies = state["companies"].as_array();
        let written: Option<u64> = companies
            .into_iter()
            .flatten()
            .map(|company| company["writes"].as_u64())
            .sum();
        self.promise(
            written == Some(0),
            "QuickBooks was only read: it received no write.",
        )
    }

    fn close(&self) {
        self.title(10, "What held");
        for promise in &self.promises {
            self.screen.say(format!("  yes  {promise}"));
        }
        self.screen.say(
            "\nThat was the whole life of a connection. With your own accounts: ledgerpost connect \
             quickbooks\n(docs/connect-accounts.md shows how to get keys).",
        );
    }

    async fn sync(&mut self, company: &KnownCompany) -> Result<SyncReport, CommandError> {
        match self.app.sync(company, true, self.signals).await? {
            SyncOutcome::Done(report) => Ok(*report),
            SyncOutcome::Waits(_) => Err(CommandError::Promise(
                "a sync with a yes does not wait".to_owned(),
            )),
        }
    }

    /// Everything that the Mailchimp stand-in holds.
    fn mailchimp(&self) -> Value {
        self.simulator.mailchimp().service().state(true)
    }

    /// The marketing status of every contact of every audience.
    fn statuses(&self) -> BTreeMap<String, String> {
        let state = self.mailchimp();
        let mut statuses = BTreeMap::new();
        for list in state["accounts"][0]["lists"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let id = list["id"].as_str().unwrap_or_default();
            for (hash, member) in list["members"].as_object().into_iter().flatten() {
                let status = member["status"].as_str().unwrap_or_default();
                statuses.insert(format!("{id} {hash}"), status.to_owned());
            }
        }
        statuses
    }

    /// Requests so far, to QuickBooks and to Mailchimp.
    fn requests(&self) -> (u64, u64) {
        let meter = self.app.meter();
        (meter.attempts("quickbooks"), meter.attempts("mailchimp"))
    }
}
