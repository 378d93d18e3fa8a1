//! Scripted acts, given worlds, and the turns of the other personas.

use std::collections::BTreeMap;

use contract::Entry;
use journal::{AskReason, Endpoint, EntryStep, Fact, Hop, KeyScope, KeyShown, Payer, Persona, TenantRole};
use serde_json::json;
use wire::CreateWorkspace;
use world::{Deployment, Proxy, SignUpSettings, UserTurn};

use crate::fake_tenant::Quirk;
use crate::scenes::{facts, members_of, scene, team};

fn create(name: &str, model: &str) -> CreateWorkspace {
    CreateWorkspace {
        name: name.into(),
        runtime: Some("claude-code".into()),
        model: Some(model.into()),
        ..CreateWorkspace::default()
    }
}

#[tokio::test]
async fn every_entry_leaves_its_exchange_and_its_fact() {
    let scene = scene(Quirk::None, &[]).await;
    let (journey, recorder) = scene.enter("entries", Persona::Omitter, None);
    let tenant = journey.sign_up(TenantRole::Subject).await.unwrap();
    let keyed = CreateWorkspace {
        secrets: Some(BTreeMap::from([("KIMI_API_KEY".to_owned(), "own-0123456789".to_owned())])),
        ..create("Scout", "moonshot/kimi-k2.6")
    };
    let made = tenant.create(Entry::PutModel, "Scout", keyed).await.unwrap();
    assert_eq!((made.status, made.entry, made.step), (201, Entry::PutModel, EntryStep::Make));
    assert_eq!(made.keys, ["KIMI_API_KEY"]);
    let row = made.workspace.unwrap();
    let refused = tenant.create(Entry::Create, "Writer", create("Writer", "refused")).await.unwrap();
    assert!(refused.is_refused() && refused.workspace.is_none());
    assert_eq!(refused.code.as_deref(), Some("UNREGISTERED_MODEL_FOR_RUNTIME"));
    assert_eq!(refused.reason.as_deref(), Some("`refused` is on no arm"));
    let put = tenant.put_model(Entry::PutModel, "Scout", &row, "refused").await.unwrap();
    assert_eq!((put.status, put.step, put.workspace.as_ref()), (422, EntryStep::PutModel, Some(&row)));
    assert_eq!(tenant.put_model(Entry::PutModel, "Scout", &row, "x").await.unwrap().status, 200);
    assert_eq!(tenant.restart(Entry::Restart, "Scout", &row).await.unwrap().status, 200);
    let imported = tenant.import("Late", Some("claude-code"), Some("m")).await.unwrap();
    assert!(imported.status == 201 && imported.workspace.is_some());
    let partial = tenant.import("Later", None, None).await.unwrap();
    assert_eq!((partial.status, partial.reason.as_deref()), (207, Some("no model")));
    let calls = facts(&recorder, |fact| matches!(fact, Fact::EntryCall(_)).then_some(()));
    assert_eq!(calls.len(), 7);
    let exchanges = facts(&recorder, |fact| match fact {
        Fact::Exchange(exchange) if exchange.hop == Hop::UserToPlatform => Some(exchange.path.clone()),
        _ => None,
    });
    assert_eq!(exchanges.len(), 7);
    assert!(!serde_json::to_string(&recorder.observations()).unwrap().contains("own-0123456789"));
    journey.leave().await;
    scene.world.stop().await;
}

#[tokio::test]
async fn the_tools_can_be_called_without_a_model() {
    let scene = scene(Quirk::None, &[]).await;
    let (journey, recorder) = scene.enter("tools", Persona::Omitter, None);
    let tenant = journey.sign_up(TenantRole::Subject).await.unwrap();
    assert!(tenant.tool_list().await.unwrap().tools.iter().any(|tool| tool.name == "provision_workspace"));
    let failed = tenant.tool_provision("Scout", Some("claude-code"), Some("x-fails")).await.unwrap();
    assert_eq!((failed.entry, failed.status), (Entry::Tool, 201));
    let refused = tenant.tool_provision("Writer", None, Some("refused")).await.unwrap();
    assert_eq!((refused.status, refused.code.as_deref()), (422, Some("UNREGISTERED_MODEL_FOR_RUNTIME")));
    let called = tenant.call_tool("no_such_tool", json!({})).await.unwrap();
    assert!(called.is_error, "{called:?}");
    let tools = facts(&recorder, |fact| match fact {
        Fact::ToolCall(call) => Some((call.tool.clone(), call.text.clone())),
        _ => None,
    });
    let names: Vec<&str> = tools.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["provision_workspace", "get_workspace", "provision_workspace", "no_such_tool"]);
    assert!(tools[1].1.contains("wants a key"), "{}", tools[1].1);
    assert_eq!(facts(&recorder, |fact| matches!(fact, Fact::ToolList(_)).then_some(())).len(), 1);
    assert!(facts(&recorder, |fact| matches!(fact, Fact::ModelCall(_)).then_some(())).is_empty());
    journey.leave().await;
    scene.world.stop().await;
}

