//! The mocked model behind the proxy: a pure function of who it plays and of the conversation it is sent.
//!
//! With tools it is the concierge's model, without it is a member's. The proxy calls [`think`] for every accepted
//! call and sends what comes of it. It never learns anything about the platform but what the conversation holds.

mod concierge;
mod habit;
mod member;
mod progress;
mod report;

pub(crate) use progress::{PROVISION, is_tool};

use std::collections::HashMap;
use std::time::Duration;

use journal::Persona;

use crate::speech::{Completion, Prompt};

/// Who the model plays, and what it knows beside the conversation.
#[derive(Clone, Debug)]
pub(crate) struct Mind {
    /// How it behaves.
    pub(crate) persona: Persona,
    /// The id it would type unasked.
    pub(crate) would_type: Option<String>,
    /// The answers that only a working model knows, by the word in the question.
    pub(crate) answers: HashMap<String, String>,
}

/// What the model answers, and how long it takes to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Thought {
    /// A pause before the answer, to be scaled by the pace.
    pub(crate) pause: Duration,
    /// The answer.
    pub(crate) completion: Completion,
}

impl Thought {
    fn at_once(completion: Completion) -> Self {
        Self { pause: Duration::ZERO, completion }
    }
}

/// Answers a prompt.
pub(crate) fn think(mind: &Mind, prompt: &Prompt) -> Thought {
    if let Some(answer) = known_answer(mind, prompt) {
        return Thought::at_once(Completion::text(answer));
    }
    if prompt.tools.is_empty() {
        return Thought::at_once(member::answer());
    }
    concierge::answer(mind, prompt)
}

/// The word is the last one of the sentence, without a full stop, so that it stands alone.
fn known_answer(mind: &Mind, prompt: &Prompt) -> Option<String> {
    let words = prompt.last_words()?;
    let (_, expected) = mind.answers.iter().find(|(nonce, _)| words.contains(nonce.as_str()))?;
    Some(format!("The word is {expected}"))
}

#[cfg(test)]
mod tests;
