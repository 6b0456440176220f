//! Postal addresses, complete or not.

use serde::{Deserialize, Serialize};

/// A postal address as QuickBooks holds it: any part may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SourceAddress {
    /// `Line1` to `Line5`, trimmed, blank ones left out.
    pub lines: Vec<String>,
    /// `City`.
    pub city: Option<String>,
    /// `CountrySubDivisionCode`: a state code or free text.
    pub state: Option<String>,
    /// `PostalCode`.
    pub postal_code: Option<String>,
    /// `Country`: free text on customers (`quickbooks-online.md` 4.2).
    pub country: Option<String>,
}

/// A complete postal address as Mailchimp demands it: an incomplete one fails the whole member
/// (`mailchimp.md` 3.10).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CompleteAddress {
    /// First line, never empty.
    pub addr1: String,
    /// The other lines, joined; may be empty.
    pub addr2: String,
    /// Never empty.
    pub city: String,
    /// Never empty.
    pub state: String,
    /// Never empty.
    pub zip: String,
    /// Two-letter ISO code, upper case. `None` when QuickBooks has no country we can read.
    pub country: Option<String>,
}
