//! Country names as owners type them, as two-letter codes.

use std::str::FromStr;

use celes::Country;

/// Spellings that the ISO table does not know.
const SPELLINGS: [(&str, &str); 22] = [
    ("uk", "GB"),
    ("england", "GB"),
    ("scotland", "GB"),
    ("wales", "GB"),
    ("northernireland", "GB"),
    ("greatbritain", "GB"),
    ("unitedstates", "US"),
    ("unitedstatesofamerica", "US"),
    ("america", "US"),
    ("holland", "NL"),
    ("thenetherlands", "NL"),
    ("deutschland", "DE"),
    ("osterreich", "AT"),
    ("österreich", "AT"),
    ("schweiz", "CH"),
    ("suisse", "CH"),
    ("españa", "ES"),
    ("espana", "ES"),
    ("italia", "IT"),
    ("méxico", "MX"),
    ("brasil", "BR"),
    ("belgique", "BE"),
];

/// Countries whose postal addresses have no state or province. Only there may the city stand in for
/// one: anywhere else a missing state means an incomplete address (`mailchimp.md` 3.10).
const WITHOUT_STATES: [&str; 36] = [
    "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "FI", "FR", "GB", "GI", "GR", "HR", "HU",
    "IL", "IS", "LI", "LT", "LU", "LV", "MC", "MT", "NL", "NO", "NZ", "PL", "PT", "RS", "SE", "SG",
    "SI", "SK", "SM", "VA",
];

/// The two-letter code of a country as typed: a name, two or three letters. `None` for what cannot
/// be read.
pub fn code(typed: &str) -> Option<&'static str> {
    let folded: String = typed
        .chars()
        .filter(|c| c.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect();
    SPELLINGS
        .iter()
        .find(|(spelling, _)| *spelling == folded)
        .map(|(_, code)| *code)
        .or_else(|| {
            Country::from_str(&folded)
                .ok()
                .map(|country| country.alpha2)
        })
}

/// Whether addresses in a country are complete without a state.
pub(super) fn has_no_states(code: &str) -> bool {
    WITHOUT_STATES.binary_search(&code).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("USA", Some("US"))]
    #[case("us", Some("US"))]
    #[case("U.S.A.", Some("US"))]
    #[case("United States", Some("US"))]
    #[case("United States of America", Some("US"))]
    #[case("UK", Some("GB"))]
    #[case("United Kingdom", Some("GB"))]
    #[case("GBR", Some("GB"))]
    #[case("Canada", Some("CA"))]
    #[case("Germany", Some("DE"))]
    #[case("Deutschland", Some("DE"))]
    #[case("NEW ZEALAND", Some("NZ"))]
    #[case("Ireland", Some("IE"))]
    #[case("France", Some("FR"))]
    #[case("Österreich", Some("AT"))]
    #[case("Narnia", None)]
    #[case("", None)]
    #[case("97103", None)]
    fn reads_the_usual_spellings(#[case] typed: &str, #[case] expected: Option<&str>) {
        assert_eq!(code(typed), expected);
    }

    #[test]
    fn the_table_of_countries_without_states_is_sorted() {
        assert!(WITHOUT_STATES.is_sorted());
    }
}
