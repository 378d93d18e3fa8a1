//! A host that stands fake tenants up in this process.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use futures::FutureExt;
use futures::future::BoxFuture;
use journal::ServerWords;
use rmcp::ServiceExt;
use tokio::io::DuplexStream;
use tokio::task::JoinHandle;
use world::{HostError, TenantBoot, TenantHost};

use crate::fake_tenant::{self, FakeTenant, Quirk};
use crate::fake_tools::FakeTools;

#[derive(Default)]
pub(crate) struct FakeHost {
    pub(crate) quirk: Quirk,
    running: Mutex<HashMap<String, JoinHandle<()>>>,
    /// What a server is heard to say when it is asked once more; the last of it for ever.
    pub(crate) words: Mutex<Vec<ServerWords>>,
}

impl FakeHost {
    pub(crate) fn with(quirk: Quirk) -> Arc<Self> {
        Arc::new(Self { quirk, ..Self::default() })
    }

    pub(crate) fn running(&self) -> usize {
        self.running.lock().unwrap().len()
    }

    async fn boot_fake(&self, boot: TenantBoot) -> Result<String, HostError> {
        let listener =
            tokio::net::TcpListener::bind("127.0.0.1:0").await.map_err(|e| HostError(e.to_string()))?;
        let url = format!("http://{}", listener.local_addr().unwrap());
        let tenant = Arc::new(FakeTenant::new(boot.environment, url.clone(), self.quirk));
        let server = tokio::spawn(async move {
            axum::serve(listener, fake_tenant::router(tenant)).await.unwrap();
        });
        self.running.lock().unwrap().insert(boot.org_id, server);
        Ok(url)
    }
}

impl TenantHost for FakeHost {
    fn boot<'a>(&'a self, boot: TenantBoot) -> BoxFuture<'a, Result<String, HostError>> {
        self.boot_fake(boot).boxed()
    }

    fn shut_down<'a>(&'a self, org_id: &'a str) -> BoxFuture<'a, ()> {
        async move {
            if let Some(server) = self.running.lock().unwrap().remove(org_id) {
                server.abort();
            }
        }
        .boxed()
    }

    fn server_words<'a>(&'a self, org_id: &'a str) -> BoxFuture<'a, Option<ServerWords>> {
        async move {
            let is_running = self.running.lock().unwrap().contains_key(org_id);
            let mut words = self.words.lock().unwrap();
            let next = if words.len() > 1 { Some(words.remove(0)) } else { words.first().cloned() };
            next.filter(|_| is_running)
        }
        .boxed()
    }

    fn open_tools<'a>(
        &'a self,
        environment: &'a BTreeMap<String, String>,
    ) -> BoxFuture<'a, Result<DuplexStream, HostError>> {
        async move {
            let (ours, theirs) = tokio::io::duplex(64 << 10);
            let client = reqwest::Client::builder().no_proxy().build().unwrap();
            let tools = FakeTools { environment: environment.clone(), client };
            tokio::spawn(async move {
                if let Ok(service) = tools.serve(theirs).await {
                    let _ended = service.waiting().await;
                }
            });
            Ok(ours)
        }
        .boxed()
    }
}
