//! Calls that belong to no journey: nobody's journal can hear of them, so the run is told at its end.
//!
//! Every server of the world notes here what it can tie to no org. What names somebody whose journey is over is not
//! kept: a platform that is being stopped may still have a call under way.

use std::sync::Mutex;

use crate::lock::lock;
use crate::served::Arrived;
use crate::shared::Shared;

/// So many are kept in words; what comes after is counted.
const MAX_KEPT: usize = 100;

/// A path longer than this is cut.
const MAX_PATH_CHARS: usize = 200;

/// The calls of nobody.
#[derive(Debug, Default)]
pub(crate) struct Strays {
    noted: Mutex<Noted>,
}

#[derive(Debug, Default)]
struct Noted {
    kept: Vec<String>,
    beyond: u64,
}

impl Strays {
    /// Notes what nobody's journal can hear of.
    pub(crate) fn note(&self, what: String) {
        let mut noted = lock(&self.noted);
        if noted.kept.len() < MAX_KEPT {
            noted.kept.push(what);
        } else {
            noted.beyond += 1;
        }
    }

    /// All that was noted, in order; the last line says how many more there were.
    pub(crate) fn told(&self) -> Vec<String> {
        let noted = lock(&self.noted);
        let beyond = (noted.beyond > 0).then(|| format!("and {} more", noted.beyond));
        noted.kept.iter().cloned().chain(beyond).collect()
    }
}

impl Shared {
    /// Notes a call that no journey can be told of, unless it names somebody whose journey is over. `to` says whose
    /// listener it reached.
    pub(crate) fn stray(&self, arrived: &Arrived, to: &str) {
        if arrived.names_shown().any(|name| self.directory.is_past(name)) {
            return;
        }
        let path: String = arrived.path.chars().take(MAX_PATH_CHARS).collect();
        self.strays.note(format!("{} {path}, to the {to}, by nobody that the world knows", arrived.method));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::World;
    use crate::http::Outgoing;
    use crate::testing::{journey_in, org_in, quiet_world};
    use reqwest::Method;
    use serde_json::json;
    use std::time::Duration;
    use wire::header;

    /// A call to each listener that shows these names and that nothing else ties to an org.
    fn calls(world: &World, token: &str, slug: &str) -> [Outgoing; 5] {
        let addresses = &world.shared().addresses;
        let post = |base: &str, path: &str| {
            Outgoing::new(Method::POST, base, path, Duration::from_secs(5)).json(json!({"model": "m"}))
        };
        let control_plane = addresses.control_plane_url();
        let proxy = format!("http://{}", addresses.proxy);
        let boxes = format!("http://{}", addresses.boxes);
        [
            post(&control_plane, "/cp/workspaces/provision").header(header::ADMIN_TOKEN, token),
            post(&control_plane, "/no/such/route").bearer(token),
            post(&proxy, "/llm/anthropic/v1/messages").header("x-api-key", token),
            post(&proxy, "/llm/usage").bearer(token),
            post(&boxes, &format!("/box/box-{slug}-1")),
        ]
    }

    #[tokio::test]
    async fn a_call_of_nobody_is_kept_and_one_of_somebody_who_left_is_not() {
        let world = quiet_world().await;
        let journey = journey_in(&world, "left");
        let org = org_in(&world, &journey);
        world.shared().directory.forget(&journey);
        for token in [&org.identity.admin_token, &org.identity.usage_token] {
            for call in calls(&world, token, &org.identity.slug) {
                assert!(call.send(&world.shared().client).await.unwrap().status >= 400);
            }
        }
        assert_eq!(world.strays(), Vec::<String>::new());
        for call in calls(&world, "nobody's", "org-of-nobody") {
            assert!(call.send(&world.shared().client).await.unwrap().status >= 400);
        }
        let told = world.strays();
        assert_eq!(told.len(), 5, "{told:#?}");
        assert!(told[4].starts_with("POST /box/box-org-of-nobody-1, to the boxes"), "{told:#?}");
        world.stop().await;
    }

    #[test]
    fn what_is_past_the_bound_is_counted() {
        let strays = Strays::default();
        for number in 0..MAX_KEPT + 23 {
            strays.note(number.to_string());
        }
        let told = strays.told();
        assert_eq!(told.len(), MAX_KEPT + 1);
        assert_eq!(told.last().map(String::as_str), Some("and 23 more"));
    }
}
