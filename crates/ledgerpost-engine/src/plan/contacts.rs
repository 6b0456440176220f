//! Contacts: whom a sync creates, updates, moves, tags, and whom it leaves alone.
//!
//! The status of somebody in the audience is theirs: nothing here can write one. A status is chosen
//! once, for a person who is not in the audience, and never above what the same customer had under
//! a former address.

use std::error::Error;

use ledgerpost_core::EmailAddress;
use ledgerpost_core::change::{
    Action, Basis, ChangeReason, ContactCreate, ContactUpdate, CreateStatus,
};
use ledgerpost_core::destination::{MemberFields, MemberStatus};
use ledgerpost_core::ids::CustomerId;
use ledgerpost_core::link::{ContactLink, ContactRefusal, Fingerprint};
use ledgerpost_core::settings::{NewStatus, Scope, Settings};
use ledgerpost_core::skip::SkipReason;

use super::audience::{Known, Node, Seen};
use super::fields::differs;
use super::grounds::Grounds;
use super::people::{Group, People, Person, Route};
use super::sink::{Sink, count};

/// What becomes of an address with customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// In the audience, and may be written to.
    Keep,
    /// Becomes a new contact.
    Create {
        status: CreateStatus,
        grounds: Grounds,
    },
    /// The contact under a former address moves here.
    Move {
        /// Its node.
        from: usize,
    },
    /// Stays out.
    LeaveAlone(SkipReason),
}

/// Decides about contacts and hands out what follows.
pub(super) struct Contacts<'a> {
    pub(super) settings: &'a Settings,
    /// Whether new people are to confirm by mail.
    pub(super) double_optin: bool,
    pub(super) people: &'a People,
    pub(super) known: &'a Known,
    /// For each node; link-only nodes stay as they are.
    pub(super) verdicts: Vec<Verdict>,
}

impl<'a> Contacts<'a> {
    /// Decides about every address.
    pub(super) fn decide(
        settings: &'a Settings,
        double_optin: bool,
        people: &'a People,
        known: &'a Known,
    ) -> Self {
        let mut contacts = Self {
            settings,
            double_optin,
            people,
            known,
            verdicts: Vec::new(),
        };
        contacts.verdicts = (0..known.nodes.len())
            .map(|at| contacts.verdict(at))
            .collect();
        contacts.move_the_inactive();
        contacts
    }

    /// Who is left out as inactive takes a contact along that others shared, once it is known that
    /// those become contacts of their own: the next round would find them settled and do it then.
    fn move_the_inactive(&mut self) {
        let known = self.known;
        for (at, node) in known.nodes.iter().enumerate() {
            if let Verdict::LeaveAlone(SkipReason::Inactive) = self.verdicts[at]
                && let Some(group) = &node.group
                && let [from] = self.former(at)
                && self.may_move(*from, at, group)
            {
                self.verdicts[at] = Verdict::Move { from: *from };
            }
        }
    }

