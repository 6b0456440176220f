//! Words of the store and values of the core as the wire names them.

use ledgerpost_core::change::{CreateStatus, FieldName};
use ledgerpost_core::destination::MemberStatus as CoreStatus;
use ledgerpost_core::remark::Remark;
use ledgerpost_core::source::{DocumentKind as CoreKind, DocumentName as CoreName};
use ledgerpost_ipc::ErrorCode;
use ledgerpost_ipc::activity::RemarkCode;
use ledgerpost_ipc::contacts::{DocumentKind, DocumentName, MemberStatus, SkipCode};
use ledgerpost_ipc::review::Field;

/// The reason behind [`ledgerpost_core::skip::SkipReason::code`]; nothing for a word that this
/// version does not know.
pub fn skip_code(word: &str) -> Option<SkipCode> {
    Some(match word {
        "no_email" => SkipCode::NoEmail,
        "invalid_email" => SkipCode::InvalidEmail,
        "sample_domain" => SkipCode::SampleDomain,
        "role_address" => SkipCode::RoleAddress,
        "project" => SkipCode::Project,
        "inactive" => SkipCode::Inactive,
        "not_in_audience" => SkipCode::NotInAudience,
        "owner_left_alone" => SkipCode::OwnerLeftAlone,
        "archived" => SkipCode::Archived,
        "cleaned" => SkipCode::Cleaned,
        "refused" => SkipCode::Refused,
        "forgotten" => SkipCode::Forgotten,
        "deleted" => SkipCode::Deleted,
        "address_in_use" => SkipCode::AddressInUse,
        "no_customer" => SkipCode::NoCustomer,
        "customer_left_out" => SkipCode::CustomerLeftOut,
        "foreign_currency" => SkipCode::ForeignCurrency,
        "zero_total" => SkipCode::ZeroTotal,
        "voided" => SkipCode::Voided,
        "negative_total" => SkipCode::NegativeTotal,
        "unlinked_credit" => SkipCode::UnlinkedCredit,
        "credit_applied" => SkipCode::CreditApplied,
        "kind_off" => SkipCode::KindOff,
        "category" => SkipCode::Category,
        "unreadable" => SkipCode::Unreadable,
        "contact_closed" => SkipCode::ContactClosed,
        _ => return None,
    })
}

/// A member's status.
pub const fn member_status(status: CoreStatus) -> MemberStatus {
    match status {
        CoreStatus::Subscribed => MemberStatus::Subscribed,
        CoreStatus::Unsubscribed => MemberStatus::Unsubscribed,
        CoreStatus::Cleaned => MemberStatus::Cleaned,
        CoreStatus::Pending => MemberStatus::Pending,
        CoreStatus::Transactional => MemberStatus::NotSubscribed,
        CoreStatus::Archived => MemberStatus::Archived,
    }
}

/// A member's status by Mailchimp's word.
pub fn member_status_of(word: &str) -> Option<MemberStatus> {
    Some(match word {
        "subscribed" => MemberStatus::Subscribed,
        "unsubscribed" => MemberStatus::Unsubscribed,
        "cleaned" => MemberStatus::Cleaned,
        "pending" => MemberStatus::Pending,
        "transactional" => MemberStatus::NotSubscribed,
        "archived" => MemberStatus::Archived,
        _ => return None,
    })
}

/// The status that a new contact was created with.
pub const fn created_status(status: CreateStatus) -> MemberStatus {
    match status {
        CreateStatus::Subscribed => MemberStatus::Subscribed,
        CreateStatus::Pending => MemberStatus::Pending,
        CreateStatus::Unsubscribed => MemberStatus::Unsubscribed,
        CreateStatus::Transactional => MemberStatus::NotSubscribed,
    }
}

/// A kind of document.
pub const fn document_kind(kind: CoreKind) -> DocumentKind {
    match kind {
        CoreKind::Invoice => DocumentKind::Invoice,
        CoreKind::SalesReceipt => DocumentKind::SalesReceipt,
        CoreKind::CreditMemo => DocumentKind::CreditMemo,
        CoreKind::RefundReceipt => DocumentKind::RefundReceipt,
    }
}

/// What a document is called.
pub fn document_name(name: CoreName) -> DocumentName {
    DocumentName {
        kind: document_kind(name.kind),
        number: name.number,
    }
}

