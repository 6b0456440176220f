//! The page that the browser shows when it comes back from a consent page: in the browser's language,
//! because this one page is read there and not in the window.

use std::io;

use tokio::io::{AsyncWrite, AsyncWriteExt as _};

const STYLE: &str = include_str!("page.css");
/// The only style that the page's policy lets in; a test compares it with [`STYLE`].
const STYLE_HASH: &str = "OYW0kM6hEIIZxfRaBXs/Y2flop7e7RWZxQHS+4SuHlc=";
/// The mark of the window, for the eye only.
const MARK: &str = include_str!("../../../../icons/source/mark.svg");

/// What the page says. It repeats nothing that came from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    /// The answer is taken.
    Done,
    /// The owner declined, or the service sent an error.
    NotConnected,
    /// The answer was taken before.
    Already,
    /// The answer of a sign-in that is over.
    NotOurs,
    /// Not a request of a browser that comes back.
    BadRequest,
    /// Another path.
    NotFound,
    /// Not a GET.
    NotAllowed,
}

/// A language of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    German,
    French,
    Italian,
    Portuguese,
    Spanish,
}

impl Language {
    /// The first that is spoken here. A browser names its languages in the order of preference, so
    /// that their weights (RFC 9110, 12.5.4) say nothing more.
    pub(super) fn of_browser(accept: &str) -> Self {
        accept
            .split(',')
            .filter_map(|range| range.trim().split(['-', ';', ' ']).next())
            .find_map(Self::of_tag)
            .unwrap_or(Self::English)
    }

    fn of_tag(primary: &str) -> Option<Self> {
        Some(match primary.to_ascii_lowercase().as_str() {
            "en" => Self::English,
            "de" => Self::German,
            "fr" => Self::French,
            "it" => Self::Italian,
            "pt" => Self::Portuguese,
            "es" => Self::Spanish,
            _ => return None,
        })
    }

    const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Italian => "it",
            Self::Portuguese => "pt-BR",
            Self::Spanish => "es",
        }
    }
}

impl Page {
    const fn status(self) -> &'static str {
        match self {
            Self::Done | Self::NotConnected => "200 OK",
            Self::Already => "410 Gone",
            Self::NotOurs | Self::BadRequest => "400 Bad Request",
            Self::NotFound => "404 Not Found",
            Self::NotAllowed => "405 Method Not Allowed",
        }
    }

    /// Its title, and what to do.
    const fn words(self, language: Language) -> (&'static str, &'static str) {
        match self {
            Self::Done => done(language),
            Self::NotConnected => not_connected(language),
            Self::Already => already(language),
            Self::NotOurs => not_ours(language),
            Self::BadRequest | Self::NotFound | Self::NotAllowed => nothing_here(language),
        }
    }

    /// The whole answer, to the end of the connection.
    pub(super) async fn send(
        self,
        language: Language,
        stream: &mut (impl AsyncWrite + Unpin),
    ) -> io::Result<()> {
        stream.write_all(self.answer(language).as_bytes()).await?;
        stream.shutdown().await
    }

    fn answer(self, language: Language) -> String {
        let status = self.status();
        let tag = language.tag();
        let (title, text) = self.words(language);
        let body = format!(
            "<!doctype html><html lang=\"{tag}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
             <style>{STYLE}</style></head><body><main>\
             <div class=\"brand\"><span aria-hidden=\"true\">{MARK}</span>Ledgerpost</div>\
             <h1>{title}</h1><p>{text}</p></main></body></html>\n"
        );
        let length = body.len();
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Language: {tag}\r\n\
             Content-Length: {length}\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n\
             Content-Security-Policy: default-src 'none'; style-src 'sha256-{STYLE_HASH}'; \
             frame-ancestors 'none'; base-uri 'none'; form-action 'none'\r\n\
             X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n{body}"
        )
    }
}

const fn done(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::English => (
            "Ledgerpost has the answer",
            "You can close this page and go back to Ledgerpost.",
        ),
        Language::German => (
            "Ledgerpost hat die Antwort erhalten",
            "Sie können diese Seite schließen und zu Ledgerpost zurückkehren.",
        ),
        Language::French => (
            "Ledgerpost a reçu la réponse",
            "Vous pouvez fermer cette page et revenir à Ledgerpost.",
        ),
        Language::Italian => (
            "Ledgerpost ha ricevuto la risposta",
            "Può chiudere questa pagina e tornare a Ledgerpost.",
        ),
        Language::Portuguese => (
            "O Ledgerpost recebeu a resposta",
            "Você pode fechar esta página e voltar ao Ledgerpost.",
        ),
        Language::Spanish => (
            "Ledgerpost ha recibido la respuesta",
            "Puede cerrar esta página y volver a Ledgerpost.",
        ),
    }
}

