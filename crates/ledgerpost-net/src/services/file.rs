//! Reads the services file. Whatever it leaves out keeps its built-in value.

use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;
use url::Url;

use super::{
    ClientKeys, Environment, MailchimpService, QuickBooksService, RedirectUri, Services, VERSION,
    built_in,
};
use crate::error::{FieldProblem, ServicesError};
use crate::http::is_loopback;
use crate::secret::Secret;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[expect(dead_code, reason = "checked before the rest is read")]
    version: u64,
    quickbooks: Option<QuickBooks>,
    mailchimp: Option<Mailchimp>,
    /// Reserved: written by the simulator, not read yet.
    #[expect(dead_code, reason = "accepted and not used")]
    hubspot: Option<IgnoredAny>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct QuickBooks {
    environment: Option<Environment>,
    authorize_url: Option<String>,
    token_url: Option<String>,
    revoke_url: Option<String>,
    userinfo_url: Option<String>,
    api_base_url: Option<String>,
    client_id: Option<String>,
    client_secret: Option<Secret>,
    redirect_uri: Option<String>,
    loopback_port: Option<u16>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Mailchimp {
    authorize_url: Option<String>,
    token_url: Option<String>,
    metadata_url: Option<String>,
    api_base_url: Option<String>,
    client_id: Option<String>,
    client_secret: Option<Secret>,
    redirect_uri: Option<String>,
    loopback_port: Option<u16>,
}

#[derive(Deserialize)]
struct VersionOnly {
    version: Option<u64>,
}

pub(super) fn load(path: &Path) -> Result<Services, ServicesError> {
    let text = std::fs::read_to_string(path).map_err(|source| ServicesError::Read {
        path: path.to_owned(),
        source,
    })?;
    Reader { path }.read(&text)
}

struct Reader<'a> {
    path: &'a Path,
}

