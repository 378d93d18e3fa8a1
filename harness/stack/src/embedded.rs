//! The reference platform in this process: real HTTP on loopback, one server and one store a tenant.

use std::net::{Ipv4Addr, SocketAddr};

use platform::{RunningPlatform, Settings, StorePlace};

use crate::fleet::Fleet;
use crate::running::{BootFailed, StackSettings, TenantSettings};

pub(crate) struct Embedded {
    settings: StackSettings,
    tenants: Fleet<RunningPlatform>,
}

impl Embedded {
    pub(crate) fn new(settings: StackSettings) -> Self {
        Self { settings, tenants: Fleet::default() }
    }

    pub(crate) async fn boot(&self, tenant: TenantSettings) -> Result<String, BootFailed> {
        let platform = RunningPlatform::start(Settings {
            environment: tenant.environment,
            contract: self.settings.contract.clone(),
            registry: self.settings.registry.clone(),
            defects: self.settings.defects.clone(),
            store: StorePlace::Memory,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            time_scale: self.settings.time_scale,
        })
        .await
        .map_err(|error| BootFailed(without_act(&error.to_string())))?;
        let url = platform.url();
        if let Some(earlier) = self.tenants.add(&tenant.org_id, platform) {
            earlier.stop().await;
        }
        Ok(url)
    }

    pub(crate) async fn shut_down(&self, org_id: &str) {
        if let Some(tenant) = self.tenants.take(org_id) {
            tenant.stop().await;
        }
    }

    pub(crate) async fn stop(&self) -> usize {
        let left = self.tenants.take_all();
        let count = left.len();
        for tenant in left {
            tenant.stop().await;
        }
        count
    }
}

/// The server's words without the act that they begin with: the control plane names it too.
fn without_act(words: &str) -> String {
    words.strip_prefix("boot the tenant: ").unwrap_or(words).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_boot_is_told_without_naming_the_act() {
        assert_eq!(without_act("boot the tenant: ADMIN_TOKEN not set"), "ADMIN_TOKEN not set");
        assert_eq!(without_act("anything else"), "anything else");
    }
}
