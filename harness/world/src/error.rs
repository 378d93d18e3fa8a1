//! What can go wrong on our side. What the platform does wrong is a fact, not an error.

use std::time::Duration;

/// Why a world could not start.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// A listener could not be bound.
    #[error("bind the listener of the {what}: {source}")]
    Bind {
        /// Whose listener.
        what: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The HTTP client could not be built.
    #[error("build the HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

/// Why a call brought nothing that can be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// No answer: refused, reset, cut.
    #[error("{method} {path}: no answer: {cause}")]
    Transport {
        /// The method.
        method: String,
        /// The path with its query.
        path: String,
        /// What the network said.
        cause: String,
    },
    /// No answer in time.
    #[error("{method} {path}: no answer within {after:?}")]
    TimedOut {
        /// The method.
        method: String,
        /// The path with its query.
        path: String,
        /// The bound.
        after: Duration,
    },
    /// An answer with a status that this call has no use for.
    #[error("{method} {path}: status {status}: {body}")]
    Status {
        /// The method.
        method: String,
        /// The path with its query.
        path: String,
        /// What came.
        status: u16,
        /// The beginning of the body.
        body: String,
    },
    /// A body that is not the JSON that the route promises.
    #[error("{method} {path}: unreadable body ({cause}): {body}")]
    NotJson {
        /// The method.
        method: String,
        /// The path with its query.
        path: String,
        /// What the reader said.
        cause: String,
        /// The beginning of the body.
        body: String,
    },
    /// The concierge's tools can't be used.
    #[error("use the management tools: {cause}")]
    Tools {
        /// Why.
        cause: String,
    },
    /// A body past the bound.
    #[error("{method} {path}: body longer than {limit_bytes} bytes")]
    TooLarge {
        /// The method.
        method: String,
        /// The path with its query.
        path: String,
        /// The bound.
        limit_bytes: usize,
    },
}

/// Why a sign-up did not end with a tenant whose concierge is online.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignUpError {
    /// A call failed.
    #[error("sign up: {0}")]
    Call(#[from] ClientError),
    /// The control plane gave up on the org.
    #[error("sign up `{slug}`: {cause}")]
    Failed {
        /// The org.
        slug: String,
        /// What the control plane says.
        cause: String,
    },
    /// It took too long.
    #[error("sign up `{slug}`: not done within {after:?}, last seen: {last_seen}")]
    TimedOut {
        /// The org.
        slug: String,
        /// The bound.
        after: Duration,
        /// What was seen last.
        last_seen: String,
    },
}
