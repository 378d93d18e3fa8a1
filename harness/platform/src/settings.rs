//! What a tenant server is started with, and why it may refuse to start.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use contract::{Contract, DefectSet, Registry};

use crate::resolver::BadPattern;

/// The largest clock factor.
pub(crate) const TIME_SCALE_LIMIT: f64 = 1000.0;

/// What a tenant server is started with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The server's own variables, by the names of [`wire::env`] (tenant-api §1.5 A). The process's own are not read.
    pub environment: BTreeMap<String, String>,
    /// The promises to obey.
    pub contract: Arc<Contract>,
    /// Runtimes, arms and providers.
    pub registry: Arc<Registry>,
    /// The promises to break.
    pub defects: DefectSet,
    /// Where rows are kept.
    pub store: StorePlace,
    /// A loopback address; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Multiplies every clock of the contract and every pause of the server.
    pub time_scale: f64,
}

/// Where a tenant keeps its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorePlace {
    /// Gone with the server.
    Memory,
    /// A database file, made where it is missing.
    File(PathBuf),
}

/// Why a tenant server did not start.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    /// A managed tenant without its model wiring (tenant-api §1.2).
    #[error("boot the tenant: MISSING_CP_LLM_ENV: {} not set", names.join(", "))]
    MissingLlmEnvironment {
        /// The variables that are absent or blank.
        names: Vec<&'static str>,
    },
    /// A managed tenant that nobody could administer (tenant-api §1.2).
    #[error("boot the tenant: ADMIN_TOKEN_REQUIRED_FOR_MANAGED_TENANT: ADMIN_TOKEN not set")]
    MissingAdminToken,
    /// Another variable that a managed tenant needs.
    #[error("boot the tenant: {name} not set")]
    MissingVariable {
        /// Its name.
        name: &'static str,
    },
    /// The contract knows a runtime that the registry can't serve.
    #[error(
        "boot the tenant: contract `{contract}` knows runtime `{runtime}`, which registry `{registry}` does not serve"
    )]
    UnservedRuntime {
        /// The contract's name.
        contract: String,
        /// The registry's name.
        registry: String,
        /// The runtime that is missing there, or has no id that the platform pays for.
        runtime: String,
    },
    /// The registry is damaged.
    #[error("boot the tenant: {0}")]
    Registry(String),
    /// The port to listen on is no port.
    #[error("boot the tenant: {name} is `{typed}`, not a number from 0 to 65535")]
    BadPort {
        /// Its variable.
        name: &'static str,
        /// What it holds.
        typed: String,
    },
    /// The address to listen on is not this machine's own.
    #[error("boot the tenant: {name} is `{typed}`, not a loopback address")]
    NotLoopback {
        /// Its variable.
        name: &'static str,
        /// What it holds.
        typed: String,
    },
    /// The database can't be opened.
    #[error("open the tenant's store")]
    Store(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The clock factor is no usable number.
    #[error("boot the tenant: time scale {0} is not a number above 0 and up to {TIME_SCALE_LIMIT}")]
    TimeScale(f64),
    /// The address can't be listened on.
    #[error("listen on {address}")]
    Bind {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
}

impl From<BadPattern> for BootError {
    fn from(bad: BadPattern) -> Self {
        let cause = std::error::Error::source(&bad).map(ToString::to_string).unwrap_or_default();
        Self::Registry(format!("{bad}: {cause}"))
    }
}

/// Refuses a contract whose runtimes the registry can't serve.
pub(crate) fn check_runtimes(contract: &Contract, registry: &Registry) -> Result<(), BootError> {
    let served = |name: &str| registry.runtime(name).is_some_and(|it| it.platform_ids().next().is_some());
    let defaults = [contract.default_runtime.as_str(), contract.concierge.runtime.as_str()];
    match contract.known_runtimes.iter().chain(defaults).find(|name| !served(name)) {
        None => Ok(()),
        Some(runtime) => Err(BootError::UnservedRuntime {
            contract: contract.name.clone(),
            registry: registry.name.clone(),
            runtime: runtime.to_owned(),
        }),
    }
}
