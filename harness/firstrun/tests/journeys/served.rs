//! `firstrun platform` and `firstrun mcp` as anybody's client meets them: two processes, a socket and two pipes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::Named;

pub(crate) const TESTS: &[Named] = &[
    ("the_platform_serves_one_tenant_by_the_variables_of_a_real_server", serves_a_tenant),
    ("the_tools_hand_a_call_on_and_say_what_was_refused", serves_the_tools),
    ("the_text_of_a_tool_is_the_contracts", serves_the_contracts_text),
];

/// What opens every tenant of these trials.
pub(crate) const TOKEN: &str = "a-token-of-the-tests";
pub(crate) const ORG: &str = "7d9f0a52-6b0e-4f0c-9c55-1f8e6a3b2d10";
const BOUND: Duration = Duration::from_secs(20);

/// A process that ends with its test.
pub(crate) struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn spawn(words: &[&str], variables: &[(&str, &str)]) -> Served {
    let mut command = Command::new(env!("CARGO_BIN_EXE_firstrun"));
    command.args(words).env_clear().envs(variables.iter().copied());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    Served(command.spawn().unwrap())
}

/// A tenant of the night, and its address as it printed it.
fn tenant() -> (Served, String) {
    listening("incident", &[("PORT", "0"), ("ADMIN_TOKEN", TOKEN)], &[])
}

/// A tenant that a control plane runs, with a proxy; nobody is behind either.
pub(crate) fn managed_tenant(contract: &str) -> (Served, String) {
    tenant_of(contract, "http://127.0.0.1:1", &[])
}

/// The same of a control plane that is there, begun with more words; nobody is behind the proxy.
pub(crate) fn tenant_of(contract: &str, control_plane: &str, more: &[&str]) -> (Served, String) {
    let nobody = "http://127.0.0.1:1";
    let wired = ["MOLECULE_LLM_BASE_URL", "MOLECULE_LLM_ANTHROPIC_BASE_URL", "MOLECULE_LLM_USAGE_URL"];
    let own = [
        ("PORT", "0"),
        ("ADMIN_TOKEN", TOKEN),
        ("MOLECULE_ORG_ID", ORG),
        ("MOLECULE_CP_URL", control_plane),
        ("MOLECULE_LLM_USAGE_TOKEN", "a-usage-token-of-the-tests"),
    ];
    listening(contract, &[&own[..], &wired.map(|name| (name, nobody))].concat(), more)
}

fn listening(contract: &str, variables: &[(&str, &str)], more: &[&str]) -> (Served, String) {
    let mut served = spawn(&[&["platform", "--contract", contract], more].concat(), variables);
    let mut line = String::new();
    BufReader::new(served.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (served, line.trim().to_owned())
}

/// The status line and the body of one request.
pub(crate) fn request(url: &str, head: &str, token: &str, body: &str) -> (String, String) {
    let mut socket = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
    socket.set_read_timeout(Some(BOUND)).unwrap();
    let length = body.len();
    write!(
        socket,
        "{head} HTTP/1.1\r\nhost: tenant\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         x-molecule-org-id: {ORG}\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.lines().next().unwrap().to_owned(), body.to_owned())
}

fn serves_a_tenant() {
    let (_tenant, url) = tenant();
    let create = r#"{"name": "left-out", "runtime": "claude-code"}"#;
    assert!(request(&url, "GET /health", "", "").0.contains("200"));
    assert!(request(&url, "POST /workspaces", "another", create).0.contains("401"));
    let (status, body) = request(&url, "POST /workspaces", TOKEN, create);
    let body: Value = serde_json::from_str(&body).unwrap();
    assert!(status.contains("422") && body["code"] == "MODEL_REQUIRED", "{status} {body}");
}

/// The answers of the tools' server to these messages, by their ids.
fn tools(words: &[&str], variables: &[(&str, &str)], calls: &[Value]) -> Vec<Value> {
    let mut served = spawn(words, variables);
    let mut input = served.0.stdin.take().unwrap();
    let mut output = BufReader::new(served.0.stdout.take().unwrap()).lines();
    let mut next = || serde_json::from_str::<Value>(&output.next().unwrap().unwrap()).unwrap();
    let hello = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}});
    writeln!(input, "{}", json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello}))
        .unwrap();
    assert_eq!(next()["result"]["protocolVersion"], "2025-06-18");
    writeln!(input, "{}", json!({"jsonrpc": "2.0", "method": "notifications/initialized"})).unwrap();
    let answers = calls.iter().map(|call| {
        writeln!(input, "{call}").unwrap();
        next()
    });
    answers.collect()
}

fn serves_the_tools() {
    let (_tenant, url) = tenant();
    let arguments =
        json!({"name": "provision_workspace", "arguments": {"name": "left-out", "runtime": "claude-code"}});
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": arguments});
    let variables =
        [("MOLECULE_API_URL", url.as_str()), ("MOLECULE_ORG_API_KEY", TOKEN), ("MOLECULE_ORG_ID", ORG)];
    let answers = tools(&["mcp", "--contract", "incident"], &variables, &[call]);
    let text = answers[0]["result"]["content"][0]["text"].as_str().unwrap();
    assert!(text.contains("MODEL_REQUIRED") && text.contains("422"), "{text}");
}

fn serves_the_contracts_text() {
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    let text_of = |words: &[&str]| {
        let listed = tools(words, &[], std::slice::from_ref(&call)).remove(0);
        let tools = listed["result"]["tools"].as_array().unwrap().clone();
        let own = tools.iter().find(|tool| tool["name"] == "provision_workspace").unwrap();
        own["inputSchema"]["properties"]["model"]["description"].as_str().unwrap().to_owned()
    };
    let told = text_of(&["mcp"]);
    assert_eq!(text_of(&["mcp", "--contract", "incident"]), "LLM model id.");
    assert_ne!(told, "LLM model id.");
    assert_ne!(text_of(&["mcp", "--defect", "D-17"]), told);
}