impl Reader<'_> {
    fn read(&self, text: &str) -> Result<Services, ServicesError> {
        self.check_version(text)?;
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let file: File = serde_path_to_error::deserialize(&mut deserializer)
            .map_err(|error| self.explain(&error.path().to_string(), error.inner()))?;
        deserializer.end().map_err(|error| self.syntax(&error))?;
        Ok(Services {
            version: VERSION,
            quickbooks: self.quickbooks(file.quickbooks.unwrap_or_default())?,
            mailchimp: self.mailchimp(file.mailchimp.unwrap_or_default())?,
        })
    }

    /// First of all, so that a newer file is called newer and not wrong.
    fn check_version(&self, text: &str) -> Result<(), ServicesError> {
        let found: VersionOnly =
            serde_json::from_str(text).map_err(|error| match error.classify() {
                serde_json::error::Category::Data => self.field("version", FieldProblem::WrongKind),
                _ => self.syntax(&error),
            })?;
        match found.version {
            Some(version) if version == u64::from(VERSION) => Ok(()),
            Some(found) => Err(ServicesError::Version {
                path: self.path.to_owned(),
                found,
            }),
            None => Err(self.field("version", FieldProblem::Missing)),
        }
    }

    fn quickbooks(&self, part: QuickBooks) -> Result<QuickBooksService, ServicesError> {
        let at = |name: &str| format!("quickbooks.{name}");
        let base = built_in::quickbooks(part.environment.unwrap_or_default());
        Ok(QuickBooksService {
            environment: base.environment,
            authorize_url: self.url(
                &at("authorize_url"),
                part.authorize_url.as_deref(),
                base.authorize_url,
            )?,
            token_url: self.url(&at("token_url"), part.token_url.as_deref(), base.token_url)?,
            revoke_url: self.url(
                &at("revoke_url"),
                part.revoke_url.as_deref(),
                base.revoke_url,
            )?,
            userinfo_url: self.url(
                &at("userinfo_url"),
                part.userinfo_url.as_deref(),
                base.userinfo_url,
            )?,
            api_base_url: self.url(
                &at("api_base_url"),
                part.api_base_url.as_deref(),
                base.api_base_url,
            )?,
            client: self.keys(
                "quickbooks",
                part.client_id,
                part.client_secret,
                base.client,
            )?,
            redirect_uri: self.redirect(
                &at("redirect_uri"),
                part.redirect_uri.as_deref(),
                base.redirect_uri,
            )?,
            loopback_port: part.loopback_port.unwrap_or(base.loopback_port),
        })
    }

    fn mailchimp(&self, part: Mailchimp) -> Result<MailchimpService, ServicesError> {
        let at = |name: &str| format!("mailchimp.{name}");
        let base = built_in::mailchimp();
        let api_base_url = match part.api_base_url.as_deref() {
            Some(text) => Some(self.checked(&at("api_base_url"), text)?),
            None => base.api_base_url,
        };
        Ok(MailchimpService {
            authorize_url: self.url(
                &at("authorize_url"),
                part.authorize_url.as_deref(),
                base.authorize_url,
            )?,
            token_url: self.url(&at("token_url"), part.token_url.as_deref(), base.token_url)?,
            metadata_url: self.url(
                &at("metadata_url"),
                part.metadata_url.as_deref(),
                base.metadata_url,
            )?,
            api_base_url,
            client: self.keys("mailchimp", part.client_id, part.client_secret, base.client)?,
            redirect_uri: self.redirect(
                &at("redirect_uri"),
                part.redirect_uri.as_deref(),
                base.redirect_uri,
            )?,
            loopback_port: part.loopback_port.unwrap_or(base.loopback_port),
        })
    }

    fn url(&self, field: &str, text: Option<&str>, base: Url) -> Result<Url, ServicesError> {
        text.map_or(Ok(base), |text| self.checked(field, text))
    }

    fn checked(&self, field: &str, text: &str) -> Result<Url, ServicesError> {
        let url = Url::parse(text)
            .ok()
            .filter(Url::has_host)
            .ok_or_else(|| self.field(field, FieldProblem::NotAnAddress))?;
        if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
            return Err(self.field(field, FieldProblem::NotSecure));
        }
        let plain = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !plain {
            return Err(self.field(field, FieldProblem::ExtraParts));
        }
        Ok(url)
    }

    fn redirect(
        &self,
        field: &str,
        text: Option<&str>,
        base: RedirectUri,
    ) -> Result<RedirectUri, ServicesError> {
        let Some(text) = text else { return Ok(base) };
        self.checked(field, text)?;
        RedirectUri::parse(text).ok_or_else(|| self.field(field, FieldProblem::NotAnAddress))
    }

    /// Id and secret belong together: one from the file with the other built in fits nothing.
    fn keys(
        &self,
        service: &str,
        id: Option<String>,
        secret: Option<Secret>,
        base: Option<ClientKeys>,
    ) -> Result<Option<ClientKeys>, ServicesError> {
        match (id, secret) {
            (None, None) => Ok(base),
            (Some(client_id), Some(client_secret)) => Ok(Some(ClientKeys {
                client_id,
                client_secret,
            })),
            (Some(_), None) => Err(self.field(&format!("{service}.client_id"), FieldProblem::Half)),
            (None, Some(_)) => {
                Err(self.field(&format!("{service}.client_secret"), FieldProblem::Half))
            }
        }
    }

    /// serde's own words may quote the value, and the value may be a secret: they are read, not shown.
    fn explain(&self, path: &str, error: &serde_json::Error) -> ServicesError {
        if error.classify() != serde_json::error::Category::Data {
            return self.syntax(error);
        }
        let words = error.to_string();
        let problem = if words.starts_with("unknown field") {
            FieldProblem::Unknown
        } else if words.starts_with("missing field") {
            FieldProblem::Missing
        } else {
            FieldProblem::WrongKind
        };
        self.field(path, problem)
    }

    fn syntax(&self, error: &serde_json::Error) -> ServicesError {
        ServicesError::Syntax {
            path: self.path.to_owned(),
            line: error.line(),
            column: error.column(),
        }
    }

    fn field(&self, field: &str, problem: FieldProblem) -> ServicesError {
        ServicesError::Field {
            path: self.path.to_owned(),
            field: field.to_owned(),
            problem,
        }
    }
}
