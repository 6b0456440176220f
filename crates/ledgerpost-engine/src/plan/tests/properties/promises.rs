//! The promises that a round of a sync keeps, each against the mirror from before it.

use std::collections::{BTreeMap, BTreeSet};

use ledgerpost_core::change::{Action, CreateStatus};
use ledgerpost_core::destination::MemberStatus;
use ledgerpost_core::email::EmailField;
use ledgerpost_core::ids::{CurrencyCode, CustomerId};
use ledgerpost_core::settings::Settings;
use ledgerpost_core::skip::SkipSubject;
use ledgerpost_core::source::DocumentKey;
use ledgerpost_core::{Amount, MemberHash};

use super::super::company::Round;
use crate::plan::Entry;
use crate::plan::memory::MemoryMirror;

/// Who must not be written to.
fn closed(mirror: &MemoryMirror) -> BTreeSet<MemberHash> {
    let members = mirror.members.values();
    let links = mirror.contacts.values();
    members
        .filter(|member| !member.status.may_be_written())
        .map(|member| member.hash.clone())
        .chain(
            links
                .filter(|link| link.refused.is_some() || !mirror.members.contains_key(&link.hash))
                .map(|link| link.hash.clone()),
        )
        .collect()
}

/// The members that a change writes to.
fn targets(action: &Action) -> Vec<MemberHash> {
    match action {
        Action::CreateContact(create) => vec![create.hash.clone()],
        Action::UpdateContact(update) => vec![update.hash.clone()],
        Action::MoveContact { from, to_email, .. } => vec![from.clone(), to_email.hash()],
        Action::TagContact { hash, .. } | Action::ArchiveContact { hash, .. } => vec![hash.clone()],
        Action::CreateOrder(body) => vec![body.customer.clone()],
        Action::UpdateOrder { before, after } => {
            vec![before.customer.clone(), after.customer.clone()]
        }
        Action::RemoveOrder { before } => vec![before.customer.clone()],
        Action::CreateStore(_)
        | Action::SetSyncing { .. }
        | Action::RemoveStore { .. }
        | Action::PutProduct { .. } => Vec::new(),
    }
}

/// All promises, after a look at `before` gave `round`.
pub(super) fn check(before: &MemoryMirror, settings: &Settings, round: &Round) {
    let mut after = before.clone();
    after.apply(&round.entries);
    each_change_comes_once(round);
    nobody_closed_is_written_to(before, round);
    counts_add_up(before, round);
    totals_agree(before, &after, round);
    no_status_moves(before, &after, round);
    a_no_stays_a_no(before, round);
    nobody_left_alone_is_touched(before, settings, round);
    nobody_is_subscribed_without_grounds(round);
    only_the_tag_of_the_settings_is_given(settings, round);
    everybody_touched_has_the_tag(before, &after, settings, round);
    nobody_loses_a_tag(before, &after);
}

fn each_change_comes_once(round: &Round) {
    let mut keys = BTreeSet::new();
    for change in round.changes() {
        let key = (change.action.code(), change.action.key().to_owned());
        assert!(keys.insert(key), "twice the same change");
    }
    let mut keys = BTreeSet::new();
    for skip in round.skips() {
        let key = (skip.subject, skip.key.clone());
        assert!(keys.insert(key), "skipped twice");
    }
}

fn nobody_closed_is_written_to(mirror: &MemoryMirror, round: &Round) {
    let closed = closed(mirror);
    for change in round.changes() {
        let action = &change.action;
        for target in targets(action) {
            assert!(
                !closed.contains(&target),
                "{} to a closed contact",
                action.code()
            );
        }
        if let Action::CreateContact(create) = action {
            assert!(!mirror.members.contains_key(&create.hash), "already there");
        }
    }
}

fn counts_add_up(mirror: &MemoryMirror, round: &Round) {
    let summary = &round.summary;
    let customers = &summary.customers;
    let alone: u64 = customers.left_alone.values().sum();
    let rest = customers.new + customers.updated + customers.same + customers.share_email;
    assert_eq!(customers.total, rest + alone);
    assert_eq!(customers.total, mirror.customers.len() as u64);
    for counts in summary.documents.values() {
        assert_eq!(
            counts.total,
            counts.sent + counts.not_sent.values().sum::<u64>()
        );
    }
    let items = &summary.items;
    let rest = items.new + items.updated + items.same + items.unused;
    assert_eq!(items.total, rest + items.left_alone.values().sum::<u64>());
}

/// Taken from the mirror and the skips, not from the summary's own sums.
fn totals_agree(before: &MemoryMirror, after: &MemoryMirror, round: &Round) {
    let home = |currency: &Option<CurrencyCode>| {
        currency.as_ref().is_none_or(|code| code.as_str() == "USD")
    };
    let quickbooks: Amount = before
        .documents
        .values()
        .filter(|document| home(&document.currency))
        .map(|document| {
            if document.kind.is_sale() {
                document.total
            } else {
                -document.total
            }
        })
        .sum();
    let explained: Amount = round
        .skips()
        .iter()
        .filter(|skip| skip.subject == SkipSubject::Document && home(&skip.currency))
        .filter_map(|skip| skip.amount)
        .sum();
    let orders: Amount = after.order_bodies.values().map(|order| order.total).sum();
    assert_eq!(quickbooks, orders + explained, "the totals differ");
    assert_eq!(round.summary.totals.orders, orders);
    assert_eq!(round.summary.totals.unexplained(), Amount::ZERO);
}

