//! What the rows of a journey are called: people think in members, observations speak of ids.

use std::collections::BTreeMap;

use journal::{Exchange, Fact, Observation, TenantRole};

/// The word by which findings name the org's root agent.
const CONCIERGE: &str = "concierge";

/// The names of all rows that a journey speaks of.
#[derive(Debug, Default)]
pub(crate) struct Names {
    rows: BTreeMap<String, Named>,
}

#[derive(Debug)]
struct Named {
    tenant: TenantRole,
    name: String,
    source: Source,
}

/// Where a name comes from. The later one wins: a platform may store a member under another name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    Stored,
    Requested,
    SignUp,
}

impl Names {
    /// Learns every name that the observations give.
    pub(crate) fn of(observations: &[Observation]) -> Self {
        let mut names = Self::default();
        for observation in observations {
            names.learn_from(&observation.fact);
        }
        names
    }

    fn learn_from(&mut self, fact: &Fact) {
        match fact {
            Fact::SignedUp(up) => self.learn(up.tenant, &up.concierge, CONCIERGE, Source::SignUp),
            Fact::ToolCall(call) => {
                if let (Some(id), Some(name)) = (call.created_id(), call.argument("name")) {
                    self.learn(call.tenant, &id, name, Source::Requested);
                }
            }
            Fact::Exchange(exchange) => {
                if let Some((id, name)) = created_by(exchange) {
                    self.learn(exchange.tenant, id, name, Source::Requested);
                }
            }
            Fact::Asked(asked) => {
                if let Some(member) = &asked.member {
                    self.learn(TenantRole::Subject, &asked.workspace, member, Source::Requested);
                }
            }
            Fact::Row(seen) => {
                if let Some(row) = &seen.row {
                    self.learn(seen.tenant, &row.id, &row.name, Source::Stored);
                }
            }
            Fact::Census(census) => {
                for row in &census.rows {
                    self.learn(census.tenant, &row.id, &row.name, Source::Stored);
                }
            }
            _ => {}
        }
    }

    fn learn(&mut self, tenant: TenantRole, id: &str, name: &str, source: Source) {
        let is_better = self.rows.get(id).is_none_or(|known| known.source < source);
        if is_better {
            self.rows.insert(id.to_owned(), Named { tenant, name: name.to_owned(), source });
        }
    }

    /// What to call a row: its name, with its id where two rows share the name; its id where it has none.
    pub(crate) fn call(&self, id: &str) -> String {
        let Some(named) = self.rows.get(id) else { return id.to_owned() };
        let whose = match named.tenant {
            TenantRole::Subject => "",
            TenantRole::Bystander => "bystander's ",
        };
        let namesakes =
            self.rows.values().filter(|other| other.tenant == named.tenant && other.name == named.name);
        if namesakes.count() > 1 {
            format!("{whose}{} ({id})", named.name)
        } else {
            format!("{whose}{}", named.name)
        }
    }

    /// The ids of the rows that the subject of a finding stands for: itself an id, or the name of a member of the
    /// tenant that the journey is about.
    pub(crate) fn rows_of(&self, subject: &str) -> Vec<String> {
        if self.rows.contains_key(subject) {
            return vec![subject.to_owned()];
        }
        let of_subject =
            |(_, named): &(&String, &Named)| named.tenant == TenantRole::Subject && named.name == subject;
        self.rows.iter().filter(of_subject).map(|(id, _)| id.clone()).collect()
    }
}

/// Id and requested name of the row that a `POST /workspaces` made (tenant-api §2.4).
fn created_by(exchange: &Exchange) -> Option<(&str, &str)> {
    if exchange.method != "POST" || exchange.path != "/workspaces" {
        return None;
    }
    Some((exchange.response.get("id")?.as_str()?, exchange.request.get("name")?.as_str()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_row_is_called_by_the_name_that_was_asked_for() {
        let names = Names::of(&[
            sample::created_by_tool(1, "enter-product", "row-1"),
            sample::row(2, "row-1", "enter-product-2", "provisioning"),
        ]);
        assert_eq!(names.call("row-1"), "enter-product");
        assert_eq!(names.rows_of("enter-product"), ["row-1"]);
        assert_eq!(names.rows_of("row-1"), ["row-1"]);
    }

    #[test]
    fn two_rows_of_one_name_are_told_apart() {
        let names = Names::of(&[
            sample::created_by_tool(1, "enter-product", "row-1"),
            sample::created_by_tool(2, "enter-product", "row-2"),
        ]);
        assert_eq!(names.call("row-2"), "enter-product (row-2)");
        assert_eq!(names.rows_of("enter-product"), ["row-1", "row-2"]);
    }

    #[test]
    fn an_unknown_row_is_called_by_its_id() {
        let names = Names::of(&[]);
        assert_eq!(names.call("row-9"), "row-9");
        assert!(names.rows_of("nobody").is_empty());
    }
}
