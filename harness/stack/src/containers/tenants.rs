//! A tenant's server in a container of its own.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use journal::ServerWords;
use testcontainers::core::logs::LogFrame;
use testcontainers::runners::AsyncRunner;
use testcontainers::{ContainerAsync, ContainerRequest, GenericImage, ImageExt};

use super::engine::request;
use super::ground::Ground;
use crate::file::{ContainerSource, ImageSource, StackFile};
use crate::fleet::Fleet;
use crate::network::Network;
use crate::port::ReservedPort;
use crate::ready::{NotReady, Readiness, Serving};
use crate::running::{BootFailed, StackSettings, TenantSettings};
use crate::text::Values;
use crate::words::Words;

/// The bound on the engine's part of a start, a pull included.
const START_WITHIN: Duration = Duration::from_secs(120);

/// The bound on one look at a container.
const LOOK_WITHIN: Duration = Duration::from_secs(5);

/// How often a container is started on another port where its own was taken.
const TRIES: usize = 3;

/// Where files of the run are put in a container, which sees none of this machine's.
const FOLDER: &str = "/firstrun";

/// Servers of one stack.
pub(crate) struct Containers {
    file: StackFile,
    source: ContainerSource,
    settings: StackSettings,
    image: GenericImage,
    network: Network,
    tenants: Fleet<Server>,
    /// One container joins or leaves the network at a time: engines have lost count of those on it where several do, and
    /// then it can't be removed.
    turn: tokio::sync::Mutex<()>,
}

/// One running server.
struct Server {
    container: Arc<ContainerAsync<GenericImage>>,
    words: Words,
    #[expect(dead_code, reason = "held, not read")]
    port: ReservedPort,
}

impl Containers {
    /// Finds or builds the image. The network is the stack's to remove.
    pub(crate) async fn prepare(
        (file, source): (StackFile, ContainerSource),
        settings: StackSettings,
        values: &Values,
        ground: &Ground,
    ) -> Result<Self, String> {
        let image = ground.engine().image(&source.image, values).await?;
        let network = ground.network().clone();
        Ok(Self {
            file,
            source,
            settings,
            image,
            network,
            tenants: Fleet::default(),
            turn: tokio::sync::Mutex::default(),
        })
    }

    pub(crate) async fn boot(&self, tenant: &TenantSettings, values: Values) -> Result<String, BootFailed> {
        let mut last = String::new();
        for _ in 0..TRIES {
            let port = ReservedPort::take_on(self.network.gateway)
                .map_err(|error| BootFailed(format!("find a free port: {error}")))?;
            let number = port.number();
            match self.start(tenant, &values, port).await {
                Ok(()) => return Ok(format!("http://{}:{number}", self.network.gateway)),
                Err(NotReady { why, .. }) => last = why,
            }
            if !last.contains("port is already allocated") && !last.contains("address already in use") {
                break;
            }
        }
        Err(BootFailed(last))
    }

    async fn start(
        &self,
        tenant: &TenantSettings,
        values: &Values,
        port: ReservedPort,
    ) -> Result<(), NotReady> {
        let number = port.number();
        let (request, words) = self.request(tenant, values, number);
        let started = {
            let _turn = self.turn.lock().await;
            tokio::time::timeout(START_WITHIN, request.start()).await
        };
        let container = match started {
            Ok(started) => started.map_err(|error| NotReady::not_started(self.told(&error.to_string())))?,
            Err(_) => return Err(NotReady::not_started(format!("no container within {START_WITHIN:?}"))),
        };
        let mut server = Server { container: Arc::new(container), words, port };
        let url = format!("http://{}:{number}", self.network.gateway);
        let within = self.file.ready_within.mul_f64(self.settings.time_scale);
        let readiness = Readiness { url: &url, path: &self.file.ready_path, within };
        match readiness.wait(&mut server).await {
            Ok(()) => {
                if let Some(earlier) = self.tenants.add(&tenant.org_id, server) {
                    self.end(earlier).await;
                }
                Ok(())
            }
            Err(not_ready) => {
                let not_ready = not_ready.with(&server.words);
                self.end(server).await;
                Err(not_ready)
            }
        }
    }

