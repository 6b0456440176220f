//! What Mailchimp's refusals mean (`mailchimp.md` 7.1 to 7.4).
//!
//! Titles and details may be localised, `type` may be missing, bodies may be HTML. So a refusal is
//! classified by status, then by title, then by a part of the detail, and there is always a default.

mod classify;

use std::fmt;
use std::time::Duration;

use ledgerpost_core::retry::Retry;

pub use classify::classify;
pub(crate) use classify::classify_row;

/// How long an address that signed up too often is left alone: the shortest wait that people
/// report (`mailchimp.md` 3.6).
const SIGNUPS_WAIT: Duration = Duration::from_mins(5);

/// How long to wait when 500 batches are pending (`mailchimp.md` 2).
pub(crate) const BATCHES_WAIT: Duration = Duration::from_secs(30);

/// Text that Mailchimp wrote. It often names the e-mail address, so it is shown to the owner and
/// never printed, logged or put into an error message.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ServiceWords(String);

impl ServiceWords {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the owner's eyes only.
    pub fn for_owner(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ServiceWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServiceWords({} bytes)", self.0.len())
    }
}

/// A field that Mailchimp named as wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field: a merge tag, or a path such as `lines.item:0`.
    pub field: String,
    /// What is wrong with it.
    pub message: ServiceWords,
}

/// Why Mailchimp refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// 401: the token was revoked, or the key is wrong or disabled.
    SignIn,
    /// 403: the role is too low, or the plan's limit is reached.
    Forbidden,
    /// 402, or 403: the account's API access is off, or a payment is due.
    ApiDisabled,
    /// 403: the account was deactivated.
    AccountDisabled,
    /// 403: the base address is that of another data centre.
    WrongDatacenter,
    /// 503: Mailchimp's compliance team has disabled the method; the owner must contact them.
    ComplianceDisabled,
    /// 426: the connection's encryption is too old.
    UpgradeRequired,
    /// 429, or 403 without a problem document: too many requests at once.
    Throttled,
    /// 429: more than 500 batches are pending.
    TooManyBatches,
    /// 5xx, or 408.
    ServerError,
    /// A client error whose body is no problem document, or one that is known to be spurious.
    Garbled,
    /// 404.
    NotFound,
    /// 405.
    MethodNotAllowed,
    /// 405: bounced, pending and archived people cannot be archived.
    CannotArchive,
    /// The address is already in the audience.
    MemberExists,
    /// The person unsubscribed, bounced or is under review.
    ComplianceState,
    /// The person was permanently deleted; only they can come back.
    Forgotten,
    /// Mailchimp takes the address for fake.
    FakeEmail,
    /// Mailchimp takes the address for invalid.
    InvalidEmail,
    /// The address signed up to many lists lately.
    TooManySignups,
    /// A value or field was refused; [`Refusal::fields`] may say which.
    InvalidResource,
    /// An order names a product that the store does not have.
    ProductMissing,
    /// The store has a product with this id.
    ProductExists,
    /// The store has an order with this id.
    OrderExists,
    /// The order has a line with this id.
    LineExists,
    /// A customer's address cannot change.
    CustomerEmailFixed,
    /// The account has a store with this domain.
    StoreDomainExists,
    /// The account has a store with this id.
    StoreExists,
    /// Any other 4xx with a problem document.
    BadRequest,
    /// A status that no request of ours should get.
    Unexpected,
}

impl Reason {
    const ALL: [Self; 30] = [
        Self::SignIn,
        Self::Forbidden,
        Self::ApiDisabled,
        Self::AccountDisabled,
        Self::WrongDatacenter,
        Self::ComplianceDisabled,
        Self::UpgradeRequired,
        Self::Throttled,
        Self::TooManyBatches,
        Self::ServerError,
        Self::Garbled,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::CannotArchive,
        Self::MemberExists,
        Self::ComplianceState,
        Self::Forgotten,
        Self::FakeEmail,
        Self::InvalidEmail,
        Self::TooManySignups,
        Self::InvalidResource,
        Self::ProductMissing,
        Self::ProductExists,
        Self::OrderExists,
        Self::LineExists,
        Self::CustomerEmailFixed,
        Self::StoreDomainExists,
        Self::StoreExists,
        Self::BadRequest,
        Self::Unexpected,
    ];

