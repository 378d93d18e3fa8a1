//! Acts of ours that the invariants need: a question at the first sight of online, and the reads of the end.

use std::collections::BTreeSet;

use journal::{AskReason, CensusMoment, RowSeen};
use scenario::Who;
use tokio::task::JoinSet;
use wire::Status;
use world::{ClientError, Tenant};

use super::journey::{Course, Stop};

/// The questions of the first sight of online, asked while the step goes on.
pub(crate) struct Probes {
    tenant: Tenant,
    asked: BTreeSet<String>,
    under_way: JoinSet<Result<(), ClientError>>,
}

impl Probes {
    pub(crate) fn of(tenant: Tenant) -> Self {
        Self { tenant, asked: BTreeSet::new(), under_way: JoinSet::new() }
    }

    /// Notes a look at a member's row; the first one that finds it online starts the question.
    pub(crate) fn note(&mut self, member: &str, seen: &RowSeen) {
        let is_online = seen.row.as_ref().is_some_and(|row| row.status == Status::Online.as_str());
        if !is_online || !self.asked.insert(seen.workspace.clone()) {
            return;
        }
        let (tenant, member, workspace) = (self.tenant.clone(), member.to_owned(), seen.workspace.clone());
        self.under_way.spawn(async move {
            tenant.stored_model(&workspace).await?;
            tenant.ask(&workspace, Some(&member), AskReason::FirstOnline).await;
            Ok(())
        });
    }

    /// Waits for the questions under way; each is bounded by itself.
    pub(crate) async fn settle(&mut self) -> Result<(), Stop> {
        while let Some(ended) = self.under_way.join_next().await {
            match ended {
                Ok(asked) => asked?,
                Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
                Err(_) => {}
            }
        }
        Ok(())
    }
}

impl Course<'_> {
    /// What the invariants read when all steps are over: every row in each place, its events and its model, and the
    /// census of each tenant.
    pub(crate) async fn probe_the_end(&mut self) -> Result<(), Stop> {
        self.look_at_team().await?;
        self.probes.settle().await?;
        for (_, workspace) in self.rows_of(&Who::Team) {
            self.subject.read(&workspace).await?;
            self.subject.events(&workspace).await?;
            self.subject.stored_model(&workspace).await?;
        }
        self.subject.list().await?;
        for tenant in [Some(&self.subject), self.bystander.as_ref()].into_iter().flatten() {
            tenant.census(CensusMoment::End).await?;
        }
        Ok(())
    }
}
