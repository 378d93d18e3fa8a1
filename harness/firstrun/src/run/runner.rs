//! Plays a plan's journeys side by side.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use futures::StreamExt;
use futures::stream;
use journal::{JOURNAL_FORMAT, Journal, JourneyId, Judged, Opened, PlannedJourney, Recorder};
use scenario::Scenario;
use stack::{PrepareFailed, RunningStack, StackSettings};
use tokio::task::JoinSet;
use world::{JourneySettings, JourneyWorld, TenantHost, World, WorldError, WorldSettings};

use super::{RunFolder, RunOptions, play_at_once};
use crate::load::Loaded;
use crate::play::{Assignment, StackHost, play};
use crate::progress::Progress;

/// A stack and a world, ready to play journeys.
pub struct Runner {
    loaded: Arc<Loaded>,
    options: RunOptions,
    /// The stack of ours; another platform is stopped by whoever brought it.
    stack: Option<Arc<RunningStack>>,
    world: Arc<World>,
}

/// Why nothing can be played.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The stack can't be prepared.
    #[error(transparent)]
    Stack(#[from] PrepareFailed),
    /// The world can't be started.
    #[error(transparent)]
    World(#[from] WorldError),
}

impl StartError {
    /// What to do about it, where we know.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Stack(failed) => failed.hint.as_deref(),
            Self::World(_) => None,
        }
    }
}

/// What came of one journey.
#[derive(Debug)]
pub struct RunResult {
    /// The journey's record.
    pub journal: Journal,
    /// Why the record is not complete, if it is not.
    pub record_failure: Option<String>,
    /// What our own code said when it panicked, if it did.
    pub bug: Option<String>,
}

impl Runner {
    /// Prepares the stack and starts the world around it.
    ///
    /// # Errors
    /// Where the stack lacks something, or the world can't listen.
    pub async fn start(loaded: Arc<Loaded>, mut options: RunOptions) -> Result<Self, StartError> {
        // Whatever was asked for: on a tenant that all journeys share, two of them would see each other.
        options.jobs = options.stack.at_once(options.jobs);
        let settings = StackSettings {
            contract: loaded.platform_contract.clone(),
            contract_name: loaded.platform_contract_text.name.clone(),
            registry_name: loaded.registry_text.name.clone(),
            registry: loaded.registry.clone(),
            defects: options.defects.clone(),
            time_scale: options.time_factor,
        };
        let stack = Arc::new(RunningStack::prepare(options.stack.file.clone(), settings).await?);
        if !stack.swept().is_nothing() {
            eprintln!("ended first, as dead runs left it: {}", stack.swept());
        }
        let address = stack.world_address();
        let world = match world(&loaded, &options, address, Arc::new(StackHost(stack.clone()))).await {
            Ok(world) => world,
            Err(error) => {
                stack.stop().await;
                return Err(error.into());
            }
        };
        Ok(Self { loaded, options, stack: Some(stack), world })
    }

    /// Starts the world around a platform that somebody else stands up. Each tenant is shut down with its journey.
    ///
    /// # Errors
    /// Where the world can't listen.
    pub async fn start_with(
        loaded: Arc<Loaded>,
        options: RunOptions,
        tenants: Arc<dyn TenantHost>,
    ) -> Result<Self, WorldError> {
        let world = world(&loaded, &options, Ipv4Addr::LOCALHOST.into(), tenants).await?;
        Ok(Self { loaded, options, stack: None, world })
    }

    /// Lets somebody in who plays no journey.
    pub(crate) fn enter(&self, settings: JourneySettings) -> JourneyWorld {
        self.world.enter(settings)
    }

    /// How many journeys it plays side by side.
    pub(crate) fn jobs(&self) -> usize {
        self.options.jobs
    }

