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
use super::member;
use crate::credential::Admin;
use crate::provision::{self, Occasion};
use crate::reply::{Answer, Body, Refused};
use crate::store::{secrets, workspaces};
use crate::tenant::Tenant;

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
}

#[derive(Debug, Deserialize)]
struct Node {
    name: String,
    role: Option<String>,
    runtime: Option<String>,
    model: Option<String>,
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
    let result = template.workspaces.iter().try_for_each(|node| import.place(node, root, 0));
    let mut answer = json!({ "org": template.name, "count": import.done.len(), "workspaces": import.done });
    Ok(match result {
        Ok(()) => (StatusCode::CREATED, Json(answer)),
        Err(refused) => {
            answer["error"] = refused.error();
            (StatusCode::MULTI_STATUS, Json(answer))
        }
    })
}

impl Import<'_> {
    fn place(&mut self, node: &Node, parent: Option<Uuid>, depth: usize) -> Answer<()> {
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
            None => self.make(node, parent)?,
        };
        node.children.iter().try_for_each(|child| self.place(child, Some(id), depth + 1))
    }

    fn make(&mut self, node: &Node, parent: Option<Uuid>) -> Answer<Uuid> {
        let tenant = self.tenant;
        let runtime = node.runtime.as_ref().or(self.defaults.runtime.as_ref());
        let runtime = runtime.unwrap_or(&tenant.contract.default_runtime);
        if !tenant.contract.known_runtimes.contains(runtime) {
            return Err(Refused::text(StatusCode::UNPROCESSABLE_ENTITY, "unsupported workspace runtime"));
        }
        let typed = node.model.as_deref().or(self.defaults.model.as_deref());
        let global = tenant.store.with(secrets::all_global)?;
        let keys: BTreeSet<&str> = global.keys().map(String::as_str).collect();
        let model = admit(tenant, Entry::Import, runtime, typed, &keys)?.model;
        let row = member::new(tenant, node.name.clone(), node.role.clone(), runtime.clone(), parent);
        tenant.store.transaction(|store| member::store(store, &row, &model))?;
        provision::dispatch(tenant, row.id, row.kind, Occasion::First);
        self.done.push(json!({ "id": row.id, "name": row.name, "tier": row.tier }));
        Ok(row.id)
    }
}
