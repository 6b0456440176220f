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
use ledgerpost_core::settings::{RuleCondition, Settings, StatusRule};
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
    /// Whether the owner wants them left alone.
    pub(super) left_alone: bool,
    /// What rules look at; nothing where no rule does.
    customer_type: Option<String>,
    country: Option<&'static str>,
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
    /// Customers with this address whom the owner wants left alone, while the contact is another's.
    pub(super) aside: Vec<usize>,
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
        people.leave_projects_alone();
        let holders = people.holders();
        people.group(&holders);
        Ok(people)
    }

    /// The customer with an id.
    pub(super) fn find(&self, id: &CustomerId) -> Option<&Person> {
        self.index.get(id).map(|&at| &self.all[at])
    }

    /// A project belongs to the customer above: leaving that one alone is about its sales as well.
    fn leave_projects_alone(&mut self) {
        for start in 0..self.all.len() {
            let mut at = start;
            for _ in 0..self.all.len() {
                if !self.all[at].project || self.all[at].left_alone {
                    break;
                }
                match self.parent(at) {
                    Some(parent) => at = parent,
                    None => break,
                }
            }
            if self.all[start].project && self.all[at].left_alone {
                self.all[start].left_alone = true;
            }
        }
    }

    /// The first rule that fits a customer.
    pub(super) fn rule<'r>(&self, at: usize, settings: &'r Settings) -> Option<&'r StatusRule> {
        let person = &self.all[at];
        settings.rules.iter().find(|rule| match &rule.when {
            RuleCondition::CustomerType { id, .. } => person.customer_type.as_ref() == Some(id),
            RuleCondition::Country { country } => person
                .country
                .is_some_and(|lives| lives.eq_ignore_ascii_case(country)),
            RuleCondition::LastSaleBefore { date } => {
                person.last_sale.is_none_or(|sale| sale < *date)
            }
            RuleCondition::LastSaleSince { date } => {
                person.last_sale.is_some_and(|sale| sale >= *date)
            }
        })
    }

    /// Takes the people whom the owner wants left alone out of a group whose contact is another's. The
    /// group keeps at least one whose own address it is; `false` when there is none to keep.
    pub(super) fn set_aside(&self, group: &mut Group) -> bool {
        let (aside, rest): (Vec<usize>, Vec<usize>) = group
            .people
            .iter()
            .partition(|&&at| self.all[at].left_alone);
        // Without anybody whose own address it is, the contact is theirs who are left alone.
        if !rest.iter().any(|&at| self.all[at].own.is_some()) {
            return false;
        }
        if !aside.is_empty() {
            let hash = group.hash.clone();
            *group = self.name_group(hash, rest);
            group.aside = aside;
        }
        true
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
            // Whoever may still give the name, should the first one be left alone, keeps the fields.
            if group.people.iter().any(|&at| self.all[at].left_alone) {
                continue;
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
            aside: Vec::new(),
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
    let left_alone = settings.left_alone.contains(&customer.id);
    let asks =
        |fits: fn(&RuleCondition) -> bool| settings.rules.iter().any(|rule| fits(&rule.when));
    let by_type = asks(|when| matches!(when, RuleCondition::CustomerType { .. }));
    let by_country = asks(|when| matches!(when, RuleCondition::Country { .. }));
    let country = by_country.then(|| map.country_of(&customer)).flatten();
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
        left_alone,
        customer_type: customer.customer_type.filter(|_| by_type),
        country,
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
