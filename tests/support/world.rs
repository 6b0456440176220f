//! The simulator as a test sees it.

use std::net::TcpListener;
use std::sync::Arc;

use jiff::Timestamp;
use ledgerpost_core::ports::Clock;
use ledgerpost_sim::frame::Action;
use ledgerpost_sim::frame::FaultRule;
use ledgerpost_sim::{CompanyShape, Options, Profile, Simulator, Switches};
use serde_json::Value;

use crate::browser::http_client;

/// Both services, running.
#[derive(Clone)]
pub struct World {
    simulator: Arc<Simulator>,
    client: reqwest::Client,
}

impl Clock for World {
    fn now(&self) -> Timestamp {
        self.simulator.world().clock().now()
    }
}

impl World {
    /// Starts both services on free ports. Consent pages say yes by themselves.
    pub async fn start(options: Options) -> Self {
        let options = Options {
            auto_consent: true,
            redirect_port: free_port(),
            ..options
        };
        let simulator = Simulator::start(options)
            .await
            .expect("free ports can be listened on");
        // The same day in every run, so that two equal histories give equal books.
        let start = "2026-12-01T12:00:00Z".parse();
        simulator.world().clock().set(start.expect("a valid time"));
        Self {
            simulator: Arc::new(simulator),
            client: http_client(),
        }
    }

    /// Options for an untidy company.
    pub fn untidy(seed: u64, customers: usize, documents: usize) -> Options {
        Options {
            company: CompanyShape::Generated {
                customers,
                documents,
                items: 12,
            },
            seed,
            ..Options::default()
        }
    }

    /// Options for an untidy company behind a bad network.
    pub fn flaky(seed: u64, customers: usize, documents: usize) -> Options {
        Options {
            profile: Profile::Flaky,
            ..Self::untidy(seed, customers, documents)
        }
    }

    /// The simulator.
    pub fn simulator(&self) -> &Simulator {
        &self.simulator
    }

    /// Changes switches while the services run.
    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        let world = self.simulator.world();
        let mut switches = world.switches();
        change(&mut switches);
        world.set_switches(switches);
    }

    /// Adds a fault.
    pub fn fault(&self, method: Option<&str>, path: &str, times: Option<u64>, action: Action) {
        let rule = FaultRule {
            service: None,
            method: method.map(str::to_owned),
            path: Some(path.to_owned()),
            nth: None,
            probability: None,
            times,
            action,
        };
        self.simulator
            .world()
            .faults()
            .add(rule)
            .expect("the rule is well-formed");
    }

    /// Takes all faults away.
    pub fn clear_faults(&self) {
        self.simulator.world().faults().clear();
    }

    /// Lets time pass.
    pub fn pass(&self, time: jiff::SignedDuration) {
        self.simulator.world().clock().advance(time);
    }

    /// What Mailchimp holds, without what differs from run to run.
    pub fn mailchimp_state(&self) -> Value {
        self.simulator.mailchimp().service().state(true)
    }

    /// The same with contact ids, which stay when an address changes.
    pub fn mailchimp_identities(&self) -> Value {
        self.simulator.mailchimp().service().state(false)
    }

    /// What QuickBooks holds, without what differs from run to run.
    pub fn quickbooks_state(&self) -> Value {
        self.simulator.quickbooks().service().state(true)
    }

    /// An edit in QuickBooks' own screens.
    pub fn edit_books(&self, edit: Value) -> Value {
        self.simulator
            .quickbooks()
            .service()
            .mutate(edit)
            .expect("the books allow this edit")
    }

    /// An edit in Mailchimp's own screens.
    pub fn edit_audience(&self, edit: Value) -> Value {
        self.simulator
            .mailchimp()
            .service()
            .mutate(edit)
            .expect("the account allows this edit")
    }

    /// Forgets the requests that were counted.
    pub fn clear_log(&self) {
        self.simulator.quickbooks().log().clear();
        self.simulator.mailchimp().log().clear();
    }

    /// Requests to QuickBooks and to Mailchimp since the log was cleared.
    pub fn requests(&self) -> (u64, u64) {
        (
            self.simulator.quickbooks().log().requests(),
            self.simulator.mailchimp().log().requests(),
        )
    }

    /// Requests since the log was cleared that a service turned away because there were too many.
    pub fn throttled(&self) -> Vec<String> {
        [self.simulator.quickbooks(), self.simulator.mailchimp()]
            .iter()
            .filter_map(|service| service.log().to_json()["paths"].as_array().cloned())
            .flatten()
            .filter(|path| path["outcomes"]["429"].as_u64() > Some(0))
            .map(|path| path.to_string())
            .collect()
    }

    /// Requests to Mailchimp that are no reads, since the log was cleared.
    pub fn mailchimp_writes(&self) -> Vec<String> {
        let log = self.simulator.mailchimp().log().to_json();
        let paths = log["paths"].as_array().expect("the log lists paths");
        paths
            .iter()
            .filter(|path| path["method"] != "GET")
            .map(|path| format!("{} {} x{}", path["method"], path["path"], path["count"]))
            .collect()
    }

    /// A control address of Mailchimp's, such as `/_sim/writes`.
    pub async fn ask_mailchimp(&self, path: &str) -> Value {
        let url = format!("{}{path}", self.simulator.mailchimp().url());
        self.client
            .get(url)
            .send()
            .await
            .expect("the simulator answers")
            .json()
            .await
            .expect("control addresses answer in JSON")
    }
}

/// A port that nobody listens on.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("the computer has a free port")
        .port()
}
