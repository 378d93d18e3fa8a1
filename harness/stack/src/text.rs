//! `$name` in a stack file's texts.

use std::collections::BTreeMap;

/// The names that a text may insert, by the variable of a tenant's own environment that they stand for; those without
/// one are the stack's.
pub(crate) const KNOWN: [&str; 11] = [
    "firstrun",
    "contract",
    "registry",
    "port",
    "time_factor",
    "org_id",
    "admin_token",
    "control_plane",
    "llm_openai",
    "llm_anthropic",
    "usage",
];

/// What the tenant's own names stand for in the environment that it is booted with.
const OF_TENANT: [(&str, &str); 6] = [
    ("org_id", wire::env::ORG_ID),
    ("admin_token", wire::env::ADMIN_TOKEN),
    ("control_plane", wire::env::CP_PROVISION_URL),
    ("llm_openai", wire::env::LLM_BASE_URL),
    ("llm_anthropic", wire::env::LLM_ANTHROPIC_BASE_URL),
    ("usage", wire::env::LLM_USAGE_URL),
];

/// The names that a text inserts.
pub(crate) fn names_in(text: &str) -> Vec<&str> {
    let parts = text.split('$').skip(1);
    parts.map(|part| &part[..name_length(part)]).filter(|name| !name.is_empty()).collect()
}

fn name_length(part: &str) -> usize {
    part.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(part.len())
}

/// The values of names for one tenant.
pub(crate) struct Values(BTreeMap<&'static str, String>);

impl Values {
    /// The stack's own values, and those of the tenant's environment.
    pub(crate) fn of(own: &[(&'static str, String)], environment: &BTreeMap<String, String>) -> Self {
        let of_tenant = OF_TENANT
            .iter()
            .map(|(name, variable)| (*name, environment.get(*variable).cloned().unwrap_or_default()));
        Self(of_tenant.chain(own.iter().cloned()).collect())
    }

    /// A text with the values in it; a name without a value, which a checked file never has, stays as it is.
    pub(crate) fn fill(&self, text: &str) -> String {
        let mut parts = text.split('$');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_at(name_length(part));
            match self.0.get(name) {
                Some(value) => filled.push_str(value),
                None => {
                    filled.push('$');
                    filled.push_str(name);
                }
            }
            filled.push_str(rest);
        }
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_in_where_they_stand() {
        let tenant = [(wire::env::ORG_ID.to_owned(), "o-1".to_owned())].into();
        let values = Values::of(&[("port", "8080".to_owned())], &tenant);
        assert_eq!(values.fill("http://127.0.0.1:$port/$org_id?x"), "http://127.0.0.1:8080/o-1?x");
        assert_eq!(values.fill("plain $"), "plain $");
        assert_eq!(names_in("$port and $org_id"), ["port", "org_id"]);
    }
}
