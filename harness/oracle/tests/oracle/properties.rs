//! What holds for any id, whatever was recorded.

use contract::{BillingModeRoute, Entry, RefusalPromise, Word};
use oracle::{Answers, GivenKey, Payer, Promised, Question, RowEnd, Scope};
use wire::env::VENDOR_KEYS;

use crate::sample::{all, sample};

const DRAWS: usize = 4000;

/// Pieces that ids are put together from: what agents type, and what nobody should.
const PIECES: &[&str] = &[
    "",
    " ",
    "\t",
    "\n",
    "\r",
    "\0",
    "\u{200b}",
    "\u{3000}",
    "\u{a0}",
    "/",
    ":",
    "//",
    "@latest",
    "-20260101",
    "é",
    "м",
    "platform",
    "anthropic",
    "moonshot",
    "minimax",
    "MiniMax-M2.7",
    "kimi-k2.6",
    "claude-",
    "sonnet",
    "gpt-5.5",
    "openai",
    "gemini-",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "\u{1f600}",
    "{}",
    "\\",
    "`",
];

/// A splitmix64 stream: small, seeded, the same everywhere.
struct Stream(u64);

impl Stream {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound).unwrap()).unwrap()
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    fn text(&mut self) -> String {
        let pieces = self.below(5);
        (0..pieces).map(|_| *self.pick(PIECES)).collect()
    }
}

const SCOPES: [Scope; 3] = [Scope::Payload, Scope::Workspace, Scope::Global];

#[test]
fn any_question_is_answered_and_the_answer_is_whole() {
    let mut stream = Stream(1);
    for sample in all() {
        let runtimes: Vec<String> =
            sample.oracle.registry().runtimes.iter().map(|runtime| runtime.name.value.clone()).collect();
        for _ in 0..DRAWS {
            let text = stream.text();
            let runtime = if stream.below(8) == 0 { stream.text() } else { stream.pick(&runtimes).clone() };
            let keys: Vec<GivenKey<'_>> = (0..stream.below(4))
                .map(|_| GivenKey {
                    name: VENDOR_KEYS[stream.below(VENDOR_KEYS.len())],
                    scope: *stream.pick(&SCOPES),
                    is_blank: stream.below(3) == 0,
                })
                .collect();
            let question = Question {
                runtime: &runtime,
                model: (stream.below(6) > 0).then_some(text.as_str()),
                keys: &keys,
                entry: *stream.pick(&Entry::ALL),
                proxy_wired: stream.below(4) > 0,
                default_model: (stream.below(2) == 0).then_some("minimax/MiniMax-M2.7"),
            };
            let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
            let _ = sample.oracle.resolve(&runtime, &text, &names);
            let prediction = sample.oracle.predict(&sample.contract, &question);
            assert_eq!(sample.oracle.predict(&sample.contract, &question), prediction);
            for outcome in [&prediction].into_iter().chain(&prediction.or) {
                assert_whole(outcome, &question);
            }
        }
    }
}

/// What every outcome must be, whatever it says.
fn assert_whole(outcome: &oracle::Prediction, question: &Question<'_>) {
    let context = format!("{question:?} {outcome:?}");
    assert!(outcome.why.ends_with('.') && !outcome.why.contains(['\n', '\r']), "{context}");
    if outcome.row.is(&RowEnd::Failed) {
        assert!(outcome.is_refused() && outcome.row_code != Promised::This(None), "{context}");
        assert_eq!((outcome.payer(), outcome.answers()), (None, Answers::No), "{context}");
    }
    if outcome.refused_early() {
        assert!(outcome.status.get().is_some_and(|status| *status >= 207), "{context}");
        assert!(outcome.row_code.is(&None), "{context}");
    }
    if outcome.payer() == Some(Payer::Vendor) {
        assert!(outcome.row.is(&RowEnd::Online), "{context}");
        assert!(outcome.provider.get().is_some_and(|provider| provider.as_deref() != Some("platform")));
    }
    if outcome.answers() == Answers::Yes {
        assert!(outcome.payer().is_some(), "{context}");
    }
}

#[test]
fn trimming_an_id_changes_nothing_and_trimming_it_twice_neither() {
    let mut stream = Stream(2);
    let sample = sample("as-designed");
    for _ in 0..DRAWS {
        let text = stream.text();
        let trimmed = text.trim();
        assert_eq!(trimmed.trim(), trimmed);
        for runtime in ["claude-code", "hermes", "codex"] {
            let resolve =
                |id: &str| sample.oracle.resolve(runtime, id, &[]).map(|arm| arm.provider.to_owned());
            assert_eq!(resolve(&text), resolve(trimmed), "{text:?}");
            let is_sound = text.len() <= 100 && !text.contains(['\r', '\n']) && !text.is_empty();
            if is_sound {
                let predict = |id: &str| sample.predict(Entry::Create, runtime, Some(id), &[]);
                assert_eq!(predict(&text), predict(trimmed), "{text:?}");
            }
        }
    }
}

#[test]
fn every_id_that_the_platform_pays_for_comes_online_and_answers() {
    for sample in all() {
        for runtime in &sample.oracle.registry().runtimes {
            for id in runtime.platform_ids() {
                for entry in Entry::ALL {
                    let prediction = sample.predict(entry, &runtime.name.value, Some(id), &[]);
                    let context = format!("{} {entry:?} {} {id}", sample.contract.name, runtime.name.value);
                    assert!(prediction.row.is(&RowEnd::Online), "{context}: {}", prediction.why);
                    assert_eq!(prediction.payer(), Some(Payer::Platform), "{context}");
                    assert_eq!(prediction.answers(), Answers::Yes, "{context}");
                }
            }
        }
    }
}

/// The one id that the refusals of the create gate name, whatever the runtime (registry §6).
const NAMED_BY_GATE: &str = "moonshot/kimi-k2.6";

#[test]
fn every_alternative_that_a_contract_calls_usable_is_accepted() {
    let mut checked = 0;
    for sample in all() {
        let refusals = &sample.contract.refusals;
        for place in [&refusals.early, &refusals.at_provisioning] {
            checked += usable(&sample, place);
        }
    }
    assert!(checked > 10, "{checked}");
}

fn usable(sample: &crate::sample::Sample, place: &RefusalPromise) -> usize {
    if !place.names.contains(&Word::Alternative) {
        return 0;
    }
    let mut checked = 0;
    for runtime in &place.alternative_is_usable_on {
        let described = sample.oracle.registry().runtime(runtime).unwrap();
        for id in described.platform_ids() {
            for entry in Entry::ALL {
                let prediction = sample.predict(entry, runtime, Some(id), &[]);
                assert!(!prediction.is_refused(), "{} {entry:?} {runtime} {id}", sample.contract.name);
                checked += 1;
            }
        }
    }
    checked
}

#[test]
fn the_gate_names_an_id_that_is_usable_exactly_where_its_contract_says() {
    let gate = sample("create-gate");
    assert_ne!(gate.contract.routes.billing_mode, BillingModeRoute::Absent);
    for runtime in gate.contract.known_runtimes.iter() {
        let is_usable =
            gate.contract.refusals.early.alternative_is_usable_on.iter().any(|known| known == runtime);
        let prediction = gate.predict(Entry::Create, runtime, Some(NAMED_BY_GATE), &[]);
        assert_eq!(!prediction.is_refused(), is_usable, "{runtime}");
    }
}
