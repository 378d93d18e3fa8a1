//! Which model id is stored, and which is refused on the spot, by each entry (tenant-api §2.4 #9 to #12).

use std::collections::BTreeSet;

use contract::{Billing, DefectId, Entry, KeylessVendorId, MissingModel, StoredId, UnregisteredId};
use wire::{Code, Refusal};

use crate::reason::{self, Place};
use crate::reply::{Answer, Refused};
use crate::resolver::{Resolved, Unresolved};
use crate::tenant::Tenant;

/// What is to be stored of a model id that came in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Admitted {
    /// The id; `None` where none is stored.
    pub(crate) model: Option<String>,
    /// Who pays; `None` where the id has no arm.
    pub(crate) billing: Option<Billing>,
    /// True where nobody named a model.
    pub(crate) omitted: bool,
}

/// Decides over an id that came in by `entry`. `keys` are the names of the credentials that the row would see.
pub(crate) fn admit(
    tenant: &Tenant,
    entry: Entry,
    runtime: &str,
    typed: Option<&str>,
    keys: &BTreeSet<&str>,
) -> Answer<Admitted> {
    let typed = typed.filter(|id| !id.is_empty());
    match typed {
        Some(id) if !id.trim().is_empty() => named(tenant, entry, runtime, id, keys),
        _ => missing(tenant, entry, runtime, typed),
    }
}

/// A model that was left out, or is nothing but white space.
fn missing(tenant: &Tenant, entry: Entry, runtime: &str, blank: Option<&str>) -> Answer<Admitted> {
    let promises =
        if blank.is_none() { &tenant.contract.omitted_model } else { &tenant.contract.blank_model };
    match promises.of(entry) {
        MissingModel::PlatformDefault => {
            let default = tenant.resolver.platform_default(runtime).map(str::to_owned);
            let default = default.ok_or_else(|| model_required(runtime))?;
            Ok(Admitted { model: Some(default), billing: Some(Billing::Platform), omitted: true })
        }
        MissingModel::Refused => Err(model_required(runtime)),
        MissingModel::ServerDefault
        | MissingModel::FailsAtProvisioning
        | MissingModel::ToolDefault
        | MissingModel::Unpromised => {
            let model = blank.map(|blank| stored(tenant, blank)).filter(|blank| !blank.is_empty());
            Ok(Admitted { model, billing: None, omitted: true })
        }
    }
}

fn named(
    tenant: &Tenant,
    entry: Entry,
    runtime: &str,
    typed: &str,
    keys: &BTreeSet<&str>,
) -> Answer<Admitted> {
    let model = stored(tenant, typed);
    let billing = match tenant.resolve(runtime, &model, keys) {
        Ok(arm) => {
            check_key(tenant, entry, runtime, &model, arm, keys)?;
            Some(arm.billing)
        }
        Err(Unresolved::NoProvider) => {
            let error = reason::unregistered(tenant, Place::Early, runtime, &model);
            return Err(refused(Code::DerivedProviderNotInRegistry, error, runtime, &model));
        }
        Err(Unresolved::Unregistered | Unresolved::Ambiguous | Unresolved::NoModel) => {
            if *tenant.contract.unregistered_id.of(entry) == UnregisteredId::Refused {
                let error = reason::unregistered(tenant, Place::Early, runtime, &model);
                return Err(refused(Code::UnregisteredModelForRuntime, error, runtime, &model));
            }
            None
        }
        Err(Unresolved::UnknownRuntime) => None,
    };
    Ok(Admitted { model: Some(model), billing, omitted: false })
}

/// The gate: a vendor's id for which no key of that vendor is named. Only names count here, not values.
fn check_key(
    tenant: &Tenant,
    entry: Entry,
    runtime: &str,
    model: &str,
    arm: Resolved<'_>,
    keys: &BTreeSet<&str>,
) -> Answer<()> {
    let is_gated = *tenant.contract.keyless_vendor_id.of(entry) == KeylessVendorId::Refused;
    if !is_gated || tenant.defects.has(DefectId::D02) || arm.billing == Billing::Platform {
        return Ok(());
    }
    if arm.provider.auth_env.iter().any(|name| keys.contains(name.as_str())) {
        return Ok(());
    }
    let error = reason::no_key(tenant, Place::Early, runtime, model, arm.provider);
    Err(refused(Code::MissingByokCredential, error, runtime, model))
}

fn stored(tenant: &Tenant, typed: &str) -> String {
    match tenant.contract.stored_id {
        StoredId::Trimmed => typed.trim().to_owned(),
        StoredId::AsTyped => typed.to_owned(),
    }
}

fn model_required(runtime: &str) -> Refused {
    let refusal = Refusal {
        error: reason::MODEL_REQUIRED.to_owned(),
        code: None,
        runtime: Some(runtime.to_owned()),
        model: None,
        template: Some(String::new()),
    };
    Refused::coded(Code::ModelRequired, refusal)
}

fn refused(code: Code, error: String, runtime: &str, model: &str) -> Refused {
    let refusal = Refusal {
        error,
        code: None,
        runtime: Some(runtime.to_owned()),
        model: Some(model.to_owned()),
        template: None,
    };
    Refused::coded(code, refusal)
}
