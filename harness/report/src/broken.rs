//! Journeys whose record allows no opinion.

use journal::{Journal, Judged, PlannedJourney};

use crate::InWords;

/// A planned journey without any record.
pub(crate) fn no_record() -> Judged {
    Judged::broken("no record: the journey is in the plan and has no journal")
}

/// A journey with two journals that do not say the same.
pub(crate) fn two_records() -> Judged {
    Judged::broken("more than one record, and they do not say the same")
}

/// A journey whose journal has no last line.
pub(crate) fn cut_off(last: Option<&InWords>) -> Judged {
    Judged::broken(match last {
        None => "cut off before its first observation".to_owned(),
        Some(last) => format!("cut off after observation {}: {}", last.seq, last.line),
    })
}

/// A journey whose journal says that it is the record of something else.
pub(crate) fn mistaken(planned: &PlannedJourney, journal: &Journal) -> Option<Judged> {
    let opened = &journal.opened;
    if opened.journey != planned.id {
        return Some(Judged::broken(format!("its record is that of another journey: {}", opened.journey)));
    }
    let is_its_seed = opened.seed == planned.seed;
    (!is_its_seed).then(|| {
        Judged::broken(format!(
            "its record was made with seed {}, the plan says seed {}",
            opened.seed, planned.seed
        ))
    })
}
