//! The window's texts that are shown outside of it: tray, dialogs, notifications.
//!
//! They are in `ui/messages` with all the others, under names that begin with `shell_`.

use std::collections::BTreeMap;

use jiff::Zoned;
use ledgerpost_ipc::start::Language;

/// The texts of one language.
#[derive(Debug, Clone)]
pub(crate) struct Texts {
    language: Language,
    own: BTreeMap<String, String>,
    english: BTreeMap<String, String>,
}

impl Texts {
    /// The texts of the owner's language; of the system's if none was chosen.
    pub(crate) fn new(chosen: Option<Language>) -> Self {
        let language = chosen.unwrap_or_else(|| {
            sys_locale::get_locale().map_or(Language::English, |locale| nearest(&locale))
        });
        let mut all: BTreeMap<String, BTreeMap<String, String>> =
            serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/texts.json")))
                .expect("build.rs writes it");
        Self {
            language,
            own: all.remove(name(language)).unwrap_or_default(),
            english: all.remove(name(Language::English)).unwrap_or_default(),
        }
    }

    /// A text; in English while it has no translation.
    pub(crate) fn get(&self, text: &'static str) -> &str {
        self.own
            .get(text)
            .or_else(|| self.english.get(text))
            .map_or(text, String::as_str)
    }

    /// A text with its one gap filled.
    pub(crate) fn fill(&self, text: &'static str, gap: &str, value: &str) -> String {
        self.get(text).replace(&format!("{{{gap}}}"), value)
    }

    /// A time of today, or a date.
    pub(crate) fn moment(&self, at: &Zoned, now: &Zoned) -> String {
        let today = at.date() == now.date();
        let format = match (self.language, today) {
            (Language::English, true) => "%-I:%M %p",
            (_, true) => "%H:%M",
            (Language::English, false) => "%b %-d",
            (Language::German, false) => "%-d.%-m.",
            (
                Language::French
                | Language::Italian
                | Language::BrazilianPortuguese
                | Language::Spanish,
                false,
            ) => "%d/%m",
        };
        at.strftime(format).to_string()
    }
}

/// What a language is called in the names of the files.
fn name(language: Language) -> &'static str {
    match language {
        Language::English => "en",
        Language::German => "de",
        Language::French => "fr",
        Language::Italian => "it",
        Language::BrazilianPortuguese => "pt-BR",
        Language::Spanish => "es",
    }
}

/// The language of ours that a locale such as `de_AT.UTF-8` asks for.
fn nearest(locale: &str) -> Language {
    match locale.get(..2).unwrap_or_default() {
        "de" => Language::German,
        "fr" => Language::French,
        "it" => Language::Italian,
        "pt" => Language::BrazilianPortuguese,
        "es" => Language::Spanish,
        _ => Language::English,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_finds_the_nearest_language() {
        assert_eq!(nearest("de_AT.UTF-8"), Language::German);
        assert_eq!(nearest("pt-PT"), Language::BrazilianPortuguese);
        assert_eq!(nearest("nl-NL"), Language::English);
        assert_eq!(nearest("C"), Language::English);
    }

    #[test]
    fn moments_are_written_as_the_language_does() {
        let now: Zoned = "2026-11-26T16:00[UTC]".parse().expect("a time");
        let today: Zoned = "2026-11-26T14:42[UTC]".parse().expect("a time");
        let before: Zoned = "2026-11-09T14:42[UTC]".parse().expect("a time");
        for (language, of_today, of_before) in [
            (Language::English, "2:42 PM", "Nov 9"),
            (Language::German, "14:42", "9.11."),
            (Language::French, "14:42", "09/11"),
        ] {
            let texts = Texts::new(Some(language));
            assert_eq!(texts.moment(&today, &now), of_today);
            assert_eq!(texts.moment(&before, &now), of_before);
        }
    }

    #[test]
    fn every_text_that_is_used_exists_in_english() {
        let texts = Texts::new(Some(Language::English));
        for source in [
            include_str!("close.rs"),
            include_str!("failure.rs"),
            include_str!("host.rs"),
            include_str!("standing.rs"),
            include_str!("tray.rs"),
        ] {
            for (_, rest) in source
                .match_indices("\"shell_")
                .map(|(at, _)| source.split_at(at + 1))
            {
                let (used, _) = rest.split_once('"').expect("a text's name ends");
                assert!(
                    texts.own.contains_key(used),
                    "ui/messages/en.json has no {used}"
                );
            }
        }
    }
}
