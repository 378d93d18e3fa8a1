//! The management tools of the platform: ours, in this process, or any server that speaks MCP over its standard input
//! and output.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Duration;

use platform::ManagementServer;
use tokio::io::{AsyncWriteExt, DuplexStream, copy, split};
use tokio::process::Command;

use crate::child::OwnChild;
use crate::running::{BootFailed, StackSettings};
use crate::text::Values;
use crate::words::Words;

/// Room for one large tool result; the client waits when it is full.
const TOOL_PIPE_BYTES: usize = 64 * 1024;

/// How long a server of tools may take to end when its client is gone.
const STOP_WITHIN: Duration = Duration::from_secs(2);

pub(crate) struct Tools {
    command: Option<Vec<String>>,
    values: Values,
    settings: StackSettings,
}

impl Tools {
    pub(crate) fn new(command: Option<Vec<String>>, values: Values, settings: StackSettings) -> Self {
        Self { command, values, settings }
    }

    /// A server with the concierge's environment; it ends when the client drops its end.
    pub(crate) fn open(&self, environment: &BTreeMap<String, String>) -> Result<DuplexStream, BootFailed> {
        let (client, server) = tokio::io::duplex(TOOL_PIPE_BYTES);
        match &self.command {
            Some(words) => self.open_command(words, environment, server)?,
            None => self.open_ours(environment, server),
        }
        Ok(client)
    }

    fn open_ours(&self, environment: &BTreeMap<String, String>, server: DuplexStream) {
        let StackSettings { contract, registry, defects, .. } = &self.settings;
        let tools = ManagementServer::with_defects(environment, contract, registry, defects);
        // A broken client is the client's to report.
        tokio::spawn(async move { tools.serve(server).await.ok() });
    }

    fn open_command(
        &self,
        words: &[String],
        environment: &BTreeMap<String, String>,
        server: DuplexStream,
    ) -> Result<(), BootFailed> {
        let values = self.values.clone().of_tenant(environment);
        let mut words = words.iter().map(|word| values.fill(word));
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).env_clear().envs(environment).stdin(Stdio::piped());
        // A program of a language's package manager finds its interpreter there.
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        let mut child = OwnChild::start_piped(&mut command, Words::default()).map_err(BootFailed)?;
        let ends = (child.take_input(), child.take_output());
        let (Some(mut input), Some(mut output)) = ends else {
            return Err(BootFailed("a server of tools has no input or no output".to_owned()));
        };
        tokio::spawn(async move {
            let (mut from_client, mut to_client) = split(server);
            let asked = async {
                copy(&mut from_client, &mut input).await.ok();
                // Its input's end is what tells such a server to stop.
                input.shutdown().await.ok();
                drop(input);
            };
            let answered = async { copy(&mut output, &mut to_client).await.ok() };
            tokio::select! {
                () = asked => {}
                _ = answered => {}
            }
            child.end(STOP_WITHIN).await;
        });
        Ok(())
    }
}
