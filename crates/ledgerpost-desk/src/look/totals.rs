//! Whether the numbers agree: what QuickBooks has, what Mailchimp has, and why they differ.
//!
//! `books = orders in QuickBooks + left out`, and `orders in QuickBooks = orders in Mailchimp +
//! explained + waiting + unexplained`, to the cent, for all time and for each month.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ledgerpost_core::Amount;
use ledgerpost_core::ids::CurrencyCode;
use ledgerpost_core::source::DocumentKind;
use ledgerpost_ipc::contacts::SkipCode;
use ledgerpost_ipc::home::{CountAndMoney, CountPair, Explained, MoneyPair, Month, Totals};
use ledgerpost_store::{CompanyStore, Error as StoreError, MonthSum, SkipSum};

use super::codes::skip_code;
use super::convert::{count, money};

/// A count and a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Tally {
    count: i64,
    total: Amount,
}

impl Tally {
    fn add(&mut self, count: u64, total: Amount) {
        self.count += i64::try_from(count).unwrap_or(i64::MAX);
        self.total += total;
    }
}

/// What belongs to one kind of sale in one month.
#[derive(Debug, Clone, Default)]
struct Part {
    books: Tally,
    orders: Tally,
    left_out: BTreeMap<SkipCode, Tally>,
    explained: BTreeMap<SkipCode, Tally>,
}

impl Part {
    fn merge(&mut self, other: &Self) {
        let add = |to: &mut Tally, from: &Tally| {
            to.count += from.count;
            to.total += from.total;
        };
        add(&mut self.books, &other.books);
        add(&mut self.orders, &other.orders);
        for (mine, theirs) in [
            (&mut self.left_out, &other.left_out),
            (&mut self.explained, &other.explained),
        ] {
            for (code, tally) in theirs {
                add(mine.entry(*code).or_default(), tally);
            }
        }
    }

    /// What can be an order in QuickBooks.
    fn sendable(&self) -> Tally {
        let mut sendable = self.books;
        for left_out in self.left_out.values() {
            sendable.count -= left_out.count;
            sendable.total -= left_out.total;
        }
        sendable
    }

    fn difference(&self) -> Amount {
        self.sendable().total - self.orders.total
    }

    fn explained_total(&self) -> Amount {
        self.explained.values().map(|tally| tally.total).sum()
    }

    fn pair(&self, currency: &CurrencyCode) -> MoneyPair {
        let sendable = self.sendable();
        MoneyPair {
            quickbooks: count(sendable.count),
            quickbooks_total: money(sendable.total, currency),
            mailchimp: count(self.orders.count),
            mailchimp_total: money(self.orders.total, currency),
            difference: money(self.difference(), currency),
        }
    }
}

/// All sums of a company in its home currency.
pub(super) struct Sums {
    currency: CurrencyCode,
    parts: BTreeMap<(String, DocumentKind), Part>,
}

impl Sums {
    pub(super) fn read(store: &CompanyStore, currency: &CurrencyCode) -> Result<Self, StoreError> {
        let mut sums = Self {
            currency: currency.clone(),
            parts: BTreeMap::new(),
        };
        for sum in store.document_sums()? {
            if let Some(part) = sums.part(&sum.month, Some(sum.kind), sum.currency.as_ref()) {
                let MonthSum { count, total, .. } = sum;
                part.books.add(count, total);
            }
        }
        for (month, code, amount) in store.credits_by_month()? {
            // Credit memos are applied to invoices and to nothing else (`quickbooks-online.md` 4.4).
            if let Some(part) = sums.part(&month, Some(DocumentKind::Invoice), code.as_ref()) {
                part.books.total -= amount;
            }
        }
        for sum in store.order_sums()? {
            if let Some(part) = sums.part(&sum.month, Some(sum.kind), sum.currency.as_ref()) {
                part.orders.add(sum.count, sum.total);
            }
        }
        for sum in store.skip_sums()? {
            sums.skip(&sum);
        }
        Ok(sums)
    }

