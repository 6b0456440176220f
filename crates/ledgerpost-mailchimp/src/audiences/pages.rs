//! What Mailchimp answers, page by page.

use ledgerpost_core::destination::{MergeField, MergeFieldKind};
use ledgerpost_core::ids::AudienceId;
use serde::Deserialize;

use super::{AudienceSummary, Automation, Constraints, Interest, InterestCategory};
use crate::page::Page;

#[derive(Deserialize)]
pub(super) struct AudiencePage {
    pub(super) lists: Vec<AudienceSummary>,
    #[serde(default)]
    pub(super) constraints: Option<Constraints>,
    #[serde(default)]
    pub(super) total_items: u64,
}

impl From<AudiencePage> for Page<AudienceSummary> {
    fn from(page: AudiencePage) -> Self {
        Self::new(page.lists, page.total_items)
    }
}

#[derive(Deserialize)]
pub(super) struct MergeFieldPage {
    merge_fields: Vec<MergeFieldRow>,
    #[serde(default)]
    total_items: u64,
}

#[derive(Deserialize)]
struct MergeFieldRow {
    tag: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    options: MergeFieldOptions,
}

#[derive(Default, Deserialize)]
struct MergeFieldOptions {
    #[serde(default)]
    phone_format: Option<String>,
}

impl MergeFieldRow {
    /// A phone field without a format is taken for the American one: the strict reading, under
    /// which a number is left out rather than a whole member refused (`mailchimp.md` 3.10).
    fn kind(&self) -> MergeFieldKind {
        match (self.kind.as_str(), self.options.phone_format.as_deref()) {
            ("text", _) => MergeFieldKind::Text,
            ("address", _) => MergeFieldKind::Address,
            ("phone", Some(format))
                if format.eq_ignore_ascii_case("international")
                    || format.eq_ignore_ascii_case("none") =>
            {
                MergeFieldKind::PhoneFree
            }
            ("phone", _) => MergeFieldKind::PhoneUs,
            _ => MergeFieldKind::Other,
        }
    }
}

impl From<MergeFieldPage> for Page<MergeField> {
    fn from(page: MergeFieldPage) -> Self {
        let field = |row: MergeFieldRow| MergeField {
            kind: row.kind(),
            tag: row.tag,
            required: row.required,
        };
        Self::new(
            page.merge_fields.into_iter().map(field).collect(),
            page.total_items,
        )
    }
}

#[derive(Deserialize)]
pub(super) struct CategoryPage {
    categories: Vec<InterestCategory>,
    #[serde(default)]
    total_items: u64,
}

impl From<CategoryPage> for Page<InterestCategory> {
    fn from(page: CategoryPage) -> Self {
        Self::new(page.categories, page.total_items)
    }
}

#[derive(Deserialize)]
pub(super) struct InterestPage {
    interests: Vec<Interest>,
    #[serde(default)]
    total_items: u64,
}

impl From<InterestPage> for Page<Interest> {
    fn from(page: InterestPage) -> Self {
        Self::new(page.interests, page.total_items)
    }
}

#[derive(Deserialize)]
pub(super) struct AutomationPage {
    automations: Vec<AutomationRow>,
    #[serde(default)]
    total_items: u64,
}

#[derive(Deserialize)]
struct AutomationRow {
    id: String,
    #[serde(default)]
    recipients: AutomationRecipients,
    #[serde(default)]
    settings: AutomationSettings,
    #[serde(default)]
    trigger_settings: AutomationTrigger,
}

#[derive(Default, Deserialize)]
struct AutomationRecipients {
    #[serde(default)]
    list_id: Option<String>,
}

#[derive(Default, Deserialize)]
struct AutomationSettings {
    #[serde(default)]
    title: String,
}

#[derive(Default, Deserialize)]
struct AutomationTrigger {
    #[serde(default)]
    workflow_type: Option<String>,
}

impl From<AutomationPage> for Page<Automation> {
    fn from(page: AutomationPage) -> Self {
        let automation = |row: AutomationRow| Automation {
            id: row.id,
            title: row.settings.title,
            audience: row
                .recipients
                .list_id
                .filter(|id| !id.is_empty())
                .map(AudienceId::from),
            kind: row.trigger_settings.workflow_type,
        };
        Self::new(
            page.automations.into_iter().map(automation).collect(),
            page.total_items,
        )
    }
}
