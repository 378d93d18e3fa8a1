//! The recordings, and the one table of what a replay tolerates.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

/// The contracts that there are recordings of whole journeys of.
pub(crate) const CONTRACTS: [&str; 2] = ["incident", "create-gate"];

/// The contracts that there are recordings of creates and later changes of.
pub(crate) const CREATES: [&str; 3] = ["incident", "create-gate", "head"];

/// The night once more, on servers whose own billing mode says that the platform pays: only one of them listens.
pub(crate) const SERVER_MODE: &str = "incident-server-mode-platform";

/// Every recorded journey: its contract, its name, how many lines it holds, and how many of them a replay compares at
/// least. The rest are notes, and what is tolerated below.
pub(crate) const JOURNEYS: [(&str, &str, usize, usize); 30] = [
    ("incident", "incident", 31, 26),
    ("incident", "first-run", 46, 37),
    ("incident", "omitted-model", 14, 13),
    ("incident", "recovery-mode", 20, 18),
    ("incident", "recovery-model", 21, 18),
    ("incident", "byok-atomic", 5, 5),
    ("incident", "byok-global", 23, 17),
    ("incident", "org-import", 50, 42),
    ("incident", "delete", 36, 31),
    ("incident", "auth", 108, 91),
    ("incident", SERVER_MODE, 31, 26),
    ("org-default", SERVER_MODE, 40, 35),
    ("create-gate", "incident", 11, 10),
    ("create-gate", "first-run", 43, 39),
    ("create-gate", "omitted-model", 12, 11),
    ("create-gate", "recovery-mode", 28, 24),
    ("create-gate", "recovery-model", 26, 21),
    ("create-gate", "byok-atomic", 12, 11),
    ("create-gate", "byok-global", 22, 19),
    ("create-gate", "org-import", 47, 40),
    ("create-gate", "delete", 35, 32),
    ("create-gate", "auth", 108, 91),
    ("create-gate", SERVER_MODE, 11, 10),
    ("head", "incident", 15, 11),
    ("head", "omitted-model", 12, 11),
    ("head", "recovery-mode", 35, 28),
    ("head", "recovery-model", 34, 25),
    ("head", "byok-atomic", 13, 11),
    ("head", "byok-global", 26, 19),
    ("head", "org-import", 61, 46),
];

/// A difference to the recordings that is known and kept.
pub(crate) struct Tolerated {
    /// The recorded names, routes or texts that it is about.
    pub(crate) what: &'static [&'static str],
    /// Why ours differs.
    pub(crate) why: &'static str,
}

/// Variables of a box that only one side has.
pub(crate) const BOX_VARIABLES: Tolerated = Tolerated {
    what: &[
        "MOLECULE_WORKSPACE_ID",
        "MOLECULE_OWNER",
        "MOLECULE_ATTRIBUTION_BADGE",
        "MOLECULE_GH_WRAPPER_B64",
        "MOLECULE_GH_WRAPPER_SHA",
        "MOLECULE_DECLARED_PLUGINS",
        "MOLECULE_PLUGIN_REGISTRY",
        "MOLECULE_PLATFORM_AGENT_IMAGE_BAKED",
        "LLM_PROVIDER",
    ],
    why: "ours tells every box its workspace; the wrapper and badge of a box with a role, and the plugins of \
          head's concierge, are not modelled",
};

/// Contracts whose texts are as long as they like: of the recorded ones only what they name is compared.
pub(crate) const FREE_WORDING: Tolerated = Tolerated {
    what: &["head"],
    why: "texts were recorded as classes, and ours was worded after the older platforms",
};

/// Fields of answers and of calls that ours does not have.
pub(crate) const MISSING_FIELDS: Tolerated = Tolerated {
    what: &[
        "generation",
        "loaded_mcp_tools",
        "mcp_surface",
        "last_heartbeat_at",
        "wedged",
        "boot_steps",
        "boot_generation",
        "idempotency_key",
        "template",
        "contextId",
        "metadata",
    ],
    why: "what head counts of boots, shows of tools and beats, and tells its control plane and boxes is not modelled",
};

