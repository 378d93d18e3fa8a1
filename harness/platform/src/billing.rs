//! Who pays for a workspace's model calls (tenant-api §4.3): its own billing mode and the server's where the contract
//! gives them a say, else the arm of its id, else the platform where a proxy is wired. Whether a vendor's arm has a usable
//! key is asked later, when the box is prepared.

use std::collections::BTreeSet;

use contract::{Billing, PayerRule};
use serde::Serialize;

use crate::resolver::Resolved;
use crate::store::workspaces::Workspace;
use crate::tenant::Tenant;

/// How model calls are paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Mode {
    /// By the platform, over its proxy.
    PlatformManaged,
    /// By the tenant, with its own key.
    Byok,
    /// Nobody looks.
    Disabled,
}

impl Mode {
    /// Every mode.
    pub(crate) const ALL: [Self; 3] = [Self::PlatformManaged, Self::Byok, Self::Disabled];

    /// The word on the wire.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::PlatformManaged => "platform_managed",
            Self::Byok => "byok",
            Self::Disabled => "disabled",
        }
    }

    /// The mode of this word.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == word)
    }
}

/// What decided over a mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Source {
    /// The workspace's own billing mode.
    WorkspaceOverride,
    /// The server's own billing mode.
    OrgDefault,
    /// The arm of its id.
    DerivedProvider,
    /// Nothing; the deployment's default.
    DerivedDefault,
}

/// A workspace's payer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Payer<'a> {
    pub(crate) mode: Mode,
    pub(crate) source: Source,
    /// The id's arm, if it has one.
    pub(crate) arm: Option<Resolved<'a>>,
}

impl Payer<'_> {
    /// True where a vendor's key has no place: the id is not a vendor's.
    pub(crate) fn is_no_vendors(&self) -> bool {
        self.arm.is_none_or(|arm| arm.billing == Billing::Platform)
    }
}

/// The payer of a row that runs on this id; `keys` are the names of credentials with a value.
pub(crate) fn payer<'a>(
    tenant: &'a Tenant,
    row: &Workspace,
    model: &str,
    keys: &BTreeSet<&str>,
) -> Payer<'a> {
    let arm = tenant.resolve(&row.runtime, model, keys).ok();
    let (own, server) = match tenant.contract.payer.value {
        PayerRule::Arm | PayerRule::ArmElseProxy => (None, None),
        PayerRule::OverrideThenArm => (row.billing_mode, None),
        PayerRule::OverrideThenServerThenArm => (row.billing_mode, tenant.environment.billing_mode),
    };
    if let Some(mode) = own {
        return Payer { mode, source: Source::WorkspaceOverride, arm };
    }
    if let Some(mode) = server {
        return Payer { mode, source: Source::OrgDefault, arm };
    }
    match arm {
        Some(resolved) => {
            let mode = match resolved.billing {
                Billing::Platform => Mode::PlatformManaged,
                Billing::Byok => Mode::Byok,
            };
            Payer { mode, source: Source::DerivedProvider, arm }
        }
        None => {
            let wired = tenant.environment.llm.is_some();
            let mode = if wired { Mode::PlatformManaged } else { Mode::Byok };
            Payer { mode, source: Source::DerivedDefault, arm }
        }
    }
}
