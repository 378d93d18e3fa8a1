//! Samples for programs.

use oracle::{Payer, Promised, RowEnd};
use serde_json::{Value, json};
use wire::Code;

use super::{Sample, Samples};

/// What stands in a field of which the contract promises nothing.
const UNPROMISED: &str = "unpromised";

impl Samples<'_> {
    /// A list with an object a sample. Every field is there: `null` is none, `unpromised` what nobody promises.
    pub(crate) fn as_json(&self) -> Value {
        self.samples.iter().map(as_json).collect()
    }
}

fn as_json(sample: &Sample) -> Value {
    let Sample { form, prediction } = sample;
    json!({
        "form": form.label,
        "id": form.id,
        "of": form.of,
        "status": field(&prediction.status, |status| json!(status)),
        "code": field(&prediction.code, code),
        "row_status": field(&prediction.row, |row| json!(row_word(*row))),
        "row_code": field(&prediction.row_code, code),
        "payer": field(&prediction.payer, |payer| json!(payer.map(payer_word))),
        "answers": field(&prediction.answers, |answers| json!(if *answers { "yes" } else { "no" })),
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
