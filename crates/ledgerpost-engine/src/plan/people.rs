//! Customers, and the addresses that they are reached at.
//!
//! The rules, each shown in the plan: of several addresses in a field the first one that Mailchimp
//! takes is used; a customer without one rolls up to the nearest customer above who has one; a
//! project always belongs to the customer above; customers with the same address are one contact.

use std::cmp::{Ordering, Reverse};
use std::collections::HashMap;

use jiff::civil::Date;
use ledgerpost_core::destination::MemberFields;
use ledgerpost_core::email::EmailField;
use ledgerpost_core::ids::CustomerId;
use ledgerpost_core::ports::Mirror;
use ledgerpost_core::settings::Settings;
use ledgerpost_core::skip::SkipReason;
use ledgerpost_core::source::Customer;
use ledgerpost_core::{EmailAddress, MemberHash};

use super::fields::FieldMap;
use super::stream::Rows;
use super::summary::CustomerCounts;

/// What the plan remembers of a customer.
pub(super) struct Person {
    pub(super) id: CustomerId,
    /// The display name.
    pub(super) title: String,
    pub(super) active: bool,
    /// A project that is no contact of its own.
    pub(super) project: bool,
    /// The address of its own that is used.
    own: Option<EmailAddress>,
    /// Why there is no such address.
    trouble: SkipReason,
    parent: Option<CustomerId>,
    last_sale: Option<Date>,
    /// What its contact should show, if the contact is named after it.
    pub(super) fields: MemberFields,
    /// Where its documents go.
    pub(super) route: Route,
}

impl Person {
    /// Whether the address is its own and not one of a customer above.
    pub(super) fn has_own_address(&self) -> bool {
        self.own.is_some() && !self.project
    }
}

/// Where a customer's documents go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    /// To a group of customers with one address, by position.
    Group(usize),
    /// Nowhere.
    Out(SkipReason),
}

/// Customers who share an address: one contact.
pub(super) struct Group {
    /// The key.
    pub(super) hash: MemberHash,
    /// The address as the naming customer's field spells it.
    pub(super) email: EmailAddress,
    /// The customers by position: the one that gives the name, then the others by id.
    pub(super) people: Vec<usize>,
}

/// All customers of a company.
pub(super) struct People {
    pub(super) all: Vec<Person>,
    index: HashMap<CustomerId, usize>,
    /// By hash.
    pub(super) groups: Vec<Group>,
}

impl People {
    /// Reads the customers and groups them by address.
    pub(super) fn read<M: Mirror>(
        mirror: &M,
        settings: &Settings,
        map: &FieldMap,
        counts: &mut CustomerCounts,
    ) -> Result<Self, M::Error> {
        let mut all = Vec::new();
        let mut index = HashMap::new();
        for customer in Rows::new(mirror, M::customers, |customer| &customer.id) {
            let customer = customer?;
            index.insert(customer.id.clone(), all.len());
            all.push(person(customer, settings, map, counts));
        }
        let mut people = Self {
            all,
            index,
            groups: Vec::new(),
        };
        let holders = people.holders();
        people.group(&holders);
        Ok(people)
    }

    /// The customer with an id.
    pub(super) fn find(&self, id: &CustomerId) -> Option<&Person> {
        self.index.get(id).map(|&at| &self.all[at])
    }

    /// For each customer the nearest one, itself included, whose address is used. Rows come from
    /// outside, so parents may be missing or go round in circles; every customer is visited once.
    fn holders(&self) -> Vec<Option<usize>> {
        const UNKNOWN: u8 = 0;
        const ON_PATH: u8 = 1;
        const KNOWN: u8 = 2;
        let mut state = vec![UNKNOWN; self.all.len()];
        let mut holders = vec![None; self.all.len()];
        let mut path = Vec::new();
        for start in 0..self.all.len() {
            let mut next = Some(start);
            let mut found = None;
            while let Some(at) = next {
                match state[at] {
                    KNOWN => {
                        found = holders[at];
                        break;
                    }
                    ON_PATH => break,
                    _ => {}
                }
                state[at] = ON_PATH;
                path.push(at);
                if self.all[at].has_own_address() {
                    found = Some(at);
                    break;
                }
                next = self.parent(at);
            }
            for at in path.drain(..) {
                state[at] = KNOWN;
                holders[at] = found;
            }
        }
        holders
    }

    fn parent(&self, at: usize) -> Option<usize> {
        let id = self.all[at].parent.as_ref()?;
        self.index.get(id).copied()
    }

