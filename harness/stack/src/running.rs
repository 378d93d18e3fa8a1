//! A stack that is ready to boot tenants.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use contract::{Contract, DefectSet, Registry};
use journal::ServerWords;
use tokio::io::DuplexStream;

use crate::containers::{Containers, Ground};
use crate::embedded::Embedded;
use crate::file::{PlatformSource, StackFile};
use crate::process::Process;
use crate::remote::{Look, Remote};
use crate::services::Services;
use crate::sweep::{Swept, sweep};
use crate::text::Values;
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

impl StackSettings {
    /// The switches, as a server of ours takes them.
    pub(crate) fn defect_arguments(&self) -> impl Iterator<Item = String> + '_ {
        self.defects.iter().flat_map(|id| ["--defect".to_owned(), id.to_string()])
    }

    /// What a file's texts may say of the run.
    fn values(&self) -> Vec<(String, String)> {
        let program = std::env::current_exe().map(|path| path.display().to_string()).unwrap_or_default();
        [
            ("firstrun", program),
            ("contract", self.contract_name.clone()),
            ("registry", self.registry_name.clone()),
            ("time_factor", self.time_scale.to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }
}

/// What one tenant is booted with.
#[derive(Clone, Debug)]
pub struct TenantSettings {
    /// The org that it serves.
    pub org_id: String,
    /// What the control plane tells its server.
    pub environment: BTreeMap<String, String>,
    /// The address that all boxes are below.
    pub box_base: String,
}

/// Why a tenant did not come up, in the server's words. Whoever asked for the boot says so before them.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct BootFailed(pub String);

/// Why a stack can't be prepared.
#[derive(Clone, Debug, thiserror::Error)]
#[error("prepare the stack {stack}: {why}")]
pub struct PrepareFailed {
    /// Its name.
    pub stack: String,
    /// What is missing or refused.
    pub why: String,
    /// What to do about it, where we know.
    pub hint: Option<String>,
}

/// What is missing or refused, before the stack's name stands beside it.
pub(crate) struct Refused {
    pub(crate) why: String,
    pub(crate) hint: Option<String>,
}

impl Refused {
    pub(crate) fn new(why: String, hint: &str) -> Self {
        Self { why, hint: Some(hint.to_owned()) }
    }
}

impl From<String> for Refused {
    fn from(why: String) -> Self {
        Self { why, hint: None }
    }
}

/// A tenant that was there before the run, as one journey uses it.
#[derive(Clone)]
pub struct AdoptedTenant {
    /// Its base URL.
    pub url: String,
    /// Its org.
    pub org_id: String,
    /// Its admin's token.
    pub admin_token: String,
    /// Its concierge's row.
    pub concierge: String,
    /// What the name of every row that the journey makes must begin with.
    pub mark: String,
}

/// A prepared stack. Every tenant that it boots must be shut down or ends with [`RunningStack::stop`].
pub struct RunningStack {
    tools: Tools,
    kind: Kind,
    services: Services,
    ground: Option<Ground>,
    values: Values,
    swept: Swept,
}

enum Kind {
    Embedded(Embedded),
    Process(Box<Process>),
    Containers(Box<Containers>),
    Remote(Box<Remote>),
}

impl RunningStack {
    /// Ends what dead runs left of such a stack, and prepares it with its services; starts no tenant yet.
    ///
    /// # Errors
    /// A service that does not come up, or a target that can't be played on.
    pub async fn prepare(file: StackFile, settings: StackSettings) -> Result<Self, PrepareFailed> {
        let failed = |Refused { why, hint }: Refused| PrepareFailed { stack: file.name.clone(), why, hint };
        let swept = if file.leaves_nothing() { Swept::default() } else { sweep() };
        let values = file.variables.clone().and(settings.values());
        let within = file.ready_within.mul_f64(settings.time_scale);
        let ground = match file.needs_containers() {
            true => Some(Ground::prepare().await.map_err(|why| failed(why.into()))?),
            false => None,
        };
        let mut swept = swept + ground.as_ref().map(Ground::swept).unwrap_or_default();
        let tools = Tools::new(file.tools.clone(), values.clone(), settings.clone());
        match Self::prepare_on(ground.as_ref(), file.clone(), settings, &values, within).await {
            Ok((services, kind, rows)) => {
                swept.rows = rows;
                Ok(Self { tools, kind, services, ground, values, swept })
            }
            Err(why) => {
                if let Some(ground) = ground {
                    ground.stop().await;
                }
                Err(failed(why))
            }
        }
    }

    async fn prepare_on(
        ground: Option<&Ground>,
        file: StackFile,
        settings: StackSettings,
        values: &Values,
        within: Duration,
    ) -> Result<(Services, Kind, usize), Refused> {
        let network = ground.map(Ground::network);
        let services = Services::start(&file.services, values, (network, within)).await?;
        let mut rows_swept = 0;
        let kind = match file.platform.clone() {
            PlatformSource::Embedded => Kind::Embedded(Embedded::new(settings)),
            PlatformSource::Command(command) => {
                Kind::Process(Box::new(Process::new(file, command, settings)))
            }
            PlatformSource::Container(source) => {
                let ground = ground.ok_or_else(|| "no engine for the containers".to_owned())?;
                let prepared = Containers::prepare((file, source), settings, values, ground).await;
                match prepared {
                    Ok(containers) => Kind::Containers(Box::new(containers)),
                    Err(why) => {
                        services.stop().await;
                        return Err(why.into());
                    }
                }
            }
            PlatformSource::Remote(source) => {
                let look = Look { ready_path: &file.ready_path, within };
                let (remote, swept) = Remote::prepare(&source, values, look).await?;
                rows_swept = swept;
                Kind::Remote(Box::new(remote))
            }
        };
        Ok((services, kind, rows_swept))
    }

    /// What of dead runs was ended when the stack was prepared.
    pub fn swept(&self) -> &Swept {
        &self.swept
    }

    /// The address that the world must listen on to be reached by this stack's tenants.
    pub fn world_address(&self) -> IpAddr {
        match &self.kind {
            Kind::Embedded(_) | Kind::Process(_) | Kind::Remote(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            Kind::Containers(containers) => containers.address(),
        }
    }

    /// Boots one tenant and answers its base URL.
    ///
    /// # Errors
    /// What a service or the server said when it refused.
    pub async fn boot(&self, tenant: TenantSettings) -> Result<String, BootFailed> {
        let org_id = tenant.org_id.clone();
        let services = self.services.open(&org_id).await.map_err(BootFailed)?;
        let values = self.values.clone().of_tenant(&tenant.environment).and(services);
        let values = values.with("box_base", tenant.box_base.clone());
        let booted = match &self.kind {
            Kind::Embedded(embedded) => embedded.boot(tenant).await,
            Kind::Process(process) => process.boot(&tenant, values).await,
            Kind::Containers(containers) => containers.boot(&tenant, values).await,
            Kind::Remote(remote) => Ok(remote.url()),
        };
        if booted.is_err() {
            self.services.close(&org_id).await;
        }
        booted
    }

    /// The tenant that every journey uses as it is, for one more of them; `None` where each gets a tenant of its own.
    pub fn adopt(&self) -> Option<AdoptedTenant> {
        match &self.kind {
            Kind::Embedded(_) | Kind::Process(_) | Kind::Containers(_) => None,
            Kind::Remote(remote) => Some(remote.adopt()),
        }
    }

    /// Removes what journeys left on a tenant that goes on after the run, and answers how many rows these were.
    ///
    /// # Errors
    /// What is still there, or kept us from looking.
    pub async fn clear(&self) -> Result<usize, String> {
        match &self.kind {
            Kind::Embedded(_) | Kind::Process(_) | Kind::Containers(_) => Ok(0),
            Kind::Remote(remote) => remote.clear().await,
        }
    }

    /// What the server of a running tenant said last, and how it ended where it ended by itself. `None` where there is
    /// none, and where the platform runs in this process.
    pub async fn server_words(&self, org_id: &str) -> Option<ServerWords> {
        match &self.kind {
            Kind::Embedded(_) | Kind::Remote(_) => None,
            Kind::Process(process) => process.server_words(org_id).await,
            Kind::Containers(containers) => containers.server_words(org_id).await,
        }
    }

    /// Stops one tenant; nothing where there is none.
    pub async fn shut_down(&self, org_id: &str) {
        match &self.kind {
            Kind::Embedded(embedded) => embedded.shut_down(org_id).await,
            Kind::Process(process) => process.shut_down(org_id).await,
            Kind::Containers(containers) => containers.shut_down(org_id).await,
            Kind::Remote(_) => {}
        }
        self.services.close(org_id).await;
    }

    /// Starts the management MCP server with a box's environment and answers the client's end.
    ///
    /// # Errors
    /// Where its command can't be started.
    pub fn open_tools(&self, environment: &BTreeMap<String, String>) -> Result<DuplexStream, BootFailed> {
        self.tools.open(environment)
    }

    /// Stops every tenant that still runs, then the services, and answers how many tenants these were.
    pub async fn stop(&self) -> usize {
        let stopped = match &self.kind {
            Kind::Embedded(embedded) => embedded.stop().await,
            Kind::Process(process) => process.stop().await,
            Kind::Containers(containers) => containers.stop().await,
            Kind::Remote(_) => 0,
        };
        self.services.stop().await;
        if let Some(ground) = &self.ground {
            ground.stop().await;
        }
        stopped
    }
}
