//! What was said about a change or a record: a service's words, which stay as they are, and ours, which the
//! file keeps in English and the window says in its language.

use ledgerpost_core::remark::{Remark, Without};
use ledgerpost_ipc::activity::RemarkCode;
use ledgerpost_ipc::review::Field;
use ledgerpost_mailchimp::Reason;

use super::codes::{field, remark_code};

/// What was said, in parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Said {
    /// A service's words.
    pub(super) service: Option<String>,
    /// Our own.
    pub(super) remark: Option<RemarkCode>,
    /// The fields that were left out, if it is about these.
    pub(super) without: Vec<Field>,
}

impl Said {
    /// Takes apart what the file keeps.
    pub(super) fn of(kept: &str) -> Self {
        if let Some(without) = Without::kept_as(kept) {
            return Self {
                without: without.fields.into_iter().map(field).collect(),
                ..Self::of(&without.words)
            };
        }
        let remark = Remark::kept_as(kept).map(remark_code);
        match remark.or_else(|| Reason::kept_as(kept).map(refusal)) {
            Some(remark) => Self {
                remark: Some(remark),
                ..Self::default()
            },
            None => Self {
                service: Some(kept.to_owned()).filter(|words| !words.is_empty()),
                ..Self::default()
            },
        }
    }
}

/// A service's words among those that the file keeps; ours say no more than the reason itself.
pub(crate) fn service_words(kept: &str) -> Option<String> {
    Said::of(kept).service
}

/// Why Mailchimp refused, where it gave no words.
const fn refusal(reason: Reason) -> RemarkCode {
    match reason {
        Reason::NotFound | Reason::ProductMissing => RemarkCode::NotThere,
        Reason::MemberExists
        | Reason::ProductExists
        | Reason::OrderExists
        | Reason::LineExists
        | Reason::StoreDomainExists
        | Reason::StoreExists => RemarkCode::ThereAlready,
        Reason::ComplianceState | Reason::Forgotten => RemarkCode::OnlyThePerson,
        Reason::FakeEmail | Reason::InvalidEmail | Reason::TooManySignups => {
            RemarkCode::AddressRefused
        }
        Reason::InvalidResource | Reason::CustomerEmailFixed => RemarkCode::ValueRefused,
        Reason::Throttled
        | Reason::TooManyBatches
        | Reason::ServerError
        | Reason::Garbled
        | Reason::Unexpected => RemarkCode::NoAnswer,
        Reason::SignIn
        | Reason::Forbidden
        | Reason::ApiDisabled
        | Reason::AccountDisabled
        | Reason::WrongDatacenter
        | Reason::ComplianceDisabled
        | Reason::UpgradeRequired
        | Reason::MethodNotAllowed
        | Reason::CannotArchive
        | Reason::BadRequest => RemarkCode::RefusedSilently,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_service_said_stays_as_it_is() {
        let said = Said::of("the address looks fake or invalid");
        assert_eq!(
            said.service.as_deref(),
            Some("the address looks fake or invalid")
        );
        assert_eq!((said.remark, said.without), (None, Vec::new()));
        assert_eq!(service_words(""), None);
    }

    #[test]
    fn what_we_say_ourselves_is_a_code() {
        let said = Said::of(Remark::StoreGone.words());
        assert_eq!(said.remark, Some(RemarkCode::StoreGone));
        let said = Said::of(Reason::NotFound.words());
        assert_eq!(
            (said.remark, said.service),
            (Some(RemarkCode::NotThere), None)
        );
        assert_eq!(service_words(Reason::BadRequest.words()), None);
    }

    #[test]
    fn fields_that_were_left_out_are_told_from_what_was_said_about_them() {
        let said = Said::of("without first name, address: Too long");
        assert_eq!(said.without, [Field::FirstName, Field::Address]);
        assert_eq!(said.service.as_deref(), Some("Too long"));
        let words = Reason::InvalidResource.words();
        let said = Said::of(&format!("without phone: {words}"));
        assert_eq!(said.without, [Field::Phone]);
        assert_eq!(said.remark, Some(RemarkCode::ValueRefused));
    }
}
