//! A service that was started by us: its process, its folder, its port.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::child::OwnChild;
use crate::place::OwnFolder;
use crate::port::ReservedPort;

/// How long a service may take to stop before it is killed.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// The pause between two tries to reach a service.
const PAUSE: Duration = Duration::from_millis(20);

/// A running service; all of it is gone when this is dropped.
pub(crate) struct OwnService {
    child: OwnChild,
    /// What it writes, removed after it.
    folder: OwnFolder,
    /// Given back with the service.
    #[expect(dead_code, reason = "held, not read")]
    port: ReservedPort,
}

impl OwnService {
    pub(crate) fn new(child: OwnChild, folder: OwnFolder, port: ReservedPort) -> Self {
        Self { child, folder, port }
    }

    pub(crate) async fn stop(self, first: Signal) {
        self.child.end_by(first, STOP_WITHIN).await;
        drop(self.folder);
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
        if let Some(status) = own.child.ended() {
            return Err(format!("{name} ended with {status}{}", own.child.words().told()));
        }
        match ask().await {
            Ok(()) => return Ok(()),
            Err(why) if began.elapsed() >= within => {
                return Err(format!("{why}{}", own.child.words().told()));
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}
