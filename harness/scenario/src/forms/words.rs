//! The weights, and the words of the grammar that no registry holds (`fixtures/forms/grammar.yaml`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use document::Source;
use journal::FormLabel;
use serde::Deserialize;

/// What the file holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    /// How often each form is typed, relative to the others.
    pub(super) weights: BTreeMap<String, u32>,
    /// Short names that vendors keep pointing at their newest model.
    pub(super) aliases: Vec<String>,
    /// Ids that some runtime listed on an earlier day than any registry here.
    pub(super) withdrawn: Vec<String>,
    /// Days, with what parts them from the id.
    pub(super) dates: Vec<String>,
    /// Versions, likewise.
    pub(super) versions: Vec<String>,
    /// Models tried behind a vendor's name.
    pub(super) tails: Vec<String>,
    /// Vendors that pass calls on to others.
    pub(super) gateways: Vec<String>,
    /// What they are asked to pass on.
    pub(super) passed_on: Vec<String>,
    /// What stands behind `platform/`.
    pub(super) nothings: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let text = include_str!("../../../../fixtures/forms/grammar.yaml");
    document::read(&Source::new("fixtures/forms/grammar.yaml", text))
        .expect("a test reads the file that is compiled in")
});

/// The words that are compiled in.
pub(super) fn words() -> &'static Words {
    &WORDS
}

/// How often a form is typed, relative to the others.
pub(super) fn weight(form: FormLabel) -> u32 {
    WORDS.weights.get(form.as_str()).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_has_a_weight_and_every_weight_a_form() {
        for form in FormLabel::ALL {
            assert!(weight(form) > 0, "{form}");
        }
        assert_eq!(words().weights.len(), FormLabel::ALL.len());
    }
}
