//! What the window may ask.
//!
//! Every command is looked up by its name in the one list (`ledgerpost_ipc::COMMANDS`) and goes to the
//! same function; there is no handler for a single one that could be forgotten. Before Tauri calls
//! [`handle`] it has refused whatever the capability `main` does not allow.
//!
//! `invoke(name, { request })` is answered with the reply or rejected with a `WireError`;
//! `invoke("watch", { channel })` opens the stream of messages.

use std::sync::Arc;

use futures_util::StreamExt as _;
use ledgerpost_ipc::{ErrorCode, Message, WATCH, WireError};
use serde_json::{Map, Value};
use tauri::ipc::{Channel, Invoke, InvokeBody, JavaScriptChannelId};
use tauri::{Manager as _, Webview, Wry};

use crate::program::Program;

/// Answers one call of the window.
pub(crate) fn handle(invoke: Invoke<Wry>) -> bool {
    let Invoke {
        message, resolver, ..
    } = invoke;
    let webview = message.webview();
    let program = Arc::clone(&webview.state::<Arc<Program>>());
    let name = message.command().to_owned();
    let InvokeBody::Json(Value::Object(mut arguments)) = message.payload().clone() else {
        resolver.reject(bad_request("the arguments are not a JSON object"));
        return true;
    };
    if name == WATCH {
        resolver.respond_async(async move { Ok(watch(&program, webview, &arguments)?) });
    } else {
        let request = arguments.remove("request").unwrap_or(Value::Null);
        resolver.respond_async(async move { Ok(program.call(&name, request).await?) });
    }
    true
}

/// Opens the stream of messages. There is one: a window that was reloaded replaces its own.
fn watch(
    program: &Arc<Program>,
    webview: Webview,
    arguments: &Map<String, Value>,
) -> Result<(), WireError> {
    let channel: Channel<Message> = arguments
        .get("channel")
        .and_then(Value::as_str)
        .and_then(|name| name.parse::<JavaScriptChannelId>().ok())
        .ok_or_else(|| bad_request("watch needs a channel"))?
        .channel_on(webview);
    let messages = Arc::clone(program);
    program.replace_window_stream(tauri::async_runtime::spawn(async move {
        let mut messages = messages.opened().await.watch();
        while let Some(message) = messages.next().await {
            if let Err(error) = channel.send(message) {
                tracing::warn!(%error, "the window does not take messages any more");
                break;
            }
        }
    }));
    Ok(())
}

fn bad_request(message: &str) -> WireError {
    WireError {
        code: ErrorCode::BadRequest,
        message: message.to_owned(),
        hint: None,
        retry_after_seconds: None,
        service: None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ledgerpost_ipc::COMMANDS;
    use serde_json::Value;

    use super::*;

    /// What the window may use of Tauri itself.
    const OF_TAURI: &[&str] = &["core:webview:allow-set-webview-zoom"];

    fn permission(command: &str) -> String {
        format!("allow-{}", command.replace('_', "-"))
    }

    #[test]
    fn the_capability_allows_each_command_by_itself_and_nothing_else() {
        let capability: Value = serde_json::from_str(include_str!("../capabilities/main.json"))
            .expect("the capability is JSON");
        assert_eq!(capability["windows"], serde_json::json!(["main"]));
        let allowed: BTreeSet<&str> = capability["permissions"]
            .as_array()
            .expect("permissions are a list")
            .iter()
            .map(|permission| permission.as_str().expect("a permission is a name"))
            .collect();
        let wanted: BTreeSet<String> = COMMANDS
            .iter()
            .copied()
            .chain([WATCH])
            .map(permission)
            .chain(OF_TAURI.iter().map(ToString::to_string))
            .collect();
        let wanted: BTreeSet<&str> = wanted.iter().map(String::as_str).collect();
        assert_eq!(
            allowed, wanted,
            "src-tauri/capabilities/main.json follows ledgerpost_ipc::COMMANDS"
        );
    }

    #[test]
    fn the_windows_typescript_knows_the_same_commands() {
        let generated = include_str!("../../ui/src/ipc/generated.ts");
        let (_, list) = generated
            .split_once("export interface Commands {")
            .expect("the generated file has the list");
        let known: BTreeSet<&str> = list
            .lines()
            .filter_map(|line| line.trim().split_once(": ["))
            .map(|(name, _)| name)
            .collect();
        let wanted: BTreeSet<&str> = COMMANDS.iter().copied().collect();
        assert_eq!(known, wanted);
    }

    #[test]
    fn the_policy_allows_no_unsafe_source() {
        let configuration: Value =
            serde_json::from_str(include_str!("../tauri.conf.json")).expect("it is JSON");
        let security = &configuration["app"]["security"];
        let policy = security["csp"].as_object().expect("there is a policy");
        assert_eq!(policy["default-src"], "'none'");
        for (directive, sources) in policy {
            let sources = sources.as_str().expect("sources are text");
            for never in ["unsafe-", "data:", "blob:", "*", "https:"] {
                assert!(
                    !sources.contains(never),
                    "{directive} must not allow {never}"
                );
            }
        }
        assert_eq!(security["dangerousDisableAssetCspModification"], false);
        assert_eq!(configuration["app"]["withGlobalTauri"], false);
    }
}
