//! Which stack a run is played on.

use std::path::Path;

use document::Problem;
use stack::{BUILTIN_STACKS, StackFile, StackOrigin, load_stack};

use crate::load::{SetUpError, find_text};

/// The stack where none is named.
pub(crate) const DEFAULT_STACK: &str = "embedded";

/// A stack, under the name that it was chosen by.
#[derive(Clone, Debug)]
pub struct ChosenStack {
    /// A name of the built-in ones, or a file.
    pub name: String,
    /// What it says.
    pub file: StackFile,
}

impl ChosenStack {
    /// A built-in stack by its name, or a file; with the variables of this process that it asks for.
    ///
    /// # Errors
    /// An unknown name, an unreadable file, a text that is not valid, or a variable that is not set.
    pub fn of(name: &str) -> Result<Self, SetUpError> {
        let text = find_text("stack", &BUILTIN_STACKS, name)?;
        let is_built_in = BUILTIN_STACKS.iter().any(|(known, _)| *known == name);
        let folder = if is_built_in { None } else { Path::new(name).parent() };
        let source = document::Source::new(text.name.clone(), text.text);
        let origin = StackOrigin { folder, variable: &|name| std::env::var(name).ok() };
        let file =
            load_stack(&source, &origin).map_err(|problems: Vec<Problem>| SetUpError::Unfit(problems))?;
        Ok(Self { name: text.name, file })
    }

    /// As many journeys side by side as were asked for and the stack bears.
    pub(crate) fn at_once(&self, asked: usize) -> usize {
        self.file.journeys_at_once.map_or(asked, |most| asked.min(most))
    }

    /// The reference platform in this process.
    pub fn embedded() -> Self {
        Self::of(DEFAULT_STACK).expect("a test reads every stack that is compiled in")
    }
}
