//! The whole environment of a box (tenant-api §5.1, §5.2): it decides which address, key and model its calls use.

use std::collections::BTreeMap;

use contract::{Attribution, Billing, ByokWiring, DefectId, PLATFORM_PROVIDER, Signal};
use wire::{ModelWire, env};

use super::pipeline::Occasion;
use crate::billing::{Mode, Payer};
use crate::store::tokens::fresh_secret;
use crate::store::workspaces::Workspace;
use crate::tenant::Tenant;

/// A name that no provision takes from the secrets: the box is told its provider otherwise.
const SKIPPED_SECRET: &str = "LLM_PROVIDER";
/// With it a new box fetches its configuration.
const CONFIG_BOOT_TOKEN: &str = "MOLECULE_CONFIG_BOOT_TOKEN";
/// How the names of a vendor's key and of its address end.
const KEY_SUFFIX: &str = "_API_KEY";
const ADDRESS_SUFFIX: &str = "_BASE_URL";

/// The secrets that a box may see.
pub(crate) struct Secrets {
    /// The workspace's own; they win.
    pub(crate) own: BTreeMap<String, String>,
    /// The tenant's.
    pub(crate) global: BTreeMap<String, String>,
}

impl Secrets {
    /// The names behind which something stands.
    pub(crate) fn names_with_value(&self) -> impl Iterator<Item = &str> {
        let hidden = |name: &String| self.own.contains_key(name);
        let global = self.global.iter().filter(move |(name, _)| !hidden(name));
        self.own
            .iter()
            .chain(global)
            .filter(|(_, value)| !value.trim().is_empty())
            .map(|(name, _)| name.as_str())
    }

    fn value(&self, name: &str) -> Option<&str> {
        let value = self.own.get(name).or_else(|| self.global.get(name))?;
        Some(value.as_str()).filter(|value| !value.trim().is_empty())
    }
}

/// A box about to be started.
#[derive(Clone, Copy)]
pub(crate) struct BoxPlan<'a> {
    pub(crate) row: &'a Workspace,
    /// What it is told to run on; `None` where it is told nothing.
    pub(crate) model: Option<&'a str>,
    pub(crate) payer: Payer<'a>,
    pub(crate) occasion: Occasion,
}

/// Every variable of the box.
pub(crate) fn build(tenant: &Tenant, plan: BoxPlan<'_>, secrets: &Secrets) -> BTreeMap<String, String> {
    let mut vars = Variables(secrets.global.clone());
    vars.0.extend(secrets.own.clone());
    vars.0.remove(SKIPPED_SECRET);
    match plan.payer.mode {
        Mode::Byok if !tenant.defects.has(DefectId::D31) => vars.paid_by_tenant(tenant, plan, secrets),
        Mode::Byok | Mode::PlatformManaged => vars.paid_by_platform(tenant, plan.row),
        Mode::Disabled => {}
    }
    if tenant.contract.billing_variables == Signal::Sent {
        vars.billing(plan.payer.mode.as_str());
    }
    vars.model(tenant, plan);
    vars.identity(plan);
    let is_new_member = plan.occasion != Occasion::Again && !plan.row.is_concierge();
    if is_new_member && tenant.contract.config_boot_token == Signal::Sent {
        vars.set(CONFIG_BOOT_TOKEN, fresh_secret());
    }
    if tenant.contract.box_admin_token == Signal::Sent {
        vars.preset("ADMIN_TOKEN", tenant.environment.admin_token.as_deref());
    }
    if plan.row.is_concierge() {
        vars.management(tenant);
    } else if tenant.defects.has(DefectId::D08) && plan.payer.mode == Mode::PlatformManaged {
        vars.without_usage_token();
    }
    vars.0
}

struct Variables(BTreeMap<String, String>);

