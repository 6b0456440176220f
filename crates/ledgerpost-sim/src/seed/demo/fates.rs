//! What becomes of each customer in a first sync, and the people of the mockups among them.

/// What becomes of a customer in a first sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    New,
    Updated,
    Same,
    Shares,
    NoEmail,
    Role,
    Invalid,
}

/// How many there are of each, without the people of [`NAMED`].
pub(super) const FATES: [(Fate, usize); 7] = [
    (Fate::New, 874),
    (Fate::Updated, 287),
    (Fate::Same, 28),
    (Fate::Shares, 12),
    (Fate::NoEmail, 60),
    (Fate::Role, 10),
    (Fate::Invalid, 4),
];

/// A person or business of the mockups.
pub(super) struct Named {
    pub(super) name: &'static str,
    pub(super) given: &'static str,
    pub(super) family: &'static str,
    pub(super) email: Option<&'static str>,
    pub(super) fate: Fate,
    pub(super) invoices: usize,
    /// What the invoices add up to.
    pub(super) cents: i64,
}

/// Customers 1 to 9.
pub(super) const NAMED: [Named; 9] = [
    Named {
        name: "Adaeze Okonkwo",
        given: "Adaeze",
        family: "Okonkwo",
        email: Some("adaeze@okonkwo-ling.test"),
        fate: Fate::New,
        invoices: 6,
        cents: 128_450,
    },
    Named {
        name: "Juniper & Company",
        given: "Lena",
        family: "Juniper",
        email: Some("hello.lena@juniperandco.test"),
        fate: Fate::New,
        invoices: 23,
        cents: 941_000,
    },
    Named {
        name: "Ingrid Solheim",
        given: "Ingrid",
        family: "Solheim",
        email: Some("ingrid.solheim@fjordpost.test"),
        fate: Fate::Updated,
        invoices: 11,
        cents: 207_625,
    },
    Named {
        name: "Théo Marchand",
        given: "Théo",
        family: "Marchand",
        email: Some("theo@marchand-fils.test"),
        fate: Fate::Same,
        invoices: 2,
        cents: 31_800,
    },
    Named {
        name: "Kofi Mensah",
        given: "Kofi",
        family: "Mensah",
        email: Some("kofi@mensah.test"),
        fate: Fate::Updated,
        invoices: 6,
        cents: 412_000,
    },
    Named {
        name: "Mensah Interiors",
        given: "Kofi",
        family: "Mensah",
        email: Some("kofi@mensah.test"),
        fate: Fate::Shares,
        invoices: 4,
        cents: 373_000,
    },
    Named {
        name: "Rosa Delgado",
        given: "Rosa",
        family: "Delgado",
        email: Some("rosa.delgado@postbox.test"),
        fate: Fate::New,
        invoices: 2,
        cents: 54_800,
    },
    Named {
        name: "Harbor Grill",
        given: "Sam",
        family: "Harbor",
        email: Some("billing@harborgrill.test"),
        fate: Fate::Role,
        invoices: 0,
        cents: 0,
    },
    Named {
        name: "Wharf Street Dental",
        given: "Pat",
        family: "Wharf",
        email: None,
        fate: Fate::NoEmail,
        invoices: 0,
        cents: 0,
    },
];
