//! A Postgres of which each tenant gets a database.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::process::Signal;
use tokio::process::Command;
use tokio_postgres::{Client, NoTls};
use url::Url;

use super::installed::{User, ordinary_user, program, run_by};
use super::own::{Installed, OwnService, await_answer};
use crate::child::OwnChild;
use crate::containers::{ServiceContainer, Started};
use crate::file::ServiceSource;
use crate::network::Network;
use crate::orphans;
use crate::place::OwnFolder;
use crate::port::ReservedPort;
use crate::text::Values;
use crate::words::Words;

/// The bound on one command.
const CALL_WITHIN: Duration = Duration::from_secs(20);

/// What databases of ours are called.
const PREFIX: &str = "firstrun";

/// Nothing of a server of ours outlives the run, so nothing waits for a disk.
/// What it shares stands in its folder, so that it is gone with it even where the server is killed.
const SETTINGS: [&str; 5] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=500",
    "dynamic_shared_memory_type=mmap",
];

/// The port that a server listens on by itself.
const DEFAULT_PORT: u16 = 5432;

/// The superuser of a server of ours.
const USER: &str = "firstrun";

/// A server that can be asked for databases.
pub(crate) struct Postgres {
    /// Of the database that commands are given in.
    url: Url,
    own: Mutex<Option<OwnService>>,
    databases: Mutex<HashMap<String, String>>,
    made: AtomicU64,
}

impl Postgres {
    pub(crate) async fn start(
        source: &ServiceSource,
        values: &Values,
        (network, within): (Option<&Network>, Duration),
    ) -> Result<Self, String> {
        let (url, mut own) = match source {
            ServiceSource::Started => {
                let (url, own) = start_own(within).await?;
                (url, Some(own))
            }
            ServiceSource::Url(url) => (read_url(&values.fill(url))?, None),
            ServiceSource::Image(image) => {
                let (url, own) = start_image(&values.fill(image), network).await?;
                (url, Some(own))
            }
        };
        await_answer("postgres", own.as_mut(), within, async || connect(&url).await.map(drop)).await?;
        let postgres =
            Self { url, own: Mutex::new(own), databases: Mutex::default(), made: AtomicU64::default() };
        postgres.sweep().await?;
        Ok(postgres)
    }

