//! E-mail addresses as QuickBooks holds them and Mailchimp keys them.

use std::fmt;

use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

/// Addresses that speak for a role; Mailchimp refuses them in bulk (`mailchimp.md` 8.2).
const ROLES: [&str; 34] = [
    "abuse",
    "admin",
    "billing",
    "compliance",
    "devnull",
    "dns",
    "ftp",
    "hostmaster",
    "inoc",
    "ispfeedback",
    "ispsupport",
    "list",
    "list-request",
    "maildaemon",
    "noc",
    "no-reply",
    "noreply",
    "null",
    "phish",
    "phishing",
    "postmaster",
    "privacy",
    "registrar",
    "root",
    "security",
    "spam",
    "support",
    "sysadmin",
    "tech",
    "undisclosed-recipients",
    "unsubscribe",
    "usenet",
    "uucp",
    "webmaster",
];

/// Domains that Mailchimp calls fake (`mailchimp.md` 3.6).
const SAMPLE_DOMAINS: [&str; 3] = ["example.com", "example.org", "example.net"];

/// One valid address, trimmed, spelled as the owner spelled it. Equality and order ignore case, as
/// Mailchimp's key does.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

/// Why a text is no address that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid email address")]
pub struct InvalidEmail;

impl EmailAddress {
    /// Checks one address.
    ///
    /// # Errors
    /// [`InvalidEmail`] when there is no single `@` with something sensible on both sides, no dot in
    /// the domain, a blank or a control character, or more than 100 characters
    /// (`quickbooks-online.md` 4.2).
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let text = text.trim();
        let (local, domain) = text.split_once('@').ok_or(InvalidEmail)?;
        let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"@,;<>()[]\"\\".contains(c);
        let label_is_fine = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        let fine = text.chars().count() <= 100
            && !local.is_empty()
            && local.chars().count() <= 64
            && local.chars().all(plain)
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && domain.contains('.')
            && domain.split('.').all(label_is_fine);
        if fine {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidEmail)
        }
    }

    /// The address as the owner spelled it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address in lower case, as Mailchimp compares it.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }

    /// Mailchimp's key for the address: MD5 of the lower-cased address (`mailchimp.md` 3.1).
    pub fn hash(&self) -> MemberHash {
        let digest = Md5::digest(self.folded().as_bytes());
        MemberHash(crate::hex::of(&digest))
    }

    /// Whether the address speaks for a role (`mailchimp.md` 8.2).
    pub fn is_role(&self) -> bool {
        let local = self.0.split('@').next().unwrap_or_default().to_lowercase();
        local == "www" || ROLES.contains(&local.as_str())
    }

    /// Whether the domain is a sample domain that Mailchimp refuses (`mailchimp.md` 3.6).
    pub fn is_sample(&self) -> bool {
        let domain = self.0.rsplit('@').next().unwrap_or_default().to_lowercase();
        SAMPLE_DOMAINS
            .iter()
            .any(|sample| domain == *sample || domain.ends_with(&format!(".{sample}")))
    }
}

impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.folded() == other.folded()
    }
}

impl Eq for EmailAddress {}

impl fmt::Debug for EmailAddress {
    /// Hides the address: debug output ends in logs, and logs hold no personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = InvalidEmail;
    fn try_from(text: String) -> Result<Self, InvalidEmail> {
        Self::parse(&text)
    }
}

impl From<EmailAddress> for String {
    fn from(email: EmailAddress) -> Self {
        email.0
    }
}

/// A member's key inside one audience: 32 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MemberHash(String);

impl MemberHash {
    /// Takes a key that Mailchimp gave or the store kept.
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The 32 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MemberHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an e-mail field of QuickBooks holds: it may list several addresses with commas
/// (`quickbooks-online.md` 4.2), semicolons or blanks between them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EmailField {
    /// The valid ones, in their order, without repeats.
    pub valid: Vec<EmailAddress>,
    /// What was in the field but is no address.
    pub invalid: Vec<String>,
}

impl EmailField {
    /// Splits the field. Never fails; an empty field gives two empty lists.
    pub fn parse(field: &str) -> Self {
        let mut split = Self::default();
        for part in field.split([',', ';']) {
            let part = part.trim();
            if part.is_empty() {
                continue;
            }
            match EmailAddress::parse(part) {
                Ok(email) if !split.valid.contains(&email) => split.valid.push(email),
                Ok(_) => {}
                Err(InvalidEmail) => split.invalid.push(part.to_owned()),
            }
        }
        split
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::mixed_case("Urist.McVankab@freddiesjokes.com", "62eeb292278cc15f5817cb78f7790b08")]
    #[case::upper_domain("Ada.Byron@Example.com", "62b66353bb08790016b216af4f3a13f9")]
    #[case::plus("bookkeeper+qbo@example.org", "49b2e880843eb58728008bd19caa90a1")]
    fn hashes_as_mailchimp_documents(#[case] address: &str, #[case] hash: &str) {
        assert_eq!(EmailAddress::parse(address).unwrap().hash().as_str(), hash);
    }

    #[rstest]
    #[case("")]
    #[case("no at sign")]
    #[case("two@@at.test")]
    #[case("no.dot@localhost")]
    #[case("blank in@local.test")]
    #[case("trailing.@dot.test")]
    #[case("a@-dash.test")]
    fn refuses(#[case] text: &str) {
        assert_eq!(EmailAddress::parse(text), Err(InvalidEmail));
    }

    #[test]
    fn splits_a_field_with_several_addresses() {
        let field =
            EmailField::parse(" priya@oneil.test, not-one ;ACCOUNTS@oneil.test,Priya@ONEIL.test");
        assert_eq!(field.valid.len(), 2);
        assert_eq!(field.valid[0].as_str(), "priya@oneil.test");
        assert_eq!(field.invalid, ["not-one"]);
    }

    #[test]
    fn knows_roles_and_samples() {
        assert!(EmailAddress::parse("Billing@shop.test").unwrap().is_role());
        assert!(!EmailAddress::parse("bill@shop.test").unwrap().is_role());
        assert!(EmailAddress::parse("a@example.com").unwrap().is_sample());
        assert!(!EmailAddress::parse("a@notexample.com").unwrap().is_sample());
    }

    #[test]
    fn debug_output_holds_no_address() {
        let email = EmailAddress::parse("canary@shop.test").unwrap();
        assert!(!format!("{email:?}").contains("canary"));
    }
}
