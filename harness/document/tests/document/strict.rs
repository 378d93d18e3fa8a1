//! Every text that is refused, with the exact problem as it is shown, and what the limits let through.

use std::time::{Duration, Instant};

use document::{Problem, Source, parse};

/// Generous for a debug build on a busy machine; what is bounded takes a tenth of it at most.
const BOUND: Duration = Duration::from_secs(5);

fn problem(text: &str) -> Problem {
    let source = Source::new("x.yaml", text);
    let started = Instant::now();
    let problem = parse(&source).expect_err("the text must be refused");
    assert!(started.elapsed() < BOUND, "took {:?}", started.elapsed());
    problem
}

#[test]
fn refused_text_says_what_is_wrong_and_where() {
    for (text, expected) in REFUSED {
        assert_eq!(problem(text).render(), expected.trim_start_matches('\n'), "{text:?}");
    }
}

#[test]
fn text_over_a_limit_is_refused_in_bounded_time() {
    let table = [
        ("[".repeat(100_000), "1:33: nested deeper than 32 levels"),
        ("- ".repeat(100_000), "1:65: nested deeper than 32 levels"),
        ("{a: ".repeat(100_000), "1:129: nested deeper than 32 levels"),
        (nested_maps(40), "33:33: nested deeper than 32 levels"),
        (nested_aliases(), "2:37: nested deeper than 32 levels"),
        (alias_bomb(), "4:24: more than 16 aliases"),
        (long_aliases(), "2:8: more than 20000 keys and values"),
        ("- &a x\n".repeat(20), "17:6: more than 16 anchors"),
        ("- 1\n".repeat(30_000), "20000:3: more than 20000 keys and values"),
        ("a: 1\n".repeat(30_000), "10000:4: more than 20000 keys and values"),
        ("a".repeat(10 << 20), "1:1: the text is too long: 10485760 bytes, at most 1048576 are read"),
        ("%A\n".repeat(300_000), "300001:1: text after the end of the document"),
    ];
    for (text, expected) in table {
        assert_eq!(problem(&text).to_string(), format!("x.yaml:{expected}"));
    }
}

/// Each alias is legal alone; unfolded they stand in each other.
fn nested_aliases() -> String {
    let mut text = format!("a0: &a0 {}{}\n", "[".repeat(28), "]".repeat(28));
    for level in 1..16 {
        let (open, close) = ("[".repeat(28), "]".repeat(28));
        text.push_str(&format!("a{level}: &a{level} {open}*a{}{close}\n", level - 1));
    }
    text
}

fn nested_maps(depth: usize) -> String {
    (0..depth).map(|level| format!("{}a:\n", " ".repeat(level))).collect()
}

fn alias_bomb() -> String {
    let ones = "1, ".repeat(9);
    let six = |name: &str| format!("*{name}, ").repeat(6);
    format!("a: &a [{ones}]\nb: &b [{}]\nc: &c [{}]\nd: &d [{}]\n", six("a"), six("b"), six("c"))
}

fn long_aliases() -> String {
    format!("a: &a [{}]\nb: [{}]\n", "1,".repeat(9_000), "*a,".repeat(15))
}

#[test]
fn text_at_the_limits_is_read_in_bounded_time() {
    let mut deep = "[".repeat(32);
    deep.push_str(&"]".repeat(32));
    let texts = [
        deep,
        "- 1\n".repeat(19_999),
        format!("a: {}", "x".repeat((1 << 20) - 3)),
        format!("a: \"{}\"", "x\n ".repeat(300_000)),
        format!("a: |\n{}", "  x\n".repeat(200_000)),
        format!("a: 1\n{}", "# comment\n".repeat(100_000)),
    ];
    for text in texts {
        let started = Instant::now();
        let start: String = text.chars().take(20).collect();
        assert!(parse(&Source::new("x.yaml", text)).is_ok(), "{start}");
        assert!(started.elapsed() < BOUND, "{start} took {:?}", started.elapsed());
    }
}

