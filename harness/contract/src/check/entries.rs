//! What a contract promises entry by entry: what its entries share, and what one step of the platform decides for
//! several of them, they can't promise apart.

use document::{Problem, Source};

use crate::{
    Contract, Entry, KeylessVendorId, MissingModel, PayerRule, PayloadKey, PerEntry, RootParent, StoredId,
};

/// Promises for one entry that contradict those for another, or that the entry can't keep. Each stands at its entry.
pub(super) fn promises(source: &Source, contract: &Contract) -> Vec<Problem> {
    let mut problems = keyless(source, contract);
    problems.extend(tool_default(source, contract));
    problems.extend(tool_calls(source, contract));
    problems.extend(payload_keys(source, contract));
    problems.extend(parents(source, contract));
    problems.extend(missing(source, "omitted_model", contract, &contract.omitted_model));
    problems.extend(missing(source, "blank_model", contract, &contract.blank_model));
    problems
}

/// What becomes of a keyless vendor's id against who decides who pays: one provision step serves every entry.
fn keyless(source: &Source, contract: &Contract) -> Vec<Problem> {
    let launches = match contract.payer.value {
        PayerRule::Arm | PayerRule::OverrideThenArm => false,
        PayerRule::OverrideThenServerThenArm | PayerRule::ArmElseProxy => true,
    };
    let hint = if launches {
        "by this `payer` such an id runs on the proxy: promise proxied, or refused"
    } else {
        "by this `payer` nobody pays for such an id: promise fails_at_provisioning, or refused"
    };
    let promises = &contract.keyless_vendor_id;
    wrong(source, promises, Entry::ALL, hint, |entry, promise| {
        let contradicts = match promise {
            KeylessVendorId::Refused => false,
            KeylessVendorId::FailsAtProvisioning => launches,
            KeylessVendorId::Proxied => !launches,
        };
        contradicts.then(|| {
            format!("what `{}` promises here is not what the rule of the payer does", entry.as_str())
        })
    })
}

/// The tool's own default: promised for the tool alone, and only where there is one.
fn tool_default(source: &Source, contract: &Contract) -> Vec<Problem> {
    let has_default = contract.provision_tool.default_model.is_some();
    let hint = "promise it for `tool` alone, and name the id as provision_tool.default_model";
    let of = |key: &str, promises| {
        wrong(source, promises, Entry::ALL, hint, |entry, promise| {
            let is_wrong = *promise == MissingModel::ToolDefault && (entry != Entry::Tool || !has_default);
            let entry = entry.as_str();
            is_wrong.then(|| {
                format!("{key} promises tool_default for `{entry}`, where no tool fills anything in")
            })
        })
    };
    let mut problems = of("omitted_model", &contract.omitted_model);
    problems.extend(of("blank_model", &contract.blank_model));
    problems
}

