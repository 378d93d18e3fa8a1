//! The tools and how they are described (mcp §3, §4).
//!
//! To add one: a variant, its name, its words, its arguments, and its request in `call`.

use std::sync::Arc;

use contract::{Billing, Contract, DefectId, DefectSet, Registry, Runtime};
use rmcp::model::{JsonObject, Tool};
use serde_json::{Value, json};

/// What the contract's text writes where the platform-billed ids are to stand.
const PLATFORM_IDS: &str = "$platform_ids";

/// A tool of the management server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ManagementTool {
    /// Makes a workspace.
    Provision,
    /// Reads one.
    Get,
    /// Reads all.
    List,
    /// Deletes one.
    Deprovision,
}

/// What an argument must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ArgumentKind {
    /// Any string.
    Text,
    /// A whole number from 1 to 4.
    Tier,
}

/// One argument of a tool.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Argument {
    pub(crate) name: &'static str,
    pub(crate) kind: ArgumentKind,
    pub(crate) required: bool,
    description: &'static str,
}

/// The argument whose description is the contract's.
pub(super) const MODEL: &str = "model";

const PROVISION: &[Argument] = &[
    required("name", "Name of the new workspace"),
    optional("role", "What its agent is for"),
    optional("template", "Name of a template"),
    optional("runtime", "Runtime; the platform's default where left out"),
    Argument {
        name: "tier",
        kind: ArgumentKind::Tier,
        required: false,
        description: "Capability level, 1 to 4",
    },
    optional("parent_id", "Id of the workspace above it; the concierge where left out"),
    optional(MODEL, ""),
];
const ONE_WORKSPACE: &[Argument] = &[required("workspace_id", "Id of the workspace")];
const DEPROVISION: &[Argument] = &[
    required("workspace_id", "Id of the workspace"),
    optional("confirm_name", "The workspace's exact name; without it nothing is deleted"),
];

const fn required(name: &'static str, description: &'static str) -> Argument {
    Argument { name, kind: ArgumentKind::Text, required: true, description }
}

const fn optional(name: &'static str, description: &'static str) -> Argument {
    Argument { name, kind: ArgumentKind::Text, required: false, description }
}

impl ManagementTool {
    /// Every tool, in the order in which they are listed.
    pub(crate) const ALL: [Self; 4] = [Self::Provision, Self::Get, Self::List, Self::Deprovision];

    /// Its name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Provision => "provision_workspace",
            Self::Get => "get_workspace",
            Self::List => "list_workspaces",
            Self::Deprovision => "deprovision_workspace",
        }
    }

    /// The tool of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tool| tool.name() == name)
    }

    /// Its arguments, in the order in which they are sent.
    pub(crate) fn arguments(self) -> &'static [Argument] {
        match self {
            Self::Provision => PROVISION,
            Self::Get => ONE_WORKSPACE,
            Self::List => &[],
            Self::Deprovision => DEPROVISION,
        }
    }
}

/// The tools as `tools/list` shows them.
pub(crate) fn definitions(contract: &Contract, registry: &Registry, defects: &DefectSet) -> Vec<Tool> {
    let is_misled = defects.has(DefectId::D17);
    let ids = platform_ids(contract, registry, is_misled);
    let rendered = |text: &str| text.replace(PLATFORM_IDS, &ids);
    let description = |tool| match tool {
        ManagementTool::Provision => rendered(&contract.provision_tool.description),
        ManagementTool::Get => "Read one workspace: its status, and why it failed if it did".to_owned(),
        ManagementTool::List => "List the workspaces of this organisation".to_owned(),
        ManagementTool::Deprovision => "Delete a workspace and take its box down".to_owned(),
    };
    let mut model = rendered(&contract.provision_tool.model);
    if is_misled && let Some(id) = registry.runtime(&contract.default_runtime).and_then(vendors_id) {
        model = format!("{model} Recommended: {id}.");
    }
    let all = ManagementTool::ALL.into_iter();
    all.map(|tool| Tool::new(tool.name(), description(tool), Arc::new(schema(tool, &model)))).collect()
}

/// The id that a runtime's largest vendor arm lists first.
fn vendors_id(runtime: &Runtime) -> Option<&str> {
    let vendors = runtime.arms.iter().filter(|arm| arm.billing() == Billing::Byok);
    let largest = vendors.reduce(|one, other| if other.exact.len() > one.exact.len() { other } else { one });
    largest.and_then(|arm| arm.exact.first()).map(|id| id.value.as_str())
}

/// Runtime by runtime, what the platform pays for: `claude-code: a, b; hermes: c`. A text that misleads puts a
/// vendor's id before them (D-17).
fn platform_ids(contract: &Contract, registry: &Registry, is_misled: bool) -> String {
    let known = registry.runtimes.iter().filter(|it| contract.known_runtimes.contains(&it.name.value));
    let lines: Vec<String> = known
        .map(|runtime| {
            let misleading = vendors_id(runtime).filter(|_| is_misled);
            let ids: Vec<&str> = misleading.into_iter().chain(runtime.platform_ids()).collect();
            format!("{}: {}", runtime.name.value, ids.join(", "))
        })
        .collect();
    lines.join("; ")
}

fn schema(tool: ManagementTool, model: &str) -> JsonObject {
    let mut properties = JsonObject::new();
    for argument in tool.arguments() {
        let description = if argument.name == MODEL { model } else { argument.description };
        let property = match argument.kind {
            ArgumentKind::Text => json!({ "type": "string", "description": description }),
            ArgumentKind::Tier => {
                json!({ "type": "integer", "minimum": 1, "maximum": 4, "description": description })
            }
        };
        properties.insert(argument.name.to_owned(), property);
    }
    let required: Vec<&str> = tool.arguments().iter().filter(|it| it.required).map(|it| it.name).collect();
    let mut schema = JsonObject::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("properties".to_owned(), Value::Object(properties));
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema.insert("additionalProperties".to_owned(), json!(false));
    schema.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
    schema
}
