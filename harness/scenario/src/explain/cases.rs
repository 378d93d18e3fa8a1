//! What each case is, and what the oracle predicts of it.

use std::fmt::Write;

use contract::Entry;
use journal::{KeyScope, Persona, PlannedJourney};
use oracle::{Payer, Prediction, Promised, RowEnd};
use wire::Code;

use super::whole::Explanation;
use super::words::code;
use crate::{Bindings, CaseAsked, KeyGiven, Scenario, Template, Verb, predict};

/// The id that comes in, as far as it is known before anything is played.
enum Typed {
    /// This one; `None` where the field is left out.
    Known(Option<String>),
    /// The persona decides, and why nobody can say what.
    Open(&'static str),
}

/// What a case hands in first.
struct HandedIn {
    runtime: Option<String>,
    typed: Typed,
    key: Option<KeyGiven>,
    entry: Entry,
}

/// The cases of one scenario. Neighbours of which the same is expected share its sentences.
pub(super) fn write_cases(text: &mut String, explanation: &Explanation<'_>, scenario: &Scenario) {
    let journeys = explanation.plan.journeys.iter().filter(|journey| journey.scenario == scenario.id);
    let told: Vec<(String, Vec<String>)> = journeys
        .map(|journey| (key_of(explanation, journey), case(explanation, scenario, journey)))
        .collect();
    match told.len() {
        0 => text.push_str("\n  No case is played.\n"),
        1 => text.push_str("\n  One case is played:\n"),
        many => {
            let _ = writeln!(text, "\n  {many} cases are played:");
        }
    }
    for alike in told.chunk_by(|one, next| one.1 == next.1) {
        for (key, _) in alike {
            let _ = writeln!(text, "    {key}");
        }
        for sentence in alike.first().into_iter().flat_map(|(_, sentences)| sentences) {
            let _ = writeln!(text, "      {sentence}");
        }
    }
}

/// The case's key, with its seed where several are played.
fn key_of(explanation: &Explanation<'_>, journey: &PlannedJourney) -> String {
    let is_alone = explanation.plan.journeys.iter().all(|other| other.seed == journey.seed);
    if is_alone { journey.case.clone() } else { format!("{} (seed {})", journey.case, journey.seed) }
}

fn case(explanation: &Explanation<'_>, scenario: &Scenario, journey: &PlannedJourney) -> Vec<String> {
    let bindings = Bindings::new(journey.values.clone());
    let Some(handed) = handed_in(scenario, &bindings) else {
        return vec!["nothing is handed in".to_owned()];
    };
    let default = &explanation.contract.default_runtime;
    let runtime = handed.runtime.as_deref().unwrap_or(default);
    let who = format!(
        "{runtime}, {}, {}, {}",
        id_told(&handed.typed),
        key_told(handed.key.as_ref()),
        way(handed.entry)
    );
    let model = match &handed.typed {
        Typed::Open(why) => return vec![format!("{who}: not predicted, {why}.")],
        Typed::Known(model) => model.as_deref(),
    };
    let asked = CaseAsked { runtime, model, key: handed.key.as_ref(), entry: handed.entry };
    let prediction = predict(explanation.oracle, explanation.contract, scenario, asked);
    let mut sentences = vec![format!("{who}: {}.", outcome(&prediction)), prediction.why.clone()];
    sentences.extend(prediction.or.iter().map(|other| format!("Also allowed: {}.", outcome(other))));
    sentences
}

/// The first act that hands an id in.
fn handed_in(scenario: &Scenario, bindings: &Bindings) -> Option<HandedIn> {
    let filled = |template: &Option<Template>| template.as_ref().and_then(|text| text.text(bindings));
    scenario.steps.iter().find_map(|step| match &step.verb {
        Verb::UserSays(says) => {
            let typed = match &says.model {
                Some(model) => Typed::Known(model.text(bindings)),
                None => by_persona(scenario, bindings),
            };
            let runtime = filled(&says.runtime);
            Some(HandedIn { runtime, typed, key: None, entry: Entry::Tool })
        }
        Verb::Provision(provision) => Some(HandedIn {
            runtime: filled(&provision.runtime),
            typed: Typed::Known(filled(&provision.model)),
            key: provision.key.as_ref().and_then(|key| KeyGiven::of_value(&key.value(bindings))),
            entry: provision.entry(bindings)?,
        }),
        _ => None,
    })
}

/// What the mocked model types where the user names no model (scenarios/README.md, "The agent").
fn by_persona(scenario: &Scenario, bindings: &Bindings) -> Typed {
    let agent = &scenario.given.agent;
    let would_type = agent.would_type.as_ref().and_then(|id| id.text(bindings));
    match (agent.persona(bindings), would_type) {
        (Persona::Omitter, _) => Typed::Known(None),
        (Persona::Reader, _) => Typed::Open("for it types what the tool's text says"),
        (Persona::Guesser | Persona::Stubborn, Some(id)) => Typed::Known(Some(id)),
        (Persona::Guesser | Persona::Stubborn, None) => Typed::Open("for it types its habit on this runtime"),
    }
}

fn id_told(typed: &Typed) -> String {
    match typed {
        Typed::Known(Some(id)) => code(id),
        Typed::Known(None) => "no model".to_owned(),
        Typed::Open(_) => "a model of the agent's choice".to_owned(),
    }
}

fn key_told(key: Option<&KeyGiven>) -> String {
    let Some(key) = key else { return "no key".to_owned() };
    let place = match key.scope {
        KeyScope::Payload => "in the payload",
        KeyScope::Workspace => "on the workspace",
        KeyScope::Global => "on the tenant",
    };
    format!("{} {place}", key.name)
}

fn way(entry: Entry) -> &'static str {
    match entry {
        Entry::Tool => "by the tool",
        Entry::Create => "by a create",
        Entry::Import => "by an import",
        Entry::PutModel => "by a change of the model",
        Entry::Restart => "by a restart",
    }
}

