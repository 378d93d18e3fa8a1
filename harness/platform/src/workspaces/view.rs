//! A row as the wire shows it (tenant-api §2.6, §11).

use contract::{Contract, Surface};
use serde_json::{Value, json};

use crate::store::workspaces::Workspace;

/// The row in `GET /workspaces`.
pub(crate) fn in_list(row: &Workspace, contract: &Contract) -> Value {
    let mut shown = common(row);
    shown["budget_limit"] = Value::Null;
    shown["current_task"] = json!(row.current_task);
    shown["monthly_spend"] = json!(0);
    shown["workspace_dir"] = Value::Null;
    with_reason(shown, row, contract, Surface::List)
}

/// The row in `GET /workspaces/:id`.
pub(crate) fn alone(row: &Workspace, contract: &Contract) -> Value {
    let mut shown = common(row);
    shown["last_outbound_at"] = Value::Null;
    with_reason(shown, row, contract, Surface::Read)
}

fn with_reason(mut shown: Value, row: &Workspace, contract: &Contract, surface: Surface) -> Value {
    if contract.failure.surfaces.contains(&surface) {
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
        "x": 0,
        "y": 0,
    })
}

/// A float as the recorded servers write it: without a fraction where there is none.
fn plain(number: f64) -> Value {
    if number == 0.0 { json!(0) } else { json!(number) }
}
