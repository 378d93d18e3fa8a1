//! The acts that hand an id in without a conversation, and what they need around them.

use std::time::{Duration, Instant};

use contract::Entry;
use journal::{AskReason, EntryCall, KeyScope, Row};
use judge::Facts;
use scenario::{KeyGiven, Provision, PutModel, Restart, SetBillingMode, Who};
use wire::{CreateWorkspace, EventName, Status};

use super::journey::{Course, Stop, key_value};

/// How long a platform may take to begin what a change makes it do.
const BEGINS_WITHIN: Duration = Duration::from_secs(10);

/// How long a row may take to come online before its model is changed, and to settle afterwards.
const SETTLES_WITHIN: Duration = Duration::from_secs(10);

/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(10);

/// A member that is handed in.
struct Member<'a> {
    name: &'a str,
    entry: Entry,
    runtime: Option<String>,
    model: Option<String>,
    key: Option<KeyGiven>,
}

impl Course<'_> {
    /// One member by one entry (scenarios/README.md, the table of entries).
    pub(crate) async fn provision(&mut self, provision: &Provision) -> Result<(), Stop> {
        let Some(entry) = provision.entry(&self.bindings) else { return Ok(()) };
        let member = Member {
            name: &provision.name,
            entry,
            runtime: provision.runtime.as_ref().and_then(|runtime| runtime.text(&self.bindings)),
            model: provision.model.as_ref().and_then(|model| model.text(&self.bindings)),
            key: provision.key.as_ref().and_then(|key| KeyGiven::of_value(&key.value(&self.bindings))),
        };
        if let Some(key) = member.key.as_ref().filter(|key| key.scope == KeyScope::Global) {
            let value = key_value(&self.streams, &key.name);
            self.subject.put_secret(KeyScope::Global, None, &key.name, &value).await?;
        }
        match entry {
            Entry::Tool => {
                let (runtime, model) = (member.runtime.as_deref(), member.model.as_deref());
                self.subject.tool_provision(member.name, runtime, model).await?;
            }
            Entry::Create => {
                self.create(&member, entry, member.model.clone()).await?;
            }
            Entry::Import => {
                let (runtime, model) = (member.runtime.as_deref(), member.model.as_deref());
                self.subject.import(member.name, runtime, model).await?;
            }
            Entry::PutModel | Entry::Restart => self.change(&member).await?,
        }
        Ok(())
    }

    async fn create(
        &mut self,
        member: &Member<'_>,
        entry: Entry,
        model: Option<String>,
    ) -> Result<EntryCall, Stop> {
        let payload = member.key.as_ref().filter(|key| key.scope == KeyScope::Payload);
        let secrets = payload.map(|key| [(key.name.clone(), key_value(&self.streams, &key.name))].into());
        let body = CreateWorkspace {
            name: member.name.to_owned(),
            runtime: member.runtime.clone(),
            model,
            secrets,
            ..CreateWorkspace::default()
        };
        Ok(self.subject.create(entry, member.name, body).await?)
    }

    /// `put_model` and `restart`: create with the runtime's first platform id, wait for online, then change the id.
    async fn change(&mut self, member: &Member<'_>) -> Result<(), Stop> {
        let runtime =
            member.runtime.clone().unwrap_or_else(|| self.loaded.contract.default_runtime.value.clone());
        let first = self.loaded.registry.runtime(&runtime).and_then(|runtime| runtime.platform_ids().next());
        let made = self.create(member, member.entry, first.map(str::to_owned)).await?;
        let Some(workspace) = made.workspace else { return Ok(()) };
        if self.settled(member.name, &workspace, |status| status == Status::Online).await?.is_none() {
            return Ok(());
        }
        // The question of its first sight goes to the box that is there now, not to the one after the change.
        self.probes.settle().await?;
        let before = self.provisionings(&workspace).await?;
        let model = member.model.clone().unwrap_or_default();
        let put = self.subject.put_model(member.entry, member.name, &workspace, &model).await?;
        if put.is_refused() {
            return Ok(());
        }
        self.begun(&workspace, before).await?;
        if member.entry == Entry::PutModel {
            return Ok(());
        }
        self.settled(member.name, &workspace, Status::is_settled).await?;
        if let Some(key) = member.key.as_ref().filter(|key| key.scope == KeyScope::Workspace) {
            let value = key_value(&self.streams, &key.name);
            self.subject.put_secret(KeyScope::Workspace, Some(&workspace), &key.name, &value).await?;
        }
        let before = self.provisionings(&workspace).await?;
        self.subject.restart(member.entry, member.name, &workspace).await?;
        self.begun(&workspace, before).await
    }

    pub(crate) async fn put_model(&mut self, put: &PutModel) -> Result<(), Stop> {
        let Some(workspace) = self.row_of(&put.workspace.value) else { return Ok(()) };
        let model = put.model.text(&self.bindings).unwrap_or_default();
        let before = self.provisionings(&workspace).await?;
        let answer =
            self.subject.put_model(Entry::PutModel, &put.workspace.value, &workspace, &model).await?;
        if answer.is_refused() { Ok(()) } else { self.begun(&workspace, before).await }
    }

    pub(crate) async fn set_billing_mode(&mut self, set: &SetBillingMode) -> Result<(), Stop> {
        let Some(workspace) = self.row_of(&set.workspace.value) else { return Ok(()) };
        self.subject.set_billing_mode(&workspace, Some(set.mode.as_str())).await?;
        Ok(())
    }

    pub(crate) async fn restart(&mut self, restart: &Restart) -> Result<(), Stop> {
        let Some(workspace) = self.row_of(&restart.workspace.value) else { return Ok(()) };
        let before = self.provisionings(&workspace).await?;
        self.subject.restart(Entry::Restart, &restart.workspace.value, &workspace).await?;
        self.begun(&workspace, before).await
    }

    fn row_of(&self, member: &str) -> Option<String> {
        self.rows_of(&Who::Member(member.to_owned())).pop().map(|(_, workspace)| workspace)
    }

    /// Looks at a row until its status is as wanted; the last row, or `None` where the time was up.
    async fn settled(
        &mut self,
        member: &str,
        workspace: &str,
        is_wanted: impl Fn(Status) -> bool,
    ) -> Result<Option<Row>, Stop> {
        let began = Instant::now();
        loop {
            let seen = self.subject.look(workspace).await?;
            self.probes.note(member, &seen);
            let status = seen.row.as_ref().and_then(|row| Status::from_wire(&row.status));
            if status.is_some_and(&is_wanted) {
                return Ok(seen.row);
            }
            if began.elapsed() >= self.scaled(SETTLES_WITHIN) {
                return Ok(None);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// How often a row began to provision so far.
    async fn provisionings(&mut self, workspace: &str) -> Result<usize, Stop> {
        let seen = self.subject.events(workspace).await?;
        Ok(seen.events.iter().filter(|event| event.is(EventName::WorkspaceProvisioning)).count())
    }

    /// Waits until a row began to provision once more: what follows looks only at what the act caused.
    async fn begun(&mut self, workspace: &str, before: usize) -> Result<(), Stop> {
        let began = Instant::now();
        while self.provisionings(workspace).await? <= before && began.elapsed() < self.scaled(BEGINS_WITHIN) {
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    /// The same, and asks the agents of which the contract says whether they answer.
    pub(crate) async fn await_outcome(&mut self, step: usize) -> Result<(), Stop> {
        self.await_end().await?;
        self.probes.settle().await?;
        if self.subject.is_adopted() {
            return Ok(());
        }
        let due = self.recorder.look(|seen| judge::questions_due(&self.trial(), step, Facts::all(seen)));
        for (member, workspace) in due {
            self.subject.stored_model(&workspace).await?;
            self.subject.ask(&workspace, Some(&member), AskReason::Step(step)).await;
        }
        Ok(())
    }

    /// Looks until every attempt of the last act is settled, then a little longer, and reads the reason everywhere.
    pub(crate) async fn await_end(&mut self) -> Result<(), Stop> {
        const WATCH: Duration = Duration::from_millis(200);
        let began = Instant::now();
        let mut settled_at = None;
        loop {
            self.look_at_team().await?;
            let is_settled = self.recorder.look(|seen| {
                let facts = Facts::all(seen);
                facts.team().iter().all(|(_, workspace)| {
                    let status = facts.row(workspace).and_then(|(_, row)| Status::from_wire(&row.status));
                    status.is_some_and(Status::is_settled)
                })
            });
            if is_settled && settled_at.is_none() {
                settled_at = Some(Instant::now());
            }
            let is_watched = settled_at.is_some_and(|at: Instant| at.elapsed() >= WATCH);
            if is_watched || began.elapsed() >= self.scaled(SETTLES_WITHIN) {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        let made = self.recorder.look(|seen| {
            Facts::all(seen).rows_made().into_iter().map(|(_, workspace)| workspace).collect::<Vec<_>>()
        });
        for workspace in made {
            self.subject.read(&workspace).await?;
            self.subject.events(&workspace).await?;
        }
        self.subject.list().await?;
        Ok(())
    }
}
