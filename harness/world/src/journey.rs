//! A journey's stay in the world: it signs tenants up, and leaves nothing behind.

use std::sync::Arc;
use std::time::{Duration, Instant};

use journal::{
    CensusMoment, Fact, Hop, Persona, Recorder, ServerSaid, SignedUp, Streams, TenantRole, Trouble,
};
use reqwest::Method;
use serde_json::Value;
use wire::{CreateOrg, OrgList, OrgState, OrgToken};

use crate::fresh;
use crate::http::{Note, Outgoing};
use crate::lock::lock;
use crate::org::Journey;
use crate::pace::Pauses;
use crate::shared::Shared;
use crate::{SignUpError, SignUpSettings, Tenant};

/// A whole sign-up takes at most this long.
const SIGN_UP_BOUND: Duration = Duration::from_secs(20);

const CALL_BOUND: Duration = Duration::from_secs(10);
const FIRST_PAUSE: Duration = Duration::from_millis(4);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

/// The end of a journey waits this long for its tasks, and for the stack to stop a tenant.
const LEAVE_BOUND: Duration = Duration::from_secs(10);

/// After trouble, a server that is dying gets so long until its end can be seen.
const DYING_BOUND: Duration = Duration::from_millis(300);

/// What a journey brings along.
#[derive(Clone, Debug)]
pub struct JourneySettings {
    /// Its journal.
    pub recorder: Recorder,
    /// Its choices.
    pub streams: Streams,
    /// How the mocked model behind its concierges behaves.
    pub persona: Persona,
    /// The id that this model would type unasked.
    pub would_type: Option<String>,
}

/// A journey in the world.
pub struct JourneyWorld {
    shared: Arc<Shared>,
    journey: Arc<Journey>,
}

