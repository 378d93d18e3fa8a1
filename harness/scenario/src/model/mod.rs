//! A checked scenario: what play and judge read.
//!
//! `scenario` is the file as a whole, `world` what it begins with, `axes` what varies, `acts` and `expectations` its
//! steps.

mod acts;
mod axes;
mod expectations;
mod scenario;
mod world;

pub use acts::{BillingMode, Provision, PutModel, Restart, SayAgain, SetBillingMode, UserSays};
pub use axes::{DrawnFrom, Filter, KeyAxis, KeyKind, ModelValues, RuntimeValues, Vary};
pub use expectations::{
    Ask, Condition, Eventually, Expect, ModelCallExpectation, ModelExpected, ParentExpected,
    RefusedExpectation, RowExpectation, SurfacesExpected, TeamExpectation, ToolTextExpectation, Who, Window,
    WordsExpected,
};
pub use scenario::{Need, Place, Placed, Scenario, Step, Verb};
pub use world::{Agent, Deployment, Given, GivenKey, Proxy};
