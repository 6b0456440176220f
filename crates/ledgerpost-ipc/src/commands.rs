//! The one list of commands. Handlers, permissions, the test server's routes and the window's
//! TypeScript are all made from it.
//!
//! Each command takes one request and gives one reply or a [`crate::WireError`]. Commands that begin
//! work (`start_…`) return at once; the work is followed on the stream of [`crate::Message`]s.

/// Calls `$callback!` with every command: `name(Request) -> Reply`.
#[macro_export]
macro_rules! for_each_command {
    ($callback:path) => {
        $callback! {
            /// What the window needs to draw its first screen.
            read_start($crate::Nothing) -> $crate::start::Start;
            /// Saves the preferences and gives them back as saved.
            save_preferences($crate::start::Preferences) -> $crate::start::Preferences;
            /// Remembers which company is looked at.
            choose_company($crate::CompanyRef) -> $crate::Nothing;
            /// Opens a page in the browser, or a folder.
            open_link($crate::start::Link) -> $crate::Nothing;
            /// Notes that *syncing goes on in the tray* was said.
            confirm_tray($crate::Nothing) -> $crate::Nothing;
            /// Starts the demo: made-up company, simulated services, a data folder of its own.
            start_demo($crate::Nothing) -> $crate::start::Start;
            /// Leaves the demo; what it kept is deleted.
            leave_demo($crate::Nothing) -> $crate::start::Start;

            /// Begins to sign in to QuickBooks in the browser.
            start_quickbooks_sign_in($crate::Nothing) -> $crate::Nothing;
            /// Begins to sign in to Mailchimp in the browser.
            start_mailchimp_sign_in($crate::Nothing) -> $crate::Nothing;
            /// Opens the page of the sign-in under way again.
            reopen_sign_in($crate::Nothing) -> $crate::Nothing;
            /// Gives the sign-in under way the address that the browser ended on.
            paste_sign_in($crate::setup::PastedAddress) -> $crate::Nothing;
            /// Connects Mailchimp with an API key.
            connect_api_key($crate::setup::ApiKey) -> $crate::setup::MailchimpAccount;
            /// The Mailchimp accounts that are signed in, as Mailchimp describes them now.
            list_accounts($crate::Nothing) -> Vec<$crate::setup::MailchimpAccount>;
            /// Signs out of a Mailchimp account that no connection uses.
            forget_account($crate::setup::Text) -> $crate::Nothing;

            /// Begins a set-up, or goes on with the one that is there.
            begin_setup($crate::Nothing) -> $crate::setup::Draft;
            /// Saves a set-up as far as it is.
            save_draft($crate::setup::Draft) -> $crate::setup::Draft;
            /// Gives up a set-up. A company that was signed in to is signed out unless it is connected.
            drop_draft($crate::Nothing) -> $crate::Nothing;
            /// What QuickBooks knows of the company.
            read_company_details($crate::CompanyRef) -> $crate::setup::CompanyDetails;
            /// Begins to read QuickBooks, for counts.
            start_reading_company($crate::CompanyRef) -> $crate::Nothing;
            /// Whether an address can be used to sign up with Mailchimp.
            check_email($crate::setup::Text) -> $crate::setup::EmailCheck;
            /// The audiences of an account.
            list_audiences($crate::setup::AudienceQuery) -> $crate::setup::Audiences;
            /// How many new contacts would get which status with the draft's settings.
            forecast_status($crate::CompanyRef) -> $crate::setup::StatusForecast;
            /// Customers by name or address.
            search_customers($crate::setup::CustomerSearch) -> Vec<$crate::setup::CustomerHit>;
            /// Asks for a CSV file of exceptions and reads it; saves nothing.
            read_exceptions($crate::CompanyRef) -> $crate::setup::ExceptionsRead;

            /// Begins a dry run: of the draft during set-up, of the connection later.
            start_plan($crate::CompanyRef) -> $crate::Nothing;
            /// The dry run that was made last; nothing when there is none.
            read_review($crate::CompanyRef) -> Option<$crate::review::Review>;
            /// Customers of the dry run.
            list_review($crate::review::ReviewQuery) -> $crate::review::ReviewPage;
            /// Documents and items of the dry run that stay out.
            list_not_sent($crate::review::NotSentQuery) -> $crate::review::NotSentPage;
            /// Saves the dry run to a file that the owner chooses.
            save_review($crate::review::SaveReview) -> $crate::Saved;
            /// The yes: ties the company to the audience and begins the first sync.
            connect($crate::review::Connect) -> $crate::Nothing;

            /// How a connection is doing.
            read_home($crate::CompanyRef) -> $crate::home::Home;
            /// Records that QuickBooks cannot deliver.
            list_unreadable($crate::unreadable::UnreadableQuery) -> $crate::unreadable::UnreadablePage;
            /// Begins a sync.
            start_sync($crate::home::StartSync) -> $crate::Nothing;
            /// Begins to read back and compare.
            start_reconcile($crate::CompanyRef) -> $crate::Nothing;
            /// Pauses or resumes the schedule; a sync under way pauses as well.
            set_paused($crate::home::SetPaused) -> $crate::Nothing;
            /// Asks the work under way to stop.
            stop_work($crate::Nothing) -> $crate::Nothing;

            /// Contacts.
            list_contacts($crate::contacts::ContactQuery) -> $crate::contacts::ContactPage;
            /// Counts of the tabs and what can be filtered by.
            read_contact_facets($crate::CompanyRef) -> $crate::contacts::ContactFacets;
            /// Everything about one customer.
            read_contact($crate::contacts::CustomerRef) -> $crate::contacts::ContactDetail;
            /// Leaves a customer alone, or no longer; takes effect with the next sync.
            leave_alone($crate::contacts::LeaveAlone) -> $crate::Nothing;
            /// Saves contacts to a file that the owner chooses.
            save_contacts($crate::contacts::SaveContacts) -> $crate::Saved;

            /// Runs.
            list_runs($crate::activity::RunQuery) -> $crate::activity::RunPage;
            /// Changes of a run.
            list_changes($crate::activity::ChangeQuery) -> $crate::activity::ChangePage;
            /// Saves changes of a run to a file that the owner chooses.
            save_changes($crate::activity::SaveChanges) -> $crate::Saved;
            /// Begins to work out what an undo would do.
            start_undo_preview($crate::activity::RunRef) -> $crate::Nothing;
            /// Begins an undo.
            start_undo($crate::activity::RunRef) -> $crate::Nothing;

            /// What disconnecting would do.
            preview_disconnect($crate::CompanyRef) -> $crate::leave::DisconnectPreview;
            /// Begins to disconnect.
            start_disconnect($crate::CompanyRef) -> $crate::Nothing;

            /// The settings of a connection.
            read_settings($crate::CompanyRef) -> $crate::settings::CompanySettings;
            /// Changes them; the next plan waits for a yes.
            save_settings($crate::settings::SaveSettings) -> $crate::settings::CompanySettings;
            /// What the app's keys are and what to register.
            read_keys_help($crate::settings::ServiceRef) -> $crate::settings::KeysHelp;
            /// Saves app keys in the keychain.
            save_keys($crate::settings::AppKeys) -> $crate::settings::KeysHelp;
            /// Forgets the owner's app keys.
            forget_keys($crate::settings::ServiceRef) -> $crate::settings::KeysHelp;
            /// About this program.
            read_about($crate::Nothing) -> $crate::settings::About;
            /// Text for support, redacted.
            read_diagnostics($crate::Nothing) -> $crate::settings::Diagnostics;
        }
    };
}

/// Opens the stream of [`crate::Message`]s. Each host has its own way to carry it, so it is no
/// command; the window needs permission for it all the same.
pub const WATCH: &str = "watch";

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident($request:ty) -> $reply:ty;)*) => {
        /// The names of all commands.
        pub const COMMANDS: &[&str] = &[$(stringify!($name)),*];
    };
}

for_each_command!(names);
