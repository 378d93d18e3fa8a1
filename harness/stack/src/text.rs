//! `$name` in a stack file's texts.
//!
//! Small names are the stack's and the tenant's ([`KNOWN`]). Large ones that begin with `FIRSTRUN_` are variables of the
//! run's own environment, so that one file serves every machine; no other variable of it can be read by a file.

use std::collections::BTreeMap;

/// The names that a text may insert, by the variable of a tenant's own environment that they stand for; those without
/// one are the stack's.
pub(crate) const KNOWN: [&str; 15] = [
    "firstrun",
    "contract",
    "registry",
    "host",
    "port",
    "time_factor",
    "org_id",
    "admin_token",
    "control_plane",
    "llm_openai",
    "llm_anthropic",
    "usage",
    "box_base",
    "postgres_url",
    "redis_url",
];

/// What variables of the run's environment begin with.
pub(crate) const OWN_PREFIX: &str = "FIRSTRUN_";

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
    let is_of_name = |c: char| match part.starts_with(OWN_PREFIX) {
        true => c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_',
        false => c.is_ascii_lowercase() || c == '_',
    };
    part.find(|c: char| !is_of_name(c)).unwrap_or(part.len())
}

/// The values of names for one tenant, or for a whole run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values(BTreeMap<String, String>);

impl Values {
    /// Values by name.
    pub(crate) fn new(values: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(values.into_iter().collect())
    }

    /// These with the names that stand for parts of a tenant's environment.
    pub(crate) fn of_tenant(mut self, environment: &BTreeMap<String, String>) -> Self {
        let of_tenant = OF_TENANT.iter().map(|(name, variable)| {
            ((*name).to_owned(), environment.get(*variable).cloned().unwrap_or_default())
        });
        self.0.extend(of_tenant);
        self
    }

    /// These and others.
    pub(crate) fn and(mut self, others: Vec<(String, String)>) -> Self {
        self.0.extend(others);
        self
    }

    /// These and one more.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
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
        let own = [("FIRSTRUN_PLATFORM_BIN".to_owned(), "/bin/it".to_owned())];
        let values = Values::new(own).of_tenant(&tenant).with("port", "8080");
        assert_eq!(values.fill("http://127.0.0.1:$port/$org_id?x"), "http://127.0.0.1:8080/o-1?x");
        assert_eq!(values.fill("$FIRSTRUN_PLATFORM_BIN/$port"), "/bin/it/8080");
        assert_eq!(values.fill("plain $ and $HOME"), "plain $ and $HOME");
        assert_eq!(names_in("$port and $org_id"), ["port", "org_id"]);
        assert_eq!(names_in("$FIRSTRUN_A1/x $FIRSTRUN_"), ["FIRSTRUN_A1", "FIRSTRUN_"]);
    }

    #[test]
    fn a_value_is_never_filled_in_again() {
        let values = Values::default().with("port", "$host").with("host", "nowhere");
        assert_eq!(values.fill("$port"), "$host");
    }
}
