//! A stack that is ready to boot tenants.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use contract::{Contract, DefectSet, Registry};
use journal::ServerWords;
use tokio::io::DuplexStream;

use crate::embedded::Embedded;
use crate::file::{PlatformSource, StackFile};
use crate::orphans;
use crate::process::Process;
use crate::tools::Tools;

/// What every tenant of a stack is booted with.
#[derive(Clone, Debug)]
pub struct StackSettings {
    /// What the platform obeys.
    pub contract: Arc<Contract>,
    /// Its name or file, as a server of ours takes it.
    pub contract_name: String,
    /// The registry's name or file, likewise.
    pub registry_name: String,
    /// The registry of the run.
    pub registry: Arc<Registry>,
    /// The switches that are on.
    pub defects: DefectSet,
    /// Multiplies the platform's clocks.
    pub time_scale: f64,
}

/// Why a tenant did not come up, in the server's words. Whoever asked for the boot says so before them.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct BootFailed(pub String);

/// A prepared stack. Every tenant that it boots must be shut down or ends with [`RunningStack::stop`].
pub struct RunningStack {
    tools: Tools,
    kind: Kind,
    /// How many processes of dead runs were ended first.
    swept: usize,
}

enum Kind {
    Embedded(Embedded),
    Process(Box<Process>),
}

impl RunningStack {
    /// Prepares a stack, and ends what dead runs left of such; starts no tenant yet.
    pub fn prepare(file: StackFile, settings: StackSettings) -> Self {
        let tools = Tools::new(settings.clone());
        match file.platform.clone() {
            PlatformSource::Embedded => {
                Self { tools, kind: Kind::Embedded(Embedded::new(settings)), swept: 0 }
            }
            PlatformSource::Command(command) => {
                let process = Process::new(file, command, settings);
                Self { tools, kind: Kind::Process(Box::new(process)), swept: orphans::sweep() }
            }
        }
    }

    /// How many processes of dead runs were ended when the stack was prepared.
    pub fn swept(&self) -> usize {
        self.swept
    }

    /// The address that the world must listen on to be reached by this stack's tenants.
    pub fn world_address(&self) -> IpAddr {
        IpAddr::V4(Ipv4Addr::LOCALHOST)
    }

    /// Boots one tenant and answers its base URL.
    ///
    /// # Errors
    /// What the server said when it refused to boot.
    pub async fn boot(
        &self,
        org_id: &str,
        environment: BTreeMap<String, String>,
    ) -> Result<String, BootFailed> {
        match &self.kind {
            Kind::Embedded(embedded) => embedded.boot(org_id, environment).await,
            Kind::Process(process) => process.boot(org_id, environment).await,
        }
    }

    /// What the server of a running tenant said last, and how it ended where it ended by itself. `None` where there is
    /// none, and where the platform runs in this process.
    pub async fn server_words(&self, org_id: &str) -> Option<ServerWords> {
        match &self.kind {
            Kind::Embedded(_) => None,
            Kind::Process(process) => process.server_words(org_id).await,
        }
    }

    /// Stops one tenant; nothing where there is none.
    pub async fn shut_down(&self, org_id: &str) {
        match &self.kind {
            Kind::Embedded(embedded) => embedded.shut_down(org_id).await,
            Kind::Process(process) => process.shut_down(org_id).await,
        }
    }

    /// Starts the management MCP server with a box's environment and answers the client's end.
    pub fn open_tools(&self, environment: &BTreeMap<String, String>) -> DuplexStream {
        self.tools.open(environment)
    }

    /// Stops every tenant that still runs, and answers how many these were.
    pub async fn stop(&self) -> usize {
        match &self.kind {
            Kind::Embedded(embedded) => embedded.stop().await,
            Kind::Process(process) => process.stop().await,
        }
    }
}
