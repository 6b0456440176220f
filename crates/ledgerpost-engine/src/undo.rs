//! Undo: the plan that takes back a run, made from its journal. Pure.
//!
//! Whatever somebody has changed since is theirs: it is *kept*, listed with the reason, and never
//! overwritten. Nothing here raises a status: a contact that the run created is archived, and one
//! that has said no since stays where it is, because the archive forgets a no (`mailchimp.md` 3.5).

use ledgerpost_core::change::{
    Action, Change, ChangeReason, ContactUpdate, CreateStatus, FieldName, ProductBody, Stage,
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
            source: change.source.clone(),
            action,
        }))
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
        Action::PutProduct { before: None, .. } => Inverse::Kept(Kept::Product),
        Action::PutProduct {
            before: Some(before),
            after,
        } => match &now.product {
            None => Inverse::Kept(Kept::Gone),
            Some(body) if body != after => Inverse::Kept(Kept::ChangedSince),
            Some(_) => make(
                Stage::Products,
                Action::PutProduct {
                    before: Some(after.clone()),
                    after: before.clone(),
                },
            ),
        },
        Action::CreateContact(contact) => match &now.member {
            None => Inverse::Kept(Kept::Gone),
            Some(member) => match member.status {
                MemberStatus::Unsubscribed if contact.status.as_str() != "unsubscribed" => {
                    Inverse::Kept(Kept::SaidNo)
                }
                MemberStatus::Cleaned | MemberStatus::Pending | MemberStatus::Archived => {
                    Inverse::Kept(Kept::CannotArchive)
                }
                MemberStatus::Subscribed
                | MemberStatus::Unsubscribed
                | MemberStatus::Transactional => make(
                    Stage::Contacts,
                    Action::ArchiveContact {
                        hash: contact.hash.clone(),
                        email: contact.email.clone(),
                        was: taken_away(member.status),
                    },
                ),
            },
        },
        Action::UpdateContact(update) => match writable(now) {
            Err(kept) => Inverse::Kept(kept),
            Ok(member) => match take_back(update, &member.fields) {
                None => Inverse::Kept(Kept::ChangedSince),
                Some(mut back) => {
                    if let Some(moved) = &now.moved {
                        back.hash = moved.from.clone();
                        back.email = moved.from_email.clone();
                    }
                    make(Stage::Contacts, Action::UpdateContact(back))
                }
            },
        },
        Action::MoveContact {
            from_email,
            to_email,
            ..
        } => match writable(now) {
            Err(kept) => Inverse::Kept(kept),
            // An undo that was cut off has moved it back already.
            Ok(_) if now.elsewhere => Inverse::Covered,
            Ok(_) => make(
                Stage::Contacts,
                Action::MoveContact {
                    from: to_email.hash(),
                    from_email: to_email.clone(),
                    to_email: from_email.clone(),
                },
            ),
        },
        Action::ArchiveContact { .. } => Inverse::Kept(Kept::Archived),
        Action::TagContact {
            hash,
            email,
            tag,
            active,
        } => match writable(now) {
            Err(kept) => Inverse::Kept(kept),
            Ok(_) => make(
                Stage::Tags,
                Action::TagContact {
                    hash: now.moved.as_ref().map_or(hash, |moved| &moved.from).clone(),
                    email: now
                        .moved
                        .as_ref()
                        .map_or(email, |moved| &moved.from_email)
                        .clone(),
                    tag: tag.clone(),
                    active: !active,
                },
            ),
        },
        Action::CreateOrder(after) => match &now.order {
            None => Inverse::Kept(Kept::Gone),
            Some(link) if !link.exists => Inverse::Kept(Kept::Gone),
            Some(link) if link.fingerprint != Fingerprint::of(after) => {
                Inverse::Kept(Kept::ChangedSince)
            }
            Some(_) => make(
                Stage::Orders,
                Action::RemoveOrder {
                    before: after.clone(),
                },
            ),
        },
        Action::UpdateOrder { before, after } => match (&now.order, writable(now)) {
            (None, _) => Inverse::Kept(Kept::Gone),
            (Some(link), _) if link.fingerprint != Fingerprint::of(after) => {
                Inverse::Kept(Kept::ChangedSince)
            }
            (_, Err(kept)) => Inverse::Kept(kept),
            (Some(_), Ok(_)) => make(
                Stage::Orders,
                Action::UpdateOrder {
                    before: after.clone(),
                    after: before.clone(),
                },
            ),
        },
        Action::RemoveOrder { before } => match (&now.order, writable(now)) {
            (Some(link), _) if link.exists => Inverse::Kept(Kept::ChangedSince),
            (_, Err(kept)) => Inverse::Kept(kept),
            (_, Ok(_)) => make(Stage::Orders, Action::CreateOrder(before.clone())),
        },
    }
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
    use ledgerpost_core::change::ContactCreate;

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
