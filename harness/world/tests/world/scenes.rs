use std::sync::Arc;

use contract::{DefectId, DefectSet};
use journal::{
    AnswerKind, AskReason, CensusMoment, Fact, Hop, KeyShown, Payer, Persona, Recorder, Streams, TenantRole,
};
use world::{JourneySettings, JourneyWorld, SignUpError, Tenant, UserTurn, World, WorldSettings};

use crate::fake_tenant::Quirk;
use crate::host::FakeHost;

pub(crate) struct Scene {
    pub(crate) world: World,
    pub(crate) host: Arc<FakeHost>,
}

pub(crate) async fn scene(quirk: Quirk, defects: &[DefectId]) -> Scene {
    let (name, text) = contract::BUILTIN_REGISTRIES[0];
    let registry = contract::load_registry(&document::Source::new(name, text)).unwrap();
    let host = FakeHost::with(quirk);
    let settings = WorldSettings {
        address: std::net::Ipv4Addr::LOCALHOST.into(),
        registry: Arc::new(registry),
        defects: defects.iter().copied().collect::<DefectSet>(),
        time_factor: 1.0,
    };
    let tenants: Arc<dyn world::TenantHost> = Arc::<FakeHost>::clone(&host);
    Scene { world: World::start(settings, tenants).await.unwrap(), host }
}

impl Scene {
    pub(crate) fn enter(
        &self,
        name: &str,
        persona: Persona,
        would_type: Option<&str>,
    ) -> (JourneyWorld, Recorder) {
        let recorder = Recorder::in_memory();
        let journey = self.world.enter(JourneySettings {
            recorder: recorder.clone(),
            streams: Streams::of_journey(1, "scene", name),
            persona,
            would_type: would_type.map(str::to_owned),
        });
        (journey, recorder)
    }
}

pub(crate) fn team(members: &[&str]) -> UserTurn {
    UserTurn {
        text: "Build me a team.".into(),
        members: members.iter().map(|name| (*name).to_owned()).collect(),
        ..UserTurn::default()
    }
}

pub(crate) fn facts<T>(recorder: &Recorder, pick: impl Fn(&Fact) -> Option<T>) -> Vec<T> {
    recorder.look(|seen| seen.iter().filter_map(|seen| pick(&seen.fact)).collect())
}

pub(crate) async fn members_of(tenant: &Tenant) -> Vec<(String, String)> {
    let rows = tenant.list().await.unwrap().into_iter().filter_map(|seen| seen.row);
    rows.filter(|row| row.id != tenant.concierge).map(|row| (row.id, row.name)).collect()
}

#[tokio::test]
async fn a_whole_first_run_leaves_its_facts_in_order() {
    let scene = scene(Quirk::None, &[]).await;
    let (journey, recorder) = scene.enter("whole", Persona::Omitter, None);
    let tenant = journey.sign_up(TenantRole::Subject).await.unwrap();
    let turn = tenant.say(team(&["Scout", "Writer, the \"second\""])).await;
    let text = turn.reply.text.unwrap_or_else(|| panic!("{:?}", turn.reply.error));
    assert!(text.contains("Scout is online") && text.contains("Writer, the \"second\" is online"), "{text}");

    let members = members_of(&tenant).await;
    assert_eq!(members.len(), 2);
    for (id, name) in &members {
        let asked = tenant.ask(id, Some(name), AskReason::FirstOnline).await;
        assert!(asked.is_answered(), "{asked:?}");
    }
    let asked = tenant.ask(&tenant.concierge, None, AskReason::Step(0)).await;
    assert!(asked.is_answered(), "{asked:?}");
    assert_eq!(tenant.events(&members[0].0).await.unwrap().events[0].event_type, "WORKSPACE_PROVISIONING");
    tenant.stored_model(&members[0].0).await.unwrap();

    let unconfirmed = tenant.delete(&tenant.concierge, "Concierge", false).await.unwrap();
    assert_eq!((unconfirmed.status, unconfirmed.read_after), (409, 200));
    let receipt = tenant.delete(&tenant.concierge, "Concierge", true).await.unwrap();
    assert_eq!((receipt.status, receipt.read_after), (200, 410));
    let census = tenant.census(CensusMoment::TornDown).await.unwrap();
    assert!(census.rows.is_empty() && census.boxes.is_empty(), "{census:?}");
    journey.leave().await;
    assert_eq!(scene.host.running(), 0);
    check_facts(&recorder);
    scene.world.stop().await;
}