    /// The nodes of the former addresses of a node's customers.
    fn former(&self, at: usize) -> &'a [usize] {
        self.known.former.get(&at).map_or(&[], Vec::as_slice)
    }

    /// The address to write for a node that orders may go to; the reason where they may not.
    pub(super) fn buyer(&self, at: usize) -> Result<&'a EmailAddress, &SkipReason> {
        let node = &self.known.nodes[at];
        match &self.verdicts[at] {
            Verdict::LeaveAlone(reason) => Err(reason),
            Verdict::Keep | Verdict::Create { .. } | Verdict::Move { .. } => Ok(spelling(node)),
        }
    }

    fn verdict(&self, at: usize) -> Verdict {
        let node = &self.known.nodes[at];
        let Some(group) = &node.group else {
            return Verdict::LeaveAlone(SkipReason::NoEmail);
        };
        if node.left_alone {
            return Verdict::LeaveAlone(SkipReason::OwnerLeftAlone);
        }
        if let Some(refusal) = node.link.as_ref().and_then(|link| link.refused.as_ref()) {
            return Verdict::LeaveAlone(reason_of(refusal));
        }
        match node.member.as_ref().map(|member| member.status) {
            Some(MemberStatus::Archived) => Verdict::LeaveAlone(SkipReason::Archived),
            Some(MemberStatus::Cleaned) => Verdict::LeaveAlone(SkipReason::Cleaned),
            Some(
                MemberStatus::Subscribed
                | MemberStatus::Unsubscribed
                | MemberStatus::Pending
                | MemberStatus::Transactional,
            ) => Verdict::Keep,
            // Whoever was there and is gone was deleted by the owner, or has another address there
            // that we cannot know; adding them again would go against the owner or double them.
            None if node.link.is_some() => Verdict::LeaveAlone(SkipReason::Deleted),
            None => self.newcomer(at, group),
        }
    }

    /// Somebody who is not in the audience.
    fn newcomer(&self, at: usize, group: &Group) -> Verdict {
        let former = self.former(at);
        if let Some(reason) = self.former_no(former) {
            return Verdict::LeaveAlone(reason);
        }
        if group.email.is_role() && !self.settings.include_role_addresses {
            return Verdict::LeaveAlone(SkipReason::RoleAddress);
        }
        // A move creates nobody: the person is in the audience already, inactive or not.
        if let [from] = former
            && self.may_move(*from, at, group)
        {
            return Verdict::Move { from: *from };
        }
        let active = group.people.iter().any(|&at| self.people.all[at].active);
        if !active && !self.settings.include_inactive {
            return Verdict::LeaveAlone(SkipReason::Inactive);
        }
        if self.settings.scope == Scope::OnlyExisting {
            return Verdict::LeaveAlone(SkipReason::NotInAudience);
        }
        let (status, grounds) = self.new_status(group, former);
        Verdict::Create { status, grounds }
    }

    /// A no under a former address that a new one must not get around. An archived person may have
    /// been unsubscribed before, which nobody can read any more; a deleted or refused one may have
    /// asked to be erased. The owner loses a contact that they can add by hand, knowing better; the
    /// other way round a person would lose their no. A bounced address is no such thing: entering a
    /// working one is what we advise.
    fn former_no(&self, former: &[usize]) -> Option<SkipReason> {
        let mut reasons = former.iter().filter_map(|&at| {
            let node = &self.known.nodes[at];
            let link = node.link.as_ref()?;
            if let Some(refusal) = &link.refused {
                return Some(reason_of(refusal));
            }
            match node.member.as_ref().map(|member| member.status) {
                None => Some(SkipReason::Deleted),
                Some(MemberStatus::Archived) => Some(SkipReason::Archived),
                Some(_) => None,
            }
        });
        reasons.next()
    }

    /// Whether the contact at `from` may take the new address: it is ours, nobody uses it any more,
    /// and it is one person who moved. A pending one stays, since Mailchimp would ask again by mail.
    fn may_move(&self, from: usize, to: usize, group: &Group) -> bool {
        let old = &self.known.nodes[from];
        let (Some(link), Some(member)) = (&old.link, &old.member) else {
            return false;
        };
        let namer = &self.people.all[group.people[0]].id;
        old.group.is_none()
            && !old.left_alone
            && link.created_by_us
            && member.status.may_be_written()
            && member.status != MemberStatus::Pending
            && link.customers.contains(namer)
            && link
                .customers
                .iter()
                .filter_map(|id| self.people.find(id))
                .all(|person| self.is_settled(person, to) || self.is_added(person))
    }

    /// Whether a customer is here, or in the audience under another address.
    fn is_settled(&self, person: &Person, here: usize) -> bool {
        match person.route {
            Route::Group(now) => now == here || self.known.nodes[now].is_open(),
            Route::Out(_) => false,
        }
    }

    /// Whether a customer becomes a contact of their own.
    fn is_added(&self, person: &Person) -> bool {
        match person.route {
            Route::Group(now) => matches!(self.verdicts.get(now), Some(Verdict::Create { .. })),
            Route::Out(_) => false,
        }
    }

    /// The status that a new contact gets, and on what grounds. The customer who gives the name
    /// decides: an exception, else the first rule that fits, else what holds for all. What is said of
    /// another one at the same address counts when it is lower, and so does whatever status any of them
    /// had under a former address.
    fn new_status(&self, group: &Group, former: &[usize]) -> (CreateStatus, Grounds) {
        let exception = |at: usize| {
            let exception = self.settings.exceptions.get(&self.people.all[at].id)?;
            Some((
                self.create_status(exception.status),
                Grounds::Said(exception.grounds.clone()),
            ))
        };
        let said = |at: usize| exception(at).or_else(|| self.by_rule(at));
        let (namer, others) = group.people.split_first().expect("a group has a name");
        let general = || {
            let grounds = self.settings.grounds.clone();
            (
                self.create_status(self.settings.status),
                grounds.map_or(Grounds::Ours(Basis::AllNew), Grounds::Said),
            )
        };
        let mut chosen = said(*namer).unwrap_or_else(general);
        for exception in others.iter().chain(&group.aside).filter_map(|&at| said(at)) {
            if rank(exception.0) < rank(chosen.0) {
                chosen = exception;
            }
        }
        for member in former
            .iter()
            .filter_map(|&at| self.known.nodes[at].member.as_ref())
        {
            if let Some(most) = most_after(member.status)
                && rank(most) < rank(chosen.0)
            {
                chosen = (most, Grounds::Ours(Basis::FormerAddress));
            }
        }
        chosen
    }

    /// What the first rule that fits a customer says. Without grounds it subscribes nobody.
    fn by_rule(&self, at: usize) -> Option<(CreateStatus, Grounds)> {
        let rule = self.people.rule(at, self.settings)?;
        let grounds = rule.grounds.trim();
        let status = match rule.status {
            NewStatus::Subscribed if grounds.is_empty() => NewStatus::Transactional,
            status => status,
        };
        let grounds = if grounds.is_empty() {
            Grounds::Ours(Basis::Rule {
                when: rule.when.clone(),
            })
        } else {
            Grounds::Said(grounds.to_owned())
        };
        Some((self.create_status(status), grounds))
    }

    /// On a double opt-in audience *subscribed* means asking by mail, and only if the owner said so.
    fn create_status(&self, status: NewStatus) -> CreateStatus {
        match status {
            NewStatus::Subscribed if !self.double_optin => CreateStatus::Subscribed,
            NewStatus::Subscribed if self.settings.confirmation_mails => CreateStatus::Pending,
            NewStatus::Subscribed | NewStatus::Transactional => CreateStatus::Transactional,
            NewStatus::Unsubscribed => CreateStatus::Unsubscribed,
        }
    }

    /// Hands out everything about contacts, by hash, then the customers who stay out, in their order.
    pub(super) fn hand_out<E: Error>(&self, sink: &mut Sink<'_, E>) -> Result<(), E> {
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

    /// The customers of a link that are neither here nor in the audience under another address. Whoever
    /// is only about to be added is among them: that can still be refused.
    fn remembered(&self, here: usize, link: &ContactLink) -> Vec<CustomerId> {
        let forget = |id: &CustomerId| {
            let person = self.people.find(id);
            person.is_none_or(|person| self.is_settled(person, here))
        };
        link.customers
            .iter()
            .filter(|id| !forget(id))
            .cloned()
            .collect()
    }
}

