//! Refusals, and who was told the reason.

use journal::Refusals;

use crate::text::count;

/// `3 refusals: 3 told in the record, 3 in the event`. Places where nobody looks for it (no tool call, no chat) stand
/// there with their number too: a nought is what one wants to see. `None` where nothing was refused.
pub(crate) fn refusals_in_words(refusals: &Refusals) -> Option<String> {
    if refusals.count == 0 {
        return None;
    }
    let mut places = Vec::new();
    let is_one_record = refusals.in_list == refusals.on_read && refusals.in_list == refusals.in_record;
    if is_one_record {
        places.push((refusals.in_record, "in the record"));
    } else {
        places.push((refusals.in_list, "in the list"));
        places.push((refusals.on_read, "on the single read"));
    }
    if refusals.in_answer > 0 {
        places.push((refusals.in_answer, "in the answer to the call"));
    }
    places.extend([
        (refusals.in_event, "in the event"),
        (refusals.in_tool_result, "in the tool's result"),
        (refusals.in_chat, "in the user's chat"),
    ]);
    let told: Vec<String> = places
        .iter()
        .enumerate()
        .map(|(at, (number, place))| format!("{number}{} {place}", if at == 0 { " told" } else { "" }))
        .collect();
    Some(format!("{}: {}", count(refusals.count, "refusal", "refusals"), told.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_told_with_its_number() {
        let all = Refusals {
            count: 96,
            in_list: 96,
            on_read: 96,
            in_record: 96,
            in_answer: 0,
            in_event: 96,
            in_tool_result: 80,
            in_chat: 80,
        };
        assert_eq!(
            refusals_in_words(&all).unwrap(),
            "96 refusals: 96 told in the record, 96 in the event, 80 in the tool's result, 80 in the user's chat"
        );
        let hidden = Refusals { count: 1, in_list: 1, in_answer: 1, ..Refusals::default() };
        assert_eq!(
            refusals_in_words(&hidden).unwrap(),
            "1 refusal: 1 told in the list, 0 on the single read, 1 in the answer to the call, 0 in the event, 0 in \
             the tool's result, 0 in the user's chat"
        );
        assert_eq!(refusals_in_words(&Refusals::default()), None);
    }
}
