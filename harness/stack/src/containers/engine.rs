//! The Docker engine of this machine.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use testcontainers::bollard::Docker;
use testcontainers::bollard::errors::Error;
use testcontainers::bollard::models::{NetworkCreateRequest, PortBinding};
use testcontainers::bollard::query_parameters::{
    ListContainersOptionsBuilder, ListImagesOptionsBuilder, ListNetworksOptionsBuilder,
    RemoveContainerOptionsBuilder, RemoveImageOptionsBuilder,
};
use testcontainers::core::{BuildImageOptions, IntoContainerPort};
use testcontainers::runners::AsyncBuilder;
use testcontainers::{ContainerRequest, GenericBuildableImage, GenericImage, ImageExt};

use crate::file::ImageSource;
use crate::network::Network;
use crate::orphans;
use crate::sweep::Swept;
use crate::text::Values;

/// How long the end of a run may take to remove its network, and the pause between two tries.
const REMOVE_WITHIN: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(100);

/// The bound on one call of the engine; a build has its own.
const CALL_WITHIN: Duration = Duration::from_secs(30);
const BUILD_WITHIN: Duration = Duration::from_secs(180);

/// The labels that name the run that owns something, the machine of its process, and the network of a container.
const NETWORK: &str = "firstrun.network";
const OWNER: &str = "firstrun.owner";
const HOST: &str = "firstrun.host";

/// The name of images that hold one static program of ours.
const PROGRAM_IMAGE: &str = "firstrun-program";

/// Networks made by this process, to name them apart.
static MADE: AtomicU64 = AtomicU64::new(0);

/// A running engine.
#[derive(Clone)]
pub(crate) struct Engine {
    docker: Docker,
}

impl Engine {
    /// Finds the engine.
    ///
    /// # Errors
    /// What kept it from answering.
    pub(crate) async fn connect() -> Result<Self, String> {
        let docker = Docker::connect_with_defaults().map_err(|error| format!("find Docker: {error}"))?;
        bounded("reach Docker", docker.ping()).await?;
        Ok(Self { docker })
    }

    /// Makes a network of this run.
    pub(crate) async fn make_network(&self) -> Result<Network, String> {
        let mark = orphans::mark().unwrap_or_default();
        let name = format!("firstrun-{mark}-{}", MADE.fetch_add(1, Ordering::Relaxed));
        let request = NetworkCreateRequest {
            name: name.clone(),
            driver: Some("bridge".to_owned()),
            labels: Some(labels().into_iter().collect()),
            ..NetworkCreateRequest::default()
        };
        bounded("make a network", self.docker.create_network(request)).await?;
        let made = bounded("look at the network", self.docker.inspect_network(&name, None)).await;
        let gateway = made.map(|network| {
            let configs = network.ipam.and_then(|ipam| ipam.config).unwrap_or_default();
            configs.into_iter().find_map(|config| config.gateway?.parse().ok())
        });
        match gateway {
            Ok(Some(gateway)) => Ok(Network { name, gateway }),
            other => {
                self.remove_network(&name).await;
                Err(other.err().unwrap_or_else(|| "the network has no address of this machine".to_owned()))
            }
        }
    }

