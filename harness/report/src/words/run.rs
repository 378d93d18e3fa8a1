//! What a run amounts to, in words.

use std::collections::BTreeSet;

use journal::Verdict;

use crate::text::count;
use crate::{Report, ScenarioTally, Totals};

/// How many journeys ended how.
pub(crate) fn verdicts(report: &Report) -> String {
    let totals = &report.totals;
    let known = report.gate.as_ref().map_or(0, |gate| gate.known.len());
    let parts = [
        (totals.passed, Verdict::Passed),
        (totals.failed, Verdict::Failed),
        (totals.broken, Verdict::Broken),
    ];
    let told: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, verdict)| match (verdict, known) {
            (Verdict::Failed, 1..) => format!("{number} failed ({known} known)"),
            _ => format!("{number} {}", verdict.as_str()),
        })
        .collect();
    let played = if told.is_empty() { "nothing played".to_owned() } else { told.join(", ") };
    match totals.skipped {
        0 => played,
        skipped => format!("{played}; {skipped} skipped"),
    }
}

/// Seed, contract, registry and stack.
pub(crate) fn circumstances(report: &Report) -> String {
    let run = &report.run;
    let seeds: BTreeSet<u64> = report.journeys.iter().map(|journey| journey.planned.seed).collect();
    let seed = if seeds.len() > 1 {
        format!("{} seeds from {}", seeds.len(), run.seed)
    } else {
        format!("seed {}", run.seed)
    };
    let mut words = vec![
        seed,
        format!("contract {}", run.contract),
        format!("registry {}", run.registry),
        run.stack.clone(),
    ];
    if !run.defects.is_empty() {
        words.push(format!("with {} on", run.defects.join(", ")));
    }
    words.join(", ")
}

/// What came online, who answered, who paid.
pub(crate) fn amounts(totals: &Totals) -> String {
    let counts = &totals.counts;
    format!(
        "{} came online, {} came online, {} of {} answered; {}, the platform paid for {}",
        count(counts.tenants_online, "tenant", "tenants"),
        count(counts.members_online, "member", "members"),
        counts.answered,
        count(totals.asked, "question", "questions"),
        count(counts.model_calls, "model call", "model calls"),
        counts.platform_paid,
    )
}

/// How many journeys of one scenario ended how.
pub(crate) fn tally_in_words(scenario: &ScenarioTally) -> String {
    let parts = [
        (scenario.passed, "passed"),
        (scenario.failed, "failed"),
        (scenario.broken, "broken"),
        (scenario.skipped, "skipped"),
    ];
    let told: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    if told.is_empty() { "nothing played".to_owned() } else { told.join(", ") }
}
