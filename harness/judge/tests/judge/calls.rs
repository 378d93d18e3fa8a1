//! O-4, O-5 and O-12: who pays for a box's calls, which model they name, and what its environment holds.

use contract::{Attribution, Signal};
use journal::{
    BillingModeSet, CheckOutcome, Endpoint, EntryStep, Fact, FindingKind, InvariantId, KeyShown, Payer,
};

use crate::court::{Court, ruling};
use crate::facts::{self, GROWTH, MODEL, PRODUCT};
use crate::invariants::{assert_broke, assert_kept, assert_not_applicable, judged};
use crate::journey::Journey;
use crate::which::{is_began, is_stored_model};

const O4: InvariantId = InvariantId::O4;
const O5: InvariantId = InvariantId::O5;
const O12: InvariantId = InvariantId::O12;

/// A model of its own for every member, so that nobody says who pays.
fn on(model: &'static str) -> Journey {
    facts::TEAM.into_iter().fold(Journey::green(), |journey, member| {
        journey
            .with_stored_model(member, model)
            .with_model_calls(member, |call| call.model = model.to_owned())
    })
}

fn paid_by_vendor(journey: Journey) -> Journey {
    journey.with_model_calls(GROWTH, |call| {
        call.payer = Some(Payer::Vendor);
        call.endpoint = Endpoint::Vendor("api.moonshot.ai".into());
        call.key = KeyShown::OwnKey("KIMI_API_KEY".into());
    })
}

#[test]
fn o4_who_pays_is_who_the_platforms_list_names() {
    let court = Court::of_step("eventually: { within: 10s, team: all_online }");
    let of = |journey: &Journey| ruling(&court.judge(&journey.observations()), O4);
    assert_eq!(of(&Journey::green()), CheckOutcome::Held);
    assert_eq!(of(&paid_by_vendor(Journey::green())), CheckOutcome::Broke);
    let otherwise = |journey: Journey| {
        journey.change(|fact| {
            if let Fact::Offered(seen) = fact {
                seen.models.iter_mut().for_each(|one| one.platform_billed ^= true);
            }
        })
    };
    assert_eq!(
        of(&otherwise(Journey::green())),
        CheckOutcome::Broke,
        "its own list says that the tenant pays"
    );
}

#[test]
fn o4_where_there_is_no_list_the_oracle_says_who_pays() {
    let without_list = |journey: Journey| {
        journey.change(|fact| {
            if let Fact::Offered(seen) = fact {
                (seen.status, seen.models) = (404, Vec::new());
            }
        })
    };
    assert_eq!(ruling(&judged(&without_list(Journey::green())), O4), CheckOutcome::Held);
    assert_eq!(ruling(&judged(&without_list(paid_by_vendor(Journey::green()))), O4), CheckOutcome::Broke);
    let unread = Journey::green().without(|fact| matches!(fact, Fact::Offered(_)));
    assert_eq!(ruling(&judged(&unread), O4), CheckOutcome::NotEvaluated);
    let no_route = Court::of_team().promising(|contract| contract.routes.offered_models = false);
    assert_eq!(ruling(&no_route.judge(&unread.observations()), O4), CheckOutcome::Held);
}

#[test]
fn o4_a_call_that_nobody_paid_counts_for_whom_it_reached() {
    let refused = |endpoint: Endpoint| {
        Journey::green().with_model_calls(GROWTH, move |call| {
            (call.payer, call.status, call.endpoint) = (None, 402, endpoint.clone());
        })
    };
    assert_eq!(ruling(&judged(&refused(Endpoint::Proxy)), O4), CheckOutcome::Held);
    let vendor = Endpoint::Vendor("api.moonshot.ai".into());
    assert_eq!(ruling(&judged(&refused(vendor)), O4), CheckOutcome::Broke);
}

#[test]
fn o4_and_o5_are_about_ids_that_answer_by_the_oracle() {
    for model in ["claude-sonnet-4-6", "no-such-model", ""] {
        for id in [O4, O5] {
            assert_not_applicable(
                &on(model)
                    .without(|fact| matches!(fact, Fact::Asked(asked) if asked.nonce.contains("first"))),
                id,
            );
        }
    }
}

#[test]
fn o4_and_o5_need_the_stored_model_and_a_call() {
    let unread = Journey::green().without(is_stored_model(GROWTH)).without(is_stored_model(PRODUCT));
    let silent = Journey::green().without(
        |fact| matches!(fact, Fact::ModelCall(call) if call.workspace.as_deref() == Some(GROWTH.row)),
    );
    for id in [O4, O5] {
        assert_eq!(ruling(&judged(&unread), id), CheckOutcome::NotEvaluated);
        assert_eq!(ruling(&judged(&silent), id), CheckOutcome::NotEvaluated);
    }
}

