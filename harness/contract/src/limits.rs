//! What a stack can't do, whatever its platform promises: the stack's file says it, a plan skips what needs it.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::KnownRuntimes;

/// What a stack can't do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// Tenants that host themselves.
    SelfHosted,
    /// A second tenant beside the first.
    SecondTenant,
    /// A model proxy that is exhausted, down, or not there.
    ProxyTrouble,
    /// A concierge of ours, with whom a user talks and whose tools a script can call.
    Conversation,
    /// Boxes and a model proxy of ours, which see who is called, who pays, and what an agent answers.
    OwnBoxes,
    /// Keys on the whole tenant: they would reach rows that are not the journey's.
    TenantKeys,
}

impl Lack {
    /// All of them: what a tenant lacks that firstrun neither starts nor surrounds.
    pub const ALL: [Self; 6] = [
        Self::SelfHosted,
        Self::SecondTenant,
        Self::ProxyTrouble,
        Self::Conversation,
        Self::OwnBoxes,
        Self::TenantKeys,
    ];

    /// What is missing, to follow "the stack NAME has".
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::SelfHosted => "no tenants that host themselves",
            Self::SecondTenant => "no second tenant",
            Self::ProxyTrouble => "no say over its model proxy",
            Self::Conversation => "no concierge of ours to talk to",
            Self::OwnBoxes => "no boxes of ours that show model calls and answers",
            Self::TenantKeys => "no keys of the whole tenant to give",
        }
    }
}

/// What the stack of a run can't do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackLimits {
    /// The stack's name.
    pub stack: String,
    /// What it lacks.
    pub lacks: Vec<Lack>,
    /// The runtimes that its platform does not know, though the contract does.
    pub unknown_runtimes: Vec<String>,
}

impl StackLimits {
    /// A stack that can do everything.
    pub const NONE: &'static Self =
        &Self { stack: String::new(), lacks: Vec::new(), unknown_runtimes: Vec::new() };

    /// Whether its platform knows a runtime that the contract knows.
    pub fn knows(&self, runtime: &str) -> bool {
        !self.unknown_runtimes.iter().any(|unknown| unknown == runtime)
    }
}

impl KnownRuntimes {
    /// Those that a platform without its manifest, or one that knows only some of them, does not know.
    pub fn unknown_to(&self, has_manifest: bool, only: Option<&[String]>) -> Vec<String> {
        let known = if has_manifest { &self.with_manifest } else { &self.without_manifest };
        let is_known =
            |name: &&str| known.contains(name) && only.is_none_or(|only| only.iter().any(|o| o == name));
        self.iter().filter(|name| !is_known(name)).map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use document::Source;

    use crate::{BUILTIN_CONTRACTS, load_contract};

    #[test]
    fn a_platform_without_its_manifest_knows_fewer_runtimes() {
        let (name, text) = BUILTIN_CONTRACTS.iter().find(|(name, _)| *name == "as-designed").unwrap();
        let known = load_contract(&Source::new(*name, *text)).unwrap().known_runtimes;
        assert_eq!(known.unknown_to(true, None), Vec::<String>::new());
        assert_eq!(known.unknown_to(false, None), ["google-adk"]);
        let only = ["codex".to_owned(), "google-adk".to_owned()];
        assert_eq!(known.unknown_to(true, Some(&only)), ["claude-code", "hermes", "openclaw"]);
    }
}
