//! What the entry itself answers, in the order of the platform's own checks (tenant-api §2.4, registry §6).

use contract::{Billing, Entry, KeylessVendorId, MalformedId, MissingModel, PayloadKey, UnregisteredId};
use wire::Code;

use super::keys;
use super::prediction::{Prediction, Promised, RowEnd};
use super::subject::{Id, Incoming, RuntimeKind, Subject};
use super::{Payer, provision, why};
use crate::Resolved;

/// A longer id or runtime is refused. In bytes.
const LIMIT_BYTES: usize = 100;

/// What an entry does with a request.
enum Admission {
    /// It refuses; nothing is made or changed.
    Refused(Refusal),
    /// It accepts.
    Accepted,
    /// Nothing is promised, and why.
    Unpromised(String),
}

/// A refusal by the entry itself.
struct Refusal {
    status: u16,
    code: Option<Code>,
    why: String,
}

/// Predicts the whole way of a request.
pub(super) fn predict(subject: &Subject<'_>) -> Prediction {
    let entry = subject.question.entry;
    if let Some(prediction) = before_the_model(subject) {
        return prediction;
    }
    let admission = match entry {
        // The PUT comes before the restart; a refused one ends it there.
        Entry::Restart => admit(subject, Entry::PutModel),
        _ => admit(subject, entry),
    };
    match admission {
        Admission::Refused(refusal) => refused(subject, refusal),
        Admission::Unpromised(why) => Prediction::unpromised(why),
        Admission::Accepted => {
            let mut prediction = provision::predict(subject, accepted_status(entry));
            prediction.or.extend(early_instead(subject));
            prediction
        }
    }
}

/// What is decided before anything looks at what the id names: a malformed request, an unknown runtime, and for
/// entries that change a row whether there can be one.
fn before_the_model(subject: &Subject<'_>) -> Option<Prediction> {
    let entry = subject.question.entry;
    let refuse = |status, code, why| Some(refused(subject, Refusal { status, code, why }));
    let is_creating = matches!(entry, Entry::Tool | Entry::Create);
    let malformed_id = is_malformed(subject.typed()).then(|| *subject.contract.malformed_id.of(entry));
    // A malformed runtime is recorded of creates alone (tenant-api §2.4 #2).
    let malformed_runtime = is_malformed(subject.runtime).then_some(if is_creating {
        MalformedId::Refused
    } else {
        MalformedId::Unpromised
    });
    match malformed_id.or(malformed_runtime) {
        Some(MalformedId::Refused) => return refuse(400, None, why::malformed()),
        Some(MalformedId::Unpromised) => {
            return Some(Prediction::unpromised(why::malformed_elsewhere(entry)));
        }
        Some(MalformedId::FailsAtProvisioning) | None => {}
    }
    let is_in_registry = subject.oracle.registry().runtime(subject.runtime).is_some();
    match subject.runtime_kind() {
        RuntimeKind::Unknown if is_creating => {
            return refuse(422, Some(Code::RuntimeUnsupported), why::unknown_runtime(subject.runtime));
        }
        RuntimeKind::External if is_creating => return Some(external(subject)),
        RuntimeKind::Unlisted if is_creating => {}
        RuntimeKind::Listed if is_in_registry => {}
        _ => return Some(Prediction::unpromised(why::undescribed_runtime(subject.runtime))),
    }
    if !subject.makes_row() && !subject.question.proxy_wired {
        return Some(Prediction::unpromised(why::no_row_to_change(entry)));
    }
    (malformed_id == Some(MalformedId::FailsAtProvisioning))
        .then(|| provision::malformed(accepted_status(entry)))
}

/// A create of a member whose agent runs elsewhere: nothing looks at its model.
fn external(subject: &Subject<'_>) -> Prediction {
    match admit_without_arm(subject) {
        Admission::Refused(refusal) => refused(subject, refusal),
        Admission::Unpromised(why) => Prediction::unpromised(why),
        Admission::Accepted => provision::elsewhere(subject, accepted_status(subject.question.entry)),
    }
}

fn is_malformed(text: &str) -> bool {
    text.len() > LIMIT_BYTES || text.contains(['\r', '\n'])
}

fn admit(subject: &Subject<'_>, entry: Entry) -> Admission {
    match subject.incoming(entry) {
        Incoming::Missing(promise) => admit_missing(subject, entry, promise),
        Incoming::Unlisted(_) => admit_without_arm(subject),
        Incoming::Unregistered(id, promise) => admit_unregistered(subject, &id, promise),
        Incoming::Id(id) => admit_id(subject, entry, &id),
    }
}

fn admit_missing(subject: &Subject<'_>, entry: Entry, promise: MissingModel) -> Admission {
    match promise {
        MissingModel::Refused => Admission::Refused(Refusal {
            status: 422,
            code: Some(Code::ModelRequired),
            why: why::model_required(),
        }),
        MissingModel::ToolDefault | MissingModel::Unpromised => {
            Admission::Unpromised(why::missing_unpromised(entry))
        }
        MissingModel::PlatformDefault | MissingModel::ServerDefault | MissingModel::FailsAtProvisioning => {
            admit_without_arm(subject)
        }
    }
}

