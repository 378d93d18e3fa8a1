//! What a tool's text tells an agent: the rules that it states, and the ids that it says the platform pays for.
//!
//! The patterns are data, `fixtures/texts/rules.yaml`, compiled in. A persona that reads its tools decides by them,
//! and so does the judge of a tool's text. To state a rule in other words: a pattern there, and a text in the tests.

use std::sync::LazyLock;

use document::{Placed, Problem, Source};
use regex::{Regex, RegexBuilder};
use serde::Deserialize;

use crate::{LoadError, Rule};

const NAME: &str = "fixtures/texts/rules.yaml";
const TEXT: &str = include_str!("../../../fixtures/texts/rules.yaml");

/// The patterns that are compiled in.
static READER: LazyLock<Reader> =
    LazyLock::new(|| load(&Source::new(NAME, TEXT)).expect("a test loads the patterns that are compiled in"));

/// The rules that a text states, in the order of [`Rule::ALL`].
pub fn rules_stated(text: &str) -> Vec<Rule> {
    let sentences = READER.sentences(text);
    let is_stated = |rule: &Rule| READER.rules.iter().any(|way| way.rule == *rule && way.is_in(&sentences));
    Rule::ALL.into_iter().filter(is_stated).collect()
}

/// The ids that a text names as paid by the platform on this runtime, in the text's order and spelling.
pub fn platform_ids_named(text: &str, runtime: &str) -> Vec<String> {
    let mut ids = Vec::new();
    for sentence in READER.sentences(text) {
        let Some(lead) = READER.lead.find(&sentence) else { continue };
        for group in READER.group.captures_iter(&sentence[lead.end()..]) {
            let is_for_it = group.name("runtime").is_none_or(|named| named.as_str() == runtime);
            if let (true, Some(listed)) = (is_for_it, group.name("ids")) {
                ids.extend(listed.as_str().split([',', ' ']).filter_map(id_in));
            }
        }
    }
    ids
}

