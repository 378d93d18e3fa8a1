//! What containers stand on: the engine, swept of what dead runs left, and a network of the run.

use super::engine::Engine;
use crate::doctor::Missing;
use crate::network::Network;
use crate::sweep::Swept;

/// How to get an engine.
const HOW: &str = "start Docker (Debian: apt-get install docker.io, then dockerd), or set DOCKER_HOST";

/// The engine and the run's network.
pub(crate) struct Ground {
    engine: Engine,
    network: Network,
    swept: Swept,
}

impl Ground {
    /// Sweeps, and makes the network.
    pub(crate) async fn prepare() -> Result<Self, String> {
        let engine = Engine::connect().await.map_err(|why| format!("{why}; {HOW}"))?;
        let swept = engine.sweep().await?;
        let network = engine.make_network().await?;
        Ok(Self { engine, network, swept })
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(crate) fn network(&self) -> &Network {
        &self.network
    }

    pub(crate) fn swept(&self) -> Swept {
        self.swept
    }

    /// Removes the network, when its last container is gone.
    pub(crate) async fn stop(&self) {
        self.engine.remove_network(&self.network.name).await;
    }
}

/// What is missing for containers.
pub(crate) async fn missing() -> Option<Missing> {
    let why = Engine::connect().await.err()?;
    Some(Missing::new(format!("a Docker engine ({why})"), HOW))
}

/// Removes what is left of this run, when its preparation was called off.
pub(crate) async fn release() {
    if let Ok(engine) = Engine::connect().await {
        engine.release().await.ok();
    }
}

/// Removes what dead runs left, and the images that were built. A machine without an engine has none of it.
pub(crate) async fn clean() -> Result<Swept, String> {
    match Engine::connect().await {
        Ok(engine) => engine.clean().await,
        Err(_) => Ok(Swept::default()),
    }
}
