//! A scenario as it is written: every value with its place, nothing checked but its shape.
//!
//! The documentation of these types is what an editor shows: `schema` makes `scenarios/schema.json` of them. A part that
//! is decoded later, so that its problems stand beside those of others, is a `Node` here and says in `schemars(with)`
//! what it will be.

mod expectations;
mod file;
mod steps;

pub(crate) use expectations::{
    RawEventually, RawExpect, RawModelCalls, RawParent, RawRefused, RawRow, RawSurface, RawToolText,
    RawWindow,
};
pub(crate) use file::{RawAgent, RawArm, RawDraw, RawGiven, RawKeyAxis, RawNamedKey, RawScenario, RawVary};
pub(crate) use steps::{
    RawEach, RawProvision, RawPutModel, RawRestart, RawSayAgain, RawSetBillingMode, RawStep, RawUserSays,
};
