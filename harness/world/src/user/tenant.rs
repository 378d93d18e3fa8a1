//! A tenant as its user and our probes see it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use journal::{Recorder, TenantRole};
use reqwest::Method;
use wire::header;

use super::mark::Mark;
use crate::ClientError;
use crate::http::{Answer, Outgoing};
use crate::org::Org;
use crate::shared::Shared;

/// No read of a tenant takes longer.
pub(super) const CALL_BOUND: Duration = Duration::from_secs(10);

/// A signed-up tenant as seen by its user and by probes. Clones look at the same one.
#[derive(Clone)]
pub struct Tenant {
    /// Subject or bystander.
    pub role: TenantRole,
    /// Its org id; of a self-hosted tenant the id that only we know it by.
    pub org_id: String,
    /// Its slug.
    pub slug: String,
    /// The concierge's row.
    pub concierge: String,
    /// Where it listens.
    pub url: String,
    pub(super) admin_token: String,
    pub(super) org: Arc<Org>,
    pub(super) shared: Arc<Shared>,
    /// The journey's mark on it, where it goes on after the journey.
    pub(super) mark: Option<Arc<Mark>>,
}

/// The addresses of the world around a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantSurroundings {
    /// The control plane.
    pub control_plane: String,
    /// The model proxy for OpenAI clients.
    pub llm_openai: String,
    /// The same for Anthropic clients.
    pub llm_anthropic: String,
    /// What all boxes are below.
    pub box_base: String,
}

impl Tenant {
    /// A tenant that has come up.
    pub(crate) fn new(
        shared: &Arc<Shared>,
        org: &Arc<Org>,
        url: String,
        concierge: String,
        admin_token: String,
    ) -> Self {
        Self {
            role: org.role,
            org_id: org.identity.org_id.clone(),
            slug: org.identity.slug.clone(),
            concierge,
            url,
            admin_token,
            org: Arc::clone(org),
            shared: Arc::clone(shared),
            mark: None,
        }
    }

    /// The token of its admin.
    pub fn admin_token(&self) -> &str {
        &self.admin_token
    }

    /// Where the world around it listens.
    pub fn surroundings(&self) -> TenantSurroundings {
        let addresses = &self.shared.addresses;
        TenantSurroundings {
            control_plane: addresses.control_plane_url(),
            llm_openai: addresses.openai_base(),
            llm_anthropic: addresses.anthropic_base(),
            box_base: addresses.box_base(),
        }
    }

    /// The name of a member on the wire.
    pub(super) fn name_on_wire(&self, member: &str) -> String {
        self.mark.as_ref().map_or_else(|| member.to_owned(), |mark| mark.on(member))
    }

    /// Sends a call that nobody records, and answers in the members' own names.
    pub(super) async fn send(&self, sent: &Outgoing) -> Result<Answer, ClientError> {
        sent.send(&self.shared.client).await.map(|answer| self.in_own_names(answer))
    }

    /// An answer without the mark.
    pub(super) fn in_own_names(&self, mut answer: Answer) -> Answer {
        if let Some(mark) = &self.mark {
            mark.take_out_of(&mut answer.body);
        }
        answer
    }

    pub(super) fn recorder(&self) -> &Recorder {
        &self.org.journey.recorder
    }

    /// A call as the admin of this tenant.
    pub(super) fn request(&self, method: Method, path: String, bound: Duration) -> Outgoing {
        self.request_as(&self.admin_token, method, path, bound)
    }

    /// A call with another bearer.
    pub(super) fn request_as(&self, token: &str, method: Method, path: String, bound: Duration) -> Outgoing {
        let call = Outgoing::new(method, &self.url, path, self.shared.pace.of(bound)).bearer(token);
        match self.org.id_shown() {
            Some(id) => call.header(header::ORG_ID, id),
            None => call,
        }
    }
}

impl fmt::Debug for Tenant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Tenant")
            .field("role", &self.role)
            .field("org_id", &self.org_id)
            .field("slug", &self.slug)
            .field("concierge", &self.concierge)
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}