    /// Makes a database and answers its address. It is as empty as the server's own `template0`.
    pub(crate) async fn open(&self, org_id: &str) -> Result<String, String> {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}_{number}", prefix_of(&orphans::mark().unwrap_or_default()));
        let command = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
        // Known before it is there: whoever calls off its making must find it to drop it.
        self.databases().insert(org_id.to_owned(), name.clone());
        self.order(&command).await.map_err(|why| format!("make a database: {why}"))?;
        let mut url = self.url.clone();
        url.set_path(&name);
        Ok(url.into())
    }

    /// Drops a tenant's database, whoever is still connected to it. One that can't be dropped is the next run's to sweep.
    pub(crate) async fn close(&self, org_id: &str) {
        let name = self.databases().remove(org_id);
        if let Some(name) = name {
            self.order(&drop_command(&name)).await.ok();
        }
    }

    pub(crate) async fn stop(&self) {
        let own = self.own.lock().unwrap_or_else(PoisonError::into_inner).take();
        let left: Vec<String> = self.databases().drain().map(|(_, name)| name).collect();
        match own {
            // The databases go with its folder. Its "fast shutdown" waits for nobody.
            Some(own) => own.stop(Signal::INT).await,
            None => {
                for name in left {
                    self.order(&drop_command(&name)).await.ok();
                }
            }
        }
    }

    /// Drops the databases of runs of this machine that are dead.
    async fn sweep(&self) -> Result<(), String> {
        let client = connect(&self.url).await?;
        let asked = client.query("SELECT datname FROM pg_database", &[]);
        let rows = bounded(asked).await.map_err(|why| format!("list the databases: {why}"))?;
        for name in rows.iter().map(|row| row.get::<_, String>(0)).filter(|name| is_left(name)) {
            self.order(&drop_command(&name)).await.ok();
        }
        Ok(())
    }

    async fn order(&self, command: &str) -> Result<(), String> {
        let client = connect(&self.url).await?;
        bounded(client.batch_execute(command)).await
    }

    /// The map is whole whatever thread panicked.
    fn databases(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.databases.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `firstrun_HOST_PID_START`: the host, since one server may serve the runs of many.
fn prefix_of(mark: &str) -> String {
    format!("{PREFIX}_{}_{}", orphans::host(), mark.replace('.', "_"))
}

/// A database of this machine's whose owner is gone.
fn is_left(name: &str) -> bool {
    let Some(rest) = name.strip_prefix(&prefix_of("")) else { return false };
    let mut parts = rest.split('_');
    let (Some(pid), Some(start)) = (parts.next(), parts.next()) else { return false };
    let mark = format!("{pid}.{start}");
    orphans::is_mark(&mark) && !orphans::is_alive(&mark)
}

/// The name is ours: letters, digits and low lines.
fn drop_command(name: &str) -> String {
    format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")
}

fn read_url(typed: &str) -> Result<Url, String> {
    let url = Url::parse(typed).ok().filter(|url| matches!(url.scheme(), "postgres" | "postgresql"));
    url.ok_or_else(|| {
        "the address of postgres is none; write `postgres://user:password@host:port/database`".to_owned()
    })
}

/// A connection, whose reader ends with it.
async fn connect(url: &Url) -> Result<Client, String> {
    let place = format!("{}:{}", url.host_str().unwrap_or("localhost"), url.port().unwrap_or(DEFAULT_PORT));
    let connected = bounded(tokio_postgres::connect(url.as_str(), NoTls)).await;
    let (client, connection) = connected.map_err(|why| format!("connect to postgres at {place}: {why}"))?;
    tokio::spawn(async move { connection.await.ok() });
    Ok(client)
}

/// A command within its bound, its error with the cause.
async fn bounded<T>(command: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Result<T, String> {
    match tokio::time::timeout(CALL_WITHIN, command).await {
        Ok(done) => done.map_err(|error| match (error.as_db_error(), std::error::Error::source(&error)) {
            (Some(said), _) => said.message().to_owned(),
            (None, Some(cause)) => cause.to_string(),
            (None, None) => error.to_string(),
        }),
        Err(_) => Err(format!("no answer within {CALL_WITHIN:?}")),
    }
}

/// A server in a folder of its own, on a port of loopback.
async fn start_own(within: Duration) -> Result<(Url, OwnService), String> {
    let missing =
        |name| format!("{name} is not installed; install PostgreSQL, or name a running one by `url`");
    let initdb = program("initdb").ok_or_else(|| missing("initdb"))?;
    let postgres = program("postgres").ok_or_else(|| missing("postgres"))?;
    let user = ordinary_user()?;
    let failed = |error: std::io::Error| format!("make a folder for postgres: {error}");
    let folder = OwnFolder::create("postgres").map_err(failed)?;
    let password = uuid::Uuid::new_v4().simple().to_string();
    let secret = folder.path().join("password");
    std::fs::write(&secret, &password).map_err(failed)?;
    give_to(&[folder.path(), &secret], user).map_err(failed)?;
    let data = folder.path().join("data");
    let mut command = Command::new(initdb);
    command
        .arg("--pgdata")
        .arg(&data)
        .args([
            "--username",
            USER,
            "--encoding",
            "UTF8",
            "--locale",
            "C",
            "--auth",
            "scram-sha-256",
            "--no-sync",
        ])
        .arg("--pwfile")
        .arg(&secret);
    run_here(&mut command, user, folder.path());
    OwnChild::start(&mut command, Words::default())?
        .done(within)
        .await
        .map_err(|why| format!("initdb {why}"))?;
    let port = ReservedPort::take().map_err(|error| format!("find a free port: {error}"))?;
    let mut command = Command::new(postgres);
    command.arg("-D").arg(&data).args(["-h", &Ipv4Addr::LOCALHOST.to_string()]);
    command.args(["-p", &port.number().to_string(), "-k", ""]);
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    run_here(&mut command, user, folder.path());
    let child = OwnChild::start(&mut command, Words::default())?;
    let url = own_url(&password, Ipv4Addr::LOCALHOST.into(), port.number());
    Ok((read_url(&url)?, OwnService::Installed(Box::new(Installed { child, folder, port }))))
}

/// A server in a container, reached where the run's network meets this machine.
async fn start_image(image: &str, network: Option<&Network>) -> Result<(Url, OwnService), String> {
    let network = network.ok_or("no network for the container of postgres")?;
    let password = uuid::Uuid::new_v4().simple().to_string();
    let variables = [("POSTGRES_USER", USER), ("POSTGRES_PASSWORD", password.as_str())];
    let settings: Vec<&str> = SETTINGS.iter().flat_map(|setting| ["-c", setting]).collect();
    let started =
        Started { image, inner_port: DEFAULT_PORT, arguments: &settings, variables: &variables, files: &[] };
    let container = ServiceContainer::start(started, network).await?;
    let url = own_url(&password, network.gateway, container.port());
    Ok((read_url(&url)?, OwnService::Container(Box::new(container))))
}

fn own_url(password: &str, host: IpAddr, port: u16) -> String {
    format!("postgres://{USER}:{password}@{host}:{port}/postgres?sslmode=disable")
}

fn run_here(command: &mut Command, user: Option<User>, folder: &std::path::Path) {
    command
        .env_clear()
        .env("LC_ALL", "C")
        .env("PATH", "/usr/bin:/bin")
        .current_dir(folder)
        .stdin(Stdio::null());
    run_by(command, user);
}

fn give_to(paths: &[&std::path::Path], user: Option<User>) -> std::io::Result<()> {
    let Some(user) = user else { return Ok(()) };
    paths.iter().try_for_each(|path| std::os::unix::fs::chown(path, Some(user.id), Some(user.group)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_of_a_dead_run_of_this_machine_is_left_and_no_other_is() {
        let Some(own) = orphans::mark() else { return };
        assert!(is_left(&format!("{}_3", prefix_of("4194399.77"))));
        assert!(!is_left(&format!("{}_3", prefix_of(&own))));
        for other in ["postgres", "firstrun", "firstrun_otherhost_4194399_77_3", "firstrun_x"] {
            assert!(!is_left(other), "{other}");
        }
    }

    #[test]
    fn what_is_no_address_of_a_postgres_is_refused_without_being_shown() {
        for typed in ["", "postgres", "mysql://u:secret@h/d"] {
            let why = read_url(typed).unwrap_err();
            assert!(why.contains("postgres://") && !why.contains("secret"), "{why}");
        }
        assert!(read_url("postgresql://u:p@h:1/d").is_ok());
    }

    #[tokio::test]
    async fn a_postgres_that_refuses_is_told_with_its_place_and_without_its_password() {
        let port = ReservedPort::take().unwrap();
        let url = format!("postgres://u:hidden@127.0.0.1:{}/d", port.number());
        let (source, values) = (ServiceSource::Url(url), Values::default());
        let why = Postgres::start(&source, &values, (None, Duration::from_secs(1))).await.err().unwrap();
        assert!(why.contains(&format!("connect to postgres at 127.0.0.1:{}", port.number())), "{why}");
        assert!(why.contains("refused") && !why.contains("hidden"), "{why}");
    }
}
