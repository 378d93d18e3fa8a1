//! Bad platforms: a journey on one ends in time, with a reason, and leaves nothing behind; it never passes.

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use firstrun::{RunOptions, RunResult, Runner};
use futures::FutureExt;
use futures::future::{BoxFuture, join_all};
use journal::Verdict;
use stack::{RunningStack, StackSettings, TenantSettings};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use world::{HostError, TenantBoot, TenantHost};

use crate::Named;
use crate::played::{Played, loaded, planned};

#[path = "faults/bad_tenant.rs"]
mod bad_tenant;

use bad_tenant::{BadTenant, Fault, Plan, Point, TOO_MUCH_BYTES};

pub(crate) const TESTS: &[Named] = &[
    ("a_platform_that_does_nothing_wrong_passes_through_the_proxy", a_good_platform_passes),
    ("a_platform_that_dies_breaks_the_journey", a_platform_that_dies_breaks_the_journey),
    ("a_platform_that_hangs_breaks_the_journey_in_time", a_platform_that_hangs_breaks_the_journey),
    ("a_platform_that_talks_html_breaks_the_journey", a_platform_that_talks_html_breaks_the_journey),
    ("an_answer_without_end_is_cut_and_breaks_the_journey", an_answer_without_end_is_cut),
    ("a_platform_that_resets_breaks_the_journey", a_platform_that_resets_breaks_the_journey),
    ("a_platform_that_says_500_breaks_the_journey", a_platform_that_says_500_breaks_the_journey),
    ("a_bad_answer_to_the_users_turn_alone_is_a_finding", a_bad_answer_to_the_turn_alone_is_a_finding),
    ("a_call_that_belongs_to_no_journey_is_told_at_the_end", a_call_of_nobody_is_told_at_the_end),
];

/// Waits for what never comes are cut short: nothing in these journeys takes that long by itself.
const TIME_FACTOR: f64 = 0.15;

/// 9 s for the journey, 3 s for its teardown, 3 s to leave, and what a busy machine adds.
const ENDS_WITHIN: Duration = Duration::from_secs(25);

/// Connections and the tasks behind them end this long after their runner.
const TIDY_WITHIN: Duration = Duration::from_secs(10);

/// The reference platform's tenants share one client in a process; the task that looks after its idle connections
/// lives in the runtime that first used it.
const SHARED_TASKS: usize = 1;

/// What the sockets of this machine may hold beyond what was read.
const MAX_TAKEN_BYTES: usize = TOO_MUCH_BYTES / 4;

/// Stands a bad tenant before each one of the real stack.
struct BadHost {
    plan: Plan,
    stack: RunningStack,
    calls_for_nobody: bool,
    running: Mutex<BTreeMap<String, JoinHandle<()>>>,
    world: Mutex<Vec<SocketAddr>>,
    booted: AtomicUsize,
    taken_bytes: Arc<AtomicUsize>,
}

impl BadHost {
    fn new(plan: Plan) -> Self {
        let loaded = loaded();
        let settings = StackSettings {
            contract_name: loaded.platform_contract_text.name.clone(),
            registry_name: loaded.registry_text.name.clone(),
            contract: loaded.platform_contract.clone(),
            registry: loaded.registry.clone(),
            defects: contract::DefectSet::default(),
            time_scale: TIME_FACTOR,
        };
        Self {
            plan,
            // Nothing of an embedded stack can be waited for, nor fail.
            stack: RunningStack::prepare(firstrun::ChosenStack::embedded().file, settings)
                .now_or_never()
                .unwrap()
                .unwrap(),
            calls_for_nobody: false,
            running: Mutex::default(),
            world: Mutex::default(),
            booted: AtomicUsize::new(0),
            taken_bytes: Arc::default(),
        }
    }

