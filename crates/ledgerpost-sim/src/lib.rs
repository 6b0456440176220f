//! QuickBooks Online and Mailchimp on loopback, from the references, refusing what they refuse.
//!
//! Nothing in here knows what an application hopes for: the services follow
//! `quickbooks-online.md` and `mailchimp.md`, and where those leave a question open there is a
//! switch. [`Simulator::start`] runs both services inside a process; the `ledgerpost-sim` command
//! does the same from a shell.

pub mod frame;
pub mod mailchimp;
pub mod quickbooks;
pub mod seed;

use std::sync::Arc;

use jiff::Timestamp;

pub use frame::{CompanyShape, Options, Profile, SimError, Switches};
use frame::{Server, ServicesFile, World};
use seed::Seed;

/// Running services. Dropping them ends them.
pub struct Simulator {
    world: Arc<World>,
    quickbooks: Server,
    mailchimp: Server,
    services: ServicesFile,
}

impl Simulator {
    /// Starts both services in the current tokio runtime.
    ///
    /// # Errors
    /// When an address is taken.
    pub async fn start(options: Options) -> Result<Self, SimError> {
        let seed = Seed::new(&options);
        let at_quickbooks = Server::listen(options.quickbooks).await?;
        let at_mailchimp = Server::listen(options.mailchimp).await?;
        let base = |listener: &tokio::net::TcpListener| {
            let address = listener
                .local_addr()
                .expect("a bound listener has an address");
            format!("http://{address}")
        };
        let services = ServicesFile::new(
            &base(&at_quickbooks),
            &base(&at_mailchimp),
            options.redirect_port,
        );
        // Never before the end of the seeded history, whatever this computer's clock says.
        let world = Arc::new(World::new(
            options,
            Timestamp::now().max(seed::end_of_history()),
        ));
        let quickbooks = quickbooks::service(&world, seed.companies, &services.quickbooks);
        let mailchimp = mailchimp::service(&world, seed.account, &services.mailchimp);
        let halls = [
            Server::hall(&world, quickbooks),
            Server::hall(&world, mailchimp),
        ];
        let [own_quickbooks, own_mailchimp] = halls.clone();
        Ok(Self {
            quickbooks: Server::open(at_quickbooks, own_quickbooks, &halls),
            mailchimp: Server::open(at_mailchimp, own_mailchimp, &halls),
            world,
            services,
        })
    }

    /// Takes both services off the network, as when this computer loses it; connecting is refused.
    pub async fn unplug(&mut self) {
        self.quickbooks.unplug().await;
        self.mailchimp.unplug().await;
    }

    /// Takes Mailchimp alone off the network.
    pub async fn unplug_mailchimp(&mut self) {
        self.mailchimp.unplug().await;
    }

    /// Puts both services back where they were, with all they hold.
    ///
    /// # Errors
    /// When an address was taken meanwhile.
    pub async fn plug_in(&mut self) -> Result<(), SimError> {
        self.quickbooks.plug_in().await?;
        self.mailchimp.plug_in().await
    }

    /// Where everything is and with which keys, in the format of `--services`.
    pub fn services(&self) -> &ServicesFile {
        &self.services
    }

    /// Time, faults, switches and mailings.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The QuickBooks address.
    pub fn quickbooks(&self) -> &Server {
        &self.quickbooks
    }

    /// The Mailchimp address.
    pub fn mailchimp(&self) -> &Server {
        &self.mailchimp
    }
}
