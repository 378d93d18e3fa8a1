//! What a tenant's server said by itself, and how it ended where nobody had told it to.

use serde::{Deserialize, Serialize};

use crate::TenantRole;

/// The last words of a server, as the stack heard them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerWords {
    /// How it ended, such as `exit status: 101`; absent where it ran until it was told to stop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
    /// The last lines of its log; one that was too long ends with the mark of a cut.
    pub lines: Vec<String>,
    /// How many lines came before these.
    pub dropped: u64,
}

impl ServerWords {
    /// True where there is nothing to tell: it said nothing and did not end.
    pub fn is_empty(&self) -> bool {
        self.ended.is_none() && self.lines.is_empty() && self.dropped == 0
    }
}

/// What the server of one tenant had said when the journey was over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerSaid {
    /// Whose server.
    pub tenant: TenantRole,
    /// Its words.
    #[serde(flatten)]
    pub words: ServerWords,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_written_beside_the_tenant_and_read_back() {
        let words = ServerWords { ended: Some("signal: 9 (SIGKILL)".into()), ..ServerWords::default() };
        let said = ServerSaid { tenant: TenantRole::Bystander, words };
        let written = serde_json::json!(said);
        assert_eq!(
            written,
            serde_json::json!({"tenant": "bystander", "ended": "signal: 9 (SIGKILL)", "lines": [], "dropped": 0})
        );
        assert_eq!(serde_json::from_value::<ServerSaid>(written).unwrap(), said);
    }
}
