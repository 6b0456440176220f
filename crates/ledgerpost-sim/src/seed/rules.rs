//! Rules of QuickBooks that hold for seeded documents and for saved ones.

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::records::{Cents, Document, Line};

/// Rounds to hundredths, halves away from zero.
pub(crate) fn to_cents(value: Decimal) -> Cents {
    let hundredths = (value * Decimal::ONE_HUNDRED)
        .round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    Cents(hundredths.to_i64().unwrap_or(i64::MAX))
}

/// Thirty days later.
pub(crate) fn due(date: Date) -> Date {
    date.saturating_add(30.days())
}

/// Turns a document into a voided one (`quickbooks-online.md` 5.6).
pub(crate) fn void(document: &mut Document) {
    for line in &mut document.lines {
        void_line(line);
    }
    document.tax = Cents(0);
    document.total = Cents(0);
    document.balance = Cents(0);
    document.linked.clear();
    document.note = Some(match document.note.take() {
        Some(note) => format!("Voided - {note}"),
        None => "Voided".to_owned(),
    });
    document.meta.token += 1;
}

fn void_line(line: &mut Line) {
    match line {
        Line::Sale {
            quantity,
            price,
            amount,
            ..
        } => {
            *quantity = None;
            *price = None;
            *amount = Cents(0);
        }
        Line::Group { lines, .. } => lines.iter_mut().for_each(void_line),
        Line::Discount { amount, .. } => *amount = Cents(0),
        Line::Text(_) => {}
    }
}
