//! Makes the dry run's figures from the plan. Every set adds up.

use jiff::Timestamp;
use ledgerpost_app::{App, Plan};
use ledgerpost_core::ids::{AccountId, CurrencyCode, RunId};
use ledgerpost_core::link::Fingerprint;
use ledgerpost_core::ports::Mirror as _;
use ledgerpost_core::settings::{NewStatus, Settings};
use ledgerpost_engine::plan::Summary;
use ledgerpost_ipc::review::{
    Bill, CustomerFigures, Fate, Finding, Review, ReviewRow, StatusCount,
};
use ledgerpost_ipc::setup::MarketingStatus;
use ledgerpost_store::{ChangeFilter, CompanyStore, KnownCompany};

use super::data::{Amounts, data_rows};
use super::index::{ReviewIndex, Row};
use super::{Kept, index};
use crate::commands::{accounts, number};
use crate::error::DeskError;
use crate::look::codes::skip_code;
use crate::look::convert::money;
use crate::look::unreadable_count;
use crate::work::Kit;

/// How many rows are read at a time.
const PAGE: usize = 1_000;
/// How many examples are shown.
const EXAMPLES: usize = 6;

/// What a dry run is made from.
pub(crate) struct Source<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) settings: &'a Settings,
    pub(crate) account: &'a AccountId,
    pub(crate) choices: Option<String>,
    pub(crate) now: Timestamp,
}

/// Makes the dry run's figures.
pub(crate) async fn build(
    kit: &Kit,
    app: &mut App,
    company: &KnownCompany,
    source: &Source<'_>,
) -> Result<Kept, DeskError> {
    let bill = bill(kit, app, source).await;
    let store = app.company_store(company)?;
    let summary = &source.plan.summary;
    let run = source.plan.run.as_ref();
    let index = ReviewIndex::read(&store, run, source.settings)?;
    let amounts = Amounts::read(&store)?;
    let counts = &summary.customers;
    let left_alone: u64 = counts.left_alone.values().sum();
    let contacts = counts.new + counts.updated + counts.same;
    let review = Review {
        plan: plan_name(source),
        read_at: source.now,
        customers: CustomerFigures {
            total: number(counts.total),
            new: number(counts.new),
            updated: number(counts.updated),
            same: number(counts.same),
            share_email: number(counts.share_email),
            left_alone: number(left_alone),
        },
        data: data_rows(&store, summary, source.settings, &index, &amounts)?,
        findings: findings(&store, source, &amounts)?,
        new_by_status: by_status(summary),
        examples: examples(&store, run, &index, &amounts.currency)?,
        bill,
        contacts: number(contacts),
        changes: number(source.plan.changes),
    };
    Ok(Kept {
        review,
        summary: summary.clone(),
        choices: source.choices.clone(),
        run: run.map(|run| run.as_str().to_owned()),
    })
}

/// Names this very plan: what is sent and what it was chosen for. The schedule plans again while an owner
/// reads; the same plan keeps its name.
fn plan_name(source: &Source<'_>) -> String {
    let plan = (&source.plan.summary, source.settings, &source.choices);
    Fingerprint::of(&plan).as_str().to_owned()
}

/// The bill; without figures where Mailchimp does not give any now.
async fn bill(kit: &Kit, app: &App, source: &Source<'_>) -> Bill {
    let before = match count_now(kit, app, source).await {
        Ok(before) => before,
        Err(error) => {
            tracing::warn!(code = error.code(), "Mailchimp's bill is not known now");
            None
        }
    };
    // Pending people do not count until they confirm (`mailchimp.md` 4.3).
    let added: u64 = source
        .plan
        .summary
        .new_by_status
        .iter()
        .filter(|(status, _)| status.as_str() != "pending")
        .map(|(_, count)| count)
        .sum();
    Bill {
        before,
        after: before.map(|before| before.saturating_add(number(added))),
    }
}

/// How many contacts are on the account's bill now.
async fn count_now(kit: &Kit, app: &App, source: &Source<'_>) -> Result<Option<u32>, DeskError> {
    let accounts = app.accounts()?;
    let Some(known) = accounts.iter().find(|known| known.id == *source.account) else {
        return Ok(None);
    };
    let client = kit.place.reach().mailchimp(known).await?;
    accounts::count_contacts(&client).await
}

fn by_status(summary: &Summary) -> Vec<StatusCount> {
    let mut counts: Vec<StatusCount> = Vec::new();
    for (word, count) in &summary.new_by_status {
        let status = match word.as_str() {
            "subscribed" | "pending" => MarketingStatus::Subscribed,
            "unsubscribed" => MarketingStatus::Unsubscribed,
            _ => MarketingStatus::NotSubscribed,
        };
        match counts.iter_mut().find(|known| known.status == status) {
            Some(known) => known.count += number(*count),
            None => counts.push(StatusCount {
                status,
                count: number(*count),
            }),
        }
    }
    counts
}

