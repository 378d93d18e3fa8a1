//! `firstrun up` and `firstrun down`.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use stack::{KeptSign, KeptUp, PlatformSource};

use super::arguments::UpArguments;
use super::print::{print, print_line};
use super::signal::until_told_to_stop;
use super::start::{load_on, stack_of};
use crate::exit::Exit;
use crate::run::RunOptions;
use crate::up::{KeptAgent, KeptTenant};

/// How long a kept tenant may take to go down.
const DOWN_WITHIN: Duration = Duration::from_secs(30);

/// Keeps one tenant up until it is told to stop, or its time is over.
pub(crate) fn up(arguments: &UpArguments) -> Exit {
    let set_up =
        stack_of(&arguments.stack).and_then(|stack| Ok((load_on(&arguments.contracts, &stack)?, stack)));
    let (loaded, stack) = match set_up {
        Ok(set_up) => set_up,
        Err(exit) => return exit,
    };
    if matches!(stack.file.platform, PlatformSource::Remote(_)) {
        eprintln!(
            "failed to bring a tenant up on {}: the tenant of a remote stack is up already",
            stack.name
        );
        eprintln!("hint: name a stack whose tenants are started here, such as `process`");
        return Exit::Usage;
    }
    let options = RunOptions {
        jobs: 1,
        time_factor: arguments.time_factor * stack.file.time_factor,
        defects: arguments.defects.iter().copied().collect(),
        stack,
        ..RunOptions::default()
    };
    let agent = KeptAgent {
        persona: arguments.persona,
        would_type: arguments.would_type.clone(),
        seed: arguments.seed,
    };
    in_runtime(async {
        // One wait for all of it: a signal between two of them would be lost.
        let mut told_to_stop = pin!(until_told_to_stop());
        let file = options.stack.file.clone();
        let brought_up = tokio::select! {
            brought_up = KeptTenant::bring_up(Arc::new(loaded), options, agent) => brought_up,
            () = &mut told_to_stop => {
                stack::release(&file).await;
                return Exit::Broken;
            }
        };
        match brought_up {
            Ok(tenant) => kept(tenant, arguments, told_to_stop).await,
            Err(error) => {
                eprintln!("failed to {error}");
                Exit::Broken
            }
        }
    })
}

async fn kept(tenant: KeptTenant, arguments: &UpArguments, told_to_stop: impl Future<Output = ()>) -> Exit {
    let sign = KeptSign::leave(&tenant.in_a_line());
    if let Err(error) = &sign {
        eprintln!("`firstrun down` will not find this tenant: {error}");
    }
    print(&tenant.in_words(arguments.show_tokens));
    eprintln!("up for {:?}; Ctrl-C or `firstrun down` takes it down", arguments.keep);
    tokio::select! {
        () = tokio::time::sleep(arguments.keep) => eprintln!("its time is over"),
        () = told_to_stop => {}
    }
    tenant.take_down().await;
    drop(sign);
    eprintln!("down");
    Exit::Passed
}

/// Takes down every tenant that is kept up on this machine.
pub(crate) fn down() -> Exit {
    in_runtime(async {
        let kept = KeptUp::all();
        if kept.is_empty() {
            print_line("nothing is up");
        }
        let mut exit = Exit::Passed;
        for one in kept {
            if one.take_down(DOWN_WITHIN).await {
                print_line(&format!("took down {}", one.word));
            } else {
                eprintln!(
                    "failed to take down {}: process {} goes on after {DOWN_WITHIN:?}",
                    one.word, one.pid
                );
                exit = Exit::Broken;
            }
        }
        exit
    })
}

fn in_runtime(work: impl Future<Output = Exit>) -> Exit {
    match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime.block_on(work),
        Err(error) => {
            eprintln!("failed to start the runtime: {error}");
            Exit::Broken
        }
    }
}
