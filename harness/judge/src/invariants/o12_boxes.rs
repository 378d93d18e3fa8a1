//! O-12: a member's box has the variables of its kind, and none that it must not have (tenant-api §5.1, §5.2).
//!
//! A box that the platform pays for knows the proxy and none of the vendors' credentials; one that the tenant pays for
//! knows its key and nothing of the proxy. Who pays is what the oracle says of the id that the box was told; where it
//! promises nothing, or somebody had overridden it, only what goes for every box is judged: who it is, and that it holds
//! no bearer of the whole tenant that the contract does not give it.

use contract::{Attribution, Signal};
use journal::{BoxStarted, FindingKind, InvariantId, Layer, TenantRole};
use oracle::{Payer, Prediction};
use scenario::Deployment;
use wire::{ModelWire, Status, WorkspaceKind, env};

use super::Ruling;
use super::ruling::finding;
use crate::spans::{Running, prediction_of, spans_of};
use crate::{Facts, Trial};

/// What every box commits with.
const GIT: [&str; 5] =
    ["GIT_ASKPASS", "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"];

/// The proxy's addresses and token.
const PROXY: [&str; 4] =
    [env::LLM_BASE_URL, env::LLM_USAGE_TOKEN, env::LLM_ANTHROPIC_BASE_URL, env::LLM_USAGE_URL];

/// The tenant's bearers that the concierge alone holds (tenant-api §1.3).
const CONCIERGES: [&str; 2] = [env::API_KEY, env::ORG_API_KEY];

pub(super) fn judge(trial: &Trial<'_>, facts: Facts<'_>) -> Ruling {
    let mut findings = Vec::new();
    let (mut applies, mut is_missing) = (false, false);
    for (member, workspace) in facts.rows_made() {
        let mut started =
            facts.boxes_started().filter(|(_, started)| is_members(started, &workspace)).peekable();
        let was_online = facts.was_seen(&workspace, Status::Online);
        is_missing |= was_online && started.peek().is_none();
        applies |= was_online || started.peek().is_some();
        for (seq, started) in started {
            let wanted = Wanted::of(trial, facts, seq, started);
            findings.extend(wanted.differs(started).map(|(expected, seen)| {
                let kind = FindingKind::EnvironmentDiffers;
                let mut finding = finding(trial, InvariantId::O12, kind, Layer::Box, expected, seen);
                finding.subject = Some(member.to_owned());
                finding.proof = vec![seq];
                finding
            }));
        }
    }
    Ruling::of(applies, is_missing, findings)
}

fn is_members(started: &BoxStarted, workspace: &str) -> bool {
    started.workspace == workspace
        && started.tenant == TenantRole::Subject
        && started.kind == WorkspaceKind::Workspace
}

/// The names that a box must have and must not have.
struct Wanted {
    present: Vec<String>,
    absent: Vec<&'static str>,
}

impl Wanted {
    fn of(trial: &Trial<'_>, facts: Facts<'_>, seq: u64, started: &BoxStarted) -> Self {
        let mut wanted = Self::of_every_box(trial, started);
        let spans = spans_of(facts.up_to(seq), &started.workspace);
        if spans.last().is_some_and(|span| span.is_overridden) {
            return wanted;
        }
        let (workspace, runtime, model) = (&started.workspace, &started.runtime, started.model.as_deref());
        let running = Running { workspace, runtime, model, since: seq };
        let prediction = prediction_of(trial, facts, running);
        match prediction.payer() {
            Some(Payer::Platform) => wanted.paid_by_platform(trial, started),
            Some(Payer::Vendor) => wanted.paid_by_tenant(&prediction),
            None => {}
        }
        wanted
    }

    fn of_every_box(trial: &Trial<'_>, started: &BoxStarted) -> Self {
        let mut present: Vec<String> = GIT.map(str::to_owned).to_vec();
        if started.model.is_some() {
            present.extend([env::MODEL.to_owned(), env::MOLECULE_MODEL.to_owned()]);
            if started.runtime == "hermes" {
                present.push(env::HERMES_DEFAULT_MODEL.to_owned());
            }
        }
        if trial.contract.resolved_provider == Signal::Sent {
            present.push(env::RESOLVED_PROVIDER.to_owned());
        }
        let mut absent = CONCIERGES.to_vec();
        if trial.contract.box_admin_token == Signal::NotSent {
            absent.push(env::ADMIN_TOKEN);
        }
        Self { present, absent }
    }

    fn paid_by_platform(&mut self, trial: &Trial<'_>, started: &BoxStarted) {
        let is_saas = trial.scenario.given.deployment == Deployment::Saas;
        // A self-hosted server may lack the last two, and hands on what it has.
        let told: &[&str] = if is_saas { &PROXY } else { &PROXY[..2] };
        let wire = trial.oracle.registry().runtime(&started.runtime).map(|runtime| runtime.wire);
        let own: &[&str] = match wire {
            Some(ModelWire::AnthropicMessages) if is_saas => {
                &[env::ANTHROPIC_API_KEY, env::ANTHROPIC_BASE_URL]
            }
            Some(ModelWire::AnthropicMessages) | None => &[],
            Some(_) => &[env::OPENAI_API_KEY, env::OPENAI_BASE_URL],
        };
        self.present.extend(told.iter().chain(own).map(|name| (*name).to_owned()));
        let is_attributed = trial.contract.attribution == Attribution::ClaudeCode;
        if is_attributed && wire == Some(ModelWire::AnthropicMessages) {
            self.present.push(env::ANTHROPIC_CUSTOM_HEADERS.to_owned());
        }
        // The names under which the proxy's token and address stand are vendors' names too.
        let lent: &[&str] = match wire {
            Some(ModelWire::AnthropicMessages) => &[env::ANTHROPIC_API_KEY],
            Some(_) => &[env::OPENAI_API_KEY, env::OPENAI_BASE_URL],
            None => &env::VENDOR_KEYS,
        };
        self.absent.extend(env::VENDOR_KEYS.into_iter().filter(|name| !lent.contains(name)));
    }

    fn paid_by_tenant(&mut self, prediction: &Prediction) {
        self.present.extend(prediction.key.get().cloned().flatten());
        self.absent.extend(PROXY);
    }

    /// What a box lacks and what it has too much of, each in one finding.
    fn differs(&self, started: &BoxStarted) -> impl Iterator<Item = (String, String)> {
        let has = |name: &str| started.env_names.iter().any(|own| own == name);
        let lacking: Vec<&str> = self.present.iter().map(String::as_str).filter(|name| !has(name)).collect();
        let surplus: Vec<&str> = self.absent.iter().copied().filter(|name| has(name)).collect();
        let told = match &started.model {
            Some(model) => format!("a {} box that is told `{}`", started.runtime, model.escape_debug()),
            None => format!("a {} box that is told no model", started.runtime),
        };
        let lack = (!lacking.is_empty())
            .then(|| (format!("{told} has {}", lacking.join(", ")), "it has not".to_owned()));
        let excess = (!surplus.is_empty())
            .then(|| (format!("{told} has none of {}", surplus.join(", ")), "it has".to_owned()));
        [lack, excess].into_iter().flatten()
    }
}
