//! The last lines of a red journey's servers.

use super::page::{Ink, Page};
use super::red::LABEL_WIDTH;
use crate::ServerLog;
use crate::servers::{SHOWN_LINES, tail};
use crate::words::log_in_words;

/// How far the lines of a log stand in.
const INDENT: usize = 4;

/// Writes how each server ended and the end of its log, a line as it was said.
pub(super) fn write_servers(page: &mut Page<'_>, logs: &[ServerLog]) {
    for log in logs {
        page.gap();
        page.labelled(2, LABEL_WIDTH, (Ink::Label, "log"), &log_in_words(log, SHOWN_LINES));
        for line in tail(log, SHOWN_LINES) {
            page.row(INDENT, line);
        }
    }
}
