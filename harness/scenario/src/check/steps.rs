//! The steps.

use document::{Entries, Node, Place, Placed};

use super::Surroundings;
use super::problems::Problems;
use crate::raw::{
    RawEach, RawEventually, RawExpect, RawModelCalls, RawParent, RawRow, RawStep, RawUserSays, RawWindow,
};
use crate::{
    Ask, Condition, Eventually, Expect, ModelCallExpectation, ModelExpected, ParentExpected, RowExpectation,
    Step, TeamExpectation, Template, UserSays, Verb, Who, Window,
};

/// A wait longer than this outlives any journey.
const MAX_WAIT_SECONDS: u64 = 600;

/// More members than this are no team.
const MAX_MEMBERS: usize = 50;

/// A member's name fits a row's name in every era (tenant-api §2.4 #2).
const MAX_NAME_CHARS: usize = 63;

/// What the steps so far have named.
struct Steps<'p, 's, 'r> {
    problems: &'p mut Problems<'s>,
    around: Surroundings<'r>,
    members: Vec<String>,
}

pub(crate) fn check(problems: &mut Problems<'_>, nodes: &[Node], around: Surroundings<'_>) -> Vec<Step> {
    let mut steps = Steps { problems, around, members: Vec::new() };
    nodes.iter().filter_map(|node| steps.step(node)).collect()
}

/// The texts in a step's conditions that an axis can fill.
pub(crate) fn condition_templates(verb: &Verb) -> Vec<&Template> {
    let conditions = match verb {
        Verb::Eventually(step) => &step.conditions,
        Verb::Stays(step) | Verb::Never(step) => &step.conditions,
        Verb::Expect(step) => &step.conditions,
        Verb::UserSays(_) | Verb::Ask(_) => return Vec::new(),
    };
    conditions.iter().flat_map(of_condition).collect()
}

fn of_condition(condition: &Condition) -> Vec<&Template> {
    match condition {
        Condition::Team(Placed { value: TeamExpectation::Rows(rows), .. }) => {
            rows.iter().filter_map(|(_, row)| row.runtime.as_ref()).collect()
        }
        Condition::ModelCalls(Placed { value, .. }) => match &value.model {
            Some(ModelExpected::This(template)) => vec![template],
            _ => Vec::new(),
        },
        Condition::Team(_) => Vec::new(),
    }
}

