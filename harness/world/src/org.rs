//! An org that signed up, as the control plane keeps it.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use journal::{Persona, Recorder, RowSeen, RowSource, Streams, TenantRole};
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wire::OrgState;

use crate::fresh::Identity;
use crate::lock::lock;
use crate::{Deployment, SignUpSettings, UserTurn};

/// How the name of every box begins; the org's slug and a number follow.
pub(crate) const BOX_NAME: &str = "box-";

/// A journey, as the world keeps it while it is in.
#[derive(Debug)]
pub(crate) struct Journey {
    /// Its journal.
    pub(crate) recorder: Recorder,
    /// Its choices.
    pub(crate) streams: Streams,
    /// How its concierge's model behaves.
    pub(crate) persona: Persona,
    /// The id that this model would type unasked.
    pub(crate) would_type: Option<String>,
    /// What its person shows to the control plane.
    pub(crate) operator_token: String,
    /// Ends its tasks.
    pub(crate) left: CancellationToken,
    /// Its tasks.
    pub(crate) tasks: TaskTracker,
    /// Who signs up with which slug, and how.
    pub(crate) sign_ups: Mutex<HashMap<String, (TenantRole, SignUpSettings)>>,
    /// Turns so far.
    pub(crate) turns: AtomicU32,
    /// The tenants' own keys: names by value.
    pub(crate) keys: Mutex<HashMap<String, String>>,
    /// Questions so far, by role, agent and reason.
    pub(crate) questions: Mutex<HashMap<(TenantRole, String, journal::AskReason), u32>>,
}

impl Journey {
    /// Makes a key of the tenants' own known: vendors accept it from now on, and the journal hides it. A blank value
    /// is no key.
    pub(crate) fn know_key(&self, name: &str, value: &str) {
        if !value.trim().is_empty() {
            self.recorder.learn_secret(name, value);
            lock(&self.keys).insert(value.to_owned(), name.to_owned());
        }
    }

    /// The name of the key that has this value.
    pub(crate) fn key_name(&self, value: &str) -> Option<String> {
        lock(&self.keys).get(value).cloned()
    }
}

/// An org with its tenant and its boxes.
#[derive(Debug)]
pub(crate) struct Org {
    /// Whose it is.
    pub(crate) journey: Arc<Journey>,
    /// Subject or bystander.
    pub(crate) role: TenantRole,
    /// Ids and tokens.
    pub(crate) identity: Identity,
    /// How it was stood up.
    pub(crate) settings: SignUpSettings,
    /// What the control plane tells of it.
    state: Mutex<OrgState>,
    /// Every workspace that a box was ever asked for.
    workspaces: Mutex<HashSet<String>>,
    /// The running boxes: instance by workspace.
    boxes: Mutex<BTreeMap<String, String>>,
    /// The boxes of provisions that had a key.
    provisioned: Mutex<HashMap<String, String>>,
    /// How many boxes were started.
    started: AtomicU32,
    /// What a working model answers: by the word in the question.
    answers: Mutex<HashMap<String, String>>,
    /// The tokens in the answers to creates, by workspace.
    create_tokens: Mutex<HashMap<String, String>>,
    /// What the user last wanted of a team.
    last_turn: Mutex<Option<UserTurn>>,
    /// What was last recorded of each row.
    looks: Mutex<HashMap<(String, RowSource), RowSeen>>,
}

impl Org {
    /// An org whose tenant is on its way.
    pub(crate) fn new(
        journey: Arc<Journey>,
        role: TenantRole,
        identity: Identity,
        settings: SignUpSettings,
    ) -> Self {
        let state = OrgState {
            id: identity.org_id.clone(),
            slug: identity.slug.clone(),
            instance_status: "provisioning".into(),
            url: None,
            platform_agent_id: None,
            last_error: None,
        };
        Self {
            journey,
            role,
            identity,
            settings,
            state: Mutex::new(state),
            workspaces: Mutex::default(),
            boxes: Mutex::default(),
            provisioned: Mutex::default(),
            started: AtomicU32::new(0),
            answers: Mutex::default(),
            create_tokens: Mutex::default(),
            last_turn: Mutex::default(),
            looks: Mutex::default(),
        }
    }

    /// What the control plane tells of it.
    pub(crate) fn state(&self) -> OrgState {
        lock(&self.state).clone()
    }

    /// Its tenant listens here.
    pub(crate) fn came_up(&self, url: &str) {
        lock(&self.state).url = Some(url.to_owned());
    }

