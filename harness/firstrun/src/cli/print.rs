//! The one way to standard output.

use std::io::{self, Write};

/// Prints data. A reader that went away, such as `head`, has what it wanted: that is no error. Anything else that
/// keeps data from being printed is told.
pub(crate) fn print(text: &str) {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Err(error) => eprintln!("failed to print: {error}"),
    }
}

/// Prints data and ends its line.
pub(crate) fn print_line(text: &str) {
    print(&format!("{text}\n"));
}