#[tokio::test]
async fn keys_billing_modes_and_offers_are_facts() {
    let scene = scene(Quirk::None, &[]).await;
    let (journey, recorder) = scene.enter("keys", Persona::Omitter, None);
    let tenant = journey.sign_up(TenantRole::Subject).await.unwrap();
    let global = tenant.put_secret(KeyScope::Global, None, "GLM_API_KEY", "glm-0123456789").await.unwrap();
    assert_eq!((global.status, global.workspace), (200, None));
    let own = tenant.put_secret(KeyScope::Workspace, Some("nobody"), "GLM_API_KEY", "x").await.unwrap();
    assert_eq!((own.status, own.workspace.as_deref()), (404, Some("nobody")));
    assert_eq!(tenant.set_billing_mode("w", Some("platform_managed")).await.unwrap().status, 200);
    assert_eq!(tenant.set_billing_mode("w", None).await.unwrap().mode, None);
    let offered = tenant.offered_models("codex").await.unwrap();
    assert_eq!(offered.models.iter().filter(|model| model.platform_billed).count(), 1);
    let unknown = tenant.offered_models("a b&c").await.unwrap();
    assert_eq!((unknown.status, unknown.models.len(), unknown.runtime.as_str()), (404, 0, "a b&c"));
    let text = serde_json::to_string(&recorder.observations()).unwrap();
    assert!(!text.contains("glm-0123456789") && text.contains("<secret:GLM_API_KEY>"));
    journey.leave().await;
    scene.world.stop().await;
}

#[tokio::test]
async fn told_to_try_again_with_another_model_the_team_comes_online() {
    let scene = scene(Quirk::None, &[]).await;
    let (journey, recorder) = scene.enter("again", Persona::Guesser, Some("x-fails"));
    let tenant = journey.sign_up(TenantRole::Subject).await.unwrap();
    tenant.say(team(&["Scout", "Writer"])).await;
    let again = UserTurn { model: Some("moonshot/kimi-k2.6".into()), ..UserTurn::default() };
    let turn = tenant.say_again(again).await;
    assert_eq!((turn.number, turn.members.len()), (2, 2));
    let text = turn.reply.text.unwrap();
    assert!(text.contains("Scout is online") && text.contains("Writer is online"), "{text}");
    assert_eq!(members_of(&tenant).await.len(), 2);
    let deleted = facts(&recorder, |fact| match fact {
        Fact::ToolCall(call) if call.tool == "deprovision_workspace" => {
            call.argument("confirm_name").map(str::to_owned)
        }
        _ => None,
    });
    assert_eq!(deleted, ["Scout", "Writer"]);
    journey.leave().await;
    scene.world.stop().await;
}

#[tokio::test]
async fn a_stubborn_one_tries_twice_and_leaves_one_failed_row() {
    let scene = scene(Quirk::None, &[]).await;
    let (journey, recorder) = scene.enter("stubborn", Persona::Stubborn, Some("x-fails"));
    let tenant = journey.sign_up(TenantRole::Subject).await.unwrap();
    let text = tenant.say(team(&["Scout"])).await.reply.text.unwrap();
    assert!(text.contains("Scout failed: `x-fails` wants a key"), "{text}");
    assert_eq!(members_of(&tenant).await.len(), 1);
    let made = facts(&recorder, |fact| match fact {
        Fact::ToolCall(call) => call.created_id(),
        _ => None,
    });
    assert_eq!(made.len(), 2);
    journey.leave().await;
    scene.world.stop().await;
}

