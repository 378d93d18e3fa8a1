//! What was found, for people and for programs.

use std::fmt::Write;

use journal::InvariantId;
use serde_json::{Value, json};

use super::{Contradiction, Identified, Score};

/// So many contradictions of each contract are shown to people.
const SHOWN: usize = 3;

impl Identified {
    /// The answer first, then every contract with what speaks for and against it.
    pub fn in_words(&self) -> String {
        let mut text = format!("{}\n\n{} questions were asked\n", self.answer(), self.questions);
        for score in &self.scores {
            write_score(&mut text, score);
        }
        text
    }

    /// The same with every contradiction.
    pub fn as_json(&self) -> Value {
        let free = self.free();
        json!({
            "contracts": free,
            "nearest": self.nearest().map(|score| &score.contract),
            "not_asked": self.not_asked(),
            "questions": self.questions,
            "troubles": self.troubles,
            "scores": self.scores.iter().map(score_as_json).collect::<Vec<_>>(),
        })
    }

    fn answer(&self) -> String {
        match (self.free().as_slice(), self.nearest()) {
            ([one], _) => format!("the platform behaves like {one}"),
            ([], Some(nearest)) => format!(
                "the platform behaves like none of the contracts; the nearest is {}, with {} contradictions",
                nearest.contract,
                nearest.contradictions.len()
            ),
            ([], None) => "there is no contract to compare with".to_owned(),
            (several, _) => format!(
                "the platform behaves like {}, which these questions can't tell apart\nthey differ in what was not \
                 asked: {}",
                several.join(" and "),
                self.not_asked().join(", ")
            ),
        }
    }
}

fn write_score(text: &mut String, score: &Score) {
    let (agrees, differs, silent) = (score.agrees, score.contradictions.len(), score.silent);
    let _ = writeln!(text, "\n{}: {agrees} agree, {differs} differ, {silent} not promised", score.contract);
    for one in score.contradictions.iter().take(SHOWN) {
        let _ = writeln!(text, "  {} ({})", one.question, rule(one));
        let _ = writeln!(text, "    promised: {}", one.promised);
        let _ = writeln!(text, "    seen:     {}", one.seen);
    }
    if differs > SHOWN {
        let _ = writeln!(text, "  and {} more, which --format json lists", differs - SHOWN);
    }
}

fn rule(one: &Contradiction) -> &'static str {
    one.invariant.map_or("as_predicted", InvariantId::as_str)
}

fn score_as_json(score: &Score) -> Value {
    let contradictions = score.contradictions.iter().map(|one| {
        json!({ "question": one.question, "rule": rule(one), "promised": one.promised, "seen": one.seen })
    });
    json!({
        "contract": score.contract,
        "agrees": score.agrees,
        "silent": score.silent,
        "differs": score.contradictions.len(),
        "contradictions": contradictions.collect::<Vec<_>>(),
    })
}
