//! A registry: runtimes, their arms, the ids listed on them, and the providers behind.

use std::fmt;

use document::Placed;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use wire::ModelWire;

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
    pub wire: ModelWire,
    /// The model its template names (registry §8).
    pub template_default: Placed<String>,
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
    pub auth_env: Placed<Vec<String>>,
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

/// The base URL of a provider: plain text where the catalogue has it, `{ assumed: <url> }` where it has none and ours
/// stands in, so that a box has somewhere to call (DESIGN §6, registry §3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    /// The address.
    pub url: String,
    /// True where the catalogue has none: what is called there is no evidence of anything.
    pub assumed: bool,
}

/// The one key of a base URL that is no plain text.
const ASSUMED: &str = "assumed";

impl<'de> Deserialize<'de> for BaseUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BaseUrlVisitor)
    }
}

struct BaseUrlVisitor;

impl<'de> Visitor<'de> for BaseUrlVisitor {
    type Value = BaseUrl;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an address, or `{ assumed: <address> }`")
    }

    fn visit_str<E: de::Error>(self, url: &str) -> Result<BaseUrl, E> {
        Ok(BaseUrl { url: url.to_owned(), assumed: false })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<BaseUrl, A::Error> {
        let mut url = None;
        while let Some(key) = map.next_key::<String>()? {
            if key != ASSUMED {
                return Err(de::Error::unknown_field(&key, &[ASSUMED]));
            }
            url = Some(map.next_value()?);
        }
        let url = url.ok_or_else(|| de::Error::missing_field(ASSUMED))?;
        Ok(BaseUrl { url, assumed: true })
    }
}

impl Provider {
    /// The base on which a box with this wire calls the provider; an assumed one serves every wire.
    pub fn base_for(&self, wire: ModelWire) -> Option<&BaseUrl> {
        let assumed = self.base_url.as_ref().filter(|base| base.assumed);
        match wire {
            ModelWire::AnthropicMessages => self.anthropic_base_url.as_ref().or(assumed),
            ModelWire::OpenaiChat | ModelWire::OpenaiResponses => self.base_url.as_ref(),
        }
    }

    /// The same where the catalogue itself has it: what a platform can tell a box.
    pub fn listed_base_for(&self, wire: ModelWire) -> Option<&str> {
        self.base_for(wire).filter(|base| !base.assumed).map(|base| base.url.as_str())
    }

    /// True where the catalogue has no base for it at all.
    pub fn is_base_assumed(&self) -> bool {
        let bases = [&self.base_url, &self.anthropic_base_url];
        bases.into_iter().flatten().all(|base| base.assumed)
    }
}

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