impl Variables {
    fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// The proxy's settings; every vendor's key is taken out, wherever it came from.
    fn paid_by_platform(&mut self, tenant: &Tenant, row: &Workspace) {
        self.vendor_addresses(tenant);
        for name in env::VENDOR_KEYS {
            self.0.remove(name);
        }
        let Some(llm) = &tenant.environment.llm else { return };
        self.set(env::LLM_BASE_URL, &llm.base_url);
        self.set(env::LLM_USAGE_TOKEN, &llm.usage_token);
        self.over(env::LLM_ANTHROPIC_BASE_URL, llm.anthropic_base_url.as_deref());
        self.over(env::LLM_USAGE_URL, llm.usage_url.as_deref());
        if !speaks_anthropic(tenant, row) {
            self.set(env::OPENAI_API_KEY, &llm.usage_token);
            self.set(env::OPENAI_BASE_URL, &llm.base_url);
            return;
        }
        if let Some(base_url) = &llm.anthropic_base_url {
            self.set(env::ANTHROPIC_API_KEY, &llm.usage_token);
            self.set(env::ANTHROPIC_BASE_URL, base_url);
        }
        if tenant.contract.attribution == Attribution::ClaudeCode {
            self.set(env::ANTHROPIC_CUSTOM_HEADERS, format!("X-Molecule-Workspace-Id: {}", row.id));
        }
    }

    /// The vendor's key where its adapter looks for it, and the vendor's address, where the contract says so. Keys of
    /// other vendors that the whole tenant shares are taken out; the workspace's own stay.
    fn paid_by_tenant(&mut self, tenant: &Tenant, plan: BoxPlan<'_>, secrets: &Secrets) {
        let accepted = plan.payer.arm.map(|arm| arm.provider.auth_env.as_slice()).unwrap_or_default();
        self.0.retain(|name, _| {
            let vendors = env::VENDOR_KEYS.contains(&name.as_str());
            !vendors || accepted.contains(name) || secrets.own.contains_key(name)
        });
        self.vendor_addresses(tenant);
        let is_anthropic = speaks_anthropic(tenant, plan.row);
        let is_wired = match tenant.contract.byok_wiring {
            ByokWiring::SecretsAlone => false,
            ByokWiring::ClaudeCode => is_anthropic,
            ByokWiring::EveryRuntime => true,
        };
        let Some(arm) = plan.payer.arm.filter(|arm| is_wired && arm.billing == Billing::Byok) else { return };
        if let Some(key) = accepted.iter().find_map(|name| secrets.value(name)) {
            self.set(&arm.provider.token_variable, key);
        }
        if is_anthropic {
            let base = arm.provider.listed_base_for(ModelWire::AnthropicMessages);
            self.preset(env::ANTHROPIC_BASE_URL, base.map(|url| url.strip_suffix("/v1").unwrap_or(url)));
        } else {
            self.preset(env::OPENAI_BASE_URL, arm.provider.listed_base_for(ModelWire::OpenaiChat));
        }
    }

    /// The addresses of the vendors whose keys are there, as the contract lists them.
    fn vendor_addresses(&mut self, tenant: &Tenant) {
        for (name, url) in &tenant.contract.vendor_addresses {
            let key = name.strip_suffix(ADDRESS_SUFFIX).map(|vendor| format!("{vendor}{KEY_SUFFIX}"));
            if key.is_some_and(|key| self.0.get(&key).is_some_and(|value| !value.trim().is_empty())) {
                self.preset(name, Some(&url.value));
            }
        }
    }

