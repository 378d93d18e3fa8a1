//! The sweep (tenant-api §4.4): rows that nobody brought up in time are given up, boxes of removed rows taken down.

use std::sync::Arc;

use tokio::time::{MissedTickBehavior, interval_at};

use super::failure::{Failure, give_up};
use super::pipeline::clear_away;
use crate::store::{now_ms, workspaces};
use crate::tenant::Tenant;

/// Sweeps until the tenant stops.
pub(crate) fn start_sweeping(tenant: &Arc<Tenant>) {
    let sweeper = Arc::clone(tenant);
    tenant.spawn(async move {
        let period = sweeper.timers.sweep.0;
        let mut ticks = interval_at(tokio::time::Instant::now() + period, period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = sweep(&sweeper).await {
                tracing::error!(%error, "a sweep found the store failing");
            }
        }
    });
}

async fn sweep(tenant: &Tenant) -> rusqlite::Result<()> {
    let limit = tenant.timers.stuck_provisioning.0;
    let limit_ms = i64::try_from(limit.as_millis()).unwrap_or(i64::MAX);
    for row in tenant.store.with(|store| workspaces::stuck_since(store, now_ms() - limit_ms))? {
        give_up(tenant, row.id, &Failure::timed_out(&row, limit));
    }
    for row in tenant.store.with(workspaces::removed_with_box)? {
        clear_away(tenant, row.id).await;
    }
    Ok(())
}
