//! Commands that come with the next landings.

use ledgerpost_ipc::{self as ipc, Nothing};

use crate::desk::Desk;
use crate::error::DeskError;

macro_rules! later {
    ($($name:ident($request:ty) -> $reply:ty;)*) => {
        impl Desk {
            $(
                #[expect(clippy::unused_async, reason = "every command is asynchronous")]
                pub(crate) async fn $name(&self, _: $request) -> Result<$reply, DeskError> {
                    Err(DeskError::UnknownCommand)
                }
            )*
        }
    };
}

later! {
    read_company_details(ipc::CompanyRef) -> ipc::setup::CompanyDetails;
    start_reading_company(ipc::CompanyRef) -> Nothing;
    check_email(ipc::setup::Text) -> ipc::setup::EmailCheck;
    list_audiences(ipc::setup::AudienceQuery) -> ipc::setup::Audiences;
    forecast_status(ipc::CompanyRef) -> ipc::setup::StatusForecast;
    search_customers(ipc::setup::CustomerSearch) -> Vec<ipc::setup::CustomerHit>;
    read_exceptions(ipc::CompanyRef) -> ipc::setup::ExceptionsRead;
    start_plan(ipc::CompanyRef) -> Nothing;
    read_review(ipc::CompanyRef) -> Option<ipc::review::Review>;
    list_review(ipc::review::ReviewQuery) -> ipc::review::ReviewPage;
    list_not_sent(ipc::review::NotSentQuery) -> ipc::review::NotSentPage;
    save_review(ipc::review::SaveReview) -> ipc::Saved;
    connect(ipc::review::Connect) -> Nothing;
    read_home(ipc::CompanyRef) -> ipc::home::Home;
    start_sync(ipc::home::StartSync) -> Nothing;
    start_reconcile(ipc::CompanyRef) -> Nothing;
    set_paused(ipc::home::SetPaused) -> Nothing;
    list_contacts(ipc::contacts::ContactQuery) -> ipc::contacts::ContactPage;
    read_contact_facets(ipc::CompanyRef) -> ipc::contacts::ContactFacets;
    read_contact(ipc::contacts::CustomerRef) -> ipc::contacts::ContactDetail;
    leave_alone(ipc::contacts::LeaveAlone) -> Nothing;
    save_contacts(ipc::contacts::SaveContacts) -> ipc::Saved;
    list_runs(ipc::activity::RunQuery) -> ipc::activity::RunPage;
    list_changes(ipc::activity::ChangeQuery) -> ipc::activity::ChangePage;
    save_changes(ipc::activity::SaveChanges) -> ipc::Saved;
    start_undo_preview(ipc::activity::RunRef) -> Nothing;
    start_undo(ipc::activity::RunRef) -> Nothing;
    preview_disconnect(ipc::CompanyRef) -> ipc::leave::DisconnectPreview;
    start_disconnect(ipc::CompanyRef) -> Nothing;
    read_settings(ipc::CompanyRef) -> ipc::settings::CompanySettings;
    save_settings(ipc::settings::SaveSettings) -> ipc::settings::CompanySettings;
    read_keys_help(ipc::settings::ServiceRef) -> ipc::settings::KeysHelp;
    save_keys(ipc::settings::AppKeys) -> ipc::settings::KeysHelp;
    forget_keys(ipc::settings::ServiceRef) -> ipc::settings::KeysHelp;
    read_about(Nothing) -> ipc::settings::About;
    read_diagnostics(Nothing) -> ipc::settings::Diagnostics;
}
