//! Settings of every kind.

use std::collections::BTreeMap;

use ledgerpost_core::ids::CustomerId;
use ledgerpost_core::settings::{
    NewStatus, RuleCondition, Scope, Settings, StatusException, StatusRule,
};
use proptest::prelude::*;
use proptest::sample::select;

use super::super::company::day;
use super::events::id;

pub(super) fn settings() -> impl Strategy<Value = Settings> {
    plain_settings().prop_flat_map(with_rules)
}

fn new_status() -> impl Strategy<Value = NewStatus> {
    select(vec![
        NewStatus::Subscribed,
        NewStatus::Unsubscribed,
        NewStatus::Transactional,
    ])
}

fn rule() -> impl Strategy<Value = StatusRule> {
    let when = prop_oneof![
        (0..3_u8).prop_map(|kind| RuleCondition::CustomerType {
            id: kind.to_string(),
            name: "Retail".to_owned(),
        }),
        Just(RuleCondition::Country {
            country: "US".to_owned()
        }),
        (1..28_i8).prop_map(|on| RuleCondition::LastSaleBefore { date: day(on) }),
        (1..28_i8).prop_map(|on| RuleCondition::LastSaleSince { date: day(on) }),
    ];
    let grounds = select(vec!["", "signed forms"]);
    (when, new_status(), grounds).prop_map(|(when, status, grounds)| StatusRule {
        when,
        status,
        grounds: grounds.to_owned(),
    })
}

/// Rules, and customers who are left alone.
fn with_rules(settings: Settings) -> impl Strategy<Value = Settings> {
    let rules = proptest::collection::vec(rule(), 0..3);
    let left_alone = proptest::collection::btree_set(id(), 0..3);
    (rules, left_alone).prop_map(move |(rules, left_alone)| Settings {
        rules,
        left_alone: left_alone.into_iter().map(CustomerId::from).collect(),
        ..settings.clone()
    })
}

fn plain_settings() -> impl Strategy<Value = Settings> {
    let switches = any::<[bool; 9]>();
    let exceptions = proptest::collection::btree_map(id(), new_status(), 0..3);
    let tag = select(vec!["QuickBooks Online", " Shop ", "SHOP", ""]);
    (new_status(), switches, exceptions, 0..4_u8, tag).prop_map(
        |(status, on, exceptions, scope, tag)| {
            let exceptions = exceptions
                .into_iter()
                .map(|(id, status)| {
                    let grounds = "asked at the counter".to_owned();
                    (CustomerId::from(id), StatusException { status, grounds })
                })
                .collect::<BTreeMap<_, _>>();
            Settings {
                scope: if scope == 0 {
                    Scope::OnlyExisting
                } else {
                    Scope::EveryCustomer
                },
                status,
                grounds: Some("customers for years".to_owned()),
                exceptions,
                confirmation_mails: on[0],
                include_role_addresses: on[1],
                include_inactive: on[2],
                include_projects: on[3],
                names: on[4],
                invoices: on[5] || on[6],
                sales_receipts: on[6],
                items: on[7],
                financial_status: on[8],
                tag: tag.to_owned(),
                ..Settings::default()
            }
        },
    )
}