#[test]
fn o5_every_call_names_the_stored_model_byte_for_byte() {
    for other in ["moonshot/kimi-k2.6 ", "Moonshot/kimi-k2.6", "kimi-k2.6"] {
        let journey = Journey::green().with_model_calls(PRODUCT, |call| call.model = other.into());
        let judged =
            Court::of_step("eventually: { within: 10s, team: all_online }").judge(&journey.observations());
        assert_eq!(ruling(&judged, O5), CheckOutcome::Broke, "{other}");
        assert_eq!(ruling(&judged, O4), CheckOutcome::Held, "{other}");
    }
}

fn stored(model: &str) -> Fact {
    let mut fact = facts::stored_model(GROWTH);
    if let Fact::StoredModel(seen) = &mut fact {
        seen.stored.model = model.into();
    }
    fact
}

/// An act on a member's row, and the provision that it causes.
fn act(step: EntryStep, model: Option<&str>) -> [Fact; 3] {
    let call = crate::refusals::entry_call(contract::Entry::Restart, step, GROWTH, 200);
    let call = journal::EntryCall { model: model.map(str::to_owned), ..call };
    let mut begun = facts::events(GROWTH);
    if let Fact::Events(seen) = &mut begun {
        seen.events.push(facts::event(GROWTH, "WORKSPACE_PROVISIONING", &[]));
    }
    [facts::events(GROWTH), Fact::EntryCall(call), begun]
}

/// The green journey with an act after its fourth step, and these facts after it.
fn acted(act: [Fact; 3], then: impl IntoIterator<Item = Fact>) -> Journey {
    let online = facts::look(GROWTH, "online");
    let facts = act.into_iter().chain([online]).chain(then);
    Journey::green().with_before(is_began(4), facts)
}

fn call(model: &str) -> Fact {
    let mut fact = facts::model_call(journal::TenantRole::Subject, GROWTH.row);
    if let Fact::ModelCall(call) = &mut fact {
        call.model = model.into();
    }
    fact
}

const OTHER: &str = "anthropic/claude-fable-5";

#[test]
fn o5_a_restart_keeps_the_model_and_a_change_changes_it() {
    let of = |journey: Journey| ruling(&judged(&journey), O5);
    let restart = || act(EntryStep::Restart, None);
    let put = || act(EntryStep::PutModel, Some(OTHER));
    assert_eq!(of(acted(restart(), [stored(MODEL), call(MODEL)])), CheckOutcome::Held);
    assert_eq!(of(acted(restart(), [stored(MODEL), call(OTHER)])), CheckOutcome::Broke);
    let after_put = |model: &'static str| {
        let journey = acted(put(), [stored(OTHER), call(model)]);
        let end = journey.facts().iter().rposition(is_stored_model(GROWTH)).unwrap();
        journey.without_nth(end)
    };
    assert_eq!(of(after_put(OTHER)), CheckOutcome::Held);
    assert_eq!(of(after_put(MODEL)), CheckOutcome::Broke, "it runs on the model of before");
    let by_restart = {
        let journey = acted(restart(), [stored(OTHER), call(OTHER)]);
        let end = journey.facts().iter().rposition(is_stored_model(GROWTH)).unwrap();
        journey.without_nth(end)
    };
    assert_eq!(of(by_restart), CheckOutcome::Broke, "nobody changed what is stored");
}

/// An entry that changes the model and restarts at once leaves no time to read it in between.
#[test]
fn o5_what_was_stored_before_a_change_says_nothing_of_what_is_stored_after_a_restart() {
    let put = act(EntryStep::PutModel, Some(OTHER));
    let mut restart = act(EntryStep::Restart, None);
    if let Fact::Events(seen) = &mut restart[2] {
        seen.events.push(facts::event(GROWTH, "WORKSPACE_PROVISIONING", &[]));
    }
    restart[0] = put[2].clone();
    let then = restart.into_iter().chain([facts::look(GROWTH, "online"), stored(OTHER), call(OTHER)]);
    let journey = acted(put, then);
    let end = journey.facts().iter().rposition(is_stored_model(GROWTH)).unwrap();
    assert_eq!(ruling(&judged(&journey.without_nth(end)), O5), CheckOutcome::Held);
}

#[test]
fn o4_and_o5_say_nothing_where_the_payer_was_overridden() {
    let set = Fact::BillingModeSet(BillingModeSet {
        workspace: GROWTH.row.into(),
        mode: Some("byok".into()),
        status: 200,
    });
    let wrong = call(OTHER);
    let journey = Journey::green().with_before(is_began(4), [set, facts::look(GROWTH, "online"), wrong]);
    for id in [O4, O5] {
        assert_eq!(ruling(&judged(&journey), id), CheckOutcome::Held);
    }
}

