//! What a change that was done, or refused, means for links, mirror and consent.

use ledgerpost_core::change::{
    Action, Basis, Change, ChangeReason, ContactCreate, ContactUpdate, CreateStatus, FieldName,
    OrderBody, ProductBody,
};
use ledgerpost_core::destination::{Member, MemberFields, MemberStatus};
use ledgerpost_core::ids::CustomerId;
use ledgerpost_core::link::{ContactLink, ContactRefusal, Fingerprint, OrderLink, ProductLink};
use ledgerpost_core::ports::StoreState;
use ledgerpost_core::{EmailAddress, MemberHash};
use ledgerpost_mailchimp::{Reason, Refusal};
use ledgerpost_store::{ConsentAct, ConsentEntry, Effect};

use super::settle::words;
use crate::engine::Engine;
use crate::error::EngineError;

/// What a change that was done means. This is the table in [`crate::plan`].
pub(crate) fn done(engine: &Engine, change: &Change) -> Result<Vec<Effect>, EngineError> {
    Ok(match &change.action {
        Action::CreateStore(_) => vec![Effect::SetStoreState(StoreState::Syncing)],
        Action::SetSyncing { syncing, .. } => vec![Effect::SetStoreState(if *syncing {
            StoreState::Syncing
        } else {
            StoreState::Live
        })],
        Action::RemoveStore { .. } => {
            vec![
                Effect::RemoveStoreLinks,
                Effect::SetStoreState(StoreState::Absent),
            ]
        }
        Action::PutProduct { after, .. } => vec![product(after, None)],
        Action::CreateContact(contact) => created(engine, contact, &contact.fields, &change.source),
        Action::UpdateContact(update) => written(engine, change, update)?,
        Action::MoveContact { from, to_email, .. } => moved(engine, change, from, to_email)?,
        Action::ArchiveContact { hash, email, was } => archived(engine, hash, email, *was)?,
        Action::TagContact {
            hash, tag, active, ..
        } => tagged(engine, hash, tag, *active)?,
        Action::CreateOrder(after) | Action::UpdateOrder { after, .. } => {
            vec![order(after, None, true)]
        }
        Action::RemoveOrder { before } => vec![Effect::RemoveOrderLink(before.id.clone())],
    })
}

fn written(
    engine: &Engine,
    change: &Change,
    update: &ContactUpdate,
) -> Result<Vec<Effect>, EngineError> {
    let store = engine.store();
    let mut effects = Vec::new();
    if let Some(member) = store.member(&update.hash)? {
        effects.push(Effect::PutMember(updated(member, update)));
    }
    if let Some(mut link) = store.contact_link(&update.hash)? {
        link.customers = customers(&change.source);
        if update.clear.is_empty() && change.reason != ChangeReason::Undo {
            link.fingerprint = Fingerprint::of(&update.after);
            effects.push(Effect::PutContactLink(link));
        } else {
            // Taken back: the next plan, once approved, sees the contact as never tied.
            effects.push(Effect::RemoveContactLink(update.hash.clone()));
        }
    } else {
        effects.push(Effect::PutContactLink(ContactLink {
            hash: update.hash.clone(),
            email: update.email.clone(),
            customers: customers(&change.source),
            fingerprint: Fingerprint::of(&update.after),
            created_by_us: false,
            tag: None,
            refused: None,
        }));
    }
    Ok(effects)
}

fn moved(
    engine: &Engine,
    change: &Change,
    from: &MemberHash,
    to_email: &EmailAddress,
) -> Result<Vec<Effect>, EngineError> {
    let store = engine.store();
    let to = to_email.hash();
    let mut effects = Vec::new();
    if let Some(mut member) = store.member(from)? {
        member.hash = to.clone();
        to_email.as_str().clone_into(&mut member.email);
        effects.extend([
            Effect::RemoveMember(from.clone()),
            Effect::PutMember(member),
        ]);
    }
    if let Some(mut link) = store.contact_link(from)? {
        link.hash = to;
        link.email = to_email.clone();
        link.customers = customers(&change.source);
        effects.extend([
            Effect::RemoveContactLink(from.clone()),
            Effect::PutContactLink(link),
        ]);
    }
    Ok(effects)
}

