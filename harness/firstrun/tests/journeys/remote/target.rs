//! A tenant that runs already: the reference platform as a process of its own, with a control plane that stands in for
//! its owner's. Its boxes register and do nothing else.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::{Value, json};

use crate::served::{ORG, Served, TOKEN, request, tenant_of};

/// The concierge that its owner installed.
const CONCIERGE: &str = "5d0e3f0a-6f0c-5a39-9a53-0d1a8f3c7b21";

/// A tenant that is there before a run and after it.
pub(crate) struct Target {
    #[expect(dead_code, reason = "ends with the trial")]
    served: Served,
    pub(crate) url: String,
}

impl Target {
    /// A tenant with a concierge and nobody else.
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// The same of a platform that is begun with more words.
    pub(crate) fn with(words: &[&str]) -> Self {
        let (served, url) = tenant_of("as-designed", &serve(run_boxes), words);
        let target = Self { served, url };
        let body = json!({ "id": CONCIERGE, "name": "Concierge" });
        let (status, body) = target.ask("POST /admin/org/platform-agent", &body.to_string());
        assert!(status.contains("200"), "{status} {body}");
        target
    }

    /// The address of one before it that says yes to every delete and does none.
    pub(crate) fn that_keeps_every_row(&self) -> String {
        let url = self.url.clone();
        serve(move |mut asked| match asked.method.as_str() {
            "DELETE" => asked.answer("200 OK", r#"{"status":"removed","cascade_deleted":0}"#),
            _ => asked.forward(&url),
        })
    }

    /// The address of one before it that refuses everybody, and says back what it was shown.
    pub(crate) fn that_says_back_what_it_is_shown(&self) -> String {
        let url = self.url.clone();
        serve(move |mut asked| match asked.path.as_str() {
            "/health" => asked.forward(&url),
            _ => {
                let shown = asked.headers.join(" ").replace('"', "");
                asked.answer("401 Unauthorized", &json!({ "error": shown }).to_string());
            }
        })
    }

    /// A row of somebody else.
    pub(crate) fn add(&self, name: &str) {
        let body = json!({ "name": name, "runtime": "claude-code", "model": "moonshot/kimi-k2.6" });
        let (status, body) = self.ask("POST /workspaces", &body.to_string());
        assert!(status.contains("201"), "{status} {body}");
    }

    /// Id and name of every row, sorted.
    pub(crate) fn rows(&self) -> Vec<(String, String)> {
        let (status, body) = self.ask("GET /workspaces", "");
        assert!(status.contains("200"), "{status} {body}");
        let rows: Vec<Value> = serde_json::from_str(&body).unwrap();
        let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
        let mut rows: Vec<_> = rows.iter().map(|row| (text(row, "id"), text(row, "name"))).collect();
        rows.sort();
        rows
    }

    /// The names of the rows that runs made.
    pub(crate) fn made(&self) -> Vec<String> {
        let names = self.rows().into_iter().map(|(_, name)| name);
        names.filter(|name| name.starts_with("firstrun-")).collect()
    }

    /// What a run is told of it.
    pub(crate) fn variables(&self) -> [(&'static str, String); 3] {
        [
            ("FIRSTRUN_REMOTE_URL", self.url.clone()),
            ("FIRSTRUN_REMOTE_ORG_ID", ORG.to_owned()),
            ("FIRSTRUN_REMOTE_ADMIN_TOKEN", TOKEN.to_owned()),
        ]
    }

    fn ask(&self, head: &str, body: &str) -> (String, String) {
        request(&self.url, head, TOKEN, body)
    }
}

/// A server of ours for each call that comes; its address.
fn serve(answer: impl Fn(Asked) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || listener.incoming().for_each(|call| answer(Asked::read(call.unwrap()))));
    address
}

/// A request as it came.
struct Asked {
    call: TcpStream,
    method: String,
    path: String,
    headers: Vec<String>,
    body: Vec<u8>,
}

impl Asked {
    fn read(call: TcpStream) -> Self {
        let mut reader = BufReader::new(call.try_clone().unwrap());
        let mut line = || {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            line.trim().to_owned()
        };
        let first = line();
        let headers: Vec<String> =
            std::iter::from_fn(|| Some(line()).filter(|line| !line.is_empty())).collect();
        let length = headers.iter().find_map(|header| {
            header.to_lowercase().strip_prefix("content-length:").map(|length| length.trim().parse().unwrap())
        });
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).unwrap();
        let mut words = first.split(' ').map(str::to_owned);
        let (method, path) = (words.next().unwrap(), words.next().unwrap_or_default());
        Self { call, method, path, headers, body }
    }

    fn answer(&mut self, status: &str, body: &str) {
        let length = body.len();
        // Whoever asked may be gone.
        let _ = write!(
            self.call,
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
             connection: close\r\n\r\n{body}"
        );
    }

    /// Hands it on, and the answer back.
    fn forward(mut self, url: &str) {
        let mut tenant = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
        let kept = self.headers.iter().filter(|header| !header.to_lowercase().starts_with("connection:"));
        let headers: String = kept.map(|header| format!("{header}\r\n")).collect();
        let (method, path) = (&self.method, &self.path);
        write!(tenant, "{method} {path} HTTP/1.1\r\n{headers}connection: close\r\n\r\n").unwrap();
        tenant.write_all(&self.body).unwrap();
        let mut answer = Vec::new();
        tenant.read_to_end(&mut answer).unwrap();
        let _ = self.call.write_all(&answer);
    }
}

/// One call of the tenant to its control plane. A box that is asked for registers once it was promised.
fn run_boxes(mut asked: Asked) {
    let body: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
    let workspace = body["workspace_id"].as_str().unwrap_or_default().to_owned();
    match (asked.method.as_str(), asked.path.as_str()) {
        ("POST", "/cp/workspaces/provision") => {
            let promised = json!({ "instance_id": format!("i-{workspace}"), "state": "running" });
            asked.answer("201 Created", &promised.to_string());
            let tenant = body["platform_url"].as_str().unwrap().to_owned();
            std::thread::spawn(move || register(&tenant, &workspace));
        }
        ("GET", path) if path.contains("/status") => asked.answer("200 OK", r#"{"state":"running"}"#),
        ("DELETE", _) => asked.answer("200 OK", "{}"),
        _ => asked.answer("404 Not Found", "{}"),
    }
}

/// A row that was deleted meanwhile takes no register, which is nothing to a box that is never asked anything.
fn register(tenant: &str, workspace: &str) {
    let card = json!({ "name": "a stand-in", "url": "http://localhost:9" });
    let body = json!({ "id": workspace, "url": "http://localhost:9", "agent_card": card });
    request(tenant, "POST /registry/register", "", &body.to_string());
}
