//! The account behind a sign-in.

use ledgerpost_core::ids::AccountId;
use serde::Deserialize;

use crate::client::Client;
use crate::error::Error;
use crate::request::Request;

/// The account behind a sign-in (`mailchimp.md` 1.5).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Root {
    /// Keys the connection.
    pub account_id: AccountId,
    /// The account's name.
    #[serde(default)]
    pub account_name: String,
    /// The address of the user who signed in.
    #[serde(default)]
    pub email: Option<String>,
    /// The role of the user who signed in.
    #[serde(default)]
    pub role: String,
    /// `monthly`, `pay_as_you_go` or `forever_free`.
    #[serde(default)]
    pub pricing_plan_type: Option<String>,
    /// All subscribers of the account.
    #[serde(default)]
    pub total_subscribers: Option<u64>,
    /// IANA name.
    #[serde(default)]
    pub account_timezone: Option<String>,
}

/// Reads the account.
pub fn read_root() -> Request {
    Request::new("GET /", &[]).query(
        "fields",
        "account_id,account_name,email,role,pricing_plan_type,total_subscribers,account_timezone",
    )
}

impl Client {
    /// Reads the account behind the sign-in.
    pub async fn read_root(&self) -> Result<Root, Error> {
        self.read(&read_root()).await
    }

    /// Reads the account and checks that it is the connection's: a user with several accounts picks
    /// one on Mailchimp's page and may pick another one the next time (`mailchimp.md` 1.5).
    pub async fn read_root_of(&self, expected: &AccountId) -> Result<Root, Error> {
        let root = self.read_root().await?;
        if root.account_id == *expected {
            Ok(root)
        } else {
            Err(Error::WrongAccount {
                expected: expected.clone(),
                found: root.account_id,
            })
        }
    }
}
