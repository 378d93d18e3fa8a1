//! One box, as its parts see it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio_util::sync::CancellationToken;
use wire::WorkspaceKind;

use super::belief::Belief;
use super::model::{self, CallError};
use crate::concierge::{self, Concierge};
use crate::org::Org;
use crate::shared::Shared;
use crate::speech::Prompt;

/// A running box.
#[derive(Debug)]
pub(crate) struct AgentBox {
    /// Its name.
    pub(crate) instance: String,
    /// Whose it is.
    pub(crate) org: Arc<Org>,
    /// The row it is for.
    pub(crate) workspace: String,
    /// What it knows of its model.
    pub(crate) belief: Belief,
    /// Its whole environment.
    pub(crate) environment: BTreeMap<String, String>,
    /// Where its tenant is.
    pub(crate) platform_url: String,
    /// Member or concierge.
    pub(crate) agent: Agent,
    /// Ends it.
    pub(crate) stopped: CancellationToken,
    /// How many calls and messages it made.
    counter: AtomicU64,
}

/// What runs in a box.
#[derive(Debug)]
pub(crate) enum Agent {
    /// Answers each message by one model call.
    Member,
    /// Has tools and a conversation.
    Concierge(Box<tokio::sync::Mutex<Concierge>>),
}

impl Agent {
    /// What runs in the box of a workspace of this kind.
    pub(crate) fn of(kind: WorkspaceKind) -> Self {
        match kind {
            WorkspaceKind::Workspace => Self::Member,
            WorkspaceKind::Platform => Self::Concierge(Box::default()),
        }
    }
}

impl AgentBox {
    /// A box that has done nothing yet.
    pub(crate) fn new(
        shared: &Shared,
        org: &Arc<Org>,
        instance: String,
        request: wire::ProvisionRequest,
    ) -> Self {
        Self {
            instance,
            org: Arc::clone(org),
            belief: Belief::of(&shared.registry, &request.runtime, &request.env),
            workspace: request.workspace_id,
            environment: request.env,
            platform_url: request.platform_url,
            agent: Agent::of(request.kind.unwrap_or_default()),
            stopped: org.journey.left.child_token(),
            counter: AtomicU64::new(0),
        }
    }

    /// A new mark for a call or a message of this box.
    pub(crate) fn next_mark(&self) -> String {
        let number = self.counter.fetch_add(1, Ordering::Relaxed) + 1;
        format!("{}/{number}", self.instance)
    }

    /// Answers a person's words.
    ///
    /// # Errors
    /// What the agent reports instead of an answer, in words.
    pub(crate) async fn turn(self: &Arc<Self>, shared: &Shared, words: &str) -> Result<String, String> {
        let answered = match &self.agent {
            Agent::Member => self.answer(shared, words).await,
            Agent::Concierge(concierge) => concierge::turn(shared, self, concierge, words).await,
        };
        match answered {
            Ok(text) => Ok(text),
            // The runtime tells its user so, and the protocol takes it for an answer.
            Err(CallError::NotLoggedIn) => Ok(self.belief.not_logged_in().to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    async fn answer(&self, shared: &Shared, words: &str) -> Result<String, CallError> {
        let id = self.belief.model.as_deref().ok_or(CallError::NoModel)?;
        let completion = model::call(shared, self, &Prompt::question(id, words)).await?;
        Ok(completion.text)
    }
}