impl JourneyWorld {
    /// Lets a journey in.
    pub(crate) fn new(shared: Arc<Shared>, settings: JourneySettings) -> Self {
        // Not from the seed: it opens the control plane of this world and of no other.
        let operator_token = format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple());
        settings.recorder.learn_secret("OPERATOR_TOKEN", &operator_token);
        let journey = Arc::new(Journey {
            recorder: settings.recorder,
            streams: settings.streams,
            persona: settings.persona,
            would_type: settings.would_type,
            operator_token,
            left: shared.stopped.child_token(),
            tasks: tokio_util::task::TaskTracker::new(),
            sign_ups: std::sync::Mutex::default(),
            turns: std::sync::atomic::AtomicU32::new(0),
            keys: std::sync::Mutex::default(),
            questions: std::sync::Mutex::default(),
        });
        shared.directory.admit(&journey);
        Self { shared, journey }
    }

    /// Makes a key of the tenants' own known: vendors accept it, and the journal shows its name in place of its value.
    pub fn know_key(&self, name: &str, value: &str) {
        self.journey.know_key(name, value);
    }

    /// Signs a tenant up as a person would, until its concierge is online. Records the exchanges, the sign-up and a
    /// census.
    ///
    /// # Errors
    /// A call that failed, an org that the control plane gave up on, or a bound that passed.
    pub async fn sign_up(&self, role: TenantRole) -> Result<Tenant, SignUpError> {
        self.sign_up_with(role, SignUpSettings::default()).await
    }

    /// The same for a tenant that is stood up in another way. Keys on the whole tenant become known. Where the stack's
    /// tenant was there before, it is taken as it is.
    ///
    /// # Errors
    /// As [`JourneyWorld::sign_up`].
    pub async fn sign_up_with(
        &self,
        role: TenantRole,
        settings: SignUpSettings,
    ) -> Result<Tenant, SignUpError> {
        if let Some(adopted) = self.shared.tenants.adopt() {
            return Tenant::adopt(&self.shared, &self.journey, role, adopted).await;
        }
        for (name, value) in &settings.global_keys {
            self.know_key(name, value);
        }
        let slug = fresh::slug_of(&self.journey.streams, role);
        let after = self.shared.pace.of(SIGN_UP_BOUND);
        let mut last_seen = "nothing".to_owned();
        let signed_up =
            tokio::time::timeout(after, self.sign_up_as(role, settings, &slug, &mut last_seen)).await;
        signed_up.unwrap_or(Err(SignUpError::TimedOut { slug, after, last_seen }))
    }

    async fn sign_up_as(
        &self,
        role: TenantRole,
        settings: SignUpSettings,
        slug: &str,
        last_seen: &mut String,
    ) -> Result<Tenant, SignUpError> {
        self.learn_secrets(role);
        lock(&self.journey.sign_ups).insert(slug.to_owned(), (role, settings));
        self.create_org(role, slug).await?;
        let state = self.running(role, slug, last_seen).await?;
        let admin_token = self.admin_token(role, slug).await?;
        let gone = || SignUpError::Failed { slug: slug.to_owned(), cause: "the org is gone".into() };
        let org = self.shared.directory.org(&state.id).ok_or_else(gone)?;
        let (Some(url), Some(concierge)) = (state.url, state.platform_agent_id) else {
            let cause = "running without a url or a concierge".into();
            return Err(SignUpError::Failed { slug: slug.to_owned(), cause });
        };
        let tenant = Tenant::new(&self.shared, &org, url, concierge.clone(), admin_token);
        self.journey.recorder.record(Fact::SignedUp(SignedUp {
            tenant: role,
            org_id: state.id,
            slug: slug.to_owned(),
            concierge,
        }));
        tenant.census(CensusMoment::SetUp).await?;
        Ok(tenant)
    }

    /// Secrets are known to the journal before anything can carry them.
    fn learn_secrets(&self, role: TenantRole) {
        let identity = fresh::Identity::of(&self.journey.streams, role);
        let (admin, usage) = match role {
            TenantRole::Subject => ("ADMIN_TOKEN", "USAGE_TOKEN"),
            TenantRole::Bystander => ("BYSTANDER_ADMIN_TOKEN", "BYSTANDER_USAGE_TOKEN"),
        };
        self.journey.recorder.learn_secret(admin, &identity.admin_token);
        self.journey.recorder.learn_secret(usage, &identity.usage_token);
    }

    async fn create_org(&self, role: TenantRole, slug: &str) -> Result<(), SignUpError> {
        let body = CreateOrg {
            slug: slug.to_owned(),
            name: format!("Org {slug}"),
            owner_user_id: format!("owner-of-{slug}"),
        };
        let body = serde_json::to_value(&body).unwrap_or_default();
        let call = self.call(Method::POST, "/cp/admin/orgs".into()).json(body);
        let answer = call.send_noted(&self.shared.client, &self.note(role)).await?;
        if answer.status == 201 { Ok(()) } else { Err(call.unexpected(&answer).into()) }
    }

    /// Polls the org until it runs. Only what the journal has not seen yet is noted.
    async fn running(
        &self,
        role: TenantRole,
        slug: &str,
        last_seen: &mut String,
    ) -> Result<OrgState, SignUpError> {
        let call = self.call(Method::GET, "/cp/admin/orgs".into());
        let mut pauses =
            Pauses::growing(self.shared.pace.of(FIRST_PAUSE), self.shared.pace.of(LONGEST_PAUSE));
        let mut noted = Value::Null;
        loop {
            let began = Instant::now();
            let answered = call.send(&self.shared.client).await;
            let body = answered.as_ref().map(|answer| answer.body.clone()).unwrap_or_default();
            if body != noted {
                self.note(role).record(&call, &answered, began.elapsed());
                noted = body;
            }
            let answer = answered?;
            if answer.status != 200 {
                return Err(call.unexpected(&answer).into());
            }
            let list: OrgList = call.read(&answer)?;
            if let Some(state) = list.orgs.into_iter().find(|org| org.slug == slug) {
                last_seen.clone_from(&state.instance_status);
                match state.instance_status.as_str() {
                    "running" => return Ok(state),
                    "failed" => {
                        let cause = state.last_error.unwrap_or_else(|| "no cause given".into());
                        return Err(SignUpError::Failed { slug: slug.to_owned(), cause });
                    }
                    _ => {}
                }
            }
            pauses.wait().await;
        }
    }

    async fn admin_token(&self, role: TenantRole, slug: &str) -> Result<String, SignUpError> {
        let call = self.call(Method::GET, format!("/cp/admin/orgs/{slug}/admin-token"));
        let answer = call.send_noted(&self.shared.client, &self.note(role)).await?;
        if answer.status != 200 {
            return Err(call.unexpected(&answer).into());
        }
        Ok(call.read::<OrgToken>(&answer)?.admin_token)
    }

    fn call(&self, method: Method, path: String) -> Outgoing {
        let base = self.shared.addresses.control_plane_url();
        Outgoing::new(method, &base, path, self.shared.pace.of(CALL_BOUND))
            .bearer(&self.journey.operator_token)
    }

    fn note(&self, tenant: TenantRole) -> Note<'_> {
        Note { recorder: &self.journey.recorder, tenant, hop: Hop::UserToControlPlane }
    }

    /// Records what the servers of its tenants said, and how one ended that ended by itself; nothing where the stack
    /// hears none. Before [`JourneyWorld::leave`], which ends them all. Bounded.
    pub async fn record_servers(&self) {
        let is_trouble = |seen: &journal::Observation| matches!(seen.fact, Fact::Trouble(_));
        let is_troubled = self.journey.recorder.look(|seen| seen.iter().any(is_trouble));
        let patience = if is_troubled { self.shared.pace.of(DYING_BOUND) } else { Duration::ZERO };
        let began = Instant::now();
        let mut said = self.servers().await;
        let has_ended = |said: &[ServerSaid]| said.iter().any(|said| said.words.ended.is_some());
        while !said.is_empty() && !has_ended(&said) && began.elapsed() < patience {
            tokio::time::sleep(self.shared.pace.of(FIRST_PAUSE)).await;
            said = self.servers().await;
        }
        for said in said.into_iter().filter(|said| !said.words.is_empty()) {
            self.journey.recorder.record(Fact::ServerSaid(said));
        }
    }

    /// The words of every server that is heard; also of one whose sign-up is not over.
    async fn servers(&self) -> Vec<ServerSaid> {
        let mut said = Vec::new();
        for org in self.shared.directory.orgs_of(&self.journey) {
            let words = self.shared.tenants.server_words(&org.identity.org_id).await;
            said.extend(words.map(|words| ServerSaid { tenant: org.role, words }));
        }
        said
    }

    /// Stops what is left of the journey, boxes and tenants, and forgets it. May be called more than once, and after
    /// a sign-up that failed. Bounded.
    pub async fn leave(&self) {
        self.journey.left.cancel();
        self.journey.tasks.close();
        let bound = self.shared.pace.of(LEAVE_BOUND);
        if tokio::time::timeout(bound, self.journey.tasks.wait()).await.is_err() {
            self.trouble(format!("leave: the boxes did not end within {bound:?}"));
        }
        let orgs = self.shared.directory.orgs_of(&self.journey);
        let stops = orgs.iter().map(|org| self.shared.tenants.shut_down(&org.identity.org_id));
        if tokio::time::timeout(bound, futures::future::join_all(stops)).await.is_err() {
            self.trouble(format!("leave: the stack did not stop the tenants within {bound:?}"));
        }
        self.shared.directory.forget(&self.journey);
    }

    fn trouble(&self, what: String) {
        self.journey.recorder.record(Fact::Trouble(Trouble { what }));
    }
}

impl Drop for JourneyWorld {
    /// A journey that never left must not run on; its tenants are the stack's to stop.
    fn drop(&mut self) {
        self.journey.left.cancel();
        self.shared.directory.forget(&self.journey);
    }
}
