//! What a tenant is given before its first journey step.

/// How a tenant is stood up. The default is a fresh SaaS tenant with a wired proxy and no keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignUpSettings {
    /// Names and values of keys on the whole tenant, written before the concierge is installed: a later write restarts
    /// rows in the background (tenant-api §2.9).
    pub global_keys: Vec<(String, String)>,
    /// How the model proxy treats the tenant.
    pub proxy: Proxy,
    /// Where the tenant runs.
    pub deployment: Deployment,
    /// `MOLECULE_LLM_DEFAULT_MODEL` in the server's environment.
    pub default_model: Option<String>,
    /// `MOLECULE_LLM_BILLING_MODE` in the server's environment.
    pub billing_mode: Option<String>,
}

/// How the model proxy treats a tenant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Proxy {
    /// It answers.
    #[default]
    Wired,
    /// The tenant's credit is gone: 402 on every call.
    Exhausted,
    /// It is not there: 503 on every call.
    Down,
    /// The tenant was told of none; only a self-hosted one boots like that (tenant-api §1.2).
    None,
}

/// Where a tenant runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Deployment {
    /// Hosted: it has an org id and asks the control plane for boxes.
    #[default]
    Saas,
    /// Self-hosted: it has no org id, seeds its concierge by itself, and our box farm stands in for its local driver.
    SelfHosted,
}
