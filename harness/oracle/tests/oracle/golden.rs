//! Every recorded create whose only input is runtime, model and keys (`fixtures/golden/vectors`).

use std::collections::BTreeMap;

use contract::{Entry, PayerRule};
use document::{Place, Placed};
use oracle::{Payer, Prediction, Promised, Question, RowEnd};
use serde_json::Value;
use wire::env::VENDOR_KEYS;

use crate::recorded::{CONTRACTS, assert_counted, keys, lines, manifest, text, uncounted};
use crate::sample::{Sample, sample};

fn predict(sample: &Sample, line: &Value) -> Prediction {
    let question = Question {
        runtime: text(line, "/runtime").unwrap_or_default(),
        model: text(line, "/model"),
        keys: &keys(line),
        entry: Entry::Create,
        proxy_wired: true,
        default_model: None,
    };
    sample.oracle.predict_with(manifest(line), &sample.contract, &question)
}

/// What differs between a recorded line and its prediction.
fn mismatches(line: &Value, prediction: &Prediction) -> Vec<String> {
    let code = prediction.code.get().map(|code| code.map(wire::Code::as_str));
    let row_code = prediction.row_code.get().map(|code| code.map(wire::Code::as_str));
    let row = prediction.row.get().map(|row| match row {
        RowEnd::Online => Some("online"),
        RowEnd::Failed => Some("failed"),
        RowEnd::AwaitingAgent => Some("awaiting_agent"),
        RowEnd::None | RowEnd::Unchanged => None,
    });
    let status = line.pointer("/create/status").and_then(Value::as_u64);
    let mut wrong = Vec::new();
    if prediction.status.get().map(|status| u64::from(*status)) != status {
        wrong.push(format!("status {:?}, recorded {status:?}", prediction.status));
    }
    for (what, predicted, recorded) in [
        ("code", code, text(line, "/create/code")),
        ("row", row, text(line, "/row/status")),
        ("row code", row_code, text(line, "/row/fail_payload/code")),
    ] {
        if predicted != Some(recorded) {
            wrong.push(format!("{what} {predicted:?}, recorded {recorded:?}"));
        }
    }
    wrong.extend(in_box(line, prediction));
    wrong
}

/// What the box's environment says against the prediction: who pays, and that the key is there.
fn in_box(line: &Value, prediction: &Prediction) -> Option<String> {
    let told = text(line, "/cp/env/MOLECULE_LLM_BILLING_MODE")
        .or_else(|| text(line, "/cp/env/MOLECULE_RESOLVED_PROVIDER"))?;
    let expected =
        if matches!(told, "platform" | "platform_managed") { Payer::Platform } else { Payer::Vendor };
    let names = line["cp"]["env_names"].as_array()?;
    let key = prediction.key.get().and_then(Option::as_deref);
    let is_there = key.is_none_or(|key| names.iter().any(|name| name == key));
    let pays = prediction.payer.allows(&Some(expected));
    (!is_there || !pays).then(|| format!("{:?} with {key:?}, recorded {told}", prediction.payer))
}

/// The contract as its recording had it: for the phase `adk` a manifest of the recording's own stood at hand, which
/// lists two runtimes on every platform, whether or not its own manifest still does.
fn recorded(contract: &str) -> Sample {
    let mut sample = sample(contract);
    let known = &mut sample.contract.known_runtimes;
    for runtime in ["google-adk", "seo-agent"] {
        if !known.contains(runtime) && !known.unlisted_with_manifest.contains(runtime) {
            let name = Placed::new(Place::default(), runtime.to_owned());
            known.unlisted_with_manifest.0.push(name);
        }
    }
    sample
}

fn check(contract: &str) {
    let sample = recorded(contract);
    let (mut counted, mut left_out) = (BTreeMap::<String, usize>::new(), Vec::new());
    let mut wrong = Vec::new();
    for line in lines(contract) {
        let name = format!("{} {} {}", line["phase"], line["n"], line["case"]);
        if let Some(reason) = uncounted(&line) {
            left_out.push(format!("{name} {reason}"));
            continue;
        }
        *counted.entry(text(&line, "/phase").unwrap().to_owned()).or_default() += 1;
        let prediction = predict(&sample, &line);
        let differing = mismatches(&line, &prediction);
        if !differing.is_empty() {
            wrong.push(format!(
                "{name} {} {}: {differing:?}; {}",
                line["runtime"], line["model"], prediction.why
            ));
        }
    }
    let total: usize = counted.values().sum();
    println!("{contract}: {total} lines predicted, {counted:?}");
    println!("{contract}: left out:\n  {}", left_out.join("\n  "));
    assert!(wrong.is_empty(), "{contract}: {} mismatches:\n{}", wrong.len(), wrong.join("\n"));
    assert_counted(contract, total);
}

