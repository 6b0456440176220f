//! What an outcome means: for the journal, and for links, mirror and consent.

use ledgerpost_core::MemberHash;
use ledgerpost_core::change::{
    Action, Change, ContactCreate, ContactUpdate, FieldName, OrderBody, ProductBody,
};
use ledgerpost_core::destination::{Member, MemberFields, MemberStatus, merge_tag};
use ledgerpost_core::ids::CustomerId;
use ledgerpost_core::link::{ContactLink, Fingerprint, OrderLink, ProductLink};
use ledgerpost_core::ports::StoreState;
use ledgerpost_mailchimp::members::{MemberPatch, NewMember, RowOutcome};
use ledgerpost_mailchimp::{Reason, Refusal};
use ledgerpost_store::{ConsentAct, ConsentEntry, Effect, JournalEntry, Outcome};

use super::send::{Sent, outcome_of};
use crate::engine::Engine;
use crate::error::EngineError;

/// What an outcome comes to.
#[derive(Debug)]
pub(crate) enum Settled {
    /// Outcome and detail for the journal, and the effects.
    Final(Outcome, Option<String>, Vec<Effect>),
    /// One more thing has to be tried.
    FollowUp(FollowUp),
}

/// One more thing to try.
#[derive(Debug)]
pub(crate) enum FollowUp {
    /// Make an order that is there, or is not what we remember, equal to this.
    Overwrite(OrderBody),
    /// Send a contact again without the fields that Mailchimp refused.
    Without(Vec<FieldName>, Box<Refusal>),
    /// Find out whether it was done, by making it so: the write is safe to repeat.
    Repeat,
    /// Find out whether the person was added.
    LookUp,
}

type Record = (Outcome, Option<String>, Vec<Effect>);

/// Settles one change.
pub(crate) fn settle(
    engine: &Engine,
    entry: &JournalEntry,
    sent: &Sent,
) -> Result<Settled, EngineError> {
    Ok(match sent {
        Sent::Done => Settled::Final(Outcome::Done, None, done(engine, &entry.change)?),
        Sent::Unknown => Settled::FollowUp(match &entry.change.action {
            Action::CreateContact(_) => FollowUp::LookUp,
            Action::CreateOrder(after) | Action::UpdateOrder { after, .. } => {
                FollowUp::Overwrite(after.clone())
            }
            _ => FollowUp::Repeat,
        }),
        Sent::Refused(refusal) => refused(engine, &entry.change, refusal)?,
    })
}

fn refused(engine: &Engine, change: &Change, refusal: &Refusal) -> Result<Settled, EngineError> {
    Ok(match (&change.action, refusal.reason) {
        (Action::CreateOrder(after), Reason::OrderExists)
        | (Action::UpdateOrder { after, .. }, Reason::NotFound | Reason::LineExists) => {
            Settled::FollowUp(FollowUp::Overwrite(after.clone()))
        }
        (Action::RemoveOrder { .. } | Action::RemoveStore { .. }, Reason::NotFound) => {
            Settled::Final(Outcome::Done, None, done(engine, change)?)
        }
        (Action::CreateContact(_), Reason::MemberExists) => Settled::FollowUp(FollowUp::LookUp),
        (Action::CreateContact(_) | Action::UpdateContact(_), Reason::InvalidResource)
            if !refused_fields(refusal).is_empty() =>
        {
            Settled::FollowUp(FollowUp::Without(
                refused_fields(refusal),
                Box::new(refusal.clone()),
            ))
        }
        _ => Settled::Final(
            Outcome::Failed,
            Some(words(refusal)),
            failed(engine, change, refusal)?,
        ),
    })
}

/// Does the one more thing.
pub(crate) async fn follow_up(
    engine: &Engine,
    entry: &JournalEntry,
    follow_up: FollowUp,
) -> Result<Record, EngineError> {
    let change = &entry.change;
    match follow_up {
        FollowUp::Overwrite(order) => {
            let result = engine
                .mailchimp()
                .overwrite_order(engine.store_id(), &order)
                .await;
            finish(engine, change, outcome_of(result)?)
        }
        FollowUp::Repeat => {
            let result = super::steps::repeat(engine, &change.action).await;
            finish(engine, change, outcome_of(result)?)
        }
        FollowUp::Without(fields, refusal) => without(engine, change, &fields, &refusal).await,
        FollowUp::LookUp => look_up(engine, change).await,
    }
}

/// The end of a follow-up: whatever is still unknown stays so until the next sync reads again.
fn finish(engine: &Engine, change: &Change, sent: Sent) -> Result<Record, EngineError> {
    Ok(match sent {
        Sent::Done => (Outcome::Done, None, done(engine, change)?),
        Sent::Unknown => (Outcome::Unknown, None, Vec::new()),
        Sent::Refused(refusal) if refusal.reason == Reason::NotFound && removes(&change.action) => {
            (Outcome::Done, None, done(engine, change)?)
        }
        Sent::Refused(refusal) => (
            Outcome::Failed,
            Some(words(&refusal)),
            failed(engine, change, &refusal)?,
        ),
    })
}