fn archived(
    engine: &Engine,
    hash: &MemberHash,
    email: &EmailAddress,
    was: Option<CreateStatus>,
) -> Result<Vec<Effect>, EngineError> {
    let mut effects = Vec::new();
    if let Some(status) = was {
        effects.push(Effect::AddConsent(ConsentEntry {
            hash: hash.clone(),
            email: email.clone(),
            status,
            at: engine.now(),
            grounds: Basis::TakenBack.to_string(),
            basis: Some(Basis::TakenBack),
            run: None,
            how: ConsentAct::Archived,
        }));
    }
    if let Some(mut member) = engine.store().member(hash)? {
        member.status = MemberStatus::Archived;
        effects.push(Effect::PutMember(member));
    }
    Ok(effects)
}

fn tagged(
    engine: &Engine,
    hash: &MemberHash,
    tag: &str,
    active: bool,
) -> Result<Vec<Effect>, EngineError> {
    let mut effects = Vec::new();
    if let Some(mut member) = engine.store().member(hash)? {
        member
            .tags
            .retain(|held| held.to_lowercase() != tag.to_lowercase());
        if active {
            member.tags.push(tag.to_owned());
        }
        effects.push(Effect::PutMember(member));
    }
    if let Some(mut link) = engine.store().contact_link(hash)? {
        link.tag = active.then(|| tag.to_owned());
        effects.push(Effect::PutContactLink(link));
    }
    Ok(effects)
}

/// The effects of a person who was added.
pub(super) fn created(
    engine: &Engine,
    contact: &ContactCreate,
    fields: &MemberFields,
    source: &[String],
) -> Vec<Effect> {
    let status = match contact.status.as_str() {
        "subscribed" => MemberStatus::Subscribed,
        "pending" => MemberStatus::Pending,
        "unsubscribed" => MemberStatus::Unsubscribed,
        _ => MemberStatus::Transactional,
    };
    vec![
        Effect::PutMember(Member {
            hash: contact.hash.clone(),
            email: contact.email.as_str().to_owned(),
            status,
            fields: fields.clone(),
            tags: Vec::new(),
            contact_id: None,
            last_changed: None,
        }),
        Effect::PutContactLink(ContactLink {
            hash: contact.hash.clone(),
            email: contact.email.clone(),
            customers: customers(source),
            fingerprint: Fingerprint::of(&contact.fields),
            created_by_us: true,
            tag: None,
            refused: None,
        }),
        Effect::AddConsent(ConsentEntry {
            hash: contact.hash.clone(),
            email: contact.email.clone(),
            status: contact.status,
            at: engine.now(),
            grounds: contact.grounds.clone(),
            basis: contact.basis.clone(),
            run: None,
            how: ConsentAct::Created,
        }),
    ]
}

