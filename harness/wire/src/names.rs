//! Names of headers and variables, each declared once.

/// HTTP headers (tenant-api §1.4, §2.1, §5.1).
pub mod header {
    /// Names the tenant; wanted on every guarded route.
    pub const ORG_ID: &str = "x-molecule-org-id";
    /// A tenant's proof towards the control plane.
    pub const ADMIN_TOKEN: &str = "x-molecule-admin-token";
    /// Confirms a delete with the row's exact name.
    pub const CONFIRM_NAME: &str = "x-confirm-name";
    /// Which workspace a call comes from.
    pub const WORKSPACE_ID: &str = "x-molecule-workspace-id";
    /// What a box adds to each of its model calls, so that a call is tied to it even where a platform sends no attribution.
    pub const CALL_ID: &str = "x-firstrun-call";
}

/// Environment variables of the tenant server (tenant-api §1.1) and of boxes (§5.1).
pub mod env {
    /// The org; present on a SaaS tenant.
    pub const ORG_ID: &str = "MOLECULE_ORG_ID";
    /// The org's name.
    pub const ORG_NAME: &str = "MOLECULE_ORG_NAME";
    /// The tenant's admin bearer.
    pub const ADMIN_TOKEN: &str = "ADMIN_TOKEN";
    /// The control plane.
    pub const CP_URL: &str = "MOLECULE_CP_URL";
    /// The control plane for provisions; before [`CP_URL`].
    pub const CP_PROVISION_URL: &str = "CP_PROVISION_URL";
    /// The proxy's OpenAI base.
    pub const LLM_BASE_URL: &str = "MOLECULE_LLM_BASE_URL";
    /// The proxy's Anthropic base.
    pub const LLM_ANTHROPIC_BASE_URL: &str = "MOLECULE_LLM_ANTHROPIC_BASE_URL";
    /// The proxy's bearer.
    pub const LLM_USAGE_TOKEN: &str = "MOLECULE_LLM_USAGE_TOKEN";
    /// Where usage is reported.
    pub const LLM_USAGE_URL: &str = "MOLECULE_LLM_USAGE_URL";
    /// How the tenant is reached from boxes.
    pub const PLATFORM_URL: &str = "PLATFORM_URL";
    /// `development` relaxes the address rules.
    pub const MOLECULE_ENV: &str = "MOLECULE_ENV";
    /// The port to listen on.
    pub const PORT: &str = "PORT";
    /// A box's model.
    pub const MODEL: &str = "MODEL";
    /// A box's model, again.
    pub const MOLECULE_MODEL: &str = "MOLECULE_MODEL";
    /// Hermes reads its model here too.
    pub const HERMES_DEFAULT_MODEL: &str = "HERMES_DEFAULT_MODEL";
    /// In the server's environment how its workspaces are paid, in a box's how this one is.
    pub const BILLING_MODE: &str = "MOLECULE_LLM_BILLING_MODE";
    /// The model of whoever has none, in the server's environment.
    pub const DEFAULT_MODEL: &str = "MOLECULE_LLM_DEFAULT_MODEL";
    /// The provider that the platform resolved.
    pub const RESOLVED_PROVIDER: &str = "MOLECULE_RESOLVED_PROVIDER";
    /// Anthropic's base for a claude-code box.
    pub const ANTHROPIC_BASE_URL: &str = "ANTHROPIC_BASE_URL";
    /// Anthropic's key for a claude-code box.
    pub const ANTHROPIC_API_KEY: &str = "ANTHROPIC_API_KEY";
    /// Headers that claude-code adds to each call.
    pub const ANTHROPIC_CUSTOM_HEADERS: &str = "ANTHROPIC_CUSTOM_HEADERS";
    /// OpenAI's base for the other boxes.
    pub const OPENAI_BASE_URL: &str = "OPENAI_BASE_URL";
    /// OpenAI's key for the other boxes.
    pub const OPENAI_API_KEY: &str = "OPENAI_API_KEY";
    /// Where the concierge's tools find the tenant.
    pub const API_URL: &str = "MOLECULE_API_URL";
    /// The concierge's bearer.
    pub const API_KEY: &str = "MOLECULE_API_KEY";
    /// The bearer of the management tools.
    pub const ORG_API_KEY: &str = "MOLECULE_ORG_API_KEY";
    /// The parent row; first provision only.
    pub const PARENT_ID: &str = "PARENT_ID";
    /// The box's own workspace.
    pub const WORKSPACE_ID: &str = "MOLECULE_WORKSPACE_ID";

    /// The 23 names of vendor credentials (registry §7).
    pub const VENDOR_KEYS: [&str; 23] = [
        "AI_GATEWAY_API_KEY",
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_AUTH_TOKEN",
        "ARCEEAI_API_KEY",
        "CLAUDE_CODE_OAUTH_TOKEN",
        "CODEX_AUTH_JSON",
        "DASHSCOPE_API_KEY",
        "DEEPSEEK_API_KEY",
        "GEMINI_API_KEY",
        "GLM_API_KEY",
        "HERMES_CUSTOM_API_KEY",
        "HERMES_CUSTOM_BASE_URL",
        "HF_TOKEN",
        "KIMI_API_KEY",
        "KIMI_CN_API_KEY",
        "MINIMAX_API_KEY",
        "MINIMAX_CN_API_KEY",
        "NOUS_API_KEY",
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "OPENROUTER_API_KEY",
        "XAI_API_KEY",
        "ZAI_API_KEY",
    ];
}
