//! Text that must never be shown: tokens, keys, codes. And addresses without their query.

use std::fmt;

use serde::{Deserialize, Deserializer, Serializer};
use subtle::ConstantTimeEq as _;
use url::Url;
use zeroize::Zeroizing;

/// A token, key or code.
///
/// Prints as `[secret]`, cannot be serialised by accident, is wiped when dropped, and compares in
/// constant time.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text. Whoever calls this must not log or keep it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it but white space.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Secret {}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// Writes a secret in clear. Only for fields of what goes into a [`crate::secrets::SecretStore`] or
/// a services file, and named there with `#[serde(serialize_with)]`.
pub(crate) fn serialize_exposed<S: Serializer>(
    secret: &Secret,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

/// As [`serialize_exposed`], for a field that may be empty.
#[expect(clippy::ref_option, reason = "serde passes the field by reference")]
pub(crate) fn serialize_exposed_option<S: Serializer>(
    secret: &Option<Secret>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match secret {
        Some(secret) => serializer.serialize_some(secret.expose()),
        None => serializer.serialize_none(),
    }
}

/// An address as it may be shown: scheme, host, port and path; no user, query or fragment.
pub fn redact_url(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url
        .port()
        .map_or_else(String::new, |port| format!(":{port}"));
    format!("{}://{host}{port}{}", url.scheme(), url.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        let secret = Secret::new("canary-3141");
        assert_eq!(format!("{secret:?}"), "[secret]");
        assert_eq!(format!("{:#?}", Some(&secret)).find("canary"), None);
    }

    #[test]
    fn compares_by_content() {
        assert_eq!(Secret::new("a"), Secret::new("a"));
        assert_ne!(Secret::new("a"), Secret::new("ab"));
    }

    #[test]
    fn a_shown_address_has_no_query_user_or_fragment() {
        let url =
            Url::parse("https://canary:canary@host.test:8443/path?code=canary#canary").unwrap();
        assert_eq!(redact_url(&url), "https://host.test:8443/path");
    }
}
