//! The audiences of an account, and what settings would do to one.

use std::sync::Arc;

use futures_util::TryStreamExt as _;
use futures_util::future::try_join_all;
use jiff::Timestamp;
use ledgerpost_core::destination::{Audience, MemberStatus, MergeField, MergeFieldKind, merge_tag};
use ledgerpost_core::ids::{AccountId, AudienceId, RealmId, StoreId};
use ledgerpost_core::settings::Settings;
use ledgerpost_ipc::CompanyRef;
use ledgerpost_ipc::setup::{
    Audience as Shown, AudienceChoice, AudienceFields, AudienceQuery, Audiences,
    ConnectionSettings, Recommendation, StatusCounts, StatusForecast,
};
use ledgerpost_mailchimp::Client;
use ledgerpost_mailchimp::audiences::AudienceSummary;
use ledgerpost_mailchimp::members::MemberKey;
use ledgerpost_mailchimp::stores::Store;

use super::number;
use crate::choices::{Chosen, empty_audience};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::look::settings_from_wire;
use crate::overlap::Imagined;
use crate::place::Place;

/// What was read of an audience.
pub(crate) struct Read {
    summary: AudienceSummary,
    counts: StatusCounts,
    members: Vec<MemberKey>,
    fields: Vec<MergeField>,
}

impl Read {
    /// Whether this is about that audience.
    pub(crate) fn is_of(&self, audience: &AudienceId) -> bool {
        self.summary.id == *audience
    }
}

/// The settings with grounds where the owner has not written them down yet: counting needs none, only
/// the yes does.
fn as_if_grounded(mut settings: ConnectionSettings) -> ConnectionSettings {
    let rules = settings.rules.iter_mut().map(|rule| &mut rule.grounds);
    let exceptions = settings.exceptions.iter_mut().map(|each| &mut each.grounds);
    for grounds in rules.chain(exceptions).chain([&mut settings.grounds]) {
        if grounds.trim().is_empty() {
            "not written yet".clone_into(grounds);
        }
    }
    settings
}

impl Desk {
    pub(crate) async fn list_audiences(
        &self,
        query: AudienceQuery,
    ) -> Result<Audiences, DeskError> {
        let place = self.place();
        let client = client(&place, &query.account).await?;
        let (found, stores) = tokio::try_join!(client.list_audiences(), client.list_stores())?;
        let read = try_join_all(
            found
                .audiences
                .into_iter()
                .map(|summary| Box::pin(read_audience(&client, summary))),
        )
        .await?;
        let known = place
            .registry(|registry| Ok(registry.companies()?))
            .await?
            .into_iter()
            .map(|company| (company.realm.as_str().to_owned(), company.name))
            .collect::<Vec<_>>();
        let account = AccountId::new(query.account);
        let realm = RealmId::new(query.company);
        let own_store = StoreId::for_company(&realm);
        let read = Arc::new(read);
        let overlaps = overlaps(&place, &realm, &account, &read).await?;
        self.inner.keep_members(&read);
        let mut audiences: Vec<Shown> = read
            .iter()
            .zip(&overlaps)
            .map(|(read, overlap)| show(read, *overlap, used_by(read, &stores, &own_store, &known)))
            .collect();
        recommend(&mut audiences);
        Ok(Audiences {
            audiences,
            may_create: found.constraints.map(|limits| limits.may_create),
        })
    }