const fn removes(action: &Action) -> bool {
    matches!(
        action,
        Action::RemoveOrder { .. } | Action::RemoveStore { .. }
    )
}

/// Sends a contact once more without the fields that Mailchimp refused: one bad field must not lose
/// the person (`mailchimp.md` 7.3). The fingerprint stays that of the wanted fields, so that the
/// same bad value is not tried at every sync.
async fn without(
    engine: &Engine,
    change: &Change,
    fields: &[FieldName],
    refusal: &Refusal,
) -> Result<Record, EngineError> {
    let detail = Some(format!("without {}: {}", names_of(fields), words(refusal)));
    match &change.action {
        Action::CreateContact(contact) => {
            let mut row = contact.clone();
            drop_fields(&mut row.fields, fields);
            let added = engine
                .mailchimp()
                .add_members(engine.audience_id(), &[NewMember::from(&row)])
                .await?;
            Ok(match added.rows.first() {
                Some(RowOutcome::Created { .. }) => {
                    let effects = created(engine, contact, &row.fields, &change.source);
                    (Outcome::Done, detail, effects)
                }
                Some(RowOutcome::Refused(refusal)) => (
                    Outcome::Failed,
                    Some(words(refusal)),
                    failed(engine, change, refusal)?,
                ),
                Some(RowOutcome::Unreported) | None => (Outcome::Unknown, detail, Vec::new()),
            })
        }
        Action::UpdateContact(update) => {
            let mut left = update.clone();
            drop_fields(&mut left.after, fields);
            let patch = MemberPatch::from(&left);
            let sent = if patch.merge_fields.is_empty() {
                Sent::Done
            } else {
                let result = engine
                    .mailchimp()
                    .update_member(engine.audience_id(), &update.hash, &patch)
                    .await;
                outcome_of(result)?
            };
            match sent {
                Sent::Done => Ok((Outcome::Done, detail, done(engine, change)?)),
                other => finish(engine, change, other),
            }
        }
        _ => Ok((Outcome::Failed, detail, Vec::new())),
    }
}

/// Finds out about a person who may have been added: by this call, by an earlier one that was cut
/// off, or by somebody else.
async fn look_up(engine: &Engine, change: &Change) -> Result<Record, EngineError> {
    let Action::CreateContact(contact) = &change.action else {
        return Ok((Outcome::Unknown, None, Vec::new()));
    };
    let found = engine
        .mailchimp()
        .read_member(engine.audience_id(), &contact.hash)
        .await?;
    Ok(match found {
        // Not there, so the call had no effect: the next round plans it again.
        None => (
            Outcome::Failed,
            Some("not sent; the next round tries again".to_owned()),
            Vec::new(),
        ),
        Some(member) if created_by(contact, &member) => (
            Outcome::Done,
            None,
            created(engine, contact, &member.fields, &change.source),
        ),
        Some(member) => (
            Outcome::Failed,
            Some(
                "somebody else added this person meanwhile; the next round ties the contact"
                    .to_owned(),
            ),
            vec![Effect::PutMember(member)],
        ),
    })
}

/// Whether a member that is found where we wanted to create one is what we would have created.
pub(crate) fn created_by(contact: &ContactCreate, member: &Member) -> bool {
    member.status.as_str() == contact.status.as_str() && member.fields == contact.fields
}

/// What a change that was done means. This is the table in [`crate::plan`].
pub(crate) fn done(engine: &Engine, change: &Change) -> Result<Vec<Effect>, EngineError> {
    let store = engine.store();
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
        Action::UpdateContact(update) => {
            let mut effects = Vec::new();
            if let Some(member) = store.member(&update.hash)? {
                effects.push(Effect::PutMember(updated(member, update)));
            }
            if let Some(mut link) = store.contact_link(&update.hash)? {
                link.customers = customers(&change.source);
                if update.clear.is_empty()
                    && change.reason != ledgerpost_core::change::ChangeReason::Undo
                {
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
                    tagged: false,
                    refused: None,
                }));
            }
            effects
        }
        Action::MoveContact { from, to_email, .. } => {
            let to = to_email.hash();
            let mut effects = Vec::new();
            if let Some(mut member) = store.member(from)? {
                member.hash = to.clone();
                member.email = to_email.as_str().to_owned();
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
            effects
        }
        Action::ArchiveContact { hash, email } => {
            let mut effects = Vec::new();
            if let Some(mut member) = store.member(hash)? {
                if let Some(status) = taken_away(member.status) {
                    effects.push(Effect::AddConsent(ConsentEntry {
                        hash: hash.clone(),
                        email: email.clone(),
                        status,
                        at: engine.now(),
                        grounds: "the run that added this contact was taken back".to_owned(),
                        run: None,
                        how: ConsentAct::Archived,
                    }));
                }
                member.status = MemberStatus::Archived;
                effects.push(Effect::PutMember(member));
            }
            effects
        }
        Action::TagContact {
            hash, tag, active, ..
        } => tagged(engine, hash, tag, *active)?,
        Action::CreateOrder(after) | Action::UpdateOrder { after, .. } => {
            vec![order(after, None, true)]
        }
        Action::RemoveOrder { before } => vec![Effect::RemoveOrderLink(before.id.clone())],
    })
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
        link.tagged = active;
        effects.push(Effect::PutContactLink(link));
    }
    Ok(effects)
}