/// What a refusal means: it is remembered, so that nobody is tried again and again.
pub(super) fn failed(
    engine: &Engine,
    change: &Change,
    refusal: &Refusal,
) -> Result<Vec<Effect>, EngineError> {
    let detail = words(refusal);
    let forgotten = refusal.reason == Reason::Forgotten;
    let store = engine.store();
    if refusal.reason == Reason::NotFound
        && matches!(
            change.action,
            Action::PutProduct { .. } | Action::CreateOrder(_) | Action::UpdateOrder { .. }
        )
    {
        engine.store_doubted.set(true);
    }
    Ok(match &change.action {
        Action::CreateContact(contact) => vec![Effect::PutContactLink(ContactLink {
            hash: contact.hash.clone(),
            email: contact.email.clone(),
            customers: customers(&change.source),
            fingerprint: Fingerprint::of(&contact.fields),
            created_by_us: false,
            tag: None,
            refused: Some(ContactRefusal {
                words: detail,
                forgotten,
            }),
        })],
        Action::UpdateContact(ContactUpdate { hash, email, .. })
        | Action::TagContact { hash, email, .. }
        | Action::MoveContact {
            from: hash,
            from_email: email,
            ..
        } => {
            let link = store.contact_link(hash)?.unwrap_or_else(|| ContactLink {
                hash: hash.clone(),
                email: email.clone(),
                customers: customers(&change.source),
                fingerprint: Fingerprint::from_stored(""),
                created_by_us: false,
                tag: None,
                refused: None,
            });
            if refusal.reason == Reason::NotFound {
                // Permanently deleted, or with another address since it was read: a link without a
                // member says so, until the person is there again.
                return Ok(vec![
                    Effect::RemoveMember(hash.clone()),
                    Effect::PutContactLink(link),
                ]);
            }
            vec![Effect::PutContactLink(ContactLink {
                refused: Some(ContactRefusal {
                    words: detail,
                    forgotten,
                }),
                ..link
            })]
        }
        Action::PutProduct { after, .. } => vec![product(after, Some(detail))],
        Action::CreateOrder(after) => match refusal.reason {
            Reason::ProductMissing => missing_products(after),
            _ => vec![order(after, Some(detail), false)],
        },
        Action::UpdateOrder { before, after } => match refusal.reason {
            Reason::ProductMissing => missing_products(after),
            // The body stays what Mailchimp has; the fingerprint is that of the refused one.
            _ => vec![Effect::PutOrderLink {
                link: OrderLink {
                    key: before.id.clone(),
                    fingerprint: Fingerprint::of(after),
                    refused: Some(detail),
                    exists: true,
                },
                body: None,
            }],
        },
        Action::CreateStore(_)
        | Action::SetSyncing { .. }
        | Action::RemoveStore { .. }
        | Action::ArchiveContact { .. }
        | Action::RemoveOrder { .. } => Vec::new(),
    })
}

/// Somebody removed products behind our back: forgotten, they are planned anew together with the
/// order in the next round.
fn missing_products(order: &OrderBody) -> Vec<Effect> {
    order
        .lines
        .iter()
        .map(|line| Effect::RemoveProductLink(line.product.clone()))
        .collect()
}

fn product(body: &ProductBody, refused: Option<String>) -> Effect {
    let written = refused.is_none().then(|| body.clone());
    Effect::PutProductLink {
        link: ProductLink {
            id: body.id.clone(),
            fingerprint: Fingerprint::of(body),
            refused,
        },
        body: written,
    }
}

fn order(body: &OrderBody, refused: Option<String>, exists: bool) -> Effect {
    let written = exists.then(|| body.clone());
    Effect::PutOrderLink {
        link: OrderLink {
            key: body.id.clone(),
            fingerprint: Fingerprint::of(body),
            refused,
            exists,
        },
        body: written,
    }
}

/// Whether a member is as an update would leave it.
pub(crate) fn updated_by(update: &ContactUpdate, member: &Member) -> bool {
    updated(member.clone(), update).fields == member.fields
}

/// A member after an update.
fn updated(mut member: Member, update: &ContactUpdate) -> Member {
    let after = update.after.clone();
    let fields = &mut member.fields;
    fields.first_name = after.first_name.or(fields.first_name.take());
    fields.last_name = after.last_name.or(fields.last_name.take());
    fields.phone = after.phone.or(fields.phone.take());
    fields.address = after.address.or(fields.address.take());
    drop_fields(fields, &update.clear);
    member
}

pub(super) fn drop_fields(fields: &mut MemberFields, names: &[FieldName]) {
    for name in names {
        match name {
            FieldName::FirstName => fields.first_name = None,
            FieldName::LastName => fields.last_name = None,
            FieldName::Phone => fields.phone = None,
            FieldName::Address => fields.address = None,
        }
    }
}

fn customers(source: &[String]) -> Vec<CustomerId> {
    source
        .iter()
        .map(|id| CustomerId::new(id.clone()))
        .collect()
}