#[test]
fn every_recorded_create_is_predicted() {
    for contract in CONTRACTS {
        check(contract);
    }
}

/// The platform itself says which provider it derived: in the billing mode of a row that was kept, or, where that
/// route is gone, to the box.
fn recorded_provider(line: &Value) -> Option<&str> {
    let is_derived = text(line, "/billing_mode/body/source") == Some("derived_provider");
    let of_route = text(line, "/billing_mode/body/provider_selection").filter(|_| is_derived);
    of_route.or_else(|| text(line, "/cp/env/MOLECULE_RESOLVED_PROVIDER"))
}

#[test]
fn the_recorded_provider_of_every_row_is_the_resolved_one() {
    for contract in CONTRACTS {
        let sample = recorded(contract);
        let (mut checked, mut rerouted) = (0, 0);
        for line in lines(contract) {
            let Some(recorded) = recorded_provider(&line) else { continue };
            let default = sample.contract.default_runtime.as_str();
            let runtime = text(&line, "/runtime").filter(|name| !name.is_empty()).unwrap_or(default);
            let Some(model) = text(&line, "/model") else { continue };
            let keys = keys(&line);
            let names: Vec<&str> = keys.iter().filter(|key| !key.is_blank).map(|key| key.name).collect();
            if sample.oracle.registry().runtime(runtime).is_none() {
                assert_eq!(recorded, "platform", "{line}");
                continue;
            }
            let resolved = sample.oracle.resolve(runtime, model, &names).unwrap();
            let usable =
                |name: &String| names.contains(&name.as_str()) && VENDOR_KEYS.contains(&name.as_str());
            if resolved.provider != recorded && !resolved.auth_env.iter().any(usable) {
                // No usable key: the box was told of the proxy instead of the vendor.
                assert_eq!(recorded, "platform", "{line}");
                rerouted += 1;
                continue;
            }
            assert_eq!(resolved.provider, recorded, "{line}");
            checked += 1;
        }
        println!(
            "{contract}: {checked} recorded providers resolved alike, {rerouted} rows rerouted to the proxy"
        );
        assert!(checked >= 125, "{contract}: only {checked}");
        assert_eq!(rerouted > 0, sample.contract.payer.value == PayerRule::ArmElseProxy, "{contract}");
    }
}

/// The stored id is what the contract says: as it was typed.
#[test]
fn the_recorded_model_of_every_row_is_stored_as_it_was_typed() {
    for contract in CONTRACTS {
        for line in lines(contract) {
            let source = text(&line, "/get_model/body/source");
            if source == Some("workspace_secrets") && uncounted(&line).is_none() {
                assert_eq!(text(&line, "/get_model/body/model"), text(&line, "/model"), "{line}");
            }
        }
    }
}

/// The first change of every recorded script that begins on an online row with a PUT of a model. At `head` one more of
/// these rows is online: it runs a keyless vendor's id on the proxy.
#[test]
fn every_recorded_change_of_a_model_is_predicted() {
    for contract in CONTRACTS {
        let sample = sample(contract);
        let mut checked = 0;
        for line in lines(contract) {
            let step = &line["steps"][0];
            let is_put = text(step, "/step") == Some("model");
            if !is_put || text(&line, "/before/status") != Some("online") {
                continue;
            }
            let runtime = text(&line, "/runtime").unwrap();
            let prediction = sample.predict(Entry::PutModel, runtime, text(step, "/arg"), &[]);
            let is_refused = step["status"] == 422;
            let row = match text(step, "/row/status").unwrap() {
                "online" if is_refused => RowEnd::Unchanged,
                "online" => RowEnd::Online,
                _ => RowEnd::Failed,
            };
            assert_eq!(prediction.status.get().map(|status| u64::from(*status)), step["status"].as_u64());
            assert_eq!(prediction.row, Promised::This(row), "{contract} {}", line["case"]);
            let code =
                |promised: &Promised<Option<wire::Code>>| promised.get().unwrap().map(wire::Code::as_str);
            assert_eq!(code(&prediction.code), text(step, "/body/code"), "{contract} {}", line["case"]);
            assert_eq!(code(&prediction.row_code), text(step, "/row/fail_payload/code"));
            checked += 1;
        }
        println!("{contract}: {checked} recorded changes of a model predicted");
        assert_eq!(checked, if contract == "head" { 8 } else { 7 }, "{contract}");
    }
}
