//! What a platform must answer, from its promises and its registry alone.
//!
//! The stations, in the order of a request: `entry` decides what the entry itself answers (admission: form of the
//! request, missing models, unregistered ids, keyless ids, keys in the payload), `provision` what becomes of the row,
//! `calls` whose endpoint and key the box's model calls carry and whether they are answered. `keys` says which
//! credentials count where, `why` puts the outcome into a sentence. Names of contracts are never read, so a team's
//! own contract is predicted like ours.
//!
//! The scenario crate filters drawn ids with it, the judge compares what was seen with it, `firstrun predict` prints
//! it. To follow a new promise: read it in the station that it is about, with a line in `tests/oracle`.

mod calls;
mod entry;
mod keys;
mod prediction;
mod provision;
mod question;
mod subject;
mod why;

pub use prediction::{Payer, Prediction, Promised, RowEnd};
pub use question::{GivenKey, Manifest, Question, Scope};
pub use why::shown;

use contract::Contract;

use crate::Oracle;
use subject::Subject;

impl Oracle {
    /// What a platform of this contract must answer, with its manifest at hand.
    pub fn predict(&self, contract: &Contract, question: &Question<'_>) -> Prediction {
        self.predict_with(Manifest::Readable, contract, question)
    }

    /// The same for a platform whose manifest may be out of reach: it then knows fewer runtimes (tenant-api §2.4,
    /// notes).
    pub fn predict_with(
        &self,
        manifest: Manifest,
        contract: &Contract,
        question: &Question<'_>,
    ) -> Prediction {
        entry::predict(&Subject::new(self, contract, manifest, question))
    }
}
