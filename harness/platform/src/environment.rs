//! A tenant's own variables, checked (tenant-api §1.1, §1.2). A blank one counts as absent.
//!
//! `MOLECULE_ORG_ID` makes a tenant a managed one: it then needs its model wiring, a control plane and, where the
//! contract says so, an admin token. Without it the tenant hosts itself and may lack all three.

use std::collections::BTreeMap;
use std::fs::File;

use contract::{BootAdminToken, Contract};
use wire::env;

use crate::billing::Mode;
use crate::settings::BootError;

/// A tenant's variables.
#[derive(Clone, Debug)]
pub(crate) struct Environment {
    /// `None` where the tenant hosts itself.
    pub(crate) org_id: Option<String>,
    pub(crate) org_name: String,
    pub(crate) org_slug: String,
    /// `None` where any live workspace token opens the admin routes.
    pub(crate) admin_token: Option<String>,
    /// Where provisions go; without a slash at its end. `None` where nobody starts boxes.
    pub(crate) control_plane: Option<String>,
    pub(crate) shared_secret: Option<String>,
    /// `None` where no proxy is wired.
    pub(crate) llm: Option<LlmWiring>,
    /// The model that the server's operator set.
    pub(crate) default_model: Option<String>,
    /// How workspaces are paid, as the server's operator set it; only a known word counts.
    pub(crate) billing_mode: Option<Mode>,
    /// How boxes reach the tenant, where it is not simply its own address.
    pub(crate) platform_url: Option<String>,
    /// Loopback addresses are fine for boxes.
    pub(crate) development: bool,
    /// Whether the templates' manifest can be read; true where no variable names one.
    pub(crate) has_manifest: bool,
    /// A self-hosting tenant makes its concierge's row at boot.
    pub(crate) seeds_concierge: bool,
    /// The workspace that approvals are asked in.
    pub(crate) approvals: Option<String>,
}

/// The proxy's settings.
#[derive(Clone, Debug)]
pub(crate) struct LlmWiring {
    pub(crate) base_url: String,
    pub(crate) anthropic_base_url: Option<String>,
    pub(crate) usage_token: String,
    pub(crate) usage_url: Option<String>,
}

/// The org's short name.
pub(crate) const ORG_SLUG: &str = "MOLECULE_ORG_SLUG";
/// The workspace that approvals are asked in.
pub(crate) const PLATFORM_WORKSPACE: &str = "MOLECULE_PLATFORM_WORKSPACE_ID";
/// The bearer towards the control plane; the first that is set wins.
const SHARED_SECRETS: [&str; 2] = ["MOLECULE_CP_SHARED_SECRET", "PROVISION_SHARED_SECRET"];
const MANIFEST_PATH: &str = "WORKSPACE_MANIFEST_PATH";
const SEED_CONCIERGE: &str = "MOLECULE_SEED_PLATFORM_AGENT";
/// What a managed tenant needs to pay for models.
pub(crate) const LLM_NAMES: [&str; 4] =
    [env::LLM_BASE_URL, env::LLM_ANTHROPIC_BASE_URL, env::LLM_USAGE_TOKEN, env::LLM_USAGE_URL];

/// The value of a variable, if there is something in it.
pub(crate) fn value(variables: &BTreeMap<String, String>, name: &str) -> Option<String> {
    variables.get(name).map(|value| value.trim()).filter(|value| !value.is_empty()).map(str::to_owned)
}

/// Those of a managed tenant's model settings that are not there.
pub(crate) fn missing_llm(variables: &BTreeMap<String, String>) -> Vec<&'static str> {
    LLM_NAMES.into_iter().filter(|name| value(variables, name).is_none()).collect()
}

impl Environment {
    /// Reads the variables that a tenant may know.
    pub(crate) fn read(variables: &BTreeMap<String, String>, contract: &Contract) -> Result<Self, BootError> {
        let get = |name: &str| value(variables, name);
        let org_id = get(env::ORG_ID);
        let control_plane = get(env::CP_PROVISION_URL).or_else(|| org_id.as_ref().and(get(env::CP_URL)));
        if org_id.is_some() {
            check_managed(variables, contract, control_plane.as_deref())?;
        }
        Ok(Self {
            org_id,
            org_name: get(env::ORG_NAME).unwrap_or_default(),
            org_slug: get(ORG_SLUG).unwrap_or_default(),
            admin_token: get(env::ADMIN_TOKEN),
            control_plane: control_plane.map(|url| url.trim_end_matches('/').to_owned()),
            shared_secret: SHARED_SECRETS.into_iter().find_map(get),
            llm: llm(variables),
            default_model: get(env::DEFAULT_MODEL),
            billing_mode: get(env::BILLING_MODE).as_deref().and_then(Mode::from_word),
            platform_url: get(env::PLATFORM_URL),
            development: matches!(get(env::MOLECULE_ENV).as_deref(), Some("dev" | "development")),
            has_manifest: get(MANIFEST_PATH).is_none_or(|path| File::open(path).is_ok()),
            seeds_concierge: matches!(get(SEED_CONCIERGE).as_deref(), Some("true" | "1")),
            approvals: get(PLATFORM_WORKSPACE),
        })
    }

    /// True where a control plane, not its owner, runs the tenant.
    pub(crate) fn is_managed(&self) -> bool {
        self.org_id.is_some()
    }
}

fn check_managed(
    variables: &BTreeMap<String, String>,
    contract: &Contract,
    control_plane: Option<&str>,
) -> Result<(), BootError> {
    let names = missing_llm(variables);
    if !names.is_empty() {
        return Err(BootError::MissingLlmEnvironment { names });
    }
    let needs_token = contract.boot_admin_token == BootAdminToken::Required;
    if needs_token && value(variables, env::ADMIN_TOKEN).is_none() {
        return Err(BootError::MissingAdminToken);
    }
    control_plane.map(|_| ()).ok_or(BootError::MissingVariable { name: env::CP_URL })
}

/// The proxy counts as wired where the server's own environment has its address and its token, under either name
/// (tenant-api §1.2).
fn llm(variables: &BTreeMap<String, String>) -> Option<LlmWiring> {
    let get = |name: &str| value(variables, name);
    Some(LlmWiring {
        base_url: get(env::LLM_BASE_URL).or_else(|| get(env::OPENAI_BASE_URL))?,
        usage_token: get(env::LLM_USAGE_TOKEN).or_else(|| get(env::OPENAI_API_KEY))?,
        anthropic_base_url: get(env::LLM_ANTHROPIC_BASE_URL),
        usage_url: get(env::LLM_USAGE_URL),
    })
}
