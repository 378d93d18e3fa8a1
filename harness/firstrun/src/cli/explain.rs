//! `firstrun explain` and `firstrun schema`.

use scenario::Explanation;

use super::arguments::SelectionArguments;
use super::plan::chosen;
use super::print::print;
use super::start::load;
use crate::exit::Exit;

/// Prints what would be played and what is expected of it; starts nothing.
pub(crate) fn explain(arguments: &SelectionArguments) -> Exit {
    let made = load(&arguments.contracts)
        .and_then(|loaded| chosen(arguments, &loaded).map(|planned| (loaded, planned)));
    let (loaded, planned) = match made {
        Ok(made) => made,
        Err(exit) => return exit,
    };
    print(&scenario::explain(&Explanation {
        scenarios: &planned.scenarios,
        plan: &planned.plan,
        contract: &loaded.contract,
        oracle: &loaded.oracle,
    }));
    // A plan without a case is explained too: the reason why there is none is what one wants to know.
    if planned.plan.journeys.is_empty() { Exit::NothingPlayed } else { Exit::Passed }
}

/// Prints the JSON Schema of a scenario file.
pub(crate) fn schema(of_stacks: bool) -> Exit {
    let schema = if of_stacks { stack::stack_schema() } else { scenario::schema() };
    print(&format!("{schema:#}\n"));
    Exit::Passed
}