    /// Plays journeys, as many at once as the options say. Each journal is written where `folder` says, or kept in
    /// memory. The results come in the order of the plan.
    pub async fn play_all(
        &self,
        scenarios: &HashMap<String, Arc<Scenario>>,
        journeys: &[PlannedJourney],
        folder: Option<&RunFolder>,
        progress: &Progress,
    ) -> Vec<RunResult> {
        let jobs = play_at_once(self.options.jobs, journeys.len());
        let plays = journeys.iter().filter_map(|planned| {
            let scenario = scenarios.get(&planned.scenario)?.clone();
            Some(async move {
                let result = self.play_one(scenario, planned, folder).await;
                progress.ended(planned, &result);
                result
            })
        });
        stream::iter(plays).buffered(jobs).collect().await
    }

    /// Plays one journey in a task of its own, so that a panic of ours ends this journey alone.
    pub async fn play_one(
        &self,
        scenario: Arc<Scenario>,
        planned: &PlannedJourney,
        folder: Option<&RunFolder>,
    ) -> RunResult {
        let opened = Opened { format: JOURNAL_FORMAT, journey: planned.id.clone(), seed: planned.seed };
        let recorder = match folder.map(|folder| Recorder::create(&folder.journal_path(&planned.id), &opened))
        {
            None => Recorder::in_memory(),
            Some(Ok(recorder)) => recorder,
            Some(Err(error)) => return unrecorded(opened, &error.to_string()),
        };
        let assignment = Assignment {
            scenario,
            planned: planned.clone(),
            loaded: self.loaded.clone(),
            timeout: self.options.journey_timeout.mul_f64(self.options.time_factor),
            time_factor: self.options.time_factor,
        };
        let (world, writer) = (self.world.clone(), recorder.clone());
        // Dropped with this future when the run is interrupted, which ends the task.
        let mut task = JoinSet::new();
        task.spawn(async move { play(&assignment, &world, &writer).await });
        let (judged, bug) = match task.join_next().await {
            Some(Ok(judged)) => (Some(judged), None),
            Some(Err(error)) => (None, Some(error.to_string())),
            None => (None, None),
        };
        let journal = Journal { opened, observations: recorder.observations(), judged };
        RunResult { journal, record_failure: recorder.failure(), bug }
    }

    /// Stops the tenants that are left and the world, and removes what cut-off journeys left on a tenant that goes on.
    /// Answers the calls that no journey could be told of ([`World::strays`]), and rows that could not be removed.
    pub async fn stop(self) -> Vec<String> {
        let mut left = None;
        if let Some(stack) = self.stack {
            match stack.clear().await {
                Ok(0) => {}
                Ok(rows) => eprintln!("removed at the end, as no journey did: {rows} rows of this run"),
                Err(why) => left = Some(format!("failed to {why}")),
            }
            stack.stop().await;
        }
        let mut strays = self.world.strays();
        strays.extend(left);
        if let Ok(world) = Arc::try_unwrap(self.world) {
            world.stop().await;
        }
        strays
    }
}

impl RunResult {
    /// The journey.
    pub fn journey(&self) -> &JourneyId {
        &self.journal.opened.journey
    }

    /// The verdict, or that there is none.
    pub fn judged(&self) -> Judged {
        let cut = || Judged::broken(self.bug.clone().unwrap_or_else(|| "the journey was cut off".to_owned()));
        self.journal.judged.clone().unwrap_or_else(cut)
    }
}

async fn world(
    loaded: &Loaded,
    options: &RunOptions,
    address: IpAddr,
    tenants: Arc<dyn TenantHost>,
) -> Result<Arc<World>, WorldError> {
    let settings = WorldSettings {
        registry: loaded.registry.clone(),
        defects: options.defects.clone(),
        address,
        time_factor: options.time_factor,
    };
    World::start(settings, tenants).await.map(Arc::new)
}

fn unrecorded(opened: Opened, why: &str) -> RunResult {
    let judged = Some(Judged::broken(format!("the journal can't be written: {why}")));
    let journal = Journal { opened, observations: Vec::new(), judged };
    RunResult { journal, record_failure: Some(why.to_owned()), bug: None }
}
