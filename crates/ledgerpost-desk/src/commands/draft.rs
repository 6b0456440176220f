//! The set-up as far as it is. Saved at every change: closing loses nothing.

use ledgerpost_core::ids::RealmId;
use ledgerpost_ipc::Nothing;
use ledgerpost_ipc::setup::{ConnectedCompany, Draft, Step};
use ledgerpost_ipc::start::Standing;
use ledgerpost_ipc::work::Topic;
use ledgerpost_store::Registry;

use super::start;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::{notes, standing};

/// More exceptions than a company has customers.
const MOST_EXCEPTIONS: usize = 200_000;
/// More rules than anybody can oversee.
const MOST_RULES: usize = 100;
/// Mailchimp's longest tag (`mailchimp.md` 3.9).
const LONGEST_TAG: usize = 100;
/// The longest text of any other field.
const LONGEST_TEXT: usize = 2_000;

impl Desk {
    pub(crate) async fn begin_setup(&self, _: Nothing) -> Result<Draft, DeskError> {
        let draft = self
            .place()
            .registry(|registry| {
                if let Some(draft) = notes::draft(registry)?
                    && !is_finished(registry, &draft)?
                {
                    return Ok(draft);
                }
                let draft = notes::new_draft();
                notes::put_draft(registry, &draft)?;
                Ok(draft)
            })
            .await?;
        self.inner.outbox.changed(&[Topic::Start]);
        Ok(draft)
    }

    pub(crate) async fn save_draft(&self, draft: Draft) -> Result<Draft, DeskError> {
        check(&draft)?;
        self.place()
            .registry(move |registry| {
                notes::put_draft(registry, &draft)?;
                Ok(draft)
            })
            .await
    }

    pub(crate) async fn drop_draft(&self, _: Nothing) -> Result<Nothing, DeskError> {
        let place = self.place();
        let unconnected = place
            .registry(|registry| {
                let company = notes::draft(registry)?.and_then(|draft| draft.company);
                notes::remove_draft(registry)?;
                let Some(company) = company else {
                    return Ok(None);
                };
                let companies = start::companies(registry)?;
                let standing = companies
                    .iter()
                    .find(|known| known.company == company.company)
                    .map(|known| known.standing);
                Ok((standing == Some(Standing::SettingUp)).then(|| RealmId::new(company.company)))
            })
            .await?;
        if let Some(realm) = unconnected {
            place.looks.let_go(realm.clone()).await;
            place
                .worker
                .ask(move |app| Box::pin(async move { app.forget_company(&realm).await }))
                .await??;
        }
        self.inner.outbox.changed(&[Topic::Start]);
        Ok(Nothing {})
    }
}

/// Whether the company of a set-up is connected and its first sync is done.
fn is_finished(registry: &Registry, draft: &Draft) -> Result<bool, DeskError> {
    let Some(company) = &draft.company else {
        return Ok(false);
    };
    let connected = start::companies(registry)?
        .iter()
        .any(|known| known.company == company.company && known.standing == Standing::Connected);
    let synced = standing::read(registry, &company.company)?.synced_at;
    Ok(connected && synced.is_some() && draft.step == Step::Sync)
}

/// Forgets a set-up that was finished before this start.
pub(crate) fn tidy(registry: &Registry) -> Result<(), DeskError> {
    match notes::draft(registry)? {
        Some(draft) if is_finished(registry, &draft)? => notes::remove_draft(registry),
        Some(_) | None => Ok(()),
    }
}

/// Notes a company that was signed in to. Choices that belong to another company's customers go.
pub(crate) fn note_company(
    registry: &Registry,
    company: &ConnectedCompany,
) -> Result<(), DeskError> {
    let Some(mut draft) = notes::draft(registry)? else {
        return Ok(());
    };
    let same = draft
        .company
        .as_ref()
        .is_some_and(|known| known.company == company.company);
    if !same {
        draft.audience = None;
        draft.settings.rules.clear();
        draft.settings.exceptions.clear();
        draft.settings.left_alone.clear();
    }
    draft.company = Some(company.clone());
    notes::put_draft(registry, &draft)
}

/// Notes the account that was signed in to, unless one was chosen.
pub(crate) fn note_account(registry: &Registry, account: &str) -> Result<(), DeskError> {
    let Some(mut draft) = notes::draft(registry)? else {
        return Ok(());
    };
    if draft.account.is_none() {
        draft.account = Some(account.to_owned());
        notes::put_draft(registry, &draft)?;
    }
    Ok(())
}

fn check(draft: &Draft) -> Result<(), DeskError> {
    check_settings(&draft.settings)?;
    let texts = draft.sign_up.iter().flat_map(|sign_up| {
        [
            &sign_up.email,
            &sign_up.user_name,
            &sign_up.profile_name,
            &sign_up.business_name,
            &sign_up.website,
            &sign_up.phone,
        ]
    });
    if texts.into_iter().any(|text| text.len() > LONGEST_TEXT) {
        return Err(DeskError::Invalid {
            field: "signUp",
            problem: "too long",
        });
    }
    Ok(())
}

/// Whether settings can be kept; what they mean is checked when they are used.
pub(crate) fn check_settings(
    settings: &ledgerpost_ipc::setup::ConnectionSettings,
) -> Result<(), DeskError> {
    let invalid = |field, problem| Err(DeskError::Invalid { field, problem });
    if settings.tag.chars().count() > LONGEST_TAG {
        return invalid("tag", "longer than 100 characters");
    }
    if settings.grounds.len() > LONGEST_TEXT {
        return invalid("grounds", "too long");
    }
    if settings.rules.len() > MOST_RULES {
        return invalid("rules", "too many");
    }
    if settings.exceptions.len() > MOST_EXCEPTIONS || settings.left_alone.len() > MOST_EXCEPTIONS {
        return invalid("exceptions", "too many");
    }
    Ok(())
}
