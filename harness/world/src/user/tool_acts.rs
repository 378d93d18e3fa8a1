//! Scripted tool calls: over the concierge's own tools, with no model involved.

use std::sync::Arc;
use std::time::Duration;

use contract::Entry;
use journal::{EntryCall, EntryStep, ToolCall, ToolList};
use serde_json::{Map, Value, json};
use wire::Status;

use super::Tenant;
use super::answer::EntryAnswer;
use crate::ClientError;
use crate::concierge::{ToolLedger, Tools, call_noted, open_tools};

/// The pause between two reads of a row that was provisioned.
const READ_PAUSE: Duration = Duration::from_millis(50);

/// 15 s of reading: as long as a persona waits.
const MAX_READS: usize = 300;

impl Tenant {
    /// The tools that the concierge is shown; recorded where the journal has not heard of them yet.
    ///
    /// # Errors
    /// No concierge, or tools that can't be opened.
    pub async fn tool_list(&self) -> Result<ToolList, ClientError> {
        let tools = self.tools().await?;
        Ok(ToolList { tenant: self.role, tools: tools.shown.to_vec() })
    }

    /// One tool call, recorded. What the tool answers is never an error here.
    ///
    /// # Errors
    /// No concierge, tools that can't be opened, or no answer.
    pub async fn call_tool(&self, name: &str, arguments: Value) -> Result<ToolCall, ClientError> {
        let tools = self.tools().await?;
        let mut ledger = ToolLedger::new(self.recorder(), self.role);
        let answer = call_noted(&self.shared, &self.org, &tools, &mut ledger, name, &arguments).await;
        let answer = answer.map_err(|cause| ClientError::Tools { cause })?;
        Ok(ToolCall {
            tenant: self.role,
            tool: name.to_owned(),
            arguments,
            text: answer.text,
            is_error: answer.is_error,
            times: 1,
        })
    }

    /// `tools/call provision_workspace`, then `get_workspace` until nothing is under way any more, as a persona waits.
    /// Each tool call is recorded, and the entry's call before the reads.
    ///
    /// # Errors
    /// No concierge, tools that can't be opened, or no answer.
    pub async fn tool_provision(
        &self,
        member: &str,
        runtime: Option<&str>,
        model: Option<&str>,
    ) -> Result<EntryCall, ClientError> {
        let mut arguments = Map::from_iter([("name".to_owned(), json!(member))]);
        for (key, value) in [("runtime", runtime), ("model", model)] {
            if let Some(value) = value {
                arguments.insert(key.to_owned(), json!(value));
            }
        }
        let called = self.call_tool("provision_workspace", Value::Object(arguments)).await?;
        let answer = EntryAnswer::of_tool(&called.text, called.is_error);
        let call = self.entry_call(answer, Entry::Tool, EntryStep::Make, member);
        let (runtime, model) = (runtime.map(str::to_owned), model.map(str::to_owned));
        let call = self.noted(EntryCall { runtime, model, ..call });
        if let Some(workspace) = &call.workspace {
            self.read_until_settled(workspace).await?;
        }
        Ok(call)
    }

    async fn read_until_settled(&self, workspace: &str) -> Result<(), ClientError> {
        let tools = self.tools().await?;
        let mut ledger = ToolLedger::new(self.recorder(), self.role);
        let arguments = json!({ "workspace_id": workspace });
        for _ in 0..MAX_READS {
            let read = call_noted(&self.shared, &self.org, &tools, &mut ledger, "get_workspace", &arguments);
            let read = read.await.map_err(|cause| ClientError::Tools { cause })?;
            if is_settled(&read.text) {
                break;
            }
            tokio::time::sleep(self.shared.pace.of(READ_PAUSE)).await;
        }
        Ok(())
    }

    async fn tools(&self) -> Result<Arc<Tools>, ClientError> {
        let running = self.org.box_of(&self.concierge);
        let agent_box = running.and_then(|instance| self.shared.directory.agent_box(&instance));
        let none = || ClientError::Tools { cause: "the concierge has no running box".into() };
        let agent_box = agent_box.ok_or_else(none)?;
        let tools = open_tools(&self.shared, &agent_box).await;
        tools.map_err(|error| ClientError::Tools { cause: error.to_string() })
    }
}

/// True where waiting for more is in vain: a settled status, or no row to read.
fn is_settled(said: &str) -> bool {
    let Ok(row) = serde_json::from_str::<Value>(said) else { return true };
    let status = row.get("status").and_then(Value::as_str).and_then(Status::from_wire);
    row.get("error").is_some() || status.is_some_and(Status::is_settled)
}
