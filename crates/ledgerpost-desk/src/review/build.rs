//! Makes the dry run's figures from the plan. Every set adds up.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ledgerpost_app::{App, Plan};
use ledgerpost_core::Amount;
use ledgerpost_core::ids::{AccountId, CurrencyCode, RunId};
use ledgerpost_core::link::Fingerprint;
use ledgerpost_core::ports::Mirror as _;
use ledgerpost_core::settings::{NewStatus, Settings};
use ledgerpost_core::skip::SkipSubject;
use ledgerpost_core::source::DocumentKind;
use ledgerpost_engine::plan::{Summary, complete_address, country_code};
use ledgerpost_ipc::review::{
    Bill, CustomerFigures, DataKind, DataRow, Fate, Finding, ReasonCount, Review, ReviewRow,
    StatusCount,
};
use ledgerpost_ipc::setup::MarketingStatus;
use ledgerpost_store::{ChangeFilter, CompanyStore, KnownCompany, SkipFilter};

use super::index::{ReviewIndex, Row};
use super::{Kept, index};
use crate::commands::accounts;
use crate::commands::number;
use crate::error::DeskError;
use crate::look::codes::skip_code;
use crate::look::convert::money;
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

/// Names this very plan: what is sent and what it was chosen for.
fn plan_name(source: &Source<'_>) -> String {
    let run = source.plan.run.as_ref().map_or("none", |run| run.as_str());
    let digest = Fingerprint::of(&(&source.plan.summary, source.settings, &source.choices));
    format!("{run}-{}", &digest.as_str()[..16])
}

/// The bill; without figures where Mailchimp does not give any now.
async fn bill(kit: &Kit, app: &App, source: &Source<'_>) -> Bill {
    let none = Bill {
        before: None,
        after: None,
        limit: None,
        plan: None,
    };
    let known = app.accounts().ok().and_then(|accounts| {
        accounts
            .into_iter()
            .find(|known| known.id == *source.account)
    });
    let Some(known) = known else { return none };
    let Ok(client) = kit.place.reach().mailchimp(&known).await else {
        return none;
    };
    let (root, before) = tokio::join!(client.read_root(), accounts::count_contacts(&client));
    let before = before.ok().flatten();
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
        limit: None,
        plan: root
            .ok()
            .and_then(|root| root.pricing_plan_type)
            .as_deref()
            .and_then(accounts::plan),
    }
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

/// What documents amount to that stay out.
struct Amounts {
    currency: CurrencyCode,
    by_kind: BTreeMap<(DocumentKind, String), Amount>,
    by_code: BTreeMap<String, (u64, Amount)>,
}

impl Amounts {
    fn read(store: &CompanyStore) -> Result<Self, DeskError> {
        let currency = store
            .company()?
            .map_or_else(|| CurrencyCode::new("USD"), |company| company.home_currency);
        let mut amounts = Self {
            currency,
            by_kind: BTreeMap::new(),
            by_code: BTreeMap::new(),
        };
        let filter = SkipFilter {
            subject: Some(SkipSubject::Document),
            code: None,
        };
        let mut after = 0;
        loop {
            let page = store.skips(&filter, after, PAGE)?;
            let Some(last) = page.last() else {
                return Ok(amounts);
            };
            after = last.seq;
            for row in page {
                let Some(kind) = kind_of(&row.skip.key) else {
                    continue;
                };
                let home = row
                    .skip
                    .currency
                    .as_ref()
                    .is_none_or(|currency| *currency == amounts.currency);
                let amount = row.skip.amount.filter(|_| home).unwrap_or_default();
                let code = row.skip.reason.code().to_owned();
                *amounts.by_kind.entry((kind, code.clone())).or_default() += amount;
                if kind.is_sale() {
                    let sum = amounts.by_code.entry(code).or_default();
                    sum.0 += 1;
                    sum.1 += amount;
                }
            }
        }
    }
}

/// The kind of a document by its key.
pub(crate) fn kind_of(key: &str) -> Option<DocumentKind> {
    [
        DocumentKind::Invoice,
        DocumentKind::SalesReceipt,
        DocumentKind::CreditMemo,
        DocumentKind::RefundReceipt,
    ]
    .into_iter()
    .find(|kind| key.starts_with(kind.prefix()))
}

