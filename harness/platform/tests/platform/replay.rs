//! The recorded journeys, played again: the client's and the boxes' requests are sent as recorded, and every answer and
//! every call of the tenant's own is compared (fixtures/golden/README.md; what is tolerated stands in `golden.rs`).
//!
//! The order of one sender's lines is kept. A line of another sender waits until the ids in it are known.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use contract::DefectId;
use platform::{RunningPlatform, Settings};
use reqwest::Method;
use serde_json::{Value, json};

use crate::boots::variables;
use crate::golden::{
    self, BOX_VARIABLES, CONCIERGE_FILES, CONTRACTS, ENDS_EARLY, EVENTS_ORDER, HEADS_VALUES, JOURNEYS,
    MISSING_FIELDS, PEERS_ORDER, RECONCILER, REGISTER_RACE, SECOND_DELETE, SERVER_MODE, Tolerated,
    UNASKED_MESSAGES, UNMADE_CALLS,
};
use crate::matching::Bindings;
use crate::org::{ADMIN, ORG_ID, USAGE, contract_named, registry_of, send, settings};
use crate::stage::{self, Call, Ledger};

const WAIT: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(5);

#[tokio::test]
async fn every_recorded_journey_goes_as_recorded() {
    let played = |contract: &str, journey: &str| CONTRACTS.contains(&contract) && journey != SERVER_MODE;
    assert_as_recorded(played, &[]).await;
}

#[tokio::test]
async fn every_recorded_journey_of_head_goes_as_recorded_or_is_listed_as_not_modelled() {
    assert_as_recorded(|contract, _| contract == "head", &[]).await;
}

#[tokio::test]
async fn the_servers_own_billing_mode_decides_where_the_recording_shows_it_and_nowhere_else() {
    let variables = [("MOLECULE_LLM_BILLING_MODE", "platform_managed")];
    assert_as_recorded(|_, journey| journey == SERVER_MODE, &variables).await;
}

