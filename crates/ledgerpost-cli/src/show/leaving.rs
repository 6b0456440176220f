//! What taking back and disconnecting would do.

use ledgerpost_engine::{DisconnectPreview, UndoPreview};

use super::table::{row, sum};
use crate::screen::Screen;
use crate::words::{change_words, count, counted, kept_words};

/// What an undo would do.
pub(crate) fn undo(screen: &Screen, preview: &UndoPreview) {
    screen.say(format!("Undoing run {}", preview.run));
    let rows: Vec<Vec<String>> = preview
        .changes
        .iter()
        .map(|(code, number)| row(change_words(code), count(*number)))
        .collect();
    let all = preview.changes.values().sum();
    if rows.is_empty() {
        screen.say("  Nothing can be taken back.");
    } else {
        screen.say(sum(rows, "changes in all", count(all)));
    }
    if let Some(contents) = &preview.with_store {
        screen.say(format!(
            "  {} and {} go together with the store, those of later runs too.",
            counted(contents.orders, "order", "orders"),
            counted(contents.products, "product", "products"),
        ));
    }
    for (kept, number) in &preview.kept {
        screen.say(format!(
            "  {:>7}  stay: {}",
            count(*number),
            kept_words(*kept)
        ));
    }
}

/// What disconnecting would do, in the order in which it happens.
pub(crate) fn disconnect(screen: &Screen, company: &str, preview: &DisconnectPreview) {
    screen.say(format!("Disconnecting {company}"));
    screen.say(format!(
        "  1. A copy of what was sent is written to the data folder.\n  \
           2. {} and {} go from Mailchimp.\n  \
           3. {} stay in the audience, with their tags and marketing status.\n  \
           4. Nothing changes in QuickBooks.\n  \
           5. The sign-ins are given up.",
        counted(preview.orders, "order", "orders"),
        counted(preview.products, "product", "products"),
        counted(preview.contacts, "contact", "contacts"),
    ));
}
