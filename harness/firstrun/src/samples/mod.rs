//! Samples of the grammar of model ids, with what is predicted of each: `firstrun forms` without the command line.
//!
//! Nothing is played. What is predicted is what a run would judge of a member that comes in without any key.

mod json;
mod text;

pub(crate) use text::shown;

use contract::Entry;
use journal::{FormLabel, Streams};
use oracle::{Prediction, Question};
use rand::RngExt;
use scenario::{Form, forms_of, server_default_model};

use crate::load::Loaded;

/// Which ids of each form are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Drawn {
    /// Every one, in the order of the grammar.
    All,
    /// At most so many, drawn by the seed.
    Some {
        /// The seed.
        seed: u64,
        /// How many.
        of_each: usize,
    },
}

/// What the grammar holds for a runtime, and samples of it.
pub(crate) struct Samples<'a> {
    loaded: &'a Loaded,
    runtime: &'a str,
    entry: Entry,
    drawn: Drawn,
    /// How many ids of each form the grammar holds, in the order of the forms.
    held: Vec<(FormLabel, usize)>,
    samples: Vec<Sample>,
}

/// One id and what is predicted of it.
struct Sample {
    form: Form,
    prediction: Prediction,
}

impl<'a> Samples<'a> {
    /// Draws ids of the wanted forms, of every form where none is named. What the entry can't take is left out.
    pub(crate) fn draw(
        loaded: &'a Loaded,
        runtime: &'a str,
        entry: Entry,
        wanted: &[FormLabel],
        drawn: Drawn,
    ) -> Self {
        let all = forms_of(&loaded.registry, runtime);
        let count = |label: FormLabel| all.iter().filter(|form| form.label == label).count();
        let held = FormLabel::ALL.into_iter().map(|label| (label, count(label))).collect();
        let is_wanted = |label: &FormLabel| wanted.is_empty() || wanted.contains(label);
        let mut samples = Vec::new();
        for label in FormLabel::ALL.into_iter().filter(is_wanted) {
            let can_come = |form: &&Form| form.label == label && form.goes_by(entry);
            let own: Vec<&Form> = all.iter().filter(can_come).collect();
            samples.extend(some(own, label, drawn).into_iter().map(|form| Sample {
                form: form.clone(),
                prediction: predicted(loaded, runtime, entry, form),
            }));
        }
        Self { loaded, runtime, entry, drawn, held, samples }
    }
}

/// Each form has a stream of its own, so that asking for one alone shows what asking for all shows of it.
fn some(mut forms: Vec<&Form>, label: FormLabel, drawn: Drawn) -> Vec<&Form> {
    let Drawn::Some { seed, of_each } = drawn else { return forms };
    let mut generator = Streams::of(seed).below("forms").named(label.as_str());
    let mut chosen = Vec::new();
    while chosen.len() < of_each && !forms.is_empty() {
        chosen.push(forms.swap_remove(generator.random_range(0..forms.len())));
    }
    chosen
}

fn predicted(loaded: &Loaded, runtime: &str, entry: Entry, form: &Form) -> Prediction {
    let question = Question {
        runtime,
        model: form.id.as_deref(),
        keys: &[],
        entry,
        proxy_wired: true,
        // Of no effect where the contract says that the variable is ignored.
        default_model: server_default_model(&loaded.oracle, &loaded.contract),
    };
    loaded.oracle.predict(&loaded.contract, &question)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(samples: &Samples<'_>, label: FormLabel) -> Vec<Option<String>> {
        let own = samples.samples.iter().filter(|sample| sample.form.label == label);
        own.map(|sample| sample.form.id.clone()).collect()
    }

    #[test]
    fn a_form_asked_for_alone_shows_what_it_shows_among_all() {
        let loaded = Loaded::builtin().unwrap();
        let drawn = Drawn::Some { seed: 7, of_each: 3 };
        let all = Samples::draw(&loaded, "hermes", Entry::Create, &[], drawn);
        let alone = Samples::draw(&loaded, "hermes", Entry::Create, &[FormLabel::Padded], drawn);
        assert_eq!(ids(&alone, FormLabel::Padded), ids(&all, FormLabel::Padded));
        assert_eq!(ids(&alone, FormLabel::Padded).len(), 3);
        assert_eq!(alone.samples.len(), 3);
    }

    #[test]
    fn another_seed_shows_other_ids_and_all_shows_every_one() {
        let loaded = Loaded::builtin().unwrap();
        let drawn = |seed| {
            let drawn = Drawn::Some { seed, of_each: 5 };
            ids(&Samples::draw(&loaded, "hermes", Entry::Create, &[], drawn), FormLabel::Dated)
        };
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
        let all = Samples::draw(&loaded, "hermes", Entry::Create, &[], Drawn::All);
        let held: usize = all.held.iter().map(|(_, count)| count).sum();
        assert_eq!(all.samples.len(), held);
    }

    #[test]
    fn an_entry_that_names_an_id_has_none_that_is_left_out() {
        let loaded = Loaded::builtin().unwrap();
        for (entry, count) in [(Entry::Create, 1), (Entry::PutModel, 0)] {
            let samples = Samples::draw(&loaded, "claude-code", entry, &[FormLabel::Absent], Drawn::All);
            assert_eq!(samples.samples.len(), count, "{entry:?}");
        }
    }
}