/// An id without the marks around it; words of the sentence are none.
fn id_in(word: &str) -> Option<String> {
    let id = word.trim_matches(['`', '"', '\'', '.', '(', ')']);
    let is_an_id = id.contains(['/', ':', '-']) || id.contains(|letter: char| letter.is_ascii_digit());
    is_an_id.then(|| id.to_owned())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    sentence_end: Placed<String>,
    rules: Vec<WayText>,
    platform_ids: IdsText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WayText {
    rule: Rule,
    sentences: usize,
    all: Vec<Placed<String>>,
    none: Vec<Placed<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IdsText {
    lead: Placed<String>,
    group: Placed<String>,
}

/// The patterns, ready to use.
#[derive(Debug)]
struct Reader {
    sentence_end: Regex,
    rules: Vec<Way>,
    lead: Regex,
    group: Regex,
}

/// One way to state a rule.
#[derive(Debug)]
struct Way {
    rule: Rule,
    sentences: usize,
    all: Vec<Regex>,
    none: Vec<Regex>,
}

impl Reader {
    /// The sentences of a text, each in one line.
    fn sentences(&self, text: &str) -> Vec<String> {
        let sentences = self.sentence_end.split(text);
        let in_one_line = sentences.map(|it| it.split_whitespace().collect::<Vec<_>>().join(" "));
        in_one_line.filter(|sentence| !sentence.is_empty()).collect()
    }
}

impl Way {
    fn is_in(&self, sentences: &[String]) -> bool {
        let width = self.sentences.clamp(1, sentences.len().max(1));
        sentences.windows(width).map(|window| window.join(". ")).any(|part| {
            self.all.iter().all(|pattern| pattern.is_match(&part))
                && !self.none.iter().any(|pattern| pattern.is_match(&part))
        })
    }
}

/// Reads and compiles the patterns.
///
/// # Errors
/// Unknown keys, and patterns that do not compile, with their place.
fn load(source: &Source) -> Result<Reader, LoadError> {
    let texts: Texts = document::read(source).map_err(|problem| LoadError(vec![problem]))?;
    let one = |pattern: &Placed<String>| compiled(source, pattern);
    let many = |patterns: &[Placed<String>]| patterns.iter().map(one).collect::<Result<Vec<_>, _>>();
    let ways = texts.rules.iter().map(|way| {
        Ok(Way { rule: way.rule, sentences: way.sentences, all: many(&way.all)?, none: many(&way.none)? })
    });
    Ok(Reader {
        rules: ways.collect::<Result<_, LoadError>>()?,
        sentence_end: one(&texts.sentence_end)?,
        lead: one(&texts.platform_ids.lead)?,
        group: one(&texts.platform_ids.group)?,
    })
}

fn compiled(source: &Source, pattern: &Placed<String>) -> Result<Regex, LoadError> {
    RegexBuilder::new(&pattern.value).case_insensitive(true).build().map_err(|error| {
        let problem = Problem::at(source, pattern.place, "this pattern does not compile");
        let hint = error.to_string();
        LoadError(vec![problem.with_hint(hint.lines().last().unwrap_or_default().trim().to_owned())])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BUILTIN_CONTRACTS, load_contract};

    const OMIT: &[Rule] = &[Rule::OmitMeansDefault];
    const SLASH: &[Rule] = &[Rule::SlashIsPlatform];
    const KEY: &[Rule] = &[Rule::BareOrColonNeedsKey];
    const NONE: &[Rule] = &[];

    fn as_designed() -> String {
        let (name, text) = BUILTIN_CONTRACTS[0];
        load_contract(&Source::new(name, text)).unwrap().provision_tool.model.value
    }

    #[test]
    fn what_is_compiled_in_compiles() {
        assert_eq!(load(&Source::new(NAME, TEXT)).unwrap().rules.len(), Rule::ALL.len());
    }

    #[test]
    fn a_damaged_pattern_is_refused_with_its_place() {
        let damaged = TEXT.replacen(r"\bbare\b", "(bare", 1);
        let error = load(&Source::new("damaged.yaml", damaged)).unwrap_err().to_string();
        assert!(error.contains("does not compile") && error.contains("damaged.yaml:"), "{error}");
    }

    #[test]
    fn every_contract_says_of_its_text_what_the_text_states() {
        for (name, text) in BUILTIN_CONTRACTS {
            let tool = load_contract(&Source::new(name, text)).unwrap().provision_tool;
            assert_eq!(rules_stated(&tool.model), *tool.states, "{name}");
        }
        assert_eq!(rules_stated(&as_designed()), Rule::ALL);
    }

    /// The published tools in substance (mcp §3), then other words.
    const TEXTS: &[(&str, &[Rule])] = &[
        ("LLM model id", NONE),
        (
            "LLM model id. Leave it out unless the user named a model; the platform's default is used then.",
            OMIT,
        ),
        ("LLM model id. Omit unless the user asked for one. The platform default then applies.", OMIT),
        ("Model id. Never omit it: there is no default.", NONE),
        ("The default model is good. Pick an id from the list.", NONE),
        ("Ids with a slash are paid by the platform.", SLASH),
        ("Ids written vendor/model need your own key. Platform-billed ids: a/b.", NONE),
        ("Ids written vendor/model are not billed to the platform.", NONE),
        ("Bare ids need your own key. So do ids with a colon.", KEY),
        ("A bare id or one with a colon is fine.", NONE),
        ("", NONE),
    ];

    #[test]
    fn texts_state_the_rules_that_a_reader_finds() {
        for (text, rules) in TEXTS {
            assert_eq!(rules_stated(text), *rules, "{text}");
        }
    }

    #[test]
    fn ids_are_named_runtime_by_runtime_and_never_respelled() {
        let list =
            "claude-code: moonshot/kimi-k2.6, minimax/MiniMax-M2.7; google-adk: platform:gemini-2.5-pro";
        let text = as_designed().replace("$platform_ids", list);
        assert_eq!(
            platform_ids_named(&text, "claude-code"),
            ["moonshot/kimi-k2.6", "minimax/MiniMax-M2.7"],
            "{text}"
        );
        assert_eq!(platform_ids_named(&text, "google-adk"), ["platform:gemini-2.5-pro"]);
        assert!(platform_ids_named(&text, "codex").is_empty());
        let bare = "Platform-billed ids are: `minimax/MiniMax-M2.7` and openai/gpt-5.4.";
        assert_eq!(platform_ids_named(bare, "codex"), ["minimax/MiniMax-M2.7", "openai/gpt-5.4"]);
        assert!(platform_ids_named("LLM model id, such as moonshot/kimi-k2.6.", "codex").is_empty());
    }
}
