//! Who is written to, who becomes a contact, who moves, and who stays out.

use ledgerpost_core::destination::MemberStatus;
use ledgerpost_core::link::ContactRefusal;
use ledgerpost_core::settings::Scope;
use ledgerpost_core::skip::SkipReason;

use super::super::people::{Group, Person, Route};
use super::{Contacts, Verdict};

impl Contacts<'_> {
    pub(super) fn verdict(&self, at: usize) -> Verdict {
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

    /// Who is left out as inactive takes a contact along that others shared, once it is known that
    /// those become contacts of their own: the next round would find them settled and do it then.
    pub(super) fn move_the_inactive(&mut self) {
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

    /// Whether a customer becomes a contact of their own.
    fn is_added(&self, person: &Person) -> bool {
        match person.route {
            Route::Group(now) => matches!(self.verdicts.get(now), Some(Verdict::Create { .. })),
            Route::Out(_) => false,
        }
    }
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