fn no_status_moves(before: &MemoryMirror, after: &MemoryMirror, round: &Round) {
    let moved: BTreeMap<MemberHash, MemberHash> = round
        .changes()
        .iter()
        .filter_map(|change| match &change.action {
            Action::MoveContact { from, to_email, .. } => Some((from.clone(), to_email.hash())),
            _ => None,
        })
        .collect();
    for member in before.members.values() {
        let now = moved.get(&member.hash).unwrap_or(&member.hash);
        assert_eq!(after.members[now].status, member.status);
    }
}

/// A no under a former address stays a no under the new one.
fn a_no_stays_a_no(before: &MemoryMirror, round: &Round) {
    for change in round.changes() {
        let Action::CreateContact(create) = &change.action else {
            continue;
        };
        // Whoever rolled up to the customer above has not become that person.
        let own = |id: &CustomerId| {
            let field = before.customers[id].email_field.as_deref();
            let split = EmailField::parse(field.unwrap_or_default());
            let used = split.valid.iter().find(|email| !email.is_sample());
            used.is_some_and(|email| email.hash() == create.hash)
        };
        for link in before.contacts.values() {
            let mut source = change.source.iter().map(|id| CustomerId::from(id.as_str()));
            let same = source.any(|id| link.customers.contains(&id) && own(&id));
            let status = before.members.get(&link.hash).map(|member| member.status);
            if same && status == Some(MemberStatus::Unsubscribed) {
                assert_eq!(
                    create.status,
                    CreateStatus::Unsubscribed,
                    "a no became a yes"
                );
            }
        }
    }
}

fn only_the_tag_of_the_settings_is_given(settings: &Settings, round: &Round) {
    let mut given = BTreeSet::new();
    for change in round.changes() {
        if let Action::TagContact {
            hash, tag, active, ..
        } = &change.action
        {
            assert!(*active, "a sync never takes a tag away");
            assert_eq!(tag, settings.tag.trim());
            assert!(given.insert(hash.clone()), "once");
        }
    }
}

/// Everybody whom the round ties or adds has the tag of the settings or is given it.
fn everybody_touched_has_the_tag(
    before: &MemoryMirror,
    after: &MemoryMirror,
    settings: &Settings,
    round: &Round,
) {
    let touched = round.entries.iter().filter_map(|entry| match entry {
        // Of somebody who was tied before, a tie may only forget a customer who is gone.
        Entry::Tie(link) if before.contacts.contains_key(&link.hash) => None,
        Entry::Tie(link) => Some(link.hash.clone()),
        Entry::Change(change) => match &change.action {
            Action::CreateContact(create) => Some(create.hash.clone()),
            Action::UpdateContact(update) => Some(update.hash.clone()),
            Action::MoveContact { to_email, .. } => Some(to_email.hash()),
            _ => None,
        },
        Entry::Skip(_) => None,
    });
    let tag = settings.tag.trim();
    for hash in touched {
        assert!(tag.is_empty() || after.contacts[&hash].has_tag(tag));
    }
}

fn nobody_loses_a_tag(before: &MemoryMirror, after: &MemoryMirror) {
    let now = held_tags(after);
    for (tag, people) in held_tags(before) {
        assert!(now[&tag] >= people, "{tag} was taken off somebody");
    }
}

/// How many people have each tag.
fn held_tags(mirror: &MemoryMirror) -> BTreeMap<String, usize> {
    let mut held = BTreeMap::new();
    for tag in mirror.members.values().flat_map(|member| &member.tags) {
        *held.entry(tag.clone()).or_default() += 1;
    }
    held
}

/// Whom the owner wants left alone: nothing of theirs is written, moved or taken away.
fn nobody_left_alone_is_touched(mirror: &MemoryMirror, settings: &Settings, round: &Round) {
    let alone = |id: &CustomerId| settings.left_alone.contains(id);
    for change in round.changes() {
        let action = &change.action;
        for target in targets(action) {
            let link = mirror.contacts.get(&target);
            let named = link.and_then(|link| link.customers.first());
            let known = named.is_some_and(|id| mirror.customers.contains_key(id) && alone(id));
            assert!(!known, "{} to a contact left alone", action.code());
        }
        match action {
            Action::CreateContact(_) => {
                let namer = CustomerId::from(change.source[0].as_str());
                assert!(!alone(&namer), "somebody left alone became a contact");
            }
            Action::CreateOrder(_) | Action::UpdateOrder { .. } | Action::RemoveOrder { .. } => {
                let document = mirror
                    .documents
                    .get(&DocumentKey::from_stored(action.key()));
                let buyer = document.and_then(|document| document.customer.as_ref());
                let known = buyer.is_some_and(|id| mirror.customers.contains_key(id) && alone(id));
                assert!(!known, "{} of somebody left alone", action.code());
            }
            _ => {}
        }
    }
}

fn nobody_is_subscribed_without_grounds(round: &Round) {
    for change in round.changes() {
        if let Action::CreateContact(create) = &change.action {
            let consents = create.status == CreateStatus::Subscribed;
            assert!(!consents || !create.grounds.trim().is_empty(), "no grounds");
        }
    }
}