#[test]
fn o12_each_variable_of_a_platform_paid_box_is_needed() {
    let kind = FindingKind::EnvironmentDiffers;
    let needless = ["MOLECULE_LLM_BILLING_MODE", "MOLECULE_WORKSPACE_ID"];
    for name in facts::ENV_NAMES {
        let journey = Journey::green().with_variables(GROWTH, |names| names.retain(|own| own != name));
        if needless.contains(&name) {
            assert_kept(&journey, O12);
        } else {
            assert_broke(&journey, O12, kind, "it has not");
            assert!(judged(&journey).findings[0].expected.contains(name));
        }
    }
}

#[test]
fn o12_a_platform_paid_box_has_no_vendors_key_and_no_bearer_of_the_tenant() {
    for name in
        ["KIMI_API_KEY", "OPENAI_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ADMIN_TOKEN", "MOLECULE_ORG_API_KEY"]
    {
        let journey = Journey::green().with_variables(GROWTH, |names| names.push(name.into()));
        assert_broke(&journey, O12, FindingKind::EnvironmentDiffers, "it has");
        assert!(judged(&journey).findings[0].expected.contains(name));
    }
    let journey = Journey::green().with_variables(GROWTH, |names| names.push("MY_OWN".into()));
    assert_kept(&journey, O12);
}

#[test]
fn o12_asks_only_for_what_the_contract_promises() {
    let without =
        |name: &'static str| Journey::green().with_variables(GROWTH, |names| names.retain(|own| own != name));
    let of = |court: Court, journey: Journey| ruling(&court.judge(&journey.observations()), O12);
    let court = Court::of_team().promising(|contract| contract.resolved_provider = Signal::NotSent);
    assert_eq!(of(court, without("MOLECULE_RESOLVED_PROVIDER")), CheckOutcome::Held);
    let court = Court::of_team().promising(|contract| contract.attribution = Attribution::None);
    assert_eq!(of(court, without("ANTHROPIC_CUSTOM_HEADERS")), CheckOutcome::Held);
    let court = Court::of_team().promising(|contract| contract.box_admin_token = Signal::Sent);
    let told = Journey::green().with_variables(GROWTH, |names| names.push("ADMIN_TOKEN".into()));
    assert_eq!(of(court, told), CheckOutcome::Held);
}

/// A box that a vendor is paid for, by the key of the case.
fn vendors_box(names: &[&str]) -> (Court, Journey) {
    let court = Court::of(
        "title: t\nwhy: w\ngiven: { keys: { ANTHROPIC_API_KEY: { scope: global } } }\nsteps:\n  \
         - user_says: { text: hi, members: [enter-product, enter-growth] }\n",
    );
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let journey = Journey::green().change(|fact| match fact {
        Fact::BoxStarted(started) if started.workspace == GROWTH.row => {
            started.model = Some(crate::refusals::VENDORS.into());
            started.env_names = names.clone();
        }
        _ => {}
    });
    (court, journey)
}

#[test]
fn o12_a_vendor_paid_box_has_its_key_and_knows_no_proxy() {
    let mut names = vec![
        "MODEL",
        "MOLECULE_MODEL",
        "MOLECULE_RESOLVED_PROVIDER",
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_BASE_URL",
    ];
    names.extend([
        "GIT_ASKPASS",
        "GIT_AUTHOR_NAME",
        "GIT_AUTHOR_EMAIL",
        "GIT_COMMITTER_NAME",
        "GIT_COMMITTER_EMAIL",
    ]);
    let of = |names: &[&str]| {
        let (court, journey) = vendors_box(names);
        ruling(&court.judge(&journey.observations()), O12)
    };
    assert_eq!(of(&names), CheckOutcome::Held);
    for proxy in [
        "MOLECULE_LLM_BASE_URL",
        "MOLECULE_LLM_USAGE_TOKEN",
        "MOLECULE_LLM_ANTHROPIC_BASE_URL",
        "MOLECULE_LLM_USAGE_URL",
    ] {
        assert_eq!(of(&[&names[..], &[proxy]].concat()), CheckOutcome::Broke, "{proxy}");
    }
    names.retain(|name| *name != "ANTHROPIC_API_KEY");
    assert_eq!(of(&names), CheckOutcome::Broke, "it can't pay");
}

#[test]
fn o12_needs_the_boxes_of_members_that_came_online() {
    let unseen = Journey::green()
        .without(|fact| matches!(fact, Fact::BoxStarted(started) if started.workspace == GROWTH.row));
    assert_eq!(ruling(&judged(&unseen), O12), CheckOutcome::NotEvaluated);
    let refused = crate::refusals::at_provisioning(facts::TEAM);
    let judged = crate::refusals::court_without_expectation().judge(&refused.observations());
    assert_eq!(ruling(&judged, O12), CheckOutcome::NotApplicable);
    let of_the_concierge = Journey::green().change(|fact| match fact {
        Fact::BoxStarted(started) if started.workspace == facts::CONCIERGE => {
            started.env_names.push("ADMIN_TOKEN".into())
        }
        _ => {}
    });
    assert_kept(&of_the_concierge, O12);
}