/// Plays the journeys that are wanted.
async fn assert_as_recorded(wanted: impl Fn(&str, &str) -> bool, variables: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (contract, journey, _, compared) in JOURNEYS.into_iter().filter(|it| wanted(it.0, it.1)) {
        wrong.extend(replayed(contract, journey, compared, variables).await);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The lines of a recorded journey.
fn lines_of(contract: &str, journey: &str) -> Vec<Value> {
    let (_, _, recorded, _) =
        JOURNEYS.into_iter().find(|(its, name, ..)| (*its, *name) == (contract, journey)).unwrap();
    golden::lines(&format!("transcripts/{contract}/{journey}.jsonl"), recorded)
}

/// What of a journey went otherwise than recorded.
async fn replayed(
    contract: &'static str,
    journey: &str,
    at_least: usize,
    variables: &[(&str, &str)],
) -> Vec<String> {
    let mut player = Player::new(contract, &[], variables).await;
    player.play(lines_of(contract, journey), journey).await;
    println!("{contract} {journey}: {} lines compared, {} wrong", player.compared, player.wrong.len());
    player.tenant.stop().await;
    if player.compared < at_least {
        player.wrong.push(format!("end: only {} lines compared, not {at_least}", player.compared));
    }
    player.wrong.into_iter().map(|it| format!("{contract} {journey} {it}")).collect()
}

#[tokio::test]
async fn a_broken_promise_turns_a_replay_red() {
    for (contract, journey, defect, says) in [
        ("create-gate", "incident", DefectId::D02, "status 201 instead of 422"),
        ("incident", "incident", DefectId::D05, "says nothing"),
        ("incident", "recovery-mode", DefectId::D53, "GET /events/"),
        ("create-gate", "byok-atomic", DefectId::D35, "status 400 instead of 201"),
        ("create-gate", "byok-global", DefectId::D31, "ANTHROPIC_API_KEY"),
        ("incident", "auth", DefectId::D13, "parent_id"),
    ] {
        // What a defect keeps from happening is not waited for.
        let lines =
            lines_of(contract, journey).into_iter().filter(|line| line["note"].is_null()).take(18).collect();
        let mut player = Player::new(contract, &[defect], &[]).await;
        player.play(lines, journey).await;
        assert!(player.wrong.iter().any(|it| it.contains(says)), "{contract} {journey}: {:?}", player.wrong);
        player.tenant.stop().await;
    }
}

/// One journey under way.
struct Player {
    tenant: RunningPlatform,
    contract: &'static str,
    client: reqwest::Client,
    bindings: Bindings,
    control_plane: Arc<Ledger>,
    boxes: Arc<Ledger>,
    /// Lines of boxes and of the tenant whose ids are not known yet.
    waiting: Vec<Value>,
    /// Messages to boxes that a client's line is to cause.
    owed: Vec<Value>,
    /// Workspaces whose first register was to lose, with the answer that it got.
    raced: HashMap<String, Value>,
    /// Boxes that were deleted.
    deleted: HashSet<String>,
    compared: usize,
    wrong: Vec<String>,
}

impl Player {
    async fn new(contract: &'static str, defects: &[DefectId], given: &[(&str, &str)]) -> Self {
        let control_plane = Arc::new(Ledger::default());
        let port = stage::control_plane(&control_plane).await;
        let promises = contract_named(contract);
        let mut variables = variables(port);
        variables.extend(given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let tenant = RunningPlatform::start(Settings {
            registry: registry_of(&promises),
            contract: promises,
            time_scale: 1.0,
            defects: defects.iter().copied().collect(),
            ..settings(variables)
        })
        .await
        .unwrap();
        let is_head = contract == "head";
        let mut bindings = if is_head { Bindings::lacking(&MISSING_FIELDS) } else { Bindings::default() };
        let tenant_port = tenant.url().rsplit(':').next().unwrap().to_owned();
        let upper = ORG_ID.to_uppercase();
        for (name, value) in [
            ("ORG_ID", ORG_ID),
            ("ORG_ID_UPPER", &upper),
            ("ADMIN_TOKEN", ADMIN),
            ("USAGE_TOKEN", USAGE),
            ("PORT:tenant", &tenant_port),
            ("PORT:cp", &port.to_string()),
        ] {
            bindings.bind(name, value);
        }
        Self {
            tenant,
            contract,
            client: reqwest::Client::new(),
            bindings,
            control_plane,
            boxes: Arc::new(Ledger::default()),
            waiting: Vec::new(),
            owed: Vec::new(),
            raced: HashMap::new(),
            deleted: HashSet::new(),
            compared: 0,
            wrong: Vec::new(),
        }
    }

    async fn play(&mut self, lines: Vec<Value>, journey: &str) {
        let lines = registered_before_it_shows(lines);
        for (place, line) in lines.iter().enumerate() {
            if let Some(note) = line["note"].as_str() {
                self.poll(note, &lines[place..]).await;
                continue;
            }
            match line["dir"].as_str().unwrap() {
                "client->tenant" => {
                    self.ask(line).await;
                    self.pay().await;
                    self.catch_up().await;
                }
                "tenant->box" if UNASKED_MESSAGES.is_in(&line.to_string()) => {}
                "tenant->box" => self.owed.push(line.clone()),
                "tenant->cp" if RECONCILER.is_in(line["path"].as_str().unwrap()) => {}
                "tenant->cp" if UNMADE_CALLS.is_in(line["path"].as_str().unwrap()) => {}
                "tenant->cp" if is_caused_by_the_next_request(&lines[place..]) => {
                    self.waiting.push(line.clone());
                }
                _ => {
                    self.waiting.push(line.clone());
                    self.catch_up().await;
                }
            }
        }
        for line in std::mem::take(&mut self.waiting) {
            self.wrong.push(format!("{}: its ids never came up", line["seq"]));
        }
        for line in std::mem::take(&mut self.owed) {
            self.wrong.push(format!("{}: no box got this message", line["seq"]));
        }
        if !ENDS_EARLY.names(journey) {
            let calls = self.control_plane.calls.lock().unwrap();
            let added = calls.iter().filter(|call| !call.matched);
            self.wrong.extend(added.map(|call| format!("end: {} {} is ours alone", call.method, call.path)));
        }
    }

    /// Plays the waiting lines whose ids are known by now, each sender's in order.
    async fn catch_up(&mut self) {
        for line in std::mem::take(&mut self.waiting) {
            let known = match line["dir"].as_str().unwrap() {
                "box->tenant" => {
                    self.bindings.knows(line["body"].to_string().split("\"url\"").next().unwrap())
                }
                _ => self.bindings.knows(&subject(&line)),
            };
            if !known {
                self.waiting.push(line);
            } else if line["dir"] == "box->tenant" {
                self.report(&line).await;
            } else {
                self.expect_call(&line).await;
            }
        }
    }

    /// Waits until the row that the next line reads has the status that was waited for.
    async fn poll(&mut self, note: &str, rest: &[Value]) {
        let Some(wanted) = note.strip_prefix("polled GET /workspaces/:id until ") else { return };
        let wanted = wanted.split(' ').next().unwrap();
        let next = rest.iter().find(|line| line["dir"] == "client->tenant").unwrap();
        let path = self.bindings.filled(next["path"].as_str().unwrap());
        for _ in 0..WAIT.as_millis() / POLL.as_millis() {
            let request = self.client.get(format!("{}{path}", self.tenant.url()));
            let (_, row) = send(request.header("x-molecule-org-id", ORG_ID)).await;
            if row["status"] == wanted {
                return;
            }
            tokio::time::sleep(POLL).await;
        }
        self.wrong.push(format!("before {}: not {wanted} in time", next["seq"]));
    }

    /// Sends a client's request and compares the answer.
    async fn ask(&mut self, line: &Value) {
        let request = self.request(line);
        let (status, answer) = send(request).await;
        self.compare(line, status.as_u16(), &answer);
    }

    fn request(&mut self, line: &Value) -> reqwest::RequestBuilder {
        let method: Method = line["method"].as_str().unwrap().parse().unwrap();
        let path = self.bindings.filled(line["path"].as_str().unwrap());
        let mut request = self.client.request(method, format!("{}{path}", self.tenant.url()));
        for (name, value) in line["headers"].as_object().unwrap() {
            request = request.header(name, self.bindings.filled(value.as_str().unwrap()));
        }
        if line["body"].is_null() {
            request
        } else {
            request.json(&self.bindings.filled_value(&line["body"]))
        }
    }

    fn compare(&mut self, line: &Value, status: u16, answer: &Value) {
        self.compared += 1;
        let (mut recorded, mut answer) = (line["response"].clone(), answer.clone());
        if self.contract == "head" {
            strip(&mut recorded, &HEADS_VALUES);
            strip(&mut answer, &HEADS_VALUES);
        }
        if PEERS_ORDER.is_in(line["path"].as_str().unwrap()) {
            for list in [&mut recorded, &mut answer] {
                list.as_array_mut().unwrap().sort_by_key(|peer| peer["name"].to_string());
            }
        }
        if EVENTS_ORDER.names(line["path"].as_str().unwrap()) {
            recorded = self.bindings.filled_value(&recorded);
            for list in [&mut recorded, &mut answer] {
                list.as_array_mut().unwrap().sort_by_key(|event| event["workspace_id"].to_string());
            }
        }
        let mut wrong = self.bindings.compare("answer", &recorded, &answer);
        if line["status"] != json!(status) {
            wrong.insert(0, format!("status {status} instead of {}", line["status"]));
        }
        let (method, path) = (line["method"].as_str().unwrap(), line["path"].as_str().unwrap());
        self.wrong.extend(wrong.into_iter().map(|it| format!("{} {method} {path}: {it}", line["seq"])));
    }

    /// A box's own request, once the control plane was asked for the box.
    async fn report(&mut self, line: &Value) {
        let body = line["body"].clone();
        let workspace =
            self.bindings.filled(body.get("id").or(body.get("workspace_id")).unwrap().as_str().unwrap());
        if let Some(url) = body["url"].as_str() {
            let name = url.split("PORT:").nth(1).unwrap().trim_end_matches('>').to_owned();
            if !self.bindings.knows(&format!("<PORT:{name}>")) {
                let port = stage::a_box(&self.boxes).await;
                self.bindings.bind(&format!("PORT:{name}"), &port.to_string());
            }
        }
        let bearer = line["headers"]["Authorization"].as_str();
        if bearer.is_some()
            && let Some(won) = self.raced.remove(&workspace)
        {
            // The retry of a register that did not lose here: what it would get is what the first one got.
            let name = bearer.unwrap().trim_start_matches("Bearer <").trim_end_matches('>');
            self.bindings.bind(name, won["auth_token"].as_str().unwrap());
            let secret = "platform_inbound_secret";
            let wrong = self.bindings.compare("answer", &line["response"][secret], &won[secret]);
            self.wrong.extend(wrong);
            return;
        }
        let (status, answer) = send(self.request(line)).await;
        let may_lose = self.contract == "incident" && REGISTER_RACE.names(line["path"].as_str().unwrap());
        if may_lose && line["status"] == 401 && bearer.is_none() && status == 200 {
            self.raced.insert(workspace, answer);
            return;
        }
        self.compare(line, status.as_u16(), &answer);
    }

    /// Waits for a call of the tenant's own to the control plane, and compares it.
    async fn expect_call(&mut self, line: &Value) {
        let method = line["method"].as_str().unwrap();
        let workspace = self.bindings.filled(&subject(line));
        let instance = line["path"].as_str().unwrap().split("instance_id=").nth(1);
        if method == "DELETE" && !self.deleted.insert(instance.unwrap().to_owned()) {
            assert!(SECOND_DELETE.is_in(&format!("DELETE {}", line["path"].as_str().unwrap())));
            return;
        }
        let fits = |call: &Call| {
            call.method == method
                && (call.path.contains(&workspace) || call.body["workspace_id"] == json!(workspace))
        };
        let mut found = None;
        for _ in 0..WAIT.as_millis() / POLL.as_millis() {
            found = self.control_plane.take(fits);
            if found.is_some() {
                break;
            }
            tokio::time::sleep(POLL).await;
        }
        let Some(call) = found else {
            self.wrong.push(format!("{}: {method} for {workspace} was never called", line["seq"]));
            return;
        };
        self.compared += 1;
        self.compare_call(line, call, instance);
    }

    fn compare_call(&mut self, line: &Value, mut call: Call, instance: Option<&str>) {
        let seq = &line["seq"];
        let token = &line["headers"]["X-Molecule-Admin-Token"];
        let mut wrong = self.bindings.compare("admin token", token, &call.admin_token);
        if let Some(instance) = instance {
            let path = line["path"].as_str().unwrap().replace(instance, &format!("<INSTANCE:{instance}>"));
            wrong.extend(self.bindings.compare("path", &json!(path), &json!(call.path)));
        } else {
            let started = call.body["__instance"].as_str().unwrap().to_owned();
            let name = format!("INSTANCE:{}", line["response"]["instance_id"].as_str().unwrap());
            self.bindings.bind(&name, &started);
            call.body.as_object_mut().unwrap().shift_remove("__instance");
            let mut recorded = line["body"].clone();
            for body in [&mut recorded, &mut call.body] {
                let is_concierges = body["kind"] == "platform";
                body["env"].as_object_mut().unwrap().retain(|name, _| !BOX_VARIABLES.names(name));
                body.as_object_mut()
                    .unwrap()
                    .retain(|name, _| !is_concierges || !CONCIERGE_FILES.names(name));
            }
            wrong.extend(self.bindings.compare("call", &recorded, &call.body));
        }
        self.wrong.extend(wrong.into_iter().map(|it| format!("{seq} to the control plane: {it}")));
    }

    /// Compares the messages to boxes that the last request was to cause.
    async fn pay(&mut self) {
        for line in std::mem::take(&mut self.owed) {
            let method = line["method"].as_str().unwrap();
            match self.boxes.take(|call| call.method == method) {
                Some(call) => {
                    self.compared += 1;
                    let wrong = self.bindings.compare("message", &line["body"], &call.body);
                    self.wrong.extend(wrong.into_iter().map(|it| format!("{} to a box: {it}", line["seq"])));
                }
                None => self.owed.push(line),
            }
        }
    }
}

/// Takes fields out of a value, however deep they stand.
fn strip(value: &mut Value, fields: &Tolerated) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| strip(item, fields)),
        Value::Object(named) => {
            named.retain(|name, _| !fields.names(name));
            named.values_mut().for_each(|item| strip(item, fields));
        }
        _ => {}
    }
}

