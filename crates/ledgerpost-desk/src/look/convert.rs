//! Core values as the wire writes them.

use ledgerpost_core::Amount;
use ledgerpost_core::address::{CompleteAddress, SourceAddress};
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

/// A complete address on one line, in the order of its country's letters as far as that is one order.
pub fn one_line(address: &CompleteAddress) -> String {
    let area = [address.state.as_str(), address.zip.as_str()];
    let mut parts = vec![
        address.addr1.clone(),
        address.addr2.clone(),
        address.city.clone(),
        joined(area.into_iter(), " "),
    ];
    parts.extend(address.country.clone());
    joined(parts.iter().map(String::as_str), ", ")
}

/// An address as QuickBooks holds it, on one line; nothing for one without any part.
pub fn source_line(address: &SourceAddress) -> Option<String> {
    let area = [&address.state, &address.postal_code];
    let mut parts: Vec<String> = address.lines.clone();
    parts.extend(address.city.clone());
    parts.push(joined(
        area.into_iter().filter_map(|part| part.as_deref()),
        " ",
    ));
    parts.extend(address.country.clone());
    let line = joined(parts.iter().map(String::as_str), ", ");
    (!line.is_empty()).then_some(line)
}

fn joined<'t>(parts: impl Iterator<Item = &'t str>, between: &str) -> String {
    let parts: Vec<&str> = parts
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(between)
}
