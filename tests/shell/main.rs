//! Journeys through the real window: the built program under WebDriver, with its own data folder.
//!
//! Few, because they are slow, and only for what no lower layer can show: that the web view, the
//! permissions and the policy work together. `scripts/test.sh` runs them under a virtual display;
//! they need WebKitWebDriver and tauri-driver.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "tests end at the first surprise, and then show the log"
)]

mod desktop;
mod driver;
mod journey;
mod no_display;
mod no_keychain;
mod power_cut;
mod protection;
mod services;
mod set_up;
mod tray;
