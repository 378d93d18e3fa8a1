//! The codes that a refusal or a failed provision carries.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A machine-readable reason, in a 4xx body or in the payload of `WORKSPACE_PROVISION_FAILED` (tenant-api §2.4, §4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Code {
    /// A template was named but no runtime came of it.
    RuntimeUnresolved,
    /// The runtime is not one this platform knows.
    RuntimeUnsupported,
    /// No model was given where one is required.
    ModelRequired,
    /// The id belongs to no arm of the runtime.
    UnregisteredModelForRuntime,
    /// The arm's provider is missing from the catalogue.
    DerivedProviderNotInRegistry,
    /// The id belongs to a vendor's arm and no key of that vendor is there.
    MissingByokCredential,
    /// The id is paid by the platform and no proxy is wired.
    MissingPlatformProxy,
    /// Nothing said which model a box should use.
    MissingModel,
    /// A variable that the template demands is not set.
    MissingRequiredEnv,
    /// The template can't be fetched.
    TemplateUnavailable,
    /// A platform agent without a model tried to register.
    PlatformAgentIdentityGate,
    /// The concierge tried to write its own secrets.
    ConciergeSelfWriteBlocked,
    /// The org header is missing (tenant-api §2.1).
    TenantOrgHeaderRequired,
    /// A retired route (410).
    ProviderEndpointRetired,
}

impl Code {
    /// The code as it stands on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RuntimeUnresolved => "RUNTIME_UNRESOLVED",
            Self::RuntimeUnsupported => "RUNTIME_UNSUPPORTED",
            Self::ModelRequired => "MODEL_REQUIRED",
            Self::UnregisteredModelForRuntime => "UNREGISTERED_MODEL_FOR_RUNTIME",
            Self::DerivedProviderNotInRegistry => "DERIVED_PROVIDER_NOT_IN_REGISTRY",
            Self::MissingByokCredential => "MISSING_BYOK_CREDENTIAL",
            Self::MissingPlatformProxy => "MISSING_PLATFORM_PROXY",
            Self::MissingModel => "MISSING_MODEL",
            Self::MissingRequiredEnv => "MISSING_REQUIRED_ENV",
            Self::TemplateUnavailable => "TEMPLATE_UNAVAILABLE",
            Self::PlatformAgentIdentityGate => "PLATFORM_AGENT_IDENTITY_GATE",
            Self::ConciergeSelfWriteBlocked => "CONCIERGE_SELF_WRITE_BLOCKED",
            Self::TenantOrgHeaderRequired => "TENANT_ORG_HEADER_REQUIRED",
            Self::ProviderEndpointRetired => "PROVIDER_ENDPOINT_RETIRED",
        }
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_written_code_is_the_serialised_one() {
        for code in
            [Code::MissingByokCredential, Code::UnregisteredModelForRuntime, Code::TenantOrgHeaderRequired]
        {
            assert_eq!(serde_json::to_value(code).unwrap(), serde_json::json!(code.as_str()));
        }
    }
}
