//! O-15: ids that a text, a refusal or a default recommends.

use journal::{CheckOutcome, Fact, FindingKind, InvariantId};

use crate::court::{Court, ruling};
use crate::facts::{self, GROWTH, MODEL, MODEL_TEXT, TEAM};
use crate::invariants::{assert_broke, assert_kept, judged};
use crate::journey::Journey;
use crate::refusals;
use crate::which::is_stored_model;

const O15: InvariantId = InvariantId::O15;

#[test]
fn every_id_that_the_tools_text_lists_is_accepted_on_its_runtime() {
    assert_kept(&Journey::green(), O15);
    for wrong in ["claude-sonnet-4-6", "moonshot/kimi-k1-gone", "openai/gpt-5.4"] {
        let journey = Journey::green().with_tool_text(&MODEL_TEXT.replace(MODEL, wrong));
        assert_broke(&journey, O15, FindingKind::AdviceRefused, wrong);
    }
}

#[test]
fn what_is_recommended_stands_in_the_platforms_list_as_paid_by_it() {
    let change = |change: fn(&mut journal::OfferedSeen)| {
        Journey::green().change(move |fact| {
            if let Fact::Offered(seen) = fact {
                change(seen);
            }
        })
    };
    let unlisted = change(|seen| seen.models.retain(|one| one.model != MODEL));
    assert_eq!(ruling(&judged(&unlisted), O15), CheckOutcome::Broke);
    let vendors = change(|seen| seen.models.iter_mut().for_each(|one| one.platform_billed = false));
    assert_eq!(ruling(&judged(&vendors), O15), CheckOutcome::Broke);
    let no_list = change(|seen| (seen.status, seen.models) = (404, Vec::new()));
    assert_eq!(ruling(&judged(&no_list), O15), CheckOutcome::Held);
}

#[test]
fn what_a_refusal_recommends_is_accepted_where_the_contract_promises_it() {
    let dead = "moonshot/kimi-k1-gone";
    for (court, journey) in [
        (refusals::court as fn() -> Court, refusals::at_provisioning(TEAM)),
        (refusals::court_of_the_gate, refusals::early(TEAM)),
    ] {
        let of = |court: &Court, journey: &Journey| ruling(&court.judge(&journey.observations()), O15);
        assert_eq!(of(&court(), &journey), CheckOutcome::Held);
        let other = refusals::reason(GROWTH).replace(MODEL, dead);
        let wrong = refusals::with_reason(journey, GROWTH, &other);
        assert_eq!(of(&court(), &wrong), CheckOutcome::Broke);
        let silent = court().promising(|contract| {
            contract.refusals.early.alternative_is_usable_on.0.clear();
            contract.refusals.at_provisioning.alternative_is_usable_on.0.clear();
        });
        assert_ne!(of(&silent, &wrong), CheckOutcome::Broke, "nobody promised that it is usable");
    }
}

/// Both members are asked for without a model, and this one is stored.
fn defaulted(stored: &'static str) -> Journey {
    let journey = Journey::green().change(|fact| match fact {
        Fact::ToolCall(call) if call.tool == "provision_workspace" => {
            call.arguments.as_object_mut().unwrap().remove("model");
        }
        _ => {}
    });
    let journey = journey.with_model_calls(GROWTH, |call| call.model = stored.to_owned());
    if stored == MODEL { journey } else { journey.with_stored_model(GROWTH, stored) }
}

#[test]
fn a_default_that_stands_in_for_a_missing_id_is_one_that_the_platform_pays_for() {
    let is_default = |finding: &&journal::Finding| finding.expected.starts_with("the platform's default");
    assert_eq!(ruling(&judged(&Journey::green()), O15), CheckOutcome::Held);
    let wrong = judged(&defaulted("claude-sonnet-4-6"));
    assert_eq!(wrong.findings.iter().filter(is_default).count(), 1, "{wrong:#?}");
    let typed = Journey::green()
        .with_stored_model(GROWTH, "claude-sonnet-4-6")
        .with_model_calls(GROWTH, |call| call.model = "claude-sonnet-4-6".into());
    assert_eq!(ruling(&judged(&typed), O15), CheckOutcome::Held, "whoever types an id gets it");
    let unread = Journey::green().change(|fact| match fact {
        Fact::ToolCall(call) if call.tool == "provision_workspace" => call.arguments["model"] = "".into(),
        _ => {}
    });
    let unread = unread.without(is_stored_model(GROWTH));
    assert_eq!(ruling(&judged(&unread), O15), CheckOutcome::NotEvaluated);
}

#[test]
fn without_the_tools_text_nobody_knows_what_it_recommends() {
    let untold = Journey::green().without(|fact| matches!(fact, Fact::ToolList(_)));
    assert_eq!(ruling(&judged(&untold), O15), CheckOutcome::NotEvaluated);
    let silent = Court::of_team().promising(|contract| contract.provision_tool.states.value.clear());
    assert_eq!(ruling(&silent.judge(&untold.observations()), O15), CheckOutcome::NotApplicable);
    let bare = Journey::green().with_tool_text("LLM model id.");
    assert_eq!(ruling(&judged(&bare), O15), CheckOutcome::NotApplicable);
    let without_list = refusals::at_provisioning(TEAM).without(|fact| *fact == facts::offered());
    let judged = refusals::court().judge(&without_list.observations());
    assert_eq!(ruling(&judged, O15), CheckOutcome::NotEvaluated);
}
