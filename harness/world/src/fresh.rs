//! Ids, slugs, tokens and words that come from the journey's streams: equal for one seed, whatever the order.

use journal::{AskReason, Streams, TenantRole};
use rand::RngExt;
use uuid::Uuid;

/// Tokens are as long as real ones, so that no other text holds one by chance.
const TOKEN_BYTES: usize = 32;

const SLUG_BYTES: usize = 6;
const NONCE_BYTES: usize = 5;

/// Words that an answer is made of; each is followed by a number.
const WORDS: [&str; 16] = [
    "amber", "basalt", "cedar", "delta", "ember", "fjord", "garnet", "heron", "indigo", "juniper", "kelp",
    "lichen", "marble", "nectar", "onyx", "poplar",
];

/// What a tenant is known by.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    /// A UUID.
    pub(crate) org_id: String,
    /// The org's short name.
    pub(crate) slug: String,
    /// The tenant's admin bearer.
    pub(crate) admin_token: String,
    /// The bearer for the model proxy.
    pub(crate) usage_token: String,
}

impl Identity {
    /// The identity of the tenant in this role.
    pub(crate) fn of(streams: &Streams, role: TenantRole) -> Self {
        let streams = streams.below("tenant").below(role_name(role));
        Self {
            org_id: uuid::Builder::from_random_bytes(streams.named("org id").random())
                .into_uuid()
                .to_string(),
            slug: slug(&streams),
            admin_token: hex::<TOKEN_BYTES>(&streams, "admin token"),
            usage_token: hex::<TOKEN_BYTES>(&streams, "usage token"),
        }
    }
}

/// The slug that the tenant in this role signs up with.
pub(crate) fn slug_of(streams: &Streams, role: TenantRole) -> String {
    slug(&streams.below("tenant").below(role_name(role)))
}

fn slug(streams: &Streams) -> String {
    format!("org-{}", hex::<SLUG_BYTES>(streams, "slug"))
}

/// The id of an org's concierge (tenant-api §1.3).
pub(crate) fn concierge_id(org_id: &str) -> String {
    id_named(&format!("molecule-platform-agent:{org_id}"))
}

/// The id of the concierge that a self-hosted tenant seeds.
pub(crate) fn self_hosted_concierge_id() -> String {
    id_named("molecule:self-hosted:platform-agent")
}

fn id_named(name: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()).to_string()
}

/// A question's word and the word of its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Riddle {
    /// Stands in the question.
    pub(crate) nonce: String,
    /// Must stand in the answer.
    pub(crate) expected: String,
}

impl Riddle {
    /// The `count`th riddle, from 0, that this agent is asked for this reason.
    pub(crate) fn of(
        streams: &Streams,
        role: TenantRole,
        agent: &str,
        reason: AskReason,
        count: u32,
    ) -> Self {
        let reason = match reason {
            AskReason::FirstOnline => "first online".to_owned(),
            AskReason::Step(index) => format!("step {index}"),
        };
        let streams = streams.below("question").below(role_name(role)).below(agent).below(&reason);
        let streams = streams.below(&count.to_string());
        let mut answer = streams.named("answer");
        let word = WORDS[answer.random_range(0..WORDS.len())];
        let number: u32 = answer.random_range(100_000..1_000_000);
        Self {
            nonce: format!("q{}", hex::<NONCE_BYTES>(&streams, "nonce")),
            expected: format!("{word}-{number}"),
        }
    }
}

/// The role as a part of a stream's name.
pub(crate) fn role_name(role: TenantRole) -> &'static str {
    match role {
        TenantRole::Subject => "subject",
        TenantRole::Bystander => "bystander",
    }
}

fn hex<const N: usize>(streams: &Streams, name: &str) -> String {
    let bytes: [u8; N] = streams.named(name).random();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_identity_and_roles_differ() {
        let streams = Streams::of_journey(1, "s", "c");
        let subject = Identity::of(&streams, TenantRole::Subject);
        assert_eq!(subject.org_id, Identity::of(&streams, TenantRole::Subject).org_id);
        assert_eq!(subject.slug, slug_of(&streams, TenantRole::Subject));
        let bystander = Identity::of(&streams, TenantRole::Bystander);
        assert_ne!(subject.org_id, bystander.org_id);
        assert_ne!(subject.admin_token, bystander.admin_token);
        assert_eq!(subject.usage_token.len(), 2 * TOKEN_BYTES);
        assert!(Uuid::parse_str(&subject.org_id).is_ok());
    }

    #[test]
    fn the_concierge_id_is_the_platforms_own() {
        let id = concierge_id("00000000-0000-4000-8000-000000000000");
        assert_eq!(Uuid::parse_str(&id).unwrap().get_version_num(), 5);
        assert_eq!(id, concierge_id("00000000-0000-4000-8000-000000000000"));
    }

    #[test]
    fn riddles_differ_by_agent_reason_and_count() {
        let streams = Streams::of_journey(1, "s", "c");
        let base = Riddle::of(&streams, TenantRole::Subject, "Scout", AskReason::FirstOnline, 0);
        assert_eq!(base, Riddle::of(&streams, TenantRole::Subject, "Scout", AskReason::FirstOnline, 0));
        for other in [
            Riddle::of(&streams, TenantRole::Subject, "Writer", AskReason::FirstOnline, 0),
            Riddle::of(&streams, TenantRole::Subject, "Scout", AskReason::Step(0), 0),
            Riddle::of(&streams, TenantRole::Subject, "Scout", AskReason::FirstOnline, 1),
            Riddle::of(&streams, TenantRole::Bystander, "Scout", AskReason::FirstOnline, 0),
        ] {
            assert_ne!(base.nonce, other.nonce);
        }
    }
}
