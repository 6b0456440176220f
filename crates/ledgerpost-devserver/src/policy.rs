//! The policy of the real window, so that a browser test fails where the window would.

use serde_json::Value;

const CONFIGURATION: &str = include_str!("../../../src-tauri/tauri.conf.json");

/// The header's value: the window's, but that it connects to this server and not to Tauri.
pub(crate) fn of_the_window() -> String {
    let configuration: Value =
        serde_json::from_str(CONFIGURATION).expect("tauri.conf.json is JSON");
    let policy = configuration["app"]["security"]["csp"]
        .as_object()
        .expect("tauri.conf.json has a policy by directive");
    policy
        .iter()
        .map(|(directive, sources)| match directive.as_str() {
            "connect-src" => format!("{directive} 'self'"),
            _ => format!("{directive} {}", sources.as_str().unwrap_or_default()),
        })
        .collect::<Vec<_>>()
        .join("; ")
}
