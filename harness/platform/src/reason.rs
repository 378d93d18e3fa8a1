//! The words of refusals and failures about a model id. One text a case: the record, the event and the answer show the
//! same, and it names what the contract promises to name in that place (D-04, D-05, D-72).

use contract::{DefectId, Provider, RefusalPromise, Word};

use crate::tenant::Tenant;

/// Where an id is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// By the entry itself.
    Early,
    /// By the provision of an accepted row.
    AtProvisioning,
}

/// Why a create without a model is refused where nothing stands in for one.
pub(crate) const MODEL_REQUIRED: &str = "a model is required for this runtime: nothing stands in for a missing one, so \
     send the field \"model\", or name a \"template\" that has a model of its own";

/// Why a row without a model is given up where nothing stands in for one.
pub(crate) const MISSING_MODEL: &str = "no model is set for this workspace, and this server fills in none: a box that \
     runs on a model which nobody chose would hide who answers and who pays, so store a model for the workspace and \
     then restart it once that is done";

/// What the platform said of a missing key before it named remedies: one text for every vendor, and the wrong key for
/// most of them.
const NO_KEY_AT_ALL: &str = "this workspace is set to \"byok\" and has no usable key: store CLAUDE_CODE_OAUTH_TOKEN \
     or some other vendor credential as a workspace secret and restart it, or have an administrator set its mode back \
     through PUT /admin/workspaces/:id/llm-billing-mode; without either step its box is not started, and no request of \
     its own leaves for any model provider";

/// Why a platform agent that nobody gave a model may not register.
pub(crate) const NO_IDENTITY: &str = "the platform agent has no model stored and stays offline";

/// Why a row whose model the platform pays for is given up without a proxy.
pub(crate) fn no_proxy(model: &str) -> String {
    format!(
        "the platform pays for model `{model}`, and this server has no proxy wired: set MOLECULE_LLM_BASE_URL and \
         MOLECULE_LLM_USAGE_TOKEN, or choose a model with its vendor's key"
    )
}

/// Why a vendor's id without that vendor's key is refused or given up, and what would do instead.
pub(crate) fn no_key(
    tenant: &Tenant,
    place: Place,
    runtime: &str,
    model: &str,
    provider: &Provider,
) -> String {
    let promise = promise(tenant, place);
    let vendor = &provider.name.value;
    if promise.names.is_empty() {
        return NO_KEY_AT_ALL.to_owned();
    }
    let mut text =
        format!("{} is paid with the tenant's own key of `{vendor}`", subject(promise, runtime, model));
    if promise.names.contains(&Word::AcceptedKeys) {
        let keys = provider.auth_env.join(" or ");
        text.push_str(&format!(", and no such key is set: store a secret {keys}"));
    } else {
        text.push_str(", and no such key is set");
    }
    with_alternative(tenant, promise, runtime, text)
}

/// Why a workspace that was set to its own key is given up without one; its id is no vendor's.
pub(crate) fn no_key_for_mode(tenant: &Tenant, model: &str) -> String {
    if promise(tenant, Place::AtProvisioning).names.is_empty() {
        return NO_KEY_AT_ALL.to_owned();
    }
    format!("this workspace is set to be paid with the tenant's own key, and model `{model}` has no vendor")
}

/// Why an id that no arm of the runtime owns is refused or given up, and what would do instead.
pub(crate) fn unregistered(tenant: &Tenant, place: Place, runtime: &str, model: &str) -> String {
    let promise = promise(tenant, place);
    let subject = match place {
        Place::Early => format!("model `{model}`"),
        Place::AtProvisioning => subject(promise, runtime, model),
    };
    let text = format!("{subject} is not registered for runtime `{runtime}`");
    with_alternative(tenant, promise, runtime, text)
}

fn promise(tenant: &Tenant, place: Place) -> &RefusalPromise {
    match place {
        Place::Early => &tenant.contract.refusals.early,
        Place::AtProvisioning => &tenant.contract.refusals.at_provisioning,
    }
}

fn subject(promise: &RefusalPromise, runtime: &str, model: &str) -> String {
    if promise.names.contains(&Word::Model) {
        format!("model `{model}`")
    } else {
        format!("the model of this {runtime} workspace")
    }
}

fn with_alternative(tenant: &Tenant, promise: &RefusalPromise, runtime: &str, text: String) -> String {
    if !promise.names.contains(&Word::Alternative) {
        return text;
    }
    match alternative(tenant, promise, runtime) {
        Some(id) => format!("{text}. `{id}` works on `{runtime}` without a key: the platform pays for it"),
        None => text,
    }
}

/// The id to recommend: the runtime's own default where the contract promises that it works, else the same for
/// everybody.
fn alternative(tenant: &Tenant, promise: &RefusalPromise, runtime: &str) -> Option<String> {
    if tenant.defects.has(DefectId::D72) {
        return Some(tenant.resolver.foreign_platform_id(runtime));
    }
    let is_usable = promise.alternative_is_usable_on.contains(runtime);
    let runtime = if is_usable { runtime } else { tenant.contract.default_runtime.as_str() };
    tenant.resolver.platform_default(runtime).map(str::to_owned)
}
