//! What a stack file says (`fixtures/stacks`), checked: how a platform is stood up, as data.

use std::path::PathBuf;
use std::time::Duration;

use contract::Lack;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::text::Values;

/// Name and text of every stack that is compiled in.
pub const BUILTIN_STACKS: [(&str, &str); 5] = [
    ("embedded", include_str!("../../../fixtures/stacks/embedded.yaml")),
    ("process", include_str!("../../../fixtures/stacks/process.yaml")),
    ("containers", include_str!("../../../fixtures/stacks/containers.yaml")),
    ("local-server", include_str!("../../../fixtures/stacks/local-server.yaml")),
    ("remote", include_str!("../../../fixtures/stacks/remote.yaml")),
];

/// A checked stack file.
#[derive(Clone, Debug)]
pub struct StackFile {
    /// The name it has in reports.
    pub name: String,
    /// What it stands for, in a sentence.
    pub title: String,
    /// The contract that its platform is held to where the run names none: a name, or a file beside the stack's.
    pub contract: Option<String>,
    /// What is stood up.
    pub platform: PlatformSource,
    /// What a server is told beside what every tenant is told; values may hold `$name`.
    pub environment: Vec<(String, String)>,
    /// Where a server is started; where the run was if absent.
    pub working_directory: Option<PathBuf>,
    /// What the platform needs beside it.
    pub services: ServiceSources,
    /// The command of the management tools' server, which speaks MCP over its standard input and output; ours if absent.
    pub tools: Option<Vec<String>>,
    /// The runtimes that the platform knows; those of the registry if absent.
    pub runtimes: Option<Vec<String>>,
    /// Whether the platform can read its manifest of runtimes (tenant-api §1.6, §2.4); it knows fewer of them without.
    pub has_manifest: bool,
    /// What can't be played there.
    pub lacks: Vec<Lack>,
    /// At most so many journeys side by side.
    pub journeys_at_once: Option<usize>,
    /// The path that answers 200 when a server is ready.
    pub ready_path: String,
    /// How long that may take, before the time factor.
    pub ready_within: Duration,
    /// How long a server may take to stop when it is told to.
    pub stop_within: Duration,
    /// Multiplies every wait of the run.
    pub time_factor: f64,
    /// The variables of the run's environment that the file asks for.
    pub(crate) variables: Values,
}

impl StackFile {
    /// Whether all of it ends with this process.
    pub(crate) fn leaves_nothing(&self) -> bool {
        let has_services = self.services != ServiceSources::default();
        self.platform == PlatformSource::Embedded && !has_services && self.tools.is_none()
    }

    /// Whether anything of it runs in a container.
    pub(crate) fn needs_containers(&self) -> bool {
        let is_image = |source: &Option<ServiceSource>| matches!(source, Some(ServiceSource::Image(_)));
        let in_container = matches!(self.platform, PlatformSource::Container(_));
        in_container || is_image(&self.services.postgres) || is_image(&self.services.redis)
    }
}

/// What is stood up.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlatformSource {
    /// The reference platform, in this process.
    Embedded,
    /// A server binary with its arguments, one process a tenant; each may hold `$name`.
    Command(Vec<String>),
    /// An image, one container a tenant, on a network of the run.
    Container(ContainerSource),
    /// A tenant's server that already runs somewhere, with all that surrounds it; nothing of it is started or stopped.
    Remote(RemoteSource),
}

/// What a name on a target begins with where the file does not say.
pub(crate) const DEFAULT_PREFIX: &str = "firstrun";

/// A tenant that is there before the run and after it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoteSource {
    /// The base URL of its server; may hold `$FIRSTRUN_...`.
    pub url: String,
    /// Its org; may hold `$FIRSTRUN_...`.
    pub org_id: String,
    /// Its admin's token: nothing but the name of a variable, `$FIRSTRUN_...`.
    pub admin_token: String,
    /// What the name of every row that a run makes begins with; `firstrun` if absent.
    #[serde(default)]
    pub prefix: Option<String>,
    /// Whether it may hold rows of others, which are never touched. A run refuses such a target if absent.
    #[serde(default)]
    pub disposable: bool,
}

/// One container a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContainerSource {
    /// What the container is made of.
    pub image: ImageSource,
    /// What its program is started with, instead of the image's own; each may hold `$name`.
    #[serde(default)]
    pub arguments: Vec<String>,
    /// The port that the server listens on in its container; `$port` if absent.
    #[serde(default)]
    pub port: Option<u16>,
}

/// What a container is made of.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImageSource {
    /// An image by its name and tag; pulled where the engine has none.
    Name(String),
    /// A static program, of which an image is made that holds nothing else.
    Program(String),
}

/// Where a platform's services come from; `None` where it needs none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceSources {
    /// A database a tenant, at `$postgres_url`.
    #[serde(default)]
    pub postgres: Option<ServiceSource>,
    /// A number of its own a tenant where we start it, else shared, at `$redis_url`.
    #[serde(default)]
    pub redis: Option<ServiceSource>,
}

/// Where a service comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServiceSource {
    /// Started by us from the installed binaries, in a folder of the run's own.
    Started,
    /// Running already; may hold `$FIRSTRUN_...`.
    Url(String),
    /// Started by us in a container of this image.
    Image(String),
}
