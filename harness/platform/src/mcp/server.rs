//! The server itself: the tools behind the protocol.

use std::collections::BTreeMap;
use std::sync::Arc;

use contract::{Contract, DefectSet, Registry};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation, JsonObject,
    ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::{RequestContext, ServerInitializeError};
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use wire::env;

use super::arguments::checked;
use super::call::Target;
use super::tools::{MODEL, ManagementTool, definitions};

/// What the server calls itself. The version is the recorded one; it never follows a package.
const SERVER_NAME: &str = "molecule-platform";
const SERVER_VERSION: &str = "1.0.0";
/// Where a tool with a default of its own looks for one in its box, in this order (mcp §3).
const DEFAULT_MODEL_NAMES: [&str; 3] = [env::DEFAULT_MODEL, env::MOLECULE_MODEL, env::MODEL];
/// How a refused call begins (mcp §5).
const INVALID_PARAMS: &str = "MCP error -32602";

/// The management MCP server: one tenant, seen through its HTTP API.
#[derive(Clone, Debug)]
pub struct ManagementServer {
    target: Target,
    tools: Arc<Vec<Tool>>,
    /// What a provision without a model is sent with; `None` where the field stays away.
    default_model: Option<String>,
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
        let default_model = default_model(environment, contract);
        Self { target: Target::read(environment), tools: Arc::new(tools), default_model }
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
            Ok(mut arguments) => {
                if let (ManagementTool::Provision, Some(default)) = (tool, &self.default_model) {
                    fill_in(&mut arguments, default);
                }
                text(self.target.call(tool, arguments).await)
            }
            Err(wrong) => refused(&format!("invalid arguments for tool {}: {wrong}", tool.name())),
        }
    }
}

/// What the tool sends where it was given no model (mcp §3): what its box was told to run on, else the contract's.
fn default_model(environment: &BTreeMap<String, String>, contract: &Contract) -> Option<String> {
    let own = contract.provision_tool.default_model.as_ref()?;
    let told = DEFAULT_MODEL_NAMES.into_iter().filter_map(|name| environment.get(name));
    let told = told.map(|id| id.trim()).find(|id| !id.is_empty());
    Some(told.unwrap_or(&own.value).to_owned())
}

/// Puts the default in the place of a model that is absent or blank; a given one goes on without white space around it.
fn fill_in(arguments: &mut JsonObject, default: &str) {
    let typed = arguments.get(MODEL).and_then(Value::as_str).map(str::trim).filter(|id| !id.is_empty());
    let sent = typed.unwrap_or(default).to_owned();
    arguments.insert(MODEL.to_owned(), Value::String(sent));
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
