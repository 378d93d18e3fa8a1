//! A world without tenants, for tests of its servers.

use std::collections::BTreeMap;
use std::sync::Arc;

use contract::DefectSet;
use futures::FutureExt;
use futures::future::BoxFuture;
use journal::{Persona, Recorder, Streams, TenantRole};
use tokio::io::DuplexStream;

use crate::fresh::Identity;
use crate::org::{Journey, Org};
use crate::{HostError, SignUpSettings, TenantBoot, TenantHost, World, WorldSettings};

/// Stands nothing up.
struct NoHost;

impl TenantHost for NoHost {
    fn boot<'a>(&'a self, _: TenantBoot) -> BoxFuture<'a, Result<String, HostError>> {
        async { Err(HostError("there is no stack".into())) }.boxed()
    }

    fn shut_down<'a>(&'a self, _: &'a str) -> BoxFuture<'a, ()> {
        async {}.boxed()
    }

    fn open_tools<'a>(
        &'a self,
        _: &'a BTreeMap<String, String>,
    ) -> BoxFuture<'a, Result<DuplexStream, HostError>> {
        async { Err(HostError("there is no stack".into())) }.boxed()
    }
}

/// A world whose tenants never come up.
pub(crate) async fn quiet_world() -> World {
    let (name, text) = contract::BUILTIN_REGISTRIES[0];
    let registry = contract::load_registry(&document::Source::new(name, text)).unwrap();
    let settings = WorldSettings {
        registry: Arc::new(registry),
        defects: DefectSet::default(),
        address: std::net::Ipv4Addr::LOCALHOST.into(),
        time_factor: 1.0,
    };
    World::start(settings, Arc::new(NoHost)).await.unwrap()
}

/// A journey with a recorder in memory, let in.
pub(crate) fn journey_in(world: &World, name: &str) -> Arc<Journey> {
    let journey = Arc::new(Journey {
        recorder: Recorder::in_memory(),
        streams: Streams::of_journey(1, "test", name),
        persona: Persona::Omitter,
        would_type: None,
        operator_token: format!("operator of {name}"),
        left: world.shared().stopped.child_token(),
        tasks: tokio_util::task::TaskTracker::new(),
        sign_ups: std::sync::Mutex::default(),
        turns: std::sync::atomic::AtomicU32::new(0),
        keys: std::sync::Mutex::default(),
        questions: std::sync::Mutex::default(),
    });
    world.shared().directory.admit(&journey);
    journey
}

/// An org of a journey, without a tenant.
pub(crate) fn org_in(world: &World, journey: &Arc<Journey>) -> Arc<Org> {
    org_with(world, journey, SignUpSettings::default())
}

/// The same, stood up in this way.
pub(crate) fn org_with(world: &World, journey: &Arc<Journey>, settings: SignUpSettings) -> Arc<Org> {
    let identity = Identity::of(&journey.streams, TenantRole::Subject);
    let org = Arc::new(Org::new(Arc::clone(journey), TenantRole::Subject, identity, settings));
    assert!(world.shared().directory.add_org(&org));
    org
}