/// Fields whose values at head are its own affair.
pub(crate) const HEADS_VALUES: Tolerated = Tolerated {
    what: &["broadcast_enabled", "x", "y"],
    why: "whether head's concierge may broadcast and where imported rows stand on its canvas are not modelled",
};

/// Journeys of the other platforms that ours can't play as head does.
pub(crate) const HEADS_JOURNEYS: Tolerated = Tolerated {
    what: &["first-run", "delete", "auth"],
    why: "head's readiness by heartbeat, its stored provider, its schedules and its credential for messages are not \
          modelled",
};

/// Calls to the control plane that ours does not make.
pub(crate) const UNMADE_CALLS: Tolerated = Tolerated {
    what: &["/cp/workspaces/ensure-image", "/cp/tenants/config"],
    why: "head asks for an image before a restart and reads its settings anew; ours does neither",
};

/// Runtimes that a recording's own manifest listed though the platform's does not.
pub(crate) const LISTED_BY_RECORDING: Tolerated = Tolerated {
    what: &["google-adk", "seo-agent"],
    why: "head was recorded with a manifest of June at hand; its own has neither of them",
};

/// Variables that make up how a box signs its commits.
pub(crate) const COMMIT_VARIABLES: Tolerated = Tolerated {
    what: &[
        "GIT_ASKPASS",
        "GIT_AUTHOR_NAME",
        "GIT_AUTHOR_EMAIL",
        "GIT_COMMITTER_NAME",
        "GIT_COMMITTER_EMAIL",
    ],
    why: "the recorded server leaves them out where a name is nothing but white space or has no letter to spell",
};

/// Files for the concierge.
pub(crate) const CONCIERGE_FILES: Tolerated = Tolerated {
    what: &["config_files"],
    why: "the create-gate server finds no files without its manifest; ours carries them in its own program",
};

/// Creates of the phase `adk` whose row the recorded server gave up because it could not fetch template files.
pub(crate) const UNREACHABLE_ASSETS: Tolerated = Tolerated {
    what: &["asset host unreachable"],
    why: "fetching template files from a Gitea is not modelled: the create is compared, the row is not",
};

/// Messages that the tenant sends to boxes by itself.
pub(crate) const UNASKED_MESSAGES: Tolerated = Tolerated {
    what: &["/signals/restart_pending", "restart_context", "first_boot_greeting"],
    why: "announcements of a restart and greetings to boxes are not modelled",
};

/// Calls to the control plane that ours does not make.
pub(crate) const RECONCILER: Tolerated =
    Tolerated { what: &["/status?"], why: "the minute's look at the state of every box is not modelled" };

/// Calls to the control plane that ours makes once.
pub(crate) const SECOND_DELETE: Tolerated = Tolerated {
    what: &["DELETE /cp/workspaces/"],
    why: "the recorded server deletes a box again that it already deleted; ours knows that it is gone",
};

/// Answers to a box's first register.
pub(crate) const REGISTER_RACE: Tolerated = Tolerated {
    what: &["/registry/register"],
    why: "at incident the create's token may beat the box's first register (401, then a retry with that token); ours \
          lets the register win",
};

/// Lists in which only the order of one workspace's events is compared.
pub(crate) const EVENTS_ORDER: Tolerated = Tolerated {
    what: &["/events"],
    why: "the order between workspaces is that of their boxes' registers, which the race at incident changes",
};

/// Lists whose order the recorded servers do not keep.
pub(crate) const PEERS_ORDER: Tolerated = Tolerated {
    what: &["/peers"],
    why: "the two recordings of one journey list the same peers in different orders",
};

/// Names in recorded texts that ours need not have.
pub(crate) const PROSE_NAMES: Tolerated = Tolerated {
    what: &["LLM_PROVIDER", "MISSING_BYOK_CREDENTIAL"],
    why: "the recorded texts explain a retired variable and repeat their code; ours say it in their own words",
};

