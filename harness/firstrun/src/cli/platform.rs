//! `firstrun platform` and `firstrun mcp`: the reference platform alone, for anybody's client.

use std::collections::BTreeMap;

use contract::DefectSet;
use platform::ManagementServer;

use super::arguments::{McpArguments, PlatformArguments};
use super::print::print_line;
use super::signal::until_told_to_stop;
use super::start::load;
use crate::exit::Exit;
use crate::recipe;

/// Multiplies every clock of the platform's contract.
const TIME_SCALE: &str = "FIRSTRUN_TIME_SCALE";

/// Serves one tenant until it is told to stop. It takes its settings from the variables that a real server takes.
pub(crate) fn platform(arguments: &PlatformArguments) -> Exit {
    let environment = environment();
    let scale = match time_scale(&environment) {
        Ok(scale) => scale,
        Err(exit) => return exit,
    };
    let loaded = match load(&arguments.contracts) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let defects: DefectSet = arguments.defects.iter().copied().collect();
    run(async {
        if arguments.demand_recipe
            && let Err(why) = demanded(&environment).await
        {
            eprintln!("failed to boot: {why}");
            return Exit::Usage;
        }
        let (contract, registry) = (loaded.platform_contract.clone(), loaded.registry.clone());
        let platform = match platform::serve(environment, contract, registry, defects, scale).await {
            Ok(platform) => platform,
            Err(error) => {
                eprintln!("failed to boot: {error}");
                return Exit::Usage;
            }
        };
        print_line(&platform.url());
        eprintln!("contract {}, registry {}", loaded.platform_contract.name, loaded.registry.name);
        until_told_to_stop().await;
        platform.stop().await;
        Exit::Passed
    })
}

/// What a real server asks for before it serves.
async fn demanded(environment: &BTreeMap<String, String>) -> Result<(), String> {
    let folder = std::env::current_dir().map_err(|error| format!("find the working directory: {error}"))?;
    let applied = recipe::demand(environment, &folder).await?;
    eprintln!("applied {applied} migrations, reached postgres and redis");
    Ok(())
}

/// Serves the management tools over standard input and output until the client closes them.
pub(crate) fn mcp(arguments: &McpArguments) -> Exit {
    let loaded = match load(&arguments.contracts) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let defects: DefectSet = arguments.defects.iter().copied().collect();
    let (contract, registry) = (&loaded.platform_contract, &loaded.registry);
    let tools = ManagementServer::with_defects(&environment(), contract, registry, &defects);
    run(async {
        let ends = tokio::io::join(tokio::io::stdin(), tokio::io::stdout());
        match tools.serve(ends).await {
            Ok(()) => Exit::Passed,
            Err(error) => {
                eprintln!("failed to serve the tools: {error}");
                Exit::Broken
            }
        }
    })
}

fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

fn time_scale(environment: &BTreeMap<String, String>) -> Result<f64, Exit> {
    let Some(typed) = environment.get(TIME_SCALE) else { return Ok(1.0) };
    super::parse::factor(typed).map_err(|error| {
        eprintln!("{TIME_SCALE}: {error}");
        Exit::Usage
    })
}

fn run(work: impl Future<Output = Exit>) -> Exit {
    match tokio::runtime::Runtime::new() {
        Ok(runtime) => {
            let exit = runtime.block_on(work);
            // A read of standard input can't be called off; it must not hold the process.
            runtime.shutdown_background();
            exit
        }
        Err(error) => {
            eprintln!("failed to start the runtime: {error}");
            Exit::Broken
        }
    }
}