    /// Its concierge is online.
    pub(crate) fn is_running(&self, concierge: &str) {
        let mut state = lock(&self.state);
        state.platform_agent_id = Some(concierge.to_owned());
        state.instance_status = "running".into();
    }

    /// It did not come up.
    pub(crate) fn failed(&self, cause: String) {
        let mut state = lock(&self.state);
        state.instance_status = "failed".into();
        state.last_error = Some(cause);
    }

    /// What every guarded route of its tenant wants to see; a self-hosted tenant has no id and wants none.
    pub(crate) fn id_shown(&self) -> Option<&str> {
        (self.settings.deployment == Deployment::Saas).then_some(self.identity.org_id.as_str())
    }

    /// The box of a provision, and whether it is a new one. A provision that is tried again under its key keeps its box.
    pub(crate) fn instance_for(&self, key: Option<&str>) -> (String, bool) {
        let Some(key) = key.filter(|key| !key.is_empty()) else { return (self.next_instance(), true) };
        match lock(&self.provisioned).entry(key.to_owned()) {
            Entry::Occupied(known) => (known.get().clone(), false),
            Entry::Vacant(free) => (free.insert(self.next_instance()).clone(), true),
        }
    }

    /// The name of its next box.
    fn next_instance(&self) -> String {
        let number = self.started.fetch_add(1, Ordering::Relaxed) + 1;
        format!("{BOX_NAME}{}-{number}", self.identity.slug)
    }

    /// A box runs for a workspace; answers the one that ran for it before.
    pub(crate) fn box_started(&self, workspace: &str, instance: &str) -> Option<String> {
        lock(&self.workspaces).insert(workspace.to_owned());
        lock(&self.boxes).insert(workspace.to_owned(), instance.to_owned())
    }

    /// No box runs for a workspace any more; answers the one that did.
    pub(crate) fn box_stopped(&self, workspace: &str) -> Option<String> {
        lock(&self.boxes).remove(workspace)
    }

    /// The box that runs for a workspace.
    pub(crate) fn box_of(&self, workspace: &str) -> Option<String> {
        lock(&self.boxes).get(workspace).cloned()
    }

    /// Every running box, sorted.
    pub(crate) fn running_boxes(&self) -> Vec<String> {
        let mut instances: Vec<String> = lock(&self.boxes).values().cloned().collect();
        instances.sort();
        instances
    }

    /// True where a box was ever asked for this workspace.
    pub(crate) fn owns_workspace(&self, workspace: &str) -> bool {
        lock(&self.workspaces).contains(workspace)
    }

    /// Lets the model know an answer.
    pub(crate) fn learn_answer(&self, nonce: &str, expected: &str) {
        lock(&self.answers).insert(nonce.to_owned(), expected.to_owned());
    }

    /// Lets the model forget it.
    pub(crate) fn forget_answer(&self, nonce: &str) {
        lock(&self.answers).remove(nonce);
    }

    /// The answers that the model knows now.
    pub(crate) fn answers(&self) -> HashMap<String, String> {
        lock(&self.answers).clone()
    }

    /// Keeps the token in the answer to a create, where there is one.
    pub(crate) fn learn_create_token(&self, answer: &Value) {
        let text = |key| answer.get(key).and_then(Value::as_str);
        if let (Some(workspace), Some(token)) = (text("id"), text("auth_token")) {
            lock(&self.create_tokens).insert(workspace.to_owned(), token.to_owned());
        }
    }

    /// The token that the answer to this workspace's create held.
    pub(crate) fn create_token(&self, workspace: &str) -> Option<String> {
        lock(&self.create_tokens).get(workspace).cloned()
    }

    /// Keeps what the user wants of a team; words about no team are not kept.
    pub(crate) fn keep_turn(&self, turn: &UserTurn) {
        if !turn.members.is_empty() {
            *lock(&self.last_turn) = Some(turn.clone());
        }
    }

    /// What the user last wanted of a team.
    pub(crate) fn last_turn(&self) -> Option<UserTurn> {
        lock(&self.last_turn).clone()
    }

    /// Keeps the newest look at a row; true where it differs from the one before.
    pub(crate) fn keep_look(&self, seen: &RowSeen) -> bool {
        let before = lock(&self.looks).insert((seen.workspace.clone(), seen.source), seen.clone());
        before.as_ref() != Some(seen)
    }
}
