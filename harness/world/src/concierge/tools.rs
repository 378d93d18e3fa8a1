//! The concierge's side of MCP: a real client over the stream that the stack opened.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use journal::ToolDescription;
use rmcp::model::{
    CallToolRequestParams, ClientCapabilities, ContentBlock, Implementation, InitializeRequestParams,
};
use rmcp::service::{RoleClient, RunningService, ServiceError};
use rmcp::{ServiceExt, model::ProtocolVersion};
use serde_json::Value;

use crate::shared::Shared;

/// What the published server answers to (mcp §1).
const PROTOCOL: ProtocolVersion = ProtocolVersion::V_2025_06_18;

const OPEN_BOUND: Duration = Duration::from_secs(10);
const CALL_BOUND: Duration = Duration::from_secs(15);

/// No agent is shown more tools.
const MAX_TOOLS: usize = 256;

/// An open connection to the management tools.
#[derive(Debug)]
pub(crate) struct Tools {
    service: RunningService<RoleClient, InitializeRequestParams>,
    /// What `tools/list` showed, in its order.
    pub(crate) shown: Arc<Vec<ToolDescription>>,
}

/// What a tool answered, whether the protocol calls it an error or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ToolAnswer {
    /// The text of the result, or of the error.
    pub(crate) text: String,
    /// The protocol's own mark.
    pub(crate) is_error: bool,
}

impl Tools {
    /// Opens the tools: `initialize`, then `tools/list`.
    ///
    /// # Errors
    /// Why they can't be opened, in words.
    pub(super) async fn open(
        shared: &Shared,
        environment: &BTreeMap<String, String>,
    ) -> Result<Self, String> {
        let bound = shared.pace.of(OPEN_BOUND);
        tokio::time::timeout(bound, Self::open_unbounded(shared, environment))
            .await
            .unwrap_or_else(|_| Err(format!("not open within {bound:?}")))
    }

    async fn open_unbounded(shared: &Shared, environment: &BTreeMap<String, String>) -> Result<Self, String> {
        let stream = shared.tenants.open_tools(environment).await.map_err(|error| error.to_string())?;
        let client = Implementation::new("firstrun-concierge", env!("CARGO_PKG_VERSION"));
        let hello = InitializeRequestParams::new(ClientCapabilities::default(), client)
            .with_protocol_version(PROTOCOL);
        let service = hello.serve(stream).await.map_err(|error| format!("initialize: {error}"))?;
        let listed = service.list_all_tools().await.map_err(|error| format!("tools/list: {error}"))?;
        let shown = listed.into_iter().take(MAX_TOOLS).map(|tool| ToolDescription {
            name: tool.name.into_owned(),
            description: tool.description.map(std::borrow::Cow::into_owned).unwrap_or_default(),
            input_schema: Value::Object((*tool.input_schema).clone()),
        });
        Ok(Self { shown: Arc::new(shown.collect()), service })
    }

    /// Calls a tool. A refusal of the protocol is an answer too: the model gets to see it.
    ///
    /// # Errors
    /// The connection is gone or silent.
    pub(super) async fn call(
        &self,
        shared: &Shared,
        name: &str,
        arguments: &Value,
    ) -> Result<ToolAnswer, String> {
        let mut request = CallToolRequestParams::new(name.to_owned());
        if let Value::Object(arguments) = arguments {
            request = request.with_arguments(arguments.clone());
        }
        let bound = shared.pace.of(CALL_BOUND);
        let called = tokio::time::timeout(bound, self.service.call_tool(request)).await;
        match called.map_err(|_| format!("no answer to `{name}` within {bound:?}"))? {
            Ok(result) => {
                Ok(ToolAnswer { text: texts(&result.content), is_error: result.is_error.unwrap_or(false) })
            }
            Err(ServiceError::McpError(error)) => Ok(ToolAnswer {
                text: format!("MCP error {}: {}", error.code.0, error.message),
                is_error: true,
            }),
            Err(error) => Err(format!("`{name}`: {error}")),
        }
    }

    /// Ends the connection; a call under way ends with it.
    pub(super) fn close(&self) {
        self.service.cancellation_token().cancel();
    }
}

fn texts(content: &[ContentBlock]) -> String {
    let texts: Vec<&str> =
        content.iter().filter_map(|block| block.as_text()).map(|text| text.text.as_str()).collect();
    texts.join("\n")
}
