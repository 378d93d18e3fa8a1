//! Acts of ours that the invariants need: a question at the first sight of online, and the reads of the end.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use journal::{AskReason, CensusMoment, RowSeen};
use judge::Facts;
use scenario::Who;
use tokio::task::JoinSet;
use wire::{EventName, Status};
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
            // Only a model of ours knows the answer.
            if tenant.is_adopted() {
                return Ok(());
            }
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

/// How long the event of a row that is online may come after it (O-11).
const TOLD_WITHIN: Duration = Duration::from_secs(1);

/// The pause between two readings.
const PAUSE: Duration = Duration::from_millis(10);

impl Course<'_> {
    /// What the invariants read when all steps are over: every row in each place, its events and its model, and the
    /// census of each tenant.
    pub(crate) async fn probe_the_end(&mut self) -> Result<(), Stop> {
        self.look_at_team().await?;
        self.probes.settle().await?;
        for (_, workspace) in self.rows_of(&Who::Team) {
            self.subject.read(&workspace).await?;
            self.told_events(&workspace).await?;
            self.subject.stored_model(&workspace).await?;
        }
        let made =
            self.recorder.look(|seen| Facts::all(seen).rows_made().into_iter().map(|(_, id)| id).collect());
        let team = self.rows_of(&Who::Team);
        let older = |id: &String| !team.iter().any(|(_, newest)| newest == id);
        for workspace in Vec::<String>::into_iter(made).filter(older) {
            self.subject.read(&workspace).await?;
            self.subject.events(&workspace).await?;
        }
        self.subject.list().await?;
        self.offered().await?;
        for tenant in [Some(&self.subject), self.bystander.as_ref()].into_iter().flatten() {
            tenant.census(CensusMoment::End).await?;
        }
        Ok(())
    }

    /// The events of a row; where it is online and no event says so yet, once more until one does or time is up.
    async fn told_events(&mut self, workspace: &str) -> Result<(), Stop> {
        let began = Instant::now();
        let is_online = self.recorder.look(|seen| {
            let row = Facts::all(seen).row(workspace);
            row.is_some_and(|(_, row)| row.status == Status::Online.as_str())
        });
        loop {
            let seen = self.subject.events(workspace).await?;
            let changes = [EventName::WorkspaceOnline, EventName::WorkspaceProvisioning];
            let last = seen.events.iter().rev().find(|event| changes.iter().any(|name| event.is(*name)));
            let is_told = last.is_some_and(|event| event.is(EventName::WorkspaceOnline));
            if !is_online || is_told || began.elapsed() >= self.scaled(TOLD_WITHIN) {
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The platform's own list of ids for each runtime of the team, where it promises one.
    async fn offered(&mut self) -> Result<(), Stop> {
        if !self.loaded.contract.routes.offered_models {
            return Ok(());
        }
        let default = self.loaded.contract.default_runtime.value.clone();
        for runtime in self.recorder.look(|seen| Facts::all(seen).runtimes_asked(&default)) {
            self.subject.offered_models(&runtime).await?;
        }
        Ok(())
    }

    /// What an expression is evaluated over: the rows as they are, and their events.
    pub(crate) async fn look_for_expression(&mut self) -> Result<(), Stop> {
        self.look_at_team().await?;
        for (_, workspace) in self.rows_of(&Who::Team) {
            self.subject.events(&workspace).await?;
        }
        Ok(())
    }
}
