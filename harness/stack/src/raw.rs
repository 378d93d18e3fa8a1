//! A stack file as it is written, and its schema for editors.

use contract::Lack;
use document::{Entries, Placed, Time};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::file::{PlatformSource, ServiceSources};

/// A way to stand a platform up. Texts may hold `$name`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawStack {
    /// The name it has in reports.
    pub(crate) name: Placed<String>,
    /// What it stands for, in a sentence.
    pub(crate) title: String,
    /// The contract that its platform is held to where the run names none: a name, or a file beside this one.
    #[serde(default)]
    pub(crate) contract: Option<Placed<String>>,
    /// What is stood up.
    pub(crate) platform: Placed<PlatformSource>,
    /// What a server is told beside what every tenant is told.
    #[serde(default)]
    pub(crate) environment: Entries<Placed<String>>,
    /// Where a server is started, relative to this file; where the run was started if absent.
    #[serde(default)]
    pub(crate) working_directory: Option<Placed<String>>,
    /// What the platform needs beside it.
    #[serde(default)]
    pub(crate) services: Option<Placed<ServiceSources>>,
    /// The management tools; ours if absent.
    #[serde(default)]
    pub(crate) tools: Option<Placed<RawTools>>,
    /// The runtimes that the platform knows; those of the registry if absent.
    #[serde(default)]
    pub(crate) runtimes: Option<Vec<String>>,
    /// Whether the platform can read its manifest of runtimes; it knows fewer of them without. True if absent.
    #[serde(default)]
    pub(crate) has_manifest: Option<bool>,
    /// What can't be played here: such cases are skipped.
    #[serde(default)]
    pub(crate) lacks: Vec<Lack>,
    /// At most so many journeys side by side.
    #[serde(default)]
    pub(crate) journeys_at_once: Option<Placed<u32>>,
    /// When a server is ready.
    #[serde(default)]
    pub(crate) readiness: Option<RawReadiness>,
    /// How long a server may take to stop when it is told to; 5s if absent.
    #[serde(default)]
    pub(crate) stop_within: Option<Time>,
    /// Multiplies every wait of the run; 1 if absent.
    #[serde(default)]
    pub(crate) time_factor: Option<Placed<f64>>,
}

/// A server of management tools, which speaks MCP over its standard input and output.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawTools {
    /// The program and its arguments.
    pub(crate) command: Vec<String>,
}

/// When a server is ready.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawReadiness {
    /// The path that answers 200 when it is.
    pub(crate) path: Placed<String>,
    /// How long that may take, before the time factor.
    pub(crate) within: Placed<Time>,
}

/// The JSON Schema of a stack file, in draft 7, which editors know best.
pub fn stack_schema() -> Value {
    let mut generator = SchemaSettings::draft07().into_generator();
    let mut schema = generator.root_schema_for::<RawStack>();
    schema.insert("title".to_owned(), json!("A firstrun stack"));
    schema.to_value()
}