/// A call of the tool is a create: what the two promise apart, no platform keeps. Only a model that the tool itself
/// fills in never comes to the create as missing.
fn tool_calls(source: &Source, contract: &Contract) -> Vec<Problem> {
    let filled_in =
        |promises: &PerEntry<MissingModel>| *promises.of(Entry::Tool) == MissingModel::ToolDefault;
    let (omitted, blank) = (&contract.omitted_model, &contract.blank_model);
    [
        as_create(source, "unregistered_id", &contract.unregistered_id),
        as_create(source, "keyless_vendor_id", &contract.keyless_vendor_id),
        as_create(source, "root_parent", &contract.root_parent),
        as_create(source, "omitted_model", omitted).filter(|_| !filled_in(omitted)),
        as_create(source, "blank_model", blank).filter(|_| !filled_in(blank)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn as_create<T: PartialEq>(source: &Source, key: &str, promises: &PerEntry<T>) -> Option<Problem> {
    (promises.of(Entry::Tool) != promises.of(Entry::Create)).then(|| {
        let text = format!("{key} promises something else for `tool` than for `create`");
        let hint = "a call of the tool is a create: promise the same for both";
        Problem::at(source, promises.place_of(Entry::Tool), text).with_hint(hint)
    })
}

/// A create alone has a payload for keys.
fn payload_keys(source: &Source, contract: &Contract) -> Vec<Problem> {
    let others = Entry::ALL.into_iter().filter(|entry| *entry != Entry::Create);
    let hint = "only a create has a payload for keys: write not_offered";
    wrong(source, &contract.payload_key, others, hint, |entry, promise| {
        let entry = entry.as_str();
        (*promise != PayloadKey::NotOffered)
            .then(|| format!("payload_key promises something for `{entry}`, which takes no keys"))
    })
}

/// A row that is there keeps its parent, and a new one has none yet.
fn parents(source: &Source, contract: &Contract) -> Vec<Problem> {
    let promises = &contract.root_parent;
    let hint = "its row is there already: write unchanged";
    let changing = [Entry::PutModel, Entry::Restart];
    let mut problems = wrong(source, promises, changing, hint, |entry, promise| {
        let entry = entry.as_str();
        (*promise != RootParent::Unchanged)
            .then(|| format!("root_parent promises a place for `{entry}`, which makes no row"))
    });
    let hint = "say where its row stands: concierge, concierge_or_sole_root or nowhere";
    let making = [Entry::Tool, Entry::Create, Entry::Import];
    problems.extend(wrong(source, promises, making, hint, |entry, promise| {
        let entry = entry.as_str();
        (*promise == RootParent::Unchanged)
            .then(|| format!("root_parent promises unchanged for `{entry}`, which makes a row"))
    }));
    problems
}

/// What becomes of a row without a model is decided when its box is prepared, whichever way it came in, and so by what
/// a restart promises. An id that nothing is left of when it is stored counts as left out then.
fn missing(
    source: &Source,
    key: &str,
    contract: &Contract,
    promises: &PerEntry<MissingModel>,
) -> Vec<Problem> {
    let decides = match contract.stored_id {
        StoredId::Trimmed => ("omitted_model", *contract.omitted_model.of(Entry::Restart)),
        StoredId::AsTyped => (key, *promises.of(Entry::Restart)),
    };
    // The tool is held to the create, and a refused change comes to no restart.
    let put = *promises.of(Entry::PutModel);
    let is_reached = |entry: &Entry| *entry != Entry::Restart || put != MissingModel::Refused;
    let entries = [Entry::Create, Entry::Import, Entry::PutModel, Entry::Restart];
    let hint =
        format!("every box is prepared by what {}.restart promises: promise the same for both", decides.0);
    let mut problems =
        wrong(source, promises, entries.into_iter().filter(is_reached), &hint, |entry, promise| {
            let is_kept = match promise {
                MissingModel::ServerDefault => {
                    matches!(decides.1, MissingModel::ServerDefault | MissingModel::Unpromised)
                }
                MissingModel::FailsAtProvisioning => {
                    matches!(decides.1, MissingModel::FailsAtProvisioning | MissingModel::Refused)
                }
                MissingModel::PlatformDefault
                | MissingModel::Refused
                | MissingModel::ToolDefault
                | MissingModel::Unpromised => true,
            };
            let entry = entry.as_str();
            (!is_kept)
                .then(|| format!("{key} promises an end for `{entry}` that {}.restart rules out", decides.0))
        });
    let hint = "a restart follows a change of the model, which stores the default: write platform_default";
    problems.extend(wrong(source, promises, [Entry::Restart], hint, |_, promise| {
        let is_bare = matches!(promise, MissingModel::ServerDefault | MissingModel::FailsAtProvisioning);
        (is_bare && put == MissingModel::PlatformDefault)
            .then(|| format!("{key} promises `restart` a row without a model, and put_model gives it one"))
    }));
    problems
}

/// The promises that are wrong for these entries, each at its own place; `why` says what is.
fn wrong<T>(
    source: &Source,
    promises: &PerEntry<T>,
    entries: impl IntoIterator<Item = Entry>,
    hint: &str,
    why: impl Fn(Entry, &T) -> Option<String>,
) -> Vec<Problem> {
    let told = |entry: Entry| {
        let text = why(entry, promises.of(entry))?;
        Some(Problem::at(source, promises.place_of(entry), text).with_hint(hint))
    };
    entries.into_iter().filter_map(told).collect()
}
