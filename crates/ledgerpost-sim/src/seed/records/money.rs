//! Amounts and currencies.

use std::fmt;

use rust_decimal::Decimal;

/// An amount in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Cents(pub i64);

impl fmt::Display for Cents {
    /// Prints as the service does: `0`, `639.00`, `-4.50` (`quickbooks-online.md` 2).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0");
        }
        let sign = if self.0 < 0 { "-" } else { "" };
        let units = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", units / 100, units % 100)
    }
}

/// A currency that companies here may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Currency {
    /// US dollar.
    Usd,
    /// Euro.
    Eur,
    /// Canadian dollar.
    Cad,
    /// Pound.
    Gbp,
}

impl Currency {
    /// The ISO code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Usd => "USD",
            Self::Eur => "EUR",
            Self::Cad => "CAD",
            Self::Gbp => "GBP",
        }
    }

    /// Intuit's name for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usd => "United States Dollar",
            Self::Eur => "Euro",
            Self::Cad => "Canadian Dollar",
            Self::Gbp => "British Pound Sterling",
        }
    }

    /// The currency with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Usd, Self::Eur, Self::Cad, Self::Gbp]
            .into_iter()
            .find(|currency| currency.code() == code)
    }

    /// Home currency (US dollars) for one unit.
    pub fn rate(self) -> Decimal {
        match self {
            Self::Usd => Decimal::ONE,
            Self::Eur => Decimal::new(1085, 3),
            Self::Cad => Decimal::new(731, 3),
            Self::Gbp => Decimal::new(1262, 3),
        }
    }
}
