//! `plan`, `sync` and `reconcile`.

use ledgerpost_app::{App, SyncOutcome};
use ledgerpost_engine::SyncReport;
use ledgerpost_store::KnownCompany;

use super::{Context, note_set_aside};
use crate::outcome::{CommandError, Exit, Report};
use crate::show;
use crate::words::needs_person;

impl Context<'_> {
    pub(super) async fn plan(&self) -> Result<Report, CommandError> {
        let mut app = self.app().await?;
        let company = self.company(&app)?;
        let plan = app.plan(&company, &self.signals).await?;
        note_set_aside(&app);
        let audience = audience_name(&mut app, &company)?;
        show::plan(self.screen, &company.name, &audience, &plan);
        let exit = if plan.waits {
            Exit::Attention
        } else {
            Exit::Done
        };
        Report::new(exit, &plan)
    }

    pub(super) async fn sync(&self, yes: bool) -> Result<Report, CommandError> {
        let mut app = self.app().await?;
        let company = self.company(&app)?;
        let outcome = app.sync(&company, yes, &self.signals).await?;
        note_set_aside(&app);
        let exit = match &outcome {
            SyncOutcome::Waits(plan) => {
                let audience = audience_name(&mut app, &company)?;
                show::plan(self.screen, &company.name, &audience, plan);
                Exit::Attention
            }
            SyncOutcome::Done(report) => {
                show::report(self.screen, report);
                if let Some(found) = &report.reconciliation {
                    self.screen.say("\nDo the totals agree?");
                    show::reconciliation(self.screen, found);
                }
                self.exit_of_sync(&mut app, &company, report)?
            }
        };
        Report::new(exit, &outcome)
    }

    /// Done, or done with something for a person.
    fn exit_of_sync(
        &self,
        app: &mut App,
        company: &KnownCompany,
        report: &SyncReport,
    ) -> Result<Exit, CommandError> {
        let status = app.status(company)?;
        let refused = status.skips.iter().any(|skip| needs_person(&skip.code));
        let attention = !status.attention.is_empty() || !report.failed.is_empty() || refused;
        if !attention {
            return Ok(Exit::Done);
        }
        self.screen
            .say("\nSome records need attention. Next step: ledgerpost status");
        Ok(Exit::Attention)
    }

    pub(super) async fn reconcile(&self) -> Result<Report, CommandError> {
        let mut app = self.app().await?;
        let company = self.company(&app)?;
        let found = app.reconcile(&company, &self.signals).await?;
        show::reconciliation(self.screen, &found);
        let exit = if found.agrees() {
            Exit::Done
        } else {
            Exit::Attention
        };
        Report::new(exit, &found)
    }
}

/// The name of a company's audience.
pub(crate) fn audience_name(app: &mut App, company: &KnownCompany) -> Result<String, CommandError> {
    let connection = app.status(company)?.connection;
    Ok(connection.map_or_else(String::new, |connection| connection.audience_name))
}
