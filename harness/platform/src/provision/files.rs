//! The files that a box finds (tenant-api §1.3, §4.6): a member's with its first provision only, the concierge's with
//! every one.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::environment::BoxPlan;
use super::pipeline::Occasion;

/// Where the concierge finds its tools.
const MCP_SERVERS: &str = "\
mcp_servers:
  - name: platform
    command: molecule-platform-mcp
    env:
      MOLECULE_MCP_MODE: management
";

/// What the concierge is told of its task.
const SYSTEM_PROMPT: &str = "\
You are the concierge of this organisation. People tell you what they need; you see to it with your tools.

Look at what is there before you act. When someone asks for a team or for a helper, create the workspaces with
`provision_workspace`, one call for each, and read each of them back until its status is online or failed. Tell the
person what came of it. When a workspace failed, say why, in the words that stand in its record. Don't do the team's
work yourself, and don't touch your own secrets.
";

/// Name to base64; `None` where this provision sends none.
pub(crate) fn of(plan: BoxPlan<'_>) -> Option<BTreeMap<String, String>> {
    let encoded = |name: &str, text: &str| (name.to_owned(), STANDARD.encode(text));
    if plan.row.is_concierge() {
        let files = [encoded("mcp_servers.yaml", MCP_SERVERS), encoded("system-prompt.md", SYSTEM_PROMPT)];
        return Some(files.into());
    }
    (plan.occasion != Occasion::Again).then(|| [encoded("config.yaml", &config(plan))].into())
}

/// A JSON string is a YAML string, whatever the name holds.
fn config(plan: BoxPlan<'_>) -> String {
    let row = plan.row;
    let provider = plan.payer.arm.map(|arm| arm.provider.name.value.as_str());
    let lines = [
        ("name", Some(json!(row.name))),
        ("runtime", Some(json!(row.runtime))),
        ("tier", Some(json!(row.tier))),
        ("model", plan.model.map(|model| json!(model))),
        ("provider", provider.map(|provider| json!(provider))),
    ];
    let told = lines.iter().filter_map(|(key, value)| value.as_ref().map(|value| (key, value)));
    told.map(|(key, value)| format!("{key}: {value}\n")).collect()
}
