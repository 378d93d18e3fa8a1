//! When a person or a machine asks the process to stop.

/// Waits for Ctrl-C or for SIGTERM, which is what a machine sends.
pub(crate) async fn until_told_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    // Where no signal can be waited for, the process is ended from outside.
    interrupted.await.ok();
}
