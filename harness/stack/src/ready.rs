//! When a server is ready: it answers its path of readiness with 200, within a bound, and has not ended by then.

use std::time::{Duration, Instant};

use crate::words::Words;

/// The pause between two looks at a server that is not ready grows from the first to the last of these.
const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_millis(80);

/// The bound on one look.
const LOOK_WITHIN: Duration = Duration::from_secs(2);

/// Something that runs, and may end by itself.
pub(crate) trait Serving {
    /// How it ended, where it did by itself.
    fn ended(&mut self) -> impl Future<Output = Option<String>> + Send;
}

/// Why a server did not come up, and whether it ended by itself.
pub(crate) struct NotReady {
    pub(crate) why: String,
    pub(crate) is_early: bool,
}

impl NotReady {
    /// The server never ran.
    pub(crate) fn not_started(why: String) -> Self {
        Self { why, is_early: false }
    }

    /// The same with what the server said last.
    pub(crate) fn with(self, words: &Words) -> Self {
        Self { why: format!("{}{}", self.why, words.told()), ..self }
    }
}

/// How a server is asked, and how long it has.
pub(crate) struct Readiness<'a> {
    /// Its base URL.
    pub(crate) url: &'a str,
    /// The path that answers.
    pub(crate) path: &'a str,
    /// The bound on all of it.
    pub(crate) within: Duration,
}

impl Readiness<'_> {
    /// Waits until the server is ready.
    ///
    /// # Errors
    /// How it ended before, or what it last answered when its time was over.
    pub(crate) async fn wait(&self, server: &mut impl Serving) -> Result<(), NotReady> {
        let client = reqwest::Client::builder().timeout(LOOK_WITHIN).no_proxy();
        let client = client.redirect(reqwest::redirect::Policy::none()).build();
        let client = client.map_err(|error| NotReady::not_started(format!("build a client: {error}")))?;
        let url = format!("{}{}", self.url, self.path);
        let began = Instant::now();
        let mut pause = FIRST_PAUSE;
        loop {
            if let Some(how) = server.ended().await {
                return Err(NotReady { why: format!("the server ended with {how}"), is_early: true });
            }
            let last = match client.get(&url).send().await {
                Ok(answer) if answer.status() == reqwest::StatusCode::OK => return Ok(()),
                Ok(answer) => format!("it answered {}", answer.status()),
                Err(error) if error.is_timeout() => "it did not answer".to_owned(),
                Err(_) => "it took no connection".to_owned(),
            };
            if began.elapsed() >= self.within {
                let why = format!("the server was not ready on {url} within {:?}: {last}", self.within);
                return Err(NotReady { why, is_early: false });
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}
