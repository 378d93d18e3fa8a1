//! A service that was started by us: a process with its folder and its port, or a container.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::child::OwnChild;
use crate::containers::ServiceContainer;
use crate::place::OwnFolder;
use crate::port::ReservedPort;
use crate::ready::Serving;
use crate::words::Words;

/// How long a service may take to stop before it is killed.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// The pause between two tries to reach a service.
const PAUSE: Duration = Duration::from_millis(20);

/// A running service; all of it is gone when this is dropped.
pub(crate) enum OwnService {
    /// From installed binaries.
    Installed(Box<Installed>),
    /// From an image.
    Container(Box<ServiceContainer>),
}

/// A service from installed binaries.
pub(crate) struct Installed {
    pub(crate) child: OwnChild,
    /// What it writes, removed after it.
    pub(crate) folder: OwnFolder,
    /// Given back with the service.
    #[expect(dead_code, reason = "held, not read")]
    pub(crate) port: ReservedPort,
}

impl OwnService {
    /// Stops it: a process by this signal first.
    pub(crate) async fn stop(self, first: Signal) {
        match self {
            Self::Installed(service) => {
                let Installed { child, folder, .. } = *service;
                child.end_by(first, STOP_WITHIN).await;
                drop(folder);
            }
            Self::Container(container) => container.stop().await,
        }
    }

    fn words(&self) -> &Words {
        match self {
            Self::Installed(service) => service.child.words(),
            Self::Container(container) => container.words(),
        }
    }
}

impl Serving for OwnService {
    async fn ended(&mut self) -> Option<String> {
        match self {
            Self::Installed(service) => service.child.ended().await,
            Self::Container(container) => container.ended().await,
        }
    }
}

/// Waits until a service answers. One that somebody else runs is there or not; one of ours is given its time, and its
/// words are told when it ends instead.
pub(crate) async fn await_answer(
    name: &str,
    own: Option<&mut OwnService>,
    within: Duration,
    ask: impl AsyncFn() -> Result<(), String>,
) -> Result<(), String> {
    let Some(own) = own else { return ask().await };
    let began = Instant::now();
    loop {
        if let Some(how) = own.ended().await {
            return Err(format!("{name} ended with {how}{}", own.words().told()));
        }
        match ask().await {
            Ok(()) => return Ok(()),
            Err(why) if began.elapsed() >= within => return Err(format!("{why}{}", own.words().told())),
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}
