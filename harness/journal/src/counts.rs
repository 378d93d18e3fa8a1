//! What a journey amounted to, in numbers.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Fact, Observation, Payer, Refusals};

/// Numbers over the observations of one journey, or of many added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Tenants whose concierge came online, bystanders included.
    pub tenants_online: u64,
    /// Members that were seen online.
    pub members_online: u64,
    /// Model calls of every kind.
    pub model_calls: u64,
    /// Model calls that the platform paid for.
    pub platform_paid: u64,
    /// Questions that got the answer that only a working model knows.
    pub answered: u64,
    /// Refusals, and who was told why.
    #[serde(default)]
    pub refusals: Refusals,
}

impl Counts {
    /// Counts one journey.
    pub fn of(observations: &[Observation]) -> Self {
        let mut counts = Self { refusals: Refusals::of(observations), ..Self::default() };
        let mut online = BTreeSet::new();
        for observation in observations {
            match &observation.fact {
                Fact::SignedUp(_) => counts.tenants_online += 1,
                Fact::ModelCall(call) => {
                    counts.model_calls += 1;
                    counts.platform_paid += u64::from(call.payer == Some(Payer::Platform));
                }
                Fact::Asked(asked) => counts.answered += u64::from(asked.is_answered()),
                Fact::Row(seen) => {
                    let member = seen.row.as_ref().filter(|row| row.kind == wire::WorkspaceKind::Workspace);
                    if member.is_some_and(|row| row.status == wire::Status::Online.as_str()) {
                        online.insert(seen.workspace.clone());
                    }
                }
                _ => {}
            }
        }
        counts.members_online = online.len() as u64;
        counts
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.tenants_online += other.tenants_online;
        self.members_online += other.members_online;
        self.model_calls += other.model_calls;
        self.platform_paid += other.platform_paid;
        self.answered += other.answered;
        self.refusals += other.refusals;
    }
}
