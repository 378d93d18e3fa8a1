//! The real server against a small control plane and small boxes of this test's own.
#![expect(clippy::unwrap_used, clippy::panic, reason = "the functions that tests share fail like tests")]

#[path = "platform/boot.rs"]
mod boot;
#[path = "platform/boots.rs"]
mod boots;
#[path = "platform/credentials.rs"]
mod credentials;
#[path = "platform/defects.rs"]
mod defects;
#[path = "platform/eras.rs"]
mod eras;
#[path = "platform/first_run.rs"]
mod first_run;
#[path = "platform/golden.rs"]
mod golden;
#[path = "platform/keyless.rs"]
mod keyless;
#[path = "platform/lifecycle.rs"]
mod lifecycle;
#[path = "platform/management.rs"]
mod management;
#[path = "platform/matching.rs"]
mod matching;
#[path = "platform/messages.rs"]
mod messages;
#[path = "platform/models.rs"]
mod models;
#[path = "platform/mutations.rs"]
mod mutations;
#[path = "platform/org.rs"]
mod org;
#[path = "platform/replay.rs"]
mod replay;
#[path = "platform/self_hosted.rs"]
mod self_hosted;
#[path = "platform/stage.rs"]
mod stage;
#[path = "platform/vectors.rs"]
mod vectors;
