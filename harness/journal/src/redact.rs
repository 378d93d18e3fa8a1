//! Secrets are replaced when an event is recorded, so that a leak is still a visible finding.

use serde_json::Value;

/// Shorter values are not replaced: they would tear words apart.
const MIN_SECRET_BYTES: usize = 8;

/// The last letter of a text that was cut. The first part of a secret may stand before it.
pub const CUT_MARK: char = '…';

/// A shorter first part of a secret tells nothing of it.
const MIN_PART_BYTES: usize = 4;

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
            Value::String(text) => self.redact_text(text),
            _ => false,
        }
    }

    /// Replaces every known secret in a text, and the first part of one where the text was cut within it. True where
    /// something was replaced.
    pub fn redact_text(&self, text: &mut String) -> bool {
        let mut changed = self.replace_part(text);
        for (secret, name) in &self.known {
            if text.contains(secret.as_str()) {
                *text = text.replace(secret.as_str(), name);
                changed = true;
            }
        }
        changed
    }

    fn replace_part(&self, text: &mut String) -> bool {
        let Some(kept) = text.strip_suffix(CUT_MARK) else { return false };
        let part_of = |secret: &str| {
            let mut parts = (MIN_PART_BYTES..secret.len()).rev().filter_map(|end| secret.get(..end));
            parts.find(|part| kept.ends_with(part)).map(str::len)
        };
        let mut parts = self.known.iter().filter_map(|(secret, name)| Some((part_of(secret)?, name)));
        let Some((length, name)) = parts.next() else { return false };
        *text = format!("{}{name}{CUT_MARK}", &kept[..kept.len() - length]);
        true
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
    fn a_text_that_was_cut_within_a_secret_shows_no_part_of_it() {
        let mut redactor = Redactor::default();
        redactor.learn("admin", "adm-0123456789");
        redactor.learn("other", "something-else");
        for (text, shown) in [
            ("token adm-01234…", "token <secret:admin>…"),
            ("token adm-0123456789…", "token <secret:admin>…"),
            ("token adm-01234", "token adm-01234"),
            ("the end…", "the end…"),
        ] {
            let mut redacted = text.to_owned();
            assert_eq!(redactor.redact_text(&mut redacted), text != shown, "{text}");
            assert_eq!(redacted, shown);
        }
    }

    #[test]
    fn short_values_are_left_alone() {
        let mut redactor = Redactor::default();
        redactor.learn("x", "abc");
        let mut value = json!("abcdef");
        assert!(!redactor.redact(&mut value));
    }
}
