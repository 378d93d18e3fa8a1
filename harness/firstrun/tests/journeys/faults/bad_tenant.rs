//! A tenant that behaves well up to a point and badly from there on: a small proxy before one of the real stack.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What a bad tenant does to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is gone: nobody listens any more.
    Dies,
    /// It reads and says nothing.
    Hangs,
    /// It says 200 with a page for people.
    SaysHtml,
    /// It says 200 and never comes to an end of it.
    SaysTooMuch,
    /// It resets the connection.
    Resets,
    /// It says 500.
    SaysServerError,
}

/// When it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Point {
    /// It never does.
    Never,
    /// With the first look at its health.
    Boot,
    /// With the first message of the user.
    Turn,
    /// With the first look at a row after the user was answered.
    Wait,
    /// With the first delete.
    Teardown,
}

/// What goes wrong, when, and for how long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) fault: Fault,
    pub(crate) point: Point,
    /// Only the one request that it begins with.
    pub(crate) once: bool,
}

/// So much is sent of an answer without end, if somebody takes it.
pub(crate) const TOO_MUCH_BYTES: usize = 64 << 20;

const CHUNK_BYTES: usize = 64 << 10;
const MAX_HEAD_BYTES: usize = 64 << 10;
const HTML: &str = "<html><body>It works!</body></html>";

/// One tenant's proxy, as its connections share it.
pub(crate) struct BadTenant {
    plan: Plan,
    good: SocketAddr,
    has_begun: AtomicBool,
    is_answered: AtomicBool,
    /// The most that was taken of an answer without end.
    pub(crate) taken_bytes: Arc<AtomicUsize>,
}

impl BadTenant {
    pub(crate) fn new(plan: Plan, good: SocketAddr, taken_bytes: Arc<AtomicUsize>) -> Self {
        let (has_begun, is_answered) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { plan, good, has_begun, is_answered, taken_bytes }
    }

    /// Serves until it dies or is dropped; its connections end with it.
    pub(crate) async fn serve(self: Arc<Self>, listener: TcpListener) {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => {
                    let Ok((stream, _)) = accepted else { return };
                    let tenant = self.clone();
                    connections.spawn(async move { tenant.serve_one(stream).await });
                }
                Some(ended) = connections.join_next() => {
                    if matches!(ended, Ok(Some(Fault::Dies))) {
                        return;
                    }
                }
            }
        }
    }

    /// One request; every connection is for one. Answers the fault that was done to it.
    async fn serve_one(&self, mut stream: TcpStream) -> Option<Fault> {
        let (head, body) = read_request(&mut stream).await?;
        let line = head.lines().next().unwrap_or_default().to_owned();
        if self.is_bad(&line) {
            self.do_badly(stream).await;
            return Some(self.plan.fault);
        }
        let mut good = TcpStream::connect(self.good).await.ok()?;
        let rest = head.split_once("\r\n").map_or("", |(_, rest)| rest);
        good.write_all(format!("{line}\r\nconnection: close\r\n{rest}").as_bytes()).await.ok()?;
        good.write_all(&body).await.ok()?;
        tokio::io::copy(&mut good, &mut stream).await.ok()?;
        if is_message(&line) {
            self.is_answered.store(true, Ordering::SeqCst);
        }
        None
    }

    fn is_bad(&self, line: &str) -> bool {
        let begins = match self.plan.point {
            Point::Never => false,
            Point::Boot => line.starts_with("GET /health"),
            Point::Turn => is_message(line),
            Point::Wait => self.is_answered.load(Ordering::SeqCst) && line.starts_with("GET /workspaces/"),
            Point::Teardown => line.starts_with("DELETE "),
        };
        let had_begun = if begins {
            self.has_begun.swap(true, Ordering::SeqCst)
        } else {
            self.has_begun.load(Ordering::SeqCst)
        };
        if self.plan.once { begins && !had_begun } else { begins || had_begun }
    }

    async fn do_badly(&self, mut stream: TcpStream) {
        match self.plan.fault {
            Fault::Dies => {}
            Fault::Hangs => std::future::pending().await,
            Fault::SaysHtml => say(&mut stream, "200 OK", "text/html", HTML).await,
            Fault::SaysTooMuch => self.say_too_much(&mut stream).await,
            Fault::Resets => stream.set_zero_linger().unwrap(),
            Fault::SaysServerError => {
                say(&mut stream, "500 Internal Server Error", "text/plain", "the disk is full").await;
            }
        }
    }

    async fn say_too_much(&self, stream: &mut TcpStream) {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n\"";
        let chunk = vec![b'x'; CHUNK_BYTES];
        let mut taken = 0;
        let mut is_taken = stream.write_all(head.as_bytes()).await.is_ok();
        while is_taken && taken < TOO_MUCH_BYTES {
            is_taken = stream.write_all(&chunk).await.is_ok();
            taken += CHUNK_BYTES;
            // Told at each step: the tenant may be shut down before it notices that nobody takes more.
            self.taken_bytes.fetch_max(taken, Ordering::SeqCst);
        }
    }
}

fn is_message(line: &str) -> bool {
    line.starts_with("POST ") && line.contains("/a2a")
}

async fn say(stream: &mut TcpStream, status: &str, kind: &str, body: &str) {
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    drop(stream.write_all(answer.as_bytes()).await);
}

/// Head and body of a request whose length stands in its head.
async fn read_request(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut read = Vec::new();
    let end = loop {
        if let Some(at) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if read.len() > MAX_HEAD_BYTES || stream.read_buf(&mut read).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(read[..end].to_vec()).ok()?;
    let mut body = read.split_off(end);
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    while body.len() < length.unwrap_or(0) {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some((head, body))
}
