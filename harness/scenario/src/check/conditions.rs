//! The expectations.

use contract::Surface;
use document::{Entries, Node, Place, Placed};

use super::steps::Steps;
use crate::raw::{
    RawEventually, RawExpect, RawModelCalls, RawParent, RawRefused, RawRow, RawSurface, RawToolText,
    RawWindow,
};
use crate::{
    Condition, Eventually, Expect, Expression, ExpressionError, ModelCallExpectation, ModelExpected,
    ParentExpected, RefusedExpectation, RowExpectation, SurfacesExpected, TeamExpectation, Template,
    ToolTextExpectation, Verb, Window, WordsExpected,
};

/// A wait longer than this outlives any journey.
const MAX_WAIT_SECONDS: u64 = 600;

/// The texts in a step's conditions that an axis can fill.
pub(super) fn templates_of(verb: &Verb) -> Vec<&Template> {
    let conditions = match verb {
        Verb::Eventually(step) => &step.conditions,
        Verb::Stays(step) | Verb::Never(step) => &step.conditions,
        Verb::Expect(step) => &step.conditions,
        _ => return Vec::new(),
    };
    conditions.iter().flat_map(of_condition).collect()
}

fn of_condition(condition: &Condition) -> Vec<&Template> {
    match condition {
        Condition::Team(Placed { value: TeamExpectation::Rows(rows), .. }) => {
            rows.iter().filter_map(|(_, row)| row.runtime.as_ref()).collect()
        }
        Condition::ModelCalls(Placed { value, .. }) => {
            let model = match &value.model {
                Some(ModelExpected::This(template)) => Some(template),
                _ => None,
            };
            model.into_iter().chain(&value.key).collect()
        }
        Condition::Team(_)
        | Condition::Refused(_)
        | Condition::ToolText(_)
        | Condition::That(_)
        | Condition::AsPredicted(_) => Vec::new(),
    }
}

