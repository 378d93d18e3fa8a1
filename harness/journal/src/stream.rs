//! Every choice comes from the run's seed through a named stream.
//!
//! A stream's name is made of parts; adding a scenario, a case or a choice changes no other stream. Streams are part
//! of the generator: a change to how they are made is a new [`crate::GENERATOR_VERSION`].

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// The streams that hang from one seed and one prefix of names.
#[derive(Clone, Debug)]
pub struct Streams {
    digest: Sha256,
}

impl Streams {
    /// All streams of a seed.
    pub fn of(seed: u64) -> Self {
        let mut digest = Sha256::new();
        digest.update(b"firstrun stream");
        digest.update(seed.to_le_bytes());
        Self { digest }
    }

    /// The streams below a name.
    #[must_use]
    pub fn below(&self, name: &str) -> Self {
        let mut digest = self.digest.clone();
        digest.update((name.len() as u64).to_le_bytes());
        digest.update(name.as_bytes());
        Self { digest }
    }

    /// The streams of one journey.
    pub fn of_journey(seed: u64, scenario: &str, case: &str) -> Self {
        Self::of(seed).below("journey").below(scenario).below(case)
    }

    /// The generator at this name.
    pub fn named(&self, name: &str) -> ChaCha8Rng {
        ChaCha8Rng::from_seed(self.below(name).digest.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngExt;

    fn first(streams: &Streams, name: &str) -> u64 {
        streams.named(name).random()
    }

    #[test]
    fn one_name_gives_one_stream() {
        assert_eq!(
            first(&Streams::of_journey(7, "s", "c"), "ids"),
            first(&Streams::of_journey(7, "s", "c"), "ids")
        );
    }

    #[test]
    fn seed_scenario_case_and_name_each_change_it() {
        let base = first(&Streams::of_journey(7, "s", "c"), "ids");
        for other in [
            first(&Streams::of_journey(8, "s", "c"), "ids"),
            first(&Streams::of_journey(7, "t", "c"), "ids"),
            first(&Streams::of_journey(7, "s", "d"), "ids"),
            first(&Streams::of_journey(7, "s", "c"), "nonces"),
        ] {
            assert_ne!(base, other);
        }
    }

    #[test]
    fn names_do_not_run_together() {
        let streams = Streams::of(1);
        assert_ne!(first(&streams.below("ab"), "c"), first(&streams.below("a"), "bc"));
    }

    #[test]
    fn the_generator_has_not_changed_unnoticed() {
        assert_eq!(
            first(&Streams::of_journey(1, "first_run/build_me_a_team", "x"), "ids"),
            1_400_778_328_969_895_391
        );
    }
}
