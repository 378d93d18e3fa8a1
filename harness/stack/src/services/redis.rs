//! A Redis, of which each tenant gets a number where the server is ours.

use std::collections::HashMap;
use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr};
use std::process::Stdio;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use percent_encoding::percent_decode_str;
use rustix::process::Signal;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::Command;
use url::Url;

use super::installed::program;
use super::own::{Installed, OwnService, await_answer};
use crate::child::OwnChild;
use crate::containers::{ServiceContainer, Started};
use crate::file::ServiceSource;
use crate::network::Network;
use crate::place::OwnFolder;
use crate::port::ReservedPort;
use crate::text::Values;
use crate::words::Words;

/// The bound on one exchange, and on the length of an answer.
const CALL_WITHIN: Duration = Duration::from_secs(5);
const MAX_ANSWER_BYTES: u64 = 4096;

/// Where a container finds its settings.
const SETTINGS_FILE: &str = "/firstrun/redis.conf";

/// The port that a server listens on by itself.
const DEFAULT_PORT: u16 = 6379;

/// The numbers of a server of ours; more tenants than these share them.
const NUMBERS: usize = 4096;

/// A server that tenants use.
pub(crate) struct Redis {
    url: Url,
    own: Mutex<Option<OwnService>>,
    numbers: Mutex<Numbers>,
}

/// Which numbers are taken.
#[derive(Default)]
struct Numbers {
    by_org: HashMap<String, usize>,
    given_back: Vec<usize>,
    next: usize,
}

impl Redis {
    pub(crate) async fn start(
        source: &ServiceSource,
        values: &Values,
        (network, within): (Option<&Network>, Duration),
    ) -> Result<Self, String> {
        let (url, mut own) = match source {
            ServiceSource::Started => {
                let (url, own) = start_own().await?;
                (url, Some(own))
            }
            ServiceSource::Url(url) => (read_url(&values.fill(url))?, None),
            ServiceSource::Image(image) => {
                let (url, own) = start_image(&values.fill(image), network).await?;
                (url, Some(own))
            }
        };
        await_answer("redis", own.as_mut(), within, async || order(&url, &["PING"]).await).await?;
        Ok(Self { url, own: Mutex::new(own), numbers: Mutex::default() })
    }

    /// The address for a tenant.
    pub(crate) fn open(&self, org_id: &str) -> String {
        let mut url = self.url.clone();
        if self.is_ours() {
            let number = self.numbers().take(org_id);
            url.set_path(&number.to_string());
        }
        url.into()
    }

    /// Empties a tenant's number. What it left in a shared server stays: nobody else can tell whose it is.
    pub(crate) async fn close(&self, org_id: &str) {
        let number = self.numbers().by_org.remove(org_id);
        if let Some(number) = number {
            // A number that could not be emptied is not given to anybody again.
            if order(&self.url, &[&format!("SELECT {number}"), "FLUSHDB"]).await.is_ok() {
                self.numbers().given_back.push(number);
            }
        }
    }

    pub(crate) async fn stop(&self) {
        let own = self.own.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(own) = own {
            own.stop(Signal::TERM).await;
        }
    }

