//! What follows from the verdicts: changes, ties and skips.

use std::error::Error;

use ledgerpost_core::EmailAddress;
use ledgerpost_core::change::{Action, ChangeReason, ContactCreate, ContactUpdate, CreateStatus};
use ledgerpost_core::destination::MemberFields;
use ledgerpost_core::ids::CustomerId;
use ledgerpost_core::link::{ContactLink, Fingerprint};
use ledgerpost_core::skip::SkipReason;

use super::super::audience::{Node, Seen};
use super::super::fields::differs;
use super::super::grounds::Grounds;
use super::super::people::{Group, Person, Route};
use super::super::sink::{Sink, count};
use super::{Contacts, Verdict, spelling};

impl Contacts<'_> {
    /// Hands out everything about contacts, by hash, then the customers who stay out, in their order.
    pub(in crate::plan) fn hand_out<E: Error>(&self, sink: &mut Sink<'_, E>) -> Result<(), E> {
        let mut moved = std::collections::HashSet::new();
        for (at, node) in self.known.nodes.iter().enumerate() {
            let Some(group) = &node.group else { continue };
            match &self.verdicts[at] {
                Verdict::Keep => self.keep(at, node, group, sink)?,
                Verdict::Create { status, grounds } => {
                    self.create(node, group, *status, grounds, sink)?;
                }
                Verdict::Move { from } => {
                    moved.insert(*from);
                    self.move_here(*from, node, group, sink)?;
                }
                Verdict::LeaveAlone(_) => continue,
            }
            let counts = &mut sink.summary.customers;
            counts.share_email += group.people.len() as u64 - 1;
            counts.shared_contacts += u64::from(group.people.len() > 1);
        }
        for (at, node) in self.known.nodes.iter().enumerate() {
            if node.group.is_none() && !moved.contains(&at) {
                self.leave_behind(at, node, sink)?;
            }
        }
        self.people
            .all
            .iter()
            .try_for_each(|person| self.skip(person, sink))
    }

    /// A link whose address no customer has any more. The contact stays as it is; the link forgets
    /// the customers that are in the audience under another address by now, where their status is.
    fn leave_behind<E: Error>(
        &self,
        at: usize,
        node: &Node,
        sink: &mut Sink<'_, E>,
    ) -> Result<(), E> {
        let Some(link) = &node.link else {
            return Ok(());
        };
        let stays = link.created_by_us && node.member.is_some();
        sink.summary.customers.left_behind += u64::from(stays);
        let customers = self.remembered(at, link);
        if customers.len() == link.customers.len() {
            return Ok(());
        }
        sink.tie(ContactLink {
            customers,
            ..link.clone()
        })
    }

    fn skip<E: Error>(&self, person: &Person, sink: &mut Sink<'_, E>) -> Result<(), E> {
        let reason = match &person.route {
            _ if person.project => SkipReason::Project,
            _ if person.left_alone => SkipReason::OwnerLeftAlone,
            Route::Out(reason) => reason.clone(),
            Route::Group(at) => match &self.verdicts[*at] {
                Verdict::LeaveAlone(reason) => reason.clone(),
                Verdict::Keep | Verdict::Create { .. } | Verdict::Move { .. } => return Ok(()),
            },
        };
        sink.skip_customer(person.id.as_str(), &person.title, reason)
    }

    fn create<E: Error>(
        &self,
        node: &Node,
        group: &Group,
        status: CreateStatus,
        grounds: &Grounds,
        sink: &mut Sink<'_, E>,
    ) -> Result<(), E> {
        let namer = &self.people.all[group.people[0]];
        sink.summary.customers.new += 1;
        count(&mut sink.summary.new_by_status, status.as_str());
        let source = texts(&self.customers(group, None));
        let (grounds, basis) = grounds.parts();
        let create = ContactCreate {
            hash: node.hash.clone(),
            email: group.email.clone(),
            status,
            grounds,
            basis,
            fields: namer.fields.clone(),
        };
        sink.change(
            ChangeReason::New,
            &namer.title,
            source.clone(),
            Action::CreateContact(create),
        )?;
        self.tag(
            node,
            &group.email,
            ChangeReason::New,
            &namer.title,
            source,
            sink,
        )
    }

    /// Somebody who is in the audience.
    fn keep<E: Error>(
        &self,
        at: usize,
        node: &Node,
        group: &Group,
        sink: &mut Sink<'_, E>,
    ) -> Result<(), E> {
        let member = node.member.as_ref().expect("only members are kept");
        let namer = &self.people.all[group.people[0]];
        let email = spelling(node);
        let customers = self.customers(group, Some((at, node)));
        let source = texts(&customers);
        let written = written(&namer.fields, node.link.as_ref(), member);
        let link = ContactLink {
            hash: node.hash.clone(),
            email: email.clone(),
            customers,
            fingerprint: written.fingerprint,
            created_by_us: node.link.as_ref().is_some_and(|link| link.created_by_us),
            tag: self.tag_of(member, node.link.as_ref()),
            refused: None,
        };
        let reason = match node.link {
            Some(_) => ChangeReason::Changed,
            None => ChangeReason::FirstMatch,
        };
        let untagged = self.is_untagged(&link);
        if node.link.as_ref() != Some(&link) {
            sink.tie(link)?;
        }
        if written.update {
            let update = update(node, email, member, &namer.fields);
            sink.change(reason, &namer.title, source.clone(), update)?;
        }
        if untagged {
            self.tag(node, email, reason, &namer.title, source, sink)?;
        }
        let counts = &mut sink.summary.customers;
        if written.update || untagged {
            counts.updated += 1;
        } else {
            counts.same += 1;
        }
        Ok(())
    }

    /// The contact of a former address moves to this one.
    fn move_here<E: Error>(
        &self,
        from: usize,
        node: &Node,
        group: &Group,
        sink: &mut Sink<'_, E>,
    ) -> Result<(), E> {
        let old = &self.known.nodes[from];
        let (Some(link), Some(member)) = (&old.link, &old.member) else {
            return Ok(());
        };
        let namer = &self.people.all[group.people[0]];
        let customers = self.customers(group, Some((from, old)));
        let source = texts(&customers);
        let written = written(&namer.fields, Some(link), member);
        let tie = ContactLink {
            fingerprint: written.fingerprint,
            tag: self.tag_of(member, Some(link)),
            ..link.clone()
        };
        let untagged = self.is_untagged(&tie);
        if tie != *link {
            sink.tie(tie)?;
        }
        let reason = ChangeReason::EmailChanged;
        let action = Action::MoveContact {
            from: old.hash.clone(),
            from_email: spelling(old).clone(),
            to_email: group.email.clone(),
        };
        sink.change(reason, &namer.title, source.clone(), action)?;
        if written.update {
            let update = update(node, &group.email, member, &namer.fields);
            sink.change(reason, &namer.title, source.clone(), update)?;
        }
        if untagged {
            self.tag(node, &group.email, reason, &namer.title, source, sink)?;
        }
        sink.summary.customers.updated += 1;
        Ok(())
    }

    /// The tag to record with a contact: the one of the settings where it has that, else the one
    /// that it was given before.
    fn tag_of(&self, member: &Seen, link: Option<&ContactLink>) -> Option<String> {
        let known = link.and_then(|link| link.tag.clone());
        if member.tagged && !link.is_some_and(|link| link.has_tag(self.settings.tag.trim())) {
            return Some(self.settings.tag.trim().to_owned());
        }
        known
    }

    /// Whether the tag of the settings has to be put on.
    fn is_untagged(&self, link: &ContactLink) -> bool {
        let tag = self.settings.tag.trim();
        !tag.is_empty() && !link.has_tag(tag)
    }

    fn tag<E: Error>(
        &self,
        node: &Node,
        email: &EmailAddress,
        reason: ChangeReason,
        title: &str,
        source: Vec<String>,
        sink: &mut Sink<'_, E>,
    ) -> Result<(), E> {
        if self.settings.tag.trim().is_empty() {
            return Ok(());
        }
        let action = Action::TagContact {
            hash: node.hash.clone(),
            email: email.clone(),
            tag: self.settings.tag.trim().to_owned(),
            active: true,
        };
        sink.change(reason, title, source, action)
    }

    /// The customers to record with a contact: those who share it, and those who had its address
    /// before and are nowhere else yet, lest what they said there be forgotten.
    fn customers(&self, group: &Group, before: Option<(usize, &Node)>) -> Vec<CustomerId> {
        let mut customers: Vec<CustomerId> = group
            .people
            .iter()
            .map(|&at| self.people.all[at].id.clone())
            .collect();
        let Some((at, node)) = before else {
            return customers;
        };
        let Some(link) = &node.link else {
            return customers;
        };
        let mut former = self.remembered(at, link);
        former.retain(|id| !customers.contains(id));
        former.sort_unstable();
        customers.extend(former);
        customers
    }
}

