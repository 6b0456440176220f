//! Tables of figures and of text.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

/// A table without lines, indented; columns after the first are flush right.
pub(super) fn figures(rows: &[Vec<String>]) -> String {
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

pub(super) fn row(words: impl Into<String>, figure: impl Into<String>) -> Vec<String> {
    vec![words.into(), figure.into()]
}

/// Rows, a rule, the total.
pub(super) fn sum(mut rows: Vec<Vec<String>>, words: &str, total: String) -> String {
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
