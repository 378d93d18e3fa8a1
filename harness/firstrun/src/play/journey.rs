//! One journey from sign-up to verdict.

use std::sync::Arc;
use std::time::{Duration, Instant};

use contract::PayerRule;
use journal::{Fact, Judged, PlannedJourney, Recorder, Streams, TenantRole, Trouble};
use judge::Trial;
use rand::RngExt;
use scenario::{Bindings, Scenario, server_default_model};
use world::{ClientError, JourneySettings, JourneyWorld, SignUpSettings, Tenant, World};

use super::probes::Probes;
use super::{steps, teardown};
use crate::load::Loaded;

/// The bound on deleting everything and proving it.
const TEARDOWN_WITHIN: Duration = Duration::from_secs(20);

/// What one journey plays, and with what.
#[derive(Clone)]
pub(crate) struct Assignment {
    pub(crate) scenario: Arc<Scenario>,
    pub(crate) planned: PlannedJourney,
    pub(crate) loaded: Arc<Loaded>,
    /// The bound on everything but teardown.
    pub(crate) timeout: Duration,
    /// Multiplies every wait.
    pub(crate) time_factor: f64,
}

/// A journey under way: what its steps and probes share.
pub(crate) struct Course<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) bindings: Bindings,
    pub(crate) loaded: &'a Loaded,
    pub(crate) streams: Streams,
    pub(crate) recorder: Recorder,
    pub(crate) subject: Tenant,
    pub(crate) bystander: Option<Tenant>,
    pub(crate) probes: Probes,
    pub(crate) time_factor: f64,
}

/// Something of ours or of the connection that ends a journey.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stop {
    /// The sign-up did not end with an online concierge. Its own text says that it is about the sign-up.
    #[error("{0}")]
    SignUp(#[from] world::SignUpError),
    /// The platform could not be asked.
    #[error("{0}")]
    Client(#[from] ClientError),
}

/// Plays a journey, tears it down whatever happened, judges it, and writes the verdict as the journal's last line.
pub(crate) async fn play(assignment: &Assignment, world: &World, recorder: &Recorder) -> Judged {
    let bindings = Bindings::new(assignment.planned.values.clone());
    let agent = &assignment.scenario.given.agent;
    let entered = world.enter(JourneySettings {
        recorder: recorder.clone(),
        streams: streams_of(assignment),
        persona: agent.persona(&bindings),
        would_type: agent.would_type.as_ref().and_then(|template| template.text(&bindings)),
    });
    let deadline = Instant::now() + assignment.timeout;
    match bounded(deadline, sign_up(assignment, &entered, recorder, &bindings)).await {
        Some(Ok(mut course)) => course_of_things(&mut course, deadline, assignment.timeout).await,
        Some(Err(stop)) => trouble(recorder, stop.to_string()),
        None => trouble(recorder, out_of_time(assignment.timeout, recorder)),
    }
    entered.record_servers().await;
    entered.leave().await;
    let trial = Trial {
        scenario: &assignment.scenario,
        bindings: &bindings,
        contract: &assignment.loaded.contract,
        oracle: &assignment.loaded.oracle,
    };
    let judged = judge::judge(&trial, &recorder.observations());
    recorder.judge(&judged);
    judged
}

/// Steps and probes up to the deadline; teardown always, with a bound of its own.
async fn course_of_things(course: &mut Course<'_>, deadline: Instant, timeout: Duration) {
    let played = bounded(deadline, async {
        steps::play_all(course).await?;
        course.probe_the_end().await
    });
    match played.await {
        Some(Ok(())) => {}
        Some(Err(stop)) => trouble(&course.recorder, stop.to_string()),
        None => trouble(&course.recorder, out_of_time(timeout, &course.recorder)),
    }
    let teardown_deadline = Instant::now() + course.scaled(TEARDOWN_WITHIN);
    match bounded(teardown_deadline, teardown::tear_down(course)).await {
        Some(Ok(())) => {}
        Some(Err(stop)) => trouble(&course.recorder, format!("tear down: {stop}")),
        None => trouble(&course.recorder, "tear down: it took too long".to_owned()),
    }
}

/// `None` where the deadline came first.
async fn bounded<T>(deadline: Instant, act: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout_at(deadline.into(), act).await.ok()
}

async fn sign_up<'a>(
    assignment: &'a Assignment,
    entered: &JourneyWorld,
    recorder: &Recorder,
    bindings: &Bindings,
) -> Result<Course<'a>, Stop> {
    let subject = entered.sign_up_with(TenantRole::Subject, sign_up_settings(assignment));
    let (subject, bystander) = if assignment.scenario.given.bystander {
        let bystander = entered.sign_up_with(TenantRole::Bystander, sign_up_settings(assignment));
        let (subject, bystander) = tokio::try_join!(subject, bystander)?;
        (subject, Some(bystander))
    } else {
        (subject.await?, None)
    };
    Ok(Course {
        scenario: &assignment.scenario,
        bindings: bindings.clone(),
        loaded: &assignment.loaded,
        streams: streams_of(assignment),
        recorder: recorder.clone(),
        probes: Probes::of(subject.clone()),
        subject,
        bystander,
        time_factor: assignment.time_factor,
    })
}