fn data_rows(
    store: &CompanyStore,
    summary: &Summary,
    settings: &Settings,
    index: &ReviewIndex,
    amounts: &Amounts,
) -> Result<Vec<DataRow>, DeskError> {
    let counts = &summary.customers;
    let contacts = counts.new + counts.updated + counts.same;
    let reasons = |codes: &BTreeMap<String, u64>| -> Vec<ReasonCount> {
        codes
            .iter()
            .filter_map(|(code, count)| {
                Some(ReasonCount {
                    code: skip_code(code)?,
                    count: number(*count),
                    amount: None,
                })
            })
            .collect()
    };
    let names = DataRow {
        kind: DataKind::Names,
        included: settings.names,
        there: number(counts.total),
        sent: number(contacts),
        not_sent: number(counts.total - contacts),
        reasons: reasons(&counts.left_alone),
        share_email: number(counts.share_email),
        incomplete: 0,
    };
    let addresses = addresses(store, settings, index)?;
    let documents = |kind, data, included| {
        let known = summary.documents.get(&kind).cloned().unwrap_or_default();
        let not_sent: u64 = known.not_sent.values().sum();
        DataRow {
            kind: data,
            included,
            there: number(known.total),
            sent: number(known.sent),
            not_sent: number(not_sent),
            reasons: known
                .not_sent
                .iter()
                .filter_map(|(code, count)| {
                    let amount = amounts.by_kind.get(&(kind, code.clone()));
                    Some(ReasonCount {
                        code: skip_code(code)?,
                        count: number(*count),
                        amount: amount.map(|amount| money(*amount, &amounts.currency)),
                    })
                })
                .collect(),
            share_email: 0,
            incomplete: 0,
        }
    };
    let items = &summary.items;
    let left: u64 = items.left_alone.values().sum();
    let sent = items.total - left - items.unused;
    Ok(vec![
        names,
        addresses,
        documents(DocumentKind::Invoice, DataKind::Invoices, settings.invoices),
        documents(
            DocumentKind::SalesReceipt,
            DataKind::SalesReceipts,
            settings.sales_receipts,
        ),
        DataRow {
            kind: DataKind::Items,
            included: settings.items,
            there: number(items.total - items.unused),
            sent: number(sent),
            not_sent: number(left),
            reasons: reasons(&items.left_alone),
            share_email: 0,
            incomplete: 0,
        },
    ])
}

/// Addresses: those of customers who have one at all.
fn addresses(
    store: &CompanyStore,
    settings: &Settings,
    index: &ReviewIndex,
) -> Result<DataRow, DeskError> {
    let fates: std::collections::HashMap<&str, &Row> = index
        .rows
        .iter()
        .map(|row| (row.customer.as_str(), row))
        .collect();
    let home = store
        .company()?
        .and_then(|company| company.country)
        .as_deref()
        .and_then(country_code);
    let mut row = DataRow {
        kind: DataKind::Addresses,
        included: settings.addresses,
        there: 0,
        sent: 0,
        not_sent: 0,
        reasons: Vec::new(),
        share_email: 0,
        incomplete: 0,
    };
    let mut reasons: BTreeMap<_, u32> = BTreeMap::new();
    let mut after = None;
    loop {
        let page = store.customers(after.as_ref(), PAGE)?;
        let Some(last) = page.last() else { break };
        after = Some(last.id.clone());
        for customer in page {
            let Some(address) = &customer.address else {
                continue;
            };
            row.there += 1;
            let known = fates.get(customer.id.as_str());
            match known.map(|row| (row.fate, row.reason)) {
                Some((Fate::ShareEmail, _)) => row.share_email += 1,
                Some((Fate::LeftAlone, Some(reason))) => *reasons.entry(reason).or_default() += 1,
                _ if complete_address(address, home).is_some() => row.sent += 1,
                _ => row.incomplete += 1,
            }
        }
    }
    row.not_sent = row.there - row.sent;
    row.reasons = reasons
        .into_iter()
        .map(|(code, count)| ReasonCount {
            code,
            count,
            amount: None,
        })
        .collect();
    Ok(row)
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
