//! Undo: the plan that takes back a run, made from its journal. Pure.
//!
//! Whatever somebody has changed since is theirs: it is *kept*, listed with the reason, and never
//! overwritten. Nothing here raises a status: a contact that the run created is archived, and one
//! that has said no since stays where it is, because the archive forgets a no (`mailchimp.md` 3.5).

use ledgerpost_core::change::{
    Action, Change, ChangeReason, ContactCreate, ContactUpdate, CreateStatus, FieldName, OrderBody,
    ProductBody, Stage,
};
use ledgerpost_core::destination::{Member, MemberFields, MemberStatus};
use ledgerpost_core::link::{ContactLink, Fingerprint, OrderLink};
use ledgerpost_core::{EmailAddress, MemberHash};
use serde::{Deserialize, Serialize};

/// Why a change of the run stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// A later run or a person changed the record since.
    ChangedSince,
    /// The record is gone.
    Gone,
    /// The person has unsubscribed since; archiving would forget it.
    SaidNo,
    /// Mailchimp cannot archive a contact in this state (bounced, pending or archived).
    CannotArchive,
    /// Products stay: orders may refer to them.
    Product,
    /// An archived contact is not brought back.
    Archived,
    /// A store that was removed cannot be restored by undo; connecting again rebuilds it.
    Store,
    /// The switch takes itself back at the end of the next run.
    Passing,
}

impl Kept {
    /// In plain words, in English.
    pub const fn words(self) -> &'static str {
        match self {
            Self::ChangedSince => "changed since, so it is kept",
            Self::Gone => "no longer there",
            Self::SaidNo => "unsubscribed since: archiving would forget that",
            Self::CannotArchive => "Mailchimp does not archive a contact in this state",
            Self::Product => "products stay, since orders may refer to them",
            Self::Archived => "an archived contact is not brought back",
            Self::Store => "the store is rebuilt by connecting again, not by undo",
            Self::Passing => "nothing to take back",
        }
    }
}

/// A contact that the run gave another address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Move {
    /// Its key before.
    pub from: MemberHash,
    /// Its address before.
    pub from_email: EmailAddress,
    /// Its key after.
    pub to: MemberHash,
}

/// What is known now of the record that a change touched.
#[derive(Debug, Clone, Default)]
pub(crate) struct Now {
    /// The member, for contact changes.
    pub member: Option<Member>,
    /// Its link.
    pub contact: Option<ContactLink>,
    /// The move of that member in the same run. Moves are taken back first: what follows finds the
    /// member under its old key.
    pub moved: Option<Move>,
    /// Whether the member stands at the other end of that move.
    pub elsewhere: bool,
    /// What was last written for the product.
    pub product: Option<ProductBody>,
    /// The order's link.
    pub order: Option<OrderLink>,
    /// Whether the run that is undone created the store: then the whole store goes, and with it its
    /// products and orders.
    pub store_goes: bool,
}

/// What undo does about one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Inverse {
    /// This change takes it back.
    Change(Box<Change>),
    /// Another change of the undo covers it.
    Covered,
    /// It stays, for this reason.
    Kept(Kept),
}

/// The change that takes back `change`, given what is known of its record now.
pub(crate) fn inverse(change: &Change, now: &Now) -> Inverse {
    let make = |stage, action| {
        Inverse::Change(Box::new(Change {
            stage,
            reason: ChangeReason::Undo,
            title: change.title.clone(),
            document: change.document.clone(),
            source: change.source.clone(),
            action,
        }))
    };
    let back = |stage, taken: Result<Action, Kept>| match taken {
        Ok(action) => make(stage, action),
        Err(kept) => Inverse::Kept(kept),
    };
    match &change.action {
        Action::CreateStore(body) => make(
            Stage::Finish,
            Action::RemoveStore {
                store: body.id.clone(),
            },
        ),
        Action::SetSyncing { .. } => Inverse::Kept(Kept::Passing),
        Action::RemoveStore { .. } => Inverse::Kept(Kept::Store),
        Action::PutProduct { .. }
        | Action::CreateOrder(_)
        | Action::UpdateOrder { .. }
        | Action::RemoveOrder { .. }
            if now.store_goes =>
        {
            Inverse::Covered
        }
        Action::PutProduct { before, after } => {
            back(Stage::Products, put_back(before.as_ref(), after, now))
        }
        Action::CreateContact(contact) => back(Stage::Contacts, archive(contact, now)),
        Action::UpdateContact(update) => back(Stage::Contacts, restore(update, now)),
        // An undo that was cut off has moved it back already.
        Action::MoveContact { .. } if now.elsewhere && writable(now).is_ok() => Inverse::Covered,
        Action::MoveContact {
            from_email,
            to_email,
            ..
        } => {
            let there = Action::MoveContact {
                from: to_email.hash(),
                from_email: to_email.clone(),
                to_email: from_email.clone(),
            };
            back(Stage::Contacts, writable(now).map(|_| there))
        }
        Action::ArchiveContact { .. } => Inverse::Kept(Kept::Archived),
        Action::TagContact {
            hash,
            email,
            tag,
            active,
        } => {
            let moved = now.moved.as_ref();
            let other = Action::TagContact {
                hash: moved.map_or(hash, |moved| &moved.from).clone(),
                email: moved.map_or(email, |moved| &moved.from_email).clone(),
                tag: tag.clone(),
                active: !active,
            };
            back(Stage::Tags, writable(now).map(|_| other))
        }
        Action::CreateOrder(after) => back(Stage::Orders, remove(after, now)),
        Action::UpdateOrder { before, after } => back(Stage::Orders, rewrite(before, after, now)),
        Action::RemoveOrder { before } => back(Stage::Orders, create_again(before, now)),
    }
}