const fn not_connected(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::English => (
            "Not connected",
            "Access was not granted, and nothing was changed. You can close this page and go back to \
             Ledgerpost.",
        ),
        Language::German => (
            "Nicht verbunden",
            "Der Zugriff wurde nicht erlaubt, und es wurde nichts geändert. Sie können diese Seite \
             schließen und zu Ledgerpost zurückkehren.",
        ),
        Language::French => (
            "Non connecté",
            "L’accès n’a pas été accordé et rien n’a été modifié. Vous pouvez fermer cette page et \
             revenir à Ledgerpost.",
        ),
        Language::Italian => (
            "Non collegato",
            "L’accesso non è stato concesso e nulla è stato modificato. Può chiudere questa pagina e \
             tornare a Ledgerpost.",
        ),
        Language::Portuguese => (
            "Não conectado",
            "O acesso não foi concedido e nada foi alterado. Você pode fechar esta página e voltar ao \
             Ledgerpost.",
        ),
        Language::Spanish => (
            "Sin conexión",
            "No se concedió el acceso y no se cambió nada. Puede cerrar esta página y volver a \
             Ledgerpost.",
        ),
    }
}

const fn already(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::English => (
            "Already answered",
            "Ledgerpost has its answer already. You can close this page.",
        ),
        Language::German => (
            "Bereits beantwortet",
            "Ledgerpost hat die Antwort schon. Sie können diese Seite schließen.",
        ),
        Language::French => (
            "Réponse déjà reçue",
            "Ledgerpost a déjà sa réponse. Vous pouvez fermer cette page.",
        ),
        Language::Italian => (
            "Risposta già ricevuta",
            "Ledgerpost ha già la risposta. Può chiudere questa pagina.",
        ),
        Language::Portuguese => (
            "Já respondido",
            "O Ledgerpost já tem a resposta. Você pode fechar esta página.",
        ),
        Language::Spanish => (
            "Respuesta ya recibida",
            "Ledgerpost ya tiene la respuesta. Puede cerrar esta página.",
        ),
    }
}

const fn not_ours(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::English => (
            "This answer belongs to another sign-in",
            "Please go back to Ledgerpost and follow the sign-in that is open there.",
        ),
        Language::German => (
            "Diese Antwort gehört zu einer anderen Anmeldung",
            "Bitte kehren Sie zu Ledgerpost zurück und folgen Sie der Anmeldung, die dort offen ist.",
        ),
        Language::French => (
            "Cette réponse appartient à une autre connexion",
            "Revenez à Ledgerpost et suivez la connexion qui y est ouverte.",
        ),
        Language::Italian => (
            "Questa risposta appartiene a un altro accesso",
            "Torni a Ledgerpost e segua l’accesso che vi è aperto.",
        ),
        Language::Portuguese => (
            "Esta resposta pertence a outro login",
            "Volte ao Ledgerpost e siga o login que está aberto lá.",
        ),
        Language::Spanish => (
            "Esta respuesta pertenece a otro inicio de sesión",
            "Vuelva a Ledgerpost y siga el inicio de sesión que está abierto allí.",
        ),
    }
}

const fn nothing_here(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::English => (
            "Nothing here",
            "This address is for Ledgerpost’s sign-in only. You can close this page.",
        ),
        Language::German => (
            "Hier ist nichts",
            "Diese Adresse dient nur der Anmeldung von Ledgerpost. Sie können diese Seite schließen.",
        ),
        Language::French => (
            "Rien ici",
            "Cette adresse sert uniquement à la connexion de Ledgerpost. Vous pouvez fermer cette page.",
        ),
        Language::Italian => (
            "Qui non c’è nulla",
            "Questo indirizzo serve solo all’accesso di Ledgerpost. Può chiudere questa pagina.",
        ),
        Language::Portuguese => (
            "Não há nada aqui",
            "Este endereço serve apenas para o login do Ledgerpost. Você pode fechar esta página.",
        ),
        Language::Spanish => (
            "Aquí no hay nada",
            "Esta dirección solo sirve para el inicio de sesión de Ledgerpost. Puede cerrar esta página.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use rstest::rstest;
    use sha2::Digest as _;

    use super::*;

    #[rstest]
    #[case::german("de-AT,de;q=0.9,en;q=0.8", Language::German)]
    #[case::the_first_that_is_spoken("sv-SE, nl;q=0.9, fr;q=0.5, en;q=0.3", Language::French)]
    #[case::written_by_hand("PT", Language::Portuguese)]
    #[case::a_longer_word_is_another_language("deu,es", Language::Spanish)]
    #[case::any("*", Language::English)]
    #[case::none("", Language::English)]
    #[case::nonsense("\u{1f980};;,-", Language::English)]
    fn the_browser_says_which_language(#[case] accept: &str, #[case] language: Language) {
        assert_eq!(Language::of_browser(accept), language);
    }

    #[test]
    fn the_policy_lets_the_style_in() {
        let hash = base64::prelude::BASE64_STANDARD.encode(sha2::Sha256::digest(STYLE));
        assert_eq!(STYLE_HASH, hash);
    }

    #[test]
    fn no_page_is_left_in_english() {
        let pages = [
            Page::Done,
            Page::NotConnected,
            Page::Already,
            Page::NotOurs,
            Page::NotFound,
        ];
        let others = [
            Language::German,
            Language::French,
            Language::Italian,
            Language::Portuguese,
            Language::Spanish,
        ];
        for page in pages {
            let (title, text) = page.words(Language::English);
            for language in others {
                let (its_title, its_text) = page.words(language);
                assert!(
                    its_title != title && its_text != text,
                    "{page:?} {language:?}"
                );
            }
        }
    }
}
