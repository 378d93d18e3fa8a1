//! What the reference platform really says when it refuses an id, held against the oracle: the id that it recommends is
//! one that the platform pays for on that runtime. The platform and the oracle share no code, so neither can vouch for
//! the other but here.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use contract::{BUILTIN_CONTRACTS, Billing, Entry, RefusalPromise, Word};
use firstrun::{Asked, Choice, Loaded};
use oracle::{Answers, Manifest, Payer, Prediction, RowEnd};
use serde_json::{Value, json};

use crate::Named;
use crate::served::{Served, managed_tenant, request};

pub(crate) const TESTS: &[Named] =
    &[("every_id_that_a_refusal_recommends_comes_online_and_is_paid_for", every_recommended_id_is_usable)];

/// At least so many refusals are read; fewer would say that the trial has lost its subject.
const LEAST_REFUSALS: usize = 100;
/// A row that must fail has failed by then.
const FAILS_WITHIN: Duration = Duration::from_secs(20);
/// What makes another id of a listed one: agents type dates and other ends.
const ENDS: [&str; 3] = ["", "-20260101", "-latest"];

/// A platform that promises usable advice, and what the oracle knows of it.
struct Adviser {
    loaded: Loaded,
    _process: Served,
    url: String,
}

/// A refusal, wherever its words stand.
struct Refused {
    runtime: String,
    model: String,
    reason: String,
}

fn every_recommended_id_is_usable() {
    let mut read = 0;
    for (contract, _) in BUILTIN_CONTRACTS {
        let choice = Choice { contract: Some(contract.to_owned()), ..Choice::default() };
        let loaded = Loaded::of(&choice).unwrap();
        if usable_on(&loaded).is_empty() {
            continue;
        }
        let (process, url) = managed_tenant(contract);
        let adviser = Adviser { loaded, _process: process, url };
        let refused = adviser.refusals();
        println!("{contract}: {} refusals", refused.len());
        for refusal in &refused {
            adviser.check(refusal);
        }
        read += refused.len();
    }
    assert!(read >= LEAST_REFUSALS, "only {read}");
}

/// The runtimes on which a refusal of this contract names an id that is accepted there.
fn usable_on(loaded: &Loaded) -> BTreeSet<String> {
    let refusals = &loaded.contract.refusals;
    [&refusals.early, &refusals.at_provisioning].into_iter().flat_map(advises_on).map(str::to_owned).collect()
}

fn advises_on(promise: &RefusalPromise) -> Vec<&str> {
    let is_named = promise.names.contains(&Word::Alternative);
    promise.alternative_is_usable_on.iter().filter(|_| is_named).collect()
}

impl Adviser {
    /// Asks for every id that must be refused where advice is promised.
    fn refusals(&self) -> Vec<Refused> {
        let mut refused = Vec::new();
        for runtime in usable_on(&self.loaded) {
            for model in self.keyless_ids(&runtime) {
                let prediction = self.predict(&runtime, &model);
                let refusals = &self.loaded.contract.refusals;
                let promise =
                    if prediction.refused_early() { &refusals.early } else { &refusals.at_provisioning };
                if !prediction.is_refused() || !advises_on(promise).contains(&runtime.as_str()) {
                    continue;
                }
                let name = format!("refused-{}", refused.len());
                let reason = self.reason(&json!({ "name": name, "runtime": runtime, "model": model }));
                refused.push(Refused { runtime: runtime.clone(), model, reason });
            }
        }
        refused
    }

    /// Ids that a vendor is paid for, listed ones and such as its pattern alone owns, and one that nobody owns.
    fn keyless_ids(&self, runtime: &str) -> BTreeSet<String> {
        let arms = &self.loaded.registry.runtime(runtime).unwrap().arms;
        let listed = arms.iter().flat_map(|arm| &arm.exact).map(|id| id.value.as_str());
        let made = listed.flat_map(|id| ENDS.map(|end| format!("{id}{end}")));
        let is_vendors = |id: &String| {
            self.loaded.oracle.resolve(runtime, id, &[]).is_ok_and(|arm| arm.billing == Billing::Byok)
        };
        made.filter(is_vendors).chain(["no-such-model".to_owned()]).collect()
    }

    fn predict(&self, runtime: &str, model: &str) -> Prediction {
        let asked = Asked {
            runtime: Some(runtime.to_owned()),
            model: Some(model.to_owned()),
            keys: Vec::new(),
            entry: Entry::Create,
            proxy_wired: true,
            manifest: Manifest::Readable,
        };
        asked.predict(&self.loaded)
    }

    /// The words of the refusal: in the answer, or on the row that failed.
    fn reason(&self, create: &Value) -> String {
        let answer = self.ask("POST /workspaces", &create.to_string());
        let Some(id) = answer["id"].as_str() else {
            return answer["error"].as_str().unwrap_or_else(|| panic!("{create}: {answer}")).to_owned();
        };
        let began = Instant::now();
        loop {
            let row = self.ask(&format!("GET /workspaces/{id}"), "");
            if row["status"] == "failed" {
                return row["last_sample_error"].as_str().unwrap_or_default().to_owned();
            }
            assert!(began.elapsed() < FAILS_WITHIN, "{create}: {row}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn ask(&self, head: &str, body: &str) -> Value {
        let (status, text) = request(&self.url, head, crate::served::TOKEN, body);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{head}: {status} {text}: {error}"))
    }

    /// What the text recommends must be there, and be usable by a create without any key.
    fn check(&self, refused: &Refused) {
        let Refused { runtime, model, reason } = refused;
        let context = format!("{} {runtime} {model}: {reason}", self.loaded.contract.name);
        let recommended = self.recommended(reason, model);
        assert!(!recommended.is_empty(), "{context}");
        for id in recommended {
            let arm = self.loaded.oracle.resolve(runtime, id, &[]);
            assert!(arm.is_ok_and(|arm| arm.billing == Billing::Platform), "{context}");
            let predicted = self.predict(runtime, id);
            assert!(predicted.row.is(&RowEnd::Online), "{context}: {}", predicted.why);
            assert_eq!(predicted.payer(), Some(Payer::Platform), "{context}");
            assert_eq!(predicted.answers(), Answers::Yes, "{context}");
        }
    }

    /// What stands in backticks and is an id of any runtime, but not the one that was asked for.
    fn recommended<'a>(&self, reason: &'a str, asked: &str) -> Vec<&'a str> {
        let arms = || self.loaded.registry.runtimes.iter().flat_map(|runtime| &runtime.arms);
        let is_listed = |word: &str| arms().any(|arm| arm.exact.iter().any(|id| id.value == word));
        let quoted = reason.split('`').skip(1).step_by(2);
        quoted.filter(|word| *word != asked && (is_listed(word) || word.contains('/'))).collect()
    }
}
