//! What an outcome means for the journal, and what else has to be tried first.

use ledgerpost_core::change::{Action, Change, ContactCreate, FieldName, OrderBody};
use ledgerpost_core::destination::{Member, merge_tag};
use ledgerpost_core::remark::{Remark, Without};
use ledgerpost_mailchimp::members::{MemberPatch, NewMember, RowOutcome};
use ledgerpost_mailchimp::{Reason, Refusal};
use ledgerpost_store::{Effect, JournalEntry, Outcome};

use super::effects::{created, done, drop_fields, failed};
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
    Overwrite(Box<OrderBody>),
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
                FollowUp::Overwrite(Box::new(after.clone()))
            }
            _ => FollowUp::Repeat,
        }),
        Sent::Refused(refusal) => refused(engine, &entry.change, refusal)?,
    })
}

fn refused(engine: &Engine, change: &Change, refusal: &Refusal) -> Result<Settled, EngineError> {
    Ok(match (&change.action, refusal.reason) {
        // An order that was replaced exists where the answer to its creation was lost and the call
        // repeated.
        (Action::CreateOrder(after), Reason::OrderExists)
        | (
            Action::UpdateOrder { after, .. },
            Reason::NotFound | Reason::LineExists | Reason::OrderExists,
        ) => Settled::FollowUp(FollowUp::Overwrite(Box::new(after.clone()))),
        (Action::RemoveOrder { .. } | Action::RemoveStore { .. }, Reason::NotFound) => {
            Settled::Final(Outcome::Done, None, done(engine, change)?)
        }
        (Action::CreateContact(_) | Action::MoveContact { .. }, Reason::MemberExists) => {
            Settled::FollowUp(FollowUp::LookUp)
        }
        // The answer may have been lost and the call repeated: then it is not under the old address
        // any more because it moved.
        (Action::MoveContact { .. }, Reason::NotFound) => Settled::FollowUp(FollowUp::Repeat),
        // A server that lacks PUT on products (`mailchimp.md` 5.4).
        (Action::PutProduct { .. }, Reason::MethodNotAllowed | Reason::NotFound) => {
            Settled::FollowUp(FollowUp::Repeat)
        }
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
            let sent = outcome_of(result)?;
            if has_moved(engine, change, &sent).await? {
                return finish(engine, change, Sent::Done);
            }
            finish(engine, change, sent)
        }
        FollowUp::Without(fields, refusal) => without(engine, change, &fields, &refusal).await,
        FollowUp::LookUp => look_up(engine, change).await,
    }
}

/// Whether a contact that is not under its old address is under the new one.
async fn has_moved(engine: &Engine, change: &Change, sent: &Sent) -> Result<bool, EngineError> {
    let (Action::MoveContact { to_email, .. }, Sent::Refused(refusal)) = (&change.action, sent)
    else {
        return Ok(false);
    };
    if refusal.reason != Reason::NotFound {
        return Ok(false);
    }
    let found = engine
        .mailchimp()
        .read_member(engine.audience_id(), &to_email.hash())
        .await?;
    Ok(found.is_some())
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
    let without = Without {
        fields: fields.to_vec(),
        words: words(refusal),
    };
    let detail = Some(without.to_string());
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
    let hash = match &change.action {
        Action::CreateContact(contact) => contact.hash.clone(),
        Action::MoveContact { to_email, .. } => to_email.hash(),
        _ => return Ok((Outcome::Unknown, None, Vec::new())),
    };
    let found = engine
        .mailchimp()
        .read_member(engine.audience_id(), &hash)
        .await?;
    Ok(match (&change.action, found) {
        // Not there, so the call had no effect: the next round plans it again.
        (_, None) => (
            Outcome::Failed,
            Some(Remark::NextRound.words().to_owned()),
            Vec::new(),
        ),
        (Action::CreateContact(contact), Some(member)) if created_by(contact, &member) => (
            Outcome::Done,
            None,
            created(engine, contact, &member.fields, &change.source),
        ),
        (_, Some(member)) => (
            Outcome::Failed,
            Some(Remark::ThereMeanwhile.words().to_owned()),
            vec![Effect::PutMember(member)],
        ),
    })
}

/// Whether a member that is found where we wanted to create one is what we would have created.
pub(crate) fn created_by(contact: &ContactCreate, member: &Member) -> bool {
    member.status.as_str() == contact.status.as_str() && member.fields == contact.fields
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
