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
    read_exceptions(ipc::CompanyRef) -> ipc::setup::ExceptionsRead;
    read_settings(ipc::CompanyRef) -> ipc::settings::CompanySettings;
    save_settings(ipc::settings::SaveSettings) -> ipc::settings::CompanySettings;
    read_keys_help(ipc::settings::ServiceRef) -> ipc::settings::KeysHelp;
    save_keys(ipc::settings::AppKeys) -> ipc::settings::KeysHelp;
    forget_keys(ipc::settings::ServiceRef) -> ipc::settings::KeysHelp;
    read_about(Nothing) -> ipc::settings::About;
    read_diagnostics(Nothing) -> ipc::settings::Diagnostics;
}