const REFUSED: &[(&str, &str)] = &[
    (
        "",
        r#"
error: the document is empty
 --> x.yaml:1:1
  |
1 |
  | ^"#,
    ),
    (
        "# only a comment\n",
        r#"
error: the document is empty
 --> x.yaml:1:1
  |
1 | # only a comment
  | ^"#,
    ),
    (
        "---\n",
        r#"
error: the document is empty
 --> x.yaml:1:1
  |
1 | ---
  | ^^^"#,
    ),
    (
        "a: \"one\nb: 2\n",
        r#"
error: unclosed quote
 --> x.yaml:1:4
  |
1 | a: "one
  |    ^^^^"#,
    ),
    (
        "a:\n\tb: 1\n",
        r#"
error: a tab where spaces belong
 --> x.yaml:2:1
  |
2 |     b: 1
  | ^^^^
  |
  = hint: indent with spaces"#,
    ),
    (
        "a:\n  b: 1\n\tc: 2\n",
        r#"
error: a tab where spaces belong
 --> x.yaml:3:1
  |
3 |     c: 2
  | ^^^^
  |
  = hint: indent with spaces"#,
    ),
    (
        "title: x\nruntime: a\nruntime: b\n",
        r#"
error: the key `runtime` is written twice
 --> x.yaml:3:1
  |
3 | runtime: b
  | ^^^^^^^"#,
    ),
    (
        "a: {b: 1, b: 2}\n",
        r#"
error: the key `b` is written twice
 --> x.yaml:1:11
  |
1 | a: {b: 1, b: 2}
  |           ^"#,
    ),
    (
        "? a\n: b\n? a\n",
        r#"
error: the key `a` is written twice
 --> x.yaml:3:3
  |
3 | ? a
  |   ^"#,
    ),
    (
        "a: 1\n---\nb: 2\n",
        r#"
error: a second document begins here
 --> x.yaml:2:1
  |
2 | ---
  | ^^^
  |
  = hint: one text holds one document, remove the `---`"#,
    ),
    (
        "a: !shape {b: 1}\n",
        r#"
error: unknown tag `!shape`
 --> x.yaml:1:4
  |
1 | a: !shape {b: 1}
  |    ^^^^^^
  |
  = hint: quote a text that begins with `!`"#,
    ),
    (
        "a: !!int x\n",
        r#"
error: the value does not fit its tag
 --> x.yaml:1:10
  |
1 | a: !!int x
  |          ^
  |
  = hint: leave the tag out"#,
    ),
    (
        "base: &base {a: 1}\ny:\n  <<: *base\n",
        r#"
error: a merge key (`<<`) is not read
 --> x.yaml:3:3
  |
3 |   <<: *base
  |   ^^
  |
  = hint: write the keys out"#,
    ),
    (
        "a: *missing\n",
        r#"
error: an alias without its anchor
 --> x.yaml:1:4
  |
1 | a: *missing
  |    ^^^^^^^^
  |
  = hint: quote a text that begins with `*`"#,
    ),
    (
        "a: &a [*a]\n",
        r#"
error: an alias inside its own anchor
 --> x.yaml:1:8
  |
1 | a: &a [*a]
  |        ^^"#,
    ),
    (
        "a: .inf\n",
        r#"
error: `.inf` is not a finite number
 --> x.yaml:1:4
  |
1 | a: .inf
  |    ^^^^
  |
  = hint: quote it if text is meant"#,
    ),
    (
        "a: x\0y\n",
        r#"
error: a character that is not text: U+0000
 --> x.yaml:1:5
  |
1 | a: x␀y
  |     ^
  |
  = hint: is this a binary file? in double quotes such a character is written as an escape: "\x1b""#,
    ),
    (
        "\u{7f}ELF\u{1}\u{2}",
        r#"
error: a character that is not text: U+007F
 --> x.yaml:1:1
  |
1 | ␡ELF␁␂
  | ^
  |
  = hint: is this a binary file? in double quotes such a character is written as an escape: "\x1b""#,
    ),
    (
        "ключ: \"\u{1b}[31m\"\n",
        r#"
error: a character that is not text: U+001B
 --> x.yaml:1:8
  |
1 | ключ: "␛[31m"
  |        ^
  |
  = hint: is this a binary file? in double quotes such a character is written as an escape: "\x1b""#,
    ),
    (
        "a: \u{feff}b\n",
        r#"
error: not valid YAML: a BOM must not appear inside a document
 --> x.yaml:1:4
  |
1 | a: �b
  |    ^^"#,
    ),
    (
        "~: 1\n",
        r#"
error: a key must be text, found nothing
 --> x.yaml:1:1
  |
1 | ~: 1
  | ^"#,
    ),
    (
        "[a]: 1\n",
        r#"
error: a key must be text, found a list or a map
 --> x.yaml:1:1
  |
1 | [a]: 1
  | ^
  |
  = hint: quote a text that begins with `{` or `[`"#,
    ),
    (
        "a: {{ name }}\n",
        r#"
error: a key must be text, found a list or a map
 --> x.yaml:1:5
  |
1 | a: {{ name }}
  |     ^
  |
  = hint: quote a text that begins with `{` or `[`"#,
    ),
    (
        "a: {b: ${x}}\n",
        r#"
error: expected `,` or a closing bracket
 --> x.yaml:1:9
  |
1 | a: {b: ${x}}
  |         ^
  |
  = hint: quote a text that holds brackets"#,
    ),
    (
        "a: b: c\n",
        r#"
error: no `:` may stand here
 --> x.yaml:1:5
  |
1 | a: b: c
  |     ^
  |
  = hint: check the indentation, and quote a text that holds `: `"#,
    ),
    (
        "a: 1\n  b: 2\n",
        r#"
error: no `:` may stand here
 --> x.yaml:2:4
  |
2 |   b: 2
  |    ^
  |
  = hint: check the indentation, and quote a text that holds `: `"#,
    ),
    (
        "a:\n  - x\n y: 1\n",
        r#"
error: expected a key
 --> x.yaml:3:2
  |
3 |  y: 1
  |  ^
  |
  = hint: check the indentation"#,
    ),
    (
        "a: @x\n",
        r#"
error: no unquoted text may begin with this character
 --> x.yaml:1:4
  |
1 | a: @x
  |    ^^
  |
  = hint: quote the text"#,
    ),
    (
        "a: \"\\q\"\n",
        r#"
error: unknown escape in a quoted text
 --> x.yaml:1:4
  |
1 | a: "\q"
  |    ^^^^
  |
  = hint: in single quotes a `\` stands for itself"#,
    ),
    (
        "a: \"x\" y\n",
        r#"
error: text after a closing quote
 --> x.yaml:1:8
  |
1 | a: "x" y
  |        ^
  |
  = hint: quote the whole text, or none of it"#,
    ),
    (
        "a: [1, 2\nb: 3\n",
        r#"
error: no `:` may stand here
 --> x.yaml:2:2
  |
2 | b: 3
  |  ^
  |
  = hint: is a quote or a bracket above left open?"#,
    ),
    (
        "a: [1, 2\n",
        r#"
error: unclosed bracket
 --> x.yaml:1:4
  |
1 | a: [1, 2
  |    ^"#,
    ),
    (
        "a: ]\n",
        r#"
error: a closing bracket without its opening one
 --> x.yaml:1:4
  |
1 | a: ]
  |    ^"#,
    ),
    (
        "a: [1}\n",
        r#"
error: this bracket is closed by one of the other kind
 --> x.yaml:1:4
  |
1 | a: [1}
  |    ^"#,
    ),
    (
        "- a\nb: 1\n",
        r#"
error: expected `- `
 --> x.yaml:2:1
  |
2 | b: 1
  | ^
  |
  = hint: check the indentation"#,
    ),
    (
        "a: - b\n",
        r#"
error: no `- ` may stand here
 --> x.yaml:1:4
  |
1 | a: - b
  |    ^
  |
  = hint: check the indentation"#,
    ),
];