    fn group(&mut self, holders: &[Option<usize>]) {
        let mut by_hash: HashMap<MemberHash, Vec<usize>> = HashMap::new();
        let mut hashes: Vec<Option<MemberHash>> = vec![None; self.all.len()];
        for (at, holder) in holders.iter().enumerate() {
            let Some(holder) = *holder else { continue };
            // The sales below a customer speak for it when it is about the latest one.
            let sale = self.all[holder].last_sale.max(self.all[at].last_sale);
            self.all[holder].last_sale = sale;
            let hash = hashes[holder]
                .get_or_insert_with(|| self.all[holder].hash())
                .clone();
            if !self.all[at].project {
                by_hash.entry(hash).or_default().push(at);
            }
        }
        let mut groups: Vec<_> = by_hash
            .into_iter()
            .map(|(hash, people)| self.name_group(hash, people))
            .collect();
        groups.sort_unstable_by(|one, other| one.hash.cmp(&other.hash));
        let mut of_holder = vec![usize::MAX; self.all.len()];
        for (position, group) in groups.iter().enumerate() {
            for &at in &group.people {
                of_holder[at] = position;
            }
            for &at in &group.people[1..] {
                self.all[at].fields = MemberFields::default();
            }
        }
        for (at, holder) in holders.iter().enumerate() {
            self.all[at].route = match holder {
                Some(holder) => Route::Group(of_holder[*holder]),
                None => Route::Out(self.trouble(at)),
            };
        }
        self.groups = groups;
    }

    /// Puts the naming customer first: of those whose own address it is, an active one before an
    /// inactive one, then the one with the latest sale, then the one with the smallest id.
    fn name_group(&self, hash: MemberHash, mut people: Vec<usize>) -> Group {
        people.sort_unstable_by(|&one, &other| by_id(&self.all[one].id, &self.all[other].id));
        let name = people
            .iter()
            .enumerate()
            .min_by_key(|&(position, &at)| {
                let person = &self.all[at];
                let own = person.own.is_some();
                (!own, !person.active, Reverse(person.last_sale), position)
            })
            .map(|(position, _)| position)
            .expect("a group has at least the holder of its address");
        let namer = people.remove(name);
        people.insert(0, namer);
        let email = self.all[namer]
            .own
            .clone()
            .expect("the holder of the address is in its group and goes before those without");
        Group {
            hash,
            email,
            people,
        }
    }

    /// Why a customer has no address: for a project, the trouble of the customer it belongs to.
    fn trouble(&self, at: usize) -> SkipReason {
        let mut at = at;
        for _ in 0..self.all.len() {
            if !self.all[at].project {
                return self.all[at].trouble.clone();
            }
            match self.parent(at) {
                Some(parent) => at = parent,
                None => break,
            }
        }
        SkipReason::Project
    }
}

impl Person {
    fn hash(&self) -> MemberHash {
        self.own
            .as_ref()
            .map(EmailAddress::hash)
            .expect("only holders of an address are asked for its hash")
    }
}

fn person(
    customer: Customer,
    settings: &Settings,
    map: &FieldMap,
    counts: &mut CustomerCounts,
) -> Person {
    let project = customer.is_project && !settings.include_projects;
    let fields = map.of(&customer);
    let (own, trouble) = address(customer.email_field.as_deref().unwrap_or_default(), counts);
    counts.total += 1;
    Person {
        fields: if own.is_some() && !project {
            fields
        } else {
            MemberFields::default()
        },
        id: customer.id,
        title: customer.display_name,
        active: customer.active,
        project,
        own,
        trouble,
        parent: customer.parent,
        last_sale: customer.last_sale,
        route: Route::Out(SkipReason::NoEmail),
    }
}

/// The address of a field that is used: the first valid one that is no sample. Whether a role
/// address may go is judged later; the next one in the field never takes its place.
fn address(field: &str, counts: &mut CustomerCounts) -> (Option<EmailAddress>, SkipReason) {
    let split = EmailField::parse(field);
    counts.several_addresses += u64::from(split.valid.len() > 1);
    let trouble = if !split.valid.is_empty() {
        SkipReason::SampleDomain
    } else if split.invalid.is_empty() {
        SkipReason::NoEmail
    } else {
        SkipReason::InvalidEmail {
            typed: field.trim().to_owned(),
        }
    };
    let own = split.valid.into_iter().find(|email| !email.is_sample());
    counts.role_addresses += u64::from(own.as_ref().is_some_and(EmailAddress::is_role));
    (own, trouble)
}

/// Ids are decimal texts: the shorter one is the smaller number. Anything else goes by the text.
fn by_id(one: &CustomerId, other: &CustomerId) -> Ordering {
    let number = |id: &CustomerId| id.as_str().parse::<u64>().ok();
    match (number(one), number(other)) {
        (Some(a), Some(b)) => a.cmp(&b).then_with(|| one.cmp(other)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => one.cmp(other),
    }
}
