//! A member's model. It has no task in this journey: any answer shows that it works.

use crate::speech::Completion;

/// A short neutral text.
pub(crate) fn answer() -> Completion {
    Completion::text("I am here and ready to work.")
}
