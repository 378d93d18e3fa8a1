//! What a reason says: the id, the keys that would do, an id that would do instead.

use std::collections::BTreeSet;

use contract::{Billing, Word};
use oracle::Oracle;

/// What a reason is held against.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) oracle: &'a Oracle,
    pub(crate) runtime: &'a str,
    pub(crate) model: &'a str,
}

/// True where the reason names what this word stands for (scenarios/README.md, `refused`).
pub(crate) fn names(reason: &str, word: Word, asked: Asked<'_>) -> bool {
    match word {
        Word::Model => cut(reason, asked.model).is_some(),
        Word::AcceptedKeys => names_keys(reason, asked),
        Word::Alternative => alternative(reason, asked).is_some(),
    }
}

/// At least one name that would do, and none that would not.
fn names_keys(reason: &str, asked: Asked<'_>) -> bool {
    let accepted = accepted_names(asked);
    let registry = asked.oracle.registry();
    let known: BTreeSet<&str> =
        registry.providers.iter().flat_map(|provider| provider.auth_env.iter().map(String::as_str)).collect();
    let named: Vec<&str> = tokens(reason).filter(|token| known.contains(token)).collect();
    !named.is_empty() && named.iter().all(|name| accepted.contains(*name))
}

/// The key names of every arm that the id can resolve to.
pub(crate) fn accepted_names(asked: Asked<'_>) -> BTreeSet<String> {
    let Asked { oracle, runtime, model } = asked;
    let mut accepted = BTreeSet::new();
    let mut add = |keys: &[&str]| {
        if let Ok(resolved) = oracle.resolve(runtime, model, keys) {
            accepted.extend(resolved.auth_env.iter().cloned());
        }
    };
    add(&[]);
    for provider in &oracle.registry().providers {
        for name in provider.auth_env.iter() {
            add(&[name.as_str()]);
        }
    }
    accepted
}

/// The first token that is listed on the runtime's platform arm and is not the id that was asked for.
pub(crate) fn alternative(reason: &str, asked: Asked<'_>) -> Option<String> {
    let runtime = asked.oracle.registry().runtime(asked.runtime)?;
    let arm = runtime.arms.iter().find(|arm| arm.billing() == Billing::Platform)?;
    let is_listed = |token: &&str| arm.exact.iter().any(|id| id.value == *token);
    let rest = without(reason, asked.model);
    tokens(&rest).find(is_listed).map(str::to_owned)
}

/// What a text names beside the id that was asked for and looks like an id: one that some arm of any runtime lists, or
/// a vendor and a model with a slash between them.
pub(crate) fn recommended(text: &str, asked: &str, oracle: &Oracle) -> Vec<String> {
    let arms = || oracle.registry().runtimes.iter().flat_map(|runtime| &runtime.arms);
    let is_listed = |token: &str| arms().any(|arm| arm.exact.iter().any(|id| id.value == token));
    let mut ids: Vec<String> = Vec::new();
    let rest = without(text, asked);
    for token in tokens(&rest) {
        if (is_listed(token) || is_slash_form(token)) && !ids.iter().any(|known| known == token) {
            ids.push(token.to_owned());
        }
    }
    ids
}

fn is_slash_form(token: &str) -> bool {
    let Some((vendor, model)) = token.split_once('/') else { return false };
    let is_name = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    !vendor.is_empty()
        && vendor.chars().all(is_name)
        && !model.contains('/')
        && model.contains(|letter: char| letter.is_ascii_digit())
}

/// A text without the id that was asked for. That may hold anything, white space too, so that it is no word like others.
fn without(text: &str, asked: &str) -> String {
    let mut rest = text.to_owned();
    while let Some((before, after)) = cut(&rest, asked) {
        rest = format!("{before} {after}");
    }
    rest
}

/// What stands before and after the first place where an id, trimmed, stands by itself: no letter and no digit between
/// it and the next mark that parts words.
fn cut<'t>(text: &'t str, id: &str) -> Option<(&'t str, &'t str)> {
    let id = id.trim();
    if id.is_empty() {
        return None;
    }
    let mut found = text.match_indices(id).map(|(at, id)| (&text[..at], &text[at + id.len()..]));
    found.find(|(before, after)| {
        let last = before.rsplit(parts_words).next().unwrap_or_default();
        let first = after.split(parts_words).next().unwrap_or_default();
        !last.contains(char::is_alphanumeric) && !first.contains(char::is_alphanumeric)
    })
}

