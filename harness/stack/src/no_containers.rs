//! Stands for `containers` in a build without them: there is nothing of it, and whoever asks is told how to get it.

use std::net::IpAddr;

use journal::ServerWords;

use crate::doctor::Missing;
use crate::file::{ContainerSource, StackFile};
use crate::network::Network;
use crate::running::{BootFailed, StackSettings, TenantSettings};
use crate::sweep::Swept;
use crate::text::Values;
use crate::words::Words;

const WHAT: &str = "a firstrun that was built with containers";
const HOW: &str = "build with `--features containers`";

/// The engine and the run's network.
pub(crate) enum Ground {}

impl Ground {
    pub(crate) async fn prepare() -> Result<Self, String> {
        Err(format!("this needs {WHAT}; {HOW}"))
    }

    pub(crate) fn network(&self) -> &Network {
        match *self {}
    }

    pub(crate) fn swept(&self) -> Swept {
        match *self {}
    }

    pub(crate) async fn stop(&self) {
        match *self {}
    }
}

/// What is missing for containers.
pub(crate) async fn missing() -> Option<Missing> {
    Some(Missing::new(WHAT, HOW))
}

/// Nothing of containers is made by a build that has none.
pub(crate) async fn release() {}

/// Nothing of containers can be left by a build that has none.
pub(crate) async fn clean() -> Result<Swept, String> {
    Ok(Swept::default())
}

/// Servers of one stack.
pub(crate) enum Containers {}

impl Containers {
    pub(crate) async fn prepare(
        _: (StackFile, ContainerSource),
        _: StackSettings,
        _: &Values,
        ground: &Ground,
    ) -> Result<Self, String> {
        match *ground {}
    }

    pub(crate) async fn boot(&self, _: &TenantSettings, _: Values) -> Result<String, BootFailed> {
        match *self {}
    }

    pub(crate) async fn server_words(&self, _: &str) -> Option<ServerWords> {
        match *self {}
    }

    pub(crate) async fn shut_down(&self, _: &str) {
        match *self {}
    }

    pub(crate) async fn stop(&self) -> usize {
        match *self {}
    }

    pub(crate) fn address(&self) -> IpAddr {
        match *self {}
    }
}

/// What a service's container is started with.
#[expect(dead_code, reason = "for containers alone")]
pub(crate) struct Started<'a> {
    /// The image.
    pub(crate) image: &'a str,
    /// The port that the service listens on in it.
    pub(crate) inner_port: u16,
    /// What its program is started with, instead of the image's own words.
    pub(crate) arguments: &'a [&'a str],
    /// Its environment, beside the image's own.
    pub(crate) variables: &'a [(&'a str, &'a str)],
    /// Files by path, with their text.
    pub(crate) files: &'a [(&'a str, &'a str)],
}

/// A running service.
pub(crate) enum ServiceContainer {}

impl ServiceContainer {
    pub(crate) async fn start(_: Started<'_>, _: &Network) -> Result<Self, String> {
        Err(format!("this needs {WHAT}; {HOW}"))
    }

    pub(crate) fn port(&self) -> u16 {
        match *self {}
    }

    pub(crate) fn words(&self) -> &Words {
        match *self {}
    }

    pub(crate) async fn ended(&self) -> Option<String> {
        match *self {}
    }

    pub(crate) async fn stop(self) {
        match self {}
    }
}
