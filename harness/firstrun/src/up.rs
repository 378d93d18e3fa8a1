//! One tenant that is kept up for somebody to work with, and what they are told of it.
//!
//! It is signed up as in a journey, with the world around it; nothing is played and nothing is recorded on disk.

use std::fmt::Write;
use std::sync::Arc;

use journal::{Persona, Recorder, Streams, TenantRole};
use serde_json::json;
use world::{JourneySettings, JourneyWorld, SignUpError, Tenant, UserTurn};

use crate::load::Loaded;
use crate::play::told_by_contract;
use crate::run::{RunOptions, Runner, StartError};

/// The names under which a tenant's choices are drawn.
const SCENARIO: &str = "up";
const CASE: &str = "kept";

/// What stands for a token that is not shown.
const HIDDEN: &str = "$FIRSTRUN_ADMIN_TOKEN";

/// How the agent of a kept tenant behaves.
#[derive(Clone, Debug)]
pub(crate) struct KeptAgent {
    /// Its persona.
    pub(crate) persona: Persona,
    /// The id that it types unasked.
    pub(crate) would_type: Option<String>,
    /// The seed of its choices.
    pub(crate) seed: u64,
}

/// A tenant that is up.
pub(crate) struct KeptTenant {
    runner: Runner,
    entered: JourneyWorld,
    tenant: Tenant,
    stack: String,
}

/// Why no tenant came up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeepError {
    /// The stack or the world could not be started.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The sign-up failed.
    #[error(transparent)]
    SignUp(#[from] SignUpError),
}

impl KeptTenant {
    /// Stands a tenant up. Nothing is left where that fails.
    ///
    /// # Errors
    /// Where the stack, the world or the sign-up fails.
    pub(crate) async fn bring_up(
        loaded: Arc<Loaded>,
        options: RunOptions,
        agent: KeptAgent,
    ) -> Result<Self, KeepError> {
        let stack = options.stack.name.clone();
        let settings = told_by_contract(&loaded, true);
        let runner = Runner::start(loaded, options).await?;
        let entered = runner.enter(JourneySettings {
            recorder: Recorder::in_memory(),
            streams: Streams::of_journey(agent.seed, SCENARIO, CASE),
            persona: agent.persona,
            would_type: agent.would_type,
        });
        match entered.sign_up_with(TenantRole::Subject, settings).await {
            Ok(tenant) => Ok(Self { runner, entered, tenant, stack }),
            Err(error) => {
                entered.leave().await;
                runner.stop().await;
                Err(error.into())
            }
        }
    }

    /// Takes it down.
    pub(crate) async fn take_down(self) {
        self.entered.leave().await;
        self.runner.stop().await;
    }

    /// What it is and where, in a line without secrets.
    pub(crate) fn in_a_line(&self) -> String {
        format!("a tenant on {} at {}", self.stack, self.tenant.url)
    }

    /// Its addresses, its tokens if they may be shown, and lines to try.
    pub(crate) fn in_words(&self, shows_tokens: bool) -> String {
        let Tenant { url, org_id, concierge, .. } = &self.tenant;
        let token = if shows_tokens { self.tenant.admin_token() } else { HIDDEN };
        let around = self.tenant.surroundings();
        let mut text = String::new();
        for (what, value) in [
            ("stack", self.stack.as_str()),
            ("tenant", url),
            ("org", org_id),
            ("concierge", concierge),
            ("admin token", if shows_tokens { token } else { "hidden; --show-tokens prints it" }),
            ("control plane", &around.control_plane),
            ("model proxy", &around.llm_openai),
            ("", &around.llm_anthropic),
            ("boxes", &around.box_base),
        ] {
            let _ = writeln!(text, "{what:<14} {value}");
        }
        let member = r#"{"name": "product", "runtime": "claude-code", "model": "moonshot/kimi-k2.6"}"#;
        let say = turn().to_string();
        let curl = format!("curl -s -H 'Authorization: Bearer {token}' -H 'X-Molecule-Org-Id: {org_id}'");
        let curl = if shows_tokens { curl } else { curl.replace('\'', "\"") };
        let json = "-H 'Content-Type: application/json'";
        let _ = writeln!(text, "\ntry\n  {curl} {url}/workspaces");
        let _ = writeln!(text, "  {curl} {json} -d '{member}' {url}/workspaces");
        let _ = writeln!(text, "  {curl} {json} -d '{say}' {url}/workspaces/{concierge}/a2a");
        text
    }
}

/// A user's turn that the mocked model behind the concierge understands, as the platform takes it (tenant-api §2.11).
fn turn() -> serde_json::Value {
    let turn = UserTurn {
        text: "build me a team".to_owned(),
        members: ["scout", "writer"].map(str::to_owned).into(),
        runtime: Some("claude-code".to_owned()),
        model: None,
    };
    let parts = json!([{ "kind": "text", "text": turn.in_words() }]);
    let message = json!({ "role": "user", "messageId": "1", "parts": parts });
    json!({ "jsonrpc": "2.0", "id": "1", "method": "message/send", "params": { "message": message } })
}
