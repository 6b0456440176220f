//! `audiences` and `link`: choosing the destination.

use ledgerpost_app::LinkRequest;
use ledgerpost_core::ids::{AudienceId, RealmId};
use ledgerpost_core::settings::Settings;
use serde::Serialize;

use super::Context;
use crate::arguments::Link;
use crate::outcome::{CommandError, Exit, Report};
use crate::show;
use crate::words::count;

/// What `link` gives back.
#[derive(Serialize)]
struct Linked<'a> {
    company: &'a str,
    realm: &'a RealmId,
    audience: &'a str,
    audience_id: &'a AudienceId,
    settings: &'a Settings,
}

impl Context<'_> {
    pub(super) async fn audiences(&self) -> Result<Report, CommandError> {
        let found = self.app().await?.audiences().await?;
        let rows: Vec<Vec<String>> = found
            .audiences
            .iter()
            .map(|audience| {
                let mut remarks = Vec::new();
                if audience.double_optin {
                    remarks.push("double opt-in");
                }
                if audience.has_welcome {
                    remarks.push("welcome automation");
                }
                if audience.marketing_permissions {
                    remarks.push("GDPR fields");
                }
                vec![
                    audience.name.clone(),
                    audience.id.to_string(),
                    count(audience.subscribed),
                    remarks.join(", "),
                ]
            })
            .collect();
        if rows.is_empty() {
            self.screen
                .say("This account has no audience. Next step: create one in Mailchimp.");
        } else {
            self.screen
                .say(show::list(&["Audience", "Id", "Subscribed", "Has"], &rows));
        }
        Report::new(Exit::Done, &found)
    }

    pub(super) async fn link(&self, link: &Link) -> Result<Report, CommandError> {
        let app = self.app().await?;
        let company = self.company(&app)?;
        let request = LinkRequest {
            audience: link.audience.clone(),
            settings: link.settings(),
        };
        let connection = app.link(&company, request).await?;
        self.screen.say(format!(
            "{} goes to the audience {}. Nothing was sent. Next step: ledgerpost plan",
            company.name, connection.audience_name
        ));
        Report::new(
            Exit::Done,
            &Linked {
                company: &company.name,
                realm: &company.realm,
                audience: &connection.audience_name,
                audience_id: &connection.audience_id,
                settings: &connection.settings,
            },
        )
    }
}