/// The workspace that a call to the control plane is about, as its placeholder.
fn subject(line: &Value) -> String {
    match line["body"]["workspace_id"].as_str() {
        Some(id) => id.to_owned(),
        None => {
            let path = line["path"].as_str().unwrap();
            path.split("/cp/workspaces/").nth(1).unwrap().split(['?', '/']).next().unwrap().to_owned()
        }
    }
}

/// A register is recorded when it was answered; a read in between may have shown its effect already. Such a register
/// is put before the read.
fn registered_before_it_shows(lines: Vec<Value>) -> Vec<Value> {
    let mut ordered: Vec<Value> = Vec::new();
    for line in lines {
        let port = line["body"]["url"].as_str().filter(|_| line["dir"] == "box->tenant");
        let port = port.map(|url| url.split("localhost:").nth(1).unwrap_or_default().to_owned());
        let shown = port.and_then(|port| {
            ordered
                .iter()
                .position(|it| it["dir"] == "client->tenant" && it["response"].to_string().contains(&port))
        });
        match shown {
            Some(place) if line["status"] == 200 && line["headers"]["Authorization"].is_null() => {
                ordered.insert(place, line);
            }
            _ => ordered.push(line),
        }
    }
    ordered
}

/// A call of the tenant's own is recorded before the answer to the request that caused it: true where the next request
/// changes the workspace that the call is about, and no box of it reported in between.
fn is_caused_by_the_next_request(rest: &[Value]) -> bool {
    let workspace = subject(&rest[0]);
    let next = rest[1..].iter().find(|line| line["dir"] != "tenant->cp" && line["dir"] != "tenant->box");
    next.is_some_and(|next| {
        let changes_it =
            next.to_string().contains(&workspace) || next["path"].to_string().contains("confirm=true");
        next["dir"] == "client->tenant" && next["method"] != "GET" && changes_it
    })
}
