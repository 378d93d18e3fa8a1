//! How a model id is spelled, in the words that scenarios, reports and findings share.
//!
//! The grammar in the scenario crate says which ids of a runtime have which form. To add a form: a variant, its line
//! in the table here, its rule in the grammar, its weight in `fixtures/forms/grammar.yaml`.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A form of model ids (registry §9, defects §2). Where an id has several, the first one here is its label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FormLabel {
    /// The field is left out.
    Absent,
    /// The empty text.
    Empty,
    /// Nothing but white space.
    Blank,
    /// A short name that vendors keep pointing at their newest model.
    Alias,
    /// Listed, without a separator.
    Bare,
    /// Listed, vendor and model parted by a slash.
    Slash,
    /// Listed, vendor and model parted by a colon.
    Colon,
    /// What the runtime's template names.
    TemplateDefault,
    /// A listed id without its vendor.
    MissingPrefix,
    /// A listed id with another separator.
    SwappedSeparator,
    /// A listed model behind the vendor of another arm.
    OtherArm,
    /// Listed for another runtime only.
    Foreign,
    /// Listed for this runtime on another day.
    Withdrawn,
    /// Behind the name of a vendor of which the runtime lists nothing.
    VendorPrefix,
    /// Behind a gateway's name, with the vendor that the gateway is to pass it on to.
    Passthrough,
    /// `platform/` before what no platform arm lists.
    PlatformPrefix,
    /// A listed id with a day behind it.
    Dated,
    /// A listed id with a version that nobody has released.
    InventedVersion,
    /// A listed id in other letters.
    WrongCase,
    /// A listed id with white space at an end.
    Padded,
    /// A listed id with its separator twice.
    DoubledSeparator,
    /// A listed id with its vendor twice.
    DoubledPrefix,
    /// A listed id with a letter that only looks like its own, or one that can't be seen.
    LookAlike,
    /// A listed id with a control character.
    ControlCharacter,
    /// A listed id with a line break.
    LineBreak,
    /// As long as an id may be: 100 bytes (tenant-api §2.4).
    AtLimit,
    /// Longer than that.
    PastLimit,
}

impl FormLabel {
    /// Every form.
    pub const ALL: [Self; 27] = [
        Self::Absent,
        Self::Empty,
        Self::Blank,
        Self::Alias,
        Self::Bare,
        Self::Slash,
        Self::Colon,
        Self::TemplateDefault,
        Self::MissingPrefix,
        Self::SwappedSeparator,
        Self::OtherArm,
        Self::Foreign,
        Self::Withdrawn,
        Self::VendorPrefix,
        Self::Passthrough,
        Self::PlatformPrefix,
        Self::Dated,
        Self::InventedVersion,
        Self::WrongCase,
        Self::Padded,
        Self::DoubledSeparator,
        Self::DoubledPrefix,
        Self::LookAlike,
        Self::ControlCharacter,
        Self::LineBreak,
        Self::AtLimit,
        Self::PastLimit,
    ];

    /// The word for it in scenarios.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Empty => "empty",
            Self::Blank => "blank",
            Self::Alias => "alias",
            Self::Bare => "bare",
            Self::Slash => "slash",
            Self::Colon => "colon",
            Self::TemplateDefault => "template_default",
            Self::OtherArm => "other_arm",
            Self::Foreign => "foreign",
            Self::Withdrawn => "withdrawn",
            Self::VendorPrefix => "vendor_prefix",
            Self::Passthrough => "passthrough",
            Self::PlatformPrefix => "platform_prefix",
            Self::Dated => "dated",
            Self::InventedVersion => "invented_version",
            Self::WrongCase => "wrong_case",
            Self::Padded => "padded",
            Self::SwappedSeparator => "swapped_separator",
            Self::DoubledSeparator => "doubled_separator",
            Self::MissingPrefix => "missing_prefix",
            Self::DoubledPrefix => "doubled_prefix",
            Self::LookAlike => "look_alike",
            Self::ControlCharacter => "control_character",
            Self::LineBreak => "line_break",
            Self::AtLimit => "at_limit",
            Self::PastLimit => "past_limit",
        }
    }

    /// The form of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.as_str() == word)
    }
}

impl fmt::Display for FormLabel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_found_by_its_word_and_written_with_it() {
        for form in FormLabel::ALL {
            assert_eq!(FormLabel::from_word(form.as_str()), Some(form));
            assert_eq!(serde_json::to_value(form).unwrap(), form.as_str());
        }
        assert_eq!(FormLabel::from_word("sideways"), None);
    }
}
