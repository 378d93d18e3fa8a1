//! What is done.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Placed, Template};

/// One chat turn to the concierge.
#[derive(Clone, Debug)]
pub struct UserSays {
    /// What the user begins with.
    pub text: Template,
    /// The members asked for.
    pub members: Vec<String>,
    /// The runtime that the user names.
    pub runtime: Option<Template>,
    /// The model that the user wishes for.
    pub model: Option<Template>,
}

/// The user's next turn about the same team.
#[derive(Clone, Debug)]
pub struct SayAgain {
    /// What the user begins with; a plain request to try again where absent.
    pub text: Option<Template>,
    /// The model that the user wishes for now.
    pub model: Option<Template>,
}

/// One member by one entry.
#[derive(Clone, Debug)]
pub struct Provision {
    /// An entry's name, or the axis `entry`.
    pub entry: Template,
    /// The member.
    pub name: String,
    /// Its runtime.
    pub runtime: Option<Template>,
    /// Its model.
    pub model: Option<Template>,
    /// The axis `key`, where there is one.
    pub key: Option<Template>,
}

/// `PUT /workspaces/:id/model`.
#[derive(Clone, Debug)]
pub struct PutModel {
    /// The member.
    pub workspace: Placed<String>,
    /// The id.
    pub model: Template,
}

/// `PUT /admin/workspaces/:id/llm-billing-mode`.
#[derive(Clone, Debug)]
pub struct SetBillingMode {
    /// The member.
    pub workspace: Placed<String>,
    /// The mode.
    pub mode: BillingMode,
}

/// The billing mode of a workspace (tenant-api §4.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BillingMode {
    /// The platform pays, whatever the id.
    PlatformManaged,
    /// The tenant pays.
    Byok,
    /// Nobody asks.
    Disabled,
}

impl BillingMode {
    /// The mode as it stands on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PlatformManaged => "platform_managed",
            Self::Byok => "byok",
            Self::Disabled => "disabled",
        }
    }
}

/// `POST /workspaces/:id/restart`.
#[derive(Clone, Debug)]
pub struct Restart {
    /// The member.
    pub workspace: Placed<String>,
}
