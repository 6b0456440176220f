//! From errors to what the window is told. Every match is exhaustive: a new error does not compile
//! until somebody has said what the window does about it.

use std::time::Duration;

use ledgerpost_app::AppError;
use ledgerpost_core::retry::Retry;
use ledgerpost_engine::EngineError;
use ledgerpost_ipc::settings::Service as WireService;
use ledgerpost_ipc::{ErrorCode, WireError};
use ledgerpost_mailchimp::{Error as MailchimpError, Reason};
use ledgerpost_net::NetError;
use ledgerpost_net::error::{HttpError, SecretsError, SignInError, TokenError};
use ledgerpost_net::services::Service;
use ledgerpost_qbo::Error as QuickBooksError;
use ledgerpost_store::Error as StoreError;

use crate::error::DeskError;
use crate::look::LookError;

impl DeskError {
    /// What the window is told.
    pub fn wire(&self) -> WireError {
        let wait = match self.retry() {
            Retry::Transient { wait } => wait,
            Retry::Permanent | Retry::Offline | Retry::SignIn => None,
        };
        WireError {
            code: desk(self),
            message: format!("{self} [{}]", self.code()),
            hint: hint(self),
            retry_after_seconds: wait.map(seconds),
            service: service(self),
        }
    }

    /// Whether the owner stopped it.
    pub(crate) fn is_stop(&self) -> bool {
        desk(self) == ErrorCode::Stopped
    }
}

fn seconds(wait: Duration) -> u32 {
    u32::try_from(wait.as_secs()).unwrap_or(u32::MAX)
}

fn desk(error: &DeskError) -> ErrorCode {
    match error {
        DeskError::App(error) => app(error),
        DeskError::Look(error) => look(error),
        DeskError::Busy { .. } => ErrorCode::Busy,
        DeskError::UnknownCommand | DeskError::BadRequest { .. } => ErrorCode::BadRequest,
        DeskError::NotFound { .. } => ErrorCode::NotFound,
        DeskError::Invalid { .. } => ErrorCode::Invalid,
        DeskError::PlanChanged => ErrorCode::PlanChanged,
        DeskError::ApiKeyRefused(_) => ErrorCode::ApiKeyRefused,
        DeskError::NoMoreAudiences => ErrorCode::NoMoreAudiences,
        DeskError::File { .. } => ErrorCode::FileFailed,
        DeskError::System { .. } | DeskError::Demo(_) | DeskError::Thread(_) | DeskError::Fault => {
            ErrorCode::Internal
        }
        DeskError::Closed => ErrorCode::Stopped,
    }
}

fn look(error: &LookError) -> ErrorCode {
    match error {
        LookError::Store(error) => store(error),
        LookError::File { .. } => ErrorCode::FileFailed,
        LookError::GroundsMissing { .. } => ErrorCode::GroundsMissing,
        LookError::NotFound { .. } => ErrorCode::NotFound,
        LookError::Invalid { .. } => ErrorCode::Invalid,
    }
}

fn app(error: &AppError) -> ErrorCode {
    match error {
        AppError::Store(error) => store(error),
        AppError::Net(error) => net(error, None),
        AppError::Engine(error) => engine(error),
        AppError::Mailchimp(error) => mailchimp(error),
        AppError::QuickBooks(error) => quickbooks(error),
        AppError::NoInternet(_) => ErrorCode::Offline,
        AppError::NoCompany
        | AppError::UnknownCompany { .. }
        | AppError::UnknownAudience { .. } => ErrorCode::NotFound,
        AppError::WhichCompany { .. } | AppError::AmbiguousAudience { .. } => ErrorCode::BadRequest,
        AppError::NoAccount => ErrorCode::SignInMailchimp,
        AppError::NotLinked { .. } | AppError::Disconnected { .. } => ErrorCode::NotConnected,
        AppError::LinkedElsewhere { .. } => ErrorCode::LinkedElsewhere,
        AppError::GroundsMissing => ErrorCode::GroundsMissing,
        AppError::RoleTooLow { .. } => ErrorCode::RoleTooLow,
        AppError::NoRealm => ErrorCode::SignInQuickbooks,
    }
}

