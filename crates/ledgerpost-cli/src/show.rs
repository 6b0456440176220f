//! Plans, runs and comparisons as text. Every set of counts closes with its total.

use std::collections::BTreeMap;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use ledgerpost_app::{Plan, Status};
use ledgerpost_core::Amount;
use ledgerpost_core::ids::RunId;
use ledgerpost_engine::plan::{CustomerCounts, Summary};
use ledgerpost_engine::{DisconnectPreview, Mismatch, Reconciliation, SyncReport, UndoPreview};
use ledgerpost_store::SkipCount;

use crate::screen::Screen;
use crate::words::{
    attention_words, change_words, count, counted, document_words, done_words, kept_words, money,
    reason_words, status_words,
};

/// A table without lines, indented; columns after the first are flush right.
pub(crate) fn figures(rows: &[Vec<String>]) -> String {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled);
    for row in rows {
        table.add_row(row);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    indent(&table)
}

/// A table of text with a head.
pub(crate) fn list(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(head);
    for row in rows {
        table.add_row(row);
    }
    indent(&table)
}

fn indent(table: &Table) -> String {
    let lines: Vec<String> = table
        .lines()
        .map(|line| format!(" {}", line.trim_end()))
        .collect();
    lines.join("\n")
}

fn row(words: impl Into<String>, figure: impl Into<String>) -> Vec<String> {
    vec![words.into(), figure.into()]
}

/// Rows, a rule, the total.
fn sum(mut rows: Vec<Vec<String>>, words: &str, total: String) -> String {
    let width = rows
        .iter()
        .map(|row| row[1].len())
        .chain([total.len()])
        .max()
        .unwrap_or_default();
    rows.push(row("", "-".repeat(width)));
    rows.push(row(words, total));
    rows.push(row("", "=".repeat(width)));
    figures(&rows)
}

/// What a plan says of every record.
pub(crate) fn summary(screen: &Screen, summary: &Summary) {
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

/// The comparison of the two services.
pub(crate) fn reconciliation(screen: &Screen, found: &Reconciliation) {
    let show = |amount: Amount| money(amount, &found.currency);
    let mut rows = vec![
        vec![
            "invoices in QuickBooks".to_owned(),
            count(found.invoices.count),
            show(found.invoices.total),
        ],
        vec![
            "sales receipts in QuickBooks".to_owned(),
            count(found.sales_receipts.count),
            show(found.sales_receipts.total),
        ],
        vec![
            "less credit memos and refunds".to_owned(),
            count(found.credits.count),
            show(-found.credits.total),
        ],
    ];
    let quickbooks = found.invoices.total + found.sales_receipts.total - found.credits.total;
    let rule = |rows: &mut Vec<Vec<String>>, sign: &str| {
        rows.push(vec![String::new(), String::new(), sign.repeat(16)]);
    };
    rule(&mut rows, "-");
    rows.push(vec![
        "sales less credits in QuickBooks".to_owned(),
        String::new(),
        show(quickbooks),
    ]);
    rule(&mut rows, "=");
    rows.push(vec![
        "orders read back from Mailchimp".to_owned(),
        count(found.orders.count),
        show(found.orders.total),
    ]);
    for reason in &found.explained {
        let (why, _) = reason_words(&reason.code);
        rows.push(vec![
            format!("not sent: {}", lower_first(why)),
            count(reason.count),
            show(reason.amount),
        ]);
    }
    rows.push(vec![
        "not explained".to_owned(),
        String::new(),
        show(found.unexplained),
    ]);
    rule(&mut rows, "-");
    let explained: Amount = found.explained.iter().map(|reason| reason.amount).sum();
    rows.push(vec![
        "the same sum, from Mailchimp".to_owned(),
        String::new(),
        show(found.orders.total + explained + found.unexplained),
    ]);
    rule(&mut rows, "=");
    screen.say(figures(&rows));
    for mismatch in &found.mismatches {
        screen.say(match mismatch {
            Mismatch::Missing { order, written } => {
                format!("  {order}: sent with {}, not in Mailchimp", show(*written))
            }
            Mismatch::Differs {
                order,
                written,
                found,
            } => format!(
                "  {order}: sent with {}, has {} in Mailchimp",
                show(*written),
                show(*found)
            ),
            Mismatch::Unexpected { order, found } => format!(
                "  {order}: in the store with {}, not from Ledgerpost",
                show(*found)
            ),
        });
    }
    screen.say(if found.agrees() {
        "\nThe numbers agree to the cent; every difference has a document and a reason."
    } else {
        "\nThe numbers do not agree. Next step: ledgerpost sync --yes writes what is missing; then \
         run ledgerpost reconcile again."
    });
}

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
    use ledgerpost_core::skip::SkipSubject;
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
