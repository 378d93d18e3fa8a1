//! The scenarios that are compiled in. A test holds this list to the folder `scenarios/`.

/// Id and text of a scenario below `scenarios/`.
macro_rules! scenario {
    ($id:literal) => {
        ($id, include_str!(concat!("../../../scenarios/", $id, ".yaml")))
    };
}

/// Id and text of every scenario of the pack; the id is the path below `scenarios/` without extension.
pub const SCENARIOS: [(&str, &str); 10] = [
    scenario!("first_run/build_me_a_team"),
    scenario!("first_run/agent_chooses"),
    scenario!("first_run/byok_without_a_key"),
    scenario!("first_run/byok_with_its_key"),
    scenario!("first_run/follow_the_advice"),
    scenario!("first_run/refused_later"),
    scenario!("first_run/unblock_of_the_night"),
    scenario!("first_run/self_hosted_with_its_key"),
    scenario!("first_run/self_hosted_without_a_key"),
    scenario!("ids/any_form_any_entry"),
];
