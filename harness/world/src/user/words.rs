//! The user's words: rendered from a turn, and read back by the model behind the concierge.
//!
//! The wishes stand in the last line, names and ids in double quotes with JSON's escapes, so that a name with commas,
//! quotes or line breaks is understood as it was meant. Where the last line is no such sentence there are no wishes.

/// What the user wants of the concierge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserTurn {
    /// In the user's own words.
    pub text: String,
    /// The members to set up.
    pub members: Vec<String>,
    /// The runtime they should run on.
    pub runtime: Option<String>,
    /// The model they should use.
    pub model: Option<String>,
}

impl UserTurn {
    /// The words that the user says, as the mocked model behind a concierge understands them.
    pub fn in_words(&self) -> String {
        render(self)
    }
}

/// A turn as the concierge hears it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heard {
    /// What the user wants.
    pub(crate) turn: UserTurn,
    /// Whether the user wants it tried again.
    pub(crate) again: bool,
}

const AGAIN: &str = "Please try again, and remove what failed before.";
const ONE_MEMBER: &str = "The member is ";
const MANY_MEMBERS: &str = "The members are ";
const RUNTIME: &str = "It should run on ";
const MODEL: &str = "It should use the model ";

/// The words of a turn.
pub(crate) fn render(turn: &UserTurn) -> String {
    worded(&turn.text, &wishes(turn))
}

/// The words of a turn about a team that was asked for before.
pub(crate) fn render_again(turn: &UserTurn) -> String {
    worded(&turn.text, format!("{AGAIN} {}", wishes(turn)).trim_end())
}

fn worded(text: &str, wishes: &str) -> String {
    match (text.is_empty(), wishes.is_empty()) {
        (_, true) => text.to_owned(),
        (true, false) => wishes.to_owned(),
        (false, false) => format!("{text}\n{wishes}"),
    }
}

fn wishes(turn: &UserTurn) -> String {
    let mut sentences = Vec::new();
    match turn.members.as_slice() {
        [] => {}
        [one] => sentences.push(format!("{ONE_MEMBER}{}.", quoted(one))),
        [most @ .., last] => {
            let most: Vec<String> = most.iter().map(|name| quoted(name)).collect();
            sentences.push(format!("{MANY_MEMBERS}{} and {}.", most.join(", "), quoted(last)));
        }
    }
    if let Some(runtime) = &turn.runtime {
        sentences.push(format!("{RUNTIME}{}.", quoted(runtime)));
    }
    if let Some(model) = &turn.model {
        sentences.push(format!("{MODEL}{}.", quoted(model)));
    }
    sentences.join(" ")
}

/// The turn behind the words.
pub(crate) fn read(words: &str) -> Heard {
    let (text, line) = words.rsplit_once('\n').unwrap_or(("", words));
    let (again, wishes) = match line.strip_prefix(AGAIN) {
        Some(wishes) => (true, wishes.strip_prefix(' ').unwrap_or(wishes)),
        None => (false, line),
    };
    let mut turn = UserTurn { text: text.to_owned(), ..UserTurn::default() };
    let is_read = if wishes.is_empty() { again } else { read_wishes(wishes, &mut turn).is_some() };
    if is_read {
        return Heard { turn, again };
    }
    Heard { turn: UserTurn { text: words.to_owned(), ..UserTurn::default() }, again: false }
}

/// The whole line, or nothing.
fn read_wishes(line: &str, turn: &mut UserTurn) -> Option<()> {
    let mut rest = line;
    if let Some(after) = rest.strip_prefix(ONE_MEMBER).or_else(|| rest.strip_prefix(MANY_MEMBERS)) {
        rest = read_names(after, &mut turn.members)?;
    }
    if let Some(after) = rest.strip_prefix(RUNTIME) {
        let (runtime, after) = unquoted(after)?;
        turn.runtime = Some(runtime);
        rest = end_of_sentence(after)?;
    }
    if let Some(after) = rest.strip_prefix(MODEL) {
        let (model, after) = unquoted(after)?;
        turn.model = Some(model);
        rest = end_of_sentence(after)?;
    }
    rest.is_empty().then_some(())
}

