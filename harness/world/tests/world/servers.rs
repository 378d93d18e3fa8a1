//! What the servers of tenants say reaches the journal once, when all is over.

use journal::{Fact, Persona, Recorder, ServerSaid, ServerWords, TenantRole, Trouble};

use crate::fake_tenant::Quirk;
use crate::scenes::{Scene, facts, scene};

fn words(ended: Option<&str>, lines: &[&str]) -> ServerWords {
    let lines = lines.iter().map(|line| (*line).to_owned()).collect();
    ServerWords { ended: ended.map(str::to_owned), lines, dropped: 0 }
}

fn said(recorder: &Recorder) -> Vec<ServerSaid> {
    facts(recorder, |fact| match fact {
        Fact::ServerSaid(said) => Some(said.clone()),
        _ => None,
    })
}

/// What a journey with one tenant records of its server that is heard to say this, one after the other.
async fn recorded(heard: Vec<ServerWords>, trouble: Option<&str>) -> (Scene, Vec<ServerSaid>) {
    let scene = scene(Quirk::None, &[]).await;
    let (journey, recorder) = scene.enter("servers", Persona::Omitter, None);
    journey.know_key("VENDOR_KEY", "key-of-a-vendor");
    journey.sign_up(TenantRole::Subject).await.unwrap();
    *scene.host.words.lock().unwrap() = heard;
    if let Some(what) = trouble {
        recorder.record(Fact::Trouble(Trouble { what: what.to_owned() }));
    }
    journey.record_servers().await;
    journey.leave().await;
    journey.record_servers().await;
    (scene, said(&recorder))
}

#[tokio::test]
async fn the_words_of_a_server_are_recorded_without_secrets_also_where_a_line_was_cut() {
    let heard = words(None, &["uses key-of-a-vendor", "x key-of-a-ven…"]);
    let (scene, said) = recorded(vec![heard], None).await;
    let expected = words(None, &["uses <secret:VENDOR_KEY>", "x <secret:VENDOR_KEY>…"]);
    assert_eq!(said, [ServerSaid { tenant: TenantRole::Subject, words: expected }]);
    scene.world.stop().await;
}

#[tokio::test]
async fn after_trouble_a_dying_server_gets_time_and_without_it_none() {
    let dying = || vec![words(None, &[]), words(None, &["bye"]), words(Some("exit status: 101"), &["bye"])];
    let (scene, said) = recorded(dying(), Some("connection refused")).await;
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].words, words(Some("exit status: 101"), &["bye"]));
    scene.world.stop().await;
    let (scene, said) = recorded(dying(), None).await;
    assert!(said.is_empty(), "{said:?}");
    scene.world.stop().await;
}

#[tokio::test]
async fn a_stack_that_hears_no_server_and_a_server_that_said_nothing_leave_no_line() {
    for heard in [vec![], vec![words(None, &[])]] {
        let (scene, said) = recorded(heard, Some("connection refused")).await;
        assert!(said.is_empty(), "{said:?}");
        scene.world.stop().await;
    }
}

#[tokio::test]
async fn a_server_is_heard_also_where_the_sign_up_failed() {
    let scene = scene(Quirk::FailedConcierge, &[]).await;
    let (journey, recorder) = scene.enter("servers", Persona::Omitter, None);
    *scene.host.words.lock().unwrap() = vec![words(Some("exit status: 1"), &["out of disk"])];
    assert!(journey.sign_up(TenantRole::Bystander).await.is_err());
    journey.record_servers().await;
    let expected = words(Some("exit status: 1"), &["out of disk"]);
    assert_eq!(said(&recorder), [ServerSaid { tenant: TenantRole::Bystander, words: expected }]);
    journey.leave().await;
    scene.world.stop().await;
}
