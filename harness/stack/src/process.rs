//! Any local server binary: one process a tenant, on a port of its own.
//!
//! A server leads a process group of its own, so that whatever it starts ends with it: told to stop first, killed when
//! it does not. It carries a mark of its run, by which the next run finds what a killed one left. One that ends before it
//! is told to is not fetched: it is only looked at, so that its id stays its own until everything that it left is ended.

use std::collections::{BTreeMap, HashMap};
use std::net::Ipv4Addr;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use journal::ServerWords;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use tokio::process::{Child, Command};

use crate::file::StackFile;
use crate::orphans;
use crate::port::ReservedPort;
use crate::running::{BootFailed, StackSettings};
use crate::text::Values;
use crate::words::Words;

/// How often a server is started on another port where its own was taken. The last time nobody keeps the port for it.
const TRIES: usize = 3;

/// The pause between two looks at a server that is not ready.
const PAUSE: Duration = Duration::from_millis(10);

/// Servers of one stack.
pub(crate) struct Process {
    file: StackFile,
    command: Vec<String>,
    settings: StackSettings,
    tenants: Mutex<HashMap<String, Server>>,
}

/// One running server.
struct Server {
    child: Child,
    group: Option<Pid>,
    words: Words,
    /// Given back with the server.
    #[expect(dead_code, reason = "held, not read")]
    port: ReservedPort,
}

impl Process {
    pub(crate) fn new(file: StackFile, command: Vec<String>, settings: StackSettings) -> Self {
        Self { file, command, settings, tenants: Mutex::default() }
    }

    pub(crate) async fn boot(
        &self,
        org_id: &str,
        environment: BTreeMap<String, String>,
    ) -> Result<String, BootFailed> {
        let mut last = String::new();
        for tried in 1..=TRIES {
            let reserved =
                ReservedPort::take().map_err(|error| BootFailed(format!("find a free port: {error}")))?;
            let reserved = if tried == TRIES { reserved.let_go() } else { reserved };
            let port = reserved.number();
            match self.start(org_id, &environment, reserved).await {
                Ok(()) => return Ok(format!("http://127.0.0.1:{port}")),
                Err(Ended { why, is_early }) => {
                    last = why;
                    if !is_early || !is_taken(&last) {
                        break;
                    }
                }
            }
        }
        Err(BootFailed(last))
    }

    async fn start(
        &self,
        org_id: &str,
        environment: &BTreeMap<String, String>,
        reserved: ReservedPort,
    ) -> Result<(), Ended> {
        let port = reserved.number();
        let values = self.values(environment, port);
        let mut server =
            self.spawn(environment, &values, reserved).map_err(|why| Ended { why, is_early: false })?;
        let own = self.file.environment.iter().map(|(name, value)| (name.clone(), values.fill(value)));
        server.words = Words::without_secrets_of(environment.clone().into_iter().chain(own));
        let words = server.words.clone();
        words.hear(server.child.stdout.take());
        words.hear(server.child.stderr.take());
        match self.ready(&mut server, port).await {
            Ok(()) => {
                self.tenants().insert(org_id.to_owned(), server);
                Ok(())
            }
            Err(Ended { why, is_early }) => {
                self.end(server).await;
                words.heard_out().await;
                Err(Ended { why: format!("{why}{}", words.told()), is_early })
            }
        }
    }

    fn values(&self, environment: &BTreeMap<String, String>, port: u16) -> Values {
        let program = std::env::current_exe().map(|path| path.display().to_string()).unwrap_or_default();
        let own = [
            ("firstrun", program),
            ("contract", self.settings.contract_name.clone()),
            ("registry", self.settings.registry_name.clone()),
            ("port", port.to_string()),
            ("time_factor", self.settings.time_scale.to_string()),
        ];
        Values::of(&own, environment)
    }

