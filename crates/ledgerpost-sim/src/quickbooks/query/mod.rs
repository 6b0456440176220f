//! The query language, exactly the subset of `quickbooks-online.md` 3.

mod lex;
mod parse;
mod run;

pub(crate) use run::{run, select_changed};
