//! How a tenant comes up: its variables completed by the control plane, its listener from its own variables, its
//! concierge's row where it hosts itself (tenant-api §1.1 to §1.3).

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use contract::{Contract, DefectSet, Registry};
use uuid::Uuid;
use wire::{env, header};

use crate::environment::{missing_llm, value};
use crate::http;
use crate::server::RunningPlatform;
use crate::settings::{BootError, Settings, StorePlace};
use crate::store::workspaces;
use crate::tenant::Tenant;

/// Where a tenant listens that is not told a port.
const DEFAULT_PORT: u16 = 8080;
/// Which of this machine's own addresses to listen on.
const BIND: &str = "BIND";
/// Says that the server runs in a container, whose addresses are its own.
const IN_CONTAINER: &str = "FIRSTRUN_IN_CONTAINER";
/// The file of the tenant's database; rows are gone with the server where it is absent.
const STORE: &str = "FIRSTRUN_STORE";
/// How long the control plane may take to tell a tenant its settings.
const CONFIG_WAIT: Duration = Duration::from_secs(10);
/// The longest settings that are read, and the longest value in them, in bytes.
const CONFIG_LIMIT_BYTES: usize = 64 * 1024;
const VALUE_LIMIT_BYTES: usize = 4 * 1024;
/// From what a self-hosted concierge's id is made.
const SELF_HOSTED_CONCIERGE: &[u8] = b"molecule:self-hosted:platform-agent";

/// Boots a tenant from variables alone: those of tenant-api §1.1, with `PORT`, `BIND` (a loopback address, 127.0.0.1
/// where absent; any where `FIRSTRUN_IN_CONTAINER` is set) and `FIRSTRUN_STORE` (a database file, in memory where absent).
///
/// # Errors
/// Every [`BootError`]; nothing keeps running then.
pub async fn serve(
    environment: BTreeMap<String, String>,
    contract: Arc<Contract>,
    registry: Arc<Registry>,
    defects: DefectSet,
    time_scale: f64,
) -> Result<RunningPlatform, BootError> {
    let listen = address(&environment)?;
    let store = match value(&environment, STORE) {
        Some(path) => StorePlace::File(PathBuf::from(path)),
        None => StorePlace::Memory,
    };
    RunningPlatform::start(Settings { environment, contract, registry, defects, store, listen, time_scale })
        .await
}

fn address(variables: &BTreeMap<String, String>) -> Result<SocketAddr, BootError> {
    let port = match value(variables, env::PORT) {
        None => DEFAULT_PORT,
        Some(typed) => {
            typed.parse().map_err(|_| BootError::BadPort { name: env::PORT, typed: typed.clone() })?
        }
    };
    let host = match value(variables, BIND) {
        None => IpAddr::V4(Ipv4Addr::LOCALHOST),
        Some(typed) => {
            let may = |host: &IpAddr| host.is_loopback() || value(variables, IN_CONTAINER).is_some();
            let host = typed.parse().ok().filter(may);
            host.ok_or(BootError::NotLoopback { name: BIND, typed })?
        }
    };
    Ok(SocketAddr::new(host, port))
}

/// The variables with what the control plane adds. It is asked only where a managed tenant lacks model settings; a
/// control plane that does not answer leaves them as they were, and the boot says what is missing.
pub(crate) async fn refreshed(mut variables: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let get = |name: &str| value(&variables, name);
    let (Some(org), Some(token), Some(url)) = (get(env::ORG_ID), get(env::ADMIN_TOKEN), get(env::CP_URL))
    else {
        return variables;
    };
    if missing_llm(&variables).is_empty() {
        return variables;
    }
    let url = format!("{}/cp/tenants/config", url.trim_end_matches('/'));
    match told(&url, &org, &token).await {
        Ok(told) => {
            variables.extend(told.into_iter().filter(|(_, value)| value.len() <= VALUE_LIMIT_BYTES));
        }
        Err(error) => tracing::warn!(%error, "the control plane told no settings"),
    }
    variables
}

async fn told(url: &str, org: &str, token: &str) -> Result<BTreeMap<String, String>, String> {
    let request = http::client().get(url).timeout(CONFIG_WAIT).bearer_auth(token).header(header::ORG_ID, org);
    let response = request.send().await.map_err(|error| error.to_string())?;
    let status = response.status();
    if !status.is_success() {
        return Err(format!("it answered {status}"));
    }
    let body = http::body(response, CONFIG_LIMIT_BYTES).await.map_err(|error| error.to_string())?;
    serde_json::from_slice(&body).map_err(|error| error.to_string())
}

/// Makes the concierge's row of a tenant that hosts itself and wants one. It provisions nothing.
pub(crate) fn seed_concierge(tenant: &Tenant) -> rusqlite::Result<()> {
    if tenant.environment.is_managed() || !tenant.environment.seeds_concierge {
        return Ok(());
    }
    let id = Uuid::new_v5(&Uuid::NAMESPACE_URL, SELF_HOSTED_CONCIERGE);
    tenant.store.transaction(|store| {
        if workspaces::find(store, id)?.is_some() || workspaces::concierge(store)?.is_some() {
            return Ok(());
        }
        let row = tenant.concierge_row(id, tenant.concierge_name());
        if workspaces::insert(store, &row)?.is_ok() {
            workspaces::crown(store, id)?;
        }
        Ok(())
    })
}