#[tokio::test]
async fn a_codex_member_answers_over_the_responses_wire() {
    let scene = scene(Quirk::None, &[]).await;
    let (journey, recorder) = scene.enter("codex", Persona::Omitter, None);
    let tenant = journey.sign_up(TenantRole::Subject).await.unwrap();
    tenant.say(UserTurn { runtime: Some("codex".into()), ..team(&["Scout"]) }).await;
    let (id, name) = members_of(&tenant).await.remove(0);
    assert!(tenant.ask(&id, Some(&name), AskReason::FirstOnline).await.is_answered());
    let wires = facts(&recorder, |fact| match fact {
        Fact::ModelCall(call) => Some(call.wire),
        _ => None,
    });
    assert_eq!(wires.last(), Some(&wire::ModelWire::OpenaiResponses));
    journey.leave().await;
    scene.world.stop().await;
}

#[tokio::test]
async fn a_member_with_its_own_key_is_paid_by_its_vendor() {
    let scene = scene(Quirk::OwnKeys, &[]).await;
    let (journey, recorder) = scene.enter("own key", Persona::Omitter, None);
    let settings = SignUpSettings {
        global_keys: vec![("ANTHROPIC_API_KEY".into(), "own-0123456789".into())],
        ..SignUpSettings::default()
    };
    let tenant = journey.sign_up_with(TenantRole::Subject, settings).await.unwrap();
    let made = tenant.create(Entry::Create, "Scout", create("Scout", "claude-sonnet-4-6")).await.unwrap();
    let row = made.workspace.unwrap();
    while tenant.look(&row).await.unwrap().row.unwrap().status != "online" {
        tokio::task::yield_now().await;
    }
    assert!(tenant.ask(&row, Some("Scout"), AskReason::FirstOnline).await.is_answered());
    let calls = facts(&recorder, |fact| match fact {
        Fact::ModelCall(call) => Some((call.endpoint.clone(), call.key.clone(), call.payer)),
        _ => None,
    });
    let vendor = Endpoint::Vendor("api.anthropic.com".into());
    assert_eq!(calls, [(vendor, KeyShown::OwnKey("ANTHROPIC_API_KEY".into()), Some(Payer::Vendor))]);
    let text = serde_json::to_string(&recorder.observations()).unwrap();
    assert!(!text.contains("own-0123456789"));
    let written = text.find("\"secret_written\"").unwrap();
    assert!(written < text.find("/admin/org/platform-agent").unwrap());
    journey.leave().await;
    scene.world.stop().await;
}

#[tokio::test]
async fn a_self_hosted_tenant_has_no_org_id_and_seeds_its_concierge() {
    let scene = scene(Quirk::None, &[]).await;
    let (journey, _) = scene.enter("self-hosted", Persona::Omitter, None);
    let settings = SignUpSettings { deployment: Deployment::SelfHosted, ..SignUpSettings::default() };
    let tenant = journey.sign_up_with(TenantRole::Subject, settings).await.unwrap();
    let text = tenant.say(team(&["Scout"])).await.reply.text.unwrap();
    assert!(text.contains("Scout is online"), "{text}");
    journey.leave().await;
    assert_eq!(scene.host.running(), 0);
    scene.world.stop().await;
}

#[tokio::test]
async fn an_exhausted_proxy_lets_boxes_come_online_and_nobody_answer() {
    let scene = scene(Quirk::None, &[]).await;
    let (journey, _) = scene.enter("exhausted", Persona::Omitter, None);
    let settings = SignUpSettings { proxy: Proxy::Exhausted, ..SignUpSettings::default() };
    let tenant = journey.sign_up_with(TenantRole::Subject, settings).await.unwrap();
    let turn = tenant.say(team(&["Scout"])).await;
    assert!(turn.reply.error.unwrap().contains("402"));
    journey.leave().await;
    scene.world.stop().await;
}

#[tokio::test]
async fn a_box_that_lost_the_bootstrap_race_is_handed_the_creates_token() {
    let scene = scene(Quirk::BootstrapRace, &[]).await;
    let (journey, recorder) = scene.enter("race", Persona::Omitter, None);
    let tenant = journey.sign_up(TenantRole::Subject).await.unwrap();
    let text = tenant.say(team(&["Scout"])).await.reply.text.unwrap();
    assert!(text.contains("Scout is online"), "{text}");
    let (id, _) = members_of(&tenant).await.remove(0);
    let tries = facts(&recorder, |fact| match fact {
        Fact::BoxRegistered(tried) if tried.workspace == id => tried.status,
        _ => None,
    });
    assert_eq!(tries, [401, 200]);
    journey.leave().await;
    scene.world.stop().await;
}
