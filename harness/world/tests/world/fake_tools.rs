//! A tiny management MCP server: two tools that pass through to the fake tenant.

use std::collections::BTreeMap;
use std::sync::Arc;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ErrorData, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler};
use serde_json::{Value, json};
use wire::{env, header};

pub(crate) struct FakeTools {
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) client: reqwest::Client,
}

impl FakeTools {
    async fn pass_on(&self, request: CallToolRequestParams) -> Result<CallToolResult, ErrorData> {
        let arguments = request.arguments.clone().unwrap_or_default();
        let base = &self.environment[env::API_URL];
        let call = match request.name.as_ref() {
            "provision_workspace" => self.client.post(format!("{base}/workspaces")).json(&arguments),
            "get_workspace" => {
                let id = arguments.get("workspace_id").and_then(Value::as_str).unwrap_or_default();
                self.client.get(format!("{base}/workspaces/{id}"))
            }
            "deprovision_workspace" => {
                let text = |key: &str| arguments.get(key).and_then(Value::as_str).unwrap_or_default();
                let call = self.client.delete(format!("{base}/workspaces/{}", text("workspace_id")));
                call.header(header::CONFIRM_NAME, text("confirm_name"))
            }
            other => return Err(ErrorData::invalid_params(format!("unknown tool {other}"), None)),
        };
        let mut call = call.bearer_auth(&self.environment[env::ORG_API_KEY]);
        if let Some(id) = self.environment.get(env::ORG_ID) {
            call = call.header(header::ORG_ID, id);
        }
        let answer = call.send().await.unwrap();
        let status = answer.status().as_u16();
        let body = answer.text().await.unwrap();
        let text = if status < 300 {
            let body: Value = serde_json::from_str(&body).unwrap();
            serde_json::to_string_pretty(&body).unwrap()
        } else {
            json!({"error": format!("HTTP {status}"), "detail": body, "status": status}).to_string()
        };
        Ok(CallToolResult::success(vec![ContentBlock::text(text)]))
    }
}

impl ServerHandler for FakeTools {
    fn get_info(&self) -> rmcp::model::ServerConfig {
        rmcp::model::ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let schema = |name: &str| {
            let schema =
                json!({"type": "object", "properties": {name: {"type": "string"}}, "required": [name]});
            Arc::new(schema.as_object().unwrap().clone())
        };
        Ok(ListToolsResult::with_all_items(vec![
            Tool::new("provision_workspace", "Provisions a workspace.", schema("name")),
            Tool::new("deprovision_workspace", "Deletes a workspace.", schema("workspace_id")),
            Tool::new("get_workspace", "Reads a workspace.", schema("workspace_id")),
        ]))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        self.pass_on(request).await.map(Into::into)
    }
}