    pub(crate) async fn forecast_status(
        &self,
        wanted: CompanyRef,
    ) -> Result<StatusForecast, DeskError> {
        let draft = self
            .draft_of(&wanted.company)
            .await?
            .ok_or(DeskError::NotFound { what: "set-up" })?;
        let chosen = Chosen::of(&draft)?;
        let settings = settings_from_wire(&as_if_grounded(chosen.settings), &Settings::default())?;
        let (audience, members) = match &chosen.audience {
            AudienceChoice::New { details } => {
                (empty_audience(&chosen.account, details), Vec::new())
            }
            AudienceChoice::Existing { id, .. } => {
                Box::pin(self.audience_of(&chosen.account, &AudienceId::new(id.clone()))).await?
            }
        };
        let summary = self
            .place()
            .look(RealmId::new(wanted.company), move |store| {
                let store = store.ok_or(DeskError::NotFound { what: "company" })?;
                Imagined::new(store, audience, members).summary(&settings)
            })
            .await?;
        let by = |words: &[&str]| {
            let count = |word: &&str| summary.new_by_status.get(*word).copied().unwrap_or(0);
            number(words.iter().map(count).sum())
        };
        let people = &summary.customers;
        Ok(StatusForecast {
            new_contacts: number(people.new),
            already_there: number(people.updated + people.same),
            subscribed: by(&["subscribed", "pending"]),
            unsubscribed: by(&["unsubscribed"]),
            not_subscribed: by(&["transactional"]),
        })
    }

    /// An audience with the keys of its members, as read a moment ago or read now.
    async fn audience_of(
        &self,
        account: &AccountId,
        id: &AudienceId,
    ) -> Result<(Audience, Vec<MemberKey>), DeskError> {
        if let Some(read) = self.inner.members_of(id) {
            let read = read
                .iter()
                .find(|read| read.summary.id == *id)
                .ok_or(DeskError::Fault)?;
            return Ok((audience(read, account), read.members.clone()));
        }
        let client = client(&self.place(), account.as_str()).await?;
        let summary = client
            .read_audience(id)
            .await?
            .ok_or(DeskError::NotFound { what: "audience" })?;
        let read = Arc::new(vec![Box::pin(read_audience(&client, summary)).await?]);
        self.inner.keep_members(&read);
        Ok((audience(&read[0], account), read[0].members.clone()))
    }
}

async fn client(place: &Arc<Place>, account: &str) -> Result<Client, DeskError> {
    let wanted = account.to_owned();
    let known = place
        .registry(move |registry| {
            let mut known = registry.accounts()?.into_iter();
            Ok(known.rfind(|known| known.id.as_str() == wanted))
        })
        .await?
        .ok_or(DeskError::NotFound { what: "account" })?;
    Ok(place.reach().mailchimp(&known).await?)
}

/// Reads who is in an audience. Counts come from asking for them, never from the cached figures
/// (`mailchimp.md` 3.8, 4.1).
async fn read_audience(client: &Client, summary: AudienceSummary) -> Result<Read, DeskError> {
    let id = summary.id.clone();
    let count = |status| {
        let id = id.clone();
        async move { client.count_members(&id, status).await }
    };
    let members = async {
        let pages = client.list_member_keys(&id);
        pages
            .map_ok(|page| page.items)
            .try_fold(Vec::new(), async |mut all: Vec<MemberKey>, page| {
                all.extend(page);
                Ok(all)
            })
            .await
    };
    let (subscribed, unsubscribed, transactional, pending, cleaned, archived, members, fields) = tokio::try_join!(
        count(MemberStatus::Subscribed),
        count(MemberStatus::Unsubscribed),
        count(MemberStatus::Transactional),
        count(MemberStatus::Pending),
        count(MemberStatus::Cleaned),
        count(MemberStatus::Archived),
        members,
        client.list_merge_fields(&id),
    )?;
    Ok(Read {
        counts: StatusCounts {
            subscribed: number(subscribed),
            unsubscribed: number(unsubscribed),
            not_subscribed: number(transactional),
            pending: number(pending),
            cleaned: number(cleaned),
            archived: number(archived),
        },
        summary,
        members,
        fields,
    })
}

/// How many customers are in each audience; nothing until QuickBooks was read.
async fn overlaps(
    place: &Arc<Place>,
    realm: &RealmId,
    account: &AccountId,
    read: &Arc<Vec<Read>>,
) -> Result<Vec<Option<u32>>, DeskError> {
    let (read, account) = (Arc::clone(read), account.clone());
    place
        .look(realm.clone(), move |store| {
            use ledgerpost_core::ports::Mirror as _;
            let Some(store) = store.filter(|store| matches!(store.company(), Ok(Some(_)))) else {
                return Ok(vec![None; read.len()]);
            };
            read.iter()
                .map(|read| {
                    let imagined =
                        Imagined::new(store, audience(read, &account), read.members.clone());
                    let people = imagined.summary(&Settings::default())?.customers;
                    Ok(Some(number(people.updated + people.same)))
                })
                .collect()
        })
        .await
}