fn engine(error: &EngineError) -> ErrorCode {
    match error {
        EngineError::QuickBooks(error) => quickbooks(error),
        EngineError::Mailchimp(error) => mailchimp(error),
        EngineError::Store(error) => store(error),
        EngineError::Plan(_) => ErrorCode::Internal,
        EngineError::Archive { source, .. } => file(source),
        EngineError::Stopped => ErrorCode::Stopped,
        EngineError::AudienceGone => ErrorCode::AudienceGone,
        EngineError::StoreElsewhere => ErrorCode::LinkedElsewhere,
        EngineError::WouldMail { .. } => ErrorCode::WouldMail,
        EngineError::StatusMoved { .. } => ErrorCode::StatusMoved,
        EngineError::CannotUndo { .. } => ErrorCode::CannotUndo,
        EngineError::NotApproved => ErrorCode::PlanChanged,
        EngineError::Unsettled { .. } => ErrorCode::ServiceDown,
    }
}

/// `of` is the service that was talked to, where the error does not say it.
fn net(error: &NetError, of: Option<Service>) -> ErrorCode {
    match error {
        NetError::Http(error) => http(error),
        NetError::Services(_) => ErrorCode::ServicesFile,
        NetError::Secrets(error) => secrets(error),
        NetError::SignIn(error) => sign_in(error),
        NetError::Token(error) => token(error, of),
        NetError::Shared(error) => net(error, of),
    }
}

fn http(error: &HttpError) -> ErrorCode {
    match error {
        HttpError::Connect { .. } => ErrorCode::Offline,
        HttpError::Timeout { .. } | HttpError::Broken { .. } | HttpError::OutcomeUnknown { .. } => {
            ErrorCode::ServiceDown
        }
        HttpError::Cancelled => ErrorCode::Stopped,
        HttpError::Setup { .. }
        | HttpError::TooLarge { .. }
        | HttpError::InvalidHeader { .. }
        | HttpError::Encode { .. } => ErrorCode::Internal,
    }
}

fn secrets(error: &SecretsError) -> ErrorCode {
    match error {
        SecretsError::NoKeychain { .. }
        | SecretsError::KeychainRefused { .. }
        | SecretsError::KeychainSilent
        | SecretsError::KeychainEntry
        | SecretsError::TooOpen { .. }
        | SecretsError::Damaged { .. } => ErrorCode::KeychainUnavailable,
        SecretsError::PastedKeys { .. } => ErrorCode::KeysRefused,
        SecretsError::NewerFile { .. } => ErrorCode::NewerFiles,
        SecretsError::File { source, .. } => file(source),
        SecretsError::Stopped => ErrorCode::Stopped,
    }
}

fn sign_in(error: &SignInError) -> ErrorCode {
    match error {
        SignInError::NoKeys { service } if *service == Service::QuickBooks.name() => {
            ErrorCode::NoKeysQuickbooks
        }
        SignInError::NoKeys { .. } => ErrorCode::NoKeysMailchimp,
        SignInError::NoPort { .. } => ErrorCode::PortTaken,
        SignInError::Redirect { .. } => ErrorCode::KeysRefused,
        SignInError::Browser { .. } => ErrorCode::Internal,
        SignInError::TimedOut => ErrorCode::SignInTimedOut,
        SignInError::Cancelled => ErrorCode::Stopped,
        SignInError::Declined | SignInError::Refused { .. } => ErrorCode::SignInDeclined,
        SignInError::WrongState | SignInError::NoCode => ErrorCode::PastedAddressUnusable,
        SignInError::NoCompany => ErrorCode::SignInQuickbooks,
        SignInError::ApiKey => ErrorCode::ApiKeyRefused,
        SignInError::TokenUnusable { .. } => ErrorCode::SignInMailchimp,
    }
}

