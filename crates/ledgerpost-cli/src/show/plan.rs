//! Plans, and what carrying one out did.

use std::collections::BTreeMap;

use ledgerpost_app::Plan;
use ledgerpost_core::Amount;
use ledgerpost_core::ids::RunId;
use ledgerpost_engine::SyncReport;
use ledgerpost_engine::plan::{CustomerCounts, Summary};

use super::reasons;
use super::table::{figures, row, sum};
use crate::screen::Screen;
use crate::words::{change_words, count, counted, document_words, done_words, money, status_words};

/// A plan: every record, then what would be done, then whether it waits.
pub(crate) fn plan(screen: &Screen, company: &str, audience: &str, plan: &Plan) {
    screen.say(format!("{company} to the audience {audience}: the plan"));
    summary(screen, &plan.summary);
    if plan.run.is_none() {
        screen.say("\nNothing to do: Mailchimp matches QuickBooks.");
        return;
    }
    screen.say("\nWhat a sync would do");
    let rows = plan.summary.changes.iter();
    screen.say(sum(
        rows.map(|(code, number)| row(change_words(code), count(*number)))
            .collect(),
        "changes in all",
        count(plan.changes),
    ));
    for (status, number) in &plan.summary.new_by_status {
        screen.say(format!(
            "  New contacts are added as {}: {}. Whoever is in the audience already keeps their \
             marketing status.",
            status_words(status),
            count(*number)
        ));
    }
    if plan.waits {
        screen.say(format!(
            "\nNothing was sent. To make these {}: ledgerpost sync --yes",
            counted(plan.changes, "change", "changes")
        ));
    }
}

/// What a plan says of every record.
fn summary(screen: &Screen, summary: &Summary) {
    screen.say("\nCustomers in QuickBooks");
    screen.say(customers(&summary.customers));
    let left_alone = &summary.customers.left_alone;
    if !left_alone.is_empty() {
        screen.say("\nCustomers who are left alone, and why");
        screen.say(reasons(
            left_alone.iter().map(|(code, n)| (code.as_str(), *n)),
        ));
    }
    documents(screen, summary);
    totals(screen, summary);
}

fn customers(counts: &CustomerCounts) -> String {
    let left_alone: u64 = counts.left_alone.values().sum();
    sum(
        vec![
            row("new contacts", count(counts.new)),
            row("updated", count(counts.updated)),
            row("already the same", count(counts.same)),
            row(
                "share an email with another customer",
                count(counts.share_email),
            ),
            row("left alone", count(left_alone)),
        ],
        "customers in all",
        count(counts.total),
    )
}

fn documents(screen: &Screen, summary: &Summary) {
    let mut rows = vec![vec![
        String::new(),
        "in QuickBooks".to_owned(),
        "orders".to_owned(),
        "not sent".to_owned(),
    ]];
    let mut why: BTreeMap<&str, u64> = BTreeMap::new();
    for (kind, counts) in &summary.documents {
        rows.push(vec![
            document_words(*kind).to_owned(),
            count(counts.total),
            count(counts.sent),
            count(counts.not_sent.values().sum()),
        ]);
        for (code, number) in &counts.not_sent {
            *why.entry(code).or_default() += number;
        }
    }
    if summary.documents.is_empty() {
        return;
    }
    screen.say("\nSales");
    screen.say(figures(&rows));
    if !why.is_empty() {
        screen.say("\nSales and credits that do not become orders, and why");
        screen.say(reasons(why.into_iter()));
    }
}

fn totals(screen: &Screen, summary: &Summary) {
    let totals = &summary.totals;
    let Some(currency) = &totals.currency else {
        return;
    };
    let show = |amount: Amount| money(amount, currency);
    screen.say("\nMoney");
    screen.say(sum(
        vec![
            row("orders in Mailchimp afterwards", show(totals.orders)),
            row("not sent, each with its reason", show(totals.explained)),
            row("not explained", show(totals.unexplained())),
        ],
        "sales less credits in QuickBooks",
        show(totals.quickbooks()),
    ));
}

/// What a sync or an undo did.
pub(crate) fn report(screen: &Screen, report: &SyncReport) {
    if report.runs.is_empty() {
        screen.say("Nothing to do: Mailchimp matches QuickBooks.");
        return;
    }
    let mut rows: Vec<Vec<String>> = report
        .done
        .iter()
        .map(|(code, number)| row(done_words(code), count(*number)))
        .collect();
    for (code, number) in &report.failed {
        rows.push(row(
            format!("{}: refused or not confirmed", change_words(code)),
            count(*number),
        ));
    }
    let all: u64 = report.done.values().chain(report.failed.values()).sum();
    let runs: Vec<&str> = report.runs.iter().map(RunId::as_str).collect();
    screen.say(format!("What was done (run {})", runs.join(", then ")));
    screen.say(sum(rows, "changes in all", count(all)));
    if let Some(run) = report.runs.last().filter(|_| !report.failed.is_empty()) {
        screen.say(format!(
            "  What Mailchimp said about each: ledgerpost export changes --run {run}"
        ));
    }
}
