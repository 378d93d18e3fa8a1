//! A scenario as it is written: every value with its place, nothing checked but its shape.

use document::{Entries, Node, Placed, Time};
use journal::Payer;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawScenario {
    pub(crate) title: Placed<String>,
    pub(crate) why: Placed<String>,
    #[serde(default)]
    pub(crate) tags: Vec<Placed<String>>,
    #[serde(default)]
    pub(crate) given: Option<Node>,
    #[serde(default)]
    pub(crate) vary: Option<Node>,
    pub(crate) steps: Placed<Vec<Node>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawGiven {
    #[serde(default)]
    pub(crate) bystander: bool,
    #[serde(default)]
    pub(crate) agent: Option<RawAgent>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawAgent {
    pub(crate) persona: Placed<String>,
    #[serde(default)]
    pub(crate) would_type: Option<Placed<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawVary {
    #[serde(default)]
    pub(crate) runtime: Option<Placed<Node>>,
    #[serde(default)]
    pub(crate) model: Option<Placed<Node>>,
    #[serde(default)]
    pub(crate) persona: Option<Placed<Vec<Placed<String>>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawDraw {
    pub(crate) arm: RawArm,
    pub(crate) draw: Placed<u32>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawArm {
    Platform,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawStep {
    UserSays(RawUserSays),
    Eventually(RawEventually),
    Stays(RawWindow),
    Never(RawWindow),
    Ask(RawAsk),
    Expect(RawExpect),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawUserSays {
    pub(crate) text: Placed<String>,
    pub(crate) members: Placed<Vec<Placed<String>>>,
    #[serde(default)]
    pub(crate) runtime: Option<Placed<String>>,
    #[serde(default)]
    pub(crate) model: Option<Placed<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawEventually {
    pub(crate) within: Placed<Time>,
    #[serde(default)]
    pub(crate) through: Vec<wire::Status>,
    #[serde(default)]
    pub(crate) team: Option<Placed<Node>>,
    #[serde(default)]
    pub(crate) workspace: Option<Placed<Entries<RawRow>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawWindow {
    #[serde(rename = "for")]
    pub(crate) window: Placed<Time>,
    #[serde(default)]
    pub(crate) team: Option<Placed<Node>>,
    #[serde(default)]
    pub(crate) workspace: Option<Placed<Entries<RawRow>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawExpect {
    #[serde(default)]
    pub(crate) team: Option<Placed<Node>>,
    #[serde(default)]
    pub(crate) workspace: Option<Placed<Entries<RawRow>>>,
    #[serde(default)]
    pub(crate) model_calls: Option<Placed<RawModelCalls>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRow {
    #[serde(default)]
    pub(crate) status: Option<wire::Status>,
    #[serde(default)]
    pub(crate) parent: Option<RawParent>,
    #[serde(default)]
    pub(crate) tier: Option<i64>,
    #[serde(default)]
    pub(crate) runtime: Option<Placed<String>>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawParent {
    Concierge,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawAsk {
    #[serde(default)]
    pub(crate) each: Option<Placed<RawEach>>,
    #[serde(default)]
    pub(crate) workspace: Option<Placed<String>>,
    #[expect(
        dead_code,
        reason = "the language has one question; naming it is required, its value decides nothing"
    )]
    pub(crate) question: RawQuestion,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawEach {
    Team,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawQuestion {
    KnownAnswer,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawModelCalls {
    #[serde(default)]
    pub(crate) each: Option<Placed<RawEach>>,
    #[serde(default)]
    pub(crate) workspace: Option<Placed<String>>,
    #[serde(default)]
    pub(crate) payer: Option<Payer>,
    #[serde(default)]
    pub(crate) model: Option<Placed<String>>,
}
