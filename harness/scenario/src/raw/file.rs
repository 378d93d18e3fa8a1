//! The file as a whole: what is given, and what varies.

use contract::Entry;
use document::{Entries, Node, Placed};
use journal::{FormLabel, KeyScope, Payer, Persona};
use schemars::JsonSchema;
use serde::Deserialize;

use super::RawStep;
use crate::schema;
use crate::{Deployment, KeyKind, Proxy};

/// One scenario: what the world is like, what varies, and what happens, in order.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawScenario {
    /// A sentence: what is promised.
    #[schemars(with = "schema::Sentence")]
    pub(crate) title: Placed<String>,
    /// The incident or the risk behind it, in a sentence.
    #[schemars(with = "schema::Sentence")]
    pub(crate) why: Placed<String>,
    /// Free words. `nightly` without `gate` is left out of a run that names nothing; `gate` is what `run
    /// --gate` plays; `history` is what only an old contract can do.
    #[serde(default)]
    #[schemars(with = "Vec<schema::Tag>")]
    pub(crate) tags: Vec<Placed<String>>,
    /// Promises that the judged contract must make; a case without one is skipped.
    #[serde(default)]
    #[schemars(with = "Vec<schema::Need>")]
    pub(crate) needs: Vec<Placed<Node>>,
    /// The world that it begins with; all optional.
    #[serde(default)]
    #[schemars(with = "Option<RawGiven>")]
    pub(crate) given: Option<Node>,
    /// Axes, played in full against each other.
    #[serde(default)]
    #[schemars(with = "Option<RawVary>")]
    pub(crate) vary: Option<Node>,
    /// Acts and expectations, one key each, in order.
    #[schemars(with = "Vec<RawStep>", length(min = 1, max = 200))]
    pub(crate) steps: Placed<Vec<Node>>,
}

/// The world that the scenario begins with. The default is a fresh hosted tenant with a working proxy.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawGiven {
    /// A second tenant that nobody talks to and nothing may touch.
    #[serde(default)]
    pub(crate) bystander: bool,
    /// Who runs the tenant.
    #[serde(default)]
    pub(crate) deployment: Deployment,
    /// What the tenant's model proxy is like. `none` goes with `self_hosted` only.
    #[serde(default)]
    pub(crate) proxy: Option<Placed<Proxy>>,
    /// Keys by the names of their variables.
    #[serde(default)]
    pub(crate) keys: Entries<RawGivenKey>,
    /// The mocked model behind the concierge; a guesser with its habit where absent.
    #[serde(default)]
    pub(crate) agent: Option<RawAgent>,
}

/// A key that is there before anything happens.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawGivenKey {
    /// Where it stands: `global`.
    pub(crate) scope: Placed<KeyScope>,
    /// Its value; made from the seed where absent.
    #[serde(default)]
    pub(crate) value: Option<String>,
}

/// The mocked model behind the concierge.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawAgent {
    /// How it behaves: a name, or `$persona` for the axis.
    #[schemars(with = "schema::OrReference<Persona>")]
    pub(crate) persona: Placed<String>,
    /// The id that it reaches for unasked; the habit of the runtime where absent.
    #[serde(default)]
    #[schemars(with = "Option<schema::Text>")]
    pub(crate) would_type: Option<Placed<String>>,
}

/// The axes, played in full against each other.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawVary {
    /// Runtimes, or `any`: every runtime of the registry that the platform knows.
    #[serde(default)]
    #[schemars(with = "Option<schema::Runtimes>")]
    pub(crate) runtime: Option<Placed<Node>>,
    /// How the id comes in.
    #[serde(default)]
    pub(crate) entry: Option<Placed<Vec<Placed<Entry>>>>,
    /// Which keys are there, and where. Needs `model`.
    #[serde(default)]
    #[schemars(with = "Option<schema::Keys>")]
    pub(crate) key: Option<Placed<Node>>,
    /// Model ids (`null`: left out), or a draw. Needs `runtime`.
    #[serde(default)]
    #[schemars(with = "Option<schema::Models>")]
    pub(crate) model: Option<Placed<Node>>,
    /// How the mocked model behaves.
    #[serde(default)]
    #[schemars(with = "Option<Vec<Persona>>")]
    pub(crate) persona: Option<Placed<Vec<Placed<String>>>>,
    /// Anything else, by name: texts, numbers, `true`, `false` or `null`.
    #[serde(default)]
    #[schemars(with = "Option<schema::OwnAxes>")]
    pub(crate) values: Option<Entries<Node>>,
}

/// A key that is named outright.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawNamedKey {
    /// The name of its variable.
    pub(crate) name: Placed<String>,
    /// Where it stands.
    pub(crate) scope: Placed<KeyScope>,
}

/// Which keys are there, and where.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawKeyAxis {
    /// What a key has to do with the id.
    pub(crate) kind: Placed<Vec<Placed<KeyKind>>>,
    /// Where keys stand; `none` has no place.
    #[serde(default)]
    pub(crate) scope: Vec<Placed<KeyScope>>,
}

/// Ids that are drawn by the seed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = schema::drawn_from()))]
pub(crate) struct RawDraw {
    /// From the ids that such an arm owns.
    #[serde(default)]
    pub(crate) arm: Option<RawArm>,
    /// From the ids of these forms.
    #[serde(default)]
    #[schemars(with = "Option<Vec<FormLabel>>")]
    pub(crate) forms: Option<Placed<Vec<Placed<String>>>>,
    /// `true`: from the ids of every form, each as often as agents type it.
    #[serde(default)]
    pub(crate) any_form: Option<Placed<bool>>,
    /// At most so many, for each combination of the axes before.
    #[schemars(range(min = 1, max = 500))]
    pub(crate) draw: Placed<u32>,
    /// Only ids that are predicted to be refused, or not to be.
    #[serde(default)]
    pub(crate) refused: Option<bool>,
    /// Only ids whose model is predicted to answer, or not to.
    #[serde(default)]
    pub(crate) answers: Option<bool>,
    /// Only ids that this one is predicted to pay for.
    #[serde(default)]
    pub(crate) payer: Option<Payer>,
}

/// Whose ids.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawArm {
    /// Ids that the platform pays for.
    Platform,
    /// Ids that belong to a vendor and are paid with its key.
    Vendor,
}
