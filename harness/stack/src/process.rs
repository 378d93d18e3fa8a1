//! Any local server binary: one process a tenant, on a port of its own.
//!
//! A server leads a process group of its own, so that whatever it starts ends with it: told to stop first, killed when
//! it does not. It carries a mark of its run, by which the next run finds what a killed one left. What it says is kept in
//! part, for whoever must know why it did not come up.

use std::net::Ipv4Addr;
use std::process::Stdio;

use journal::ServerWords;
use tokio::process::Command;

use crate::child::OwnChild;
use crate::file::StackFile;
use crate::fleet::Fleet;
use crate::port::ReservedPort;
use crate::ready::{NotReady, Readiness};
use crate::running::{BootFailed, StackSettings, TenantSettings};
use crate::text::Values;
use crate::words::Words;

/// How often a server is started on another port where its own was taken. The last time nobody keeps the port for it.
const TRIES: usize = 3;

/// Servers of one stack.
pub(crate) struct Process {
    file: StackFile,
    command: Vec<String>,
    settings: StackSettings,
    tenants: Fleet<Server>,
}

/// One running server.
struct Server {
    child: OwnChild,
    /// Given back with the server.
    #[expect(dead_code, reason = "held, not read")]
    port: ReservedPort,
}

impl Process {
    pub(crate) fn new(file: StackFile, command: Vec<String>, settings: StackSettings) -> Self {
        Self { file, command, settings, tenants: Fleet::default() }
    }

    pub(crate) async fn boot(&self, tenant: &TenantSettings, values: Values) -> Result<String, BootFailed> {
        let mut last = String::new();
        for tried in 1..=TRIES {
            let reserved =
                ReservedPort::take().map_err(|error| BootFailed(format!("find a free port: {error}")))?;
            let reserved = if tried == TRIES { reserved.let_go() } else { reserved };
            let port = reserved.number();
            match self.start(tenant, &values, reserved).await {
                Ok(()) => return Ok(format!("http://{}:{port}", Ipv4Addr::LOCALHOST)),
                Err(NotReady { why, is_early }) => {
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
        tenant: &TenantSettings,
        values: &Values,
        reserved: ReservedPort,
    ) -> Result<(), NotReady> {
        let port = reserved.number();
        let values =
            values.clone().with("host", Ipv4Addr::LOCALHOST.to_string()).with("port", port.to_string());
        let mut command = self.command_of(tenant, &values);
        let words = Words::without_secrets_of(self.environment_of(tenant, &values));
        let child = OwnChild::start(&mut command, words.clone()).map_err(NotReady::not_started)?;
        let mut server = Server { child, port: reserved };
        let url = format!("http://{}:{port}", Ipv4Addr::LOCALHOST);
        let within = self.file.ready_within.mul_f64(self.settings.time_scale);
        let readiness = Readiness { url: &url, path: &self.file.ready_path, within };
        match readiness.wait(&mut server.child).await {
            Ok(()) => {
                if let Some(earlier) = self.tenants.add(&tenant.org_id, server) {
                    self.end(earlier).await;
                }
                Ok(())
            }
            Err(not_ready) => {
                self.end(server).await;
                words.heard_out().await;
                Err(not_ready.with(&words))
            }
        }
    }

    /// A server with the tenant's environment, the file's, and nothing of this process's own.
    fn command_of(&self, tenant: &TenantSettings, values: &Values) -> Command {
        let mut words = self.command.iter().map(|word| values.fill(word));
        let mut command = Command::new(words.next().unwrap_or_default());
        command
            .args(words)
            .args(self.settings.defect_arguments())
            .env_clear()
            .envs(self.environment_of(tenant, values))
            .stdin(Stdio::null());
        if let Some(folder) = &self.file.working_directory {
            command.current_dir(folder);
        }
        command
    }

    /// What the tenant's server is told, the file's own words last.
    fn environment_of(
        &self,
        tenant: &TenantSettings,
        values: &Values,
    ) -> impl Iterator<Item = (String, String)> {
        let own = self.file.environment.iter().map(|(name, value)| (name.clone(), values.fill(value)));
        tenant.environment.clone().into_iter().chain(own.collect::<Vec<_>>())
    }

    /// What a running server said last, and how it ended where it ended by itself.
    pub(crate) async fn server_words(&self, org_id: &str) -> Option<ServerWords> {
        let look = |server: &Server| (server.child.status(), server.child.words().clone());
        let (ended, words) = self.tenants.look(org_id, look)?;
        Some(words.told_whole(ended).await)
    }

    pub(crate) async fn shut_down(&self, org_id: &str) {
        if let Some(server) = self.tenants.take(org_id) {
            self.end(server).await;
        }
    }

    async fn end(&self, server: Server) {
        server.child.end(self.file.stop_within).await;
    }

    pub(crate) async fn stop(&self) -> usize {
        let left = self.tenants.take_all();
        let count = left.len();
        for server in left {
            self.end(server).await;
        }
        count
    }
}

fn is_taken(why: &str) -> bool {
    let why = why.to_ascii_lowercase();
    why.contains("address already in use") || why.contains("addrinuse")
}
