//! What the browser brings back: read from a request of the browser or from pasted text. Comes from
//! outside, so nothing in it is trusted before the state was compared.

use ledgerpost_core::ids::RealmId;
use url::{Url, form_urlencoded};

use crate::error::{ServiceWord, SignInError};
use crate::secret::Secret;

/// Codes have up to 512 characters (`quickbooks-online.md` 1.3); anything far beyond is no code.
const LONGEST_CODE: usize = 2048;
/// Company ids have 10 to 20 digits.
const LONGEST_REALM: usize = 32;

/// The unguessable text that ties an answer to this sign-in. `<random>`, or `<port>.<random>` when
/// a relay page has to find the way back.
#[derive(Debug, Clone)]
pub struct SignInState(Secret);

impl SignInState {
    /// For a browser that comes back to this computer by itself.
    pub fn new(random: Secret) -> Self {
        Self(random)
    }

    /// For a relay page, which reads the port out of it.
    pub fn relayed(port: u16, random: &Secret) -> Self {
        Self(Secret::new(format!("{port}.{}", random.expose())))
    }

    /// The text.
    pub fn secret(&self) -> &Secret {
        &self.0
    }
}

/// A good answer.
#[derive(Debug, Clone)]
pub struct Callback {
    /// To be exchanged once.
    pub code: Secret,
    /// The QuickBooks company.
    pub realm: Option<RealmId>,
}

/// Reads the address that the browser ended on: the whole address or only what follows the `?`.
///
/// # Errors
///
/// [`SignInError::NoCode`] and [`SignInError::WrongState`] for text that is of no use;
/// [`SignInError::Declined`] and [`SignInError::Refused`] when the service ended the sign-in.
pub fn parse_pasted(text: &str, state: &SignInState) -> Result<Callback, SignInError> {
    let text = text.trim().trim_matches(['"', '\'', '<', '>']);
    let query = match Url::parse(text) {
        Ok(url) => url.query().unwrap_or_default().to_owned(),
        Err(_) => match text.split_once('?') {
            Some((_, query)) => query.split('#').next().unwrap_or_default().to_owned(),
            None => text.to_owned(),
        },
    };
    parse_query(&query, state)
}

/// Reads the query of a callback. The state comes first: without it even an error is not believed.
pub(super) fn parse_query(query: &str, state: &SignInState) -> Result<Callback, SignInError> {
    let fields = Fields::read(query).ok_or(SignInError::NoCode)?;
    match fields.state {
        None if fields.code.is_none() && fields.error.is_none() => return Err(SignInError::NoCode),
        Some(found) if found == *state.secret() => {}
        _ => return Err(SignInError::WrongState),
    }
    match fields.error.as_deref() {
        Some("access_denied") => return Err(SignInError::Declined),
        Some(word) => {
            return Err(SignInError::Refused {
                word: ServiceWord::new(word),
            });
        }
        None => {}
    }
    let code = fields
        .code
        .filter(|code| !code.is_blank() && code.expose().len() <= LONGEST_CODE)
        .ok_or(SignInError::NoCode)?;
    Ok(Callback {
        code,
        realm: fields.realm,
    })
}

#[derive(Default)]
struct Fields {
    state: Option<Secret>,
    code: Option<Secret>,
    error: Option<String>,
    realm: Option<RealmId>,
}

impl Fields {
    /// `None` when a field is there twice: then it is not clear which one to believe.
    fn read(query: &str) -> Option<Self> {
        let mut fields = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let twice = match name.as_ref() {
                "state" => fields.state.replace(Secret::new(value)).is_some(),
                "code" => fields.code.replace(Secret::new(value)).is_some(),
                "error" => fields.error.replace(value.into_owned()).is_some(),
                "realmId" => match realm(&value) {
                    Some(realm) => fields.realm.replace(realm).is_some(),
                    None => return None,
                },
                _ => false,
            };
            if twice {
                return None;
            }
        }
        Some(fields)
    }
}

/// Digits only: the id becomes part of addresses and of file names.
fn realm(text: &str) -> Option<RealmId> {
    let fits = !text.is_empty()
        && text.len() <= LONGEST_REALM
        && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| RealmId::new(text))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn state() -> SignInState {
        SignInState::new(Secret::new("st-ate_1"))
    }

    #[rstest]
    #[case::address("http://localhost:17865/callback?code=abc&state=st-ate_1&realmId=4620816365")]
    #[case::relay("https://relay.test/?state=st-ate_1&code=abc&realmId=4620816365#top")]
    #[case::query_only("code=abc&state=st-ate_1&realmId=4620816365")]
    #[case::no_scheme("localhost:17865/callback?code=abc&state=st-ate_1&realmId=4620816365")]
    #[case::quoted(" \"https://relay.test/?code=abc&state=st-ate_1&realmId=4620816365\"\n")]
    fn pasted_text_is_understood_in_any_form(#[case] text: &str) {
        let callback = parse_pasted(text, &state()).unwrap();
        assert_eq!(callback.code, Secret::new("abc"));
        assert_eq!(callback.realm, Some(RealmId::new("4620816365")));
    }

    #[rstest]
    #[case::nothing("", "no_code")]
    #[case::other_page("https://appcenter.intuit.com/", "no_code")]
    #[case::no_state("code=abc", "wrong_state")]
    #[case::wrong_state("code=abc&state=other", "wrong_state")]
    #[case::error_with_wrong_state("error=access_denied&state=other", "wrong_state")]
    #[case::declined("error=access_denied&state=st-ate_1", "sign_in_declined")]
    #[case::refused("error=invalid_scope&state=st-ate_1", "sign_in_refused")]
    #[case::twice("code=abc&code=abd&state=st-ate_1", "no_code")]
    #[case::path_in_realm("code=abc&state=st-ate_1&realmId=../../etc", "no_code")]
    fn what_is_of_no_use_is_named(#[case] text: &str, #[case] code: &str) {
        assert_eq!(parse_pasted(text, &state()).unwrap_err().code(), code);
    }

    proptest! {
        #[test]
        fn nothing_that_is_pasted_panics_or_shows_up_in_an_error(text in ".{0,200}") {
            if let Err(error) = parse_pasted(&format!("state=st-ate_1&error=CANARY{text}"), &state()) {
                let shown = format!("{error} {error:?}");
                prop_assert!(!shown.contains("CANARY"));
            }
            drop(parse_pasted(&text, &state()));
        }

        #[test]
        fn an_answer_without_the_state_is_never_accepted(code in "[a-z]{1,20}", other in "[a-zA-Z0-9._-]{0,40}") {
            prop_assume!(other != "st-ate_1");
            let query = format!("code={code}&state={other}&realmId=1");
            prop_assert!(parse_query(&query, &state()).is_err());
        }
    }
}
