//! Audiences and what belongs to them: merge fields, groups, automations.

mod pages;
pub mod requests;

use ledgerpost_core::destination::MergeField;
use ledgerpost_core::ids::AudienceId;
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::error::Error;
use crate::page::first_page;
use pages::{AudiencePage, AutomationPage, CategoryPage, InterestPage, MergeFieldPage};

/// An audience, as listed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AudienceSummary {
    /// Its id.
    pub id: AudienceId,
    /// Its name.
    pub name: String,
    /// Whether new people are to confirm by mail.
    #[serde(default)]
    pub double_optin: bool,
    /// Whether a welcome automation is attached (`mailchimp.md` 4.1).
    #[serde(default)]
    pub has_welcome: bool,
    /// Whether its form asks for GDPR permissions.
    #[serde(default)]
    pub marketing_permissions: bool,
    /// The address of its sign-up form.
    #[serde(rename = "subscribe_url_long", default)]
    pub sign_up_form: Option<String>,
    /// Figures for showing only: cached for five minutes or more.
    #[serde(default)]
    pub stats: AudienceStats,
}

/// Cached figures; never used to verify anything (`mailchimp.md` 4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub struct AudienceStats {
    /// Subscribed members.
    #[serde(default)]
    pub member_count: u64,
}

/// How many audiences the plan allows (`mailchimp.md` 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Constraints {
    /// Whether another one may be created.
    pub may_create: bool,
    /// How many there may be; -1 is unlimited.
    pub max_instances: i64,
    /// How many there are.
    pub current_total_instances: i64,
}

/// The account's audiences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audiences {
    /// All of them.
    pub audiences: Vec<AudienceSummary>,
    /// How many there may be, where Mailchimp says so.
    pub constraints: Option<Constraints>,
}

/// A group that members may be in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct InterestCategory {
    /// Its id; differs between audiences.
    pub id: String,
    /// Its title.
    pub title: String,
    /// `checkboxes`, `dropdown`, `radio` or `hidden`.
    #[serde(rename = "type", default)]
    pub kind: String,
}

/// One choice of a group.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Interest {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A classic automation. Customer journeys cannot be listed (`mailchimp.md` 6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Automation {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The audience it sends to.
    pub audience: Option<AudienceId>,
    /// What kind it is, such as `welcomeSeries`.
    pub kind: Option<String>,
}

/// An audience to create (`mailchimp.md` 4.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewAudience {
    /// Its name; people may see it when they unsubscribe.
    pub name: String,
    /// Who stands at the foot of every campaign.
    pub contact: AudienceContact,
    /// Why people hear from the business.
    pub permission_reminder: String,
    /// What campaigns start from.
    pub campaign_defaults: CampaignDefaults,
    /// Whether people choose between HTML and plain mails; never asked for.
    pub email_type_option: bool,
    /// Whether new people are to confirm by mail.
    pub double_optin: bool,
}

/// Who stands at the foot of every campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AudienceContact {
    /// The business.
    pub company: String,
    /// Street and number.
    pub address1: String,
    /// More of it.
    pub address2: String,
    /// City.
    pub city: String,
    /// State or province.
    pub state: String,
    /// Postal code.
    pub zip: String,
    /// Two letters.
    pub country: String,
    /// May be empty.
    pub phone: String,
}

/// What campaigns start from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CampaignDefaults {
    /// The sender's name.
    pub from_name: String,
    /// The sender's address.
    pub from_email: String,
    /// Empty.
    pub subject: String,
    /// Of Mailchimp's forms, such as `en`.
    pub language: String,
}

impl Client {
    /// Lists the account's audiences with the plan's limit.
    pub async fn list_audiences(&self) -> Result<Audiences, Error> {
        let request = requests::list_audiences();
        let first: AudiencePage = self.read(&first_page(request.clone())).await?;
        let constraints = first.constraints;
        let mut audiences = first.lists;
        // More than one page of audiences is rare enough to read the first one again.
        if (audiences.len() as u64) < first.total_items {
            audiences = self
                .read_all::<AudiencePage, AudienceSummary>(request)
                .await?;
        }
        Ok(Audiences {
            audiences,
            constraints,
        })
    }

    /// Creates an audience.
    ///
    /// # Errors
    /// [`Error::OutcomeUnknown`]: look for it by its name before trying again.
    pub async fn create_audience(&self, audience: &NewAudience) -> Result<AudienceId, Error> {
        #[derive(Deserialize)]
        struct Created {
            id: AudienceId,
        }
        let created: Created = self.read(&requests::create_audience(audience)).await?;
        Ok(created.id)
    }

    /// Reads one audience; `None` when it does not exist.
    pub async fn read_audience(
        &self,
        audience: &AudienceId,
    ) -> Result<Option<AudienceSummary>, Error> {
        self.find(&requests::read_audience(audience)).await
    }

    /// Lists an audience's merge fields. `EMAIL` is never among them.
    pub async fn list_merge_fields(&self, audience: &AudienceId) -> Result<Vec<MergeField>, Error> {
        self.read_all::<MergeFieldPage, _>(requests::list_merge_fields(audience))
            .await
    }

    /// Lists an audience's groups.
    pub async fn list_interest_categories(
        &self,
        audience: &AudienceId,
    ) -> Result<Vec<InterestCategory>, Error> {
        self.read_all::<CategoryPage, _>(requests::list_interest_categories(audience))
            .await
    }

    /// Lists a group's choices.
    pub async fn list_interests(
        &self,
        audience: &AudienceId,
        category: &str,
    ) -> Result<Vec<Interest>, Error> {
        self.read_all::<InterestPage, _>(requests::list_interests(audience, category))
            .await
    }

    /// Lists the classic automations that are sending to this audience: a reason to warn before
    /// people are added (`mailchimp.md` 6).
    pub async fn list_sending_automations(
        &self,
        audience: &AudienceId,
    ) -> Result<Vec<Automation>, Error> {
        let mut automations = self
            .read_all::<AutomationPage, Automation>(requests::list_sending_automations())
            .await?;
        automations.retain(|automation| automation.audience.as_ref() == Some(audience));
        Ok(automations)
    }
}
