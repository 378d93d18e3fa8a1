//! Which model id is stored: the default for a missing one, the trimmed one, or a refusal (DESIGN §5).

use std::collections::BTreeSet;

use contract::{Billing, Entry, MissingModel, UnregisteredId};
use wire::{Code, Refusal};

use crate::reason;
use crate::reply::{Answer, Refused};
use crate::resolver::Unresolved;
use crate::tenant::Tenant;

/// A model id that may be stored.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Admitted {
    /// The id, trimmed.
    pub(crate) model: String,
    /// Who pays; `None` where the id has no arm and fails later.
    pub(crate) billing: Option<Billing>,
}

/// Decides over an id that came in by `entry`. `keys` are the names of the credentials that the row would see.
pub(crate) fn admit(
    tenant: &Tenant,
    entry: Entry,
    runtime: &str,
    typed: Option<&str>,
    keys: &BTreeSet<&str>,
) -> Answer<Admitted> {
    let trimmed = typed.map(str::trim).filter(|id| !id.is_empty());
    let model = match trimmed {
        Some(model) => model.to_owned(),
        None => stand_in(tenant, entry, runtime, typed.is_none())?,
    };
    match tenant.resolver.resolve(runtime, &model, keys) {
        Ok(arm) => Ok(Admitted { model, billing: Some(arm.billing) }),
        Err(Unresolved::NoProvider) => {
            Err(refused(tenant, Code::DerivedProviderNotInRegistry, runtime, &model))
        }
        Err(_) => match tenant.contract.unregistered_id.of(entry) {
            UnregisteredId::Refused => {
                Err(refused(tenant, Code::UnregisteredModelForRuntime, runtime, &model))
            }
            UnregisteredId::FailsAtProvisioning => Ok(Admitted { model, billing: None }),
        },
    }
}

/// The id that the contract promises in place of a missing or blank one.
fn stand_in(tenant: &Tenant, entry: Entry, runtime: &str, omitted: bool) -> Answer<String> {
    let promises = if omitted { &tenant.contract.omitted_model } else { &tenant.contract.blank_model };
    match promises.of(entry) {
        MissingModel::PlatformDefault => {
            let default = tenant.resolver.platform_default(runtime).map(str::to_owned);
            default.ok_or_else(|| refused(tenant, Code::ModelRequired, runtime, ""))
        }
    }
}

fn refused(tenant: &Tenant, code: Code, runtime: &str, model: &str) -> Refused {
    let refusal = Refusal {
        error: reason::unregistered(tenant, runtime, model),
        code: None,
        runtime: Some(runtime.to_owned()),
        model: Some(model.to_owned()),
        template: None,
    };
    Refused::coded(code, refusal)
}
