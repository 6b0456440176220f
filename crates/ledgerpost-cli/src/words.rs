//! Words for codes, and figures as an owner reads them.

use ledgerpost_core::Amount;
use ledgerpost_core::ids::CurrencyCode;
use ledgerpost_core::skip::SkipReason;
use ledgerpost_core::source::DocumentKind;
use ledgerpost_engine::{Kept, Phase};
use ledgerpost_net::http::{HeldUp, HoldUp};
use ledgerpost_net::services::Service;

/// A count with its thousands grouped.
pub(crate) fn count(number: u64) -> String {
    group(&number.to_string())
}

fn group(digits: &str) -> String {
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with what is counted: `1 order`, `1,204 orders`.
pub(crate) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// An amount with its currency: `USD 1,204.50`.
pub(crate) fn money(amount: Amount, currency: &CurrencyCode) -> String {
    let plain = amount.to_string();
    let (sign, plain) = match plain.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", plain.as_str()),
    };
    let (whole, cents) = plain.split_once('.').unwrap_or((plain, "00"));
    format!("{currency} {sign}{}.{cents}", group(whole))
}

pub(crate) const fn phase_words(phase: Phase) -> &'static str {
    match phase {
        Phase::Recover => "Checking the last run",
        Phase::ReadQuickBooks => "Reading QuickBooks",
        Phase::ReadMailchimp => "Reading Mailchimp",
        Phase::Plan => "Working out the plan",
        Phase::Records => "Updating contacts and sending products",
        Phase::Contacts => "Sending contacts",
        Phase::Tags => "Tagging contacts",
        Phase::Orders => "Sending orders",
        Phase::Store => "Setting up the store",
        Phase::Verify => "Reading orders back",
    }
}

/// What holds up a run; nothing for a service that nobody knows.
pub(crate) fn held_up_words(held_up: HeldUp) -> Option<String> {
    let service = service_words(held_up.service)?;
    Some(match held_up.why {
        HoldUp::NoAnswer => {
            format!("No connection to {service}. Trying again; nothing is lost.")
        }
        HoldUp::SlowAnswer => {
            let seconds = counted(held_up.since.elapsed().as_secs(), "second", "seconds");
            format!("{service} has not answered for {seconds}; Ledgerpost keeps waiting.")
        }
        HoldUp::AskedForSlower => {
            format!("{service} asked for slower requests; this takes longer.")
        }
    })
}

/// That a service answers again.
pub(crate) fn answers_again_words(service: &str) -> Option<String> {
    service_words(service).map(|service| format!("{service} answers again."))
}

/// What a service is called.
fn service_words(slug: &str) -> Option<&'static str> {
    [Service::QuickBooks, Service::Mailchimp]
        .into_iter()
        .find(|service| service.slug() == slug)
        .map(Service::name)
}

/// What a change does, in the past or to come. A code that is newer than these words is shown as it
/// is.
pub(crate) fn change_words(code: &str) -> &str {
    match code {
        "create_store" => "store to set up in Mailchimp",
        "start_syncing" => "store to mark as loading",
        "stop_syncing" => "store to mark as ready",
        "remove_store" => "store to remove",
        "create_product" => "products to add",
        "update_product" => "products to update",
        "create_contact" => "contacts to add",
        "update_contact" => "contacts to update",
        "move_contact" => "contacts to give their new address",
        "archive_contact" => "contacts to archive",
        "tag_contact" => "contacts to tag",
        "untag_contact" => "contacts to take the tag from",
        "create_order" => "orders to add",
        "update_order" => "orders to update",
        "remove_order" => "orders to remove",
        other => other,
    }
}

/// What a change did.
pub(crate) fn done_words(code: &str) -> &str {
    match code {
        "create_store" => "store set up in Mailchimp",
        "start_syncing" => "store marked as loading",
        "stop_syncing" => "store marked as ready",
        "remove_store" => "store removed",
        "create_product" => "products added",
        "update_product" => "products updated",
        "create_contact" => "contacts added",
        "update_contact" => "contacts updated",
        "move_contact" => "contacts given their new address",
        "archive_contact" => "contacts archived",
        "tag_contact" => "contacts tagged",
        "untag_contact" => "contacts without the tag again",
        "create_order" => "orders added",
        "update_order" => "orders updated",
        "remove_order" => "orders removed",
        other => other,
    }
}

/// Why something is left alone, and what to do.
pub(crate) fn reason_words(code: &str) -> (&str, &str) {
    SkipReason::words_of(code).unwrap_or((code, "Install the latest version of Ledgerpost"))
}

/// Reasons that a person has to look at; the others are rules that work as they should.
pub(crate) fn needs_person(code: &str) -> bool {
    matches!(
        code,
        "refused" | "forgotten" | "unreadable" | "address_in_use"
    )
}

pub(crate) const fn document_words(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Invoice => "invoices",
        DocumentKind::SalesReceipt => "sales receipts",
        DocumentKind::CreditMemo => "credit memos",
        DocumentKind::RefundReceipt => "refund receipts",
    }
}

/// A marketing status of Mailchimp.
pub(crate) fn status_words(status: &str) -> &str {
    match status {
        "subscribed" => "subscribed",
        "pending" => "asked to confirm by mail",
        "unsubscribed" => "unsubscribed",
        "transactional" => "not subscribed",
        "cleaned" => "cleaned (mail bounced)",
        "archived" => "archived",
        other => other,
    }
}

/// Why undo leaves something as it is.
pub(crate) const fn kept_words(kept: Kept) -> &'static str {
    kept.words()
}

/// What needs a person, and the next step.
pub(crate) fn attention_words(code: &str) -> (&str, &str) {
    match code {
        "totals_differ" => (
            "The totals of QuickBooks and Mailchimp do not agree",
            "run `ledgerpost sync --yes`, then `ledgerpost reconcile`",
        ),
        other => (other, "run `ledgerpost sync`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped_and_keep_their_cents() {
        let dollars = CurrencyCode::from("USD");
        assert_eq!(count(0), "0");
        assert_eq!(count(1_284), "1,284");
        assert_eq!(count(1_000_000), "1,000,000");
        assert_eq!(
            money(Amount::from_cents(60_641_890), &dollars),
            "USD 606,418.90"
        );
        assert_eq!(money(Amount::from_cents(-54_800), &dollars), "USD -548.00");
        assert_eq!(counted(1, "order", "orders"), "1 order");
    }
}
