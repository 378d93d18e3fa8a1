//! Text to checked scenario to plan.
//!
//! The way: a [`document::Source`] is read into raw types (`raw`), checked against registry and contract into a
//! [`Scenario`] (`check`), and, with a seed, spread out into a [`Plan`] (`plan`, `draw`). Every problem of a file is
//! reported, each with its place. Play and judge read a [`Scenario`] together with the [`Bindings`] of one case.
//!
//! [`explain()`] tells a scenario in sentences, [`schema()`] gives editors the language.
//!
//! To add a word of the language: its raw type with the words that an editor shows, its checked type in `model`, its
//! check, its sentence in `explain`, its line in `scenarios/README.md`, what play does for it and what the judge says
//! of it.

mod beyond;
mod case;
mod check;
mod draft;
mod draw;
mod drawable;
mod explain;
mod expression;
mod forms;
mod key;
mod model;
mod plan;
mod predicted;
mod raw;
mod schema;
mod template;

pub use case::{Bindings, case_key, journey_id};
pub use check::{Surroundings, read_scenario};
pub use drawable::no_case_of;
pub use explain::{Explanation, explain, outcome};
pub use expression::{Expression, ExpressionError, Variables};
pub use forms::{Form, forms_of};
pub use key::KeyGiven;
pub use model::{
    Agent, Ask, BillingMode, Condition, Deployment, DrawnFrom, Eventually, Expect, Filter, Given, GivenKey,
    KeyAxis, KeyKind, ModelCallExpectation, ModelExpected, ModelValues, Need, ParentExpected, Place, Placed,
    Provision, Proxy, PutModel, RefusedExpectation, Restart, RowExpectation, RuntimeValues, SayAgain,
    Scenario, SetBillingMode, Step, SurfacesExpected, TeamExpectation, ToolTextExpectation, UserSays, Vary,
    Verb, Who, Window, WordsExpected,
};
pub use plan::{Plan, PlanRequest, plan};
pub use predicted::{CaseAsked, predict, server_default_model};
pub use schema::schema;
pub use template::Template;
