//! Starting and stopping one tenant.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::boot;
use crate::environment::Environment;
use crate::provision;
use crate::resolver::Resolver;
use crate::router;
use crate::settings::{BootError, Settings, TIME_SCALE_LIMIT, check_runtimes};
use crate::store::Store;
use crate::tenant::{Debounce, Gates, Tenant};

/// How long a stopping tenant waits for requests and tasks under way.
const STOP_WAIT: Duration = Duration::from_secs(5);

/// One tenant server that accepts requests.
pub struct RunningPlatform {
    address: SocketAddr,
    tenant: Arc<Tenant>,
    serving: JoinHandle<()>,
}

impl RunningPlatform {
    /// Boots a tenant: checks its variables, opens its store, listens.
    ///
    /// # Errors
    /// Every [`BootError`]; nothing keeps running then.
    pub async fn start(settings: Settings) -> Result<Self, BootError> {
        if !(settings.time_scale > 0.0 && settings.time_scale <= TIME_SCALE_LIMIT) {
            return Err(BootError::TimeScale(settings.time_scale));
        }
        let variables = boot::refreshed(settings.environment).await;
        let environment = Environment::read(&variables, &settings.contract)?;
        check_runtimes(&settings.contract, &settings.registry)?;
        let resolver = Resolver::of(&settings.registry)?;
        let store = Store::open(&settings.store).map_err(|error| BootError::Store(error.into()))?;
        let (listener, address) = listen(settings.listen).await?;
        let platform_url = environment.platform_url.clone().unwrap_or_else(|| format!("http://{address}"));
        let tenant = Arc::new(Tenant {
            environment,
            timers: settings.contract.timers.scaled(settings.time_scale),
            contract: settings.contract,
            resolver,
            defects: settings.defects,
            store,
            time_scale: settings.time_scale,
            platform_url,
            stopping: CancellationToken::new(),
            tasks: TaskTracker::new(),
            gates: Gates::default(),
            debounce: Debounce::default(),
        });
        boot::seed_concierge(&tenant).map_err(|error| BootError::Store(error.into()))?;
        provision::start_sweeping(&tenant);
        let serving = tokio::spawn(serve(listener, Arc::clone(&tenant)));
        Ok(Self { address, tenant, serving })
    }

    /// The tenant's address, `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops accepting, lets requests and tasks under way end, and cuts off those that don't within a few seconds.
    pub async fn stop(mut self) {
        self.tenant.stopping.cancel();
        self.tenant.tasks.close();
        let ending = async {
            self.tenant.tasks.wait().await;
            if let Err(error) = (&mut self.serving).await {
                tracing::error!(%error, "the tenant's server ended badly");
            }
        };
        if tokio::time::timeout(STOP_WAIT, ending).await.is_err() {
            tracing::warn!(address = %self.address, "the tenant was cut off with requests under way");
            self.serving.abort();
        }
    }
}

impl Drop for RunningPlatform {
    /// A tenant that was not stopped leaves nothing behind either; [`RunningPlatform::stop`] waits for it.
    fn drop(&mut self) {
        self.tenant.stopping.cancel();
        self.serving.abort();
    }
}

async fn listen(wanted: SocketAddr) -> Result<(TcpListener, SocketAddr), BootError> {
    let failed = |source| BootError::Bind { address: wanted, source };
    let listener = TcpListener::bind(wanted).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

async fn serve(listener: TcpListener, tenant: Arc<Tenant>) {
    let stopping = tenant.stopping.clone();
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    let served = axum::serve(listener, router::routes(&tenant))
        .with_graceful_shutdown(async move { stopping.cancelled().await })
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "the tenant stopped listening");
    }
}
