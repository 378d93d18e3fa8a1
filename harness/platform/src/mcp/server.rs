//! The server itself: the tools behind the protocol.

use std::collections::BTreeMap;
use std::sync::Arc;

use contract::{Contract, DefectSet, Registry};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::{RequestContext, ServerInitializeError};
use rmcp::{ErrorData, RoleServer, ServerHandler};
use tokio::io::{AsyncRead, AsyncWrite};

use super::arguments::checked;
use super::call::Target;
use super::tools::{ManagementTool, definitions};

/// What the server calls itself. The version is the recorded one; it never follows a package.
const SERVER_NAME: &str = "molecule-platform";
const SERVER_VERSION: &str = "1.0.0";
/// How a refused call begins (mcp §5).
const INVALID_PARAMS: &str = "MCP error -32602";

/// The management MCP server: one tenant, seen through its HTTP API.
#[derive(Clone, Debug)]
pub struct ManagementServer {
    target: Target,
    tools: Arc<Vec<Tool>>,
}

/// Why serving a client ended badly.
#[derive(Debug, thiserror::Error)]
pub enum McpError {
    /// The client did not begin as the protocol wants.
    #[error("begin with a management client: {0}")]
    Handshake(#[source] Box<ServerInitializeError>),
    /// The server's own task broke.
    #[error("serve a management client: {0}")]
    Broken(#[source] tokio::task::JoinError),
}

impl ManagementServer {
    /// A server for the tenant that these variables name (mcp §2). It starts without a credential; its tools then
    /// answer `AUTH_ERROR`.
    pub fn new(
        environment: &BTreeMap<String, String>,
        contract: Arc<Contract>,
        registry: Arc<Registry>,
    ) -> Self {
        Self::with_defects(environment, &contract, &registry, &DefectSet::default())
    }

    /// The same with defects switched on; those in the tools' words show here.
    pub fn with_defects(
        environment: &BTreeMap<String, String>,
        contract: &Contract,
        registry: &Registry,
        defects: &DefectSet,
    ) -> Self {
        let tools = definitions(contract, registry, defects);
        Self { target: Target::read(environment), tools: Arc::new(tools) }
    }

    /// Serves one client over any byte stream until it closes.
    ///
    /// # Errors
    /// A client that does not begin as the protocol wants; a task of ours that broke.
    pub async fn serve<S>(self, io: S) -> Result<(), McpError>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let running =
            rmcp::serve_server(self, io).await.map_err(|error| McpError::Handshake(Box::new(error)))?;
        running.waiting().await.map(|_reason| ()).map_err(McpError::Broken)
    }

    async fn answer(&self, request: CallToolRequestParams) -> CallToolResult {
        let Some(tool) = ManagementTool::named(&request.name) else {
            return refused(&format!("Tool {} not found", request.name));
        };
        match checked(tool, &request.arguments.unwrap_or_default()) {
            Ok(arguments) => text(self.target.call(tool, arguments).await),
            Err(wrong) => refused(&format!("invalid arguments for tool {}: {wrong}", tool.name())),
        }
    }
}

impl ServerHandler for ManagementServer {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().enable_tool_list_changed().build();
        ServerConfig::new(capabilities).with_server_info(Implementation::new(SERVER_NAME, SERVER_VERSION))
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult { tools: self.tools.as_ref().clone(), ..Default::default() })
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        Ok(self.answer(request).await.into())
    }
}

/// A text that the model reads; neither an error nor marked as none.
fn text(text: String) -> CallToolResult {
    let mut result = CallToolResult::success(vec![ContentBlock::text(text)]);
    result.is_error = None;
    result
}

fn refused(why: &str) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(format!("{INVALID_PARAMS}: {why}"))])
}