fn findings(
    store: &CompanyStore,
    source: &Source<'_>,
    amounts: &Amounts,
) -> Result<Vec<Finding>, DeskError> {
    let summary = &source.plan.summary;
    let counts = &summary.customers;
    let mut findings = Vec::new();
    let mails = summary.new_by_status.get("pending").copied();
    if let Some(count) = mails.filter(|count| *count > 0) {
        findings.push(Finding::ConfirmationMails {
            count: number(count),
        });
    }
    let lowered = lowered_by_double_optin(store, source)?;
    if lowered > 0 {
        findings.push(Finding::DoubleOptIn { count: lowered });
    }
    if counts.share_email > 0 {
        findings.push(Finding::SharedAddresses {
            customers: number(counts.share_email + counts.shared_contacts),
            contacts: number(counts.shared_contacts),
        });
    }
    if counts.several_addresses > 0 {
        findings.push(Finding::SeveralAddresses {
            count: number(counts.several_addresses),
        });
    }
    let mut left: Vec<_> = counts.left_alone.iter().collect();
    left.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    findings.extend(left.into_iter().filter_map(|(code, count)| {
        Some(Finding::LeftAlone {
            code: skip_code(code)?,
            count: number(*count),
        })
    }));
    let mut documents: Vec<_> = amounts.by_code.iter().collect();
    documents.sort_by_key(|(_, (_, amount))| std::cmp::Reverse(*amount));
    findings.extend(documents.into_iter().filter_map(|(code, (count, amount))| {
        Some(Finding::NotSent {
            code: skip_code(code)?,
            count: number(*count),
            amount: Some(money(*amount, &amounts.currency)),
        })
    }));
    let unreadable = unreadable_count(store)?;
    if unreadable > 0 {
        findings.push(Finding::Unreadable { count: unreadable });
    }
    Ok(findings)
}

/// How many were to be subscribed and are not, since the audience asks for a confirmation and no mail may go
/// out. Known by the grounds, which a new contact carries whatever became of its status.
fn lowered_by_double_optin(store: &CompanyStore, source: &Source<'_>) -> Result<u32, DeskError> {
    let settings = source.settings;
    let asks = store
        .audience()?
        .is_some_and(|audience| audience.double_optin);
    let Some(run) = source
        .plan
        .run
        .as_ref()
        .filter(|_| asks && !settings.confirmation_mails)
    else {
        return Ok(0);
    };
    let mut grounds: Vec<&str> = settings
        .exceptions
        .values()
        .filter(|exception| exception.status == NewStatus::Subscribed)
        .map(|exception| exception.grounds.as_str())
        .chain(
            settings
                .rules
                .iter()
                .filter(|rule| rule.status == NewStatus::Subscribed)
                .map(|rule| rule.grounds.as_str()),
        )
        .collect();
    if settings.status == NewStatus::Subscribed {
        grounds.extend(settings.grounds.as_deref());
    }
    let filter = ChangeFilter {
        code: Some("create_contact".to_owned()),
        ..ChangeFilter::default()
    };
    let (mut count, mut after) = (0, 0);
    loop {
        let page = store.changes(run, &filter, after, PAGE)?;
        let Some(last) = page.last() else {
            return Ok(count);
        };
        after = last.seq;
        for entry in page {
            if let ledgerpost_core::change::Action::CreateContact(create) = &entry.change.action
                && index::marketing(create.status) == MarketingStatus::NotSubscribed
                && grounds.contains(&create.grounds.as_str())
            {
                count += 1;
            }
        }
    }
}

/// Telling examples of different kinds, the busiest customer of each.
fn examples(
    store: &CompanyStore,
    run: Option<&RunId>,
    index: &ReviewIndex,
    currency: &CurrencyCode,
) -> Result<Vec<ReviewRow>, DeskError> {
    /// So many of a kind are looked at.
    const CANDIDATES: usize = 40;
    let kinds: [fn(&Row) -> bool; EXAMPLES] = [
        |row| row.fate == Fate::New && !row.exception,
        |row| row.fate == Fate::New && row.exception,
        |row| row.fate == Fate::Updated && row.change.is_some(),
        |row| row.fate == Fate::Same,
        |row| row.fate == Fate::ShareEmail,
        |row| row.fate == Fate::LeftAlone,
    ];
    let mut examples = Vec::new();
    for kind in kinds {
        let mut best: Option<ReviewRow> = None;
        for row in index.rows.iter().filter(|row| kind(row)).take(CANDIDATES) {
            let shown = row.show(store, run, currency)?;
            if best.as_ref().is_none_or(|best| shown.orders > best.orders) {
                best = Some(shown);
            }
        }
        examples.extend(best);
    }
    Ok(examples)
}
