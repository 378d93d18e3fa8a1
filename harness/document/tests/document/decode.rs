//! What decoding into a caller's types accepts, and the place and words of what it refuses.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use document::{Entries, Node, Place, Placed, Problem, Source, Time, message_with_hint, read};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error};

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    title: String,
    #[serde(default)]
    model: Option<Placed<String>>,
    #[serde(default)]
    steps: Vec<Placed<Step>>,
    #[serde(default)]
    bodies: BTreeMap<String, Placed<Node>>,
    #[serde(default)]
    vary: Entries<Vec<String>>,
    #[serde(default, alias = "wait")]
    timeout: Option<Time>,
    #[serde(default)]
    small: u8,
    #[serde(default)]
    seed: u64,
    #[serde(default)]
    offset: i32,
    #[serde(default)]
    share: f64,
    #[serde(default)]
    gate: bool,
    #[serde(default)]
    pair: Option<(u8, String)>,
    #[serde(default)]
    letter: Option<char>,
    #[serde(default)]
    nothing: (),
    #[serde(default)]
    jobs: Option<NonZeroU32>,
    #[serde(default)]
    by_number: BTreeMap<u16, Entry>,
    #[serde(default)]
    by_entry: BTreeMap<Entry, u8>,
    #[serde(default)]
    slug: Option<Slug>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Entry {
    Tool,
    Create,
    PutModel,
    #[serde(rename = "402")]
    Unpaid,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Step {
    Restart,
    Say(String),
    Expect { status: Placed<u16>, body: Option<Node> },
    Move(u8, u8),
    Enter(Entry),
}

#[derive(Debug, PartialEq)]
struct Slug(String);

impl<'de> Deserialize<'de> for Slug {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.chars().all(char::is_alphanumeric) {
            true => Ok(Self(text)),
            false => Err(D::Error::custom(message_with_hint("not a slug", "letters and digits only"))),
        }
    }
}

fn source(text: &str) -> Source {
    Source::new("x.yaml", text)
}

fn good<T: DeserializeOwned>(text: &str) -> T {
    read(&source(text)).unwrap_or_else(|problem: Problem| panic!("{}", problem.render()))
}

/// A problem as one line, its hint behind a bar.
struct Brief(Problem);

impl fmt::Display for Brief {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(Problem { place, message, hint, .. }) = self;
        write!(f, "{place} {message}")?;
        hint.iter().try_for_each(|hint| write!(f, " | {hint}"))
    }
}

fn refused<T: DeserializeOwned + fmt::Debug>(text: &str) -> String {
    Brief(read::<T>(&source(text)).expect_err(text)).to_string()
}

#[test]
fn sample_of_every_kind_is_decoded() {
    let sample: Sample = good(
        "title: x\nmodel: gpt-5.4\nsteps: [restart, {say: hi}, {expect: {status: 201, body: [1]}}, {move: [1, 2]}]\n\
         bodies: {b: {c: 1.50}}\nvary: {z: [a], b: []}\ntimeout: 250ms\nsmall: 255\nseed: 18446744073709551615\n\
         offset: -3\nshare: 1\ngate: true\npair: [1, a]\nletter: é\nnothing:\njobs: 4\nby_number: {7: tool}\n\
         by_entry: {put_model: 1}\nslug: abc\n",
    );
    let steps: Vec<_> = sample.steps.iter().map(|step| &step.value).collect();
    let Step::Expect { status, body } = steps[2] else { panic!("{steps:?}") };
    assert_eq!((steps[0], steps[1]), (&Step::Restart, &Step::Say("hi".to_owned())));
    assert_eq!((status.value, body.as_ref().map(Node::kind)), (201, Some("a list")));
    assert_eq!(steps[3], &Step::Move(1, 2));
    assert_eq!(sample.bodies["b"].get("c").and_then(Node::written), Some("1.50"));
    assert_eq!(sample.vary.keys().collect::<Vec<_>>(), ["z", "b"]);
    assert_eq!(sample.timeout, Some(Time(Duration::from_millis(250))));
    assert_eq!((sample.small, sample.seed, sample.offset, sample.share), (255, u64::MAX, -3, 1.0));
    assert_eq!((sample.gate, sample.pair, sample.letter), (true, Some((1, "a".to_owned())), Some('é')));
    assert_eq!((sample.by_number[&7], sample.by_entry[&Entry::PutModel]), (Entry::Tool, 1));
    assert_eq!((sample.jobs, sample.slug), (NonZeroU32::new(4), Some(Slug("abc".to_owned()))));
    assert_eq!(
        good::<Sample>("title: x\nmodel:\njobs: ~\n"),
        Sample { title: "x".into(), ..Sample::default() }
    );
}

