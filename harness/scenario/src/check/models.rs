//! The axis `model`.

use contract::Billing;
use document::{Node, Placed};
use journal::FormLabel;

use super::problems::Problems;
use super::vary::{MAX_VALUES, check_values};
use crate::raw::{RawArm, RawDraw};
use crate::{DrawnFrom, Filter, ModelValues};

/// A list of ids, or a draw.
pub(super) fn check(problems: &mut Problems<'_>, node: &Node) -> Option<ModelValues> {
    if node.as_map().is_some() {
        let draw: RawDraw = problems.decode(node)?;
        return drawn(problems, node, &draw);
    }
    let ids: Vec<Placed<Option<String>>> = problems.decode(node)?;
    let shown: Vec<Placed<String>> = ids
        .iter()
        .map(|id| Placed::new(id.place, id.value.clone().unwrap_or_else(|| "null".into())))
        .collect();
    check_values(problems, "model", node.place, &shown);
    Some(ModelValues::These(ids.into_iter().map(|id| id.value).collect()))
}

fn drawn(problems: &mut Problems<'_>, node: &Node, draw: &RawDraw) -> Option<ModelValues> {
    let count = draw.draw.value as usize;
    if count == 0 || count > MAX_VALUES {
        let text = format!("a draw of {count}, where 1 to {MAX_VALUES} are wanted");
        problems.add(draw.draw.place, text, "say how many ids to draw for each runtime");
    }
    let from = match (draw.arm, &draw.forms, &draw.any_form) {
        (Some(arm), None, None) => DrawnFrom::Arm(match arm {
            RawArm::Platform => Billing::Platform,
            RawArm::Vendor => Billing::Byok,
        }),
        (None, Some(words), None) => DrawnFrom::Forms(forms(problems, words)),
        (None, None, Some(any)) => {
            if !any.value {
                let hint = "write `any_form: true`, or name the forms: `forms: [colon, dated]`";
                problems.add(any.place, "a draw from no form at all", hint);
            }
            DrawnFrom::AnyForm
        }
        _ => {
            let hint = "write one of `arm`, `forms` and `any_form`";
            problems.add(node.place, "it does not say what ids are drawn from", hint);
            return None;
        }
    };
    let filter = Filter { refused: draw.refused, answers: draw.answers, payer: draw.payer };
    Some(ModelValues::Drawn { from, count, filter })
}

fn forms(problems: &mut Problems<'_>, words: &Placed<Vec<Placed<String>>>) -> Vec<FormLabel> {
    check_values(problems, "model.forms", words.place, &words.value);
    let known: Vec<&str> = FormLabel::ALL.iter().map(|form| form.as_str()).collect();
    let mut forms = Vec::new();
    for word in &words.value {
        match FormLabel::from_word(&word.value) {
            Some(form) => forms.push(form),
            None => problems.unknown("form", word, &known),
        }
    }
    forms
}