    /// Everybody reaches the tenant through the proxy, boxes and tools too.
    async fn boot_bad(&self, mut boot: TenantBoot) -> Result<String, HostError> {
        let failed = |error: &dyn std::error::Error| HostError(error.to_string());
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|error| failed(&error))?;
        let url = format!("http://{}", listener.local_addr().map_err(|error| failed(&error))?);
        let listeners =
            ["MOLECULE_CP_URL", "CP_PROVISION_URL", "MOLECULE_LLM_BASE_URL", "MOLECULE_LLM_USAGE_URL"];
        let addresses = listeners.iter().filter_map(|name| address_in(boot.environment.get(*name)?));
        self.world.lock().unwrap().extend(addresses);
        if self.calls_for_nobody {
            let address = self.world.lock().unwrap()[0];
            call_for_nobody(address).await;
        }
        boot.environment.insert("PLATFORM_URL".into(), url.clone());
        let tenant = TenantSettings {
            org_id: boot.org_id.clone(),
            environment: boot.environment,
            box_base: boot.box_base,
        };
        let good = self.stack.boot(tenant).await.map_err(|error| failed(&error))?;
        let good = address_in(&good).unwrap();
        let bad = Arc::new(BadTenant::new(self.plan, good, self.taken_bytes.clone()));
        let serving = tokio::spawn(bad.serve(listener));
        self.booted.fetch_add(1, Ordering::SeqCst);
        self.running.lock().unwrap().insert(boot.org_id, serving);
        Ok(url)
    }
}

impl TenantHost for BadHost {
    fn boot<'a>(&'a self, boot: TenantBoot) -> BoxFuture<'a, Result<String, HostError>> {
        self.boot_bad(boot).boxed()
    }

    fn shut_down<'a>(&'a self, org_id: &'a str) -> BoxFuture<'a, ()> {
        async move {
            if let Some(serving) = self.running.lock().unwrap().remove(org_id) {
                serving.abort();
            }
            self.stack.shut_down(org_id).await;
        }
        .boxed()
    }

    fn open_tools<'a>(
        &'a self,
        environment: &'a BTreeMap<String, String>,
    ) -> BoxFuture<'a, Result<DuplexStream, HostError>> {
        let tools = self.stack.open_tools(environment);
        async move { tools.map_err(|error| HostError(error.to_string())) }.boxed()
    }
}

/// Host and port of a URL.
fn address_in(url: &str) -> Option<SocketAddr> {
    url.strip_prefix("http://")?.split('/').next()?.parse().ok()
}

async fn call_for_nobody(address: SocketAddr) {
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let call =
        "POST /cp/no/such/route HTTP/1.1\r\nhost: world\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    stream.write_all(call.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 501"), "{answer}");
}

fn first_team() -> Played {
    let is_team = |(_, journey): &Played| journey.scenario == "first_run/build_me_a_team";
    planned(&loaded(), 1).into_iter().find(is_team).unwrap()
}

/// What is left of a journey on a bad platform.
struct Ended {
    result: RunResult,
    strays: Vec<String>,
    taken_bytes: usize,
}

/// Plays the first team's journey on this platform and proves that nothing of it is left.
async fn play(host: BadHost) -> Ended {
    let host = Arc::new(host);
    let options = RunOptions { time_factor: TIME_FACTOR, ..RunOptions::default() };
    let runner = Runner::start_with(loaded(), options, host.clone()).await.unwrap();
    let (scenario, planned) = first_team();
    let began = Instant::now();
    let result = runner.play_one(scenario, &planned, None).await;
    let strays = runner.stop().await;
    let plan = host.plan;
    assert!(began.elapsed() < ENDS_WITHIN, "{plan:?}: {:?}", began.elapsed());
    assert!(host.booted.load(Ordering::SeqCst) > 0, "{plan:?}: no tenant was booted");
    assert!(host.running.lock().unwrap().is_empty(), "{plan:?}: a tenant was not shut down");
    assert_eq!(host.stack.stop().await, 0, "{plan:?}: the stack has tenants left");
    let addresses = host.world.lock().unwrap().clone();
    assert!(!addresses.is_empty());
    for address in addresses {
        let refused = TcpStream::connect_timeout(&address, Duration::from_secs(1)).map(drop);
        assert!(refused.is_err(), "{plan:?}: the world listens on {address}");
    }
    assert_eq!(result.bug, None, "{plan:?}");
    Ended { result, strays, taken_bytes: host.taken_bytes.load(Ordering::SeqCst) }
}

/// Plays one journey for each plan side by side; no task may be left of them.
fn play_each(plans: &[Plan]) -> Vec<Ended> {
    let runtime = Runtime::new().unwrap();
    let ended =
        runtime.block_on(async { join_all(plans.iter().map(|plan| play(BadHost::new(*plan)))).await });
    nothing_runs(&runtime);
    ended
}

