//! Samples for people.

use std::fmt::Write;

use journal::FormLabel;
use scenario::outcome;

use super::{Drawn, Sample, Samples};

/// An id is shown at no greater length, in characters.
const SHOWN_CHARS: usize = 60;

impl Samples<'_> {
    /// The samples form by form, and at the end what the grammar holds.
    pub(crate) fn in_words(&self) -> String {
        let (contract, registry) = (&self.loaded.contract_text.name, &self.loaded.registry_text.name);
        let drawn = match self.drawn {
            Drawn::All => "every id".to_owned(),
            Drawn::Some { seed, .. } => format!("seed {seed}"),
        };
        let (runtime, entry) = (self.runtime, self.entry.as_str());
        let mut text = format!(
            "{runtime} by {entry} without a key: contract {contract}, registry {registry}, {drawn}\n"
        );
        for alike in self.samples.chunk_by(|one, next| one.form.label == next.form.label) {
            let Some(first) = alike.first() else { continue };
            let label = first.form.label;
            let _ = writeln!(text, "\n{label}: {}", ids(self.count(label)));
            for sample in alike {
                write_sample(&mut text, sample);
            }
        }
        let _ = writeln!(text, "\n{}", self.held_in_words());
        text
    }

    fn count(&self, label: FormLabel) -> usize {
        self.held.iter().find(|(held, _)| *held == label).map_or(0, |(_, count)| *count)
    }

    /// How many ids the grammar holds, and which forms it has none of.
    fn held_in_words(&self) -> String {
        let all = self.held.iter().map(|(_, count)| count).sum();
        let (held, lacking): (Vec<_>, Vec<_>) = self.held.iter().partition(|(_, count)| *count > 0);
        let none = match lacking.as_slice() {
            [] => String::new(),
            lacking => {
                let words: Vec<&str> = lacking.iter().map(|(label, _)| label.as_str()).collect();
                format!("; none of {}", words.join(", "))
            }
        };
        format!("the grammar holds {} of {} forms for {}{none}", ids(all), held.len(), self.runtime)
    }
}

fn ids(count: usize) -> String {
    if count == 1 { "1 id".to_owned() } else { format!("{count} ids") }
}

fn write_sample(text: &mut String, sample: &Sample) {
    let id = sample.form.id.as_deref().map_or_else(|| "no id".to_owned(), shown);
    let _ = writeln!(text, "  {id}  {}", sample.form.in_words().escape_debug());
    let _ = writeln!(text, "    {}", outcome(&sample.prediction));
    for other in &sample.prediction.or {
        let _ = writeln!(text, "    or, as the contract allows: {}", outcome(other));
    }
}

/// An id, or what was typed for a word: on one line, in backticks, with every letter spelled out that can't be seen or
/// may look like another, cut with its length where it is long.
pub(crate) fn shown(id: &str) -> String {
    let mut text = String::new();
    let mut length = 0;
    for letter in id.chars() {
        let spelled: String = match letter {
            '`' => letter.escape_unicode().collect(),
            ' '..='~' if letter != '\\' => letter.to_string(),
            other => other.escape_default().collect(),
        };
        length += spelled.len();
        if length > SHOWN_CHARS {
            return format!("`{text}…` ({} bytes)", id.len());
        }
        text.push_str(&spelled);
    }
    format!("`{text}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_stands_on_one_line_with_what_cannot_be_seen_spelled_out() {
        for (id, words) in [
            ("", "``"),
            (" kimi ", "` kimi `"),
            ("k\u{456}mi\u{200b}\n\u{1b}[m`", "`k\\u{456}mi\\u{200b}\\n\\u{1b}[m\\u{60}`"),
            (&"x".repeat(60), &format!("`{}`", "x".repeat(60))),
            (&"x".repeat(101), &format!("`{}…` (101 bytes)", "x".repeat(60))),
            (&"\u{3000}".repeat(20), &format!("`{}…` (60 bytes)", "\\u{3000}".repeat(7))),
        ] {
            assert_eq!(shown(id), words);
        }
    }
}