/// A product as it was before; one that the run made stays.
fn put_back(before: Option<&ProductBody>, after: &ProductBody, now: &Now) -> Result<Action, Kept> {
    let before = before.ok_or(Kept::Product)?;
    match &now.product {
        None => Err(Kept::Gone),
        Some(body) if body != after => Err(Kept::ChangedSince),
        Some(_) => Ok(Action::PutProduct {
            before: Some(after.clone()),
            after: before.clone(),
        }),
    }
}

/// Archives somebody whom the run added, unless they said no since.
fn archive(contact: &ContactCreate, now: &Now) -> Result<Action, Kept> {
    let member = now.member.as_ref().ok_or(Kept::Gone)?;
    match member.status {
        MemberStatus::Unsubscribed if contact.status != CreateStatus::Unsubscribed => {
            Err(Kept::SaidNo)
        }
        MemberStatus::Cleaned | MemberStatus::Pending | MemberStatus::Archived => {
            Err(Kept::CannotArchive)
        }
        MemberStatus::Subscribed | MemberStatus::Unsubscribed | MemberStatus::Transactional => {
            Ok(Action::ArchiveContact {
                hash: contact.hash.clone(),
                email: contact.email.clone(),
                was: taken_away(member.status),
            })
        }
    }
}

/// The fields as they were before, of a contact that stands under its old address by then.
fn restore(update: &ContactUpdate, now: &Now) -> Result<Action, Kept> {
    let member = writable(now)?;
    let mut back = take_back(update, &member.fields).ok_or(Kept::ChangedSince)?;
    if let Some(moved) = &now.moved {
        back.hash = moved.from.clone();
        back.email = moved.from_email.clone();
    }
    Ok(Action::UpdateContact(back))
}

/// Removes an order that the run created.
fn remove(after: &OrderBody, now: &Now) -> Result<Action, Kept> {
    let link = now.order.as_ref().filter(|link| link.exists);
    let link = link.ok_or(Kept::Gone)?;
    if link.fingerprint != Fingerprint::of(after) {
        return Err(Kept::ChangedSince);
    }
    Ok(Action::RemoveOrder {
        before: after.clone(),
    })
}

/// An order as it was before.
fn rewrite(before: &OrderBody, after: &OrderBody, now: &Now) -> Result<Action, Kept> {
    let link = now.order.as_ref().ok_or(Kept::Gone)?;
    if link.fingerprint != Fingerprint::of(after) {
        return Err(Kept::ChangedSince);
    }
    writable(now)?;
    Ok(Action::UpdateOrder {
        before: after.clone(),
        after: before.clone(),
    })
}

/// Creates an order again that the run removed.
fn create_again(before: &OrderBody, now: &Now) -> Result<Action, Kept> {
    if now.order.as_ref().is_some_and(|link| link.exists) {
        return Err(Kept::ChangedSince);
    }
    writable(now)?;
    Ok(Action::CreateOrder(before.clone()))
}

/// The member whom a write may reach: there, not archived or cleaned, not refused.
fn writable(now: &Now) -> Result<&Member, Kept> {
    let member = now.member.as_ref().ok_or(Kept::Gone)?;
    let refused = now
        .contact
        .as_ref()
        .is_some_and(|link| link.refused.is_some());
    if refused || !member.status.may_be_written() {
        return Err(Kept::CannotArchive);
    }
    Ok(member)
}

