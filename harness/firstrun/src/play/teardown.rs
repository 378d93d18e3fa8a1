//! Deletes everything that a journey made, and proves it. Of a tenant that goes on after the journey the rows of others
//! and the concierge are not listed here, so that nothing of them is deleted or counted.

use std::time::{Duration, Instant};

use journal::{CensusMoment, Row};
use wire::WorkspaceKind;
use world::Tenant;

use super::journey::{Course, Stop};

/// How long a control plane may take to stop its boxes after the last delete.
const BOXES_STOP_WITHIN: Duration = Duration::from_secs(5);

/// The pause between two counts of boxes.
const PAUSE: Duration = Duration::from_millis(20);

/// Deletes the rows of both tenants, members before the concierge, and takes the last census.
pub(crate) async fn tear_down(course: &Course<'_>) -> Result<(), Stop> {
    let bystander = async {
        match &course.bystander {
            Some(tenant) => clear(tenant, course.scaled(BOXES_STOP_WITHIN)).await,
            None => Ok(()),
        }
    };
    let (subject, bystander) =
        tokio::join!(clear(&course.subject, course.scaled(BOXES_STOP_WITHIN)), bystander);
    subject.and(bystander)
}

async fn clear(tenant: &Tenant, within: Duration) -> Result<(), Stop> {
    let mut rows: Vec<Row> = tenant.list().await?.into_iter().filter_map(|seen| seen.row).collect();
    rows.sort_by_key(|row| row.kind == WorkspaceKind::Platform);
    for row in &rows {
        let is_concierge = row.kind == WorkspaceKind::Platform;
        tenant.delete(&row.id, &row.name, is_concierge).await?;
    }
    await_no_boxes(tenant, within).await;
    tenant.census(CensusMoment::TornDown).await?;
    Ok(())
}

/// A delete answers before its box is gone; what still runs after the bound is in the census.
async fn await_no_boxes(tenant: &Tenant, within: Duration) {
    let began = Instant::now();
    while tenant.live_boxes() > 0 && began.elapsed() < within {
        tokio::time::sleep(PAUSE).await;
    }
}