    fn request(
        &self,
        tenant: &TenantSettings,
        values: &Values,
        port: u16,
    ) -> (ContainerRequest<GenericImage>, Words) {
        let mut values = values.clone().with("host", self.network.gateway.to_string());
        values = values.with("port", port.to_string());
        let inner = self.source.port.unwrap_or(port);
        let mut request = request(self.image.clone(), &self.network, port, inner);
        for (name, path) in
            [("contract", &self.settings.contract_name), ("registry", &self.settings.registry_name)]
        {
            if Path::new(path).is_file() {
                let inside = format!("{FOLDER}/{name}.yaml");
                request = request.with_copy_to(inside.clone(), Path::new(path).to_owned());
                values = values.with(name, inside);
            }
        }
        let arguments = self.source.arguments.iter().map(|argument| values.fill(argument));
        let own = self.file.environment.iter().map(|(name, value)| (name.clone(), values.fill(value)));
        let variables: Vec<(String, String)> = tenant.environment.clone().into_iter().chain(own).collect();
        let words = Words::without_secrets_of(variables.iter().cloned());
        let heard = words.clone();
        let request = request
            .with_cmd(arguments.chain(self.settings.defect_arguments()))
            .with_startup_timeout(START_WITHIN)
            .with_log_consumer(move |frame: &LogFrame| {
                let (LogFrame::StdOut(bytes) | LogFrame::StdErr(bytes)) = frame;
                heard.take(bytes);
            });
        let told = |request: ContainerRequest<_>, (name, value)| request.with_env_var(name, value);
        (variables.into_iter().fold(request, told), words)
    }

    /// What the engine said, with what to do where a program that asks for libraries is put where there are none.
    fn told(&self, said: &str) -> String {
        let is_program = matches!(self.source.image, ImageSource::Program(_));
        if is_program && said.contains("no such file or directory") {
            let how = "build it with RUSTFLAGS='-C target-feature=+crt-static'";
            return format!("{said}; an image of one program needs a static one: {how}");
        }
        said.to_owned()
    }

    /// What a running server said last, and how it ended where it ended by itself.
    pub(crate) async fn server_words(&self, org_id: &str) -> Option<ServerWords> {
        let look = |server: &Server| (server.container.clone(), server.words.clone());
        let (container, words) = self.tenants.look(org_id, look)?;
        Some(words.told_whole(ended(&container).await).await)
    }

    pub(crate) async fn shut_down(&self, org_id: &str) {
        if let Some(server) = self.tenants.take(org_id) {
            self.end(server).await;
        }
    }

    /// Told to stop, then killed and removed.
    async fn end(&self, server: Server) {
        let seconds = i32::try_from(self.file.stop_within.as_secs()).unwrap_or(i32::MAX).max(1);
        let _turn = self.turn.lock().await;
        server.container.stop_with_timeout(Some(seconds)).await.ok();
        // Whoever still looks at it holds it a moment longer; then it is removed when they let go.
        if let Ok(container) = Arc::try_unwrap(server.container) {
            container.rm().await.ok();
        }
    }

    pub(crate) async fn stop(&self) -> usize {
        let left = self.tenants.take_all();
        let count = left.len();
        for server in left {
            self.end(server).await;
        }
        count
    }

    /// Where this machine is reached by the containers.
    pub(crate) fn address(&self) -> IpAddr {
        self.network.gateway
    }
}

impl Serving for Server {
    async fn ended(&mut self) -> Option<String> {
        ended(&self.container).await
    }
}

/// How a container ended, where it did by itself.
async fn ended(container: &ContainerAsync<GenericImage>) -> Option<String> {
    let code = tokio::time::timeout(LOOK_WITHIN, container.exit_code()).await.ok()?;
    code.ok().flatten().map(|code| format!("exit status: {code}"))
}
