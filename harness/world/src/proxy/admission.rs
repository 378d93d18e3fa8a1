//! Who calls, and whether they may.

use std::sync::Arc;

use journal::KeyShown;
use wire::header;

use crate::boxes::AgentBox;
use crate::org::Org;
use crate::served::{Arrived, slug_in};
use crate::shared::Shared;
use crate::vendors::VendorHosts;

/// What a call says of its sender.
#[derive(Debug)]
pub(crate) struct Caller {
    /// The box's mark, as sent.
    pub(crate) mark: Option<String>,
    /// The box behind the mark.
    pub(crate) agent_box: Option<Arc<AgentBox>>,
    /// The org of the box behind the mark, whether or not it still runs.
    pub(crate) marked: Option<Arc<Org>>,
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
    /// Reads mark, credential and attribution. A key of the tenant's own is told from one that nobody issued, although
    /// the proxy takes neither.
    pub(crate) fn of(shared: &Shared, arrived: &Arrived) -> Self {
        let mark = arrived.header(header::CALL_ID).map(str::to_owned);
        let instance = mark.as_deref().and_then(|mark| mark.rsplit_once('/')).map(|(instance, _)| instance);
        let agent_box = instance.and_then(|instance| shared.directory.agent_box(instance));
        // A box may be stopped while its call is under way.
        let stopped = || slug_in(instance?).and_then(|slug| shared.directory.org_by_slug(slug));
        let marked = agent_box.as_ref().map(|agent_box| Arc::clone(&agent_box.org)).or_else(stopped);
        let shown = arrived.header("x-api-key").or_else(|| arrived.bearer()).filter(|key| !key.is_empty());
        let holder = shown.and_then(|key| shared.directory.org_by_usage_token(key));
        let key = key_shown(shown, holder.as_ref(), marked.as_ref());
        let attribution = arrived.header(header::WORKSPACE_ID).map(str::to_owned);
        Self { mark, agent_box, marked, holder, key, attribution }
    }

    /// Whose journal hears of the call: that of the box, else that of the credential.
    pub(crate) fn org(&self) -> Option<&Arc<Org>> {
        self.marked.as_ref().or(self.holder.as_ref())
    }

    /// The org that the proxy is called for.
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

    /// The org whose own key the vendor of this host accepts.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) fn admit_to_vendor(&self, hosts: &VendorHosts, host: &str) -> Result<&Arc<Org>, Refused> {
        match (&self.key, self.org()) {
            (KeyShown::Missing, _) => Err(Refused::NoKey),
            (KeyShown::OwnKey(name), Some(org)) if hosts.accepts(host, name) => Ok(org),
            _ => Err(Refused::WrongKey),
        }
    }
}

fn key_shown(shown: Option<&str>, holder: Option<&Arc<Org>>, marked: Option<&Arc<Org>>) -> KeyShown {
    let Some(shown) = shown else { return KeyShown::Missing };
    match (holder, marked) {
        (Some(holder), Some(marked)) if !Arc::ptr_eq(holder, marked) => KeyShown::OtherTenantsToken,
        (Some(_), _) => KeyShown::UsageToken,
        (None, Some(marked)) => marked.journey.key_name(shown).map_or(KeyShown::Unknown, KeyShown::OwnKey),
        (None, None) => KeyShown::Unknown,
    }
}