    /// Starts a server with the tenant's environment, the file's, and nothing of this process's own.
    fn spawn(
        &self,
        environment: &BTreeMap<String, String>,
        values: &Values,
        port: ReservedPort,
    ) -> Result<Server, String> {
        let mut words = self.command.iter().map(|word| values.fill(word));
        let program = words.next().unwrap_or_default();
        let own = self.file.environment.iter().map(|(name, value)| (name.clone(), values.fill(value)));
        let mut command = Command::new(&program);
        command
            .args(words)
            .args(self.settings.defects.iter().flat_map(|id| ["--defect".to_owned(), id.to_string()]))
            .env_clear()
            .envs(environment)
            .envs(own)
            .envs(orphans::mark().map(|mark| (orphans::OWNER, mark)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        if let Some(folder) = &self.file.working_directory {
            command.current_dir(folder);
        }
        let child = command.spawn().map_err(|error| format!("start {program}: {error}"))?;
        let group = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        Ok(Server { child, group, words: Words::default(), port })
    }

    /// Waits until the server takes connections. Its health the control plane asks for by itself.
    async fn ready(&self, server: &mut Server, port: u16) -> Result<(), Ended> {
        let within = self.file.ready_within.mul_f64(self.settings.time_scale);
        let began = Instant::now();
        loop {
            if let Ok(Some(status)) = server.child.try_wait() {
                return Err(Ended { why: format!("the server ended with {status}"), is_early: true });
            }
            if tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok() {
                return Ok(());
            }
            if began.elapsed() >= within {
                let why = format!("the server took no connection on port {port} within {within:?}");
                return Err(Ended { why, is_early: false });
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// What a running server said last, and how it ended where it ended by itself.
    pub(crate) async fn server_words(&self, org_id: &str) -> Option<ServerWords> {
        let (ended, words) = {
            let tenants = self.tenants();
            let server = tenants.get(org_id)?;
            (server.ended(), server.words.clone())
        };
        if ended.is_some() {
            words.heard_out().await;
        }
        let (lines, dropped) = words.last();
        Some(ServerWords { ended, lines, dropped })
    }

    pub(crate) async fn shut_down(&self, org_id: &str) {
        let server = self.tenants().remove(org_id);
        if let Some(server) = server {
            self.end(server).await;
        }
    }

    /// Told to stop, then killed; with everything that it started. What a server left that ended by itself has nobody
    /// who could stop it in order.
    async fn end(&self, mut server: Server) {
        let is_leaderless = server.ended().is_some();
        server.signal(if is_leaderless { Signal::KILL } else { Signal::TERM });
        if tokio::time::timeout(self.file.stop_within, server.child.wait()).await.is_err() {
            server.signal(Signal::KILL);
            server.child.wait().await.ok();
        }
    }

    pub(crate) async fn stop(&self) -> usize {
        let left: Vec<Server> = self.tenants().drain().map(|(_, server)| server).collect();
        let count = left.len();
        for server in left {
            self.end(server).await;
        }
        count
    }

    /// The map is whole whatever thread panicked.
    fn tenants(&self) -> MutexGuard<'_, HashMap<String, Server>> {
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why a server did not come up, and whether it ended by itself.
struct Ended {
    why: String,
    is_early: bool,
}

impl Server {
    /// How it ended, where it did. Its status is not fetched, so that no other process can have its id yet.
    fn ended(&self) -> Option<String> {
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        let seen = waitid(WaitId::Pid(self.group?), look).ok()??;
        let by_itself = seen.exit_status().map(|code| code << 8);
        by_itself.or_else(|| seen.terminating_signal()).map(|raw| ExitStatus::from_raw(raw).to_string())
    }

    /// A group that is gone needs no signal.
    fn signal(&self, signal: Signal) {
        if let Some(group) = self.group {
            kill_process_group(group, signal).ok();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.child.id().is_some() {
            self.signal(Signal::KILL);
        }
    }
}

fn is_taken(why: &str) -> bool {
    let why = why.to_ascii_lowercase();
    why.contains("address already in use") || why.contains("addrinuse")
}
