//! Contacts: whom a sync creates, updates, moves, tags, and whom it leaves alone.
//!
//! The status of somebody in the audience is theirs: nothing here can write one. A status is chosen
//! once, for a person who is not in the audience, and never above what the same customer had under
//! a former address.

mod changes;
mod status;
mod verdicts;

use ledgerpost_core::EmailAddress;
use ledgerpost_core::change::CreateStatus;
use ledgerpost_core::ids::CustomerId;
use ledgerpost_core::link::ContactLink;
use ledgerpost_core::settings::Settings;
use ledgerpost_core::skip::SkipReason;

use super::audience::{Known, Node};
use super::grounds::Grounds;
use super::people::{People, Person, Route};

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

    /// The address to write for a node that orders may go to; the reason where they may not.
    pub(super) fn buyer(&self, at: usize) -> Result<&'a EmailAddress, &SkipReason> {
        let node = &self.known.nodes[at];
        match &self.verdicts[at] {
            Verdict::LeaveAlone(reason) => Err(reason),
            Verdict::Keep | Verdict::Create { .. } | Verdict::Move { .. } => Ok(spelling(node)),
        }
    }

    /// The nodes of the former addresses of a node's customers.
    fn former(&self, at: usize) -> &'a [usize] {
        self.known.former.get(&at).map_or(&[], Vec::as_slice)
    }

    /// Whether a customer is here, or in the audience under another address.
    fn is_settled(&self, person: &Person, here: usize) -> bool {
        match person.route {
            Route::Group(now) => now == here || self.known.nodes[now].is_open(),
            Route::Out(_) => false,
        }
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
