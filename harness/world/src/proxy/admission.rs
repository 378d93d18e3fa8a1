//! Who calls, and whether they may.

use std::sync::Arc;

use journal::KeyShown;
use wire::header;

use crate::boxes::AgentBox;
use crate::org::Org;
use crate::served::Arrived;
use crate::shared::Shared;

/// What a call says of its sender.
#[derive(Debug)]
pub(crate) struct Caller {
    /// The box's mark, as sent.
    pub(crate) mark: Option<String>,
    /// The box behind the mark.
    pub(crate) agent_box: Option<Arc<AgentBox>>,
    /// The org that the credential was issued to.
    pub(crate) holder: Option<Arc<Org>>,
    /// The credential.
    pub(crate) key: KeyShown,
    /// The workspace that the platform's attribution names.
    pub(crate) attribution: Option<String>,
}

/// Why a call is refused before its body matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// No credential.
    NoKey,
    /// One that was not issued to this caller.
    WrongKey,
    /// The attribution names a workspace that the credential's org does not have.
    ForeignWorkspace,
}

impl Refused {
    /// In words, as the proxy answers.
    pub(crate) fn in_words(self) -> &'static str {
        match self {
            Self::NoKey => "no API key was sent",
            Self::WrongKey => "invalid API key",
            Self::ForeignWorkspace => "the workspace does not belong to the org of this API key",
        }
    }
}

impl Caller {
    /// Reads mark, credential and attribution.
    pub(crate) fn of(shared: &Shared, arrived: &Arrived) -> Self {
        let mark = arrived.header(header::CALL_ID).map(str::to_owned);
        let agent_box = mark
            .as_deref()
            .and_then(|mark| mark.rsplit_once('/'))
            .and_then(|(instance, _)| shared.directory.agent_box(instance));
        let shown = arrived.header("x-api-key").or_else(|| arrived.bearer()).filter(|key| !key.is_empty());
        let holder = shown.and_then(|key| shared.directory.org_by_usage_token(key));
        let key = match (shown, &holder, &agent_box) {
            (None, ..) => KeyShown::Missing,
            (Some(_), None, _) => KeyShown::Unknown,
            (Some(_), Some(holder), Some(agent_box)) if !Arc::ptr_eq(holder, &agent_box.org) => {
                KeyShown::OtherTenantsToken
            }
            (Some(_), Some(_), _) => KeyShown::UsageToken,
        };
        let attribution = arrived.header(header::WORKSPACE_ID).map(str::to_owned);
        Self { mark, agent_box, holder, key, attribution }
    }

    /// Whose journal hears of the call: that of the box, else that of the credential.
    pub(crate) fn org(&self) -> Option<&Arc<Org>> {
        self.agent_box.as_ref().map(|agent_box| &agent_box.org).or(self.holder.as_ref())
    }

    /// The org that the call is made for.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) fn admit(&self) -> Result<&Arc<Org>, Refused> {
        let org = match (&self.key, &self.holder) {
            (KeyShown::Missing, _) => return Err(Refused::NoKey),
            (KeyShown::UsageToken, Some(org)) => org,
            _ => return Err(Refused::WrongKey),
        };
        match &self.attribution {
            Some(workspace) if !org.owns_workspace(workspace) => Err(Refused::ForeignWorkspace),
            _ => Ok(org),
        }
    }
}
