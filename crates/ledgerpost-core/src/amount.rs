//! Money, exact. Parsed from the literal of a JSON number, never through a binary float.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::Error as _};
use serde_json::value::RawValue;

/// An amount of money in a currency that the context names.
///
/// Reads a JSON number or a string that holds one (some intermediaries deliver numbers as strings,
/// `quickbooks-online.md` 1.4), writes a JSON number with the same digits. Works with `serde_json`
/// only, which both services speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(Decimal);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// Wraps a decimal.
    pub const fn new(value: Decimal) -> Self {
        Self(value)
    }

    /// The decimal.
    pub const fn value(self) -> Decimal {
        self.0
    }

    /// An amount of hundredths, such as cents.
    pub fn from_cents(cents: i64) -> Self {
        Self(Decimal::new(cents, 2))
    }

    /// Whether this is exactly nothing.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Whether this is less than nothing.
    pub fn is_negative(self) -> bool {
        self.0.is_sign_negative() && !self.0.is_zero()
    }

    /// Rounded to two decimals, halves away from zero as books do.
    #[must_use]
    pub fn round_cents(self) -> Self {
        Self(
            self.0
                .round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero),
        )
    }
}

impl fmt::Display for Amount {
    /// Plain digits with two decimals at least and no grouping, as in an export.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let normal = self.0.normalize();
        let scale = normal.scale().max(2) as usize;
        write!(f, "{normal:.scale$}")
    }
}

impl FromStr for Amount {
    type Err = rust_decimal::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        Decimal::from_str_exact(text)
            .or_else(|_| Decimal::from_scientific(text))
            .map(Self)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let normal = self.0.normalize();
        let literal = if normal.is_zero() {
            "0".to_owned()
        } else {
            normal.to_string()
        };
        RawValue::from_string(literal)
            .map_err(S::Error::custom)?
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let literal = raw.get().trim().trim_matches('"');
        literal
            .parse()
            .map_err(|_| D::Error::custom("an amount that is not a decimal number"))
    }
}

impl Add for Amount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Amount {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Amount {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl SubAssign for Amount {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_literal_exactly() {
        let amount: Amount = serde_json::from_str("0.1").unwrap();
        assert_eq!(
            amount + amount + amount,
            serde_json::from_str("0.3").unwrap()
        );
        assert_eq!(serde_json::to_string(&amount).unwrap(), "0.1");
    }

    #[test]
    fn reads_numbers_that_came_as_strings() {
        let amount: Amount = serde_json::from_str("\"639.00\"").unwrap();
        assert_eq!(amount, Amount::from_cents(63_900));
        assert_eq!(amount.to_string(), "639.00");
    }

    #[test]
    fn refuses_what_is_no_number() {
        assert!(serde_json::from_str::<Amount>("\"twelve\"").is_err());
        assert!(serde_json::from_str::<Amount>("null").is_err());
    }
}
