//! `refused`: every attempt of the last act was refused, early without a trace or at provisioning, and those who must
//! read the reason can.

use contract::{Entry, Surface, Word};
use journal::{FindingKind, KeyScope, Layer, RowSource, TenantRole};
use oracle::Prediction;
use scenario::{
    CaseAsked, KeyGiven, Place, Proxy, RefusedExpectation, SurfacesExpected, WordsExpected, predict,
};
use wire::{EventName, Status};

use crate::Facts;
use crate::attempts::{Answer, Attempt, of_last_act};
use crate::evidence::story_of;
use crate::holds::Asking;
use crate::lack::{Lack, Nature};
use crate::reason::{Asked, alternative, names};

/// Where an attempt was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefusalPlace {
    /// By the entry's own answer.
    Early,
    /// After it was accepted.
    AtProvisioning,
}

impl RefusalPlace {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Early => "early",
            Self::AtProvisioning => "at_provisioning",
        }
    }
}

/// A refused attempt, and the reason in every place.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) place: RefusalPlace,
    pub(crate) code: Option<String>,
    /// What each place says; `None` where it says nothing.
    pub(crate) told: Vec<(Surface, Option<String>)>,
}

impl Refusal {
    /// The reason, wherever it stands first.
    pub(crate) fn reason(&self) -> Option<&str> {
        self.told.iter().find_map(|(_, reason)| reason.as_deref())
    }
}