/// A request whose id has no arm that could say anything of the keys in its payload.
fn admit_without_arm(subject: &Subject<'_>) -> Admission {
    let Some(key) = keys::vendors(&keys::visible(subject).payload) else { return Admission::Accepted };
    match subject.contract.payload_key.of(subject.question.entry) {
        PayloadKey::RefusedWhereProxied if subject.question.proxy_wired => {
            Admission::Refused(payload_key(subject, key))
        }
        PayloadKey::RefusedUnlessVendors => Admission::Refused(payload_key(subject, key)),
        PayloadKey::RefusedOnPlatformIds => Admission::Unpromised(why::key_without_arm(key)),
        PayloadKey::RefusedWhereProxied | PayloadKey::NotOffered => Admission::Accepted,
    }
}

fn admit_unregistered(subject: &Subject<'_>, id: &Id, promise: UnregisteredId) -> Admission {
    match promise {
        UnregisteredId::Refused => Admission::Refused(Refusal {
            status: 422,
            code: Some(Code::UnregisteredModelForRuntime),
            why: why::unregistered_early(subject.runtime, &id.trimmed),
        }),
        UnregisteredId::Unpromised => {
            Admission::Unpromised(why::unregistered_unpromised(subject.runtime, &id.trimmed))
        }
        UnregisteredId::FailsAtProvisioning | UnregisteredId::Proxied => Admission::Accepted,
    }
}

fn admit_id(subject: &Subject<'_>, entry: Entry, id: &Id) -> Admission {
    if *subject.contract.keyless_vendor_id.of(entry) == KeylessVendorId::Refused
        && let Some(arm) = keyless(subject, id)
    {
        return Admission::Refused(no_key(subject, id, &arm));
    }
    let payload = keys::visible(subject).payload;
    match keys::vendors(&payload) {
        Some(key) if is_guarded(subject, id, &payload) => Admission::Refused(payload_key(subject, key)),
        _ => Admission::Accepted,
    }
}

/// The vendor's arm of an id for which no accepted name is visible. The payload's names are tried alone first, then
/// with the tenant's, and each time the id is resolved anew (tenant-api §2.4, check 12).
fn keyless<'a>(subject: &Subject<'a>, id: &Id) -> Option<Resolved<'a>> {
    let visible = keys::visible(subject);
    let satisfied = |names: &[&str]| match subject.resolve(id, names) {
        Ok(arm) if arm.billing == Billing::Byok && !keys::accepts(arm.auth_env, names) => Some(arm),
        _ => None,
    };
    satisfied(&visible.payload)?;
    satisfied(&visible.all)
}

/// Whether a vendor's key in the payload of this id is refused (tenant-api §2.4 #19).
fn is_guarded(subject: &Subject<'_>, id: &Id, payload: &[&str]) -> bool {
    match subject.contract.payload_key.of(subject.question.entry) {
        PayloadKey::RefusedWhereProxied => subject.question.proxy_wired,
        PayloadKey::RefusedOnPlatformIds | PayloadKey::RefusedUnlessVendors => {
            subject.resolve(id, payload).is_ok_and(|arm| arm.billing == Billing::Platform)
        }
        PayloadKey::NotOffered => false,
    }
}

fn no_key(subject: &Subject<'_>, id: &Id, arm: &Resolved<'_>) -> Refusal {
    Refusal {
        status: 422,
        code: Some(Code::MissingByokCredential),
        why: why::no_key_early(subject.runtime, &id.trimmed, arm),
    }
}

fn payload_key(subject: &Subject<'_>, key: &str) -> Refusal {
    let is_by_id =
        *subject.contract.payload_key.of(subject.question.entry) != PayloadKey::RefusedWhereProxied;
    Refusal { status: 400, code: None, why: why::payload_key(key, is_by_id) }
}

/// The early refusal that the contract allows in place of a failed row.
fn early_instead(subject: &Subject<'_>) -> Option<Prediction> {
    let entry = match subject.question.entry {
        Entry::Import => return None,
        Entry::Restart => Entry::PutModel,
        entry => entry,
    };
    let is_late = *subject.contract.keyless_vendor_id.of(entry) == KeylessVendorId::FailsAtProvisioning;
    let Incoming::Id(id) = subject.incoming(entry) else { return None };
    let arm = subject.resolve(&id, &keys::visible(subject).all).ok()?;
    let is_keyless = arm.billing == Billing::Byok && !keys::is_held_at_entry(subject, arm.auth_env);
    let is_allowed = is_late && is_keyless && subject.allows_early_refusal();
    is_allowed.then(|| refused(subject, no_key(subject, &id, &arm)))
}

/// What an accepted request is answered with.
fn accepted_status(entry: Entry) -> u16 {
    match entry {
        Entry::Tool | Entry::Create | Entry::Import => 201,
        Entry::PutModel | Entry::Restart => 200,
    }
}

/// A refusal leaves no row, or the one that was there: its box goes on with the proxy. An import says what it could
/// not make with a 207 and no code (tenant-api §7).
fn refused(subject: &Subject<'_>, refusal: Refusal) -> Prediction {
    let (status, code) = match subject.question.entry {
        Entry::Import => (207, None),
        _ => (refusal.status, refusal.code),
    };
    let goes_on = !subject.makes_row();
    let platform = contract::PLATFORM_PROVIDER.to_owned();
    Prediction {
        status: Promised::This(status),
        code: Promised::This(code),
        row: Promised::This(if goes_on { RowEnd::Unchanged } else { RowEnd::None }),
        row_code: Promised::This(None),
        payer: Promised::This(goes_on.then_some(Payer::Platform)),
        provider: Promised::This(goes_on.then_some(platform)),
        key: Promised::This(None),
        answers: Promised::This(goes_on),
        why: refusal.why,
        or: Vec::new(),
    }
}