fn audience(read: &Read, account: &AccountId) -> Audience {
    Audience {
        id: read.summary.id.clone(),
        account: account.clone(),
        name: read.summary.name.clone(),
        double_optin: read.summary.double_optin,
        has_welcome: read.summary.has_welcome,
        marketing_permissions: read.summary.marketing_permissions,
        sign_up_form: None,
        merge_fields: read
            .fields
            .iter()
            .map(|field| (field.tag.clone(), field.clone()))
            .collect(),
    }
}

fn show(read: &Read, overlap: Option<u32>, used_by: Option<String>) -> Shown {
    let last_changed = read
        .members
        .iter()
        .filter_map(|member| member.last_changed.as_deref()?.parse::<Timestamp>().ok())
        .max();
    Shown {
        id: read.summary.id.as_str().to_owned(),
        name: read.summary.name.clone(),
        counts: read.counts,
        already_customers: overlap,
        last_changed,
        double_optin: read.summary.double_optin,
        gdpr_fields: read.summary.marketing_permissions,
        welcome_automation: read.summary.has_welcome,
        recommended: None,
        used_by,
        fields: fields(&read.fields),
    }
}

/// The company whose store is in an audience already; a store is nailed to it for life
/// (`mailchimp.md` 5.2).
fn used_by(
    read: &Read,
    stores: &[Store],
    own: &StoreId,
    known: &[(String, String)],
) -> Option<String> {
    let store = stores.iter().find(|store| {
        store.list_id == read.summary.id
            && store.id != *own
            && store.id.as_str().starts_with("qbo_")
    })?;
    let realm = store.id.as_str().trim_start_matches("qbo_");
    let name = known.iter().find(|(id, _)| id == realm);
    Some(name.map_or_else(|| store.name.clone(), |(_, name)| name.clone()))
}

fn fields(fields: &[MergeField]) -> AudienceFields {
    let has = |tag: &str, kinds: &[MergeFieldKind]| {
        fields
            .iter()
            .any(|field| field.tag == tag && kinds.contains(&field.kind))
    };
    let ours = [
        merge_tag::FIRST_NAME,
        merge_tag::LAST_NAME,
        merge_tag::ADDRESS,
        merge_tag::PHONE,
    ];
    AudienceFields {
        first_name: has(merge_tag::FIRST_NAME, &[MergeFieldKind::Text]),
        last_name: has(merge_tag::LAST_NAME, &[MergeFieldKind::Text]),
        address: has(merge_tag::ADDRESS, &[MergeFieldKind::Address]),
        phone: has(
            merge_tag::PHONE,
            &[MergeFieldKind::PhoneUs, MergeFieldKind::PhoneFree],
        ),
        required: fields
            .iter()
            .filter(|field| field.required && !ours.contains(&field.tag.as_str()))
            .map(|field| field.tag.clone())
            .collect(),
    }
}

/// Says which audience is the one to take, and puts it first.
fn recommend(audiences: &mut [Shown]) {
    let only = audiences.len() == 1;
    let Some(best) = audiences
        .iter()
        .enumerate()
        .filter(|(_, audience)| audience.used_by.is_none())
        .max_by_key(|(place, audience)| {
            let size = audience.counts.subscribed
                + audience.counts.unsubscribed
                + audience.counts.not_subscribed;
            (audience.already_customers, size, std::cmp::Reverse(*place))
        })
        .map(|(place, _)| place)
    else {
        return;
    };
    let reason = if only {
        Recommendation::OnlyOne
    } else if audiences[best]
        .already_customers
        .is_some_and(|count| count > 0)
    {
        Recommendation::MostCustomers
    } else {
        Recommendation::Largest
    };
    audiences[best].recommended = Some(reason);
    audiences[..=best].rotate_right(1);
}