    fn over(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    fn preset(&mut self, name: &str, value: Option<&str>) {
        self.over(name, value.filter(|_| !self.0.contains_key(name)));
    }

    fn billing(&mut self, mode: &str) {
        self.set(env::BILLING_MODE, mode);
        self.set("MOLECULE_LLM_BILLING_MODE_RESOLVED", mode);
    }

    fn model(&mut self, tenant: &Tenant, plan: BoxPlan<'_>) {
        if let Some(model) = plan.model {
            self.set(env::MODEL, model);
            self.set(env::MOLECULE_MODEL, model);
            if plan.row.runtime == "hermes" {
                self.set(env::HERMES_DEFAULT_MODEL, model);
            }
        }
        if tenant.contract.resolved_provider == Signal::Sent {
            let provider = plan.payer.arm.map(|arm| arm.provider.name.value.as_str());
            self.set(env::RESOLVED_PROVIDER, provider.unwrap_or(PLATFORM_PROVIDER));
        }
    }

    /// Who the box is. Only a created one is told its parent and role, and that with its first provision alone.
    fn identity(&mut self, plan: BoxPlan<'_>) {
        let row = plan.row;
        let name = format!("Molecule AI {}", row.name);
        let mail = format!("{}@agents.moleculesai.app", slug(&row.name));
        self.set("GIT_ASKPASS", "/usr/local/bin/molecule-askpass");
        self.set("GIT_AUTHOR_NAME", &name);
        self.set("GIT_AUTHOR_EMAIL", &mail);
        self.set("GIT_COMMITTER_NAME", name);
        self.set("GIT_COMMITTER_EMAIL", mail);
        self.set(env::WORKSPACE_ID, row.id.to_string());
        if plan.occasion != Occasion::Create {
            return;
        }
        if let Some(parent) = row.parent_id {
            self.set(env::PARENT_ID, parent.to_string());
        }
        if let Some(role) = row.role.as_deref().filter(|role| !role.is_empty()) {
            self.set("MOLECULE_AGENT_ROLE", capitalised(role));
        }
    }

    /// What the concierge's tools need to reach the tenant.
    fn management(&mut self, tenant: &Tenant) {
        if let Some(token) = &tenant.environment.admin_token {
            self.set(env::API_KEY, token);
            self.set(env::ORG_API_KEY, token);
        }
        self.set(env::API_URL, &tenant.platform_url);
        self.over(env::ORG_ID, tenant.environment.org_id.as_deref());
    }

    fn without_usage_token(&mut self) {
        for name in [env::LLM_USAGE_TOKEN, env::ANTHROPIC_API_KEY, env::OPENAI_API_KEY] {
            self.0.remove(name);
        }
    }
}

fn speaks_anthropic(tenant: &Tenant, row: &Workspace) -> bool {
    tenant.resolver.wire_of(&row.runtime) == Some(ModelWire::AnthropicMessages)
}

/// A name as the left half of a mail address: lower case, one dash for whatever is neither letter nor digit.
fn slug(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use contract::DefectSet;
    use uuid::Uuid;
    use wire::{Status, WorkspaceKind};

    use super::*;
    use crate::billing::payer;
    use crate::sample;
    use crate::store::workspaces::{NewWorkspace, find, insert};

    fn row(tenant: &Tenant, runtime: &str, kind: WorkspaceKind) -> Workspace {
        let id = Uuid::new_v4();
        let new = NewWorkspace {
            id,
            name: "By agent min".to_owned(),
            role: Some("a role".to_owned()),
            kind,
            tier: 4,
            runtime: runtime.to_owned(),
            status: Status::Provisioning,
            parent_id: None,
            place: (0.0, 0.0),
        };
        tenant.store.with(|store| insert(store, &new)).unwrap().unwrap();
        tenant.store.with(|store| find(store, id)).unwrap().unwrap()
    }

    fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn built(tenant: &Tenant, row: &Workspace, model: &str, secrets: &Secrets) -> BTreeMap<String, String> {
        let keys: BTreeSet<&str> = secrets.names_with_value().collect();
        let payer = payer(tenant, row, model, &keys);
        build(tenant, BoxPlan { row, model: Some(model), payer, occasion: Occasion::Create }, secrets)
    }

    fn none() -> Secrets {
        Secrets { own: BTreeMap::new(), global: BTreeMap::new() }
    }

    #[test]
    fn a_platform_paid_box_calls_the_proxy_over_its_own_wire() {
        for (runtime, model, key, base, url, absent) in [
            (
                "claude-code",
                "minimax/MiniMax-M2.7",
                "ANTHROPIC_API_KEY",
                "ANTHROPIC_BASE_URL",
                "http://llm.test/anthropic/v1",
                "OPENAI_API_KEY",
            ),
            (
                "codex",
                "openai/gpt-5.4",
                "OPENAI_API_KEY",
                "OPENAI_BASE_URL",
                "http://llm.test/openai/v1",
                "ANTHROPIC_API_KEY",
            ),
        ] {
            let tenant = sample::tenant(DefectSet::default());
            let row = row(&tenant, runtime, WorkspaceKind::Workspace);
            let vendors =
                Secrets { own: pairs(&[("KIMI_API_KEY", "k")]), global: pairs(&[("GLM_API_KEY", "g")]) };
            let vars = built(&tenant, &row, model, &vendors);
            assert_eq!((vars[key].as_str(), vars[base].as_str()), ("usage", url));
            assert_eq!((vars["MODEL"].as_str(), vars["MOLECULE_MODEL"].as_str()), (model, model));
            assert_eq!(vars["MOLECULE_LLM_BILLING_MODE"], "platform_managed");
            assert_eq!(vars["MOLECULE_RESOLVED_PROVIDER"], "platform");
            assert_eq!(vars["GIT_AUTHOR_EMAIL"], "by-agent-min@agents.moleculesai.app");
            assert_eq!(vars["MOLECULE_AGENT_ROLE"], "A role");
            for name in [absent, "KIMI_API_KEY", "GLM_API_KEY", "ADMIN_TOKEN"] {
                assert!(!vars.contains_key(name), "{runtime} {name}");
            }
        }
    }

    #[test]
    fn claude_code_attributes_its_calls_and_hermes_reads_its_own_model_variable() {
        let tenant = sample::tenant(DefectSet::default());
        let claude = row(&tenant, "claude-code", WorkspaceKind::Workspace);
        let vars = built(&tenant, &claude, "moonshot/kimi-k2.6", &none());
        assert_eq!(vars["ANTHROPIC_CUSTOM_HEADERS"], format!("X-Molecule-Workspace-Id: {}", claude.id));
        let hermes = row(&tenant, "hermes", WorkspaceKind::Workspace);
        let vars = built(&tenant, &hermes, "moonshot/kimi-k2.6", &none());
        assert_eq!(vars["HERMES_DEFAULT_MODEL"], "moonshot/kimi-k2.6");
        assert!(!vars.contains_key("ANTHROPIC_CUSTOM_HEADERS"));
    }

    #[test]
    fn a_vendor_paid_box_gets_its_key_where_the_adapter_looks_and_no_proxy() {
        let tenant = sample::tenant(DefectSet::default());
        let row = row(&tenant, "claude-code", WorkspaceKind::Workspace);
        let secrets = Secrets {
            own: pairs(&[("MINIMAX_API_KEY", "mine"), ("KIMI_API_KEY", "own stays"), ("LLM_PROVIDER", "x")]),
            global: pairs(&[("GLM_API_KEY", "other vendor"), ("FOO", "bar")]),
        };
        let vars = built(&tenant, &row, "MiniMax-M2.7", &secrets);
        assert_eq!(vars["ANTHROPIC_AUTH_TOKEN"], "mine");
        assert_eq!(vars["ANTHROPIC_BASE_URL"], "https://api.minimax.io/anthropic");
        assert_eq!(vars["MOLECULE_LLM_BILLING_MODE"], "byok");
        assert_eq!((vars["KIMI_API_KEY"].as_str(), vars["FOO"].as_str()), ("own stays", "bar"));
        for name in ["GLM_API_KEY", "LLM_PROVIDER", "MOLECULE_LLM_USAGE_TOKEN", "MOLECULE_LLM_BASE_URL"] {
            assert!(!vars.contains_key(name), "{name}");
        }
    }

    #[test]
    fn only_the_concierge_gets_the_management_tools_credential() {
        let tenant = sample::tenant(DefectSet::default());
        let concierge = row(&tenant, "claude-code", WorkspaceKind::Platform);
        let vars = built(&tenant, &concierge, "moonshot/kimi-k2.6", &none());
        assert_eq!(vars["MOLECULE_ORG_API_KEY"], "admin");
        assert_eq!(vars["MOLECULE_API_URL"], "http://tenant.test");
        let member = row(&tenant, "claude-code", WorkspaceKind::Workspace);
        assert!(
            !built(&tenant, &member, "moonshot/kimi-k2.6", &none()).values().any(|value| value == "admin")
        );
    }

    #[test]
    fn the_defect_takes_the_usage_token_from_members_alone() {
        let tenant = sample::tenant([DefectId::D08].into_iter().collect());
        let concierge = row(&tenant, "claude-code", WorkspaceKind::Platform);
        assert_eq!(built(&tenant, &concierge, "moonshot/kimi-k2.6", &none())["ANTHROPIC_API_KEY"], "usage");
        let member = row(&tenant, "claude-code", WorkspaceKind::Workspace);
        let vars = built(&tenant, &member, "moonshot/kimi-k2.6", &none());
        assert!(!vars.values().any(|value| value == "usage"));
        assert!(vars.contains_key("ANTHROPIC_BASE_URL"));
    }
}