    /// The part of a kind of sale in a month; nothing for what is added up nowhere.
    fn part(
        &mut self,
        month: &str,
        kind: Option<DocumentKind>,
        currency: Option<&CurrencyCode>,
    ) -> Option<&mut Part> {
        let kind = kind.filter(|kind| kind.is_sale())?;
        if currency.is_some_and(|currency| *currency != self.currency) {
            return None;
        }
        Some(self.parts.entry((month.to_owned(), kind)).or_default())
    }

    fn skip(&mut self, sum: &SkipSum) {
        // The customer's own reason says more than that it is the customer's.
        let because = sum.because.as_deref().and_then(skip_code);
        let Some(code) = because.or_else(|| skip_code(&sum.code)) else {
            return;
        };
        let meant = matches!(
            code,
            SkipCode::Refused | SkipCode::Forgotten | SkipCode::ContactClosed
        );
        if let Some(part) = self.part(&sum.month, sum.kind, sum.currency.as_ref()) {
            let reasons = if meant {
                &mut part.explained
            } else {
                &mut part.left_out
            };
            reasons.entry(code).or_default().add(sum.count, sum.total);
        }
    }

    fn over(&self, fits: impl Fn(&str, DocumentKind) -> bool) -> Part {
        let mut all = Part::default();
        for ((month, kind), part) in &self.parts {
            if fits(month, *kind) {
                all.merge(part);
            }
        }
        all
    }

    /// Documents that stay out because Mailchimp refuses them or their customer.
    pub(super) fn refused(&self) -> (u32, Amount) {
        let all = self.over(|_, _| true);
        [SkipCode::Refused, SkipCode::Forgotten]
            .iter()
            .filter_map(|code| all.explained.get(code))
            .fold((0, Amount::ZERO), |(documents, amount), tally| {
                (documents + count(tally.count), amount + tally.total)
            })
    }

    /// What no reason covers.
    pub(super) fn rest(&self) -> Amount {
        let all = self.over(|_, _| true);
        all.difference() - all.explained_total()
    }

    /// The comparison. `settled` says that nothing waits to be sent.
    pub(super) fn totals(
        &self,
        checked_at: Timestamp,
        contacts: CountPair,
        products: CountPair,
        settled: bool,
    ) -> Totals {
        let currency = &self.currency;
        let all = self.over(|_, _| true);
        let sales = all.books;
        let rest = self.rest();
        let (waiting, unexplained) = if settled {
            (Amount::ZERO, rest)
        } else {
            (rest, Amount::ZERO)
        };
        Totals {
            checked_at,
            contacts,
            products,
            invoices: self
                .over(|_, kind| kind == DocumentKind::Invoice)
                .pair(currency),
            sales_receipts: self
                .over(|_, kind| kind == DocumentKind::SalesReceipt)
                .pair(currency),
            explained: reasons(&all.explained, currency),
            waiting: money(waiting, currency),
            unexplained: money(unexplained, currency),
            left_out: reasons(&all.left_out, currency),
            books: CountAndMoney {
                count: count(sales.count),
                total: money(sales.total, currency),
            },
            orders: all.pair(currency),
        }
    }

    /// One month.
    pub(super) fn month(&self, month: String, contacts: Option<u32>) -> Month {
        let part = self.over(|other, _| other == month);
        Month {
            in_quickbooks: money(part.sendable().total, &self.currency),
            in_mailchimp: money(part.orders.total, &self.currency),
            explained: reasons(&part.explained, &self.currency),
            contacts,
            month,
        }
    }
}

fn reasons(reasons: &BTreeMap<SkipCode, Tally>, currency: &CurrencyCode) -> Vec<Explained> {
    let mut list: Vec<(&SkipCode, &Tally)> = reasons.iter().collect();
    list.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.total));
    list.into_iter()
        .map(|(code, tally)| Explained {
            code: *code,
            count: count(tally.count),
            amount: money(tally.total, currency),
        })
        .collect()
}