fn check_facts(recorder: &Recorder) {
    let calls = facts(recorder, |fact| match fact {
        Fact::ModelCall(call) => Some(call.clone()),
        _ => None,
    });
    assert!(calls.iter().all(|call| call.payer == Some(Payer::Platform) && call.key == KeyShown::UsageToken));
    assert!(calls.iter().all(|call| call.workspace.is_some() && call.attribution == call.workspace));
    assert_eq!(calls[0].answer, AnswerKind::ToolUse);
    let tools = facts(recorder, |fact| match fact {
        Fact::ToolCall(call) => Some((call.tool.clone(), call.created_id())),
        _ => None,
    });
    assert_eq!(tools.iter().filter(|(_, created)| created.is_some()).count(), 2);
    let started = facts(recorder, |fact| match fact {
        Fact::BoxStarted(started) => Some(started.instance.clone()),
        _ => None,
    });
    let stopped = facts(recorder, |fact| match fact {
        Fact::BoxStopped(stopped) => Some(stopped.instance.clone()),
        _ => None,
    });
    assert_eq!((started.len(), stopped.len()), (3, 3));
    assert!(
        facts(recorder, |fact| match fact {
            Fact::BoxRegistered(registered) => Some(registered.status),
            _ => None,
        })
        .iter()
        .all(|status| *status == Some(200))
    );
    let lists = facts(recorder, |fact| matches!(fact, Fact::ToolList(_)).then_some(()));
    assert_eq!(lists.len(), 1);
    let text = serde_json::to_string(&recorder.observations()).unwrap();
    for secret in ["<secret:ADMIN_TOKEN>", "<secret:USAGE_TOKEN>", "<secret:auth_token>"] {
        assert!(text.contains(secret), "{secret} is nowhere");
    }
    assert!(!text.contains("tok-0123456789"));
    let hops = facts(recorder, |fact| match fact {
        Fact::Exchange(exchange) => Some(exchange.hop),
        _ => None,
    });
    for hop in [
        Hop::UserToControlPlane,
        Hop::ControlPlaneToPlatform,
        Hop::PlatformToControlPlane,
        Hop::BoxToPlatform,
        Hop::PlatformToBox,
    ] {
        assert!(hops.contains(&hop), "{hop:?}");
    }
}

#[tokio::test]
async fn a_refusal_and_a_failure_reach_the_user_verbatim() {
    let scene = scene(Quirk::None, &[]).await;
    for (would_type, expected) in
        [("refused", "`refused` is on no arm"), ("x-fails", "`x-fails` wants a key\nof its vendor")]
    {
        let (journey, _) = scene.enter(would_type, Persona::Guesser, Some(would_type));
        let tenant = journey.sign_up(TenantRole::Subject).await.unwrap();
        let text = tenant.say(team(&["Scout"])).await.reply.text.unwrap();
        assert!(text.contains(expected), "{text}");
        journey.leave().await;
    }
    scene.world.stop().await;
}

#[tokio::test]
async fn every_modelled_wire_works_end_to_end() {
    let scene = scene(Quirk::None, &[]).await;
    let (journey, recorder) = scene.enter("wires", Persona::Omitter, None);
    let tenant = journey.sign_up(TenantRole::Subject).await.unwrap();
    let turn = UserTurn { runtime: Some("hermes".into()), ..team(&["Scout"]) };
    tenant.say(turn).await;
    let (id, name) = members_of(&tenant).await.remove(0);
    assert!(tenant.ask(&id, Some(&name), AskReason::FirstOnline).await.is_answered());
    let wires = facts(&recorder, |fact| match fact {
        Fact::ModelCall(call) => Some(call.wire),
        _ => None,
    });
    assert_eq!(wires.last(), Some(&wire::ModelWire::OpenaiChat));
    journey.leave().await;
    scene.world.stop().await;
}

#[tokio::test]
async fn an_empty_completion_is_passed_on_as_an_empty_text() {
    let scene = scene(Quirk::None, &[DefectId::D27]).await;
    let (journey, recorder) = scene.enter("empty", Persona::Omitter, None);
    let tenant = journey.sign_up(TenantRole::Subject).await.unwrap();
    tenant.say(team(&["Scout"])).await;
    let (id, name) = members_of(&tenant).await.remove(0);
    let asked = tenant.ask(&id, Some(&name), AskReason::FirstOnline).await;
    assert_eq!((asked.reply.text.as_deref(), asked.reply.error), (Some(""), None));
    let last = facts(&recorder, |fact| match fact {
        Fact::ModelCall(call) => Some(call.answer),
        _ => None,
    });
    assert_eq!(last.last(), Some(&AnswerKind::Empty));
    journey.leave().await;
    scene.world.stop().await;
}