fn parts_words(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '"' | '`' | '\'')
}

/// The words of a text, without the punctuation around them. What can stand inside an id is no punctuation.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let is_edge = |c: char| !c.is_alphanumeric();
    text.split(parts_words).map(move |token| token.trim_matches(is_edge)).filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use contract::{BUILTIN_REGISTRIES, load_registry};
    use document::Source;

    fn oracle() -> Oracle {
        let (name, text) = BUILTIN_REGISTRIES[0];
        Oracle::new(Arc::new(load_registry(&Source::new(name, text)).unwrap())).unwrap()
    }

    #[test]
    fn a_good_reason_names_all_three() {
        let oracle = oracle();
        let asked = Asked { oracle: &oracle, runtime: "claude-code", model: "claude-sonnet-4-6" };
        let reason = "model `claude-sonnet-4-6` is billed to your own key: set ANTHROPIC_API_KEY or \
                      ANTHROPIC_AUTH_TOKEN, or choose moonshot/kimi-k2.6.";
        for word in [Word::Model, Word::AcceptedKeys, Word::Alternative] {
            assert!(names(reason, word, asked), "{word:?}");
        }
        assert_eq!(alternative(reason, asked).as_deref(), Some("moonshot/kimi-k2.6"));
    }

    #[test]
    fn the_reason_of_the_night_names_the_wrong_key_and_no_way_out() {
        let oracle = oracle();
        let asked = Asked { oracle: &oracle, runtime: "claude-code", model: "claude-sonnet-4-6" };
        let reason =
            "this workspace bills to its own key but has no usable credential; set CLAUDE_CODE_OAUTH_TOKEN";
        for word in [Word::Model, Word::AcceptedKeys, Word::Alternative] {
            assert!(!names(reason, word, asked), "{word:?}");
        }
    }

    #[test]
    fn both_arms_of_a_tie_give_names_that_would_do() {
        let oracle = oracle();
        let asked = Asked { oracle: &oracle, runtime: "codex", model: "gpt-5.5" };
        assert!(names("set CODEX_AUTH_JSON or OPENAI_API_KEY", Word::AcceptedKeys, asked));
        assert!(!names("set ANTHROPIC_API_KEY or OPENAI_API_KEY", Word::AcceptedKeys, asked));
    }

    #[test]
    fn what_a_text_recommends_is_what_looks_like_an_id() {
        let oracle = oracle();
        for (text, ids) in [
            ("choose moonshot/kimi-k2.6, or moonshot/kimi-k2.6.", &["moonshot/kimi-k2.6"][..]),
            ("choose moonshot/kimi-k1-gone and set KIMI_API_KEY and/or another", &["moonshot/kimi-k1-gone"]),
            ("see https://docs.example/models/2 for claude-sonnet-4-6", &[]),
            ("use claude-unheard of anthropic/openai", &[]),
            ("", &[]),
        ] {
            assert_eq!(recommended(text, "claude-sonnet-4-6", &oracle), ids, "{text}");
        }
        let bare = recommended("use claude-sonnet-4-6", "gpt-5.5", &oracle);
        assert_eq!(bare, ["claude-sonnet-4-6"]);
    }

    #[test]
    fn an_id_of_any_letters_is_named_whole_and_recommends_nothing_by_its_parts() {
        let oracle = oracle();
        for model in ["moonshot:\tkimi-k2.5", "gemini-2.5-flash\u{7f}", "kimi-k2, (kimi-k2.5", "platform/"] {
            let asked = Asked { oracle: &oracle, runtime: "openclaw", model };
            let reason = format!("model `{model}` is refused; `moonshot/kimi-k2.6` works");
            assert!(names(&reason, Word::Model, asked), "{model:?}");
            assert_eq!(recommended(&reason, model, &oracle), ["moonshot/kimi-k2.6"], "{model:?}");
        }
    }

    #[test]
    fn an_id_inside_a_longer_word_is_not_named() {
        let oracle = oracle();
        let asked = Asked { oracle: &oracle, runtime: "claude-code", model: "sonnet" };
        assert!(!names("claude-sonnet-4-6 is refused", Word::Model, asked));
        assert!(names("the id sonnet, as typed", Word::Model, asked));
    }
}
