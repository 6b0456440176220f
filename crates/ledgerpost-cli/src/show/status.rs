//! How a company is doing.

use ledgerpost_app::Status;
use ledgerpost_core::skip::SkipSubject;
use ledgerpost_store::SkipCount;

use super::lower_first;
use super::table::list;
use crate::screen::Screen;
use crate::words::{attention_words, count, counted, reason_words};

/// How a company is doing.
pub(crate) fn status(screen: &Screen, status: &Status) {
    screen.say(format!(
        "{} (company {})",
        status.company.name, status.company.realm
    ));
    match &status.connection {
        None => screen.say("  No audience yet. Next step: ledgerpost link"),
        Some(connection) => screen.say(format!(
            "  Audience {} ({}); {}",
            connection.audience_name,
            connection.audience_id,
            if connection.needs_approval {
                "the next plan waits for a yes"
            } else {
                "small changes go by themselves"
            }
        )),
    }
    if !status.runs.is_empty() {
        screen.say("\n  Latest runs");
        let rows: Vec<Vec<String>> = status
            .runs
            .iter()
            .map(|run| {
                vec![
                    run.id.to_string(),
                    run.kind.as_str().to_owned(),
                    run.state.as_str().to_owned(),
                    run.started_at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
                ]
            })
            .collect();
        screen.say(list(&["Run", "What", "State", "Started"], &rows));
    }
    if !status.skips.is_empty() {
        screen.say("\n  Left alone");
        screen.say(skips(&status.skips));
    }
    for item in &status.attention {
        let (what, next) = attention_words(&item.code);
        screen.say(format!("\n  Needs attention: {what}. Next step: {next}"));
    }
    for (service, reads) in &status.metered {
        screen.say(format!(
            "\n  Reads of {service} this month that count against its limit: {}",
            count(*reads)
        ));
    }
}

fn skips(counts: &[SkipCount]) -> String {
    let lines: Vec<String> = counts
        .iter()
        .map(|skip| {
            let (why, next) = reason_words(&skip.code);
            let (one, many) = match skip.subject {
                SkipSubject::Customer => ("customer", "customers"),
                SkipSubject::Document => ("document", "documents"),
                SkipSubject::Item => ("item", "items"),
            };
            format!(
                "  {:>15}  {why}. Next step: {} [{}]",
                counted(skip.count, one, many),
                lower_first(next),
                skip.code
            )
        })
        .collect();
    lines.join("\n")
}