    /// The reason whose [words](Self::words) were kept, because Mailchimp gave none of its own; nothing
    /// for Mailchimp's words.
    pub fn kept_as(words: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.words() == words)
    }

    /// A stable word for exports, filters and translations.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Forbidden => "forbidden",
            Self::ApiDisabled => "api_disabled",
            Self::AccountDisabled => "account_disabled",
            Self::WrongDatacenter => "wrong_datacenter",
            Self::ComplianceDisabled => "compliance_disabled",
            Self::UpgradeRequired => "upgrade_required",
            Self::Throttled => "throttled",
            Self::TooManyBatches => "too_many_batches",
            Self::ServerError => "server_error",
            Self::Garbled => "garbled",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::CannotArchive => "cannot_archive",
            Self::MemberExists => "member_exists",
            Self::ComplianceState => "compliance_state",
            Self::Forgotten => "forgotten",
            Self::FakeEmail => "fake_email",
            Self::InvalidEmail => "invalid_email",
            Self::TooManySignups => "too_many_signups",
            Self::InvalidResource => "invalid_resource",
            Self::ProductMissing => "product_missing",
            Self::ProductExists => "product_exists",
            Self::OrderExists => "order_exists",
            Self::LineExists => "line_exists",
            Self::CustomerEmailFixed => "customer_email_fixed",
            Self::StoreDomainExists => "store_domain_exists",
            Self::StoreExists => "store_exists",
            Self::BadRequest => "bad_request",
            Self::Unexpected => "unexpected",
        }
    }

    /// Whether to try again (`mailchimp.md` 7.4).
    pub const fn retry(self) -> Retry {
        match self {
            Self::SignIn => Retry::SignIn,
            Self::Throttled | Self::ServerError | Self::Garbled => Retry::Transient { wait: None },
            Self::TooManyBatches => Retry::Transient {
                wait: Some(BATCHES_WAIT),
            },
            Self::TooManySignups => Retry::Transient {
                wait: Some(SIGNUPS_WAIT),
            },
            Self::Forbidden
            | Self::ApiDisabled
            | Self::AccountDisabled
            | Self::WrongDatacenter
            | Self::ComplianceDisabled
            | Self::UpgradeRequired
            | Self::NotFound
            | Self::MethodNotAllowed
            | Self::CannotArchive
            | Self::MemberExists
            | Self::ComplianceState
            | Self::Forgotten
            | Self::FakeEmail
            | Self::InvalidEmail
            | Self::InvalidResource
            | Self::ProductMissing
            | Self::ProductExists
            | Self::OrderExists
            | Self::LineExists
            | Self::CustomerEmailFixed
            | Self::StoreDomainExists
            | Self::StoreExists
            | Self::BadRequest
            | Self::Unexpected => Retry::Permanent,
        }
    }

    /// Whether the whole connection is concerned, so that the next record would fare no better.
    /// Such a refusal stops a run; any other one belongs to its record.
    pub const fn stops_everything(self) -> bool {
        matches!(
            self,
            Self::SignIn
                | Self::Forbidden
                | Self::ApiDisabled
                | Self::AccountDisabled
                | Self::WrongDatacenter
                | Self::ComplianceDisabled
                | Self::UpgradeRequired
        )
    }

    /// What happened, in plain words, without anything from the record.
    pub const fn words(self) -> &'static str {
        match self {
            Self::SignIn => "Mailchimp no longer accepts the sign-in; connect again",
            Self::Forbidden => {
                "Mailchimp does not allow this: the role of the user who connected is too low, or \
                 the plan's limit is reached"
            }
            Self::ApiDisabled => {
                "Mailchimp has switched off access for this account; see its billing page or \
                 contact Mailchimp's support"
            }
            Self::AccountDisabled => "the Mailchimp account has been deactivated",
            Self::WrongDatacenter => {
                "the Mailchimp account lives at another address; connect again"
            }
            Self::ComplianceDisabled => {
                "Mailchimp's compliance team has disabled this for the account; contact Mailchimp"
            }
            Self::UpgradeRequired => "Mailchimp refuses this computer's encryption as too old",
            Self::Throttled => "Mailchimp is busy with too many requests of this account",
            Self::TooManyBatches => "Mailchimp has too many batches of this account waiting",
            Self::ServerError => "Mailchimp had a problem of its own",
            Self::Garbled => "Mailchimp gave an answer that cannot be read",
            Self::NotFound => "Mailchimp does not have this record",
            Self::MethodNotAllowed => "Mailchimp does not allow this on this record",
            Self::CannotArchive => {
                "Mailchimp does not archive people who bounced, are pending or are archived already"
            }
            Self::MemberExists => "the address is already in the audience",
            Self::ComplianceState => {
                "the person unsubscribed, bounced or is under review at Mailchimp, and has to sign \
                 up again themselves"
            }
            Self::Forgotten => {
                "the person was permanently deleted at Mailchimp, and has to sign up again \
                 themselves"
            }
            Self::FakeEmail => "Mailchimp takes the address for fake",
            Self::InvalidEmail => "Mailchimp takes the address for invalid",
            Self::TooManySignups => {
                "the address signed up to many lists lately; Mailchimp takes it again later"
            }
            Self::InvalidResource => "Mailchimp refused a value of this record",
            Self::ProductMissing => "the order names a product that Mailchimp does not have",
            Self::ProductExists => "the product is already there",
            Self::OrderExists => "the order is already there",
            Self::LineExists => "the order already has this line",
            Self::CustomerEmailFixed => {
                "Mailchimp does not change the address of a store's customer"
            }
            Self::StoreDomainExists => "the Mailchimp account has a store with this domain",
            Self::StoreExists => "the store is already there",
            Self::BadRequest => "Mailchimp refused this record",
            Self::Unexpected => "Mailchimp gave an answer that is not understood",
        }
    }
}

/// A refusal by Mailchimp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What it means.
    pub reason: Reason,
    /// The HTTP status; 200 for a row that was refused inside an answer of success.
    pub status: u16,
    /// Which fields, where Mailchimp says so.
    pub fields: Vec<FieldProblem>,
    /// Mailchimp's detail.
    pub words: ServiceWords,
    /// `instance`, which Mailchimp's support asks for.
    pub instance: Option<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason.words())
    }
}

#[cfg(test)]
mod tests;
