//! `undo` and `disconnect`: both show first what they do.

use std::path::PathBuf;

use ledgerpost_core::ids::RunId;
use ledgerpost_engine::{DisconnectPreview, SyncReport, UndoPreview};
use serde::Serialize;

use super::Context;
use crate::outcome::{CommandError, Exit, Report};
use crate::show;
use crate::words::counted;

/// What `undo` gives back.
#[derive(Serialize)]
struct Undone {
    preview: UndoPreview,
    /// `None` when only the preview was asked for.
    done: Option<SyncReport>,
}

/// What `disconnect` gives back.
#[derive(Serialize)]
struct Left {
    preview: DisconnectPreview,
    /// `None` when only the preview was asked for.
    done: Option<LeftDone>,
}

#[derive(Serialize)]
struct LeftDone {
    removed: DisconnectPreview,
    archive: PathBuf,
    quickbooks_told: bool,
}

impl Context<'_> {
    pub(super) async fn undo(&self, run: &str, yes: bool) -> Result<Report, CommandError> {
        let mut app = self.app().await?;
        let company = self.company(&app)?;
        let run = RunId::from(run);
        let preview = app.preview_undo(&company, &run, &self.signals).await?;
        show::undo(self.screen, &preview);
        if !yes {
            self.screen.say(format!(
                "\nNothing was undone. To do it: ledgerpost undo {run} --yes"
            ));
            let undone = Undone {
                preview,
                done: None,
            };
            return Report::new(Exit::Attention, &undone);
        }
        let done = app.undo(&company, &run, &self.signals).await?;
        self.screen.say("");
        if done.runs.is_empty() {
            self.screen.say("Nothing was changed.");
        } else {
            show::report(self.screen, &done);
            self.screen
                .say("The next plan waits for a yes: without it, it would do the same again.");
        }
        let exit = if done.failed.is_empty() {
            Exit::Done
        } else {
            Exit::Attention
        };
        let undone = Undone {
            preview,
            done: Some(done),
        };
        Report::new(exit, &undone)
    }

    pub(super) async fn disconnect(&self, yes: bool) -> Result<Report, CommandError> {
        let mut app = self.app().await?;
        let company = self.company(&app)?;
        let preview = app.preview_disconnect(&company, &self.signals).await?;
        show::disconnect(self.screen, &company.name, &preview);
        if !yes {
            self.screen
                .say("\nNothing was changed. To do it: ledgerpost disconnect --yes");
            let left = Left {
                preview,
                done: None,
            };
            return Report::new(Exit::Attention, &left);
        }
        let (done, quickbooks_told) = app.disconnect(&company, &self.signals).await?;
        self.screen.say(format!(
            "\nDisconnected. {} and {} are gone from Mailchimp; the copy is {}.",
            counted(done.removed.orders, "order", "orders"),
            counted(done.removed.products, "product", "products"),
            done.archive.display()
        ));
        if !quickbooks_told {
            self.screen.say(
                "Intuit was not reached: remove Ledgerpost in QuickBooks under Apps, My apps.",
            );
        }
        self.screen.say(
            "Mailchimp lets no program end its own sign-in: Ledgerpost has forgotten it; remove the \
             app, or delete the API key, in Mailchimp under Extras, API keys.",
        );
        let left = Left {
            preview,
            done: Some(LeftDone {
                removed: done.removed,
                archive: done.archive,
                quickbooks_told,
            }),
        };
        Report::new(Exit::Done, &left)
    }
}
