//! Plans, runs and comparisons as text. Every set of counts closes with its total.

mod leaving;
mod plan;
mod reconciliation;
mod status;
mod table;

use crate::words::{count, reason_words};

pub(crate) use leaving::{disconnect, undo};
pub(crate) use plan::{plan, report};
pub(crate) use reconciliation::reconciliation;
pub(crate) use status::status;
pub(crate) use table::list;

fn reasons<'a>(counts: impl Iterator<Item = (&'a str, u64)>) -> String {
    let lines: Vec<String> = counts
        .map(|(code, number)| {
            let (why, next) = reason_words(code);
            format!(
                "  {:>7}  {why}. Next step: {}",
                count(number),
                lower_first(next)
            )
        })
        .collect();
    lines.join("\n")
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if !text.starts_with("QuickBooks") && !text.starts_with("Mailchimp") => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}