    fn is_ours(&self) -> bool {
        self.own.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// The numbers are whole whatever thread panicked.
    fn numbers(&self) -> MutexGuard<'_, Numbers> {
        self.numbers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Numbers {
    fn take(&mut self, org_id: &str) -> usize {
        let number = self.given_back.pop().unwrap_or_else(|| {
            self.next += 1;
            (self.next - 1) % NUMBERS
        });
        self.by_org.insert(org_id.to_owned(), number);
        number
    }
}

fn read_url(typed: &str) -> Result<Url, String> {
    let url = Url::parse(typed).ok().filter(|url| matches!(url.scheme(), "redis" | "rediss"));
    url.ok_or_else(|| {
        "the address of redis is none; write `redis://user:password@host:port/number`".to_owned()
    })
}

/// Gives commands one after the other, each of which must be answered with a simple yes. One that speaks TLS is believed.
async fn order(url: &Url, commands: &[&str]) -> Result<(), String> {
    if url.scheme() == "rediss" {
        return Ok(());
    }
    let (host, port) = (url.host_str().unwrap_or("localhost"), url.port().unwrap_or(DEFAULT_PORT));
    let failed = |why: String| format!("ask redis at {host}:{port}: {why}");
    let exchange = async {
        let mut stream = BufReader::new(TcpStream::connect((host, port)).await?);
        let mut text = String::new();
        if let Some(password) = url.password() {
            let password = percent_decode_str(password).decode_utf8_lossy();
            let _ = write!(text, "AUTH {} {password}\r\n", or_default(url.username()));
        }
        commands.iter().for_each(|command| text.push_str(&format!("{command}\r\n")));
        stream.write_all(text.as_bytes()).await?;
        for _ in text.lines() {
            let mut answer = String::new();
            (&mut stream).take(MAX_ANSWER_BYTES).read_line(&mut answer).await?;
            if !answer.starts_with('+') {
                let said = answer.trim().trim_start_matches('-');
                let said = if said.is_empty() { "no answer" } else { said };
                return Err(std::io::Error::other(said.to_owned()));
            }
        }
        Ok(())
    };
    match tokio::time::timeout(CALL_WITHIN, exchange).await {
        Ok(done) => done.map_err(|error| failed(error.to_string())),
        Err(_) => Err(failed(format!("no answer within {CALL_WITHIN:?}"))),
    }
}

fn or_default(user: &str) -> &str {
    if user.is_empty() { "default" } else { user }
}

/// A server that keeps nothing, on a port of loopback. Its settings go in by its input, where nobody sees the password.
async fn start_own() -> Result<(Url, OwnService), String> {
    let missing = "redis-server is not installed; install Redis, or name a running one by `url`";
    let server = program("redis-server").ok_or(missing)?;
    let folder = OwnFolder::create("redis").map_err(|error| format!("make a folder for redis: {error}"))?;
    let port = ReservedPort::take().map_err(|error| format!("find a free port: {error}"))?;
    let password = uuid::Uuid::new_v4().simple().to_string();
    let settings = format!(
        "bind {host}\nport {port}\nrequirepass {password}\ndatabases {NUMBERS}\nsave \"\"\nappendonly no\ndir {folder}\n\
         daemonize no\nset-proc-title no\n",
        host = Ipv4Addr::LOCALHOST,
        port = port.number(),
        folder = folder.path().display(),
    );
    let mut command = Command::new(server);
    command.arg("-").env_clear().current_dir(folder.path()).stdin(Stdio::piped());
    let mut child = OwnChild::start(&mut command, Words::default())?;
    if let Some(mut input) = child.take_input() {
        input
            .write_all(settings.as_bytes())
            .await
            .map_err(|error| format!("tell redis its settings: {error}"))?;
    }
    let url = own_url(&password, Ipv4Addr::LOCALHOST.into(), port.number());
    Ok((read_url(&url)?, OwnService::Installed(Box::new(Installed { child, folder, port }))))
}

/// A server in a container, reached where the run's network meets this machine.
async fn start_image(image: &str, network: Option<&Network>) -> Result<(Url, OwnService), String> {
    let network = network.ok_or("no network for the container of redis")?;
    let password = uuid::Uuid::new_v4().simple().to_string();
    // In a file, since anybody on this machine can read the words of a command.
    let settings = format!("requirepass {password}\ndatabases {NUMBERS}\nsave \"\"\nappendonly no\n");
    let started = Started {
        image,
        inner_port: DEFAULT_PORT,
        arguments: &["redis-server", SETTINGS_FILE],
        variables: &[],
        files: &[(SETTINGS_FILE, settings.as_str())],
    };
    let container = ServiceContainer::start(started, network).await?;
    let url = own_url(&password, network.gateway, container.port());
    Ok((read_url(&url)?, OwnService::Container(Box::new(container))))
}

fn own_url(password: &str, host: IpAddr, port: u16) -> String {
    format!("redis://:{password}@{host}:{port}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_given_again_when_they_are_back() {
        let mut numbers = Numbers::default();
        assert_eq!((numbers.take("a"), numbers.take("b")), (0, 1));
        let back = numbers.by_org.remove("a").unwrap();
        numbers.given_back.push(back);
        assert_eq!((numbers.take("c"), numbers.take("d")), (0, 2));
    }

    #[tokio::test]
    async fn a_redis_that_refuses_is_told_with_its_place_and_without_its_password() {
        let port = ReservedPort::take().unwrap();
        let url = format!("redis://:hidden@127.0.0.1:{}/0", port.number());
        let (source, values) = (ServiceSource::Url(url), Values::default());
        let why = Redis::start(&source, &values, (None, Duration::from_secs(1))).await.err().unwrap();
        assert!(why.contains(&format!("ask redis at 127.0.0.1:{}", port.number())), "{why}");
        assert!(why.contains("refused") && !why.contains("hidden"), "{why}");
    }
}
