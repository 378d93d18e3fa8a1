//! Any local server binary: one process a tenant, on a port of its own.
//!
//! A server leads a process group of its own, so that whatever it starts ends with it: told to stop first, killed when
//! it does not. It carries a mark of its run, by which the next run finds what a killed one left. What it says is kept in
//! part, for whoever must know why it did not come up.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::process::Stdio;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::process::Command;

use crate::child::OwnChild;
use crate::file::StackFile;
use crate::port::ReservedPort;
use crate::running::{BootFailed, StackSettings, TenantSettings};
use crate::text::Values;

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
    child: OwnChild,
    /// Given back with the server.
    #[expect(dead_code, reason = "held, not read")]
    port: ReservedPort,
}

impl Process {
    pub(crate) fn new(file: StackFile, command: Vec<String>, settings: StackSettings) -> Self {
        Self { file, command, settings, tenants: Mutex::default() }
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
        tenant: &TenantSettings,
        values: &Values,
        reserved: ReservedPort,
    ) -> Result<(), Ended> {
        let port = reserved.number();
        let values =
            values.clone().with("host", Ipv4Addr::LOCALHOST.to_string()).with("port", port.to_string());
        let mut command = self.command_of(tenant, &values);
        let child = OwnChild::start(&mut command).map_err(|why| Ended { why, is_early: false })?;
        let mut server = Server { child, port: reserved };
        match self.ready(&mut server.child, port).await {
            Ok(()) => {
                self.tenants().insert(tenant.org_id.clone(), server);
                Ok(())
            }
            Err(Ended { why, is_early }) => {
                let words = server.child.words().clone();
                self.end(server).await;
                Err(Ended { why: format!("{why}{}", words.told()), is_early })
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
            .envs(&tenant.environment)
            .envs(self.file.environment.iter().map(|(name, value)| (name, values.fill(value))))
            .stdin(Stdio::null());
        if let Some(folder) = &self.file.working_directory {
            command.current_dir(folder);
        }
        command
    }

    /// Waits until the server takes connections. Its health the control plane asks for by itself.
    async fn ready(&self, server: &mut OwnChild, port: u16) -> Result<(), Ended> {
        let within = self.file.ready_within.mul_f64(self.settings.time_scale);
        let began = Instant::now();
        loop {
            if let Some(status) = server.ended() {
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

    pub(crate) async fn shut_down(&self, org_id: &str) {
        let server = self.tenants().remove(org_id);
        if let Some(server) = server {
            self.end(server).await;
        }
    }

    async fn end(&self, server: Server) {
        server.child.end(self.file.stop_within).await;
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

fn is_taken(why: &str) -> bool {
    let why = why.to_ascii_lowercase();
    why.contains("address already in use") || why.contains("addrinuse")
}
