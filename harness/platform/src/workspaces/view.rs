//! A row as the wire shows it (tenant-api §2.6, §11).

use contract::{DefectId, Surface};
use serde_json::{Value, json};

use crate::store::workspaces::Workspace;
use crate::tenant::Tenant;

/// Below this a float without a fraction is a whole number exactly.
const LARGEST_WHOLE: f64 = 9_007_199_254_740_992.0;

/// The row in `GET /workspaces`.
pub(crate) fn in_list(row: &Workspace, tenant: &Tenant) -> Value {
    let mut shown = common(row);
    shown["budget_limit"] = Value::Null;
    shown["current_task"] = json!(row.current_task);
    shown["monthly_spend"] = json!(0);
    shown["workspace_dir"] = Value::Null;
    with_reason(shown, row, tenant, Surface::List)
}

/// The row in `GET /workspaces/:id`.
pub(crate) fn alone(row: &Workspace, tenant: &Tenant) -> Value {
    let mut shown = common(row);
    shown["last_outbound_at"] = Value::Null;
    with_reason(shown, row, tenant, Surface::Read)
}

fn with_reason(mut shown: Value, row: &Workspace, tenant: &Tenant, surface: Surface) -> Value {
    let is_hidden = surface == Surface::Read && tenant.defects.has(DefectId::D04);
    if tenant.contract.refusals.at_provisioning.surfaces.contains(&surface) && !is_hidden {
        shown["last_sample_error"] = json!(row.last_sample_error);
    }
    shown
}

fn common(row: &Workspace) -> Value {
    json!({
        "active_tasks": row.active_tasks,
        "agent_card": row.agent_card,
        "broadcast_enabled": false,
        "collapsed": false,
        "compute": {},
        "id": row.id,
        "kind": row.kind,
        "last_error_rate": plain(row.last_error_rate),
        "max_concurrent_tasks": 1,
        "name": row.name,
        "parent_id": row.parent_id,
        "role": row.role,
        "runtime": row.runtime,
        "status": row.status,
        "talk_to_user_enabled": true,
        "tier": row.tier,
        "uptime_seconds": row.uptime_seconds,
        "url": row.url,
        "x": plain(row.place.0),
        "y": plain(row.place.1),
    })
}

/// A float as the recorded servers write it: without a fraction where there is none.
pub(super) fn plain(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < LARGEST_WHOLE {
        #[expect(clippy::cast_possible_truncation, reason = "a whole number below the bound")]
        let whole = number as i64;
        return json!(whole);
    }
    json!(number)
}
