//! One thing that can be simpler: a ladder of rungs, the simplest at the bottom, what failed at the top.

use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;

/// Rungs `0..=top`; the top one failed. What is simpler need not fail because something simpler than it does, so that
/// every rung is tried, from the bottom up. The first that fails is the simplest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ladder {
    pub(super) top: usize,
}

/// A place on a ladder.
#[derive(Clone, Copy, Debug)]
pub(super) struct Climber {
    /// The lowest rung that may still fail.
    lowest: usize,
    current: usize,
    /// The lowest rung that is known to fail.
    failing: usize,
}

impl Strategy for Ladder {
    type Tree = Climber;
    type Value = usize;

    fn new_tree(&self, _: &mut TestRunner) -> NewTree<Self> {
        Ok(Climber { lowest: 0, current: self.top, failing: self.top })
    }
}

impl ValueTree for Climber {
    type Value = usize;

    fn current(&self) -> usize {
        self.current
    }

    /// The current rung failed: down to the lowest that was not tried.
    fn simplify(&mut self) -> bool {
        self.failing = self.current;
        if self.lowest >= self.failing {
            return false;
        }
        self.current = self.lowest;
        true
    }

    /// The current rung did not fail: one up, at last to the one that is known to.
    fn complicate(&mut self) -> bool {
        if self.current >= self.failing {
            return false;
        }
        self.lowest = self.current + 1;
        self.current = self.lowest;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a search ends, and what it tried, with rungs that fail.
    fn search(tops: &[usize], fails: impl Fn(&[usize]) -> bool) -> (Vec<usize>, usize) {
        let ladders: Vec<Ladder> = tops.iter().map(|top| Ladder { top: *top }).collect();
        let mut tree = ladders.new_tree(&mut TestRunner::deterministic()).unwrap();
        let mut tried = 0;
        let mut moves = tree.simplify();
        while moves {
            tried += 1;
            moves = if fails(&tree.current()) { tree.simplify() } else { tree.complicate() };
        }
        (tree.current(), tried)
    }

    #[test]
    fn the_lowest_failing_rung_is_found_though_those_between_hold() {
        for (failing, end) in [(vec![9], 9), (vec![3, 9], 3), (vec![0, 9], 0), (vec![2, 5, 9], 2)] {
            assert_eq!(search(&[9], |at| failing.contains(&at[0])).0, [end], "{failing:?}");
        }
    }

    #[test]
    fn each_ladder_is_climbed_though_one_gives_nothing() {
        let (end, tried) = search(&[1, 1, 20], |at| at[0] == 1 && at[2] >= 7);
        assert_eq!(end, [1, 0, 7]);
        assert!(tried <= 12, "{tried}");
    }
}