/// The effects of a person who was added.
pub(crate) fn created(
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
            tagged: false,
            refused: None,
        }),
        Effect::AddConsent(ConsentEntry {
            hash: contact.hash.clone(),
            email: contact.email.clone(),
            status: contact.status,
            at: engine.now(),
            grounds: contact.grounds.clone(),
            run: None,
            how: ConsentAct::Created,
        }),
    ]
}

/// What a refusal means: it is remembered, so that nobody is tried again and again.
fn failed(engine: &Engine, change: &Change, refusal: &Refusal) -> Result<Vec<Effect>, EngineError> {
    let detail = words(refusal);
    let store = engine.store();
    Ok(match &change.action {
        Action::CreateContact(contact) => vec![Effect::PutContactLink(ContactLink {
            hash: contact.hash.clone(),
            email: contact.email.clone(),
            customers: customers(&change.source),
            fingerprint: Fingerprint::of(&contact.fields),
            created_by_us: false,
            tagged: false,
            refused: Some(detail),
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
                tagged: false,
                refused: None,
            });
            // 404: only a permanent deletion takes a member away (`mailchimp.md` 3.2).
            let detail = if refusal.reason == Reason::NotFound {
                "no longer in the audience: permanently deleted in Mailchimp".to_owned()
            } else {
                detail
            };
            vec![Effect::PutContactLink(ContactLink {
                refused: Some(detail),
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

pub(crate) fn order(body: &OrderBody, refused: Option<String>, exists: bool) -> Effect {
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

fn drop_fields(fields: &mut MemberFields, names: &[FieldName]) {
    for name in names {
        match name {
            FieldName::FirstName => fields.first_name = None,
            FieldName::LastName => fields.last_name = None,
            FieldName::Phone => fields.phone = None,
            FieldName::Address => fields.address = None,
        }
    }
}

fn refused_fields(refusal: &Refusal) -> Vec<FieldName> {
    refusal
        .fields
        .iter()
        .filter_map(|problem| match problem.field.to_uppercase().as_str() {
            merge_tag::FIRST_NAME => Some(FieldName::FirstName),
            merge_tag::LAST_NAME => Some(FieldName::LastName),
            merge_tag::PHONE => Some(FieldName::Phone),
            merge_tag::ADDRESS => Some(FieldName::Address),
            _ => None,
        })
        .collect()
}

fn names_of(fields: &[FieldName]) -> String {
    let names: Vec<&str> = fields
        .iter()
        .map(|field| match field {
            FieldName::FirstName => "first name",
            FieldName::LastName => "last name",
            FieldName::Phone => "phone",
            FieldName::Address => "address",
        })
        .collect();
    names.join(", ")
}

const fn taken_away(status: MemberStatus) -> Option<ledgerpost_core::change::CreateStatus> {
    use ledgerpost_core::change::CreateStatus;
    match status {
        MemberStatus::Subscribed => Some(CreateStatus::Subscribed),
        MemberStatus::Pending => Some(CreateStatus::Pending),
        MemberStatus::Unsubscribed => Some(CreateStatus::Unsubscribed),
        MemberStatus::Transactional => Some(CreateStatus::Transactional),
        MemberStatus::Cleaned | MemberStatus::Archived => None,
    }
}

fn customers(source: &[String]) -> Vec<CustomerId> {
    source
        .iter()
        .map(|id| CustomerId::new(id.clone()))
        .collect()
}

/// What the owner reads about a refusal: Mailchimp's own words where there are any. They often name
/// the address, which has its own column and belongs in no other one.
pub(crate) fn words(refusal: &Refusal) -> String {
    let said = refusal.words.for_owner();
    if said.is_empty() {
        return refusal.reason.words().to_owned();
    }
    let nameless = said.split_whitespace().map(|word| {
        if word.contains('@') {
            "the address"
        } else {
            word
        }
    });
    nameless.collect::<Vec<_>>().join(" ")
}