/// Paths and ids in recorded texts that ours need not have. All other names and ids must be there; word counts and
/// wording are free.
pub(crate) const PROSE_IDS: Tolerated = Tolerated {
    what: &["vendor/model", "admin/workspaces/", "id/llm-billing-mode", "id/model"],
    why: "spellings and routes that the recorded texts mention by the way",
};

/// Journeys whose recording ends while boxes are still being replaced or started.
pub(crate) const ENDS_EARLY: Tolerated = Tolerated {
    what: &["byok-global", "delete"],
    why: "calls to the control plane after the last line have no line",
};

/// Scripts of later changes that ours can't play.
pub(crate) const CHANGES_NOT_MODELLED: Tolerated = Tolerated {
    what: &["mutate:pause-resume", "mutate:bootstrap-failed-online"],
    why: "pausing, and the report of a boot that failed, are no part of the first-run journey",
};

/// Boots that a recording has and ours can't play.
pub(crate) const BOOTS_NOT_MODELLED: Tolerated = Tolerated {
    what: &[
        "redis-absent",
        "database-absent",
        "production-no-key",
        "production-with-key",
        "production-with-key-base64-32",
        "production-with-key-raw-32",
    ],
    why: "ours needs neither Redis nor a database server and encrypts no secrets",
};

impl Tolerated {
    /// True where a name is one of those.
    pub(crate) fn names(&self, name: &str) -> bool {
        self.what.contains(&name)
    }

    /// True where a text has one of those in it.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        self.what.iter().any(|what| text.contains(what))
    }
}

/// The lines of a recording. A file that is missing, or shorter or longer than it was, is a failure.
pub(crate) fn lines(path: &str, recorded: usize) -> Vec<Value> {
    let file = folder().join(path);
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), recorded, "{path} holds another number of lines");
    lines
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/golden")
}

#[test]
fn every_recorded_journey_is_listed_and_head_lacks_those_that_are_not_modelled() {
    // Boots are played by a test of their own.
    let mut recorded = BTreeSet::new();
    for contract in std::fs::read_dir(folder().join("transcripts")).unwrap().map(Result::unwrap) {
        for file in std::fs::read_dir(contract.path()).unwrap().map(Result::unwrap) {
            let name = file.path().file_stem().unwrap().to_string_lossy().into_owned();
            recorded.insert((contract.file_name().to_string_lossy().into_owned(), name));
        }
    }
    recorded.retain(|(_, journey)| journey != "boot");
    let listed = JOURNEYS.iter().map(|(contract, journey, ..)| (contract.to_string(), journey.to_string()));
    assert_eq!(recorded, listed.collect());
    let of = |wanted: &str| -> BTreeSet<&str> {
        let of_it = JOURNEYS.iter().filter(|(contract, ..)| *contract == wanted);
        of_it.map(|(_, journey, ..)| *journey).filter(|journey| *journey != SERVER_MODE).collect()
    };
    let missing: BTreeSet<&str> = of("incident").difference(&of("head")).copied().collect();
    assert_eq!(missing, HEADS_JOURNEYS.what.iter().copied().collect());
}

#[test]
fn every_tolerated_difference_says_what_and_why() {
    for tolerated in [
        &BOX_VARIABLES,
        &FREE_WORDING,
        &MISSING_FIELDS,
        &UNMADE_CALLS,
        &HEADS_VALUES,
        &HEADS_JOURNEYS,
        &LISTED_BY_RECORDING,
        &COMMIT_VARIABLES,
        &CONCIERGE_FILES,
        &UNREACHABLE_ASSETS,
        &UNASKED_MESSAGES,
        &RECONCILER,
        &SECOND_DELETE,
        &REGISTER_RACE,
        &EVENTS_ORDER,
        &PEERS_ORDER,
        &PROSE_NAMES,
        &PROSE_IDS,
        &ENDS_EARLY,
        &BOOTS_NOT_MODELLED,
        &CHANGES_NOT_MODELLED,
    ] {
        assert!(!tolerated.what.is_empty() && tolerated.why.len() > 20);
    }
}
