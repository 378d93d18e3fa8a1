//! What a box is to get, or why it gets nothing: its model, who pays for it and with which key (tenant-api §4.2, §4.3).
//! The abort points stand in the recorded order: no credential, no proxy, no model.

use std::collections::{BTreeMap, BTreeSet};

use contract::{
    Billing, ConciergeModel, DefaultModelVariable, DefectId, Entry, KeyTest, MalformedId, MissingModel,
    PayerRule, StoredId, UnregisteredId,
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
use crate::workspaces::fields;

/// The request to the control plane, or the reason to give the row up.
pub(super) fn prepare(tenant: &Tenant, row: &Workspace, job: &Job) -> Result<ProvisionRequest, Failure> {
    let mut secrets = load_secrets(tenant, row.id)?;
    let chosen = chosen(tenant, job, &secrets);
    let model = model(tenant, row, chosen.clone())?;
    let typed = model.as_deref().unwrap_or_default();
    let mut payer = {
        let keys: BTreeSet<&str> = secrets.names_with_value().collect();
        payer(tenant, row, typed, &keys)
    };
    check_registered(tenant, row, job, chosen.as_deref().unwrap_or_default(), &payer)?;
    match payer.mode {
        Mode::Byok if has_key(tenant, &payer, &mut secrets) => {}
        Mode::Byok if runs_on_proxy_instead(tenant) => {
            payer = Payer { mode: Mode::PlatformManaged, arm: None, ..payer };
        }
        Mode::Byok => return Err(no_key(tenant, row, typed, &payer)),
        Mode::PlatformManaged if tenant.environment.llm.is_none() => {
            return Err(Failure::no_proxy(tenant, reason::no_proxy(typed)));
        }
        Mode::PlatformManaged | Mode::Disabled => {}
    }
    if typed.trim().is_empty() && payer.mode != Mode::Disabled && fails_without_model(tenant, row, &model) {
        return Err(Failure::missing_model(tenant, payer.mode));
    }
    let told = told_model(tenant, row, job, model);
    let plan = BoxPlan { row, model: told.as_deref(), payer, occasion: job.occasion };
    Ok(ProvisionRequest {
        org_id: tenant.environment.org_id.clone().unwrap_or_default(),
        workspace_id: row.id.to_string(),
        idempotency_key: None,
        runtime: row.runtime.clone(),
        template: None,
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

/// The id that somebody chose: the one that came in, else the stored one.
fn chosen(tenant: &Tenant, job: &Job, secrets: &Secrets) -> Option<String> {
    let id = job.model.as_ref().or_else(|| secrets.own.get(MODEL_KEY))?;
    Some(match tenant.contract.stored_id {
        StoredId::Trimmed => id.trim().to_owned(),
        StoredId::AsTyped => id.clone(),
    })
}

/// The id that the box runs on: the chosen one, else what the contract puts in its place. `None`, or nothing but white
/// space, where the box would be told none.
fn model(tenant: &Tenant, row: &Workspace, stored: Option<String>) -> Result<Option<String>, Failure> {
    if stored.as_ref().is_some_and(|id| !id.trim().is_empty()) {
        return Ok(stored);
    }
    if let Some(default) = default(tenant, row, &stored) {
        tenant.store.with(|store| secrets::set(store, row.id, MODEL_KEY, &default))?;
        return Ok(Some(default));
    }
    let of_server = match tenant.contract.default_model_variable {
        DefaultModelVariable::FillsIn => tenant.environment.default_model.clone(),
        DefaultModelVariable::Ignored | DefaultModelVariable::Concierge => None,
    };
    Ok(of_server.or(stored))
}

/// The id that stands in for a missing one and is stored with the row.
fn default(tenant: &Tenant, row: &Workspace, stored: &Option<String>) -> Option<String> {
    let of_platform = || tenant.resolver.platform_default(&row.runtime).map(str::to_owned);
    if row.is_concierge() {
        return match &tenant.contract.concierge.model {
            ConciergeModel::PlatformDefault => of_platform(),
            ConciergeModel::Seeded(id) => Some(id.value.clone()),
            ConciergeModel::ServerDefaultOr(id) => {
                Some(tenant.environment.default_model.clone().unwrap_or_else(|| id.value.clone()))
            }
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
        MissingModel::ServerDefault | MissingModel::ToolDefault | MissingModel::Unpromised => false,
    }
}

/// A chosen id that no arm of a listed runtime owns: given up, unless the contract launches it on the proxy. Nobody
/// looks at the server's own default, which stands in on every runtime.
fn check_registered(
    tenant: &Tenant,
    row: &Workspace,
    job: &Job,
    model: &str,
    payer: &Payer<'_>,
) -> Result<(), Failure> {
    let is_listed = tenant.resolver.wire_of(&row.runtime).is_some();
    let is_malformed = job.malformed || !fields::fits_model(model);
    if is_malformed && *tenant.contract.malformed_id.of(Entry::Import) == MalformedId::FailsAtProvisioning {
        let text = reason::unregistered(tenant, Place::AtProvisioning, &row.runtime, model);
        return Err(Failure::unregistered(text));
    }
    if payer.arm.is_some() || model.trim().is_empty() || !is_listed {
        return Ok(());
    }
    let entry = match job.occasion {
        Occasion::Create => Entry::Create,
        Occasion::Import => Entry::Import,
        Occasion::Again => Entry::Restart,
    };
    let promise = *tenant.contract.unregistered_id.of(entry);
    if matches!(promise, UnregisteredId::Proxied | UnregisteredId::Unpromised) {
        return Ok(());
    }
    Err(Failure::unregistered(reason::unregistered(tenant, Place::AtProvisioning, &row.runtime, model)))
}

/// Takes the tenant-wide keys away that the arm does not accept, and says whether one is there that opens the step. Only
/// keys with a value count here.
fn has_key(tenant: &Tenant, payer: &Payer<'_>, secrets: &mut Secrets) -> bool {
    let any_will_do = tenant.defects.has(DefectId::D33);
    let accepted = payer.arm.map(|arm| arm.provider.auth_env.as_slice()).unwrap_or_default();
    if !any_will_do {
        secrets.global.retain(|name, _| {
            !env::VENDOR_KEYS.contains(&name.as_str()) || accepted.iter().any(|key| key == name)
        });
    }
    let is_accepted = |name: &str| accepted.iter().any(|key| key == name);
    let is_vendors = |name: &str| env::VENDOR_KEYS.contains(&name);
    secrets.names_with_value().any(|name| match tenant.contract.provision_key_test {
        _ if any_will_do => is_vendors(name),
        KeyTest::ArmNames => is_accepted(name),
        KeyTest::ArmVendorNames => is_accepted(name) && is_vendors(name),
        KeyTest::AnyVendorName => is_vendors(name),
    })
}

/// True where a vendor's id without a usable key is launched on the proxy (D-03).
fn runs_on_proxy_instead(tenant: &Tenant) -> bool {
    tenant.contract.payer.value == PayerRule::ArmElseProxy && tenant.environment.llm.is_some()
}

fn no_key(tenant: &Tenant, row: &Workspace, model: &str, payer: &Payer<'_>) -> Failure {
    let error = match payer.arm {
        Some(arm) if arm.billing == Billing::Byok => {
            reason::no_key(tenant, Place::AtProvisioning, &row.runtime, model, arm.provider)
        }
        _ => reason::no_key_for_mode(tenant, model),
    };
    Failure::no_key(tenant, error)
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
