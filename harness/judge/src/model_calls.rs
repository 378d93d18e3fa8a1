//! Whether the model calls of members' boxes are as expected.

use journal::{FindingKind, KeyShown, Layer, ModelCall, Payer};
use scenario::{KeyGiven, ModelCallExpectation, ModelExpected, Place, Who};

use crate::Facts;
use crate::evidence::story_of;
use crate::holds::Asking;
use crate::lack::{Lack, Nature};

impl Asking<'_> {
    pub(crate) fn model_calls(
        &self,
        expected: &ModelCallExpectation,
        place: Place,
        facts: Facts<'_>,
    ) -> Vec<Lack> {
        let members: Vec<&str> = match &expected.who {
            Who::Team => facts.members(),
            Who::Member(member) => vec![member],
        };
        if members.is_empty() {
            return vec![self.nobody(place)];
        }
        members.into_iter().flat_map(|member| self.calls_of(member, expected, place, facts)).collect()
    }

    fn calls_of(
        &self,
        member: &str,
        expected: &ModelCallExpectation,
        place: Place,
        facts: Facts<'_>,
    ) -> Vec<Lack> {
        let Some((_, workspace)) = facts.row_of_member(member) else {
            return vec![self.no_row(member, place, facts)];
        };
        let calls: Vec<(u64, &ModelCall)> = facts.model_calls_of(&workspace).collect();
        let mut lacks = Vec::new();
        if calls.is_empty() {
            let mut lack =
                self.lack(FindingKind::ModelCallDiffers, member, place, "at least one model call", "none");
            lack.finding.layer = Layer::Box;
            lacks.push(lack);
        }
        let model = match &expected.model {
            Some(ModelExpected::This(template)) => {
                let wanted = template.text(self.trial.bindings);
                if wanted.is_none() {
                    lacks.push(self.nothing_to_compare(member, "model", place));
                }
                wanted
            }
            Some(ModelExpected::AsStored) => {
                let stored = facts.stored_model(&workspace).map(|(_, stored)| stored.stored.model.clone());
                if stored.is_none() {
                    lacks.push(self.no_stored_model(member, place));
                }
                stored
            }
            None => None,
        };
        let key = expected.key.as_ref().map(|key| KeyGiven::of_value(&key.value(self.trial.bindings)));
        let wrong = calls.iter().find_map(|(seq, call)| {
            let (wanted, got, layer) = call_differs(call, expected.payer, model.as_deref())
                .or_else(|| key.as_ref().and_then(|key| key_differs(call, key.as_ref())))?;
            let mut lack = self.lack(FindingKind::ModelCallDiffers, member, place, &wanted, &got);
            lack.finding.layer = layer;
            lack.finding.proof = vec![*seq];
            Some(lack)
        });
        lacks.extend(wrong);
        for lack in &mut lacks {
            lack.finding.trail = facts.trail(&workspace);
            lack.finding.proof.extend(story_of(facts, &workspace));
        }
        lacks
    }

    fn no_stored_model(&self, member: &str, place: Place) -> Lack {
        let kind = FindingKind::ModelCallDiffers;
        let lack = self.lack(kind, member, place, "a stored model", "it was not read");
        Lack { nature: Nature::Unseen, ..lack }
    }
}

/// What a call should have been, what it was, and the layer that made it so.
fn call_differs(
    call: &ModelCall,
    payer: Option<Payer>,
    model: Option<&str>,
) -> Option<(String, String, Layer)> {
    if let Some(model) = model.filter(|model| *model != call.model) {
        return Some((format!("model {model}"), format!("model {}", call.model), Layer::Box));
    }
    let expected = payer?;
    if call.payer == Some(expected) {
        return None;
    }
    let wanted = format!("every call paid by the {}", payer_in_words(expected));
    let seen = match call.payer {
        Some(other) => format!("a call paid by the {}", payer_in_words(other)),
        None => format!("a call that nobody paid: {}, status {}", key_in_words(&call.key), call.status),
    };
    let layer = if call.key == KeyShown::Missing { Layer::Box } else { Layer::Proxy };
    Some((wanted, seen, layer))
}

/// Every call carries the key of the case, or, where the case has none, no key of the tenant's own.
fn key_differs(call: &ModelCall, key: Option<&KeyGiven>) -> Option<(String, String, Layer)> {
    let is_right = match (&call.key, key) {
        (KeyShown::OwnKey(name), Some(key)) => *name == key.name,
        (KeyShown::OwnKey(_), None) => false,
        (_, key) => key.is_none(),
    };
    if is_right {
        return None;
    }
    let wanted =
        key.map_or("no key of the tenant's own".to_owned(), |key| format!("every call with {}", key.name));
    Some((wanted, format!("a call with {}", key_in_words(&call.key)), Layer::Box))
}

fn payer_in_words(payer: Payer) -> &'static str {
    match payer {
        Payer::Platform => "platform",
        Payer::Vendor => "tenant, at a vendor",
    }
}

fn key_in_words(key: &KeyShown) -> String {
    match key {
        KeyShown::Missing => "no key".to_owned(),
        KeyShown::UsageToken => "the usage token".to_owned(),
        KeyShown::OtherTenantsToken => "another tenant's token".to_owned(),
        KeyShown::OwnKey(name) => format!("the tenant's own {name}"),
        KeyShown::Unknown => "a key that nobody issued".to_owned(),
    }
}
