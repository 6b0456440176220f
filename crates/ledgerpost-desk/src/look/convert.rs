//! Core values as the wire writes them.

use ledgerpost_core::Amount;
use ledgerpost_core::ids::CurrencyCode;
use ledgerpost_ipc::Money;

/// An amount with its currency.
pub fn money(amount: Amount, currency: &CurrencyCode) -> Money {
    Money {
        amount: amount.to_string(),
        currency: currency.as_str().to_owned(),
    }
}

/// A count for the wire; no company comes near its end.
pub fn count(number: impl TryInto<u32>) -> u32 {
    number.try_into().unwrap_or(u32::MAX)
}
