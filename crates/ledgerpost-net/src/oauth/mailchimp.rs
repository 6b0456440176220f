//! Where a Mailchimp account's API is.

use serde::Deserialize;
use url::Url;

use crate::error::{NetError, SignInError, TokenError};
use crate::http::{RequestSpec, StatusCode, Transport, is_loopback};
use crate::secret::Secret;
use crate::services::{MailchimpService, Service};

const MAILCHIMP: &str = Service::Mailchimp.name();

/// What the metadata say about a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailchimpPlace {
    /// The API without `/3.0`.
    pub api_base_url: Url,
    /// The account's name, for the screen.
    pub account_name: Option<String>,
    /// `owner`, `admin`, `manager`, `author`, `viewer`; the last two may not sync
    /// (`mailchimp.md` 1.5).
    pub role: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    api_endpoint: Option<String>,
    dc: Option<String>,
    accountname: Option<String>,
    role: Option<String>,
}

/// Asks where the account of a token lives.
///
/// # Errors
///
/// [`SignInError::TokenUnusable`] for a bad token, which Mailchimp reports with a status of 200 and
/// no `api_endpoint` (`mailchimp.md` 1.4).
pub async fn find_mailchimp(
    service: &MailchimpService,
    transport: &Transport,
    token: &Secret,
) -> Result<MailchimpPlace, NetError> {
    let request = RequestSpec::get(service.metadata_url.clone(), "oauth:metadata")
        .authorization("OAuth", token)?;
    let answer = transport.send(&request).await?;
    if answer.status == StatusCode::TOO_MANY_REQUESTS || answer.status.is_server_error() {
        return Err(TokenError::Unavailable {
            service: MAILCHIMP,
            status: answer.status.as_u16(),
            wait: answer.retry_after(),
        }
        .into());
    }
    let unusable = SignInError::TokenUnusable { service: MAILCHIMP };
    let Ok(metadata) = serde_json::from_slice::<Metadata>(&answer.body) else {
        return Err(unusable.into());
    };
    let endpoint = metadata
        .api_endpoint
        .as_deref()
        .and_then(|text| Url::parse(text).ok())
        .filter(|url| url.scheme() == "https" || is_loopback(url))
        .or_else(|| metadata.dc.as_deref().and_then(data_center_url));
    match endpoint {
        Some(endpoint) => Ok(MailchimpPlace {
            api_base_url: service.api_base_url.clone().unwrap_or(endpoint),
            account_name: metadata.accountname,
            role: metadata.role,
        }),
        None => Err(unusable.into()),
    }
}

/// Where the account of an API key lives: its suffix names the data centre (`mailchimp.md` 1.7).
///
/// # Errors
///
/// [`SignInError::ApiKey`] for text that is no API key.
pub fn api_base_for_key(service: &MailchimpService, key: &Secret) -> Result<Url, SignInError> {
    let from_suffix = key
        .expose()
        .trim()
        .rsplit_once('-')
        .filter(|(key, _)| !key.is_empty())
        .and_then(|(_, data_center)| data_center_url(data_center))
        .ok_or(SignInError::ApiKey)?;
    Ok(service.api_base_url.clone().unwrap_or(from_suffix))
}

/// Only letters then digits (`us19`): the text becomes part of the host that gets the token.
fn data_center_url(data_center: &str) -> Option<Url> {
    let letters = data_center.trim_end_matches(|c: char| c.is_ascii_digit());
    let fits = data_center.len() <= 8
        && !letters.is_empty()
        && letters.len() < data_center.len()
        && letters.bytes().all(|byte| byte.is_ascii_lowercase());
    fits.then(|| Url::parse(&format!("https://{data_center}.api.mailchimp.com")).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::services::Services;

    #[rstest]
    #[case(
        "0123456789abcdef0123456789abcdef-us19",
        Some("https://us19.api.mailchimp.com/")
    )]
    #[case(
        " 0123456789abcdef0123456789abcdef-us6\n",
        Some("https://us6.api.mailchimp.com/")
    )]
    #[case("0123456789abcdef0123456789abcdef", None)]
    #[case("key-evil.test/", None)]
    #[case("-us19", None)]
    #[case("key-19", None)]
    #[case("", None)]
    fn a_key_says_where_its_account_lives(#[case] key: &str, #[case] expected: Option<&str>) {
        let found = api_base_for_key(&Services::built_in().mailchimp, &Secret::new(key)).ok();
        assert_eq!(found.as_ref().map(Url::as_str), expected);
    }
}
