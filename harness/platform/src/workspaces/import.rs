//! `POST /org/import`: a whole team from one template (tenant-api §7). What a create refuses, an import accepts and
//! lets fail; a member that is already there is left alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use contract::Entry;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::admission::admit;
use super::view::plain;
use super::{fields, member};
use crate::credential::Admin;
use crate::provision::{self, Job};
use crate::reply::{Answer, Body, Refused};
use crate::store::workspaces::NewWorkspace;
use crate::store::{secrets, workspaces};
use crate::tenant::{RuntimeKind, Tenant};

/// Where an imported row is put on the canvas: a first child as recorded, the others beside it.
const ROOT_STEP: f64 = 320.0;
const CHILD_PLACE: (f64, f64) = (16.0, 130.0);
const CHILD_STEP: f64 = 256.0;
/// How many members one import may have, and how deep they may stand.
const MEMBER_LIMIT: usize = 200;
const DEPTH_LIMIT: usize = 16;

/// The body of an import. Templates by folder name are not known here.
#[derive(Debug, Deserialize)]
pub(crate) struct ImportBody {
    template: Option<OrgTemplate>,
}

#[derive(Debug, Deserialize)]
struct OrgTemplate {
    name: String,
    #[serde(default)]
    defaults: Defaults,
    #[serde(default)]
    workspaces: Vec<Node>,
}

#[derive(Debug, Default, Deserialize)]
struct Defaults {
    runtime: Option<String>,
    model: Option<String>,
    tier: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct Node {
    name: String,
    role: Option<String>,
    runtime: Option<String>,
    model: Option<String>,
    tier: Option<i64>,
    #[serde(default)]
    children: Vec<Node>,
}

/// An import under way: what it rests on, and what it has done.
struct Import<'a> {
    tenant: &'a Arc<Tenant>,
    defaults: &'a Defaults,
    done: Vec<Value>,
}

/// Makes the members that are not there yet; stops at the first that can't be made and says so with a 207.
pub(crate) async fn import(
    State(tenant): State<Arc<Tenant>>,
    _: Admin,
    Body(body): Body<ImportBody>,
) -> Answer<(StatusCode, Json<Value>)> {
    let template =
        body.template.ok_or_else(|| Refused::text(StatusCode::NOT_FOUND, "org template not found"))?;
    let root = member::default_parent(&tenant, Entry::Import)?;
    let mut import = Import { tenant: &tenant, defaults: &template.defaults, done: Vec::new() };
    let roots = template.workspaces.iter().enumerate();
    let result =
        roots.into_iter().try_for_each(|(place, node)| import.place(node, root, Spot { depth: 0, place }));
    let mut answer = json!({ "org": template.name, "count": import.done.len(), "workspaces": import.done });
    Ok(match result {
        Ok(()) => (StatusCode::CREATED, Json(answer)),
        Err(refused) => {
            answer["error"] = refused.error();
            (StatusCode::MULTI_STATUS, Json(answer))
        }
    })
}

/// Where a node stands in the template: how deep, and the how many-th child it is.
#[derive(Clone, Copy)]
struct Spot {
    depth: usize,
    place: usize,
}

impl Spot {
    /// Where its row is put on the canvas.
    fn on_canvas(self) -> (f64, f64) {
        let column = f64::from(u32::try_from(self.place).unwrap_or(u32::MAX));
        match self.depth {
            0 => (column * ROOT_STEP, 0.0),
            _ => (CHILD_PLACE.0 + column * CHILD_STEP, CHILD_PLACE.1),
        }
    }
}

impl Import<'_> {
    fn place(&mut self, node: &Node, parent: Option<Uuid>, spot: Spot) -> Answer<()> {
        let depth = spot.depth;
        if depth >= DEPTH_LIMIT || self.done.len() >= MEMBER_LIMIT || node.name.is_empty() {
            return Err(Refused::text(
                StatusCode::BAD_REQUEST,
                "the template is too large or names no member",
            ));
        }
        let id = match self.tenant.store.with(|store| workspaces::named(store, parent, &node.name))? {
            Some(row) => {
                self.done.push(json!({ "id": row.id, "name": row.name, "tier": row.tier, "skipped": true }));
                row.id
            }
            None => self.make(node, parent, spot)?,
        };
        let mut children = node.children.iter().enumerate();
        children.try_for_each(|(place, child)| self.place(child, Some(id), Spot { depth: depth + 1, place }))
    }

    fn make(&mut self, node: &Node, parent: Option<Uuid>, spot: Spot) -> Answer<Uuid> {
        let tenant = self.tenant;
        let runtime = node.runtime.as_ref().or(self.defaults.runtime.as_ref());
        let runtime = runtime.unwrap_or(&tenant.contract.default_runtime.value);
        if tenant.runtime(runtime) != Some(RuntimeKind::Boxed) {
            return Err(Refused::text(StatusCode::UNPROCESSABLE_ENTITY, "unsupported workspace runtime"));
        }
        let typed = node.model.as_deref().or(self.defaults.model.as_deref());
        fields::check_model(tenant, Entry::Import, typed.unwrap_or_default())?;
        let malformed = !fields::fits_model(typed.unwrap_or_default());
        let global = tenant.store.with(secrets::all_global)?;
        let keys: BTreeSet<&str> = global.keys().map(String::as_str).collect();
        let admitted = admit(tenant, Entry::Import, runtime, typed, &keys)?;
        let tier = node.tier.or(self.defaults.tier);
        let (name, role) = (node.name.clone(), node.role.clone());
        let mut row = member::new(tenant, name, role, runtime.clone(), parent, tier);
        row.place = spot.on_canvas();
        let stored = admitted.model.as_deref().filter(|_| tenant.contract.import_stores_model);
        let told = told(&row);
        tenant.store.transaction(|store| member::store(store, &row, stored, &told))?;
        provision::dispatch(tenant, row.id, row.kind, Job::import(admitted.model, malformed));
        self.done.push(json!({ "id": row.id, "name": row.name, "tier": row.tier }));
        Ok(row.id)
    }
}

/// What the first event of an imported row says beside what every row's says.
fn told(row: &NewWorkspace) -> Vec<(&'static str, Value)> {
    let mut told = vec![("x", plain(row.place.0)), ("y", plain(row.place.1))];
    told.extend(row.parent_id.map(|parent| ("parent_id", json!(parent))));
    told
}
