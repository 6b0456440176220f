//! What Ledgerpost itself says about a change that was not made, where no service said anything. The
//! journal keeps the words.

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