/// The address as the audience spells it, else as the customer does, else as the link does.
pub(super) fn spelling(node: &Node) -> &EmailAddress {
    node.member
        .as_ref()
        .and_then(|member| member.email.as_ref())
        .filter(|email| email.hash() == node.hash)
        .or_else(|| node.group.as_ref().map(|group| &group.email))
        .or_else(|| node.link.as_ref().map(|link| &link.email))
        .expect("an address is known for its customers or for its link")
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

/// Why somebody is left alone whom Mailchimp refused.
fn reason_of(refusal: &ContactRefusal) -> SkipReason {
    let detail = refusal.words.clone();
    if refusal.forgotten {
        SkipReason::Forgotten { detail }
    } else {
        SkipReason::Refused { detail }
    }
}

fn texts(customers: &[CustomerId]) -> Vec<String> {
    customers.iter().map(|id| id.as_str().to_owned()).collect()
}

/// Statuses from no to yes.
const fn rank(status: CreateStatus) -> u8 {
    match status {
        CreateStatus::Unsubscribed => 0,
        CreateStatus::Transactional => 1,
        CreateStatus::Pending => 2,
        CreateStatus::Subscribed => 3,
    }
}

/// The most that a customer's new address may get after this status under the former one; `None`
/// where there is no bound. Someone pending has not said yes, and is not asked a second time.
const fn most_after(status: MemberStatus) -> Option<CreateStatus> {
    match status {
        MemberStatus::Subscribed => None,
        MemberStatus::Unsubscribed => Some(CreateStatus::Unsubscribed),
        MemberStatus::Transactional
        | MemberStatus::Pending
        | MemberStatus::Cleaned
        | MemberStatus::Archived => Some(CreateStatus::Transactional),
    }
}
