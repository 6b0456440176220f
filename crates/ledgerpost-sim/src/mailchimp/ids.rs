//! Identifiers, keys and shuffles that depend on the seed only.

use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A source of identifiers.
#[derive(Debug)]
pub(crate) struct Ids {
    random: ChaCha8Rng,
    next: u64,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            random: ChaCha8Rng::seed_from_u64(seed ^ 0x6d61_696c_6368_696d),
            next: 400_100,
        }
    }

    /// Lower-case hexadecimal digits.
    pub(crate) fn hex(&mut self, digits: usize) -> String {
        (0..digits)
            .map(|_| char::from_digit(self.random.random_range(0..16), 16).unwrap_or('0'))
            .collect()
    }

    /// A number that was not given out before.
    pub(crate) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// In the form of a request id.
    pub(crate) fn instance(&mut self) -> String {
        let mut part = |digits| self.hex(digits);
        [part(8), part(4), part(4), part(4), part(12)].join("-")
    }

    pub(crate) fn shuffle<T>(&mut self, rows: &mut [T]) {
        rows.shuffle(&mut self.random);
    }
}
