//! Which of the built-in contracts a platform behaves like: `firstrun identify` without the command line.
//!
//! `questions` are journeys that are played once, as in any run; `score` holds their journals against each contract in
//! turn, which the pure judge makes possible; `told` says what follows. What one question can't tell of a contract that
//! is silent there, another may.

mod questions;
mod score;
mod told;

pub use score::{Contradiction, Score};

use std::collections::BTreeSet;
use std::pin::pin;
use std::sync::Arc;

use contract::{BUILTIN_CONTRACTS, Contract, load_contract};
use document::{Problem, Source};
use journal::Fact;

use self::questions::Questions;
use crate::load::{Choice, Loaded, SetUpError, find_text};
use crate::progress::Progress;
use crate::run::{RunOptions, RunResult, Runner, StartError};

/// What play has in mind while it asks: the contract that is silent of nothing, so that no answer goes unlooked at.
const ASKED_BY: &str = "as-designed";

/// Keys of a contract that are no promises.
const NO_PROMISES: [&str; 4] = ["name", "title", "source", "registry"];

/// What was found of a platform.
#[derive(Clone, Debug)]
pub struct Identified {
    /// How many questions were asked.
    pub questions: usize,
    /// Every built-in contract, in their order.
    pub scores: Vec<Score>,
    /// Why some answer says nothing: trouble of ours or calls that belong to no question.
    pub troubles: Vec<String>,
}

/// Why a platform could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum IdentifyError {
    /// A contract or the registry can't be used.
    #[error("{0}")]
    SetUp(#[from] SetUpError),
    /// The questions do not fit the registry.
    #[error("{}", document::render_all(.0))]
    Questions(Vec<Problem>),
    /// It was told to stop.
    #[error("told to stop: nothing can be said of half the answers")]
    Interrupted,
    /// The stack or the world around the platform did not start.
    #[error("failed to {0}")]
    Start(#[from] StartError),
}

impl Identified {
    /// The contracts that nothing speaks against. More than one can't be told apart by what was asked.
    pub fn free(&self) -> Vec<&str> {
        self.scores.iter().filter(|score| score.is_free()).map(|score| score.contract.as_str()).collect()
    }

    /// The contract with the fewest contradictions.
    pub fn nearest(&self) -> Option<&Score> {
        self.scores.iter().min_by_key(|score| (score.contradictions.len(), usize::MAX - score.agrees))
    }

    /// The promises in which the contracts that are left differ, by key: nothing that was asked tells of them.
    pub fn not_asked(&self) -> Vec<String> {
        let free = self.free();
        let texts: Vec<serde_json::Value> = BUILTIN_CONTRACTS
            .iter()
            .filter(|(name, _)| free.contains(name))
            .filter_map(|(name, text)| document::parse(&Source::new(*name, *text)).ok())
            .map(|node| node.to_json())
            .collect();
        let keys: BTreeSet<&String> =
            texts.iter().filter_map(|text| text.as_object()).flat_map(|map| map.keys()).collect();
        let differs = |key: &&String| {
            !NO_PROMISES.contains(&key.as_str())
                && texts.windows(2).any(|two| two[0].get(key) != two[1].get(key))
        };
        keys.into_iter().filter(differs).cloned().collect()
    }
}

/// What a platform of this contract is asked with: its own registry where none is named.
///
/// # Errors
/// An unknown name, an unreadable file, a text that is not valid, or a contract that does not fit the registry.
pub fn asking(platform_contract: Option<&str>, registry: Option<&str>) -> Result<Loaded, SetUpError> {
    let platform = Loaded::of(&Choice {
        contract: platform_contract.map(str::to_owned),
        platform_contract: None,
        registry: registry.map(str::to_owned),
    })?;
    let asked_by = find_text("contract", &BUILTIN_CONTRACTS, ASKED_BY)?;
    Loaded::from_texts(asked_by, platform.contract_text, platform.registry_text)
}

/// Asks a platform every question and holds its answers against every built-in contract, unless it is told to stop
/// before; then everything is stopped and nothing is said of half the answers.
///
/// # Errors
/// Where the questions do not fit the registry, or the world can't listen.
pub async fn identify(
    loaded: Arc<Loaded>,
    options: RunOptions,
    progress: impl FnOnce(usize) -> Progress,
    until: impl Future<Output = ()>,
) -> Result<Identified, IdentifyError> {
    let contracts = candidates(&loaded)?;
    let questions = Questions::of(&loaded, &contracts).map_err(IdentifyError::Questions)?;
    let mut until = pin!(until);
    let stack = options.stack.file.clone();
    let runner = tokio::select! {
        started = Runner::start(loaded.clone(), options) => started?,
        () = &mut until => {
            stack::release(&stack).await;
            return Err(IdentifyError::Interrupted);
        }
    };
    let progress = progress(questions.journeys.len());
    let played = tokio::select! {
        results = runner.play_all(&questions.scenarios, &questions.journeys, None, &progress) => Some(results),
        () = until => None,
    };
    progress.finish();
    let Some(results) = played else {
        runner.stop().await;
        return Err(IdentifyError::Interrupted);
    };
    let mut troubles: Vec<String> = results.iter().flat_map(troubles_of).collect();
    troubles.extend(runner.stop().await);
    let scores = contracts
        .iter()
        .map(|(name, contract)| Score::of(name, contract, &loaded, &questions, &results))
        .collect();
    Ok(Identified { questions: questions.journeys.len(), scores, troubles })
}

/// Every built-in contract beside the registry of the run.
fn candidates(loaded: &Loaded) -> Result<Vec<(String, Contract)>, SetUpError> {
    let of = |(name, text): &(&str, &str)| {
        let contract = load_contract(&Source::new(*name, *text))?;
        Ok(((*name).to_owned(), contract.beside(&loaded.registry)))
    };
    BUILTIN_CONTRACTS.iter().map(of).collect()
}

/// What kept a question from being asked or answered in full.
fn troubles_of(result: &RunResult) -> Vec<String> {
    let journey = result.journey();
    let of_play = result.journal.observations.iter().filter_map(|seen| match &seen.fact {
        Fact::Trouble(trouble) => Some(trouble.what.as_str()),
        _ => None,
    });
    of_play.chain(result.bug.as_deref()).map(|what| format!("{journey}: {what}")).collect()
}
