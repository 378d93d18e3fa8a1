//! What the reader understands: types of scalars, places, spellings, JSON.

use document::{Node, Place, Shape, Source, near, parse};
use serde_json::json;

fn tree(text: &str) -> Node {
    parse(&Source::new("x.yaml", text)).unwrap_or_else(|problem| panic!("{}", problem.render()))
}

fn scalar(text: &str) -> Node {
    tree(&format!("a: {text}\n")).get("a").cloned().unwrap()
}

#[test]
fn unquoted_scalars_have_the_types_of_the_core_schema() {
    let text = |text: &str| Shape::Text(text.to_owned());
    let table = [
        ("", Shape::Null),
        ("~", Shape::Null),
        ("null", Shape::Null),
        ("true", Shape::Bool(true)),
        ("False", Shape::Bool(false)),
        ("0", Shape::Integer(0)),
        ("-12", Shape::Integer(-12)),
        ("+5", Shape::Integer(5)),
        ("0x1f", Shape::Integer(31)),
        ("0o17", Shape::Integer(15)),
        ("9223372036854775807", Shape::Integer(i64::MAX)),
        ("1.50", Shape::Float(1.5)),
        (".5", Shape::Float(0.5)),
        ("1e3", Shape::Float(1000.0)),
        ("18446744073709551615", Shape::Float(18_446_744_073_709_551_615.0)),
        ("yes", text("yes")),
        ("on", text("on")),
        ("y", text("y")),
        ("0755", text("0755")),
        ("1_000", text("1_000")),
        ("0b11", text("0b11")),
        ("12:30", text("12:30")),
        ("2026-06-11", text("2026-06-11")),
        ("\"true\"", text("true")),
        ("'1.50'", text("1.50")),
        ("!!str 1", text("1")),
        ("gpt-5.4", text("gpt-5.4")),
        ("moonshot/kimi-k2.6", text("moonshot/kimi-k2.6")),
        ("openai:gpt-4o", text("openai:gpt-4o")),
        ("$model", text("$model")),
        ("|-\n  one\n  two", text("one\ntwo")),
    ];
    for (written, expected) in table {
        assert_eq!(scalar(written).shape, expected, "{written}");
    }
}

#[test]
fn numbers_keep_their_spelling() {
    for written in ["1.50", "0x1f", "+5", "18446744073709551615", "True", "~"] {
        assert_eq!(scalar(written).written(), Some(written));
    }
    assert_eq!(scalar("text").written(), None);
    assert_eq!(scalar("[1]").written(), None);
    let aliased = tree("a: &a 1.50\nb: *a\n");
    assert_eq!(aliased.get("b").unwrap().written(), Some("1.50"));
}

#[test]
fn places_count_characters_from_one() {
    let root = tree("\u{feff}a: \"é🔑\" \r\n\"ключ\": [ x, 'é🔑', {b: y} ]\r\nc:\r\n  - d: 1\r\n    e:\r\n");
    let mut places = Vec::new();
    list_places(&root, &mut places);
    let expected = [
        "a map 1:1",
        "a 1:1",
        "text 1:4",
        "ключ 2:1",
        "a list 2:9",
        "text 2:11",
        "text 2:14",
        "a map 2:20",
        "b 2:21",
        "text 2:24",
        "c 3:1",
        "a list 4:3",
        "a map 4:5",
        "d 4:5",
        "a number 4:8",
        "e 5:5",
        "nothing 5:6",
    ];
    assert_eq!(places, expected);
}

fn list_places(node: &Node, places: &mut Vec<String>) {
    places.push(format!("{} {}", node.kind(), node.place));
    for entry in node.as_list().unwrap_or_default() {
        list_places(entry, places);
    }
    for (key, value) in node.as_map().unwrap_or_default() {
        places.push(format!("{} {}", key.value, key.place));
        list_places(value, places);
    }
}

#[test]
fn value_of_an_alias_stands_at_the_alias() {
    let root = tree("a: &a {b: 1}\nc: *a\n");
    let copy = root.get("c").unwrap();
    assert_eq!(copy.place, Place { line: 2, column: 4 });
    assert_eq!(copy, root.get("a").unwrap());
}

#[test]
fn keys_are_text_whatever_they_look_like() {
    let root = tree("1.50: a\ntrue: b\n\"c d\": e\n");
    let keys: Vec<_> = root.as_map().unwrap().iter().map(|(key, _)| key.value.as_str()).collect();
    assert_eq!(keys, ["1.50", "true", "c d"]);
    assert_eq!(near("ture", keys), Some("true"));
}

#[test]
fn tree_becomes_json_in_the_order_of_its_keys() {
    let root = tree("z: [1, 1.5, 18446744073709551615, true, ~, x]\na: {b: -1}\n");
    let expected = json!({"z": [1, 1.5, 18_446_744_073_709_551_615_u64, true, null, "x"], "a": {"b": -1}});
    assert_eq!(root.to_json(), expected);
    assert_eq!(root.to_json().to_string(), expected.to_string());
}

#[test]
fn accessors_answer_for_their_own_kind_only() {
    let root = tree("t: x\nb: true\ni: 3\nf: 1.5\nl: [1]\nn:\n");
    let at = |key: &str| root.get(key).unwrap();
    assert_eq!(at("t").as_text(), Some("x"));
    assert_eq!(at("b").as_bool(), Some(true));
    assert_eq!(at("i").as_integer(), Some(3));
    assert_eq!((at("i").as_number(), at("f").as_number()), (Some(3.0), Some(1.5)));
    assert_eq!(at("l").as_list().map(<[Node]>::len), Some(1));
    assert!(at("n").is_null() && !at("t").is_null());
    assert_eq!(root.entry("f").map(|(key, _)| key.place.line), Some(4));
    for key in ["b", "i", "f", "l", "n"] {
        assert_eq!(at(key).as_text(), None, "{key}");
    }
    assert!(at("t").as_list().is_none() && at("t").as_map().is_none() && at("t").as_bool().is_none());
    assert!(root.get("missing").is_none() && at("t").get("x").is_none());
}
