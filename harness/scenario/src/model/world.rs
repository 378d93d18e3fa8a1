//! The world that a scenario begins with.

use journal::{KeyScope, Persona};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Bindings, Template};

/// The world that a scenario begins with.
#[derive(Clone, Debug)]
pub struct Given {
    /// Whether a second tenant is there.
    pub bystander: bool,
    /// Who runs the tenant.
    pub deployment: Deployment,
    /// What the tenant's model proxy is like.
    pub proxy: Proxy,
    /// Keys that are there from the beginning.
    pub keys: Vec<GivenKey>,
    /// The mocked model behind the concierge.
    pub agent: Agent,
}

/// Who runs the tenant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Deployment {
    /// The platform's owner, for an org that signed up.
    #[default]
    Saas,
    /// Whoever installed it, without a control plane.
    SelfHosted,
}

/// What the tenant's model proxy is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Proxy {
    /// It works.
    #[default]
    Wired,
    /// The tenant's credit is used up.
    Exhausted,
    /// It does not answer.
    Down,
    /// There is none. A SaaS tenant refuses to boot without one.
    None,
}

/// A key that is there from the beginning.
#[derive(Clone, Debug)]
pub struct GivenKey {
    /// The variable's name.
    pub name: String,
    /// Where it stands.
    pub scope: KeyScope,
    /// Its value; made from the seed where absent.
    pub value: Option<String>,
}

/// The mocked model behind the concierge.
#[derive(Clone, Debug)]
pub struct Agent {
    /// A persona's name, or the axis `persona`.
    pub persona: Template,
    /// The id that it would reach for unasked.
    pub would_type: Option<Template>,
}

impl Agent {
    /// The persona of one case.
    pub fn persona(&self, bindings: &Bindings) -> Persona {
        let name = self.persona.text(bindings);
        let found = Persona::ALL.into_iter().find(|persona| Some(persona.as_str()) == name.as_deref());
        found.unwrap_or(Persona::Guesser)
    }
}
