//! The switches that break the reference platform or the world in one historically real way each (defects §3, §4).
//!
//! To add one: a variant, its row in the catalogue here, the place in the platform or the world that asks for it,
//! and a test that shows the finding it causes.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A defect that can be switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DefectId {
    /// Create accepts the doomed.
    #[serde(rename = "D-02")]
    D02,
    /// The reason is hidden on the single read.
    #[serde(rename = "D-04")]
    D04,
    /// A failure without a reason.
    #[serde(rename = "D-05")]
    D05,
    /// A form is misrouted.
    #[serde(rename = "D-06")]
    D06,
    /// The box gets no usage token.
    #[serde(rename = "D-08")]
    D08,
    /// A model that nobody declared.
    #[serde(rename = "D-11")]
    D11,
    /// The parent is lost.
    #[serde(rename = "D-13")]
    D13,
    /// The tool recommends what is refused.
    #[serde(rename = "D-17")]
    D17,
    /// A member's provisioning is dropped.
    #[serde(rename = "D-20")]
    D20,
    /// The reply is empty.
    #[serde(rename = "D-27")]
    D27,
    /// The platform pays for a vendor's id.
    #[serde(rename = "D-31")]
    D31,
    /// Any key opens the gate.
    #[serde(rename = "D-33")]
    D33,
    /// A create with its key is refused.
    #[serde(rename = "D-35")]
    D35,
    /// An event is missing.
    #[serde(rename = "D-53")]
    D53,
    /// The advice is refused.
    #[serde(rename = "D-72")]
    D72,
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
}

impl DefectId {
    /// Every defect that can be switched on, in the order of the catalogue.
    pub const ALL: [Self; 15] = [
        Self::D02,
        Self::D04,
        Self::D05,
        Self::D06,
        Self::D08,
        Self::D11,
        Self::D13,
        Self::D17,
        Self::D20,
        Self::D27,
        Self::D31,
        Self::D33,
        Self::D35,
        Self::D53,
        Self::D72,
    ];

    /// What is known of it.
    pub fn defect(self) -> Defect {
        let row = CATALOGUE.iter().find(|(id, ..)| *id == self);
        let (_, number, switch, title) = row.expect("a test finds every defect in the catalogue");
        Defect { number, switch, title }
    }
}

/// Defect, number, switch, and what goes wrong, in the order of the catalogue.
const CATALOGUE: [(DefectId, &str, &str, &str); 15] = [
    (DefectId::D02, "D-02", "create.skip_byok_gate", "create accepts a vendor's id that nobody can pay for"),
    (DefectId::D04, "D-04", "read.strip_last_error", "the reason of a failure is hidden on the single read"),
    (DefectId::D05, "D-05", "fail.blank_reason", "a failure is stored without a reason"),
    (DefectId::D06, "D-06", "registry.collapse_forms", "ids are resolved as if a colon were a slash"),
    (DefectId::D08, "D-08", "child.omit_usage_token", "a member that the concierge made gets no usage token"),
    (DefectId::D11, "D-11", "model.silent_default", "a box runs on a model that nobody declared"),
    (
        DefectId::D13,
        "D-13",
        "create.parent_null_when_omitted",
        "a member without a parent is stored outside the concierge's tree",
    ),
    (DefectId::D17, "D-17", "mcp.hint_model", "the tool recommends an id that needs a key"),
    (DefectId::D20, "D-20", "dispatch.drop", "a member's provisioning is dropped and nobody works on it"),
    (DefectId::D27, "D-27", "proxy.empty_completion", "an empty completion is passed on as a good reply"),
    (
        DefectId::D31,
        "D-31",
        "billing.byok_uses_proxy",
        "a vendor's id with its key runs on the platform's bill",
    ),
    (DefectId::D33, "D-33", "gate.any_key_ok", "any vendor's key opens the provision step"),
    (
        DefectId::D35,
        "D-35",
        "create.vendor_key_guard_stale",
        "a vendor's key in the payload of that vendor's id is refused",
    ),
    (DefectId::D53, "D-53", "events.drop", "the event of a failure is not stored"),
    (DefectId::D72, "D-72", "error.advice_dead_model", "a refusal recommends an id that is itself refused"),
];

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
