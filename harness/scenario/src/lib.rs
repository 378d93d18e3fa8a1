//! Text to checked scenario to plan.
//!
//! The way: a [`document::Source`] is read into raw types (`raw`), checked against registry and contract into a
//! [`Scenario`] (`check`), and, with a seed, spread out into a [`Plan`] (`plan`, `draw`). Every problem of a file is
//! reported, each with its place. Play and judge read a [`Scenario`] together with the [`Bindings`] of one case.
//!
//! To add a word of the language: its raw type, its checked type in `model`, its check, its line in
//! `scenarios/README.md`, what play does for it and what the judge says of it.

mod case;
mod check;
mod draw;
mod model;
mod plan;
mod raw;
mod template;

pub use case::{Bindings, case_key, journey_id};
pub use check::{Surroundings, read_scenario};
pub use model::{
    Agent, Ask, Condition, Eventually, Expect, Given, ModelCallExpectation, ModelExpected, ModelValues,
    ParentExpected, Place, Placed, RowExpectation, RuntimeValues, Scenario, Step, TeamExpectation, UserSays,
    Vary, Verb, Who, Window,
};
pub use plan::{Plan, PlanRequest, plan};
pub use template::Template;
