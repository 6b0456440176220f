//! What may be repeated of what a service says.

use std::fmt;

/// An OAuth error word of a service (`invalid_client`), or `other` when it is not such a word: text
/// that others control does not reach logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceWord(String);

impl ServiceWord {
    const LONGEST: usize = 40;

    /// Takes a word of lower-case letters and underscores.
    pub fn new(word: &str) -> Self {
        let fits = !word.is_empty()
            && word.len() <= Self::LONGEST
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        Self(if fits { word } else { "other" }.to_owned())
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ServiceWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