#[test]
fn places_reach_every_depth_of_a_callers_type() {
    let sample: Sample = good(
        "title: é\nmodel: x\nsteps:\n  - restart\n  - expect:\n      status: 201\n      body: {a: [x]}\n\
         bodies:\n  b: {c: d}\nvary:\n  k: []\n",
    );
    let at = |line, column| Place { line, column };
    assert_eq!(sample.model.map(|model| model.place), Some(at(2, 8)));
    let steps: Vec<_> = sample.steps.iter().map(|step| step.place).collect();
    assert_eq!(steps, [at(4, 5), at(5, 5)]);
    let Step::Expect { status, body: Some(body) } = &sample.steps[1].value else { panic!("no body") };
    assert_eq!((status.place, body.place), (at(6, 15), at(7, 13)));
    let (key, list) = body.entry("a").unwrap();
    assert_eq!((key.place, list.place, list.as_list().unwrap()[0].place), (at(7, 14), at(7, 17), at(7, 18)));
    let placed = &sample.bodies["b"];
    assert_eq!((placed.place, placed.value.place), (at(9, 6), at(9, 6)));
    assert_eq!(sample.vary.0[0].0.place, at(11, 3));
}

/// Text after `title: x`, and its problem: place, message, hint.
const REFUSED: &[(&str, &str)] = &[
    // Keys.
    ("modle: x", "2:1 unknown key `modle` | did you mean `model`?"),
    (
        "é: x",
        "2:1 unknown key `é` | known keys: `title`, `model`, `steps`, `bodies`, `vary`, `timeout`, `wait`, `small`, \
             `seed`, `offset`, `share`, `gate` and 7 more",
    ),
    ("timeout: 1s\nwait: 1s", "3:1 the key `timeout` is written twice"),
    ("by_number: {x: tool}", "2:13 expected a number as the key, found `x`"),
    ("by_number: {70000: tool}", "2:13 expected a number as the key, found `70000`"),
    ("by_entry: {tol: 1}", "2:12 unknown key `tol` | did you mean `tool`?"),
    // Scalars of another kind.
    ("model: 1.50", "2:8 expected text, found a number | write \"1.50\" if text is meant"),
    ("model: True", "2:8 expected text, found true or false | write \"True\" if text is meant"),
    ("model: [x]", "2:8 expected text, found a list"),
    ("vary: {k: [a, ~]}", "2:15 expected text, found nothing | write \"~\" if text is meant"),
    (
        "vary:\n  k:\n    -\n",
        "4:6 expected text, found nothing | write \"\" for an empty text, or leave the key out",
    ),
    ("gate: yes", "2:7 expected true or false, found text | write true without quotes"),
    ("gate: \"false\"", "2:7 expected true or false, found text | write false without quotes"),
    ("gate: 1", "2:7 expected true or false, found a number | write true without quotes"),
    ("gate: maybe", "2:7 expected true or false, found text"),
    ("share: \"1.5\"", "2:8 expected a number, found text | write the number without quotes"),
    ("share: much", "2:8 expected a number, found text"),
    ("letter: ab", "2:9 expected one character, found `ab`"),
    ("nothing: x", "2:10 expected nothing, found text"),
    // Numbers out of range.
    ("small: -1", "2:8 the number `-1` is out of range | from 0 to 255"),
    ("small: 256", "2:8 the number `256` is out of range | from 0 to 255"),
    ("small: 1.0", "2:8 expected a whole number, found `1.0`"),
    ("small: \"1\"", "2:8 expected a whole number, found text | write the number without quotes"),
    ("seed: -1", "2:7 the number `-1` is out of range | from 0 to 18446744073709551615"),
    (
        "seed: 18446744073709551616",
        "2:7 the number `18446744073709551616` is out of range | from 0 to 18446744073709551615",
    ),
    ("seed: 1e3", "2:7 expected a whole number, found `1e3`"),
    ("offset: 2147483648", "2:9 the number `2147483648` is out of range | from -2147483648 to 2147483647"),
    ("jobs: 0", "2:7 expected a nonzero u32, found `0`"),
    // Lists and maps.
    ("steps: restart", "2:8 expected a list, found text | write `- ` before each entry of a list"),
    ("steps:", "2:6 expected a list, found nothing | write [] for an empty list, or leave the key out"),
    ("vary: [a]", "2:7 expected a map, found a list"),
    ("vary: k:x", "2:7 expected a map, found text | write a space after the colon"),
    ("vary:", "2:5 expected a map, found nothing | write {} for an empty map, or leave the key out"),
    ("pair: [1]", "2:7 expected 2 entries, found 1"),
    ("pair: [1, 2]", "2:11 expected text, found a number | write \"2\" if text is meant"),
    // Choices.
    ("steps: [restrat]", "2:9 unknown value `restrat` | did you mean `restart`?"),
    ("steps: [x]", "2:9 unknown value `x` | known values: `restart`, `say`, `expect`, `move`, `enter`"),
    ("steps: [{expct: {}}]", "2:10 unknown key `expct` | did you mean `expect`?"),
    (
        "steps:\n- expect:\n  status: 1",
        "4:3 expected one key, found 2: `expect` and `status` | indent `status` if it belongs to `expect`, or give it an \
      entry of its own",
    ),
    (
        "steps: [{}]",
        "2:9 expected one key, found an empty map | known keys: `restart`, `say`, `expect`, `move`, `enter`",
    ),
    ("steps: [expect]", "2:9 `expect` needs a value | write `expect: ...`"),
    ("steps: [{restart: now}]", "2:19 `restart` takes no value, found text | write `restart` alone"),
    ("steps: [{expect: {status: 1, boddy: x}}]", "2:30 unknown key `boddy` | did you mean `body`?"),
    ("steps: [{expect: {body: x}}]", "2:18 missing key `status`"),
    ("steps: [{expect: {status: -1}}]", "2:27 the number `-1` is out of range | from 0 to 65535"),
    (
        "steps: [{expect:}]",
        "2:16 expected a map, found nothing | write {} for an empty map, or leave the key out",
    ),
    ("steps: [{say: 1}]", "2:15 expected text, found a number | write \"1\" if text is meant"),
    ("steps: [{move: [1]}]", "2:16 expected 2 entries, found 1"),
    (
        "steps: [{enter: 402}]",
        "2:17 expected one of `tool`, `create`, `put_model`, `402`, found a number | write \"402\" if text is meant",
    ),
    ("steps: [[]]", "2:9 expected one of `restart`, `say`, `expect`, `move`, `enter`, found a list"),
    // The caller's own.
    ("timeout: 10", "2:10 expected a time, found a number | write a number and a unit: 250ms, 10s, 12m"),
    ("timeout: soon", "2:10 `soon` is not a time | write a number and a unit: 250ms, 10s, 12m"),
    ("timeout: [1s]", "2:10 expected a time such as `10s`, found a list"),
    ("slug: a-b", "2:7 not a slug | letters and digits only"),
];

