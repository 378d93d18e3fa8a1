//! A registry: runtimes, their arms, the ids listed on them, and the providers behind.

use document::Placed;
use serde::{Deserialize, Serialize};

/// The provider whose arm the platform pays for. The name is the rule; there is no flag (registry §1).
pub const PLATFORM_PROVIDER: &str = "platform";

/// Runtimes and providers of one day. Read from `fixtures/registry/<name>.yaml`; unknown keys are refused.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registry {
    /// The name it is chosen by.
    pub name: String,
    /// The day whose data this is.
    pub as_of: String,
    /// Where its facts come from.
    pub source: String,
    /// Every runtime, in declared order.
    pub runtimes: Vec<Runtime>,
    /// Every provider, in declared order.
    pub providers: Vec<Provider>,
}

/// A runtime and the arms it speaks natively.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runtime {
    /// Its name.
    pub name: Placed<String>,
    /// How its boxes call models.
    pub wire: wire::ModelWire,
    /// The model its template names (registry §8).
    pub template_default: String,
    /// Its arms, in declared order: the order breaks ties.
    pub arms: Vec<Arm>,
}

/// One provider inside one runtime.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arm {
    /// The provider's name.
    pub provider: Placed<String>,
    /// Ids listed on this arm, byte for byte. Empty: reachable by the provider's pattern alone.
    #[serde(default)]
    pub exact: Vec<Placed<String>>,
}

/// Who pays for an arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Billing {
    /// The platform.
    Platform,
    /// The tenant, with its own key.
    Byok,
}

impl Arm {
    /// Who pays for this arm.
    pub fn billing(&self) -> Billing {
        if self.provider.value == PLATFORM_PROVIDER { Billing::Platform } else { Billing::Byok }
    }
}

/// A provider of models.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Its name.
    pub name: Placed<String>,
    /// Credential variables, any one of which will do.
    pub auth_env: Vec<String>,
    /// RE2 pattern that owns ids which no arm lists.
    pub prefix: Placed<String>,
    /// The protocol of its main address.
    pub wire: ProviderWire,
    /// Its OpenAI-family address.
    #[serde(default)]
    pub base_url: Option<BaseUrl>,
    /// Its Anthropic-family address.
    #[serde(default)]
    pub anthropic_base_url: Option<BaseUrl>,
    /// The variable in which its adapter looks for the credential.
    pub token_variable: String,
}

/// The protocol family of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderWire {
    /// Anthropic messages.
    Anthropic,
    /// OpenAI chat completions.
    Openai,
}

/// A base URL, as the catalogue has it.
pub type BaseUrl = String;

impl Registry {
    /// The runtime of this name.
    pub fn runtime(&self, name: &str) -> Option<&Runtime> {
        self.runtimes.iter().find(|runtime| runtime.name.value == name)
    }

    /// The provider of this name.
    pub fn provider(&self, name: &str) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.name.value == name)
    }
}

impl Runtime {
    /// The arm that the platform pays for.
    pub fn platform_arm(&self) -> Option<&Arm> {
        self.arms.iter().find(|arm| arm.billing() == Billing::Platform)
    }

    /// The ids listed on the platform's arm, in declared order.
    pub fn platform_ids(&self) -> impl Iterator<Item = &str> {
        self.platform_arm().into_iter().flat_map(|arm| arm.exact.iter().map(|id| id.value.as_str()))
    }
}
