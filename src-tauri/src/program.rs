//! What is behind the window: opened when the window first asks, so that the window is there before
//! a keychain or a damaged file can hold things up, and asked for again if that failed.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt as _;
use ledgerpost_desk::{Desk, Host, Options};
use ledgerpost_ipc::{ErrorCode, WireError};
use serde_json::Value;
use tauri::async_runtime::JoinHandle;
use tokio::sync::watch;

/// What is behind the window.
pub(crate) struct Program {
    options: Options,
    host: Arc<dyn Host>,
    desk: watch::Sender<Option<Desk>>,
    opening: tokio::sync::Mutex<()>,
    window_stream: Mutex<Option<JoinHandle<()>>>,
}

impl Program {
    /// Nothing is opened yet.
    pub(crate) fn new(options: Options, host: Arc<dyn Host>) -> Self {
        Self {
            options,
            host,
            desk: watch::Sender::new(None),
            opening: tokio::sync::Mutex::new(()),
            window_stream: Mutex::new(None),
        }
    }

    /// Asks the desk; opens it first if need be.
    ///
    /// # Errors
    /// The command's, or what kept the desk from opening.
    pub(crate) async fn call(&self, name: &str, request: Value) -> Result<Value, WireError> {
        let desk = self.open().await?;
        desk.call(name, request).await
    }

    /// The desk, once it is open; however long that takes.
    pub(crate) async fn opened(&self) -> Desk {
        let mut desk = self.desk.subscribe();
        let opened = desk
            .wait_for(Option::is_some)
            .await
            .expect("the sender is in self");
        opened.clone().expect("waited for")
    }

    /// The desk, if it is open.
    pub(crate) fn opened_already(&self) -> Option<Desk> {
        self.desk.borrow().clone()
    }

    /// Opens the desk, unless it is open.
    ///
    /// # Errors
    /// What kept it from opening; the next call tries again.
    pub(crate) async fn open(&self) -> Result<Desk, WireError> {
        let _one_at_a_time = self.opening.lock().await;
        if let Some(desk) = self.opened_already() {
            return Ok(desk);
        }
        let opening = Desk::open(self.options.clone(), Arc::clone(&self.host));
        let desk = caught(opening).await.inspect_err(|error| {
            tracing::error!(code = ?error.code, "the data folder did not open");
        })?;
        tracing::info!("the data folder is open");
        self.desk.send_replace(Some(desk.clone()));
        Ok(desk)
    }

    /// Ends the stream to the window that there was, and keeps the new one.
    pub(crate) fn replace_window_stream(&self, stream: JoinHandle<()>) {
        let before = self
            .window_stream
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .replace(stream);
        if let Some(before) = before {
            before.abort();
        }
    }
}

/// Turns a panic while opening into an error that the window can show. The panic hook has written it to the log.
async fn caught<T>(work: impl Future<Output = Result<T, WireError>>) -> Result<T, WireError> {
    AssertUnwindSafe(work)
        .catch_unwind()
        .await
        .unwrap_or_else(|_| {
            Err(WireError {
                code: ErrorCode::Internal,
                message: "a fault in Ledgerpost; the log has the details".to_owned(),
                hint: None,
                retry_after_seconds: None,
                service: None,
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_becomes_an_internal_error() {
        let outcome: Result<(), _> = caught(async { panic!("a fault") }).await;
        assert_eq!(outcome.expect_err("it panicked").code, ErrorCode::Internal);
    }
}