/// What we say ourselves about a change.
pub const fn remark_code(remark: Remark) -> RemarkCode {
    match remark {
        Remark::NextRound => RemarkCode::NextRound,
        Remark::ThereMeanwhile => RemarkCode::ThereMeanwhile,
        Remark::ContactClosed => RemarkCode::ContactClosed,
        Remark::StoreGone => RemarkCode::StoreGone,
    }
}

/// What ended a run, by the word that the file keeps. While a run is applied, only Mailchimp is spoken
/// to: a sign-in that is lost is its own.
pub fn failure_code(word: &str) -> ErrorCode {
    match word {
        "offline" => ErrorCode::Offline,
        "stopped" | "cancelled" => ErrorCode::Stopped,
        "timeout"
        | "connection_broken"
        | "outcome_unknown"
        | "server_error"
        | "garbled"
        | "batch_deadline"
        | "results_missing"
        | "results_refused"
        | "archive_damaged"
        | "archive_too_large"
        | "sign_in_unavailable"
        | "sign_in_unreadable" => ErrorCode::ServiceDown,
        "throttled" | "too_many_batches" | "too_many_signups" => ErrorCode::Throttled,
        "sign_in"
        | "sign_in_again"
        | "not_signed_in"
        | "wrong_account"
        | "wrong_datacenter"
        | "stored_sign_in_unreadable" => ErrorCode::SignInMailchimp,
        "forbidden" => ErrorCode::RoleTooLow,
        "api_disabled" => ErrorCode::MailchimpLimit,
        "account_disabled" | "compliance_disabled" => ErrorCode::MailchimpAccountClosed,
        "not_found" | "audience_gone" => ErrorCode::AudienceGone,
        "store_elsewhere" | "store_exists" | "store_domain_exists" => ErrorCode::LinkedElsewhere,
        "bad_request" | "invalid_resource" | "method_not_allowed" | "upgrade_required"
        | "unexpected" => ErrorCode::MailchimpRefused,
        "would_mail" => ErrorCode::WouldMail,
        "status_moved" => ErrorCode::StatusMoved,
        "cannot_undo" => ErrorCode::CannotUndo,
        "disk_full" => ErrorCode::DiskFull,
        "read_only" => ErrorCode::FolderReadOnly,
        _ => ErrorCode::Internal,
    }
}

/// A field of a contact.
pub const fn field(name: FieldName) -> Field {
    match name {
        FieldName::FirstName => Field::FirstName,
        FieldName::LastName => Field::LastName,
        FieldName::Phone => Field::Phone,
        FieldName::Address => Field::Address,
    }
}

#[cfg(test)]
mod tests {
    use ledgerpost_core::skip::SkipReason;

    use super::*;

    #[test]
    fn what_ended_a_run_is_told_by_its_kind() {
        use ledgerpost_mailchimp::Reason;
        for (word, code) in [
            ("offline", ErrorCode::Offline),
            (Reason::SignIn.code(), ErrorCode::SignInMailchimp),
            (Reason::Throttled.code(), ErrorCode::Throttled),
            (Reason::ApiDisabled.code(), ErrorCode::MailchimpLimit),
            ("a word of a later version", ErrorCode::Internal),
        ] {
            assert_eq!(failure_code(word), code, "{word}");
        }
    }

    #[test]
    fn every_reason_of_the_core_has_its_code_on_the_wire() {
        let texts = || String::new();
        for reason in [
            SkipReason::NoEmail,
            SkipReason::InvalidEmail { typed: texts() },
            SkipReason::SampleDomain,
            SkipReason::RoleAddress,
            SkipReason::Project,
            SkipReason::Inactive,
            SkipReason::NotInAudience,
            SkipReason::Archived,
            SkipReason::Cleaned,
            SkipReason::Refused { detail: texts() },
            SkipReason::Forgotten { detail: texts() },
            SkipReason::Deleted,
            SkipReason::AddressInUse,
            SkipReason::NoCustomer,
            SkipReason::CustomerLeftOut { because: texts() },
            SkipReason::ForeignCurrency,
            SkipReason::ZeroTotal,
            SkipReason::Voided,
            SkipReason::NegativeTotal,
            SkipReason::UnlinkedCredit,
            SkipReason::CreditApplied,
            SkipReason::KindOff,
            SkipReason::Category,
            SkipReason::Unreadable { detail: texts() },
            SkipReason::ContactClosed,
        ] {
            assert!(skip_code(reason.code()).is_some(), "{}", reason.code());
        }
    }
}