struct Written {
    /// What the link holds before the update, if there is one.
    fingerprint: Fingerprint,
    update: bool,
}

/// Whether the fields have to be written. Once tied, a contact is written when QuickBooks changed:
/// what the owner corrects in Mailchimp stays until then.
fn written(desired: &MemberFields, link: Option<&ContactLink>, member: &Seen) -> Written {
    let fingerprint = Fingerprint::of(desired);
    if link.is_some_and(|link| link.fingerprint == fingerprint) {
        return Written {
            fingerprint,
            update: false,
        };
    }
    let update = differs(desired, &member.fields);
    // The fingerprint of what is to be written is recorded by the update once it is done.
    let fingerprint = match link {
        _ if !update => fingerprint,
        Some(link) => link.fingerprint.clone(),
        None => Fingerprint::of(&member.fields),
    };
    Written {
        fingerprint,
        update,
    }
}

fn update(node: &Node, email: &EmailAddress, member: &Seen, desired: &MemberFields) -> Action {
    Action::UpdateContact(ContactUpdate {
        hash: node.hash.clone(),
        email: email.clone(),
        before: member.fields.clone(),
        after: desired.clone(),
        clear: Vec::new(),
    })
}

fn texts(customers: &[CustomerId]) -> Vec<String> {
    customers.iter().map(|id| id.as_str().to_owned()).collect()
}
