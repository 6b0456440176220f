//! Text in files that people open in a spreadsheet.

use std::borrow::Cow;

/// Text that a spreadsheet takes for text. A cell that begins like a formula gets an apostrophe in
/// front: names and notes come from other people, and a formula in one could send the others away.
pub fn safe(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_taken_for_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"] {
            assert_eq!(safe(formula), format!("'{formula}"));
        }
        assert_eq!(safe("Ada & Co"), "Ada & Co");
        assert_eq!(safe(""), "");
    }
}
