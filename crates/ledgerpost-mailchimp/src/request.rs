//! Requests as data: the same builders serve direct calls and batches.

use std::fmt;

use serde::Serialize;
use url::Url;

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    Get,
    /// Creates or acts.
    Post,
    /// Creates or replaces.
    Put,
    /// Changes.
    Patch,
    /// Removes, or archives a member.
    Delete,
}

impl Method {
    /// The method's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// One request below `/3.0`. Prints as method and template only: path, query and body may hold
/// personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    method: Method,
    endpoint: &'static str,
    path: String,
    query: Vec<(&'static str, String)>,
    body: Option<String>,
    repeatable: bool,
}

impl Request {
    /// Makes a request. `endpoint` is method and path template, as in `GET /lists/{list_id}`; its
    /// placeholders are filled in order with `ids`.
    pub(crate) fn new(endpoint: &'static str, ids: &[&str]) -> Self {
        let (method, template) = endpoint
            .split_once(' ')
            .expect("endpoints are a method, a space and a template");
        let method = match method {
            "GET" => Method::Get,
            "POST" => Method::Post,
            "PUT" => Method::Put,
            "PATCH" => Method::Patch,
            "DELETE" => Method::Delete,
            _ => unreachable!("endpoints begin with one of the five methods"),
        };
        Self {
            method,
            endpoint,
            path: fill(template, ids),
            query: Vec::new(),
            body: None,
            repeatable: true,
        }
    }

    /// Marks a write that must not be sent again before somebody has looked whether it took effect.
    /// All others either do the same twice, or are refused the second time in a way that says so.
    pub(crate) const fn only_once(mut self) -> Self {
        self.repeatable = false;
        self
    }

    pub(crate) const fn is_repeatable(&self) -> bool {
        self.repeatable
    }

    pub(crate) fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// Sets the body. Kept as text, because amounts must keep their digits and a batch carries text.
    pub(crate) fn body<T: Serialize>(mut self, body: &T) -> Self {
        let text = serde_json::to_string(body).expect("bodies are plain data with text keys");
        self.body = Some(text);
        self
    }

    /// Takes the body out.
    pub(crate) fn take_body(&mut self) -> Option<String> {
        self.body.take()
    }

    /// The method.
    pub const fn method(&self) -> Method {
        self.method
    }

    /// Method and path template: what may be logged.
    pub const fn endpoint(&self) -> &'static str {
        self.endpoint
    }

    /// The path template.
    pub(crate) fn template(&self) -> &'static str {
        self.endpoint
            .split_once(' ')
            .map_or(self.endpoint, |(_, template)| template)
    }

    /// The path below `/3.0`, with a leading slash, encoded.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query's names and values, not encoded.
    pub fn query_pairs(&self) -> &[(&'static str, String)] {
        &self.query
    }

    /// The body, JSON.
    pub fn body_text(&self) -> Option<&str> {
        self.body.as_deref()
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({})", self.endpoint)
    }
}

/// A write that is done when Mailchimp answers with 2xx: nothing in the answer can hide a failure.
/// Only these may go into a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write(Request);

impl Write {
    pub(crate) const fn new(request: Request) -> Self {
        Self(request)
    }

    /// The request.
    pub const fn request(&self) -> &Request {
        &self.0
    }
}

/// Fills the placeholders of a template with encoded ids.
fn fill(template: &str, ids: &[&str]) -> String {
    let mut url = Url::parse("https://localhost/").expect("a constant address");
    let mut ids = ids.iter();
    {
        let mut segments = url
            .path_segments_mut()
            .expect("an https address has path segments");
        segments.clear();
        for part in template.split('/').skip(1) {
            if part.starts_with('{') {
                segments.push(ids.next().expect("one id for each placeholder"));
            } else {
                segments.push(part);
            }
        }
    }
    url.path().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_cannot_leave_their_place_in_the_path() {
        let request = Request::new("GET /lists/{list_id}/members", &["a/b?c#d"]);
        assert_eq!(request.path(), "/lists/a%2Fb%3Fc%23d/members");
    }

    #[test]
    fn the_root_is_a_slash() {
        assert_eq!(Request::new("GET /", &[]).path(), "/");
    }

    #[test]
    fn debug_output_shows_the_template_only() {
        let request = Request::new("GET /lists/{list_id}", &["canary"]).query("fields", "canary");
        assert_eq!(format!("{request:?}"), "Request(GET /lists/{list_id})");
    }
}
