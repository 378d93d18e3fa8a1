//! Routes for persons. Each shows the operator token that the world gave to its journey, and sees its own orgs only.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};
use wire::{CreateOrg, CreatedOrg, OrgList, OrgToken};

use super::bring_up;
use crate::fresh::Identity;
use crate::lock::lock;
use crate::org::{Journey, Org};
use crate::served::{Arrived, Given};
use crate::shared::Shared;

/// What `POST /cp/admin/orgs` wants.
const REQUIRED: [&str; 3] = ["slug", "name", "owner_user_id"];

fn person(shared: &Shared, arrived: &Arrived) -> Result<Arc<Journey>, Given> {
    arrived.bearer().and_then(|token| shared.directory.journey(token)).ok_or_else(|| {
        shared.stray(arrived, "control plane");
        Given::error(StatusCode::UNAUTHORIZED, "unknown operator token")
    })
}

/// `POST /cp/admin/orgs`: 201 at once, the rest in the background.
pub(super) async fn create(State(shared): State<Arc<Shared>>, arrived: Arrived) -> Given {
    create_org(&shared, &arrived).unwrap_or_else(|refused| refused)
}

fn create_org(shared: &Arc<Shared>, arrived: &Arrived) -> Result<Given, Given> {
    let journey = person(shared, arrived)?;
    let wanted = read_wanted(&arrived.value())?;
    let sign_up = lock(&journey.sign_ups).get(&wanted.slug).cloned();
    // Ids and tokens come from the seed, and only a slug of the journey's own says which ones.
    let (role, settings) =
        sign_up.ok_or_else(|| Given::error(StatusCode::FORBIDDEN, "this slug is not yours to take"))?;
    let identity = Identity::of(&journey.streams, role);
    let created = CreatedOrg { id: identity.org_id.clone(), slug: wanted.slug };
    let org = Arc::new(Org::new(Arc::clone(&journey), role, identity, settings));
    if !shared.directory.add_org(&org) {
        return Err(Given::error(StatusCode::CONFLICT, &format!("slug `{}` is taken", created.slug)));
    }
    journey.tasks.spawn(bring_up::run(Arc::clone(shared), org));
    Ok(Given::of(StatusCode::CREATED, &created))
}

fn read_wanted(body: &Value) -> Result<CreateOrg, Given> {
    let is_missing = |name: &&str| body.get(*name).and_then(Value::as_str).is_none_or(str::is_empty);
    let missing: Vec<&str> = REQUIRED.iter().filter(|name| is_missing(name)).copied().collect();
    if !missing.is_empty() {
        let body = json!({ "error": "missing fields", "fields": missing });
        return Err(Given::new(StatusCode::BAD_REQUEST, body));
    }
    serde_json::from_value(body.clone())
        .map_err(|error| Given::error(StatusCode::BAD_REQUEST, &error.to_string()))
}

/// `GET /cp/admin/orgs`.
pub(super) async fn list(State(shared): State<Arc<Shared>>, arrived: Arrived) -> Given {
    match person(&shared, &arrived) {
        Ok(journey) => {
            let orgs = shared.directory.orgs_of(&journey);
            Given::of(StatusCode::OK, &OrgList { orgs: orgs.iter().map(|org| org.state()).collect() })
        }
        Err(refused) => refused,
    }
}

/// `GET /cp/admin/orgs/:slug/admin-token`.
pub(super) async fn admin_token(
    State(shared): State<Arc<Shared>>,
    Path(slug): Path<String>,
    arrived: Arrived,
) -> Given {
    let journey = match person(&shared, &arrived) {
        Ok(journey) => journey,
        Err(refused) => return refused,
    };
    let org = shared.directory.org_by_slug(&slug).filter(|org| Arc::ptr_eq(&org.journey, &journey));
    match org {
        Some(org) => Given::of(StatusCode::OK, &OrgToken { admin_token: org.identity.admin_token.clone() }),
        None => Given::error(StatusCode::NOT_FOUND, &format!("no org `{slug}`")),
    }
}