    /// Removes a network with the containers that are still on it: a start that was called off leaves one that nobody
    /// holds, and the engine may be about to make it. What can't be removed is the next run's to sweep.
    pub(crate) async fn remove_network(&self, name: &str) {
        let began = Instant::now();
        loop {
            self.remove_containers(&format!("{NETWORK}={name}"), |_| true).await.ok();
            let removed = bounded("remove the network", self.docker.remove_network(name)).await;
            if removed.is_ok() || began.elapsed() >= REMOVE_WITHIN {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The image that a stack asks for, built where it is one of a program.
    pub(crate) async fn image(&self, source: &ImageSource, values: &Values) -> Result<GenericImage, String> {
        match source {
            ImageSource::Name(name) => Ok(named(&values.fill(name))),
            ImageSource::Program(program) => self.program_image(Path::new(&values.fill(program))).await,
        }
    }

    /// An image that holds one program and nothing else; built once for each content.
    async fn program_image(&self, program: &Path) -> Result<GenericImage, String> {
        let unreadable = |error: std::io::Error| format!("read {}: {error}", program.display());
        let bytes = std::fs::read(program).map_err(unreadable)?;
        let tag: String = Sha256::digest(&bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let image = GenericBuildableImage::new(PROGRAM_IMAGE, &tag)
            .with_dockerfile_string("FROM scratch\nCOPY program /program\nENTRYPOINT [\"/program\"]\n")
            .with_file(program, "program");
        let building = image.build_image_with(BuildImageOptions::new().with_skip_if_exists(true));
        match tokio::time::timeout(BUILD_WITHIN, building).await {
            Ok(built) => built.map_err(|error| format!("build the image: {error}")),
            Err(_) => Err(format!("build the image: not done within {BUILD_WITHIN:?}")),
        }
    }

    /// Removes the containers and networks of dead runs of this machine.
    pub(crate) async fn sweep(&self) -> Result<Swept, String> {
        let is_left = |labels: &Option<HashMap<String, String>>| {
            let owner = labels.as_ref().and_then(|labels| labels.get(OWNER));
            owner.is_some_and(|owner| orphans::is_mark(owner) && !orphans::is_alive(owner))
        };
        let own = format!("{HOST}={}", orphans::host());
        let containers = self.remove_containers(&own, is_left).await?;
        let options = ListNetworksOptionsBuilder::new().filters(&labelled(&own)).build();
        let mut networks = 0;
        let listed = bounded("list the networks", self.docker.list_networks(Some(options))).await?;
        for network in listed.into_iter().filter(|network| is_left(&network.labels)) {
            let name = network.name.unwrap_or_default();
            let removed = bounded("remove a network", self.docker.remove_network(&name)).await;
            networks += usize::from(removed.is_ok());
        }
        Ok(Swept { containers, networks, ..Swept::default() })
    }

    /// Removes what is left of this run, when its preparation was called off.
    pub(crate) async fn release(&self) -> Result<(), String> {
        let own = format!("{OWNER}={}", orphans::mark().unwrap_or_default());
        self.remove_containers(&own, |_| true).await?;
        let options = ListNetworksOptionsBuilder::new().filters(&labelled(&own)).build();
        for network in bounded("list the networks", self.docker.list_networks(Some(options))).await? {
            self.remove_network(&network.name.unwrap_or_default()).await;
        }
        Ok(())
    }

    /// Removes everything of dead runs, and the images that were built.
    pub(crate) async fn clean(&self) -> Result<Swept, String> {
        let mut swept = self.sweep().await?;
        // A run that still plays has a network, and starts its next tenant from its image.
        let options = ListNetworksOptionsBuilder::new().filters(&labelled(OWNER)).build();
        if !bounded("list the networks", self.docker.list_networks(Some(options))).await?.is_empty() {
            return Ok(swept);
        }
        let filters = HashMap::from([("reference".to_owned(), vec![PROGRAM_IMAGE.to_owned()])]);
        let options = ListImagesOptionsBuilder::new().filters(&filters).build();
        let images = bounded("list the images", self.docker.list_images(Some(options))).await?;
        for tag in images.into_iter().flat_map(|image| image.repo_tags) {
            let options = RemoveImageOptionsBuilder::new().force(true).build();
            let removed = self.docker.remove_image(&tag, Some(options), None);
            swept.images += usize::from(bounded("remove an image", removed).await.is_ok());
        }
        Ok(swept)
    }

    async fn remove_containers(
        &self,
        label: &str,
        is_left: impl Fn(&Option<HashMap<String, String>>) -> bool,
    ) -> Result<usize, String> {
        let options = ListContainersOptionsBuilder::new().all(true).filters(&labelled(label)).build();
        let listed = bounded("list the containers", self.docker.list_containers(Some(options))).await?;
        let mut count = 0;
        for container in listed.into_iter().filter(|container| is_left(&container.labels)) {
            let options = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
            let id = container.id.unwrap_or_default();
            let removed =
                bounded("remove a container", self.docker.remove_container(&id, Some(options))).await;
            count += usize::from(removed.is_ok());
        }
        Ok(count)
    }
}

/// A container of this run on a network, with one of its ports published on the network's address of this machine.
pub(crate) fn request(
    image: GenericImage,
    network: &Network,
    published: u16,
    inner: u16,
) -> ContainerRequest<GenericImage> {
    let binding =
        PortBinding { host_ip: Some(network.gateway.to_string()), host_port: Some(published.to_string()) };
    // A port that is not exposed is not published, and nobody is told.
    let image = image.with_exposed_port(inner.tcp());
    ContainerRequest::from(image)
        .with_network(&network.name)
        .with_labels(labels())
        .with_label(NETWORK, &network.name)
        .with_host_config_modifier(move |config| {
            // Not every program takes the part of a first process; this one passes signals on.
            config.init = Some(true);
            config.publish_all_ports = Some(false);
            config.port_bindings =
                Some(HashMap::from([(format!("{inner}/tcp"), Some(vec![binding.clone()]))]));
        })
}

/// What carries a label.
fn labelled(label: &str) -> HashMap<String, Vec<String>> {
    HashMap::from([("label".to_owned(), vec![label.to_owned()])])
}

fn labels() -> [(String, String); 2] {
    [(OWNER.to_owned(), orphans::mark().unwrap_or_default()), (HOST.to_owned(), orphans::host())]
}

/// An image by `repository:tag`; `latest` where there is no tag. A colon before a slash is a registry's port.
pub(crate) fn named(name: &str) -> GenericImage {
    match name.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => GenericImage::new(name, tag),
        _ => GenericImage::new(name, "latest"),
    }
}

async fn bounded<T>(what: &str, call: impl Future<Output = Result<T, Error>>) -> Result<T, String> {
    match tokio::time::timeout(CALL_WITHIN, call).await {
        Ok(done) => done.map_err(|error| format!("{what}: {error}")),
        Err(_) => Err(format!("{what}: no answer within {CALL_WITHIN:?}")),
    }
}

#[cfg(test)]
mod tests {
    use testcontainers::Image;

    use super::*;

    #[test]
    fn an_image_is_named_with_or_without_its_tag() {
        for (typed, name, tag) in
            [("a/b:1", "a/b", "1"), ("a", "a", "latest"), ("host:5000/a", "host:5000/a", "latest")]
        {
            let image = named(typed);
            assert_eq!((image.name(), image.tag()), (name, tag));
        }
    }
}