/// The status that archiving takes away; none where there is nothing to take.
const fn taken_away(status: MemberStatus) -> Option<CreateStatus> {
    match status {
        MemberStatus::Subscribed => Some(CreateStatus::Subscribed),
        MemberStatus::Pending => Some(CreateStatus::Pending),
        MemberStatus::Unsubscribed => Some(CreateStatus::Unsubscribed),
        MemberStatus::Transactional => Some(CreateStatus::Transactional),
        MemberStatus::Cleaned | MemberStatus::Archived => None,
    }
}

/// The update that restores the fields this run changed, as far as nobody changed them since.
/// `None` when nothing is left to restore.
fn take_back(update: &ContactUpdate, current: &MemberFields) -> Option<ContactUpdate> {
    let mut back = ContactUpdate {
        hash: update.hash.clone(),
        email: update.email.clone(),
        before: current.clone(),
        after: MemberFields::default(),
        clear: Vec::new(),
    };
    macro_rules! field {
        ($name:ident, $field:expr) => {
            let changed = update.after.$name.is_some() && update.after.$name != update.before.$name;
            if changed && current.$name == update.after.$name {
                match &update.before.$name {
                    Some(value) => back.after.$name = Some(value.clone()),
                    None => back.clear.push($field),
                }
            }
        };
    }
    field!(first_name, FieldName::FirstName);
    field!(last_name, FieldName::LastName);
    field!(phone, FieldName::Phone);
    field!(address, FieldName::Address);
    (back.after != MemberFields::default() || !back.clear.is_empty()).then_some(back)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email() -> EmailAddress {
        EmailAddress::parse("dana@northfield.test").unwrap()
    }

    fn member(status: MemberStatus, fields: MemberFields) -> Member {
        Member {
            hash: email().hash(),
            email: email().as_str().to_owned(),
            status,
            fields,
            tags: Vec::new(),
            contact_id: None,
            last_changed: None,
        }
    }

    fn change(action: Action) -> Change {
        Change {
            stage: Stage::Contacts,
            reason: ChangeReason::New,
            title: "Dana".to_owned(),
            document: None,
            source: vec!["7".to_owned()],
            action,
        }
    }

    fn named(first: Option<&str>, phone: Option<&str>) -> MemberFields {
        MemberFields {
            first_name: first.map(str::to_owned),
            phone: phone.map(str::to_owned),
            ..MemberFields::default()
        }
    }

    fn created() -> Change {
        change(Action::CreateContact(ContactCreate {
            hash: email().hash(),
            email: email(),
            status: CreateStatus::Transactional,
            grounds: "set by the owner".to_owned(),
            basis: None,
            fields: named(Some("Dana"), None),
        }))
    }

    #[test]
    fn a_created_contact_is_archived() {
        let now = Now {
            member: Some(member(
                MemberStatus::Transactional,
                named(Some("Dana"), None),
            )),
            ..Now::default()
        };
        let Inverse::Change(back) = inverse(&created(), &now) else {
            panic!("must be undone")
        };
        assert!(matches!(back.action, Action::ArchiveContact { .. }));
    }

    #[test]
    fn who_said_no_since_is_kept() {
        let now = Now {
            member: Some(member(
                MemberStatus::Unsubscribed,
                named(Some("Dana"), None),
            )),
            ..Now::default()
        };
        assert_eq!(
            inverse(&created(), &now),
            Inverse::Kept(Kept::SaidNo),
            "the archive would forget the no"
        );
    }

    #[test]
    fn an_update_goes_back_only_where_nobody_changed_it_since() {
        let update = change(Action::UpdateContact(ContactUpdate {
            hash: email().hash(),
            email: email(),
            before: named(Some("D."), None),
            after: named(Some("Dana"), Some("503-555-0134")),
            clear: Vec::new(),
        }));
        let now = Now {
            member: Some(member(
                MemberStatus::Subscribed,
                named(Some("Dana Maria"), Some("503-555-0134")),
            )),
            ..Now::default()
        };
        let Inverse::Change(back) = inverse(&update, &now) else {
            panic!("the phone must be undone")
        };
        let Action::UpdateContact(back) = back.action else {
            panic!("an update is undone by an update")
        };
        assert_eq!(
            back.after,
            MemberFields::default(),
            "the name was changed by a person since"
        );
        assert_eq!(back.clear, [FieldName::Phone], "the phone was blank before");
    }
}