impl Steps<'_, '_, '_> {
    pub(super) fn eventually(&mut self, place: Place, raw: &RawEventually) -> Eventually {
        self.wait("within", &raw.within);
        let conditions = self.row_conditions(place, raw.team.as_ref(), raw.workspace.as_ref());
        Eventually { within: raw.within.value.0, through: raw.through.clone(), conditions }
    }

    pub(super) fn window(&mut self, place: Place, raw: &RawWindow) -> Window {
        self.wait("for", &raw.window);
        let conditions = self.row_conditions(place, raw.team.as_ref(), raw.workspace.as_ref());
        Window { window: raw.window.value.0, conditions }
    }

    pub(super) fn expect(&mut self, node: &Placed<Node>) -> Option<Expect> {
        let Some(word) = node.value.as_text() else {
            let raw: RawExpect = self.problems.decode(&node.value)?;
            return Some(self.expect_now(node.place, &raw));
        };
        if word != "as_predicted" {
            let typed = Placed::new(node.place, word.to_owned());
            self.problems.unknown("expectation", &typed, &["as_predicted"]);
        }
        if !self.has_attempt {
            let hint = "hand an id in first: `provision`, `user_says`";
            self.problems.add(node.place, "nothing was attempted yet", hint);
        }
        Some(Expect { conditions: vec![Condition::AsPredicted(node.place)] })
    }

    fn expect_now(&mut self, place: Place, raw: &RawExpect) -> Expect {
        let mut conditions = Vec::new();
        conditions.extend(raw.team.as_ref().and_then(|team| self.team(team)));
        conditions.extend(raw.workspace.as_ref().and_then(|rows| self.rows(rows.place, &rows.value)));
        conditions.extend(raw.model_calls.as_ref().and_then(|calls| self.model_calls(calls)));
        conditions.extend(raw.refused.as_ref().map(|refused| self.refused(refused)));
        conditions.extend(raw.tool_text.as_ref().map(|text| self.tool_text(text)));
        conditions.extend(raw.that.as_ref().and_then(|that| self.that(that)));
        let is_empty = raw.team.is_none()
            && raw.workspace.is_none()
            && raw.model_calls.is_none()
            && raw.refused.is_none()
            && raw.tool_text.is_none()
            && raw.that.is_none();
        self.expects_something(place, is_empty);
        Expect { conditions }
    }

    fn row_conditions(
        &mut self,
        place: Place,
        team: Option<&Placed<Node>>,
        rows: Option<&Placed<Entries<RawRow>>>,
    ) -> Vec<Condition> {
        let mut conditions = Vec::new();
        conditions.extend(team.and_then(|team| self.team(team)));
        conditions.extend(rows.and_then(|rows| self.rows(rows.place, &rows.value)));
        self.expects_something(place, team.is_none() && rows.is_none());
        conditions
    }

    fn expects_something(&mut self, place: Place, is_empty: bool) {
        if is_empty {
            let hint = "say what must hold: `team`, `workspace`, ...";
            self.problems.add(place, "this step expects nothing", hint);
        }
    }

    fn wait(&mut self, key: &str, time: &Placed<document::Time>) {
        let wait = time.value.0;
        if wait.is_zero() || wait.as_secs() > MAX_WAIT_SECONDS {
            let text = format!("`{key}` is not between 1ms and {MAX_WAIT_SECONDS}s");
            self.problems.add(time.place, text, "write a number and a unit: 250ms, 10s");
        }
    }

    fn team(&mut self, team: &Placed<Node>) -> Option<Condition> {
        if let Some(word) = team.value.as_text() {
            if word != "all_online" {
                self.problems.unknown("team", &Placed::new(team.place, word.to_owned()), &["all_online"]);
            } else if self.members.is_empty() && !self.has_unread_step {
                self.problems.add(team.place, "there is no team yet", "ask for one first: `user_says`");
            }
            return Some(Condition::Team(Placed::new(team.place, TeamExpectation::AllOnline)));
        }
        let rows: Entries<RawRow> = self.problems.decode(&team.value)?;
        self.rows(team.place, &rows)
    }

    fn rows(&mut self, place: Place, rows: &Entries<RawRow>) -> Option<Condition> {
        if rows.is_empty() {
            self.problems.add(
                place,
                "no row is named here",
                "name the rows and say what is expected of each",
            );
            return None;
        }
        let checked = rows.iter().map(|(name, row)| (name.clone(), self.row(name, row))).collect();
        Some(Condition::Team(Placed::new(place, TeamExpectation::Rows(checked))))
    }

    fn row(&mut self, name: &Placed<String>, raw: &RawRow) -> RowExpectation {
        self.known_member(name);
        let row = RowExpectation {
            status: raw.status,
            parent: raw.parent.map(|RawParent::Concierge| ParentExpected::Concierge),
            tier: raw.tier,
            runtime: raw.runtime.as_ref().and_then(|text| self.problems.template(text)),
        };
        if row.status.is_none() && row.parent.is_none() && row.tier.is_none() && row.runtime.is_none() {
            let text = format!("nothing is expected of `{}`", name.value);
            self.problems.add(name.place, text, "say which status, parent, tier or runtime it must have");
        }
        row
    }

    fn model_calls(&mut self, raw: &Placed<RawModelCalls>) -> Option<Condition> {
        let who = self.who(raw.place, raw.value.each, raw.value.workspace.clone())?;
        let model = match &raw.value.model {
            Some(text) if text.value == "as_stored" => Some(ModelExpected::AsStored),
            Some(text) => self.problems.template(text).map(ModelExpected::This),
            None => None,
        };
        if let Some(key) = raw.value.key.as_ref().filter(|key| key.value != "$key" || self.vary.key.is_none())
        {
            let hint = "add the axis `key` to `vary` and write `key: $key`";
            self.problems.add(key.place, "a key comes from the axis `key` only", hint);
        }
        let key = raw.value.key.as_ref().and_then(|text| self.problems.template(text));
        let expectation = ModelCallExpectation { who, payer: raw.value.payer, model, key };
        Some(Condition::ModelCalls(Placed::new(raw.place, expectation)))
    }

    fn refused(&mut self, raw: &Placed<RawRefused>) -> Condition {
        if !self.has_attempt {
            let hint = "do something that can be refused first: `user_says`, `provision`";
            self.problems.add(raw.place, "nothing was attempted yet", hint);
        }
        let surfaces = match &raw.value.surfaced_to {
            None => SurfacesExpected::AsPromised,
            Some(named) => {
                SurfacesExpected::These(named.iter().flat_map(|surface| self.surfaces(surface)).collect())
            }
        };
        let words = raw.value.reason_names.clone().map_or(WordsExpected::AsPromised, WordsExpected::These);
        if let Some(keep) = &raw.value.keep {
            let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            if keep.value.is_empty() || !keep.value.chars().all(is_word) {
                self.problems.add(keep.place, format!("`{}` is no name", keep.value), "use a-z, 0-9 and `_`");
            }
            self.captures.push(keep.clone());
        }
        let keep = raw.value.keep.as_ref().map(|keep| keep.value.clone());
        let expectation = RefusedExpectation { code: raw.value.code, words, surfaces, keep };
        Condition::Refused(Placed::new(raw.place, expectation))
    }

    /// The surfaces of one word. Without a turn of the user there is no chat to be told in.
    fn surfaces(&mut self, raw: &Placed<RawSurface>) -> Vec<Surface> {
        match raw.value {
            RawSurface::List => vec![Surface::List],
            RawSurface::Read => vec![Surface::Read],
            RawSurface::Record => vec![Surface::List, Surface::Read],
            RawSurface::CreateAnswer => vec![Surface::CreateAnswer],
            RawSurface::Event => vec![Surface::Event],
            RawSurface::ToolResult => vec![Surface::ToolResult],
            RawSurface::User => {
                if !self.has_turn {
                    self.problems.add(
                        raw.place,
                        "no user is told anything here",
                        "only a `user_says` has a chat",
                    );
                }
                vec![Surface::User]
            }
        }
    }

    fn that(&mut self, raw: &Placed<String>) -> Option<Condition> {
        match Expression::parse(&raw.value) {
            Ok(expression) => Some(Condition::That(Placed::new(raw.place, expression))),
            Err(ExpressionError::UnknownVariable(name)) => {
                self.problems.unknown("variable", &Placed::new(raw.place, name), &Expression::VARIABLES);
                None
            }
            Err(error) => {
                let hint = "write a condition in CEL over answer, row, events, model_calls: row.tier == 4";
                self.problems.add(raw.place, error.to_string(), hint);
                None
            }
        }
    }

    fn tool_text(&mut self, raw: &Placed<RawToolText>) -> Condition {
        const TOOLS: [&str; 4] =
            ["provision_workspace", "get_workspace", "list_workspaces", "deprovision_workspace"];
        if !TOOLS.contains(&raw.value.tool.value.as_str()) {
            self.problems.unknown("tool", &raw.value.tool, &TOOLS);
        }
        if raw.value.states.value.is_empty() {
            let hint = "list the rules that the text must state";
            self.problems.add(raw.value.states.place, "no rule is named here", hint);
        }
        let expectation = ToolTextExpectation {
            tool: raw.value.tool.value.clone(),
            argument: raw.value.argument.value.clone(),
            states: raw.value.states.value.clone(),
        };
        Condition::ToolText(Placed::new(raw.place, expectation))
    }
}
