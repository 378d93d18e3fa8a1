//! The switches that break the reference platform or the world in one historically real way each (defects §3, §4).
//!
//! To add one: a variant, its row in [`DefectId::defect`], the place in the platform or the world that asks for it,
//! and a test that shows the finding it causes.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A defect that can be switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DefectId {
    /// The box gets no usage token.
    #[serde(rename = "D-08")]
    D08,
    /// The parent is lost.
    #[serde(rename = "D-13")]
    D13,
    /// A member's provisioning is dropped.
    #[serde(rename = "D-20")]
    D20,
    /// The reply is empty.
    #[serde(rename = "D-27")]
    D27,
}

/// Where a defect is injected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seam {
    /// In the reference platform.
    Platform,
    /// In the world around it, with the platform's guard against it off.
    World,
}

/// What is known of a defect.
#[derive(Clone, Copy, Debug)]
pub struct Defect {
    /// Its number in the catalogue.
    pub number: &'static str,
    /// The name of its switch there.
    pub switch: &'static str,
    /// What goes wrong, in a few words.
    pub title: &'static str,
    /// Where it is injected.
    pub seam: Seam,
}

impl DefectId {
    /// Every defect that can be switched on, in the order of the catalogue.
    pub const ALL: [Self; 4] = [Self::D08, Self::D13, Self::D20, Self::D27];

    /// What is known of it.
    pub fn defect(self) -> Defect {
        match self {
            Self::D08 => Defect {
                number: "D-08",
                switch: "child.omit_usage_token",
                title: "a member that the concierge made gets no usage token",
                seam: Seam::Platform,
            },
            Self::D13 => Defect {
                number: "D-13",
                switch: "create.parent_null_when_omitted",
                title: "a member without a parent is stored outside the concierge's tree",
                seam: Seam::Platform,
            },
            Self::D20 => Defect {
                number: "D-20",
                switch: "dispatch.drop",
                title: "a member's provisioning is dropped and nobody works on it",
                seam: Seam::Platform,
            },
            Self::D27 => Defect {
                number: "D-27",
                switch: "proxy.empty_completion",
                title: "an empty completion is passed on as a good reply",
                seam: Seam::World,
            },
        }
    }
}

impl fmt::Display for DefectId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.defect().number)
    }
}

/// A name that is no defect's number or switch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown defect `{typed}`{}", near.map(|name| format!(", did you mean `{name}`?")).unwrap_or_default())]
pub struct UnknownDefect {
    /// What was typed.
    pub typed: String,
    /// The name that comes near.
    pub near: Option<&'static str>,
}

impl FromStr for DefectId {
    type Err = UnknownDefect;

    fn from_str(typed: &str) -> Result<Self, UnknownDefect> {
        let found = Self::ALL.into_iter().find(|id| {
            let defect = id.defect();
            typed.eq_ignore_ascii_case(defect.number) || typed == defect.switch
        });
        found.ok_or_else(|| {
            let names = Self::ALL.into_iter().flat_map(|id| [id.defect().number, id.defect().switch]);
            UnknownDefect { typed: typed.to_owned(), near: document::near(typed, names) }
        })
    }
}

/// The defects that are switched on in a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DefectSet(BTreeSet<DefectId>);

impl DefectSet {
    /// True where this defect is on.
    pub fn has(&self, id: DefectId) -> bool {
        self.0.contains(&id)
    }

    /// True where none is on.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that are on, in the order of the catalogue.
    pub fn iter(&self) -> impl Iterator<Item = DefectId> + '_ {
        self.0.iter().copied()
    }
}

impl FromIterator<DefectId> for DefectSet {
    fn from_iter<I: IntoIterator<Item = DefectId>>(ids: I) -> Self {
        Self(ids.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_defect_is_known_by_number_and_by_switch() {
        for id in DefectId::ALL {
            assert_eq!(id.defect().number.parse(), Ok(id));
            assert_eq!(id.defect().switch.parse(), Ok(id));
        }
    }

    #[test]
    fn a_mistyped_switch_is_refused_with_the_near_name() {
        let error = "create.parent_nul_when_omitted".parse::<DefectId>().unwrap_err();
        assert_eq!(error.near, Some("create.parent_null_when_omitted"));
        assert!(error.to_string().contains("did you mean"));
    }
}
