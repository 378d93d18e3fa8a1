//! Whether the text that the agent was sent states rules.

use contract::rules_stated;
use journal::{FindingKind, Layer};
use scenario::{Place, ToolTextExpectation};

use crate::Facts;
use crate::holds::Asking;
use crate::lack::{Lack, Nature};

impl Asking<'_> {
    /// The rules that the argument's description lacks.
    pub(crate) fn tool_text(
        &self,
        expected: &ToolTextExpectation,
        place: Place,
        facts: Facts<'_>,
    ) -> Vec<Lack> {
        let (tool, argument) = (&expected.tool, &expected.argument);
        let Some((seq, list)) = facts.tool_list() else {
            let lack =
                self.lack(FindingKind::ToolTextLacksRule, tool, place, "a list of tools", "it was not read");
            return vec![Lack { nature: Nature::Unseen, ..lack }];
        };
        let shown = list.tools.iter().find(|shown| shown.name == *tool);
        let text = shown.and_then(|shown| {
            shown.input_schema.get("properties")?.get(argument)?.get("description")?.as_str()
        });
        let stated = text.map(rules_stated).unwrap_or_default();
        let lacking = expected.states.iter().filter(|rule| !stated.contains(rule));
        lacking
            .map(|rule| {
                let wanted = format!("the text of `{argument}` states {}", rule.as_str());
                let seen = text.map_or("there is no such text".to_owned(), |text| format!("\"{text}\""));
                let mut lack = self.lack(FindingKind::ToolTextLacksRule, tool, place, &wanted, &seen);
                lack.finding.layer = Layer::Concierge;
                lack.finding.proof = vec![seq];
                lack
            })
            .collect()
    }
}
