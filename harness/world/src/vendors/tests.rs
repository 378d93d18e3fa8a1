use crate::World;
use crate::boxes;
use crate::org::Org;
use crate::speech::Prompt;
use crate::testing::{journey_in, org_in, quiet_world};
use journal::{AnswerKind, Endpoint, Fact, KeyShown, ModelCall, Payer};
use serde_json::{Value, json};
use std::sync::Arc;

fn start_box(world: &World, org: &Arc<Org>, runtime: &str, environment: &Value) -> Arc<boxes::AgentBox> {
    let instance = org.instance_for(None).0;
    let request = serde_json::from_value(json!({
        "org_id": org.identity.org_id, "workspace_id": "w", "runtime": runtime, "tier": 4,
        "platform_url": "http://127.0.0.1:1", "env": environment
    }));
    boxes::start(world.shared(), org, instance.clone(), request.unwrap());
    world.shared().directory.agent_box(&instance).unwrap()
}

async fn call(world: &World, org: &Arc<Org>, runtime: &str, environment: Value) -> Result<String, String> {
    let agent_box = start_box(world, org, runtime, &environment);
    let prompt = Prompt::question("any id", "What is the word for q77?");
    let called = boxes::call_model(world.shared(), &agent_box, &prompt).await;
    called.map(|completion| completion.text).map_err(|error| error.to_string())
}

fn last_call(org: &Org) -> Option<ModelCall> {
    org.journey.recorder.look(|seen| {
        seen.iter().rev().find_map(|seen| match &seen.fact {
            Fact::ModelCall(call) => Some(call.clone()),
            _ => None,
        })
    })
}

#[tokio::test]
async fn a_vendor_serves_every_wire_to_the_key_it_accepts() {
    let world = quiet_world().await;
    let journey = journey_in(&world, "own keys");
    let org = org_in(&world, &journey);
    org.learn_answer("q77", "amber-1");
    for (runtime, provider, name, host) in [
        ("claude-code", "anthropic-api", "ANTHROPIC_API_KEY", "api.anthropic.com"),
        ("claude-code", "anthropic-oauth", "CLAUDE_CODE_OAUTH_TOKEN", "anthropic-oauth.invalid"),
        ("hermes", "kimi-coding", "KIMI_API_KEY", "api.kimi.com"),
        ("codex", "openai-api", "OPENAI_API_KEY", "api.openai.com"),
    ] {
        let value = format!("own-key-{name}");
        journey.know_key(name, &value);
        let environment = json!({ "MODEL": "m", "MOLECULE_RESOLVED_PROVIDER": provider, name: value });
        let answer = call(&world, &org, runtime, environment).await;
        assert_eq!(answer.as_deref(), Ok("The word is amber-1"), "{runtime} {provider}");
        let seen = last_call(&org).unwrap();
        assert_eq!(seen.endpoint, Endpoint::Vendor(host.into()));
        assert_eq!((seen.key, seen.payer), (KeyShown::OwnKey(name.into()), Some(Payer::Vendor)));
        assert_eq!((seen.status, seen.answer, seen.model.as_str()), (200, AnswerKind::Text, "any id"));
    }
    world.stop().await;
}

#[tokio::test]
async fn a_key_copied_into_another_variable_is_known_by_its_own_name() {
    let world = quiet_world().await;
    let journey = journey_in(&world, "copied");
    let org = org_in(&world, &journey);
    journey.know_key("MINIMAX_API_KEY", "mini-0123456789");
    let environment = json!({ "MODEL": "m", "ANTHROPIC_AUTH_TOKEN": "mini-0123456789",
        "ANTHROPIC_BASE_URL": "https://api.minimax.io/anthropic" });
    call(&world, &org, "claude-code", environment).await.unwrap();
    assert_eq!(last_call(&org).unwrap().key, KeyShown::OwnKey("MINIMAX_API_KEY".into()));
    world.stop().await;
}

#[tokio::test]
async fn a_vendor_takes_no_other_credential() {
    let world = quiet_world().await;
    let journey = journey_in(&world, "strict");
    let org = org_in(&world, &journey);
    journey.know_key("KIMI_API_KEY", "kimi-0123456789");
    let token = org.identity.usage_token.clone();
    for (value, shown) in [
        (token.as_str(), KeyShown::UsageToken),
        ("nobody's key", KeyShown::Unknown),
        ("kimi-0123456789", KeyShown::OwnKey("KIMI_API_KEY".into())),
        ("", KeyShown::Missing),
    ] {
        let environment = json!({ "MODEL": "m", "OPENAI_API_KEY": value,
            "OPENAI_BASE_URL": "https://api.openai.com/v1" });
        let answer = call(&world, &org, "hermes", environment).await;
        assert!(answer.is_err(), "{shown:?}");
        let seen = last_call(&org).unwrap();
        assert_eq!((seen.status, seen.key, seen.payer), (401, shown, None));
    }
    let environment = json!({ "MODEL": "m", "ANTHROPIC_API_KEY": "kimi-0123456789",
        "ANTHROPIC_BASE_URL": world.shared().addresses.anthropic_base() });
    call(&world, &org, "claude-code", environment).await.unwrap_err();
    let seen = last_call(&org).unwrap();
    assert_eq!(seen.endpoint, Endpoint::Proxy);
    assert_eq!((seen.status, seen.key, seen.payer), (401, KeyShown::OwnKey("KIMI_API_KEY".into()), None));
    world.stop().await;
}

#[tokio::test]
async fn the_platforms_own_host_is_no_vendors() {
    let world = quiet_world().await;
    let org = org_in(&world, &journey_in(&world, "foreign"));
    for base in
        ["https://api.moleculesai.app/api/v1/internal/llm/openai/v1", "https://evil.example", "no url"]
    {
        let environment = json!({ "MODEL": "m", "OPENAI_API_KEY": "k", "OPENAI_BASE_URL": base });
        let answer = call(&world, &org, "hermes", environment).await;
        assert!(answer.unwrap_err().contains("refused to call"), "{base}");
    }
    assert!(last_call(&org).is_none());
    world.stop().await;
}

#[tokio::test]
async fn worn_out_fakes_are_replaced_under_calls_and_stray_calls_are_facts() {
    let world = quiet_world().await;
    let journey = journey_in(&world, "worn");
    let org = org_in(&world, &journey);
    journey.know_key("OPENAI_API_KEY", "own-0123456789");
    let shared = world.shared();
    let first = shared.vendors.for_a_call(shared).await.unwrap();
    shared.vendors.wear_out().await;
    let second = shared.vendors.for_a_call(shared).await.unwrap();
    assert_ne!(first.address(), second.address());
    let agent_box = start_box(&world, &org, "hermes", &json!({}));
    let stray = shared
        .client
        .get(format!("http://{}/v1/models", first.address()))
        .header("host", "api.openai.com")
        .header(wire::header::CALL_ID, agent_box.next_mark());
    assert_eq!(stray.send().await.unwrap().status().as_u16(), 501);
    let strays: Vec<String> = org.journey.recorder.look(|seen| {
        let strays = seen.iter().filter_map(|seen| match &seen.fact {
            Fact::Unmodelled(stray) => Some(stray.path.clone()),
            _ => None,
        });
        strays.collect()
    });
    assert_eq!(strays, ["https://api.openai.com/v1/models"]);
    world.stop().await;
}