impl Asking<'_> {
    /// What is lacking for the last act before this step to count as refused.
    pub(crate) fn refused(&self, expected: &RefusedExpectation, place: Place, facts: Facts<'_>) -> Vec<Lack> {
        let attempts = of_last_act(self.trial.scenario, facts, self.step);
        if attempts.is_empty() {
            let lack = self.lack(
                FindingKind::NotRefused,
                "nobody",
                place,
                "a refused attempt",
                "nothing was attempted",
            );
            return vec![lack];
        }
        attempts.iter().flat_map(|attempt| self.one(attempt, expected, place, facts)).collect()
    }

    fn one(
        &self,
        attempt: &Attempt,
        expected: &RefusedExpectation,
        place: Place,
        facts: Facts<'_>,
    ) -> Vec<Lack> {
        let refusal = match self.refusal(attempt, place, facts) {
            Ok(refusal) => refusal,
            Err(lack) => return vec![self.proven(*lack, attempt, facts)],
        };
        let mut lacks = Vec::new();
        lacks.extend(self.wrong_place(attempt, &refusal, place));
        lacks.extend(self.wrong_code(attempt, &refusal, expected, place));
        lacks.extend(self.unsurfaced(attempt, &refusal, expected, place));
        lacks.extend(self.wordless(attempt, &refusal, expected, place));
        lacks.into_iter().map(|lack| self.proven(lack, attempt, facts)).collect()
    }

    fn proven(&self, mut lack: Lack, attempt: &Attempt, facts: Facts<'_>) -> Lack {
        lack.finding.proof.push(attempt.seq);
        if let Answer::Accepted(row) = &attempt.answer {
            lack.finding.proof.extend(story_of(facts, row));
            lack.finding.trail = facts.trail(row);
        }
        lack.finding.proof.sort_unstable();
        lack.finding.proof.dedup();
        lack
    }

    /// How an attempt was refused, or what shows that it was not.
    pub(crate) fn refusal(
        &self,
        attempt: &Attempt,
        place: Place,
        facts: Facts<'_>,
    ) -> Result<Refusal, Box<Lack>> {
        match &attempt.answer {
            Answer::Early { status, code, reason, row } => {
                if !(400..500).contains(status) {
                    let seen = format!("status {status}");
                    let expected = "a 4xx with a reason";
                    let lack = self.lack(FindingKind::NotRefused, &attempt.member, place, expected, &seen);
                    return Err(Box::new(lack));
                }
                self.goes_on(attempt, row.as_deref(), place, facts)?;
                Ok(self.early(attempt, code.clone(), reason.clone(), facts))
            }
            Answer::Accepted(row) => self.at_provisioning(attempt, row, place, facts),
        }
    }

    /// A row that was there before an early refusal stays as it was.
    fn goes_on(
        &self,
        attempt: &Attempt,
        row: Option<&str>,
        place: Place,
        facts: Facts<'_>,
    ) -> Result<(), Box<Lack>> {
        let Some(row) = row else { return Ok(()) };
        let later = facts.after(attempt.seq).row(row);
        match later {
            Some((_, seen)) if seen.status != Status::Online.as_str() => {
                let seen = format!("status {} afterwards", seen.status);
                let expected = "the row goes on as it was";
                let kind = FindingKind::RefusalLeftTrace;
                Err(Box::new(self.lack(kind, &attempt.member, place, expected, &seen)))
            }
            _ => Ok(()),
        }
    }

    fn early(
        &self,
        attempt: &Attempt,
        code: Option<String>,
        reason: Option<String>,
        facts: Facts<'_>,
    ) -> Refusal {
        let mut told = Vec::new();
        if attempt.entry == Entry::Tool {
            told.push((Surface::ToolResult, reason.clone()));
        } else {
            told.push((Surface::CreateAnswer, reason.clone()));
        }
        told.extend(self.chat(attempt, reason.as_deref(), facts));
        Refusal { place: RefusalPlace::Early, code, told }
    }

    fn at_provisioning(
        &self,
        attempt: &Attempt,
        row: &str,
        place: Place,
        facts: Facts<'_>,
    ) -> Result<Refusal, Box<Lack>> {
        let since = facts.after(attempt.looks_from);
        if since.was_seen(row, Status::Online) {
            let seen = "status online";
            let lack = self.lack(FindingKind::NotRefused, &attempt.member, place, "no status online", seen);
            return Err(Box::new(lack));
        }
        let trail = since.trail(row);
        let last = trail.last().map(|seen| seen.status.as_str());
        if !trail.iter().any(|seen| seen.status == Status::Failed.as_str()) || !is_given_up(last) {
            let seen = format!("status {}", last.unwrap_or("not looked at"));
            let mut lack = self.lack(FindingKind::NotRefused, &attempt.member, place, "status failed", &seen);
            lack.nature = match last.and_then(Status::from_wire) {
                None if last.is_none() => Nature::Unseen,
                Some(status) if !status.is_settled() => Nature::Open,
                _ => Nature::Final,
            };
            return Err(Box::new(lack));
        }
        if let Some((seq, call)) = since.model_calls_of(row).next() {
            let seen = format!("a model call on {}", call.model);
            let mut lack = self.lack(FindingKind::NotRefused, &attempt.member, place, "no model call", &seen);
            lack.finding.layer = Layer::Box;
            lack.finding.proof.push(seq);
            return Err(Box::new(lack));
        }
        Ok(self.failed(attempt, row, since, facts))
    }

    fn failed(&self, attempt: &Attempt, row: &str, since: Facts<'_>, facts: Facts<'_>) -> Refusal {
        let event = facts.events_of(row).and_then(|(_, seen)| {
            seen.events.iter().rev().find(|event| event.is(EventName::WorkspaceProvisionFailed))
        });
        let from = |source: RowSource| {
            let row = since.row_from(row, source).and_then(|(_, row)| row.reason.clone());
            row.filter(|reason| !reason.trim().is_empty())
        };
        let event_reason = event.and_then(|event| event.text("error")).map(str::to_owned);
        let mut told = vec![(Surface::Event, event_reason)];
        // A row that its agent removed stands in no list any more.
        let is_there = since.last_look(row).is_some_and(|(_, seen)| seen.row.is_some());
        if is_there {
            told.insert(0, (Surface::Read, from(RowSource::Read)));
            told.insert(0, (Surface::List, from(RowSource::List)));
        }
        told.extend(tool_read(attempt, row, facts));
        let any = told.iter().find_map(|(_, reason)| reason.clone());
        told.extend(self.chat(attempt, any.as_deref(), facts));
        let code = event.and_then(|event| event.text("code")).map(str::to_owned);
        Refusal { place: RefusalPlace::AtProvisioning, code, told }
    }

    /// Whether the user's chat holds the reason; nothing where no turn made this attempt.
    fn chat(
        &self,
        attempt: &Attempt,
        reason: Option<&str>,
        facts: Facts<'_>,
    ) -> Option<(Surface, Option<String>)> {
        let (_, turn) = facts.turns().find(|(seq, _)| *seq > attempt.seq)?;
        let is_of_turn = attempt.entry == Entry::Tool && turn.members.contains(&attempt.member);
        let text = turn.reply.text.as_deref().unwrap_or_default();
        let told = reason.filter(|reason| text.contains(reason)).map(str::to_owned);
        is_of_turn.then_some((Surface::User, told))
    }

    fn wrong_place(&self, attempt: &Attempt, refusal: &Refusal, place: Place) -> Option<Lack> {
        let prediction = self.predicted(attempt);
        let is_early = refusal.place == RefusalPlace::Early;
        let is_allowed =
            std::iter::once(&prediction).chain(&prediction.or).any(|one| one.refused_early() == is_early);
        let is_promised = prediction.is_refused();
        if is_allowed || !is_promised {
            return None;
        }
        let (expected, seen) = if is_early {
            ("a refusal at provisioning, as the contract promises by this entry", "refused early")
        } else {
            (
                "a refusal by the entry's own answer, as the contract promises",
                "accepted, and failed at provisioning",
            )
        };
        Some(self.lack(FindingKind::RefusedElsewhere, &attempt.member, place, expected, seen))
    }

    fn wrong_code(
        &self,
        attempt: &Attempt,
        refusal: &Refusal,
        expected: &RefusedExpectation,
        place: Place,
    ) -> Option<Lack> {
        let got = refusal.code.as_deref();
        let is_good = expected.code.map_or(got.is_some(), |code| got == Some(code.as_str()));
        if is_good {
            return None;
        }
        let wanted = expected.code.map_or("a code".to_owned(), |code| format!("the code {code}"));
        let seen = got.map_or("no code".to_owned(), |code| format!("the code {code}"));
        Some(self.lack(FindingKind::CodeDiffers, &attempt.member, place, &wanted, &seen))
    }

    fn unsurfaced(
        &self,
        attempt: &Attempt,
        refusal: &Refusal,
        expected: &RefusedExpectation,
        place: Place,
    ) -> Vec<Lack> {
        let surfaces = match &expected.surfaces {
            SurfacesExpected::These(surfaces) => surfaces.clone(),
            SurfacesExpected::AsPromised => {
                let promised = &self.promise(refusal.place).surfaces;
                let can_have = |surface: &&Surface| refusal.told.iter().any(|(own, _)| own == *surface);
                promised.iter().filter(can_have).copied().collect()
            }
        };
        let reason = refusal.reason();
        let mut lacks = Vec::new();
        for surface in surfaces {
            let told =
                refusal.told.iter().find(|(own, _)| *own == surface).and_then(|(_, told)| told.as_deref());
            let (kind, seen) = match told {
                None => (FindingKind::NotSurfaced, format!("{} says nothing of it", in_words(surface))),
                Some(told) if reason != Some(told) => {
                    (FindingKind::ReasonDiffers, format!("{} says \"{told}\"", in_words(surface)))
                }
                Some(_) => continue,
            };
            let expected = format!("the reason in {}", in_words(surface));
            lacks.push(self.lack(kind, &attempt.member, place, &expected, &seen));
        }
        lacks
    }

    fn wordless(
        &self,
        attempt: &Attempt,
        refusal: &Refusal,
        expected: &RefusedExpectation,
        place: Place,
    ) -> Vec<Lack> {
        let words: Vec<Word> = match &expected.words {
            WordsExpected::These(words) => words.clone(),
            WordsExpected::AsPromised => self.promised_words(attempt, refusal.place),
        };
        let Some(model) = attempt.model.as_deref() else { return Vec::new() };
        let runtime = self.runtime_of(attempt);
        let reason = refusal.reason().unwrap_or_default();
        let asked = Asked { oracle: self.trial.oracle, runtime, model };
        let lacking = words.into_iter().filter(|word| !names(reason, *word, asked));
        lacking
            .map(|word| {
                let expected = format!("a reason that names {}", word_in_words(word));
                let seen = format!("\"{reason}\"");
                self.lack(FindingKind::ReasonLacksWord, &attempt.member, place, &expected, &seen)
            })
            .collect()
    }

    /// The words that the contract promises; an alternative only where it says that there is a usable one, and where
    /// there is a platform that could pay for one.
    fn promised_words(&self, attempt: &Attempt, place: RefusalPlace) -> Vec<Word> {
        let promise = self.promise(place);
        let runtime = self.runtime_of(attempt);
        let has_payer = self.trial.scenario.given.proxy != Proxy::None;
        let has_alternative =
            has_payer && promise.alternative_is_usable_on.iter().any(|usable| usable == runtime);
        promise.names.iter().filter(|word| **word != Word::Alternative || has_alternative).copied().collect()
    }

    pub(crate) fn promise(&self, place: RefusalPlace) -> &contract::RefusalPromise {
        match place {
            RefusalPlace::Early => &self.trial.contract.refusals.early,
            RefusalPlace::AtProvisioning => &self.trial.contract.refusals.at_provisioning,
        }
    }

    /// The runtime of an attempt: the one that was named, or the contract's default.
    pub(crate) fn runtime_of<'b>(&'b self, attempt: &'b Attempt) -> &'b str {
        attempt.runtime.as_deref().unwrap_or(&self.trial.contract.default_runtime)
    }

    /// What the oracle predicts of an attempt. A key in the payload belongs to the attempt that sent it.
    pub(crate) fn predicted(&self, attempt: &Attempt) -> Prediction {
        let key = KeyGiven::of_value(self.trial.bindings.value("key"));
        let key =
            key.filter(|key| key.scope != KeyScope::Payload || attempt.payload_keys.contains(&key.name));
        let case = CaseAsked {
            runtime: self.runtime_of(attempt),
            model: attempt.model.as_deref(),
            key: key.as_ref(),
            entry: attempt.entry,
        };
        predict(self.trial.oracle, self.trial.contract, self.trial.scenario, case)
    }

    /// What `keep` captures of the last act: code, alternative and place, where all its attempts agree.
    pub(crate) fn captured(&self, place: Place, facts: Facts<'_>) -> Option<Captured> {
        let attempts = of_last_act(self.trial.scenario, facts, self.step);
        let mut captured = attempts.iter().map(|attempt| {
            let refusal = self.refusal(attempt, place, facts).ok()?;
            let asked = Asked {
                oracle: self.trial.oracle,
                runtime: self.runtime_of(attempt),
                model: attempt.model.as_deref()?,
            };
            Some(Captured {
                code: refusal.code.clone(),
                alternative: alternative(refusal.reason()?, asked),
                place: refusal.place,
            })
        });
        let first = captured.next()??;
        captured.all(|other| other.as_ref() == Some(&first)).then_some(first)
    }
}

