//! What is wrong with a condition, and whether looking on can mend it.

use journal::Finding;

use crate::holds::Holding;

/// One thing that is wrong.
pub(crate) struct Lack {
    pub(crate) finding: Finding,
    pub(crate) nature: Nature,
}

/// What can become of a lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nature {
    /// Nothing: waiting on is in vain.
    Final,
    /// It may come right by itself.
    Open,
    /// Nobody looked: it says nothing of the platform.
    Unseen,
}

/// Everything that is wrong with some conditions.
pub(crate) struct Lacks(pub(crate) Vec<Lack>);

impl Lacks {
    /// For a wait: what was not seen yet may come.
    pub(crate) fn holding(self) -> Holding {
        let is_final = self.0.iter().any(|lack| lack.nature == Nature::Final);
        let findings: Vec<Finding> = self.0.into_iter().map(|lack| lack.finding).collect();
        match (findings.is_empty(), is_final) {
            (true, _) => Holding::Yes,
            (false, true) => Holding::Never(findings),
            (false, false) => Holding::NotYet(findings),
        }
    }

    /// For a judgement: what is said against the platform. Nothing where all of it holds; `None` where nothing else is
    /// wrong but that nobody looked.
    pub(crate) fn seen(self) -> Option<Vec<Finding>> {
        let is_any = !self.0.is_empty();
        let seen = self.0.into_iter().filter(|lack| lack.nature != Nature::Unseen);
        let findings: Vec<Finding> = seen.map(|lack| lack.finding).collect();
        (!is_any || !findings.is_empty()).then_some(findings)
    }
}