impl Steps<'_, '_, '_> {
    fn step(&mut self, node: &Node) -> Option<Step> {
        let raw: RawStep = self.problems.decode(node)?;
        let verb = match raw {
            RawStep::UserSays(raw) => Verb::UserSays(self.user_says(&raw)?),
            RawStep::Eventually(raw) => Verb::Eventually(self.eventually(node.place, &raw)),
            RawStep::Stays(raw) => Verb::Stays(self.window(node.place, &raw)),
            RawStep::Never(raw) => Verb::Never(self.window(node.place, &raw)),
            RawStep::Ask(raw) => Verb::Ask(Ask { who: self.who(node.place, raw.each, raw.workspace)? }),
            RawStep::Expect(raw) => Verb::Expect(self.expect(node.place, &raw)),
        };
        Some(Step { place: node.place, verb })
    }

    fn user_says(&mut self, raw: &RawUserSays) -> Option<UserSays> {
        if raw.members.value.is_empty() || raw.members.value.len() > MAX_MEMBERS {
            let text = format!("{} members, where 1 to {MAX_MEMBERS} are wanted", raw.members.value.len());
            self.problems.add(raw.members.place, text, "name the members of the team");
        }
        for member in &raw.members.value {
            self.member(member);
        }
        let runtime = raw.runtime.as_ref().and_then(|text| self.problems.template(text));
        if let (Some(template), Some(typed)) = (&runtime, &raw.runtime) {
            self.runtime(template, typed);
        }
        Some(UserSays {
            text: self.problems.template(&raw.text)?,
            members: raw.members.value.iter().map(|member| member.value.clone()).collect(),
            runtime,
            model: raw.model.as_ref().and_then(|text| self.problems.template(text)),
        })
    }

    /// A runtime that is named outright must be one that the platform knows.
    fn runtime(&mut self, template: &Template, typed: &Placed<String>) {
        let known: Vec<&str> = self.around.contract.known_runtimes.iter().map(String::as_str).collect();
        if template.references().next().is_none() && !known.contains(&typed.value.as_str()) {
            self.problems.unknown("runtime", typed, &known);
        }
    }

    fn member(&mut self, name: &Placed<String>) {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let is_good = !name.value.is_empty()
            && name.value.chars().count() <= MAX_NAME_CHARS
            && name.value.chars().all(is_plain)
            && name.value.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !is_good {
            let hint =
                format!("a member's name is made of letters, digits, `-` and `_`, at most {MAX_NAME_CHARS}");
            self.problems.add(name.place, format!("`{}` is no member's name", name.value), hint);
        } else if self.members.contains(&name.value) {
            let hint = "ask for each member once";
            self.problems.add(name.place, format!("the member `{}` is asked for twice", name.value), hint);
        }
        self.members.push(name.value.clone());
    }

    fn eventually(&mut self, place: Place, raw: &RawEventually) -> Eventually {
        self.wait("within", &raw.within);
        let conditions = self.conditions(place, raw.team.as_ref(), raw.workspace.as_ref(), None);
        Eventually { within: raw.within.value.0, through: raw.through.clone(), conditions }
    }

    fn window(&mut self, place: Place, raw: &RawWindow) -> Window {
        self.wait("for", &raw.window);
        let conditions = self.conditions(place, raw.team.as_ref(), raw.workspace.as_ref(), None);
        Window { window: raw.window.value.0, conditions }
    }

    fn expect(&mut self, place: Place, raw: &RawExpect) -> Expect {
        let calls = raw.model_calls.as_ref();
        Expect { conditions: self.conditions(place, raw.team.as_ref(), raw.workspace.as_ref(), calls) }
    }

    fn wait(&mut self, key: &str, time: &Placed<document::Time>) {
        let wait = time.value.0;
        if wait.is_zero() || wait.as_secs() > MAX_WAIT_SECONDS {
            let text = format!("`{key}` is not between 1ms and {MAX_WAIT_SECONDS}s");
            self.problems.add(time.place, text, "write a number and a unit: 250ms, 10s");
        }
    }

    fn conditions(
        &mut self,
        place: Place,
        team: Option<&Placed<Node>>,
        rows: Option<&Placed<Entries<RawRow>>>,
        calls: Option<&Placed<RawModelCalls>>,
    ) -> Vec<Condition> {
        let mut conditions = Vec::new();
        conditions.extend(team.and_then(|team| self.team(team)));
        conditions.extend(rows.and_then(|rows| self.rows(rows.place, &rows.value)));
        conditions.extend(calls.and_then(|calls| self.model_calls(calls)));
        if team.is_none() && rows.is_none() && calls.is_none() {
            self.problems.add(
                place,
                "this step expects nothing",
                "say what must hold: `team`, `workspace`, ...",
            );
        }
        conditions
    }

    fn team(&mut self, team: &Placed<Node>) -> Option<Condition> {
        if let Some(word) = team.value.as_text() {
            if word != "all_online" {
                self.problems.unknown("team", &Placed::new(team.place, word.to_owned()), &["all_online"]);
            } else if self.members.is_empty() {
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

    fn known_member(&mut self, name: &Placed<String>) {
        if !self.members.contains(&name.value) {
            let known: Vec<&str> = self.members.iter().map(String::as_str).collect();
            self.problems.unknown("member", name, &known);
        }
    }

    fn model_calls(&mut self, raw: &Placed<RawModelCalls>) -> Option<Condition> {
        let who = self.who(raw.place, raw.value.each, raw.value.workspace.clone())?;
        let model = match &raw.value.model {
            Some(text) if text.value == "as_stored" => Some(ModelExpected::AsStored),
            Some(text) => self.problems.template(text).map(ModelExpected::This),
            None => None,
        };
        let expectation = ModelCallExpectation { who, payer: raw.value.payer, model };
        Some(Condition::ModelCalls(Placed::new(raw.place, expectation)))
    }

    fn who(
        &mut self,
        place: Place,
        each: Option<Placed<RawEach>>,
        workspace: Option<Placed<String>>,
    ) -> Option<Who> {
        match (each, workspace) {
            (Some(_), None) if self.members.is_empty() => {
                self.problems.add(place, "there is no team yet", "ask for one first: `user_says`");
                None
            }
            (Some(_), None) => Some(Who::Team),
            (None, Some(name)) => {
                self.known_member(&name);
                Some(Who::Member(name.value))
            }
            _ => {
                let hint = "write `each: team`, or `workspace: NAME`";
                self.problems.add(place, "it does not say whose rows are meant", hint);
                None
            }
        }
    }
}
