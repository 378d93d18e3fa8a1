//! Seeded draws from the grammar: first a form by its weight, then one of its ids.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use contract::{BUILTIN_REGISTRIES, Registry, load_registry};
use document::Source;
use journal::FormLabel;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use super::grammar::{Form, forms};
use super::words;

/// The registries that are compiled in: what another day listed is withdrawn, or not there yet.
static DAYS: LazyLock<Vec<Registry>> = LazyLock::new(|| {
    let sources = BUILTIN_REGISTRIES.iter().map(|(name, text)| Source::new(*name, *text));
    sources.filter_map(|source| load_registry(&source).ok()).collect()
});

/// The forms of every runtime of a registry.
pub(crate) struct Forms(BTreeMap<String, Vec<Form>>);

impl Forms {
    pub(crate) fn of(registry: &Registry) -> Self {
        let names = registry.runtimes.iter().map(|runtime| runtime.name.value.clone());
        Self(names.map(|name| (name.clone(), of_runtime(registry, &name))).collect())
    }

    /// The forms of one runtime; none for a runtime that is not there.
    pub(crate) fn runtime(&self, name: &str) -> &[Form] {
        self.0.get(name).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Every id of the grammar for a runtime, against every day that is compiled in.
pub fn of_runtime(registry: &Registry, runtime: &str) -> Vec<Form> {
    forms(registry, runtime, DAYS.iter())
}

/// What is left to draw. No form is drawn twice.
pub(crate) struct Hat<'a> {
    generator: ChaCha8Rng,
    left: Vec<(u32, Vec<&'a Form>)>,
}

impl<'a> Hat<'a> {
    /// A hat with the forms that are wanted.
    pub(crate) fn with(
        forms: &'a [Form],
        is_wanted: impl Fn(FormLabel) -> bool,
        generator: ChaCha8Rng,
    ) -> Self {
        let labels = FormLabel::ALL.into_iter().filter(|label| is_wanted(*label));
        let of_label = |label: FormLabel| forms.iter().filter(|form| form.label == label).collect::<Vec<_>>();
        let left = labels.map(|label| (words::weight(label), of_label(label)));
        Self { generator, left: left.filter(|(_, forms)| !forms.is_empty()).collect() }
    }
}

impl<'a> Iterator for Hat<'a> {
    type Item = &'a Form;

    fn next(&mut self) -> Option<&'a Form> {
        let total: u32 = self.left.iter().map(|(weight, _)| weight).sum();
        if total == 0 {
            return None;
        }
        let mut at = self.generator.random_range(0..total);
        let chosen = self.left.iter().position(|(weight, _)| {
            let is_here = at < *weight;
            at = at.saturating_sub(*weight);
            is_here
        })?;
        let (_, forms) = &mut self.left[chosen];
        let form = forms.swap_remove(self.generator.random_range(0..forms.len()));
        if forms.is_empty() {
            self.left.remove(chosen);
        }
        Some(form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use journal::Streams;

    fn registry() -> Registry {
        let (name, text) = BUILTIN_REGISTRIES[0];
        load_registry(&Source::new(name, text)).unwrap()
    }

    #[test]
    fn every_form_is_drawn_once_and_in_the_same_order_for_a_seed() {
        let all = of_runtime(&registry(), "hermes");
        let drawn =
            |seed| -> Vec<&Form> { Hat::with(&all, |_| true, Streams::of(seed).named("hat")).collect() };
        assert_eq!(drawn(1).len(), all.len());
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
    }

    #[test]
    fn only_what_is_wanted_is_in_the_hat() {
        let all = of_runtime(&registry(), "claude-code");
        let wanted = |label| label == FormLabel::Dated;
        let mut drawn = Hat::with(&all, wanted, Streams::of(1).named("hat")).peekable();
        assert!(drawn.peek().is_some());
        assert!(drawn.all(|form| form.label == FormLabel::Dated));
    }

    #[test]
    fn every_runtime_has_every_form_that_its_registry_allows() {
        let registry = registry();
        let lacking = |runtime: &str| -> Vec<FormLabel> {
            let all = of_runtime(&registry, runtime);
            println!("{runtime}: {} ids", all.len());
            let is_lacking = |label: &FormLabel| all.iter().all(|form| form.label != *label);
            FormLabel::ALL.into_iter().filter(is_lacking).collect()
        };
        // A template's default that is listed has the form that it is listed in; only what a runtime lists nothing of has
        // a prefix to try; codex lists its platform's models without their vendor too, openclaw
        // lists one vendor's alone.
        use FormLabel::{
            Bare, Colon, MissingPrefix, OtherArm, Passthrough, Slash, TemplateDefault, VendorPrefix,
        };
        assert_eq!(lacking("claude-code"), [TemplateDefault, Passthrough]);
        assert_eq!(lacking("hermes"), [Bare, Colon]);
        assert_eq!(lacking("codex"), [Colon, TemplateDefault, MissingPrefix, Passthrough]);
        assert_eq!(lacking("openclaw"), [Bare, OtherArm]);
        assert_eq!(
            lacking("google-adk"),
            [Slash, TemplateDefault, MissingPrefix, OtherArm, VendorPrefix, Passthrough]
        );
    }
}
