//! The status that somebody who is not in the audience gets, once.

use ledgerpost_core::change::{Basis, CreateStatus};
use ledgerpost_core::destination::MemberStatus;
use ledgerpost_core::settings::NewStatus;

use super::super::grounds::Grounds;
use super::super::people::Group;
use super::Contacts;

impl Contacts<'_> {
    /// The status that a new contact gets, and on what grounds. The customer who gives the name
    /// decides: an exception, else the first rule that fits, else what holds for all. What is said of
    /// another one at the same address counts when it is lower, and so does whatever status any of them
    /// had under a former address.
    pub(super) fn new_status(&self, group: &Group, former: &[usize]) -> (CreateStatus, Grounds) {
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