fn token(error: &TokenError, of: Option<Service>) -> ErrorCode {
    match error {
        TokenError::NotSignedIn { account }
        | TokenError::SignInAgain { account }
        | TokenError::Stored { account } => match of {
            Some(Service::QuickBooks) => ErrorCode::SignInQuickbooks,
            // Accounts are written with their service in front.
            None if account.starts_with(Service::QuickBooks.name()) => ErrorCode::SignInQuickbooks,
            Some(Service::Mailchimp) | None => ErrorCode::SignInMailchimp,
        },
        TokenError::Configuration { .. } => ErrorCode::KeysRefused,
        TokenError::Unavailable { .. } | TokenError::Unreadable { .. } | TokenError::Busy => {
            ErrorCode::ServiceDown
        }
        TokenError::Lock { source, .. } => file(source),
        TokenError::Stopped => ErrorCode::Stopped,
    }
}

fn quickbooks(error: &QuickBooksError) -> ErrorCode {
    match error {
        QuickBooksError::SignIn { .. } => ErrorCode::SignInQuickbooks,
        QuickBooksError::RightsLost { .. } => ErrorCode::RightsQuickbooks,
        QuickBooksError::Throttled { .. } => ErrorCode::Throttled,
        QuickBooksError::MonthlyQuota { .. } => ErrorCode::MonthlyQuota,
        QuickBooksError::CompanyUnavailable { .. } | QuickBooksError::CompanyReset { .. } => {
            ErrorCode::CompanyClosed
        }
        QuickBooksError::NotFound { .. }
        | QuickBooksError::BadRecord { .. }
        | QuickBooksError::Refused { .. } => ErrorCode::QuickbooksRefused,
        QuickBooksError::SystemFault { .. } | QuickBooksError::Maintenance { .. } => {
            ErrorCode::ServiceDown
        }
        QuickBooksError::Configuration { .. } => ErrorCode::KeysRefused,
        QuickBooksError::TooLarge { .. }
        | QuickBooksError::TooManyItems { .. }
        | QuickBooksError::Bug { .. }
        | QuickBooksError::ChangesTooOld
        | QuickBooksError::Reply { .. } => ErrorCode::Internal,
        QuickBooksError::Net(error) => net(error, Some(Service::QuickBooks)),
    }
}

fn mailchimp(error: &MailchimpError) -> ErrorCode {
    match error {
        MailchimpError::Refused(refusal) => refused(refusal.reason),
        MailchimpError::Net(error) => net(error, Some(Service::Mailchimp)),
        MailchimpError::WrongAccount { .. } => ErrorCode::SignInMailchimp,
        MailchimpError::ApiKeyFormat => ErrorCode::ApiKeyRefused,
        MailchimpError::OutcomeUnknown { .. }
        | MailchimpError::BatchDeadline { .. }
        | MailchimpError::ResultsMissing
        | MailchimpError::ResultsRefused { .. }
        | MailchimpError::ArchiveDamaged { .. }
        | MailchimpError::ArchiveTooLarge { .. } => ErrorCode::ServiceDown,
        MailchimpError::Unreadable { .. }
        | MailchimpError::TooManyRows { .. }
        | MailchimpError::LinesEmpty => ErrorCode::Internal,
        MailchimpError::BaseUrl => ErrorCode::ServicesFile,
    }
}

fn refused(reason: Reason) -> ErrorCode {
    match reason {
        Reason::SignIn | Reason::WrongDatacenter => ErrorCode::SignInMailchimp,
        Reason::Forbidden => ErrorCode::RoleTooLow,
        Reason::ApiDisabled => ErrorCode::MailchimpLimit,
        Reason::AccountDisabled | Reason::ComplianceDisabled => ErrorCode::MailchimpAccountClosed,
        Reason::Throttled | Reason::TooManyBatches | Reason::TooManySignups => ErrorCode::Throttled,
        Reason::ServerError | Reason::Garbled => ErrorCode::ServiceDown,
        Reason::NotFound => ErrorCode::AudienceGone,
        Reason::StoreExists | Reason::StoreDomainExists => ErrorCode::LinkedElsewhere,
        Reason::UpgradeRequired
        | Reason::MethodNotAllowed
        | Reason::CannotArchive
        | Reason::MemberExists
        | Reason::ComplianceState
        | Reason::Forgotten
        | Reason::FakeEmail
        | Reason::InvalidEmail
        | Reason::InvalidResource
        | Reason::ProductMissing
        | Reason::ProductExists
        | Reason::OrderExists
        | Reason::LineExists
        | Reason::CustomerEmailFixed
        | Reason::BadRequest
        | Reason::Unexpected => ErrorCode::MailchimpRefused,
    }
}