/// What a refusal tells a later step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Captured {
    pub(crate) code: Option<String>,
    pub(crate) alternative: Option<String>,
    pub(crate) place: RefusalPlace,
}

/// `failed`, or removed by an agent that gave it up itself.
fn is_given_up(status: Option<&str>) -> bool {
    let status = status.and_then(Status::from_wire);
    matches!(status, Some(Status::Failed | Status::Removed))
}

/// What the agent read of a failed row by its tool; nothing where it never read it so.
fn tool_read(attempt: &Attempt, row: &str, facts: Facts<'_>) -> Option<(Surface, Option<String>)> {
    let reads = facts.after(attempt.seq).tool_calls().filter(|(_, call)| {
        call.tenant == TenantRole::Subject
            && call.tool == "get_workspace"
            && call.argument("workspace_id") == Some(row)
    });
    let results = reads.filter_map(|(_, call)| call.result());
    let mut failed =
        results.filter(|row| row.get("status").and_then(|it| it.as_str()) == Some(Status::Failed.as_str()));
    let last = failed.next_back()?;
    let reason = last.get("last_sample_error").and_then(|it| it.as_str()).filter(|it| !it.trim().is_empty());
    Some((Surface::ToolResult, reason.map(str::to_owned)))
}

fn in_words(surface: Surface) -> &'static str {
    match surface {
        Surface::List => "the list of workspaces",
        Surface::Read => "the single read",
        Surface::CreateAnswer => "the answer to the create",
        Surface::Event => "the event of the failure",
        Surface::ToolResult => "the tool's result",
        Surface::User => "the user's chat",
    }
}

fn word_in_words(word: Word) -> &'static str {
    match word {
        Word::Model => "the id that was asked for",
        Word::AcceptedKeys => "a key that would do, and none that would not",
        Word::Alternative => "another id of this runtime that the platform pays for",
    }
}
