//! What is expected.

use contract::{Rule, Word};
use document::{Entries, Node, Placed, Time};
use journal::Payer;
use schemars::JsonSchema;
use serde::Deserialize;

use super::RawEach;
use crate::schema;

/// Holds at one moment within the time.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("anyOf" = schema::rows_wanted()))]
pub(crate) struct RawEventually {
    /// The bound of the wait.
    pub(crate) within: Placed<Time>,
    /// Settled statuses that may pass; any other that excludes the rest ends the wait at once.
    #[serde(default)]
    pub(crate) through: Vec<wire::Status>,
    /// Rows of the team.
    #[serde(default)]
    #[schemars(with = "Option<schema::Team>")]
    pub(crate) team: Option<Placed<Node>>,
    /// Single rows, by member.
    #[serde(default)]
    pub(crate) workspace: Option<Placed<Entries<RawRow>>>,
}

/// A window of time, and what is looked at in it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("anyOf" = schema::rows_wanted()))]
pub(crate) struct RawWindow {
    /// How long.
    #[serde(rename = "for")]
    pub(crate) window: Placed<Time>,
    /// Rows of the team.
    #[serde(default)]
    #[schemars(with = "Option<schema::Team>")]
    pub(crate) team: Option<Placed<Node>>,
    /// Single rows, by member.
    #[serde(default)]
    pub(crate) workspace: Option<Placed<Entries<RawRow>>>,
}

/// Holds now.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1))]
pub(crate) struct RawExpect {
    /// Rows of the team.
    #[serde(default)]
    #[schemars(with = "Option<schema::Team>")]
    pub(crate) team: Option<Placed<Node>>,
    /// Single rows, by member.
    #[serde(default)]
    pub(crate) workspace: Option<Placed<Entries<RawRow>>>,
    /// The model calls of boxes.
    #[serde(default)]
    pub(crate) model_calls: Option<Placed<RawModelCalls>>,
    /// Every attempt of the last act was refused; where and in which words, as the contract promises.
    #[serde(default)]
    pub(crate) refused: Option<Placed<RawRefused>>,
    /// The text that the agent was sent states rules.
    #[serde(default)]
    pub(crate) tool_text: Option<Placed<RawToolText>>,
    /// A condition in CEL over `answer`, `row`, `events`, `model_calls`.
    #[serde(default)]
    pub(crate) that: Option<Placed<String>>,
}

/// Every attempt of the last act was refused: by the entry, or because its row failed.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRefused {
    /// The code; as promised where absent.
    #[serde(default)]
    pub(crate) code: Option<wire::Code>,
    /// What the reason names, whatever the contract says.
    #[serde(default)]
    pub(crate) reason_names: Option<Vec<Word>>,
    /// Where the reason stands, whatever the contract says.
    #[serde(default)]
    pub(crate) surfaced_to: Option<Vec<Placed<RawSurface>>>,
    /// The name under which code, alternative and place are kept: `$name.alternative`.
    #[serde(default)]
    #[schemars(with = "Option<schema::Name>")]
    pub(crate) keep: Option<Placed<String>>,
}

/// Where a reason can stand.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawSurface {
    /// The row in the list.
    List,
    /// The row when it is read alone.
    Read,
    /// Both of them.
    Record,
    /// The answer to the call.
    CreateAnswer,
    /// The stored event.
    Event,
    /// The tool's result.
    ToolResult,
    /// The user's chat.
    User,
}

/// The text that the agent was sent states these rules.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawToolText {
    /// The tool.
    pub(crate) tool: Placed<String>,
    /// Its argument.
    pub(crate) argument: Placed<String>,
    /// The rules.
    pub(crate) states: Placed<Vec<Rule>>,
}

/// What a row is like.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1))]
pub(crate) struct RawRow {
    /// Its status.
    #[serde(default)]
    pub(crate) status: Option<wire::Status>,
    /// The row above it.
    #[serde(default)]
    pub(crate) parent: Option<RawParent>,
    /// Its tier.
    #[serde(default)]
    pub(crate) tier: Option<i64>,
    /// Its runtime.
    #[serde(default)]
    #[schemars(with = "Option<schema::Text>")]
    pub(crate) runtime: Option<Placed<String>>,
}

/// The row above another.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawParent {
    /// The tenant's concierge.
    Concierge,
}

/// The model calls of boxes: at least one, and all like this.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = schema::who_wanted()))]
pub(crate) struct RawModelCalls {
    /// Everybody's calls.
    #[serde(default)]
    pub(crate) each: Option<Placed<RawEach>>,
    /// Only this member's calls.
    #[serde(default)]
    #[schemars(with = "Option<schema::MemberName>")]
    pub(crate) workspace: Option<Placed<String>>,
    /// Who paid for every call.
    #[serde(default)]
    pub(crate) payer: Option<Payer>,
    /// The id that every call named; `as_stored` is what the platform says it stored.
    #[serde(default)]
    #[schemars(with = "Option<schema::Text>")]
    pub(crate) model: Option<Placed<String>>,
    /// `$key`: every call carried the key of the axis.
    #[serde(default)]
    #[schemars(with = "Option<schema::KeyReference>")]
    pub(crate) key: Option<Placed<String>>,
}
