//! Links: which source record became which destination record, and what was last written.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::email::{EmailAddress, MemberHash};
use crate::ids::{CustomerId, ProductId};
use crate::source::DocumentKey;

/// A digest of what was last written. Equal fingerprints mean that there is nothing to write.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Digests a body by its JSON form: 32 hex digits of its SHA-256.
    pub fn of<T: Serialize>(body: &T) -> Self {
        let json = serde_json::to_vec(body).expect("plan bodies are plain data with text keys");
        let digest = Sha256::digest(&json);
        Self(crate::hex::of(&digest[..16]))
    }

    /// Takes a digest that the store kept.
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A contact that a sync has written or tied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactLink {
    /// The member.
    pub hash: MemberHash,
    /// Its address, as last known.
    pub email: EmailAddress,
    /// The customers that share it; the first gave the name.
    pub customers: Vec<CustomerId>,
    /// Of the desired [`crate::destination::MemberFields`] when they were last written or found equal.
    pub fingerprint: Fingerprint,
    /// Whether we created the member; only those may be moved or archived by us.
    pub created_by_us: bool,
    /// The tag of ours that it was given or had. Never put on twice: an owner who takes it off means
    /// it. Another name in the settings is another tag, and goes on beside this one.
    pub tag: Option<String>,
    /// Set when Mailchimp refused this person. Never written to again while it stands.
    pub refused: Option<ContactRefusal>,
}

/// Why Mailchimp refused a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRefusal {
    /// Mailchimp's words.
    pub words: String,
    /// Whether the person was permanently deleted there: no app can add them again, only they can
    /// (`mailchimp.md` 3.2). The refusal stands until they are in the audience.
    pub forgotten: bool,
}

impl ContactLink {
    /// Whether it was given this tag or had it. Mailchimp tells no capitals from small letters.
    pub fn has_tag(&self, tag: &str) -> bool {
        let held = self.tag.as_deref();
        held.is_some_and(|held| held.to_lowercase() == tag.to_lowercase())
    }
}

/// A product that a sync has written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductLink {
    /// The product.
    pub id: ProductId,
    /// Of the [`crate::change::ProductBody`].
    pub fingerprint: Fingerprint,
    /// Mailchimp's words when it refused the body with this fingerprint.
    pub refused: Option<String>,
}

/// An order that a sync has written, or that Mailchimp refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLink {
    /// The order.
    pub key: DocumentKey,
    /// Of the [`crate::change::OrderBody`].
    pub fingerprint: Fingerprint,
    /// Mailchimp's words when it refused the body with this fingerprint; a different body is tried
    /// again.
    pub refused: Option<String>,
    /// Whether an order exists in Mailchimp. False for one that was refused at its creation.
    pub exists: bool,
}
