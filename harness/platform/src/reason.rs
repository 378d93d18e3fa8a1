//! The words of refusals and failures about a model id. One text a case: the record, the event and the answer show the
//! same, and it names what the contract promises to name (D-04, D-05).

use contract::{Provider, Word};

use crate::tenant::Tenant;

/// Why a vendor's id without that vendor's key is given up, and what would do instead.
pub(crate) fn no_key(tenant: &Tenant, runtime: &str, model: &str, provider: &Provider) -> String {
    let vendor = &provider.name.value;
    let mut text =
        format!("{} is paid with the tenant's own key of `{vendor}`", subject(tenant, runtime, model));
    if names(tenant, Word::AcceptedKeys) {
        let keys = provider.auth_env.join(" or ");
        text.push_str(&format!(", and no such key is set: store a secret {keys}"));
    } else {
        text.push_str(", and no such key is set");
    }
    with_alternative(tenant, runtime, text)
}

/// Why an id that no arm of the runtime owns is refused or given up, and what would do instead.
pub(crate) fn unregistered(tenant: &Tenant, runtime: &str, model: &str) -> String {
    let text = format!("{} is not registered for runtime `{runtime}`", subject(tenant, runtime, model));
    with_alternative(tenant, runtime, text)
}

fn subject(tenant: &Tenant, runtime: &str, model: &str) -> String {
    if names(tenant, Word::Model) {
        format!("model `{model}`")
    } else {
        format!("the model of this {runtime} workspace")
    }
}

fn with_alternative(tenant: &Tenant, runtime: &str, text: String) -> String {
    match tenant.resolver.platform_default(runtime) {
        Some(id) if names(tenant, Word::Alternative) => {
            format!("{text}. `{id}` works on `{runtime}` without a key: the platform pays for it")
        }
        _ => text,
    }
}

fn names(tenant: &Tenant, word: Word) -> bool {
    tenant.contract.failure.names.contains(&word)
}
