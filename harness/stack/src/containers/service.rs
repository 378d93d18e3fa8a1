//! A service in a container, from an image of the stack file's choice.

use std::time::Duration;

use testcontainers::core::logs::LogFrame;
use testcontainers::runners::AsyncRunner;
use testcontainers::{ContainerAsync, GenericImage, ImageExt};

use super::engine::{named, request};
use crate::network::Network;
use crate::port::ReservedPort;
use crate::words::Words;

/// The bound on the engine's part of a start, a pull included.
const START_WITHIN: Duration = Duration::from_secs(300);

/// How many seconds a service may take to stop.
const STOP_WITHIN_SECONDS: i32 = 5;

/// What a service's container is started with.
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
pub(crate) struct ServiceContainer {
    container: ContainerAsync<GenericImage>,
    words: Words,
    port: ReservedPort,
}

impl ServiceContainer {
    /// Starts an image with a port of it published for this machine and the run's network.
    pub(crate) async fn start(started: Started<'_>, network: &Network) -> Result<Self, String> {
        let Started { image, inner_port, arguments, variables, files } = started;
        let port =
            ReservedPort::take_on(network.gateway).map_err(|error| format!("find a free port: {error}"))?;
        let words = Words::default();
        let said = words.clone();
        let request = request(named(image), network, port.number(), inner_port)
            .with_startup_timeout(START_WITHIN)
            .with_cmd(arguments.iter().copied())
            .with_log_consumer(move |frame: &LogFrame| {
                let (LogFrame::StdOut(bytes) | LogFrame::StdErr(bytes)) = frame;
                said.take(bytes);
            });
        let request =
            variables.iter().fold(request, |request, (name, value)| request.with_env_var(*name, *value));
        let request = files.iter().fold(request, |request, (path, text)| {
            request.with_copy_to((*path).to_owned(), text.as_bytes().to_vec())
        });
        match tokio::time::timeout(START_WITHIN, request.start()).await {
            Ok(Ok(container)) => Ok(Self { container, words, port }),
            Ok(Err(error)) => Err(format!("start the image {image}: {error}")),
            Err(_) => Err(format!("start the image {image}: not done within {START_WITHIN:?}")),
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port.number()
    }

    pub(crate) fn words(&self) -> &Words {
        &self.words
    }

    /// How it ended, where it did by itself.
    pub(crate) async fn ended(&self) -> Option<String> {
        let code = self.container.exit_code().await.ok().flatten()?;
        Some(format!("exit status: {code}"))
    }

    pub(crate) async fn stop(self) {
        self.container.stop_with_timeout(Some(STOP_WITHIN_SECONDS)).await.ok();
        self.container.rm().await.ok();
    }
}
