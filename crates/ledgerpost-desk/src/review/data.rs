//! The five kinds of data: what is there, what is sent, what is not and why.

use std::collections::{BTreeMap, HashMap};

use ledgerpost_core::Amount;
use ledgerpost_core::ids::CurrencyCode;
use ledgerpost_core::ports::Mirror as _;
use ledgerpost_core::settings::Settings;
use ledgerpost_core::skip::SkipSubject;
use ledgerpost_core::source::DocumentKind;
use ledgerpost_engine::plan::{Summary, complete_address, country_code};
use ledgerpost_ipc::review::{DataKind, DataRow, Fate, ReasonCount};
use ledgerpost_store::{CompanyStore, SkipFilter};

use super::index::{ReviewIndex, Row};
use crate::commands::number;
use crate::error::DeskError;
use crate::look::codes::skip_code;
use crate::look::convert::money;

/// How many rows are read at a time.
const PAGE: usize = 1_000;

/// What documents amount to that stay out.
pub(super) struct Amounts {
    pub(super) currency: CurrencyCode,
    by_kind: BTreeMap<(DocumentKind, String), Amount>,
    pub(super) by_code: BTreeMap<String, (u64, Amount)>,
}

impl Amounts {
    pub(super) fn read(store: &CompanyStore) -> Result<Self, DeskError> {
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
        store.each_skip::<DeskError>(&filter, |row| {
            let Some(kind) = kind_of(&row.skip.key) else {
                return Ok(());
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
            Ok(())
        })?;
        Ok(amounts)
    }
}

/// The kind of a document by its key.
fn kind_of(key: &str) -> Option<DocumentKind> {
    [
        DocumentKind::Invoice,
        DocumentKind::SalesReceipt,
        DocumentKind::CreditMemo,
        DocumentKind::RefundReceipt,
    ]
    .into_iter()
    .find(|kind| key.starts_with(kind.prefix()))
}

/// The five kinds of data.
pub(super) fn data_rows(
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
    let fates: HashMap<&str, &Row> = index
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
