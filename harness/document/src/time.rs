//! Times as people write them: `250ms`, `10s`, `12m`, `1h`.

use std::fmt;
use std::ops::Deref;
use std::time::Duration;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::fault::message_with_hint;
use crate::quote::quoted;

const HINT: &str = "write a number and a unit: 250ms, 10s, 12m";

/// Reads a whole number with its unit, `ms`, `s`, `m` or `h`, and nothing between, before or after.
///
/// # Errors
///
/// What is wrong with the text, fit to be a problem's message.
pub fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (count, unit) = text.split_at(digits);
    let milliseconds: u64 = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(format!("{} is not a time", quoted(text))),
    };
    if count.is_empty() {
        return Err(format!("{} is not a time", quoted(text)));
    }
    let count: Option<u64> = count.parse().ok();
    match count.and_then(|count| count.checked_mul(milliseconds)) {
        Some(milliseconds) => Ok(Duration::from_millis(milliseconds)),
        None => Err(format!("the time {} is too long", quoted(text))),
    }
}

/// A duration that decodes from text such as `250ms`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub Duration);

impl Deref for Time {
    type Target = Duration;

    fn deref(&self) -> &Duration {
        &self.0
    }
}

impl From<Time> for Duration {
    fn from(time: Time) -> Self {
        time.0
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TimeVisitor)
    }
}

struct TimeVisitor;

impl TimeVisitor {
    fn number<E: Error>() -> Result<Time, E> {
        Err(E::custom(message_with_hint("expected a time, found a number", HINT)))
    }
}

impl Visitor<'_> for TimeVisitor {
    type Value = Time;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time such as `10s`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Time, E> {
        duration(text).map(Time).map_err(|message| E::custom(message_with_hint(message, HINT)))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Time, E> {
        Self::number()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Time, E> {
        Self::number()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Time, E> {
        Self::number()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_a_whole_number_and_a_unit() {
        let table = [
            ("250ms", Some(250)),
            ("10s", Some(10_000)),
            ("12m", Some(720_000)),
            ("1h", Some(3_600_000)),
            ("0s", Some(0)),
            ("18446744073709551615ms", Some(u64::MAX)),
        ];
        for (text, milliseconds) in table {
            assert_eq!(duration(text).ok(), milliseconds.map(Duration::from_millis), "{text}");
        }
        for text in
            ["", "10", "s", "ms", "1.5s", "-1s", "+1s", " 1s", "1 s", "1s ", "1S", "1d", "1h30m", "1é", "٣s"]
        {
            assert_eq!(duration(text), Err(format!("`{text}` is not a time")));
        }
        for text in ["18446744073709551615s", "99999999999999999999ms"] {
            assert_eq!(duration(text), Err(format!("the time `{text}` is too long")));
        }
    }
}
