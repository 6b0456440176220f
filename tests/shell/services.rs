//! The simulated services, beside the window and not in it: they live on when Ledgerpost is killed.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::time::Duration;

use ledgerpost_sim::frame::{Action, FaultRule, ServiceName};
use ledgerpost_sim::{Options, Simulator};
use serde_json::Value;

use crate::driver::wait_until;

/// Longer than any test: a request that is held has no answer before its sender is gone.
const HELD: Duration = Duration::from_secs(3_600);

/// The demo company's QuickBooks and Mailchimp.
pub(crate) struct Services {
    simulator: Simulator,
}

impl Services {
    /// Starts them.
    pub(crate) async fn start() -> Self {
        let options = Options {
            redirect_port: free_port(),
            ..Options::default()
        };
        Self {
            simulator: Simulator::start(options).await.unwrap(),
        }
    }

    /// Writes the file that says where they are.
    pub(crate) fn write(&self, file: &Path) {
        self.simulator.services().write(file).unwrap();
    }

    /// Holds the n-th batch that is sent to Mailchimp: it is not taken in, and has no answer.
    pub(crate) fn hold_batch(&self, nth: u64) {
        let rule = FaultRule {
            service: Some(ServiceName::Mailchimp),
            method: Some("POST".to_owned()),
            path: Some("/batches$".to_owned()),
            nth: Some(nth),
            probability: None,
            times: Some(1),
            action: Action::Delay {
                milliseconds: u64::try_from(HELD.as_millis()).unwrap(),
            },
        };
        self.simulator.world().faults().add(rule).unwrap();
    }

    /// Waits until the batch is held.
    pub(crate) fn wait_until_held(&self) {
        let faults = self.simulator.world().faults();
        wait_until(|| faults.rules().iter().any(|(_, hits)| *hits > 0));
    }

    /// Holds nothing any more.
    pub(crate) fn let_go(&self) {
        self.simulator.world().faults().clear();
    }

    /// Everything that Mailchimp holds.
    pub(crate) fn mailchimp(&self) -> Value {
        self.simulator.mailchimp().service().state(false)
    }

    /// Somebody changes something in QuickBooks' own screens.
    pub(crate) fn edit_quickbooks(&self, edit: Value) {
        self.simulator.quickbooks().service().mutate(edit).unwrap();
    }

    /// How many requests came, for the messages of failed tests.
    pub(crate) fn log(&self) -> String {
        self.simulator.mailchimp().log().to_json().to_string()
    }
}

/// A port that nobody uses.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}
