//! Documents and payments of generated books.

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;

use super::end_of_history;
use super::records::{
    Books, Cents, Currency, Document, DocumentKind, Item, ItemKind, ItemRef, Line, LinkedKind,
    Meta, Payment, PaymentLine,
};
use super::rules::{due, to_cents, void};

/// Adds exactly `count` documents, and the payments that go with them.
pub(crate) fn add(books: &mut Books, random: &mut ChaCha8Rng, count: usize) {
    let mut press = Press {
        sellable: books
            .items
            .values()
            .filter(|item| !matches!(item.kind, ItemKind::Category | ItemKind::Group))
            .map(|item| item.meta.id)
            .collect(),
        bundles: books
            .items
            .values()
            .filter(|item| item.kind == ItemKind::Group)
            .map(|item| item.meta.id)
            .collect(),
        buyers: books.customers.keys().copied().collect(),
        books,
        random,
        next_id: 1,
        open: Vec::new(),
        count,
    };
    for index in 0..count {
        press.print(index);
    }
}

/// The documents spread over almost two and a half years.
const HISTORY_SECONDS: i64 = 880 * 86_400;

fn i64_of(number: usize) -> i64 {
    i64::try_from(number).expect("no company has that many documents")
}

struct Press<'a> {
    books: &'a mut Books,
    random: &'a mut ChaCha8Rng,
    sellable: Vec<u64>,
    bundles: Vec<u64>,
    buyers: Vec<u64>,
    next_id: u64,
    /// Invoices with an open balance that a credit memo could lower.
    open: Vec<u64>,
    count: usize,
}

