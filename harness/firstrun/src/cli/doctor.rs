//! `firstrun doctor`: which stacks can be played on here, what is missing, how to get it.

use stack::BUILTIN_STACKS;

use super::arguments::DoctorArguments;
use super::print::print_line;
use crate::exit::Exit;
use crate::stacks::ChosenStack;

/// Looks at the named stack, or at every built-in one; starts nothing. Ends with 5 where a stack that was named can't be
/// played on.
pub(crate) fn doctor(arguments: &DoctorArguments) -> Exit {
    let names: Vec<&str> = match &arguments.stack {
        Some(name) => vec![name],
        None => BUILTIN_STACKS.iter().map(|(name, _)| *name).collect(),
    };
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("failed to start the runtime: {error}");
            return Exit::Broken;
        }
    };
    let is_ready = names.iter().fold(true, |is_ready, name| {
        let found = runtime.block_on(looked_at(name));
        found.lines.iter().for_each(|line| print_line(line));
        is_ready && found.is_ready
    });
    if arguments.stack.is_some() && !is_ready { Exit::Broken } else { Exit::Passed }
}

/// What was found of one stack.
struct Found {
    is_ready: bool,
    lines: Vec<String>,
}

async fn looked_at(name: &str) -> Found {
    let chosen = match ChosenStack::of(name) {
        Ok(chosen) => chosen,
        Err(error) => {
            let told = error.to_string();
            let lines = std::iter::once(format!("{name}: can't be played on here"));
            return Found { is_ready: false, lines: lines.chain(told.lines().map(indented)).collect() };
        }
    };
    let missing = stack::missing(&chosen.file).await;
    if missing.is_empty() {
        let lines = vec![format!("{name}: ready, {}", chosen.file.title)];
        return Found { is_ready: true, lines };
    }
    let mut lines = vec![format!("{name}: can't be played on here")];
    for one in missing {
        lines.push(indented(&format!("needs {}", one.what)));
        lines.push(indented(&format!("hint: {}", one.how)));
    }
    Found { is_ready: false, lines }
}

fn indented(line: &str) -> String {
    format!("  {line}")
}
