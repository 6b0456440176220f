//! The owner's choices, between the wire and the core, and what an audience that does not exist yet
//! looks like to a plan.

use std::collections::BTreeMap;

use ledgerpost_core::destination::{Audience, MergeField, MergeFieldKind, merge_tag};
use ledgerpost_core::ids::{AccountId, AudienceId};
use ledgerpost_core::link::Fingerprint;
use ledgerpost_ipc::setup::{AudienceChoice, ConnectionSettings, Draft, NewAudience};
use ledgerpost_ipc::start::Language;
use ledgerpost_mailchimp::audiences::{AudienceContact, CampaignDefaults, NewAudience as Created};

use crate::error::DeskError;

/// Everything that a draft's plan depends on besides the books and the audience.
pub(crate) struct Chosen {
    pub(crate) account: AccountId,
    pub(crate) audience: AudienceChoice,
    pub(crate) settings: ConnectionSettings,
}

impl Chosen {
    /// What a draft says, once everything is chosen.
    pub(crate) fn of(draft: &Draft) -> Result<Self, DeskError> {
        let missing = |field| DeskError::Invalid {
            field,
            problem: "nothing was chosen yet",
        };
        Ok(Self {
            account: AccountId::new(draft.account.clone().ok_or_else(|| missing("account"))?),
            audience: draft.audience.clone().ok_or_else(|| missing("audience"))?,
            settings: draft.settings.clone(),
        })
    }

    /// Names these very choices.
    pub(crate) fn fingerprint(&self) -> String {
        Fingerprint::of(&(self.account.as_str(), &self.audience, &self.settings))
            .as_str()
            .to_owned()
    }
}

/// An audience as Mailchimp creates it.
pub(crate) fn empty_audience(account: &AccountId, details: &NewAudience) -> Audience {
    Audience {
        name: details.name.clone(),
        ..no_audience(account)
    }
}

/// An audience as Mailchimp creates it (`mailchimp.md` 3.10, 4.1), without a name yet: nobody is in it,
/// and it has the four usual fields.
pub(crate) fn no_audience(account: &AccountId) -> Audience {
    let field = |tag: &str, kind| {
        (
            tag.to_owned(),
            MergeField {
                tag: tag.to_owned(),
                kind,
                required: false,
            },
        )
    };
    Audience {
        id: AudienceId::new(""),
        account: account.clone(),
        name: String::new(),
        double_optin: false,
        has_welcome: false,
        marketing_permissions: false,
        sign_up_form: None,
        merge_fields: BTreeMap::from([
            field(merge_tag::FIRST_NAME, MergeFieldKind::Text),
            field(merge_tag::LAST_NAME, MergeFieldKind::Text),
            field(merge_tag::ADDRESS, MergeFieldKind::Address),
            field(merge_tag::PHONE, MergeFieldKind::PhoneUs),
        ]),
    }
}

/// What Mailchimp is asked to create.
pub(crate) fn to_create(details: &NewAudience) -> Result<Created, DeskError> {
    let filled = |text: &str, field: &'static str| {
        let text = text.trim();
        if text.is_empty() {
            return Err(DeskError::Invalid {
                field,
                problem: "needed by Mailchimp",
            });
        }
        Ok(text.to_owned())
    };
    let address = &details.address;
    Ok(Created {
        name: filled(&details.name, "name")?,
        contact: AudienceContact {
            company: filled(&details.business_name, "businessName")?,
            address1: filled(&address.line1, "address")?,
            address2: address.line2.trim().to_owned(),
            city: filled(&address.city, "address")?,
            state: address.region.trim().to_owned(),
            zip: address.postal_code.trim().to_owned(),
            country: filled(&address.country, "address")?,
            phone: details.phone.trim().to_owned(),
        },
        permission_reminder: filled(&details.permission_reminder, "permissionReminder")?,
        campaign_defaults: CampaignDefaults {
            from_name: filled(&details.from_name, "fromName")?,
            from_email: filled(&details.from_email, "fromEmail")?,
            subject: String::new(),
            language: language(details.language).to_owned(),
        },
        email_type_option: false,
        double_optin: false,
    })
}

/// Mailchimp's word for a language.
const fn language(language: Language) -> &'static str {
    match language {
        Language::English => "en",
        Language::German => "de",
        Language::French => "fr",
        Language::Italian => "it",
        Language::BrazilianPortuguese => "pt",
        Language::Spanish => "es",
    }
}