/// What is predicted, in half a sentence.
pub fn outcome(prediction: &Prediction) -> String {
    if prediction.promises_nothing() {
        return "nothing is promised".to_owned();
    }
    let coded = |code: &Promised<Option<Code>>| match code {
        Promised::This(Some(code)) => format!(" with {code}"),
        _ => String::new(),
    };
    let end = match &prediction.row {
        Promised::This(RowEnd::Online) => "accepted, then online".to_owned(),
        Promised::This(RowEnd::Failed) => format!("accepted, then failed{}", coded(&prediction.row_code)),
        Promised::This(RowEnd::AwaitingAgent) => "accepted, then it waits for its agent".to_owned(),
        Promised::This(RowEnd::Unchanged) => {
            format!("refused{}, and the row goes on as it was", coded(&prediction.code))
        }
        Promised::This(RowEnd::None) => format!("refused{}, and no row is made", coded(&prediction.code)),
        Promised::Unpromised => "what becomes of the row is not promised".to_owned(),
    };
    let answers = match prediction.answers {
        Promised::This(true) => ", its agent answers",
        Promised::This(false) if prediction.row.is(&RowEnd::Online) => ", its agent can't answer",
        Promised::Unpromised if prediction.row.is(&RowEnd::Online) => ", its answers are not promised",
        _ => "",
    };
    format!("{end}{answers}; {}", paid(prediction))
}

fn paid(prediction: &Prediction) -> String {
    let key = prediction.key.get().and_then(|key| key.as_deref());
    match (&prediction.payer, key) {
        (Promised::This(None), _) => "nobody is paid".to_owned(),
        (Promised::This(Some(Payer::Platform)), _) => "the platform pays".to_owned(),
        (Promised::This(Some(Payer::Vendor)), Some(key)) => format!("the vendor is paid with {key}"),
        (Promised::This(Some(Payer::Vendor)), None) => "the vendor is paid with the tenant's key".to_owned(),
        (Promised::Unpromised, _) => "who pays is not promised".to_owned(),
    }
}
