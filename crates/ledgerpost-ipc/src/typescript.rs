//! Writes the window's TypeScript.

use std::any::TypeId;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use ts_rs::{Config, TS, TypeVisitor};

use crate::Message;

const HEADING: &str = "\
// Made from crates/ledgerpost-ipc. Do not edit: change it there and run
// `UPDATE_TYPESCRIPT=1 cargo test -p ledgerpost-ipc`.
";

/// Every type that crosses, by name, with its documentation.
struct Types<'a> {
    config: &'a Config,
    seen: HashSet<TypeId>,
    declared: BTreeMap<String, String>,
}

impl Types<'_> {
    fn add<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        // Only types of ours have a place to be written to; strings, lists and options do not.
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            self.declared.insert(
                T::ident(self.config),
                format!("{docs}export {}", T::decl(self.config)),
            );
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

impl TypeVisitor for Types<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        self.add::<T>();
    }
}

macro_rules! write_commands {
    ($($(#[doc = $doc:literal])* $name:ident($request:ty) -> $reply:ty;)*) => {
        fn commands(types: &mut Types<'_>) -> String {
            let mut text = String::from(
                "/** Every command: its request and its reply. */\nexport interface Commands {\n",
            );
            $(
                types.add::<$request>();
                types.add::<$reply>();
                $(writeln!(text, "  /**{} */", $doc).expect("writing to a string does not fail");)*
                writeln!(
                    text,
                    "  {}: [{}, {}];",
                    stringify!($name),
                    <$request as TS>::name(types.config),
                    <$reply as TS>::name(types.config),
                )
                .expect("writing to a string does not fail");
            )*
            text.push_str("}\n");
            text
        }
    };
}

crate::for_each_command!(write_commands);

/// The whole file `ui/src/ipc/generated.ts`.
pub fn typescript() -> String {
    let config = Config::default();
    let mut types = Types {
        config: &config,
        seen: HashSet::new(),
        declared: BTreeMap::new(),
    };
    types.add::<Message>();
    types.add::<crate::WireError>();
    let commands = commands(&mut types);
    let mut text = String::from(HEADING);
    for declaration in types.declared.values() {
        text.push('\n');
        text.push_str(declaration.trim_end());
        text.push('\n');
    }
    text.push('\n');
    text.push_str(&commands);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/ipc/generated.ts");

    #[test]
    fn the_committed_file_is_current() {
        let made = typescript();
        if std::env::var_os("UPDATE_TYPESCRIPT").is_some() {
            std::fs::write(FILE, &made).expect("the file can be written");
        }
        let committed = std::fs::read_to_string(FILE).expect("the file is in the repository");
        assert!(
            committed == made,
            "ui/src/ipc/generated.ts is out of date: run UPDATE_TYPESCRIPT=1 cargo test -p ledgerpost-ipc"
        );
    }

    #[test]
    fn no_number_is_a_bigint() {
        assert!(
            !typescript().contains("bigint"),
            "JSON has no bigint: counts are u32, larger ones are text"
        );
    }
}
