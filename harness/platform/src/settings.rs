//! What a tenant server is started with, and why it may refuse to start.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use contract::{Contract, DefectSet, Registry};
use wire::env;

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

/// A tenant's variables, checked.
#[derive(Clone, Debug)]
pub(crate) struct Environment {
    pub(crate) org_id: String,
    pub(crate) org_name: String,
    pub(crate) org_slug: String,
    pub(crate) admin_token: String,
    /// Where provisions go; without a slash at its end.
    pub(crate) control_plane: String,
    pub(crate) shared_secret: Option<String>,
    pub(crate) llm: LlmWiring,
    /// How boxes reach the tenant, where it is not simply its own address.
    pub(crate) platform_url: Option<String>,
    /// Loopback addresses are fine for boxes.
    pub(crate) development: bool,
}

/// The proxy's four settings.
#[derive(Clone, Debug)]
pub(crate) struct LlmWiring {
    pub(crate) base_url: String,
    pub(crate) anthropic_base_url: String,
    pub(crate) usage_token: String,
    pub(crate) usage_url: String,
}

/// The org's short name.
pub(crate) const ORG_SLUG: &str = "MOLECULE_ORG_SLUG";
/// The bearer towards the control plane; the first that is set wins.
const SHARED_SECRETS: [&str; 2] = ["MOLECULE_CP_SHARED_SECRET", "PROVISION_SHARED_SECRET"];
const LLM_NAMES: [&str; 4] =
    [env::LLM_BASE_URL, env::LLM_ANTHROPIC_BASE_URL, env::LLM_USAGE_TOKEN, env::LLM_USAGE_URL];

impl Environment {
    /// Reads the variables that a managed tenant needs; a blank one counts as absent.
    pub(crate) fn read(variables: &BTreeMap<String, String>) -> Result<Self, BootError> {
        let get = |name: &str| {
            variables.get(name).map(|value| value.trim()).filter(|value| !value.is_empty()).map(str::to_owned)
        };
        let need = |name: &'static str| get(name).ok_or(BootError::MissingVariable { name });
        let missing: Vec<&'static str> = LLM_NAMES.into_iter().filter(|name| get(name).is_none()).collect();
        if !missing.is_empty() {
            return Err(BootError::MissingLlmEnvironment { names: missing });
        }
        let control_plane = match get(env::CP_PROVISION_URL) {
            Some(url) => url,
            None => need(env::CP_URL)?,
        };
        Ok(Self {
            org_id: need(env::ORG_ID)?,
            org_name: get(env::ORG_NAME).unwrap_or_default(),
            org_slug: get(ORG_SLUG).unwrap_or_default(),
            admin_token: get(env::ADMIN_TOKEN).ok_or(BootError::MissingAdminToken)?,
            control_plane: control_plane.trim_end_matches('/').to_owned(),
            shared_secret: SHARED_SECRETS.into_iter().find_map(get),
            llm: LlmWiring {
                base_url: need(env::LLM_BASE_URL)?,
                anthropic_base_url: need(env::LLM_ANTHROPIC_BASE_URL)?,
                usage_token: need(env::LLM_USAGE_TOKEN)?,
                usage_url: need(env::LLM_USAGE_URL)?,
            },
            platform_url: get(env::PLATFORM_URL),
            development: matches!(get(env::MOLECULE_ENV).as_deref(), Some("dev" | "development")),
        })
    }
}

/// Refuses a contract whose runtimes the registry can't serve.
pub(crate) fn check_runtimes(contract: &Contract, registry: &Registry) -> Result<(), BootError> {
    let served = |name: &str| registry.runtime(name).is_some_and(|it| it.platform_ids().next().is_some());
    let named =
        contract.known_runtimes.iter().chain([&contract.default_runtime, &contract.concierge.runtime]);
    match named.into_iter().find(|name| !served(name)) {
        None => Ok(()),
        Some(runtime) => Err(BootError::UnservedRuntime {
            contract: contract.name.clone(),
            registry: registry.name.clone(),
            runtime: runtime.clone(),
        }),
    }
}
