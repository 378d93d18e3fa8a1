//! A prediction for programs.

use oracle::{Payer, Prediction, Promised, RowEnd};
use serde_json::{Value, json};
use wire::Code;

/// What stands in a field of which the contract promises nothing.
const UNPROMISED: &str = "unpromised";

/// The prediction as `firstrun predict --format json` prints it. Every field is there; one that is not promised holds
/// the word `unpromised`.
pub fn prediction_as_json(prediction: &Prediction) -> Value {
    json!({
        "status": field(&prediction.status, |status| json!(status)),
        "code": field(&prediction.code, code),
        "row_status": field(&prediction.row, |row| json!(row_word(*row))),
        "row_code": field(&prediction.row_code, code),
        "payer": field(&prediction.payer, |payer| json!(payer.map(payer_word))),
        "provider": field(&prediction.provider, |provider| json!(provider)),
        "key": field(&prediction.key, |key| json!(key)),
        "answers": field(&prediction.answers, |answers| json!(if *answers { "yes" } else { "no" })),
        "why": prediction.why,
        "or": prediction.or.iter().map(prediction_as_json).collect::<Vec<_>>(),
    })
}

fn field<T>(promised: &Promised<T>, say: impl Fn(&T) -> Value) -> Value {
    promised.get().map_or_else(|| json!(UNPROMISED), say)
}

fn code(code: &Option<Code>) -> Value {
    json!(code.map(Code::as_str))
}

/// `None` where there is no row.
fn row_word(row: RowEnd) -> Option<&'static str> {
    match row {
        RowEnd::Online => Some("online"),
        RowEnd::Failed => Some("failed"),
        RowEnd::AwaitingAgent => Some("awaiting_agent"),
        RowEnd::Unchanged => Some("unchanged"),
        RowEnd::None => None,
    }
}

fn payer_word(payer: Payer) -> &'static str {
    match payer {
        Payer::Platform => "platform",
        Payer::Vendor => "vendor",
    }
}
