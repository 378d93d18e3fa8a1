//! One tenant while it runs: everything that its routes and its provisions share.

use std::collections::{BTreeSet, HashMap};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use contract::{Contract, DefectId, DefectSet, LoopbackAddresses, RuntimeNames, Timers};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;
use wire::{Status, WorkspaceKind};

use crate::environment::Environment;
use crate::resolver::{Resolved, Resolver, Unresolved};
use crate::store::Store;
use crate::store::workspaces::NewWorkspace;

/// The concierge's name where neither its install nor the org gives one.
const CONCIERGE_NAME: &str = "Org Concierge";

/// One tenant while it runs.
pub(crate) struct Tenant {
    pub(crate) environment: Environment,
    pub(crate) contract: Arc<Contract>,
    pub(crate) resolver: Arc<Resolver>,
    pub(crate) defects: DefectSet,
    pub(crate) store: Store,
    /// The contract's clocks, scaled.
    pub(crate) timers: Timers,
    /// For the pauses that are no promise.
    pub(crate) time_scale: f64,
    /// The tenant's own address, as boxes are told it.
    pub(crate) platform_url: String,
    /// Ends every task and every long wait.
    pub(crate) stopping: CancellationToken,
    pub(crate) tasks: TaskTracker,
    pub(crate) gates: Gates,
    pub(crate) debounce: Debounce,
}

impl Tenant {
    /// Runs work beside the routes until it is done or the tenant stops.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stopping = self.stopping.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = stopping.cancelled() => {}
                () = work => {}
            }
        });
    }

    /// The arm of an id; `keys` are names of credentials.
    pub(crate) fn resolve(
        &self,
        runtime: &str,
        model: &str,
        keys: &BTreeSet<&str>,
    ) -> Result<Resolved<'_>, Unresolved> {
        if self.defects.has(DefectId::D06) {
            return self.resolver.resolve(runtime, &model.replacen(':', "/", 1), keys);
        }
        self.resolver.resolve(runtime, model, keys)
    }

    /// What this tenant takes a runtime for; `None` where it does not know it.
    pub(crate) fn runtime(&self, name: &str) -> Option<RuntimeKind> {
        let known = &self.contract.known_runtimes;
        let among = |names: &RuntimeNames| names.contains(name);
        let has_manifest = self.environment.has_manifest;
        if among(if has_manifest { &known.with_manifest } else { &known.without_manifest }) {
            Some(RuntimeKind::Boxed)
        } else if among(&known.external) {
            Some(RuntimeKind::External)
        } else if among(&known.unlisted) || (has_manifest && among(&known.unlisted_with_manifest)) {
            Some(RuntimeKind::Boxed)
        } else {
            None
        }
    }

    /// Whether boxes may register this machine's own addresses by their numbers.
    pub(crate) fn takes_loopback(&self) -> bool {
        self.contract.loopback_addresses == LoopbackAddresses::InDevelopment && self.environment.development
    }

    /// The concierge's name where nobody gave one.
    pub(crate) fn concierge_name(&self) -> String {
        let org = &self.environment.org_name;
        if org.is_empty() { CONCIERGE_NAME.to_owned() } else { format!("{org} Agent") }
    }

    /// The row that a concierge begins with. It is a workspace like any other until it is crowned.
    pub(crate) fn concierge_row(&self, id: Uuid, name: String) -> NewWorkspace {
        NewWorkspace {
            id,
            name,
            role: None,
            kind: WorkspaceKind::Workspace,
            tier: self.contract.concierge.tier,
            runtime: self.contract.concierge.runtime.value.clone(),
            status: Status::Offline,
            parent_id: None,
            place: (0.0, 0.0),
        }
    }

    /// A pause that is no promise of the contract, scaled like one.
    pub(crate) fn scaled(&self, pause: Duration) -> Duration {
        pause.mul_f64(self.time_scale)
    }
}

/// Where a runtime's agents run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RuntimeKind {
    /// In a box that the control plane starts.
    Boxed,
    /// Elsewhere: nobody starts them.
    External,
}

/// One gate a workspace: whoever works on its box holds it, so that two never do.
#[derive(Default)]
pub(crate) struct Gates(Mutex<HashMap<Uuid, Arc<tokio::sync::Mutex<()>>>>);

impl Gates {
    /// The gate of a workspace.
    pub(crate) fn of(&self, workspace: Uuid) -> Arc<tokio::sync::Mutex<()>> {
        let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(gates.entry(workspace).or_default())
    }

    /// Forgets the gate of a deleted workspace; whoever still holds it keeps it.
    pub(crate) fn forget(&self, workspace: Uuid) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&workspace);
    }
}

/// When each workspace was last restarted for a changed model or secret.
#[derive(Default)]
pub(crate) struct Debounce(Mutex<HashMap<Uuid, Instant>>);

impl Debounce {
    /// True once per window: further calls inside it are to be dropped (tenant-api §4.4).
    pub(crate) fn admits(&self, workspace: Uuid, window: Duration) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if last.get(&workspace).is_some_and(|at| now.duration_since(*at) < window) {
            return false;
        }
        last.insert(workspace, now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_restart_inside_the_window_is_dropped_and_another_workspace_is_not() {
        let debounce = Debounce::default();
        let (one, other) = (Uuid::new_v4(), Uuid::new_v4());
        assert!(debounce.admits(one, Duration::from_secs(60)));
        assert!(!debounce.admits(one, Duration::from_secs(60)));
        assert!(debounce.admits(other, Duration::from_secs(60)));
        assert!(debounce.admits(one, Duration::ZERO));
    }
}
