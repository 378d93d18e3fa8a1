//! What the control plane needs from a stack.

use std::collections::BTreeMap;

use futures::FutureExt;
use futures::future::BoxFuture;
use journal::ServerWords;
use tokio::io::DuplexStream;

use crate::AdoptedTenant;

/// Starts and stops tenants for the control plane, and opens their management tools.
pub trait TenantHost: Send + Sync + 'static {
    /// Starts a tenant and answers its base URL. The control plane waits for its health by itself.
    fn boot<'a>(&'a self, boot: TenantBoot) -> BoxFuture<'a, Result<String, HostError>>;

    /// The tenant that every journey takes as it is, for one more of them; `None` where each signs up for its own.
    fn adopt(&self) -> Option<AdoptedTenant> {
        None
    }

    /// Stops a tenant. One that never came up is no error.
    fn shut_down<'a>(&'a self, org_id: &'a str) -> BoxFuture<'a, ()>;

    /// What the server of a tenant that runs said last, and how it ended where it ended by itself. `None` where there is
    /// no such server, or none that is heard.
    fn server_words<'a>(&'a self, _org_id: &'a str) -> BoxFuture<'a, Option<ServerWords>> {
        async { None }.boxed()
    }

    /// Opens a management MCP server for a concierge with this environment; one JSON-RPC message a line.
    fn open_tools<'a>(
        &'a self,
        environment: &'a BTreeMap<String, String>,
    ) -> BoxFuture<'a, Result<DuplexStream, HostError>>;
}

/// What a tenant is started with (tenant-api §1.5 A): everything but what is the stack's own, such as stores, port,
/// manifest, and the address that boxes reach it by.
#[derive(Clone, Debug)]
pub struct TenantBoot {
    /// The org.
    pub org_id: String,
    /// The server's environment.
    pub environment: BTreeMap<String, String>,
    /// The address that all boxes are below, for a server that must be told whom it may call.
    pub box_base: String,
}

/// Why a stack could not do its part.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct HostError(pub String);
