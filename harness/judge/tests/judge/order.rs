//! The same facts always give the same opinion, and so do facts whose order says nothing.

use std::collections::BTreeSet;

use journal::{Check, Fact, Finding, FindingKind, Judged, Observation, Place, Verdict};

use crate::changes::case;
use crate::court::Court;
use crate::facts::{GROWTH, PRODUCT, TEAM};
use crate::journey::Journey;

/// A finding without the numbers that proved it.
type Essence = (FindingKind, Option<String>, Place, String, String);

/// An opinion without the numbers that proved it.
fn essence(judged: Judged) -> (Verdict, Option<String>, BTreeSet<Essence>, Vec<Check>) {
    let of_one =
        |finding: Finding| (finding.kind, finding.subject, finding.at, finding.expected, finding.seen);
    (judged.verdict, judged.reason, judged.findings.into_iter().map(of_one).collect(), judged.checks)
}

#[test]
fn the_same_journal_is_judged_alike_every_time_and_read_back_from_its_lines() {
    for kind in FindingKind::ALL {
        let case = case(kind);
        let court = (case.court)();
        let observations = (case.change)((case.base)(TEAM)).observations();
        let judged = court.judge(&observations);
        let written = serde_json::to_string(&observations).unwrap();
        let read: Vec<Observation> = serde_json::from_str(&written).unwrap();
        assert_eq!(court.judge(&observations), judged, "{kind:?}");
        assert_eq!((case.court)().judge(&read), judged, "{kind:?}");
    }
}

#[test]
fn which_member_comes_first_makes_no_difference() {
    for kind in FindingKind::ALL {
        let case = case(kind);
        let court = (case.court)();
        let judged = |members| {
            let green = (case.base)(members);
            assert_eq!(court.judge(&green.observations()).verdict, Verdict::Passed);
            essence(court.judge(&(case.change)(green).observations()))
        };
        assert_eq!(judged([PRODUCT, GROWTH]), judged([GROWTH, PRODUCT]), "{kind:?}");
    }
}

/// The one member that a fact names.
fn member_of(fact: &Fact) -> Option<&'static str> {
    let text = serde_json::to_string(fact).unwrap();
    let mut named = [PRODUCT.row, GROWTH.row].into_iter().filter(|row| text.contains(row));
    named.next().filter(|_| named.next().is_none())
}

#[test]
fn neighbouring_facts_of_two_members_may_change_places() {
    let court = Court::of_team();
    let green = Journey::green();
    let mut swapped = 0;
    for index in 1..green.len() {
        let pair = [index - 1, index].map(|at| member_of(&green.facts()[at]));
        let [Some(one), Some(other)] = pair else { continue };
        if one == other {
            continue;
        }
        let mut observations = green.observations();
        let (before, after) = observations.split_at_mut(index);
        std::mem::swap(&mut before[index - 1].fact, &mut after[0].fact);
        assert_eq!(court.judge(&observations).verdict, Verdict::Passed, "swapped {index}");
        swapped += 1;
    }
    assert!(swapped >= 8, "only {swapped} pairs");
}