#[test]
fn value_that_does_not_fit_is_refused_at_its_place() {
    for (text, expected) in REFUSED {
        assert_eq!(refused::<Sample>(&format!("title: x\n{text}\n")), *expected, "{text}");
    }
}

#[test]
fn missing_key_is_reported_at_its_map() {
    assert_eq!(refused::<Sample>("# head\nmodel: x\n"), "2:1 missing key `title`");
    assert_eq!(refused::<Vec<Sample>>("- title: x\n- {}\n"), "2:3 missing key `title`");
    assert_eq!(refused::<Sample>("just text"), "1:1 expected a map, found text");
}

#[test]
fn unknown_key_is_shown_with_its_line_and_a_near_name() {
    let text = "title: x\nsteps:\n  - expect:\n      statsu: 201\n";
    let expected = "\
error: unknown key `statsu`
 --> x.yaml:4:7
  |
4 |       statsu: 201
  |       ^^^^^^
  |
  = hint: did you mean `status`?";
    assert_eq!(read::<Sample>(&source(text)).unwrap_err().render(), expected);
}

#[test]
fn hostile_names_do_not_reach_the_terminal() {
    let text = format!("title: x\n\"\\e[31m\\n{}\": 1\n", "k".repeat(500));
    let shown = refused::<Sample>(&text);
    assert!(shown.starts_with("2:1 unknown key `␛[31m␊kkk"), "{shown}");
    assert!(shown.len() < 400, "{shown}");
}

#[test]
fn aliased_values_are_reported_at_the_alias() {
    let text = "title: &t 1.50\n";
    assert_eq!(
        refused::<Sample>(text),
        "1:11 expected text, found a number | write \"1.50\" if text is meant"
    );
    let text = "by_number: {1: &n 402}\ntitle: *n\n";
    assert_eq!(
        refused::<BTreeMap<String, String>>(&text.replace("by_number: {1: &n 402}", "a: &n \"x\"\nb: 1")),
        "2:4 expected text, found a number | write \"1\" if text is meant"
    );
    assert_eq!(
        refused::<Sample>("vary: {k: &n [1]}\ntitle: *n\n"),
        "1:15 expected text, found a number | write \"1\" if text is meant"
    );
}

#[test]
fn foreign_types_decode_too() {
    let value: serde_json::Value = good("a: [1, 18446744073709551615, -1.5, x, ~]\n");
    assert_eq!(value, serde_json::json!({"a": [1, u64::MAX, -1.5, "x", null]}));
    let flat: Flat = good("a: 1\nb: x\n");
    assert_eq!((flat.a, flat.rest["b"].as_str()), (1, "x"));
    assert_eq!(refused::<Flat>("a: 1\nb: [x]\n"), "1:1 expected text, found a map");
}

#[derive(Debug, Deserialize)]
struct Flat {
    a: u8,
    #[serde(flatten)]
    rest: BTreeMap<String, String>,
}

#[test]
fn places_can_be_read_from_documents_only() {
    let error = serde_json::from_str::<Placed<u8>>("1").unwrap_err().to_string();
    assert!(error.contains("a value with its place"), "{error}");
}
