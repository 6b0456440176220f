//! A sales document as an order (`mailchimp.md` 5.5, 5.6).

use ledgerpost_core::change::{OrderBody, OrderLine};
use ledgerpost_core::ids::CurrencyCode;
use ledgerpost_core::settings::Settings;
use ledgerpost_core::source::{Document, DocumentLine};
use ledgerpost_core::{Amount, EmailAddress, MemberHash};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::products::Catalogue;

/// Decimals that a unit's price may have. More of them is a price that was divided, not set.
const PRICE_DECIMALS: u32 = 4;

/// What a document is worth as an order: its total, less the credit that was applied to it.
pub(super) fn net(document: &Document) -> Amount {
    document.total - document.credited
}

/// The order that a document becomes. The buyer's names are left to the member: in the order they
/// would change every order of a customer with each change of a name.
pub(super) fn body(
    document: &Document,
    customer: &MemberHash,
    email: &EmailAddress,
    home: &CurrencyCode,
    settings: &Settings,
    catalogue: &Catalogue,
) -> OrderBody {
    let total = net(document);
    let mut discount = positive(document.discount);
    let mut lines = Vec::with_capacity(document.lines.len());
    for line in &document.lines {
        if line.amount.is_negative() {
            // Mailchimp has no negative lines: what a line takes back is a discount.
            discount += -line.amount;
        } else {
            lines.push(order_line(line, catalogue));
        }
    }
    if lines.is_empty() {
        lines.push(OrderLine {
            product: catalogue.product(None),
            quantity: 1,
            price: total,
        });
    }
    OrderBody {
        id: document.key.clone(),
        customer: customer.clone(),
        email: email.clone(),
        first_name: None,
        last_name: None,
        currency: home.clone(),
        total,
        tax: positive(document.tax),
        discount,
        shipping: positive(document.shipping),
        date: document.date,
        financial_status: settings.financial_status.then(|| {
            let paid = document.balance.is_zero();
            if paid { "paid" } else { "pending" }.to_owned()
        }),
        lines,
    }
}

/// Marks the products that a document's order refers to.
pub(super) fn need_products(document: &Document, catalogue: &mut Catalogue) {
    let mut some = false;
    for line in document
        .lines
        .iter()
        .filter(|line| !line.amount.is_negative())
    {
        catalogue.need(line.item.as_ref());
        some = true;
    }
    if !some {
        catalogue.need(None);
    }
}

fn order_line(line: &DocumentLine, catalogue: &Catalogue) -> OrderLine {
    let (quantity, price) = units(line.quantity, line.amount);
    OrderLine {
        product: catalogue.product(line.item.as_ref()),
        quantity,
        price,
    }
}

/// Quantity and price per unit. Mailchimp's quantity is a whole number; a fraction, or an amount that
/// does not divide, becomes one unit at the line's amount, so that the line's worth stays exact.
fn units(quantity: Decimal, amount: Amount) -> (u32, Amount) {
    whole_units(quantity, amount).unwrap_or((1, amount))
}

fn whole_units(quantity: Decimal, amount: Amount) -> Option<(u32, Amount)> {
    if !quantity.fract().is_zero() {
        return None;
    }
    let units = quantity.to_u32().filter(|units| *units >= 1)?;
    let price = amount
        .value()
        .checked_div(quantity)?
        .round_dp(PRICE_DECIMALS);
    (price.checked_mul(quantity)? == amount.value()).then(|| (units, Amount::new(price)))
}

fn positive(amount: Amount) -> Amount {
    amount.max(Amount::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::whole("4", "400", 4, "100")]
    #[case::half_cents("8", "1", 8, "0.125")]
    #[case::fraction("1.5", "150", 1, "150")]
    #[case::does_not_divide("3", "100", 1, "100")]
    #[case::none("0", "12.50", 1, "12.50")]
    #[case::negative("-2", "10", 1, "10")]
    #[case::huge("99999999999", "10", 1, "10")]
    #[case::free("3", "0", 3, "0")]
    fn the_worth_of_a_line_stays_exact(
        #[case] quantity: &str,
        #[case] amount: &str,
        #[case] units_expected: u32,
        #[case] price: &str,
    ) {
        let found = units(quantity.parse().unwrap(), amount.parse().unwrap());
        assert_eq!(found, (units_expected, price.parse().unwrap()));
    }
}
