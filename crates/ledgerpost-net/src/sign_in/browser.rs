//! Opening the owner's browser.

use std::io::Write;
use std::sync::{Mutex, PoisonError};

use url::Url;

use crate::error::SignInError;

/// Shows an address to the owner.
pub trait BrowserOpener: Send + Sync {
    /// Shows it, without waiting for the browser.
    fn open(&self, address: &Url) -> Result<(), SignInError>;
}

/// The browser that the operating system would use.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemBrowser;

impl BrowserOpener for SystemBrowser {
    fn open(&self, address: &Url) -> Result<(), SignInError> {
        open::that_detached(address.as_str()).map_err(|source| SignInError::Browser { source })
    }
}

/// Writes the address as one line, for `--browser print`.
pub struct PrintedAddress<W>(Mutex<W>);

impl<W: Write + Send> PrintedAddress<W> {
    /// Writes to this.
    pub fn new(writer: W) -> Self {
        Self(Mutex::new(writer))
    }
}

impl<W: Write + Send> BrowserOpener for PrintedAddress<W> {
    fn open(&self, address: &Url) -> Result<(), SignInError> {
        let mut writer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(writer, "{address}")
            .and_then(|()| writer.flush())
            .map_err(|source| SignInError::Browser { source })
    }
}
