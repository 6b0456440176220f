//! Mailchimp accounts that are signed in.

use futures_util::future::join_all;
use jiff::Timestamp;
use ledgerpost_app::{App, AppError, MailchimpAccount as Found, Reach};
use ledgerpost_core::destination::MemberStatus;
use ledgerpost_ipc::Nothing;
use ledgerpost_ipc::setup::{ApiKey, MailchimpAccount, PlanKind, Text};
use ledgerpost_ipc::work::Topic;
use ledgerpost_mailchimp::{Client, Error as MailchimpError, Reason};
use ledgerpost_net::Secret;
use ledgerpost_net::secrets::Account as SignIn;
use ledgerpost_store::Account as Known;

use super::draft;
use crate::desk::Desk;
use crate::error::DeskError;

/// Statuses that count toward a plan (`mailchimp.md` 4.3).
pub(crate) const ON_THE_BILL: [MemberStatus; 3] = [
    MemberStatus::Subscribed,
    MemberStatus::Unsubscribed,
    MemberStatus::Transactional,
];
/// With more audiences than this, contacts are not counted one audience at a time.
const MOST_COUNTED: usize = 30;

impl Desk {
    pub(crate) async fn connect_api_key(&self, key: ApiKey) -> Result<MailchimpAccount, DeskError> {
        let key = Secret::new(key.key.trim());
        let now = self.now();
        let account = self
            .place()
            .worker
            .ask(move |app| {
                Box::pin(async move {
                    let found = app.connect_mailchimp_key(key).await.map_err(of_key)?;
                    fresh(found, app, now)
                })
            })
            .await??;
        let id = account.account.clone();
        self.place()
            .registry(move |registry| draft::note_account(registry, &id))
            .await?;
        self.inner.outbox.changed(&[Topic::Start]);
        Ok(account)
    }

    pub(crate) async fn list_accounts(
        &self,
        _: Nothing,
    ) -> Result<Vec<MailchimpAccount>, DeskError> {
        let place = self.place();
        let known = place.registry(|registry| Ok(registry.accounts()?)).await?;
        let reach = place.reach();
        Ok(join_all(known.iter().map(|known| describe(&reach, known))).await)
    }

    pub(crate) async fn forget_account(&self, account: Text) -> Result<Nothing, DeskError> {
        let place = self.place();
        let wanted = account.text;
        let known = place
            .registry(move |registry| {
                let known = registry.accounts()?;
                let Some(known) = known.into_iter().find(|known| known.id.as_str() == wanted)
                else {
                    return Err(DeskError::NotFound { what: "account" });
                };
                if registry.remove_account(&known.id)? {
                    Ok(known)
                } else {
                    Err(DeskError::Invalid {
                        field: "account",
                        problem: "a connection uses it",
                    })
                }
            })
            .await?;
        place
            .reach()
            .keeper(SignIn::Mailchimp(known.id))
            .sign_out()
            .await?;
        self.inner.outbox.changed(&[Topic::Start]);
        Ok(Nothing {})
    }
}

/// An account as Mailchimp describes it now; with the problem where it cannot be used.
async fn describe(reach: &Reach, known: &Known) -> MailchimpAccount {
    match ask(reach, known).await {
        Ok(account) => account,
        Err(error) => MailchimpAccount {
            account: known.id.as_str().to_owned(),
            name: known.name.clone(),
            email: None,
            data_centre: data_centre(&known.api_base),
            role: String::new(),
            plan: None,
            contacts: None,
            connected_at: known.added_at,
            problem: Some(error.wire()),
        },
    }
}

async fn ask(reach: &Reach, known: &Known) -> Result<MailchimpAccount, DeskError> {
    let client = reach.mailchimp(known).await?;
    let (root, contacts) = tokio::join!(client.read_root_of(&known.id), count_contacts(&client));
    let root = root?;
    let problem = too_low(&root.role).map(|error| error.wire());
    Ok(MailchimpAccount {
        account: known.id.as_str().to_owned(),
        name: root.account_name,
        email: root.email.filter(|email| !email.is_empty()),
        data_centre: data_centre(&known.api_base),
        role: root.role,
        plan: root.pricing_plan_type.as_deref().and_then(plan),
        contacts: contacts?,
        connected_at: known.added_at,
        problem,
    })
}

/// Nobody was signed in before: to be refused means that the key is wrong, not that it ended.
fn of_key(error: AppError) -> DeskError {
    match &error {
        AppError::Mailchimp(MailchimpError::Refused(refusal))
            if matches!(refusal.reason, Reason::SignIn | Reason::WrongDatacenter) =>
        {
            DeskError::ApiKeyRefused(Box::new(error))
        }
        _ => error.into(),
    }
}

fn too_low(role: &str) -> Option<DeskError> {
    matches!(role, "viewer" | "author").then(|| {
        DeskError::App(AppError::RoleTooLow {
            role: role.to_owned(),
        })
    })
}

/// Contacts of all audiences that count toward the plan, exactly; the cached figures are minutes old.
pub(crate) async fn count_contacts(client: &Client) -> Result<Option<u32>, DeskError> {
    let audiences = client.list_audiences().await?.audiences;
    if audiences.len() > MOST_COUNTED {
        return Ok(None);
    }
    let counts = audiences.iter().flat_map(|audience| {
        ON_THE_BILL
            .into_iter()
            .map(|status| client.count_members(&audience.id, status))
    });
    let mut sum = 0;
    for count in join_all(counts).await {
        sum += count?;
    }
    Ok(u32::try_from(sum).ok())
}

/// An account that was signed in to a moment ago.
pub(crate) fn fresh(
    found: Found,
    app: &App,
    now: Timestamp,
) -> Result<MailchimpAccount, DeskError> {
    let known = app
        .accounts()?
        .into_iter()
        .find(|known| known.id == found.id);
    Ok(MailchimpAccount {
        account: found.id.as_str().to_owned(),
        name: found.name,
        email: found.email,
        data_centre: known
            .as_ref()
            .and_then(|known| data_centre(&known.api_base)),
        role: found.role,
        plan: found.plan.as_deref().and_then(plan),
        contacts: None,
        connected_at: known.map_or(now, |known| known.added_at),
        problem: None,
    })
}

pub(crate) fn plan(word: &str) -> Option<PlanKind> {
    match word {
        "forever_free" => Some(PlanKind::Free),
        "monthly" => Some(PlanKind::Monthly),
        "pay_as_you_go" => Some(PlanKind::PayAsYouGo),
        _ => None,
    }
}

/// The data centre in an API address: `us14` of `https://us14.api.mailchimp.com/3.0`, or of the
/// simulator's `http://127.0.0.1:4010/us14`.
pub(crate) fn data_centre(api_base: &str) -> Option<String> {
    let url = url::Url::parse(api_base).ok()?;
    let looks_so = |text: &str| {
        text.strip_prefix("us")
            .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    };
    let host = url.host_str()?.split('.').next()?.to_owned();
    if looks_so(&host) {
        return Some(host);
    }
    url.path_segments()?
        .find(|part| looks_so(part))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_centre_is_in_the_address() {
        let of = |address: &str| data_centre(address);
        assert_eq!(
            of("https://us14.api.mailchimp.com/3.0").as_deref(),
            Some("us14")
        );
        assert_eq!(of("http://127.0.0.1:4010/us21").as_deref(), Some("us21"));
        assert_eq!(of("https://api.mailchimp.com"), None);
        assert_eq!(of("no address"), None);
    }
}
