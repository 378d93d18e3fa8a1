//! The control plane boots tenants through a stack.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use journal::ServerWords;
use stack::{RunningStack, TenantSettings};
use tokio::io::DuplexStream;
use world::{AdoptedTenant, HostError, TenantBoot, TenantHost};

/// A stack, as the control plane sees it.
pub(crate) struct StackHost(pub(crate) Arc<RunningStack>);

impl TenantHost for StackHost {
    fn boot<'a>(&'a self, boot: TenantBoot) -> BoxFuture<'a, Result<String, HostError>> {
        async move {
            let TenantBoot { org_id, environment, box_base } = boot;
            let booted = self.0.boot(TenantSettings { org_id, environment, box_base }).await;
            booted.map_err(|error| HostError(error.to_string()))
        }
        .boxed()
    }

    fn adopt(&self) -> Option<AdoptedTenant> {
        let stack::AdoptedTenant { url, org_id, admin_token, concierge, mark } = self.0.adopt()?;
        Some(AdoptedTenant { url, org_id, admin_token, concierge, mark })
    }

    fn shut_down<'a>(&'a self, org_id: &'a str) -> BoxFuture<'a, ()> {
        self.0.shut_down(org_id).boxed()
    }

    fn server_words<'a>(&'a self, org_id: &'a str) -> BoxFuture<'a, Option<ServerWords>> {
        self.0.server_words(org_id).boxed()
    }

    fn open_tools<'a>(
        &'a self,
        environment: &'a BTreeMap<String, String>,
    ) -> BoxFuture<'a, Result<DuplexStream, HostError>> {
        let tools = self.0.open_tools(environment);
        async move { tools.map_err(|error| HostError(error.to_string())) }.boxed()
    }
}
