//! Typed words that are more than text.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use contract::DefectId;
use journal::Persona;

/// More journeys side by side than this only wait for each other.
const MAX_JOBS: usize = 4096;

/// A seed, or `random`.
pub(crate) fn seed(typed: &str) -> Result<u64, String> {
    if typed == "random" {
        // The one choice that does not come from a seed: it makes one. It is printed first and repeats the run.
        return Ok(RandomState::new().hash_one(std::process::id()) >> 16);
    }
    typed.parse().map_err(|_| "write a whole number, or `random`".to_owned())
}

pub(crate) fn jobs(typed: &str) -> Result<usize, String> {
    let jobs = typed.parse().ok().filter(|jobs| (1..=MAX_JOBS).contains(jobs));
    jobs.ok_or_else(|| format!("write a whole number from 1 to {MAX_JOBS}"))
}

pub(crate) fn defect(typed: &str) -> Result<DefectId, String> {
    let known: Vec<String> =
        DefectId::ALL.iter().map(|id| format!("{id} ({})", id.defect().switch)).collect();
    typed.parse().map_err(|error| format!("{error}; known are {}", known.join(", ")))
}

pub(crate) fn persona(typed: &str) -> Result<Persona, String> {
    let known = || Persona::ALL.map(Persona::as_str).join(", ");
    let found = Persona::ALL.into_iter().find(|persona| persona.as_str() == typed);
    found.ok_or_else(|| format!("write one of {}", known()))
}

pub(crate) fn time(typed: &str) -> Result<Duration, String> {
    let time = document::duration(typed)?;
    if time.is_zero() { Err("a bound of nothing".to_owned()) } else { Ok(time) }
}

pub(crate) fn factor(typed: &str) -> Result<f64, String> {
    let factor = typed.parse::<f64>().ok().filter(|factor| (0.01..=100.0).contains(factor));
    factor.ok_or_else(|| "write a number from 0.01 to 100".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_out_of_range_are_refused_with_what_is_wanted() {
        assert_eq!(seed("7"), Ok(7));
        assert!(seed("seven").unwrap_err().contains("whole number"));
        assert!(jobs("0").is_err() && jobs("5000").is_err());
        assert!(defect("D-99").unwrap_err().contains("D-13 (create.parent_null_when_omitted)"));
        assert_eq!(persona("omitter"), Ok(Persona::Omitter));
        assert!(persona("nobody").unwrap_err().contains("stubborn"));
        assert!(time("0s").is_err() && time("soon").is_err());
        assert!(factor("0").is_err() && factor("NaN").is_err());
    }
}
