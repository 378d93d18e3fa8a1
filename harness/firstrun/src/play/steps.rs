//! Plays the steps of a journey, one after the other, until one breaks.

use std::time::Duration;

use futures::future::join_all;
use journal::{AskReason, Fact, StepBegan, StepEnded, Turn, WaitOutcome};
use judge::{Facts, Holding, Trial, captures, holds_all};
use scenario::{Ask, Condition, Expect, SayAgain, Step, UserSays, Verb, Who};
use world::UserTurn;

use super::journey::{Course, Stop};
use super::wait::Holds;

/// Whether the next step is played.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    GoOn,
    Stop,
}

/// Plays the steps. What follows a broken act or wait would only break for the same reason, so it is left out.
pub(crate) async fn play_all(course: &mut Course<'_>) -> Result<(), Stop> {
    for (index, step) in course.scenario.steps.iter().enumerate() {
        course.recorder.record(Fact::StepBegan(StepBegan { index, verb: step.verb.name().to_owned() }));
        let next = play(course, index, step).await?;
        course.probes.settle().await?;
        course.recorder.record(Fact::StepEnded(StepEnded { index }));
        if next == Next::Stop {
            break;
        }
    }
    Ok(())
}

async fn play(course: &mut Course<'_>, index: usize, step: &Step) -> Result<Next, Stop> {
    match &step.verb {
        Verb::UserSays(says) => Ok(user_says(course, says).await),
        Verb::SayAgain(again) => Ok(say_again(course, again).await),
        Verb::Provision(provision) => course.provision(provision).await.map(|()| Next::GoOn),
        Verb::PutModel(put) => course.put_model(put).await.map(|()| Next::GoOn),
        Verb::SetBillingMode(set) => course.set_billing_mode(set).await.map(|()| Next::GoOn),
        Verb::Restart(restart) => course.restart(restart).await.map(|()| Next::GoOn),
        Verb::Eventually(wait) => course.eventually(index, wait).await.map(after_wait),
        Verb::Stays(window) => course.watch(index, window, Holds::AllTheTime).await.map(after_wait),
        Verb::Never(window) => course.watch(index, window, Holds::Never).await.map(after_wait),
        Verb::Ask(ask) => ask_members(course, index, ask).await,
        Verb::Expect(expect) => look_and_expect(course, index, expect).await,
    }
}

fn after_wait(outcome: WaitOutcome) -> Next {
    if outcome == WaitOutcome::Held { Next::GoOn } else { Next::Stop }
}

async fn user_says(course: &Course<'_>, says: &UserSays) -> Next {
    let turn = UserTurn {
        text: says.text.text(&course.bindings).unwrap_or_default(),
        members: says.members.clone(),
        runtime: says.runtime.as_ref().and_then(|runtime| runtime.text(&course.bindings)),
        model: says.model.as_ref().and_then(|model| model.text(&course.bindings)),
    };
    after_turn(&course.subject.say(turn).await)
}

/// What the user says where the scenario leaves it open.
const TRY_AGAIN: &str = "please try again";

async fn say_again(course: &Course<'_>, again: &SayAgain) -> Next {
    let text = again.text.as_ref().and_then(|text| text.text(&course.bindings));
    let turn = UserTurn {
        text: text.unwrap_or_else(|| TRY_AGAIN.to_owned()),
        members: Vec::new(),
        runtime: None,
        model: again.model.as_ref().and_then(|model| model.text(&course.bindings)),
    };
    after_turn(&course.subject.say_again(turn).await)
}

fn after_turn(turn: &Turn) -> Next {
    let is_answered = turn.reply.error.is_none() && turn.reply.text.is_some();
    if is_answered { Next::GoOn } else { Next::Stop }
}

async fn ask_members(course: &mut Course<'_>, index: usize, ask: &Ask) -> Result<Next, Stop> {
    let rows = course.rows_of(&ask.who);
    let questions = rows
        .iter()
        .map(|(member, workspace)| course.subject.ask(workspace, Some(member), AskReason::Step(index)));
    let answers = join_all(questions).await;
    let are_all_answered = answers.iter().all(journal::Asked::is_answered);
    Ok(if are_all_answered { Next::GoOn } else { Next::Stop })
}

async fn look_and_expect(course: &mut Course<'_>, index: usize, expect: &Expect) -> Result<Next, Stop> {
    for condition in &expect.conditions {
        match condition {
            Condition::Team(_) => course.look_at_team().await?,
            Condition::ModelCalls(calls) => {
                for (_, workspace) in course.rows_of(&calls.value.who) {
                    course.subject.stored_model(&workspace).await?;
                }
            }
            Condition::Refused(_) => course.await_end().await?,
            Condition::ToolText(_) => {
                course.subject.tool_list().await?;
            }
            Condition::That(_) => course.look_for_expression().await?,
            Condition::AsPredicted(_) => course.await_outcome(index).await?,
        }
    }
    let holds = course.holding(index, &expect.conditions, &[]) == Holding::Yes;
    let captured = course.recorder.look(|seen| captures(&course.trial(), index, expect, Facts::all(seen)));
    for (name, value) in captured {
        course.bindings.capture(&name, value);
    }
    // What is only looked at stands in nobody's way, unless a later step lives on what was to be kept.
    let keeps = expect
        .conditions
        .iter()
        .any(|condition| matches!(condition, Condition::Refused(refused) if refused.value.keep.is_some()));
    Ok(if holds || !keeps { Next::GoOn } else { Next::Stop })
}

impl Course<'_> {
    /// What this journey is judged against, with what was captured so far.
    pub(crate) fn trial(&self) -> Trial<'_> {
        Trial {
            scenario: self.scenario,
            bindings: &self.bindings,
            contract: &self.loaded.contract,
            oracle: &self.loaded.oracle,
        }
    }

    /// Whether conditions of a step hold now.
    pub(crate) fn holding(&self, step: usize, conditions: &[Condition], through: &[wire::Status]) -> Holding {
        self.recorder.look(|seen| holds_all(&self.trial(), step, conditions, through, Facts::all(seen)))
    }

    /// The newest rows of the members that are meant.
    pub(crate) fn rows_of(&self, who: &Who) -> Vec<(String, String)> {
        let team = self.recorder.look(|seen| {
            let team = Facts::all(seen).team().into_iter();
            team.map(|(member, id)| (member.to_owned(), id)).collect::<Vec<_>>()
        });
        match who {
            Who::Team => team,
            Who::Member(only) => team.into_iter().filter(|(member, _)| member == only).collect(),
        }
    }

    /// One look at every member's row. A row that is first seen online gets its question.
    pub(crate) async fn look_at_team(&mut self) -> Result<(), Stop> {
        for (member, workspace) in self.rows_of(&Who::Team) {
            let seen = self.subject.look(&workspace).await?;
            self.probes.note(&member, &seen);
        }
        Ok(())
    }

    /// A wait of the scenario, on this stack.
    pub(crate) fn scaled(&self, wait: Duration) -> Duration {
        wait.mul_f64(self.time_factor)
    }
}
