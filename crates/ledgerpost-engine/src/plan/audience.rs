//! What is known of each address: its customers, its link, its member.

use std::collections::{HashMap, HashSet};

use ledgerpost_core::destination::{Member, MemberFields, MemberStatus};
use ledgerpost_core::ids::CustomerId;
use ledgerpost_core::link::ContactLink;
use ledgerpost_core::ports::Mirror;
use ledgerpost_core::settings::Settings;
use ledgerpost_core::{EmailAddress, MemberHash};

use super::people::{Group, People, Route};
use super::stream::Rows;

/// What the plan remembers of a member.
pub(super) struct Seen {
    pub(super) status: MemberStatus,
    /// Whether it has our tag.
    pub(super) tagged: bool,
    /// The address as the audience spells it, where that is one.
    pub(super) email: Option<EmailAddress>,
    pub(super) fields: MemberFields,
}

/// An address that has customers, a link, or both.
pub(super) struct Node {
    pub(super) hash: MemberHash,
    pub(super) group: Option<Group>,
    pub(super) link: Option<ContactLink>,
    pub(super) member: Option<Seen>,
    /// Whether the owner wants the contact left alone.
    pub(super) left_alone: bool,
}

impl Node {
    /// Whether the address has customers and a member who may be written to.
    pub(super) fn is_open(&self) -> bool {
        let refused = self
            .link
            .as_ref()
            .is_some_and(|link| link.refused.is_some());
        let member = self.member.as_ref();
        self.group.is_some()
            && !refused
            && member.is_some_and(|member| member.status.may_be_written())
    }

    /// Whether the person was in the audience once and is no longer.
    pub(super) fn vanished(&self) -> bool {
        self.member.is_none()
            && self
                .link
                .as_ref()
                .is_some_and(|link| link.refused.is_none())
    }
}

/// All addresses that matter, by hash, and everybody who must not be written to.
pub(super) struct Known {
    pub(super) nodes: Vec<Node>,
    /// Archived, cleaned, refused and deleted people, whoever they are, and those left alone.
    pub(super) protected: HashSet<MemberHash>,
    /// For an address by position: the links of its customers under former addresses.
    pub(super) former: HashMap<usize, Vec<usize>>,
}

impl Known {
    /// Ties groups, links and members together. Customers' routes point to nodes afterwards.
    pub(super) fn read<M: Mirror>(
        mirror: &M,
        settings: &Settings,
        people: &mut People,
    ) -> Result<Self, M::Error> {
        let nodes = join_links(mirror, people)?;
        let mut known = Self {
            nodes,
            protected: HashSet::new(),
            former: HashMap::new(),
        };
        known.leave_alone(people);
        known.join_members(mirror, &settings.tag)?;
        known.find_former(people);
        Ok(known)
    }

    /// Finds the contacts that the owner wants left alone: those that are named after such a customer,
    /// or would be. Somebody else's contact goes on without them.
    fn leave_alone(&mut self, people: &People) {
        for node in &mut self.nodes {
            let alone = |id: &CustomerId| people.find(id).map(|person| person.left_alone);
            let named = node.link.as_ref().and_then(|link| link.customers.first());
            let Some(group) = &mut node.group else {
                // Nobody has the address any more; whose contact it was still counts.
                node.left_alone = named.and_then(alone) == Some(true);
                continue;
            };
            let namer = people.all[group.people[0]].left_alone;
            node.left_alone = named.and_then(alone).unwrap_or(namer) || !people.set_aside(group);
        }
    }

    fn join_members<M: Mirror>(&mut self, mirror: &M, tag: &str) -> Result<(), M::Error> {
        let tag = tag.trim().to_lowercase();
        let mut at = 0;
        for member in Rows::new(mirror, M::members, |member| &member.hash) {
            let member = member?;
            if !member.status.may_be_written() {
                self.protected.insert(member.hash.clone());
            }
            while at < self.nodes.len() && self.nodes[at].hash < member.hash {
                at += 1;
            }
            if let Some(node) = self.nodes.get_mut(at)
                && node.hash == member.hash
            {
                node.member = Some(seen(member, &tag));
            }
        }
        for node in &self.nodes {
            let refused = node
                .link
                .as_ref()
                .is_some_and(|link| link.refused.is_some());
            if refused || node.vanished() || node.left_alone {
                self.protected.insert(node.hash.clone());
            }
        }
        Ok(())
    }

    /// Finds customers who have another address than the one they are linked under. Only those with
    /// an address of their own: whoever rolled up to the customer above has not become that person.
    fn find_former(&mut self, people: &People) {
        for (at, node) in self.nodes.iter().enumerate() {
            let Some(link) = &node.link else { continue };
            for id in &link.customers {
                let Some(person) = people.find(id) else {
                    continue;
                };
                if let Route::Group(now) = person.route
                    && now != at
                    && person.has_own_address()
                {
                    let links = self.former.entry(now).or_default();
                    if links.last() != Some(&at) {
                        links.push(at);
                    }
                }
            }
        }
    }
}

/// Merges groups and links by hash, and turns the customers' routes from groups to nodes.
fn join_links<M: Mirror>(mirror: &M, people: &mut People) -> Result<Vec<Node>, M::Error> {
    let groups = std::mem::take(&mut people.groups);
    let mut position = Vec::with_capacity(groups.len());
    let mut nodes = Vec::with_capacity(groups.len());
    let mut groups = groups.into_iter().peekable();
    let mut links = Rows::new(mirror, M::contact_links, |link| &link.hash);
    let mut link = links.next().transpose()?;
    loop {
        let hash = match (groups.peek(), &link) {
            (Some(group), Some(link)) => (&group.hash).min(&link.hash).clone(),
            (Some(group), None) => group.hash.clone(),
            (None, Some(link)) => link.hash.clone(),
            (None, None) => break,
        };
        let group = groups.next_if(|group| group.hash == hash);
        if group.is_some() {
            position.push(nodes.len());
        }
        let mut tied = None;
        if link.as_ref().is_some_and(|link| link.hash == hash) {
            tied = link.take();
            link = links.next().transpose()?;
        }
        nodes.push(Node {
            hash,
            group,
            link: tied,
            member: None,
            left_alone: false,
        });
    }
    for person in &mut people.all {
        if let Route::Group(group) = &mut person.route {
            *group = position[*group];
        }
    }
    Ok(nodes)
}

fn seen(member: Member, tag: &str) -> Seen {
    Seen {
        status: member.status,
        tagged: member
            .tags
            .iter()
            .any(|held| held.trim().to_lowercase() == tag),
        email: EmailAddress::parse(&member.email).ok(),
        fields: member.fields,
    }
}
