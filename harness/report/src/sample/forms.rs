//! A run that drew ids by their form: two runtimes, three entries, some of it red, cut off, unrecorded or never drawn.

use std::collections::BTreeMap;

use contract::Entry;
use journal::{
    CaseValue, FormLabel, FormsOffered, Journal, JourneyId, PlannedJourney, RunRecord, ScenarioText,
};
use serde_json::{Value, json};

use super::{green_journal, record as bare_record, red_journal};
use crate::{Report, fold};

const SCENARIO: &str = "ids/any_form_any_entry";

const FORMS: [FormLabel; 5] =
    [FormLabel::Absent, FormLabel::Alias, FormLabel::Slash, FormLabel::Padded, FormLabel::ControlCharacter];

fn drawn(number: usize, form: FormLabel, runtime: &str, entry: Entry) -> PlannedJourney {
    let id = if form == FormLabel::Absent { Value::Null } else { json!(format!("id-{number}")) };
    let model = CaseValue { label: Some(form.to_string()), form: Some(form), ..CaseValue::plain(id) };
    let values = BTreeMap::from([
        ("runtime".to_owned(), CaseValue::plain(json!(runtime))),
        ("entry".to_owned(), CaseValue::plain(json!(entry.as_str()))),
        ("model".to_owned(), model),
    ]);
    let case = format!("runtime={runtime},entry={},model=id-{number}", entry.as_str());
    PlannedJourney {
        id: JourneyId(format!("{SCENARIO}[{case}]")),
        scenario: SCENARIO.into(),
        case,
        seed: 1,
        values,
    }
}

fn offered(runtime: &str, entry: Entry) -> FormsOffered {
    // What changes a row names an id; only one of the runtimes has ids with a slash.
    let is_there = |form: &FormLabel| match form {
        FormLabel::Absent => entry != Entry::PutModel,
        FormLabel::Slash => runtime == "hermes",
        _ => true,
    };
    let forms = FORMS.into_iter().filter(is_there).collect();
    FormsOffered { scenario: SCENARIO.into(), runtime: runtime.into(), entry, forms }
}

/// The record of the run.
pub(crate) fn record() -> RunRecord {
    use Entry::{Create, PutModel, Tool};
    use FormLabel::{Absent, Alias, ControlCharacter, Padded, Slash};
    let plan = [
        (Absent, "claude-code", Tool),
        (Absent, "hermes", Create),
        (Padded, "claude-code", Tool),
        (Padded, "claude-code", Tool),
        (Padded, "hermes", Tool),
        (Padded, "claude-code", PutModel),
        (Alias, "claude-code", Create),
        (Alias, "hermes", Create),
        (Slash, "hermes", PutModel),
        (ControlCharacter, "hermes", Tool),
    ];
    let journeys = plan.iter().enumerate();
    let journeys: Vec<PlannedJourney> =
        journeys.map(|(number, (form, runtime, entry))| drawn(number, *form, runtime, *entry)).collect();
    let mut run = bare_record(&journeys);
    run.scenarios = vec![ScenarioText {
        id: SCENARIO.into(),
        file: "scenarios/ids/any_form_any_entry.yaml".into(),
        title: "for any id, by any entry, the platform answers what its registry says".into(),
        text: String::new(),
    }];
    run.skipped.clear();
    run.left_out.clear();
    run.offered = ["claude-code", "hermes"]
        .iter()
        .flat_map(|runtime| [Tool, Create, PutModel].map(|entry| offered(runtime, entry)))
        .collect();
    run
}

/// Number 3 is red, number 6 was cut off, number 7 has no record; the others are green.
pub(crate) fn report() -> Report {
    let run = record();
    let journals: Vec<(JourneyId, Option<Journal>)> = run
        .journeys
        .iter()
        .enumerate()
        .map(|(number, planned)| {
            let journal = match number {
                3 => Some(red_journal(planned)),
                6 => Some(Journal { judged: None, ..green_journal(planned) }),
                7 => None,
                _ => Some(green_journal(planned)),
            };
            (planned.id.clone(), journal)
        })
        .collect();
    fold(&run, journals, None)
}
