//! A world: three listeners and those who live behind them. One for a whole run.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Weak};
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use contract::{DefectSet, Registry};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::directory::Directory;
use crate::journey::{JourneySettings, JourneyWorld};
use crate::pace::Pace;
use crate::shared::{Addresses, Shared};
use crate::strays::Strays;
use crate::vendors::{VendorHosts, Vendors};
use crate::{TenantHost, WorldError, boxes, control_plane, http, proxy};

/// The end of a world waits this long for its connections.
const STOP_BOUND: Duration = Duration::from_secs(3);

/// What a world is made with.
#[derive(Clone, Debug)]
pub struct WorldSettings {
    /// Runtimes and the ids on their arms: what the proxy accepts.
    pub registry: Arc<Registry>,
    /// The switches that are on; those of the platform are not the world's business.
    pub defects: DefectSet,
    /// Where the platforms reach it: loopback, or the address of a bridge to their containers.
    pub address: IpAddr,
    /// By which every pause and every bound is multiplied.
    pub time_factor: f64,
}

/// All that surrounds the platforms of a run.
pub struct World {
    shared: Arc<Shared>,
    servers: Vec<JoinHandle<()>>,
}

impl World {
    /// Binds the listeners and starts to serve.
    ///
    /// # Errors
    /// A listener that can't be bound, or a client that can't be built.
    pub async fn start(settings: WorldSettings, tenants: Arc<dyn TenantHost>) -> Result<Self, WorldError> {
        let control_plane = bind(settings.address, "control plane").await?;
        let proxy = bind(settings.address, "model proxy").await?;
        let boxes = bind(settings.address, "boxes").await?;
        let runtimes = settings.registry.runtimes.iter();
        let platform_ids = runtimes.flat_map(contract::Runtime::platform_ids).map(str::to_owned).collect();
        let client = http::client()?;
        let shared = Arc::new_cyclic(|itself| Shared {
            platform_ids,
            defects: settings.defects,
            pace: Pace::new(settings.time_factor),
            tenants,
            client,
            addresses: Addresses { control_plane: control_plane.1, proxy: proxy.1, boxes: boxes.1 },
            vendor_hosts: VendorHosts::of(&settings.registry),
            vendors: Vendors::default(),
            registry: settings.registry,
            itself: Weak::clone(itself),
            directory: Directory::default(),
            strays: Strays::default(),
            stopped: CancellationToken::new(),
        });
        let servers = vec![
            serve(control_plane.0, control_plane::router(Arc::clone(&shared)), &shared),
            serve(proxy.0, proxy::router(Arc::clone(&shared)), &shared),
            serve(boxes.0, boxes::router(Arc::clone(&shared)), &shared),
        ];
        Ok(Self { shared, servers })
    }

    /// Lets a journey in.
    pub fn enter(&self, settings: JourneySettings) -> JourneyWorld {
        JourneyWorld::new(Arc::clone(&self.shared), settings)
    }

    /// The calls so far that no journey could be told of, at most 100 in words and then how many more. In a good run
    /// there are none: a platform called for nobody, or something of ours did.
    pub fn strays(&self) -> Vec<String> {
        self.shared.strays.told()
    }

    /// Ends everything. Bounded: what has not ended by then is cut off.
    pub async fn stop(mut self) {
        self.shared.stopped.cancel();
        self.shared.vendors.stop().await;
        for server in std::mem::take(&mut self.servers) {
            let aborter = server.abort_handle();
            if tokio::time::timeout(STOP_BOUND, server).await.is_err() {
                aborter.abort();
            }
        }
    }

    #[cfg(test)]
    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }
}

impl Drop for World {
    /// A world that nobody stopped must not go on listening.
    fn drop(&mut self) {
        self.shared.stopped.cancel();
    }
}

async fn bind(address: IpAddr, what: &'static str) -> Result<(TcpListener, SocketAddr), WorldError> {
    let failed = |source| WorldError::Bind { what, source };
    let listener = TcpListener::bind((address, 0)).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

fn serve(listener: TcpListener, router: Router, shared: &Arc<Shared>) -> JoinHandle<()> {
    let stopped = shared.stopped.clone().cancelled_owned();
    let shared = Arc::downgrade(shared);
    // Answers go out in small pieces: each must leave at once. A connection that keeps them back is only slower.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    tokio::spawn(async move {
        let served = axum::serve(listener, router).with_graceful_shutdown(stopped).await;
        if let (Err(error), Some(shared)) = (served, shared.upgrade()) {
            shared.strays.note(format!("a listener of the world ended: {error}"));
        }
    })
}
