//! What a box is to get, or why it gets nothing: its model, who pays for it and with which key (tenant-api §4.2, §4.3).
//! The abort points stand in the recorded order: no credential, no proxy, no model.

use std::collections::{BTreeMap, BTreeSet};

use contract::{
    Billing, ConciergeModel, DefaultModelVariable, DefectId, Entry, KeyTest, MissingModel, PayerRule,
    StoredId, UnregisteredId,
};
use uuid::Uuid;
use wire::{ProvisionRequest, WorkspaceKind, env};

use super::environment::{self, BoxPlan, Secrets};
use super::failure::Failure;
use super::files;
use super::pipeline::{Job, Occasion};
use crate::billing::{Mode, Payer, payer};
use crate::reason::{self, Place};
use crate::store::secrets::{self, MODEL_KEY};
use crate::store::workspaces::Workspace;
use crate::tenant::Tenant;

/// The request to the control plane, or the reason to give the row up.
pub(super) fn prepare(tenant: &Tenant, row: &Workspace, job: &Job) -> Result<ProvisionRequest, Failure> {
    let mut secrets = load_secrets(tenant, row.id)?;
    let model = model(tenant, row, job, &secrets)?;
    let typed = model.as_deref().unwrap_or_default();
    let payer = {
        let keys: BTreeSet<&str> = secrets.names_with_value().collect();
        payer(tenant, row, typed, &keys)
    };
    check_registered(tenant, row, job, typed, &payer)?;
    match payer.mode {
        Mode::Byok => check_key(tenant, row, typed, &payer, &mut secrets)?,
        Mode::PlatformManaged if tenant.environment.llm.is_none() => {
            return Err(Failure::no_proxy(reason::no_proxy(typed)));
        }
        Mode::PlatformManaged | Mode::Disabled => {}
    }
    if typed.trim().is_empty() && payer.mode != Mode::Disabled && fails_without_model(tenant, row, &model) {
        return Err(Failure::missing_model(payer.mode));
    }
    let told = told_model(tenant, row, job, model);
    let plan = BoxPlan { row, model: told.as_deref(), payer, occasion: job.occasion };
    Ok(ProvisionRequest {
        org_id: tenant.environment.org_id.clone().unwrap_or_default(),
        workspace_id: row.id.to_string(),
        runtime: row.runtime.clone(),
        tier: row.tier,
        kind: row.is_concierge().then_some(WorkspaceKind::Platform),
        display: BTreeMap::new(),
        platform_url: tenant.platform_url.clone(),
        env: environment::build(tenant, plan, &secrets),
        config_files: files::of(plan),
    })
}

fn load_secrets(tenant: &Tenant, id: Uuid) -> Result<Secrets, Failure> {
    let (own, global) =
        tenant.store.with(|store| Ok((secrets::all(store, id)?, secrets::all_global(store)?)))?;
    Ok(Secrets { own, global })
}

/// The id that the box runs on: the one that came in, else the stored one, else what the contract puts in its place.
/// `None`, or nothing but white space, where the box would be told none.
fn model(tenant: &Tenant, row: &Workspace, job: &Job, secrets: &Secrets) -> Result<Option<String>, Failure> {
    let stored =
        job.model.as_ref().or_else(|| secrets.own.get(MODEL_KEY)).map(|id| match tenant.contract.stored_id {
            StoredId::Trimmed => id.trim().to_owned(),
            StoredId::AsTyped => id.clone(),
        });
    if stored.as_ref().is_some_and(|id| !id.trim().is_empty()) {
        return Ok(stored);
    }
    if let Some(default) = default(tenant, row, &stored) {
        tenant.store.with(|store| secrets::set(store, row.id, MODEL_KEY, &default))?;
        return Ok(Some(default));
    }
    let of_server = match tenant.contract.default_model_variable {
        DefaultModelVariable::FillsIn => tenant.environment.default_model.clone(),
        DefaultModelVariable::Ignored => None,
    };
    Ok(of_server.or(stored))
}

