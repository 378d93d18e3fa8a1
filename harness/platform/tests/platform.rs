//! The real server against a small control plane and small boxes of this test's own.
#![expect(clippy::unwrap_used, clippy::panic, reason = "the functions that tests share fail like tests")]

#[path = "platform/boot.rs"]
mod boot;
#[path = "platform/credentials.rs"]
mod credentials;
#[path = "platform/defects.rs"]
mod defects;
#[path = "platform/first_run.rs"]
mod first_run;
#[path = "platform/lifecycle.rs"]
mod lifecycle;
#[path = "platform/management.rs"]
mod management;
#[path = "platform/messages.rs"]
mod messages;
#[path = "platform/models.rs"]
mod models;
#[path = "platform/org.rs"]
mod org;
