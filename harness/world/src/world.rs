//! A world: three listeners and those who live behind them. One for a whole run.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
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
        let control_plane = bind("control plane").await?;
        let proxy = bind("model proxy").await?;
        let boxes = bind("boxes").await?;
        let runtimes = settings.registry.runtimes.iter();
        let platform_ids = runtimes.flat_map(contract::Runtime::platform_ids).map(str::to_owned).collect();
        let shared = Arc::new(Shared {
            platform_ids,
            registry: settings.registry,
            defects: settings.defects,
            pace: Pace::new(settings.time_factor),
            tenants,
            client: http::client()?,
            addresses: Addresses { control_plane: control_plane.1, proxy: proxy.1, boxes: boxes.1 },
            directory: Directory::default(),
            stopped: CancellationToken::new(),
        });
        let servers = vec![
            serve(control_plane.0, control_plane::router(Arc::clone(&shared)), &shared.stopped),
            serve(proxy.0, proxy::router(Arc::clone(&shared)), &shared.stopped),
            serve(boxes.0, boxes::router(Arc::clone(&shared)), &shared.stopped),
        ];
        Ok(Self { shared, servers })
    }

    /// Lets a journey in.
    pub fn enter(&self, settings: JourneySettings) -> JourneyWorld {
        JourneyWorld::new(Arc::clone(&self.shared), settings)
    }

    /// Ends everything. Bounded: what has not ended by then is cut off.
    pub async fn stop(self) {
        self.shared.stopped.cancel();
        for server in self.servers {
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

async fn bind(what: &'static str) -> Result<(TcpListener, SocketAddr), WorldError> {
    let failed = |source| WorldError::Bind { what, source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

fn serve(listener: TcpListener, router: Router, stopped: &CancellationToken) -> JoinHandle<()> {
    let stopped = stopped.clone().cancelled_owned();
    // Answers go out in small pieces: each must leave at once.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "connection keeps small pieces back");
        }
    });
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stopped).await {
            tracing::error!(%error, "listener ended");
        }
    })
}