/// The id that stands in for a missing one and is stored with the row.
fn default(tenant: &Tenant, row: &Workspace, stored: &Option<String>) -> Option<String> {
    let of_platform = || tenant.resolver.platform_default(&row.runtime).map(str::to_owned);
    if row.is_concierge() {
        return match &tenant.contract.concierge.model {
            ConciergeModel::PlatformDefault => of_platform(),
            ConciergeModel::Seeded(id) => Some(id.clone()),
            ConciergeModel::ServerDefault => None,
        };
    }
    (missing_promise(tenant, stored) == MissingModel::PlatformDefault).then(of_platform).flatten()
}

fn missing_promise(tenant: &Tenant, stored: &Option<String>) -> MissingModel {
    let promises =
        if stored.is_none() { &tenant.contract.omitted_model } else { &tenant.contract.blank_model };
    *promises.of(Entry::Restart)
}

/// True where the contract gives a row up that has no model. A concierge that no contract gives one runs without.
fn fails_without_model(tenant: &Tenant, row: &Workspace, stored: &Option<String>) -> bool {
    if row.is_concierge() && tenant.contract.concierge.model == ConciergeModel::ServerDefault {
        return false;
    }
    match missing_promise(tenant, stored) {
        MissingModel::FailsAtProvisioning | MissingModel::PlatformDefault | MissingModel::Refused => true,
        MissingModel::ServerDefault | MissingModel::Unpromised => false,
    }
}

/// An id that no arm of a listed runtime owns: given up, unless the contract launches it on the proxy.
fn check_registered(
    tenant: &Tenant,
    row: &Workspace,
    job: &Job,
    model: &str,
    payer: &Payer<'_>,
) -> Result<(), Failure> {
    let is_listed = tenant.resolver.wire_of(&row.runtime).is_some();
    if payer.arm.is_some() || model.trim().is_empty() || !is_listed {
        return Ok(());
    }
    let entry = match job.occasion {
        Occasion::Create => Entry::Create,
        Occasion::Import => Entry::Import,
        Occasion::Again => Entry::Restart,
    };
    let promise = *tenant.contract.unregistered_id.of(entry);
    let is_launched = promise == UnregisteredId::Proxied
        || (promise == UnregisteredId::Unpromised && tenant.contract.payer == PayerRule::OverrideThenArm);
    if is_launched {
        return Ok(());
    }
    Err(Failure::unregistered(reason::unregistered(tenant, Place::AtProvisioning, &row.runtime, model)))
}

/// Takes the tenant-wide keys away that the arm does not accept, and wants one that opens the step. Only keys with a
/// value count here.
fn check_key(
    tenant: &Tenant,
    row: &Workspace,
    model: &str,
    payer: &Payer<'_>,
    secrets: &mut Secrets,
) -> Result<(), Failure> {
    let any_will_do = tenant.defects.has(DefectId::D33);
    let accepted = payer.arm.map(|arm| arm.provider.auth_env.as_slice()).unwrap_or_default();
    if !any_will_do {
        secrets.global.retain(|name, _| {
            !env::VENDOR_KEYS.contains(&name.as_str()) || accepted.iter().any(|key| key == name)
        });
    }
    let is_open = secrets.names_with_value().any(|name| match tenant.contract.provision_key_test {
        KeyTest::ArmNames if !any_will_do => accepted.iter().any(|key| key == name),
        KeyTest::ArmNames | KeyTest::AnyVendorName => env::VENDOR_KEYS.contains(&name),
    });
    if is_open {
        return Ok(());
    }
    Err(Failure::no_key(match payer.arm {
        Some(arm) if arm.billing == Billing::Byok => {
            reason::no_key(tenant, Place::AtProvisioning, &row.runtime, model, arm.provider)
        }
        _ => reason::no_key_for_mode(tenant, model),
    }))
}

/// What the box is told: the model, unless a defect swaps it after a create that named none.
fn told_model(tenant: &Tenant, row: &Workspace, job: &Job, model: Option<String>) -> Option<String> {
    let swapped = job.omitted && tenant.defects.has(DefectId::D11);
    let other = |stored: &String| tenant.resolver.other_platform_id(&row.runtime, stored);
    match model.as_ref().and_then(other) {
        Some(other) if swapped => Some(other.to_owned()),
        _ => model,
    }
}
