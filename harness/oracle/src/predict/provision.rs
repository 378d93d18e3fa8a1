//! What becomes of the row, once the entry has accepted the request (tenant-api §4.2, §4.3).

use contract::{Billing, DefaultModelVariable, MissingModel, PayerRule, UnregisteredId};
use wire::Code;

use super::calls::{self, Calls};
use super::keys;
use super::prediction::{Prediction, Promised, RowEnd};
use super::subject::{Id, Incoming, Subject};
use super::why;

/// Predicts the row of an accepted request that is answered with this status.
pub(super) fn predict(subject: &Subject<'_>, status: u16) -> Prediction {
    let prediction = match subject.incoming(subject.question.entry) {
        Incoming::Id(id) => of_id(subject, &id),
        Incoming::Missing(promise) => of_missing(subject, promise),
        Incoming::Unlisted(id) => of_unlisted(subject, &id),
        Incoming::Unregistered(id, promise) => of_unregistered(subject, &id, promise),
    };
    Prediction { status: Promised::This(status), code: Promised::This(None), ..prediction }
}

/// Predicts the row of an accepted request whose id is malformed.
pub(super) fn malformed(status: u16) -> Prediction {
    let failed = failed(Code::UnregisteredModelForRuntime, why::malformed_late());
    Prediction { status: Promised::This(status), code: Promised::This(None), ..failed }
}

/// Predicts the row of a member whose agent runs elsewhere.
pub(super) fn elsewhere(subject: &Subject<'_>, status: u16) -> Prediction {
    Prediction {
        status: Promised::This(status),
        code: Promised::This(None),
        row: Promised::This(RowEnd::AwaitingAgent),
        row_code: Promised::This(None),
        ..boxless(why::external(subject.runtime))
    }
}

fn of_id(subject: &Subject<'_>, id: &Id) -> Prediction {
    let wired = subject.question.proxy_wired;
    let rule = subject.contract.payer.value;
    if rule == PayerRule::OverrideThenServerThenArm && wired {
        let answers = subject.oracle.is_served_by_proxy(&id.stored);
        return online(Calls::on_proxy(answers), why::server_mode(subject.runtime, &id.stored, answers));
    }
    let held = keys::at_provision(subject);
    let Ok(arm) = subject.resolve(id, &held.names()) else {
        return Prediction::unpromised(why::ambiguous(subject.runtime, &id.trimmed));
    };
    match arm.billing {
        Billing::Platform if !wired => {
            failed(Code::MissingPlatformProxy, why::no_proxy(subject.runtime, &id.trimmed))
        }
        Billing::Platform => {
            let answers = subject.oracle.is_served_by_proxy(&id.stored);
            online(Calls::on_proxy(answers), why::platform_pays(subject.runtime, &id.stored, answers))
        }
        Billing::Byok if !subject.is_payable(&arm, &held) && rule == PayerRule::ArmElseProxy && wired => {
            let answers = subject.oracle.is_served_by_proxy(&id.stored);
            online(Calls::on_proxy(answers), why::no_key_proxied(subject.runtime, id, &arm, answers))
        }
        Billing::Byok if !subject.is_payable(&arm, &held) => {
            failed(Code::MissingByokCredential, why::no_key_late(subject.runtime, &id.trimmed, &arm))
        }
        Billing::Byok => {
            let calls = calls::of_vendor(subject, id, &arm, &held);
            let why = why::vendor_pays(subject.runtime, &id.trimmed, &arm, &calls);
            online(calls, why)
        }
    }
}

fn of_missing(subject: &Subject<'_>, promise: MissingModel) -> Prediction {
    let wired = subject.question.proxy_wired;
    match promise {
        MissingModel::FailsAtProvisioning => {
            // Without a proxy the question who pays comes first, and nobody recorded its answer.
            let prediction = failed(Code::MissingModel, why::missing_model());
            let row_code = if wired { prediction.row_code } else { Promised::Unpromised };
            Prediction { row_code, ..prediction }
        }
        MissingModel::ServerDefault if wired => on_server_default(subject),
        MissingModel::ServerDefault
        | MissingModel::PlatformDefault
        | MissingModel::Refused
        | MissingModel::ToolDefault
        | MissingModel::Unpromised => Prediction::unpromised(why::missing_unpromised(subject.question.entry)),
    }
}

/// A row without a model of its own. It is on the proxy; whether anything answers there is the server's default's
/// matter.
fn on_server_default(subject: &Subject<'_>) -> Prediction {
    let fills_in = subject.contract.default_model_variable == DefaultModelVariable::FillsIn;
    let default = subject.question.default_model.filter(|id| fills_in && !id.trim().is_empty());
    let answers = match default {
        None => Promised::This(false),
        Some(id) if subject.typed().is_empty() => Promised::This(subject.oracle.is_served_by_proxy(id)),
        // Nobody recorded whether white space counts as a model that was told.
        Some(_) => Promised::Unpromised,
    };
    let calls = Calls { answers, ..Calls::on_proxy(false) };
    online(calls, why::server_default(default))
}

fn of_unregistered(subject: &Subject<'_>, id: &Id, promise: UnregisteredId) -> Prediction {
    let runtime = subject.runtime;
    match promise {
        UnregisteredId::FailsAtProvisioning => {
            failed(Code::UnregisteredModelForRuntime, why::unregistered_late(runtime, &id.trimmed))
        }
        UnregisteredId::Proxied if subject.question.proxy_wired => {
            let answers = subject.oracle.is_served_by_proxy(&id.stored);
            online(Calls::on_proxy(answers), why::proxied(runtime, &id.stored, answers))
        }
        UnregisteredId::Proxied | UnregisteredId::Refused | UnregisteredId::Unpromised => {
            Prediction::unpromised(why::unregistered_unpromised(runtime, &id.trimmed))
        }
    }
}

/// A box on the proxy, of a kind that nothing is known of.
fn of_unlisted(subject: &Subject<'_>, id: &Id) -> Prediction {
    if !subject.question.proxy_wired {
        return Prediction::unpromised(why::undescribed_runtime(subject.runtime));
    }
    let calls = Calls { answers: Promised::Unpromised, ..Calls::on_proxy(false) };
    online(calls, why::unlisted(subject.runtime, &id.stored))
}

fn failed(code: Code, why: String) -> Prediction {
    let row_code = Promised::This(Some(code));
    Prediction { row: Promised::This(RowEnd::Failed), row_code, ..boxless(why) }
}

/// Without a box nobody calls a model.
fn boxless(why: String) -> Prediction {
    Prediction {
        payer: Promised::This(None),
        provider: Promised::This(None),
        key: Promised::This(None),
        answers: Promised::This(false),
        ..Prediction::unpromised(why)
    }
}

fn online(calls: Calls, why: String) -> Prediction {
    Prediction {
        row: Promised::This(RowEnd::Online),
        row_code: Promised::This(None),
        payer: calls.payer,
        provider: calls.provider,
        key: calls.key,
        answers: calls.answers,
        ..Prediction::unpromised(why)
    }
}
