//! Writes JSON the way Intuit prints it: empty fields left out, amounts as `639.00`.
//!
//! Not serde: decimals keep their digits and a page of a thousand rows costs milliseconds.

use std::fmt::{Display, Write as _};

/// An object that is being written.
pub(crate) struct Object<'a> {
    out: &'a mut String,
    first: bool,
}

impl<'a> Object<'a> {
    /// Opens an object at the end of `out`.
    pub(crate) fn open(out: &'a mut String) -> Self {
        out.push('{');
        Self { out, first: true }
    }

    fn key(&mut self, key: &str) -> &mut String {
        if !self.first {
            self.out.push(',');
        }
        self.first = false;
        push(self.out, format_args!("\"{key}\":"));
        self.out
    }

    /// A text.
    pub(crate) fn text(&mut self, key: &str, value: &str) {
        quote(self.key(key), value);
    }

    /// A text, if there is one.
    pub(crate) fn maybe(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(key, value);
        }
    }

    /// Something that prints as a JSON literal: a number, `true`.
    pub(crate) fn literal(&mut self, key: &str, value: impl Display) {
        push(self.key(key), format_args!("{value}"));
    }

    /// Something that prints without characters that need a backslash, between quotes.
    pub(crate) fn plain(&mut self, key: &str, value: impl Display) {
        push(self.key(key), format_args!("\"{value}\""));
    }

    /// A nested object.
    pub(crate) fn object(&mut self, key: &str, fill: impl FnOnce(&mut Object<'_>)) {
        let mut inner = Object::open(self.key(key));
        fill(&mut inner);
        inner.close();
    }

    /// A list whose elements `write` appends.
    pub(crate) fn list<T>(
        &mut self,
        key: &str,
        elements: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut String, T),
    ) {
        let out = self.key(key);
        out.push('[');
        for (index, element) in elements.into_iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            write(out, element);
        }
        out.push(']');
    }

    /// `{"value": …, "name": …}`.
    pub(crate) fn reference(&mut self, key: &str, value: impl Display, name: Option<&str>) {
        self.object(key, |object| {
            object.plain("value", value);
            object.maybe("name", name);
        });
    }

    /// `{"<inner>": …}` around a text, if there is one.
    pub(crate) fn wrapped(&mut self, key: &str, inner: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.object(key, |object| object.text(inner, value));
        }
    }

    /// Closes the object.
    pub(crate) fn close(self) {
        self.out.push('}');
    }
}

/// Appends formatted text.
pub(crate) fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text)
        .expect("writing to a string never fails");
}

/// Appends a JSON string.
pub(crate) fn quote(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if u32::from(control) < 0x20 => {
                push(out, format_args!("\\u{:04x}", u32::from(control)));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}
