//! The scenarios that are compiled in. A test holds this list to the folder `scenarios/`.

/// Id and text of every scenario of the pack; the id is the path below `scenarios/` without extension.
pub const SCENARIOS: [(&str, &str); 1] =
    [("first_run/build_me_a_team", include_str!("../../../scenarios/first_run/build_me_a_team.yaml"))];