/// The billing mode of a server whose own mode has a say; without it that say is empty (incident §7).
const MANAGED_BILLING: &str = "platform_managed";

/// What the contract has a tenant's server told. A tenant of the night had a default model in its server's environment:
/// without it its concierge has no model at all (DESIGN §5).
pub(crate) fn told_by_contract(loaded: &Loaded, has_proxy: bool) -> SignUpSettings {
    let contract = &loaded.platform_contract;
    let is_managed = contract.payer.value == PayerRule::OverrideThenServerThenArm && has_proxy;
    SignUpSettings {
        default_model: server_default_model(&loaded.oracle, contract).map(str::to_owned),
        billing_mode: is_managed.then(|| MANAGED_BILLING.to_owned()),
        ..SignUpSettings::default()
    }
}

/// The world that the scenario is given.
fn sign_up_settings(assignment: &Assignment) -> SignUpSettings {
    let given = &assignment.scenario.given;
    let streams = streams_of(assignment);
    SignUpSettings {
        global_keys: given
            .keys
            .iter()
            .map(|key| {
                (key.name.clone(), key.value.clone().unwrap_or_else(|| key_value(&streams, &key.name)))
            })
            .collect(),
        proxy: match given.proxy {
            scenario::Proxy::Wired => world::Proxy::Wired,
            scenario::Proxy::Exhausted => world::Proxy::Exhausted,
            scenario::Proxy::Down => world::Proxy::Down,
            scenario::Proxy::None => world::Proxy::None,
        },
        deployment: match given.deployment {
            scenario::Deployment::Saas => world::Deployment::Saas,
            scenario::Deployment::SelfHosted => world::Deployment::SelfHosted,
        },
        ..told_by_contract(&assignment.loaded, given.proxy != scenario::Proxy::None)
    }
}

/// The value of a key, made from the seed.
pub(crate) fn key_value(streams: &Streams, name: &str) -> String {
    let mut generator = streams.below("key").named(name);
    format!("firstrun-key-{:016x}", generator.random::<u64>())
}

fn streams_of(assignment: &Assignment) -> Streams {
    let planned = &assignment.planned;
    Streams::of_journey(planned.seed, &planned.scenario, &planned.case)
}

fn trouble(recorder: &Recorder, what: String) {
    recorder.record(Fact::Trouble(Trouble { what }));
}

fn out_of_time(timeout: Duration, recorder: &Recorder) -> String {
    let last = recorder.look(|seen| seen.len());
    format!("the journey took longer than {} s; it had come to observation {last}", timeout.as_secs_f64())
}
