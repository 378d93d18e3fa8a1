//! What every part of one world shares.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::{Arc, Weak};

use contract::{DefectSet, Registry};
use tokio_util::sync::CancellationToken;

use crate::TenantHost;
use crate::directory::Directory;
use crate::pace::Pace;
use crate::strays::Strays;
use crate::vendors::{VendorHosts, Vendors};

/// One world, as its parts see it.
pub(crate) struct Shared {
    /// Runtimes and the ids on their arms.
    pub(crate) registry: Arc<Registry>,
    /// Every id on a platform arm, byte for byte: what the proxy accepts.
    pub(crate) platform_ids: HashSet<String>,
    /// The switches that are on.
    pub(crate) defects: DefectSet,
    /// How long things may take.
    pub(crate) pace: Pace,
    /// Stands tenants up.
    pub(crate) tenants: Arc<dyn TenantHost>,
    /// Calls everybody.
    pub(crate) client: reqwest::Client,
    /// Where the three listeners are.
    pub(crate) addresses: Addresses,
    /// The vendors' hosts.
    pub(crate) vendor_hosts: VendorHosts,
    /// The vendors.
    pub(crate) vendors: Vendors,
    /// This very world.
    pub(crate) itself: Weak<Self>,
    /// Who is who.
    pub(crate) directory: Directory,
    /// The calls of nobody.
    pub(crate) strays: Strays,
    /// Ends the world.
    pub(crate) stopped: CancellationToken,
}

/// Where the world listens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Addresses {
    /// The control plane.
    pub(crate) control_plane: SocketAddr,
    /// The model proxy.
    pub(crate) proxy: SocketAddr,
    /// All boxes.
    pub(crate) boxes: SocketAddr,
}

impl Addresses {
    /// The control plane's base.
    pub(crate) fn control_plane_url(&self) -> String {
        format!("http://{}", self.control_plane)
    }

    /// The proxy's base for OpenAI clients.
    pub(crate) fn openai_base(&self) -> String {
        format!("http://{}/llm/openai/v1", self.proxy)
    }

    /// The proxy's base for Anthropic clients.
    pub(crate) fn anthropic_base(&self) -> String {
        format!("http://{}/llm/anthropic/v1", self.proxy)
    }

    /// Where usage is reported.
    pub(crate) fn usage_url(&self) -> String {
        format!("http://{}/llm/usage", self.proxy)
    }

    /// What all boxes are below. Of this machine's own addresses a platform allows none but the name `localhost`
    /// (tenant-api §2.8).
    pub(crate) fn box_base(&self) -> String {
        let port = self.boxes.port();
        let address = self.boxes.ip();
        if address.is_loopback() {
            format!("http://localhost:{port}")
        } else {
            format!("http://{address}:{port}")
        }
    }

    /// A box's own address.
    pub(crate) fn box_url(&self, instance: &str) -> String {
        format!("{}/box/{instance}", self.box_base())
    }
}
