//! The management tools of the platform: ours, in this process, whatever stack the tenant runs on.

use std::collections::BTreeMap;

use platform::ManagementServer;
use tokio::io::DuplexStream;

use crate::running::StackSettings;

/// Room for one large tool result; the client waits when it is full.
const TOOL_PIPE_BYTES: usize = 64 * 1024;

pub(crate) struct Tools {
    settings: StackSettings,
}

impl Tools {
    pub(crate) fn new(settings: StackSettings) -> Self {
        Self { settings }
    }

    pub(crate) fn open(&self, environment: &BTreeMap<String, String>) -> DuplexStream {
        let (client, server) = tokio::io::duplex(TOOL_PIPE_BYTES);
        let StackSettings { contract, registry, defects, .. } = &self.settings;
        let tools = ManagementServer::with_defects(environment, contract, registry, defects);
        // Ends when the client drops its end; a broken client is the client's to report.
        tokio::spawn(async move { tools.serve(server).await.ok() });
        client
    }
}
