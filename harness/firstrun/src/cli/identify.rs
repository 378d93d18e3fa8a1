//! `firstrun identify`.

use std::sync::Arc;

use super::arguments::{Format, IdentifyArguments};
use super::print::{print, print_line};
use super::signal::until_told_to_stop;
use crate::descriptors::{jobs_within, raised_limit};
use crate::exit::Exit;
use crate::identify::{Identified, IdentifyError, asking, identify as ask};
use crate::load::Loaded;
use crate::progress::Progress;
use crate::run::RunOptions;
use crate::stacks::ChosenStack;

/// Asks the platform of a stack whose promises it keeps. Writes no records.
pub(crate) fn identify(arguments: &IdentifyArguments) -> Exit {
    let chosen =
        asking(arguments.platform_contract.as_deref(), arguments.registry.as_deref()).and_then(|loaded| {
            let stack = ChosenStack::of(&arguments.stack)?;
            Ok((loaded.on(&stack), stack))
        });
    let (loaded, stack) = match chosen {
        Ok(chosen) => chosen,
        Err(error) => {
            eprintln!("{error}");
            return Exit::InvalidScenario;
        }
    };
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("failed to start the runtime: {error}");
            return Exit::Broken;
        }
    };
    match runtime.block_on(asked(loaded, stack)) {
        Ok(identified) => tell(&identified, arguments.format),
        Err(error) => {
            eprintln!("{error}");
            let is_ours = matches!(error, IdentifyError::Start(_) | IdentifyError::Interrupted);
            if is_ours { Exit::Broken } else { Exit::InvalidScenario }
        }
    }
}

async fn asked(loaded: Loaded, stack: ChosenStack) -> Result<Identified, IdentifyError> {
    let defaults = RunOptions::default();
    let options = RunOptions {
        jobs: jobs_within(raised_limit(), defaults.jobs),
        time_factor: stack.file.time_factor,
        stack,
        ..defaults
    };
    ask(Arc::new(loaded), options, Progress::to_stderr, until_told_to_stop()).await
}

fn tell(identified: &Identified, format: Format) -> Exit {
    match format {
        Format::Text => print(&identified.in_words()),
        Format::Json => print_line(&format!("{:#}", identified.as_json())),
    }
    if !identified.troubles.is_empty() {
        eprintln!("some questions could not be asked, so nothing is certain:");
        identified.troubles.iter().for_each(|trouble| eprintln!("  {trouble}"));
        return Exit::Broken;
    }
    if identified.free().is_empty() { Exit::Failed } else { Exit::Passed }
}
