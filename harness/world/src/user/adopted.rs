//! A tenant that was there before the run: a journey takes it as it is, and signs nobody up.

use std::fmt;
use std::sync::Arc;

use journal::{CensusMoment, Fact, SignedUp, TenantRole};

use super::Tenant;
use super::mark::Mark;
use crate::fresh::Identity;
use crate::org::{Journey, Org};
use crate::shared::Shared;
use crate::{SignUpError, SignUpSettings};

/// A tenant that was there before the run, as one journey uses it.
#[derive(Clone)]
pub struct AdoptedTenant {
    /// Where it listens.
    pub url: String,
    /// Its org.
    pub org_id: String,
    /// Its admin's token.
    pub admin_token: String,
    /// Its concierge's row.
    pub concierge: String,
    /// What the name of every row that the journey makes begins with.
    pub mark: String,
}

impl fmt::Debug for AdoptedTenant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("AdoptedTenant")
            .field("url", &self.url)
            .field("mark", &self.mark)
            .finish_non_exhaustive()
    }
}

impl Tenant {
    /// Takes a tenant as it is, in place of a sign-up. No key is written to it, no concierge installed. Records the
    /// sign-up that it stands for, under the mark as its slug, and a census of the journey's own rows.
    ///
    /// # Errors
    /// A tenant that does not list its rows.
    pub(crate) async fn adopt(
        shared: &Arc<Shared>,
        journey: &Arc<Journey>,
        role: TenantRole,
        adopted: AdoptedTenant,
    ) -> Result<Self, SignUpError> {
        let AdoptedTenant { url, org_id, admin_token, concierge, mark } = adopted;
        journey.recorder.learn_secret("ADMIN_TOKEN", &admin_token);
        let slug = mark.trim_end_matches('-').to_owned();
        let of_world = Identity::of(&journey.streams, role);
        let identity = Identity { org_id, slug, admin_token: admin_token.clone(), ..of_world };
        let org = Arc::new(Org::new(Arc::clone(journey), role, identity, SignUpSettings::default()));
        org.came_up(&url);
        org.is_running(&concierge);
        let mut tenant = Self::new(shared, &org, url, concierge, admin_token);
        let before = tenant.rows_on_wire().await?;
        tenant.mark = Some(Arc::new(Mark::new(mark, before.into_iter().map(|row| row.id))));
        journey.recorder.record(Fact::SignedUp(SignedUp {
            tenant: role,
            org_id: tenant.org_id.clone(),
            slug: tenant.slug.clone(),
            concierge: tenant.concierge.clone(),
        }));
        tenant.census(CensusMoment::SetUp).await?;
        Ok(tenant)
    }

    /// Whether it was there before the run: its boxes and its model are not ours, and rows of others may stand in it.
    pub fn is_adopted(&self) -> bool {
        self.mark.is_some()
    }
}