fn nothing_runs(runtime: &Runtime) {
    let began = Instant::now();
    while runtime.metrics().num_alive_tasks() > SHARED_TASKS {
        let count = runtime.metrics().num_alive_tasks();
        assert!(began.elapsed() < TIDY_WITHIN, "{count} tasks are left");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// From each point on, the fault breaks the journey with a reason that names the route and holds the words.
fn breaks_from_each_point_on(fault: Fault, words: &str) -> Vec<Ended> {
    let points = [
        (Point::Boot, if fault == Fault::SaysHtml { "GET /workspaces/" } else { "GET /health" }),
        (Point::Turn, "GET /workspaces"),
        (Point::Wait, "GET /workspaces/"),
        (Point::Teardown, "tear down: "),
    ];
    let plans = points.map(|(point, _)| Plan { fault, point, once: false });
    let ended = play_each(&plans);
    for ((point, route), ended) in points.iter().zip(&ended) {
        let judged = ended.result.judged();
        let reason = judged.reason.clone().unwrap_or_default();
        assert_eq!(judged.verdict, Verdict::Broken, "{point:?}: {judged:#?}");
        assert!(reason.contains(route) && reason.contains(words), "{point:?}: {reason}");
        assert_eq!(ended.strays, Vec::<String>::new(), "{point:?}");
    }
    ended
}

fn a_good_platform_passes() {
    let ended = play_each(&[Plan { fault: Fault::Dies, point: Point::Never, once: false }]);
    let judged = ended[0].result.judged();
    assert_eq!(judged.verdict, Verdict::Passed, "{judged:#?}");
    assert_eq!(ended[0].strays, Vec::<String>::new());
}

fn a_platform_that_dies_breaks_the_journey() {
    breaks_from_each_point_on(Fault::Dies, "no answer: ");
}

fn a_platform_that_hangs_breaks_the_journey() {
    breaks_from_each_point_on(Fault::Hangs, "no answer within ");
}

fn a_platform_that_talks_html_breaks_the_journey() {
    breaks_from_each_point_on(Fault::SaysHtml, "<html>");
}

fn an_answer_without_end_is_cut() {
    for ended in breaks_from_each_point_on(Fault::SaysTooMuch, "body longer than 1048576 bytes") {
        assert!((1..MAX_TAKEN_BYTES).contains(&ended.taken_bytes), "{} bytes were taken", ended.taken_bytes);
    }
}

fn a_platform_that_resets_breaks_the_journey() {
    breaks_from_each_point_on(Fault::Resets, "no answer: ");
}

fn a_platform_that_says_500_breaks_the_journey() {
    breaks_from_each_point_on(Fault::SaysServerError, "status 500: the disk is full");
}

/// The platform is well otherwise, so what it said to its user is the broken promise.
fn a_bad_answer_to_the_turn_alone_is_a_finding() {
    let faults = [
        (Fault::Hangs, "no answer within "),
        (Fault::SaysHtml, "<html>"),
        (Fault::SaysTooMuch, "body longer than 1048576 bytes"),
        (Fault::Resets, "no answer: "),
        (Fault::SaysServerError, "the disk is full"),
    ];
    let plans = faults.map(|(fault, _)| Plan { fault, point: Point::Turn, once: true });
    for ((fault, words), ended) in faults.iter().zip(play_each(&plans)) {
        let judged = ended.result.judged();
        assert_eq!(judged.verdict, Verdict::Failed, "{fault:?}: {judged:#?}");
        let is_told = judged.findings.iter().any(|finding| finding.seen.contains(words));
        assert!(is_told, "{fault:?}: {:#?}", judged.findings);
    }
}

fn a_call_of_nobody_is_told_at_the_end() {
    let plan = Plan { fault: Fault::Dies, point: Point::Never, once: false };
    let host = BadHost { calls_for_nobody: true, ..BadHost::new(plan) };
    let runtime = Runtime::new().unwrap();
    let ended = runtime.block_on(play(host));
    nothing_runs(&runtime);
    assert!(!ended.strays.is_empty());
    for stray in &ended.strays {
        assert!(stray.contains("POST /cp/no/such/route, to the control plane"), "{stray}");
    }
}
