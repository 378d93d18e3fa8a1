//! Outgoing HTTP: one client for all tenants of the process, and answers read within a bound.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::{Client, Response};

/// How long a connection may take to open.
const CONNECT_WAIT: Duration = Duration::from_secs(10);
/// How long an idle connection is kept for the next call.
const IDLE_WAIT: Duration = Duration::from_secs(30);

/// The client of every outgoing call. It follows no redirect and reads no proxy settings.
pub(crate) fn client() -> &'static Client {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    CLIENT.get_or_init(|| {
        Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_WAIT)
            .pool_idle_timeout(IDLE_WAIT)
            .build()
            .expect("a client without TLS and proxies always builds")
    })
}

/// Why an answer's body could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    /// It broke off.
    #[error("the answer broke off: {0}")]
    Broken(#[from] reqwest::Error),
    /// It is longer than allowed.
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
}

/// Reads a body up to a length.
pub(crate) async fn body(mut response: Response, limit_bytes: usize) -> Result<Vec<u8>, BodyError> {
    let mut whole = Vec::new();
    while let Some(part) = response.chunk().await? {
        if whole.len() + part.len() > limit_bytes {
            return Err(BodyError::TooLong(limit_bytes));
        }
        whole.extend_from_slice(&part);
    }
    Ok(whole)
}
