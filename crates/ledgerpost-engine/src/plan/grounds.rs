//! On what grounds a new contact gets its status.

use ledgerpost_core::change::Basis;

/// The owner's words, or ours where there are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Grounds {
    /// The owner's.
    Said(String),
    /// Ours.
    Ours(Basis),
}

impl Grounds {
    /// The words for the consent entry, and their parts where they are ours.
    pub(super) fn parts(&self) -> (String, Option<Basis>) {
        match self {
            Self::Said(words) => (words.clone(), None),
            Self::Ours(basis) => (basis.to_string(), Some(basis.clone())),
        }
    }
}
