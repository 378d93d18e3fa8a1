//! The running fakes: started at the first need, replaced when they have grown.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;
use wiremock::MockServer;

use super::serve;
use crate::shared::Shared;

/// A server keeps what it matched: past this many requests the next call gets a fresh one.
const MAX_REQUESTS: u64 = 10_000;

/// The vendors' fakes.
#[derive(Debug, Default)]
pub(crate) struct Vendors {
    running: Mutex<Option<Arc<Running>>>,
}

/// A running set of fakes; it stops with its last holder.
pub(crate) struct Running {
    server: MockServer,
    served: AtomicU64,
}

impl Running {
    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        *self.server.address()
    }
}

impl std::fmt::Debug for Running {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Running").field("address", &self.address()).finish_non_exhaustive()
    }
}

impl Vendors {
    /// The fakes, for one call: they live as long as the answer is held.
    ///
    /// # Errors
    /// No listener for them.
    pub(crate) async fn for_a_call(&self, shared: &Arc<Shared>) -> io::Result<Arc<Running>> {
        let mut running = self.running.lock().await;
        let usable = running.take().filter(|it| it.served.load(Ordering::Relaxed) < MAX_REQUESTS);
        let usable = match usable {
            Some(usable) => usable,
            None => Arc::new(start(shared).await?),
        };
        usable.served.fetch_add(1, Ordering::Relaxed);
        *running = Some(Arc::clone(&usable));
        Ok(usable)
    }

    /// Lets the fakes go; they stop when the calls under way have ended.
    pub(crate) async fn stop(&self) {
        self.running.lock().await.take();
    }

    /// Makes the fakes look as if they had served enough.
    #[cfg(test)]
    pub(super) async fn wear_out(&self) {
        if let Some(running) = &*self.running.lock().await {
            running.served.store(MAX_REQUESTS, Ordering::Relaxed);
        }
    }
}

async fn start(shared: &Arc<Shared>) -> io::Result<Running> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let server = MockServer::builder().listener(listener).disable_request_recording().start().await;
    for mock in serve::mocks(shared) {
        server.register(mock).await;
    }
    Ok(Running { server, served: AtomicU64::new(0) })
}
