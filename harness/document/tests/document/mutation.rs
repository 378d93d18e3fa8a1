//! Thousands of broken texts: none may panic, and every problem stands in its text.

use document::{Node, Source, parse};

const ROUNDS: u32 = 6_000;

const SAMPLE: &str = "\
# A sample with one of everything.
title: \"ключ 🔑 \\u00e9\"
runtime: 'claude-code'
model: &model moonshot/kimi-k2.6
seeds: [1, 0x1f, 18446744073709551615, -2.5e3, ~, true]
given:
  tenant: {name: acme, keys: [a, b]}
  timeout: 10s
text: |-
  one
    two
folded: >
  three
steps:
- create: {model: *model, count: 3}
- wait:
    until: online
    for: 12m
";

const PIECES: [&str; 24] = [
    "\"", "'", "[", "]", "{", "}", ":", ": ", "- ", "\n", "\t", "  ", "&a ", "*model", "!x ", "<<: ",
    "---\n", "...\n", "|\n", "%", "\u{feff}", "\0", "🔑", "\r",
];

/// A linear congruential generator: the same texts on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound.max(1)
    }
}

fn mutated(dice: &mut Dice) -> String {
    let mut characters: Vec<char> = SAMPLE.chars().collect();
    for _ in 0..=dice.below(4) {
        let at = dice.below(characters.len());
        let end = (at + 1 + dice.below(12)).min(characters.len());
        match dice.below(4) {
            0 => drop(characters.drain(at..end)),
            1 => drop(characters.splice(at..at, PIECES[dice.below(PIECES.len())].chars())),
            2 => {
                let copied: Vec<char> = characters[at..end].to_vec();
                let target = dice.below(characters.len());
                drop(characters.splice(target..target, copied));
            }
            _ => characters.truncate(at.max(1)),
        }
    }
    characters.into_iter().collect()
}

#[test]
fn no_mutated_text_panics_and_every_problem_stands_in_its_text() {
    let mut dice = Dice(20_260_611);
    let (mut read, mut refused) = (0, 0);
    for _ in 0..ROUNDS {
        let source = Source::new("x.yaml", mutated(&mut dice));
        match parse(&source) {
            Ok(node) => {
                read += 1;
                check_places(&source, &node);
                let copy: Node = node.decode(&source).unwrap();
                assert_eq!(copy, node);
            }
            Err(problem) => {
                refused += 1;
                assert!(source.line(problem.place.line).is_some(), "{problem} in {:?}", source.text);
                assert!(problem.render().contains(&format!("x.yaml:{}", problem.place)), "{problem}");
            }
        }
    }
    assert!(read > 500 && refused > 500, "{read} read, {refused} refused: a test of one side only");
}

fn check_places(source: &Source, node: &Node) {
    assert!(source.line(node.place.line).is_some(), "{} in {:?}", node.place, source.text);
    node.as_list().unwrap_or_default().iter().for_each(|entry| check_places(source, entry));
    for (key, value) in node.as_map().unwrap_or_default() {
        assert!(key.place <= value.place || value.is_null(), "{} before {}", value.place, key.place);
        check_places(source, value);
    }
}

#[test]
fn generated_noise_does_not_panic() {
    let mut dice = Dice(7);
    for _ in 0..ROUNDS {
        let text: String = (0..dice.below(24)).map(|_| PIECES[dice.below(PIECES.len())]).collect();
        if let Err(problem) = parse(&Source::new("x.yaml", text)) {
            assert!(problem.render().starts_with("error: "), "{problem}");
        }
    }
}
