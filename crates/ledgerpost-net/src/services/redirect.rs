//! The address that a service sends the browser back to.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use url::Url;

use crate::http::is_loopback;

/// A redirect address exactly as registered: services compare it character for character
/// (`quickbooks-online.md` 1.2), and a parsed address may print differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectUri {
    text: String,
    url: Url,
}

impl RedirectUri {
    /// Takes an https address, or a plain http one on this computer. `None` for anything else, and
    /// for addresses with a user name, query or fragment.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let plain = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        let safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
        (plain && safe).then(|| Self {
            text: text.to_owned(),
            url,
        })
    }

    /// As registered.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The path that the browser asks for, when the address is on this computer.
    pub fn path(&self) -> &str {
        self.url.path()
    }

    /// The port, when the browser comes to this computer directly; 0 stands for any free one.
    pub fn loopback_port(&self) -> Option<u16> {
        (self.url.scheme() == "http")
            .then(|| self.url.port_or_known_default())
            .flatten()
    }

    /// The same address with another port. Without effect on an https address.
    #[must_use]
    pub fn with_loopback_port(&self, port: u16) -> Self {
        if self.loopback_port().is_none_or(|own| own == port) {
            return self.clone();
        }
        let mut url = self.url.clone();
        url.set_port(Some(port))
            .expect("an http address can have a port");
        Self {
            text: url.to_string(),
            url,
        }
    }
}

impl Serialize for RedirectUri {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for RedirectUri {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not a usable redirect address"))
    }
}
