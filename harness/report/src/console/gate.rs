//! How the run stands as a gate.

use super::page::{Ink, Page};
use super::red::VERDICT_WIDTH;
use crate::gate::unlisted_skip;
use crate::{Report, Standing};

/// Every entry of the known failures with what became of it; nothing where the run is no gate.
pub(super) fn write_gate(page: &mut Page<'_>, report: &Report) {
    let Some(gate) = &report.gate else { return };
    page.gap();
    for entry in &gate.entries {
        let label = match entry.standing {
            Standing::Known => (Ink::Label, "known"),
            Standing::Stale => (Ink::Bad, "STALE"),
            Standing::Expired => (Ink::Bad, "EXPIRED"),
            Standing::NotJudged => (Ink::Label, "listed"),
        };
        page.labelled(0, VERDICT_WIDTH, label, &entry.in_words());
    }
    for scenario in &gate.unlisted_skips {
        page.labelled(0, VERDICT_WIDTH, (Ink::Bad, "SKIPPED"), &unlisted_skip(scenario));
    }
}