impl Press<'_> {
    fn id(&mut self) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }

    fn print(&mut self, index: usize) {
        let kind = match index % 20 {
            12..=16 => DocumentKind::SalesReceipt,
            17 => DocumentKind::CreditMemo,
            18 => DocumentKind::RefundReceipt,
            _ => DocumentKind::Invoice,
        };
        let mut document = self.draft(kind, index);
        match kind {
            DocumentKind::Invoice => self.finish_invoice(&mut document, index),
            DocumentKind::CreditMemo => self.finish_memo(&mut document, index),
            DocumentKind::SalesReceipt | DocumentKind::RefundReceipt => {}
        }
        let id = document.meta.id;
        if document.balance.0 > 0 && kind == DocumentKind::Invoice && document.note.is_none() {
            self.open.push(id);
        }
        self.bump_balance(document.customer, document.balance.0 * kind.balance_sign());
        self.books.documents.insert(id, document);
        if kind == DocumentKind::Invoice && index % 10 < 6 {
            self.pay(id);
        }
    }

    fn bump_balance(&mut self, customer: Option<u64>, by: i64) {
        if let Some(customer) = customer.and_then(|id| self.books.customers.get_mut(&id)) {
            customer.balance.0 += by;
        }
    }

    fn draft(&mut self, kind: DocumentKind, index: usize) -> Document {
        // Ten documents at a time carry the same second.
        let left = self.count - index / 10 * 10;
        let seconds = HISTORY_SECONDS * i64_of(left) / i64_of(self.count);
        let when = end_of_history() - SignedDuration::from_secs(seconds);
        let date = when.to_zoned(TimeZone::UTC).date();
        let id = self.id();
        let walk_in = kind == DocumentKind::SalesReceipt && index % 60 == 13;
        let customer = (!walk_in).then(|| self.buyer()).flatten();
        let buyer = customer.and_then(|id| self.books.customers.get(&id));
        let (currency, bill, email) = buyer.map_or((Currency::Usd, None, None), |buyer| {
            (buyer.currency, buyer.bill.clone(), buyer.email.clone())
        });
        let lines = self.lines(index, kind);
        let net: i64 = lines.iter().map(|line| line.worth().0).sum();
        let tax = if index.is_multiple_of(3) && net > 0 {
            to_cents(Decimal::new(net, 2) * Decimal::new(55, 3))
        } else {
            Cents(0)
        };
        let mut document = Document {
            meta: Meta::born(id, when),
            kind,
            number: (index % 97 != 5)
                .then(|| (1000 + index - usize::from(index % 71 == 9)).to_string()),
            date,
            due: (kind == DocumentKind::Invoice).then(|| due(date)),
            customer,
            currency,
            lines,
            tax,
            total: Cents(0),
            balance: Cents(0),
            linked: Vec::new(),
            invoice: None,
            bill_email: email.filter(|_| index.is_multiple_of(2)),
            poisoned: false,
            bill,
            note: None,
        };
        document.total = document.computed_total();
        if matches!(kind, DocumentKind::Invoice | DocumentKind::CreditMemo) {
            document.balance = document.total;
        }
        document
    }

    fn buyer(&mut self) -> Option<u64> {
        if self.buyers.is_empty() {
            return None;
        }
        // Some buy a lot: the smaller of two throws.
        let throw = |random: &mut ChaCha8Rng, len| random.random_range(0..len);
        let len = self.buyers.len();
        let place = throw(self.random, len).min(throw(self.random, len));
        Some(self.buyers[place])
    }

    fn lines(&mut self, index: usize, kind: DocumentKind) -> Vec<Line> {
        let mut lines = Vec::new();
        if index % 10 == 4 {
            lines.push(Line::Text("Thank you for your order!".to_owned()));
        }
        let most = if kind == DocumentKind::CreditMemo {
            1
        } else {
            4
        };
        for number in 0..self.random.random_range(1..=most) {
            let fractional = index % 8 == 3 && number == 0;
            lines.push(self.sale(fractional));
        }
        if index % 15 == 7 && !self.bundles.is_empty() && kind != DocumentKind::CreditMemo {
            lines.push(self.bundle());
        }
        if index % 50 == 11 {
            // A line that names no item is a note whose amount is ignored.
            lines.push(note_line("See attached sketch"));
        }
        if index % 9 == 1 && kind != DocumentKind::CreditMemo {
            let net: i64 = lines.iter().map(|line| line.worth().0).sum();
            lines.push(Line::Discount {
                percent: Some(Decimal::TEN),
                amount: to_cents(Decimal::new(net, 3)),
            });
        }
        if index % 12 == 2 && kind != DocumentKind::CreditMemo {
            lines.push(Line::Sale {
                item: ItemRef::Shipping,
                description: None,
                quantity: None,
                price: None,
                amount: Cents(950),
                taxable: false,
            });
        }
        if index % 200 == 32 {
            for line in &mut lines {
                free_of_charge(line);
            }
        }
        lines
    }

    fn item(&mut self) -> Option<&Item> {
        if self.sellable.is_empty() {
            return None;
        }
        let place = self.random.random_range(0..self.sellable.len());
        self.books.items.get(&self.sellable[place])
    }

    fn sale(&mut self, fractional: bool) -> Line {
        let whole = Decimal::from(self.random.random_range(1..6_u32));
        let quantity = if fractional {
            whole + Decimal::new(375, 3)
        } else {
            whole
        };
        let (item, description, price) = match self.item() {
            Some(item) => (
                ItemRef::Item(item.meta.id),
                item.description.clone(),
                item.price.unwrap_or(Decimal::new(1995, 2)),
            ),
            None => (ItemRef::Gratuity, None, Decimal::TEN),
        };
        Line::Sale {
            item,
            description,
            quantity: Some(quantity),
            price: Some(price),
            amount: to_cents(quantity * price),
            taxable: true,
        }
    }

    fn bundle(&mut self) -> Line {
        let place = self.random.random_range(0..self.bundles.len());
        let id = self.bundles[place];
        let quantity = Decimal::from(self.random.random_range(1..4_u32));
        let parts = self.books.items[&id].parts.clone();
        let lines = parts
            .into_iter()
            .filter_map(|(part, each)| {
                let item = self.books.items.get(&part)?;
                let price = item.price?;
                Some(Line::Sale {
                    item: ItemRef::Item(part),
                    description: item.description.clone(),
                    quantity: Some(quantity * each),
                    price: Some(price),
                    amount: to_cents(quantity * each * price),
                    taxable: true,
                })
            })
            .collect();
        Line::Group {
            item: id,
            quantity,
            lines,
        }
    }

    fn finish_invoice(&mut self, document: &mut Document, index: usize) {
        if index % 40 == 21 {
            void(document);
        }
        // The one invoice that QuickBooks cannot deliver; in the middle of the books.
        if index == self.count / 3 / 20 * 20 + 3 {
            document.poisoned = true;
            document.bill_email = Some("kim at shop dot test".to_owned());
        }
    }

    /// A third of the memos are applied by a payment of 0, a third by `InvoiceRef`, a third stay open.
    fn finish_memo(&mut self, memo: &mut Document, index: usize) {
        let round = index / 20 % 3;
        if round == 2 {
            return;
        }
        let Some(place) = self.open.iter().position(|id| {
            let invoice = &self.books.documents[id];
            invoice.balance >= memo.total
        }) else {
            return;
        };
        let invoice_id = self.open.swap_remove(place);
        let amount = memo.balance;
        let invoice = self
            .books
            .documents
            .get_mut(&invoice_id)
            .expect("open invoices are in the books");
        invoice.balance.0 -= amount.0;
        memo.customer = invoice.customer;
        memo.currency = invoice.currency;
        memo.bill.clone_from(&invoice.bill);
        memo.balance = Cents(0);
        let customer = invoice.customer;
        if round == 1 {
            memo.invoice = Some(invoice_id);
            invoice.linked.push((memo.meta.id, LinkedKind::CreditMemo));
        } else if let Some(payer) = customer {
            let carrier = self.id();
            memo.linked.push((carrier, LinkedKind::Payment));
            self.link(invoice_id, carrier);
            let line = |document, kind| PaymentLine {
                amount,
                document,
                kind,
            };
            let payment = Payment {
                meta: Meta::born(carrier, memo.meta.created),
                date: memo.date,
                customer: payer,
                currency: memo.currency,
                total: Cents(0),
                lines: vec![
                    line(invoice_id, LinkedKind::Invoice),
                    line(memo.meta.id, LinkedKind::CreditMemo),
                ],
                note: None,
            };
            self.books.payments.insert(carrier, payment);
        }
        self.bump_balance(customer, -amount.0);
    }

    fn link(&mut self, document: u64, payment: u64) {
        if let Some(document) = self.books.documents.get_mut(&document) {
            document.linked.push((payment, LinkedKind::Payment));
        }
    }

    fn pay(&mut self, invoice_id: u64) {
        let invoice = &self.books.documents[&invoice_id];
        let (amount, date, created) = (invoice.balance, invoice.date, invoice.meta.created);
        let (Some(customer), true) = (invoice.customer, amount.0 > 0) else {
            return;
        };
        let currency = invoice.currency;
        let id = self.id();
        self.books.payments.insert(
            id,
            Payment {
                meta: Meta::born(id, created),
                date,
                customer,
                currency,
                total: amount,
                lines: vec![PaymentLine {
                    amount,
                    document: invoice_id,
                    kind: LinkedKind::Invoice,
                }],
                note: None,
            },
        );
        self.link(invoice_id, id);
        if let Some(invoice) = self.books.documents.get_mut(&invoice_id) {
            invoice.balance = Cents(0);
        }
        self.open.retain(|open| *open != invoice_id);
        self.bump_balance(Some(customer), -amount.0);
    }
}

fn note_line(text: &str) -> Line {
    Line::Sale {
        item: ItemRef::None,
        description: Some(text.to_owned()),
        quantity: None,
        price: None,
        amount: Cents(0),
        taxable: false,
    }
}

fn free_of_charge(line: &mut Line) {
    match line {
        Line::Sale { price, amount, .. } => {
            *price = Some(Decimal::ZERO);
            *amount = Cents(0);
        }
        Line::Group { lines, .. } => lines.iter_mut().for_each(free_of_charge),
        Line::Discount { amount, .. } => *amount = Cents(0),
        Line::Text(_) => {}
    }
}