#[tokio::test]
async fn a_box_without_a_key_still_calls_and_says_what_its_runtime_says() {
    let scene = scene(Quirk::NoUsageToken, &[]).await;
    let (journey, recorder) = scene.enter("keyless", Persona::Omitter, None);
    let tenant = journey.sign_up(TenantRole::Subject).await.unwrap();
    tenant.say(team(&["Scout"])).await;
    let (id, name) = members_of(&tenant).await.remove(0);
    let asked = tenant.ask(&id, Some(&name), AskReason::FirstOnline).await;
    assert!(asked.reply.text.unwrap().contains("Not logged in"));
    let refused = facts(&recorder, |fact| match fact {
        Fact::ModelCall(call) if call.key == KeyShown::Missing => Some((call.status, call.payer)),
        _ => None,
    });
    assert_eq!(refused, [(401, None)]);
    journey.leave().await;
    scene.world.stop().await;
}

#[tokio::test]
async fn a_box_calls_no_host_outside_of_the_world() {
    let scene = scene(Quirk::ForeignHost, &[]).await;
    let (journey, recorder) = scene.enter("foreign", Persona::Omitter, None);
    let tenant = journey.sign_up(TenantRole::Subject).await.unwrap();
    tenant.say(team(&["Scout"])).await;
    let (id, name) = members_of(&tenant).await.remove(0);
    let asked = tenant.ask(&id, Some(&name), AskReason::FirstOnline).await;
    assert!(asked.reply.error.unwrap().contains("api.vendor.invalid"));
    let member_calls = facts(&recorder, |fact| match fact {
        Fact::ModelCall(call) if call.workspace.as_deref() == Some(id.as_str()) => Some(()),
        _ => None,
    });
    assert!(member_calls.is_empty());
    journey.leave().await;
    scene.world.stop().await;
}

#[tokio::test]
async fn a_route_that_nobody_models_is_a_fact() {
    let scene = scene(Quirk::StrayCall, &[]).await;
    let (journey, recorder) = scene.enter("stray", Persona::Omitter, None);
    journey.sign_up(TenantRole::Subject).await.unwrap();
    let strays = facts(&recorder, |fact| match fact {
        Fact::Unmodelled(stray) => Some((stray.hop, stray.method.clone(), stray.path.clone())),
        _ => None,
    });
    let expected = (Hop::PlatformToControlPlane, "POST".to_owned(), "/cp/workspaces/resize".to_owned());
    assert_eq!(strays, [expected]);
    journey.leave().await;
    scene.world.stop().await;
}

#[tokio::test]
async fn a_sign_up_that_fails_says_why_and_leaves_nothing() {
    let scene = scene(Quirk::FailedConcierge, &[]).await;
    let (journey, _) = scene.enter("failed", Persona::Omitter, None);
    let error = journey.sign_up(TenantRole::Subject).await.unwrap_err();
    assert!(
        matches!(&error, SignUpError::Failed { cause, .. } if cause.contains("no proxy is wired")),
        "{error}"
    );
    journey.leave().await;
    journey.leave().await;
    assert_eq!(scene.host.running(), 0);
    scene.world.stop().await;
}

#[tokio::test]
async fn a_look_is_recorded_only_when_the_row_changed_and_a_read_always() {
    let scene = scene(Quirk::None, &[]).await;
    let (journey, recorder) = scene.enter("looks", Persona::Omitter, None);
    let tenant = journey.sign_up(TenantRole::Subject).await.unwrap();
    for _ in 0..3 {
        tenant.look(&tenant.concierge).await.unwrap();
    }
    tenant.read(&tenant.concierge).await.unwrap();
    tenant.look(&tenant.concierge).await.unwrap();
    assert_eq!(tenant.look("00000000-0000-4000-8000-000000000000").await.unwrap().status, 404);
    let rows = facts(&recorder, |fact| matches!(fact, Fact::Row(_)).then_some(()));
    assert_eq!(rows.len(), 3);
    journey.leave().await;
    scene.world.stop().await;
}

#[tokio::test]
async fn many_journeys_at_once_do_not_mix() {
    let scene = scene(Quirk::None, &[]).await;
    let plays = (0..30).map(|number| {
        let (journey, recorder) = scene.enter(&format!("j{number}"), Persona::Omitter, None);
        async move {
            let tenant = journey.sign_up(TenantRole::Subject).await.unwrap();
            let bystander = journey.sign_up(TenantRole::Bystander).await.unwrap();
            assert_ne!(tenant.org_id, bystander.org_id);
            tenant.say(team(&["Scout"])).await;
            let (id, name) = members_of(&tenant).await.remove(0);
            let asked = tenant.ask(&id, Some(&name), AskReason::FirstOnline).await;
            assert!(asked.is_answered(), "{asked:?}");
            assert!(members_of(&bystander).await.is_empty());
            journey.leave().await;
            let started = facts(&recorder, |fact| matches!(fact, Fact::BoxStarted(_)).then_some(()));
            assert_eq!(started.len(), 3);
            asked.expected
        }
    });
    let mut words = futures::future::join_all(plays).await;
    words.sort();
    words.dedup();
    assert_eq!(words.len(), 30);
    assert_eq!(scene.host.running(), 0);
    scene.world.stop().await;
}
