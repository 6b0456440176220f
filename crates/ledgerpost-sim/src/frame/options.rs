//! What a simulator is started with.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::switches::Switches;

/// How the services behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Profile {
    /// No latency, no ceilings.
    #[default]
    Fast,
    /// 50 to 150 ms a request, all ceilings enforced.
    Real,
    /// Random errors, connections dropped before and after the effect, short-lived tokens.
    Flaky,
}

/// Which books to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CompanyShape {
    /// Tidewater Ceramics, the pottery shop.
    #[default]
    Demo,
    /// Untidy books made from the seed.
    Generated {
        /// Customers, sub-customers and projects together.
        customers: usize,
        /// Invoices, sales receipts, credit memos and refund receipts together.
        documents: usize,
        /// Items.
        items: usize,
    },
}

/// What a simulator is started with. The default is the demo company on free ports.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which books to keep.
    pub company: CompanyShape,
    /// Members of the first audience; `None` derives a number from the customers.
    pub audience: Option<usize>,
    /// Decides everything that looks random.
    pub seed: u64,
    /// How the services behave.
    pub profile: Profile,
    /// A fixed latency, instead of the profile's.
    pub latency: Option<Duration>,
    /// Where QuickBooks listens; port 0 takes a free one.
    pub quickbooks: SocketAddr,
    /// Where Mailchimp listens; port 0 takes a free one.
    pub mailchimp: SocketAddr,
    /// Consent pages answer yes by themselves.
    pub auto_consent: bool,
    /// The port in the registered redirect addresses.
    pub redirect_port: u16,
    /// The open questions of the references.
    pub switches: Switches,
}

impl Default for Options {
    fn default() -> Self {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            company: CompanyShape::Demo,
            audience: None,
            seed: 1,
            profile: Profile::Fast,
            latency: None,
            quickbooks: any,
            mailchimp: any,
            auto_consent: false,
            redirect_port: 17_865,
            switches: Switches::default(),
        }
    }
}