fn store(error: &StoreError) -> ErrorCode {
    match error {
        StoreError::InUse { .. } | StoreError::Locked => ErrorCode::FolderInUse,
        StoreError::NotAFolder { .. }
        | StoreError::NoFolder { .. }
        | StoreError::ReadOnly { .. } => ErrorCode::FolderReadOnly,
        StoreError::DiskFull => ErrorCode::DiskFull,
        StoreError::Newer { .. } => ErrorCode::NewerFiles,
        StoreError::Corrupt | StoreError::Undecodable { .. } => ErrorCode::DamagedFile,
        StoreError::Io { source, .. } => file(source),
        StoreError::Missing { .. } => ErrorCode::NotFound,
        StoreError::InvalidRealm
        | StoreError::Older { .. }
        | StoreError::Unencodable { .. }
        | StoreError::WrongState { .. }
        | StoreError::Migration { .. }
        | StoreError::Sqlite { .. } => ErrorCode::Internal,
    }
}

fn file(error: &std::io::Error) -> ErrorCode {
    match error.kind() {
        std::io::ErrorKind::StorageFull => ErrorCode::DiskFull,
        _ => ErrorCode::FolderReadOnly,
    }
}

/// The service that was spoken to, where the error says it.
fn service(error: &DeskError) -> Option<WireService> {
    match error {
        DeskError::App(AppError::QuickBooks(_) | AppError::Engine(EngineError::QuickBooks(_))) => {
            Some(WireService::Quickbooks)
        }
        DeskError::App(AppError::Mailchimp(_) | AppError::Engine(EngineError::Mailchimp(_)))
        | DeskError::ApiKeyRefused(_)
        | DeskError::NoMoreAudiences => Some(WireService::Mailchimp),
        _ => None,
    }
}

/// What the service itself said to the owner, or which field it is about.
fn hint(error: &DeskError) -> Option<String> {
    match error {
        DeskError::Invalid { field, .. } | DeskError::Look(LookError::Invalid { field, .. }) => {
            Some((*field).to_owned())
        }
        DeskError::App(
            AppError::Mailchimp(MailchimpError::Refused(refusal))
            | AppError::Engine(EngineError::Mailchimp(MailchimpError::Refused(refusal))),
        ) => Some(refusal.words.for_owner().to_owned()).filter(|words| !words.is_empty()),
        DeskError::App(
            AppError::QuickBooks(QuickBooksError::Refused { detail, .. })
            | AppError::Engine(EngineError::QuickBooks(QuickBooksError::Refused { detail, .. })),
        ) => Some(detail.expose().to_owned()).filter(|words| !words.is_empty()),
        DeskError::App(AppError::LinkedElsewhere { audience, .. }) => Some(audience.clone()),
        DeskError::App(AppError::RoleTooLow { role }) => Some(role.clone()),
        DeskError::App(AppError::Store(StoreError::InUse { holder, .. })) => {
            Some(holder.to_string())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ledgerpost_mailchimp::{Refusal, ServiceWords};
    use ledgerpost_qbo::Trace;

    use super::*;

    #[test]
    fn a_service_that_asks_for_slower_requests_is_named() {
        let throttled = || QuickBooksError::Throttled {
            wait: None,
            trace: Trace::default(),
        };
        let refused = MailchimpError::Refused(Refusal {
            reason: Reason::Throttled,
            status: 429,
            fields: Vec::new(),
            words: ServiceWords::new(""),
            instance: None,
        });
        for (error, service) in [
            (AppError::QuickBooks(throttled()), WireService::Quickbooks),
            (
                AppError::Engine(EngineError::QuickBooks(throttled())),
                WireService::Quickbooks,
            ),
            (
                AppError::Engine(EngineError::Mailchimp(refused)),
                WireService::Mailchimp,
            ),
        ] {
            let wire = DeskError::App(error).wire();
            assert_eq!(wire.code, ErrorCode::Throttled);
            assert_eq!(wire.service, Some(service));
        }
        assert_eq!(DeskError::Fault.wire().service, None);
    }
}