fn read_names<'a>(mut rest: &'a str, names: &mut Vec<String>) -> Option<&'a str> {
    loop {
        let (name, after) = unquoted(rest)?;
        names.push(name);
        match after.strip_prefix(", ").or_else(|| after.strip_prefix(" and ")) {
            Some(next) => rest = next,
            None => return end_of_sentence(after),
        }
    }
}

/// A full stop, then a space or the end.
fn end_of_sentence(rest: &str) -> Option<&str> {
    let rest = rest.strip_prefix('.')?;
    Some(rest.strip_prefix(' ').unwrap_or(rest))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The quoted text at the start, and what follows it.
fn unquoted(rest: &str) -> Option<(String, &str)> {
    if !rest.starts_with('"') {
        return None;
    }
    let mut texts = serde_json::Deserializer::from_str(rest).into_iter::<String>();
    let text = texts.next()?.ok()?;
    let end = texts.byte_offset();
    rest.get(end..).map(|after| (text, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use journal::Streams;
    use rand::RngExt;

    #[test]
    fn a_turn_reads_like_a_sentence() {
        let turn = UserTurn {
            text: "Build me a team.".into(),
            members: vec!["Scout".into(), "Writer".into(), "Critic".into()],
            runtime: Some("hermes".into()),
            model: Some("moonshot/kimi-k2.6".into()),
        };
        assert_eq!(
            render(&turn),
            "Build me a team.\nThe members are \"Scout\", \"Writer\" and \"Critic\". It should run on \"hermes\". \
             It should use the model \"moonshot/kimi-k2.6\"."
        );
    }

    #[test]
    fn plain_words_hold_no_wishes() {
        for text in ["", "hello", "The members are nice.", "The member is \"Scout", "\n", "a\nb\n"] {
            let turn = UserTurn { text: text.into(), ..UserTurn::default() };
            assert_eq!(read(text), Heard { turn, again: false }, "{text:?}");
        }
    }

    /// Pieces that could confuse the reader, put together at random.
    const PIECES: [&str; 21] = [
        "Scout",
        "\"",
        "\\",
        ", ",
        " and ",
        ".",
        ". ",
        "\n",
        "\r\n",
        "\t",
        "\u{0}",
        "é",
        "团队",
        "🦀",
        "The member is ",
        AGAIN,
        "It should run on ",
        "It should use the model ",
        " ",
        "\u{2028}",
        "'",
    ];

    fn odd_text(rng: &mut impl rand::Rng, longest: usize) -> String {
        let pieces = rng.random_range(0..=longest);
        (0..pieces).map(|_| PIECES[rng.random_range(0..PIECES.len())]).collect()
    }

    #[test]
    fn every_turn_with_a_wish_reads_back_as_it_was_meant() {
        let mut rng = Streams::of(1).named("words");
        for _ in 0..5_000 {
            let count = rng.random_range(1..5);
            let turn = UserTurn {
                text: odd_text(&mut rng, 6),
                members: (0..count).map(|_| odd_text(&mut rng, 5)).collect(),
                runtime: rng.random::<bool>().then(|| odd_text(&mut rng, 3)),
                model: rng.random::<bool>().then(|| odd_text(&mut rng, 4)),
            };
            let again = render_again(&turn);
            assert_eq!(read(&again), Heard { turn: turn.clone(), again: true }, "{again:?}");
            let once = render(&turn);
            assert_eq!(read(&once), Heard { turn, again: false }, "{once:?}");
        }
    }

    #[test]
    fn asking_again_needs_no_other_wish() {
        let turn = UserTurn { text: "Hm.".into(), ..UserTurn::default() };
        assert_eq!(read(&render_again(&turn)), Heard { turn, again: true });
    }
}
