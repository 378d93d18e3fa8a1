//! Secrets are replaced when an event is recorded, so that a leak is still a visible finding.

use serde_json::Value;

/// Shorter values are not replaced: they would tear words apart.
const MIN_SECRET_BYTES: usize = 8;

/// The keys under which a platform hands out secrets that we could not know before.
const SECRET_KEYS: [&str; 3] = ["auth_token", "platform_inbound_secret", "admin_token"];

/// Known secrets and the names they are replaced by.
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    known: Vec<(String, String)>,
}

impl Redactor {
    /// Makes a secret known: `<secret:NAME>` stands in its place from now on.
    pub fn learn(&mut self, name: &str, value: &str) {
        let is_known = self.known.iter().any(|(known, _)| known == value);
        if value.len() >= MIN_SECRET_BYTES && !is_known {
            self.known.push((value.to_owned(), format!("<secret:{name}>")));
            self.known.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
        }
    }

    /// Learns what stands under a key that always holds a secret, then replaces every known secret in every text.
    /// True where something was replaced.
    pub fn redact(&mut self, value: &mut Value) -> bool {
        self.learn_from(value);
        self.replace(value)
    }

    fn learn_from(&mut self, value: &Value) {
        match value {
            Value::Object(map) => {
                for (key, inner) in map {
                    match inner.as_str() {
                        Some(secret) if SECRET_KEYS.contains(&key.as_str()) => {
                            let is_placeholder = secret.starts_with("<secret:");
                            if !is_placeholder {
                                self.learn(key, secret);
                            }
                        }
                        _ => self.learn_from(inner),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.learn_from(item)),
            Value::String(text) if text.contains("auth_token") => {
                if let Ok(inner @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text) {
                    self.learn_from(&inner);
                }
            }
            _ => {}
        }
    }

    fn replace(&self, value: &mut Value) -> bool {
        match value {
            Value::Object(map) => {
                let mut changed = false;
                for inner in map.values_mut() {
                    changed |= self.replace(inner);
                }
                changed
            }
            Value::Array(items) => {
                let mut changed = false;
                for item in items {
                    changed |= self.replace(item);
                }
                changed
            }
            Value::String(text) => self.replace_text(text),
            _ => false,
        }
    }

    fn replace_text(&self, text: &mut String) -> bool {
        let mut changed = false;
        for (secret, name) in &self.known {
            if text.contains(secret.as_str()) {
                *text = text.replace(secret.as_str(), name);
                changed = true;
            }
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_known_secret_is_replaced_wherever_it_stands() {
        let mut redactor = Redactor::default();
        redactor.learn("admin", "adm-0123456789");
        let mut value =
            json!({"headers": ["Bearer adm-0123456789"], "n": 1, "text": "token adm-0123456789!"});
        assert!(redactor.redact(&mut value));
        assert_eq!(value["headers"][0], "Bearer <secret:admin>");
        assert_eq!(value["text"], "token <secret:admin>!");
    }

    #[test]
    fn a_token_that_the_platform_minted_is_learnt_where_it_first_appears() {
        let mut redactor = Redactor::default();
        let mut created = json!({"response": {"id": "x", "auth_token": "tok-abcdefgh"}});
        assert!(redactor.redact(&mut created));
        assert_eq!(created["response"]["auth_token"], "<secret:auth_token>");
        let mut later = json!("Bearer tok-abcdefgh");
        assert!(redactor.redact(&mut later));
        assert_eq!(later, "Bearer <secret:auth_token>");
    }

    #[test]
    fn a_token_inside_a_tool_result_is_found_too() {
        let mut redactor = Redactor::default();
        let mut call = json!({"text": "{\n  \"id\": \"x\",\n  \"auth_token\": \"tok-abcdefgh\"\n}"});
        assert!(redactor.redact(&mut call));
        assert!(!call.to_string().contains("tok-abcdefgh"));
    }

    #[test]
    fn short_values_are_left_alone() {
        let mut redactor = Redactor::default();
        redactor.learn("x", "abc");
        let mut value = json!("abcdef");
        assert!(!redactor.redact(&mut value));
    }
}
