//! What Ledgerpost itself says about a change that was not made, or not as a whole. The journal keeps the
//! words.

use std::fmt;

use crate::change::FieldName;

/// Why a change was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remark {
    /// Nobody knows of it at the service; the next round plans it again.
    NextRound,
    /// The address has come into the audience meanwhile.
    ThereMeanwhile,
    /// Its contact may not be written to.
    ContactClosed,
    /// The store is gone.
    StoreGone,
}

impl Remark {
    const ALL: [Self; 4] = [
        Self::NextRound,
        Self::ThereMeanwhile,
        Self::ContactClosed,
        Self::StoreGone,
    ];

    /// The words, in English, as the journal keeps them: they never change.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NextRound => "not sent; the next round tries again",
            Self::ThereMeanwhile => {
                "the address is in the audience meanwhile; the next round goes by that"
            }
            Self::ContactClosed => "its contact may not be written to",
            Self::StoreGone => "the store is not there any more",
        }
    }

    /// The remark that the journal keeps as these words; nothing for a service's words.
    pub fn kept_as(words: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|remark| remark.words() == words)
    }
}

/// What a contact was written without, since the service refused these fields. Written out it is what the
/// journal keeps, in English, and never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Without {
    /// The fields.
    pub fields: Vec<FieldName>,
    /// What the service said about them.
    pub words: String,
}

impl Without {
    /// Reads it from the journal's words; nothing for any others.
    pub fn kept_as(text: &str) -> Option<Self> {
        let (fields, words) = text.strip_prefix("without ")?.split_once(": ")?;
        let fields = fields
            .split(", ")
            .map(field_called)
            .collect::<Option<_>>()?;
        Some(Self {
            fields,
            words: words.to_owned(),
        })
    }
}

impl fmt::Display for Without {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.fields.iter().copied().map(name_of).collect();
        write!(f, "without {}: {}", names.join(", "), self.words)
    }
}

const fn name_of(field: FieldName) -> &'static str {
    match field {
        FieldName::FirstName => "first name",
        FieldName::LastName => "last name",
        FieldName::Phone => "phone",
        FieldName::Address => "address",
    }
}

fn field_called(name: &str) -> Option<FieldName> {
    [
        FieldName::FirstName,
        FieldName::LastName,
        FieldName::Phone,
        FieldName::Address,
    ]
    .into_iter()
    .find(|field| name_of(*field) == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_contact_was_written_without_is_read_as_it_was_kept() {
        let without = Without {
            fields: vec![FieldName::FirstName, FieldName::Address],
            words: "Too long: at most 255 characters".to_owned(),
        };
        let kept = without.to_string();
        assert_eq!(
            kept,
            "without first name, address: Too long: at most 255 characters"
        );
        assert_eq!(Without::kept_as(&kept), Some(without));
    }

    #[test]
    fn a_services_words_are_left_as_they_are() {
        for words in [
            "without a doubt: refused",
            "without first name",
            "refused: without first name: no",
            "",
        ] {
            assert_eq!(Without::kept_as(words), None, "{words}");
        }
    }
}
