//! The steps: acts, and the key of every expectation.

use contract::Entry;
use document::{Node, Placed};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{RawEventually, RawWindow};
use crate::BillingMode;
use crate::schema;

/// One act or one expectation.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(transform = schema::one_key)]
pub(crate) enum RawStep {
    /// One chat turn to the concierge, which asks for these members. No answer is a finding.
    UserSays(RawUserSays),
    /// The user's next turn about the same team.
    SayAgain(RawSayAgain),
    /// One member by one entry, without a conversation.
    Provision(RawProvision),
    /// Another model for a member, by `PUT /workspaces/:id/model`.
    PutModel(RawPutModel),
    /// Another billing mode for a member.
    SetBillingMode(RawSetBillingMode),
    /// A member's restart.
    Restart(RawRestart),
    /// Holds when the rest holds at one moment within the time.
    Eventually(RawEventually),
    /// Holds when the rest holds at every look of the window and once after it.
    Stays(RawWindow),
    /// Holds when the rest, taken together, holds at no look.
    Never(RawWindow),
    /// A question that only an agent with a working model can answer. A wrong or empty answer is a finding.
    Ask(RawAsk),
    /// Holds when the rest holds now. `as_predicted`: what became of the id is what the oracle predicts.
    Expect(#[schemars(with = "schema::Expected")] Placed<Node>),
}

/// One chat turn to the concierge.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawUserSays {
    /// What the user begins with.
    #[schemars(with = "schema::Text")]
    pub(crate) text: Placed<String>,
    /// The members asked for.
    #[schemars(with = "Vec<schema::MemberName>", length(min = 1, max = 50))]
    pub(crate) members: Placed<Vec<Placed<String>>>,
    /// The runtime that the user names.
    #[serde(default)]
    #[schemars(with = "Option<schema::Text>")]
    pub(crate) runtime: Option<Placed<String>>,
    /// The model that the user wishes for; every persona obeys.
    #[serde(default)]
    #[schemars(with = "Option<schema::Text>")]
    pub(crate) model: Option<Placed<String>>,
}

/// The user's next turn about the same team.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawSayAgain {
    /// The model that the user wishes for now.
    #[serde(default)]
    #[schemars(with = "Option<schema::Text>")]
    pub(crate) model: Option<Placed<String>>,
    /// What the user begins with; a plain request to try again where absent.
    #[serde(default)]
    #[schemars(with = "Option<schema::Text>")]
    pub(crate) text: Option<Placed<String>>,
}

/// One member by one entry.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawProvision {
    /// How the id comes in, or `$entry` for the axis.
    #[schemars(with = "schema::OrReference<Entry>")]
    pub(crate) entry: Placed<String>,
    /// The member.
    #[schemars(with = "schema::MemberName")]
    pub(crate) name: Placed<String>,
    /// Its runtime.
    #[serde(default)]
    #[schemars(with = "Option<schema::Text>")]
    pub(crate) runtime: Option<Placed<String>>,
    /// Its model; left out where absent or null.
    #[serde(default)]
    #[schemars(with = "Option<schema::Text>")]
    pub(crate) model: Option<Placed<String>>,
    /// `$key`: the key of the axis.
    #[serde(default)]
    #[schemars(with = "Option<schema::KeyReference>")]
    pub(crate) key: Option<Placed<String>>,
}

/// Another model for a member.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPutModel {
    /// The member.
    #[schemars(with = "schema::MemberName")]
    pub(crate) workspace: Placed<String>,
    /// The id.
    #[schemars(with = "schema::Text")]
    pub(crate) model: Placed<String>,
}

/// Another billing mode for a member.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawSetBillingMode {
    /// The member.
    #[schemars(with = "schema::MemberName")]
    pub(crate) workspace: Placed<String>,
    /// The mode.
    pub(crate) mode: BillingMode,
}

/// A member's restart.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRestart {
    /// The member.
    #[schemars(with = "schema::MemberName")]
    pub(crate) workspace: Placed<String>,
}

/// A question that only an agent with a working model can answer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = schema::who_wanted()))]
pub(crate) struct RawAsk {
    /// Everybody is asked.
    #[serde(default)]
    pub(crate) each: Option<Placed<RawEach>>,
    /// Only this member is asked.
    #[serde(default)]
    #[schemars(with = "Option<schema::MemberName>")]
    pub(crate) workspace: Option<Placed<String>>,
    /// The question.
    #[expect(
        dead_code,
        reason = "the language has one question; naming it is required, its value decides nothing"
    )]
    pub(crate) question: RawQuestion,
}

/// Every member asked for so far.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawEach {
    /// Every member asked for so far.
    Team,
}

/// The question.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawQuestion {
    /// A word that only a working model finds.
    KnownAnswer,
}
