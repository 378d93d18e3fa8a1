//! `firstrun clean`: ends and removes what dead runs left on this machine, and the images that were built for containers.

use super::print::print_line;
use crate::exit::Exit;

/// Says what was removed. What belongs to a run that still plays stays.
pub(crate) fn clean() -> Exit {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("failed to start the runtime: {error}");
            return Exit::Broken;
        }
    };
    match runtime.block_on(stack::clean()) {
        Ok(swept) => {
            print_line(&format!("removed {swept}"));
            Exit::Passed
        }
        Err(error) => {
            eprintln!("failed to {error}");
            Exit::Broken
        }
    }
}
