//! Typed words into an entry and keys.
//!
//! What is wrong with a key is said without any part of its value: people paste real ones, and terminals are recorded.

use contract::Entry;
use oracle::{Scope, shown};
use wire::env::VENDOR_KEYS;

use super::KeyAsked;

const SCOPES: [(&str, Scope); 3] =
    [("payload", Scope::Payload), ("workspace", Scope::Workspace), ("global", Scope::Global)];

/// A word that makes no sense, and what to type instead.
#[derive(Debug, thiserror::Error)]
#[error("{what}\nhint: {hint}")]
pub(crate) struct Misused {
    what: String,
    hint: String,
}

/// The word for where a key stands.
pub(super) fn scope_word(scope: Scope) -> &'static str {
    match scope {
        Scope::Payload => "payload",
        Scope::Workspace => "workspace",
        Scope::Global => "global",
    }
}

/// The entry of a word.
pub(crate) fn entry(typed: &str) -> Result<Entry, Misused> {
    let words = Entry::ALL.map(Entry::as_str);
    Entry::from_word(typed).ok_or_else(|| Misused {
        what: format!("there is no entry {}", shown(typed)),
        hint: match document::near(typed, words) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write one of {}", words.join(", ")),
        },
    })
}

/// The keys of a question that comes in by this entry.
pub(crate) fn keys(typed: &[String], entry: Entry) -> Result<Vec<KeyAsked>, Misused> {
    let mut keys: Vec<KeyAsked> = Vec::new();
    for word in typed {
        let key = key(word, entry)?;
        let is_same = |known: &KeyAsked| known.name == key.name && known.scope == key.scope;
        if keys.iter().any(is_same) {
            return Err(Misused {
                what: format!("the key {} is given twice @{}", shown(&key.name), scope_word(key.scope)),
                hint: "give it once, or in different places".to_owned(),
            });
        }
        keys.push(key);
    }
    Ok(keys)
}

fn key(typed: &str, entry: Entry) -> Result<KeyAsked, Misused> {
    let (given, scope) = match typed.rsplit_once('@') {
        Some((given, word)) => (given, Some(word)),
        None => (typed, None),
    };
    let (name, value) = match given.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (given, None),
    };
    if let Some(fault) = name_fault(name) {
        return Err(Misused { what: format!("a key's name {fault}"), hint: name_hint(name) });
    }
    let scope = match scope {
        None => usual_scope(entry),
        Some(word) => scope_of(word).ok_or_else(|| no_scope(name, word))?,
    };
    Ok(KeyAsked {
        name: name.to_owned(),
        scope,
        is_blank: value.is_some_and(|value| value.trim().is_empty()),
    })
}

/// Where a key stands that says nothing of it: where this entry alone puts one, else on the whole tenant.
fn usual_scope(entry: Entry) -> Scope {
    match entry {
        Entry::Create => Scope::Payload,
        Entry::Restart => Scope::Workspace,
        Entry::Tool | Entry::Import | Entry::PutModel => Scope::Global,
    }
}

fn scope_of(word: &str) -> Option<Scope> {
    SCOPES.iter().find(|(known, _)| *known == word).map(|(_, scope)| *scope)
}

/// What follows an @ may be the end of a value, so it is not repeated.
fn no_scope(name: &str, word: &str) -> Misused {
    Misused {
        what: format!(
            "the key {} stands nowhere that is known: what follows its last @ is no place",
            shown(name)
        ),
        hint: match document::near(word, SCOPES.map(|(known, _)| known)) {
            Some(near) => format!("did you mean `@{near}`?"),
            None => {
                "write @payload, @workspace or @global at its end, after a value with an @ too".to_owned()
            }
        },
    }
}

/// What keeps a text from being the name of a variable.
fn name_fault(name: &str) -> Option<String> {
    let Some(first) = name.chars().next() else { return Some("is empty".to_owned()) };
    if first.is_ascii_digit() {
        return Some("begins with a digit".to_owned());
    }
    let odd = name.chars().find(|letter| !letter.is_ascii_alphanumeric() && *letter != '_')?;
    Some(format!("holds {}, so it is none of a variable", shown(&odd.to_string())))
}

fn name_hint(name: &str) -> String {
    match document::near(name, VENDOR_KEYS) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name its variable, such as ANTHROPIC_API_KEY; its value, if any, follows an =".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(typed: &str, entry: Entry) -> Result<(String, Scope, bool), String> {
        let keys = keys(&[typed.to_owned()], entry).map_err(|error| error.to_string())?;
        let key = keys.into_iter().next().unwrap();
        Ok((key.name, key.scope, key.is_blank))
    }

    #[test]
    fn a_key_stands_where_its_entry_puts_one_unless_it_says_otherwise() {
        for (typed, entry, scope, is_blank) in [
            ("A_KEY", Entry::Create, Scope::Payload, false),
            ("A_KEY", Entry::Restart, Scope::Workspace, false),
            ("A_KEY", Entry::Tool, Scope::Global, false),
            ("A_KEY", Entry::Import, Scope::Global, false),
            ("A_KEY", Entry::PutModel, Scope::Global, false),
            ("A_KEY=", Entry::Create, Scope::Payload, true),
            ("A_KEY= \t", Entry::Create, Scope::Payload, true),
            ("A_KEY=@global", Entry::Create, Scope::Global, true),
            ("A_KEY=a=b@c@workspace", Entry::Create, Scope::Workspace, false),
            ("A_KEY@payload", Entry::Restart, Scope::Payload, false),
        ] {
            assert_eq!(one(typed, entry), Ok(("A_KEY".to_owned(), scope, is_blank)), "{typed} {entry:?}");
        }
    }

    #[test]
    fn a_word_that_makes_no_sense_is_refused_with_what_to_type_and_without_a_value() {
        for (typed, said) in [
            ("A_KEY@paylod", "did you mean `@payload`?"),
            ("A_KEY=secret@paylod", "did you mean `@payload`?"),
            ("A_KEY=some@secret", "write @payload, @workspace or @global"),
            ("A_KEY@", "write @payload"),
            (
                "ANTHROPIC-API-KEY",
                "holds `-`, so it is none of a variable\nhint: did you mean `ANTHROPIC_API_KEY`?",
            ),
            ("", "is empty"),
            ("=secret", "is empty"),
            ("1KEY", "begins with a digit"),
            ("sk-secret", "name its variable"),
            ("K\u{415}Y", "holds `\\u{415}`"),
        ] {
            let error = one(typed, Entry::Create).unwrap_err();
            assert!(error.contains(said) && error.contains("\nhint: "), "{typed}: {error}");
            assert!(!error.contains("secret"), "{typed}: {error}");
        }
        let twice = ["A_KEY".to_owned(), "A_KEY=@payload".to_owned()];
        assert!(
            keys(&twice, Entry::Create).unwrap_err().to_string().contains("`A_KEY` is given twice @payload")
        );
        assert_eq!(keys(&twice, Entry::Restart).unwrap().len(), 2);
    }

    #[test]
    fn an_entry_is_known_by_its_word_in_scenarios() {
        assert_eq!(entry("put_model").unwrap(), Entry::PutModel);
        assert!(entry("put-model").unwrap_err().to_string().contains("did you mean `put_model`?"));
        assert!(entry("\u{1b}[2J").unwrap_err().to_string().starts_with("there is no entry `\\u{1b}[2J`"));
    }
}
