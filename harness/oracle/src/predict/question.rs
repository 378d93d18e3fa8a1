//! What is asked of the oracle.

use contract::Entry;

/// One id that comes in, with everything that a platform's answer may depend on.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The runtime that was asked for; empty where none was named.
    pub runtime: &'a str,
    /// The id as it was typed; absent where the field was left out.
    pub model: Option<&'a str>,
    /// The keys that are given. Those that the entry has no place for do not count: a payload belongs to `create`, a
    /// workspace's own keys to `restart`, where they are written after the PUT.
    pub keys: &'a [GivenKey<'a>],
    /// How the id comes in. `put_model` and `restart` find a row that is online on the runtime's first platform id.
    pub entry: Entry,
    /// Whether the server has a model proxy.
    pub proxy_wired: bool,
    /// `MOLECULE_LLM_DEFAULT_MODEL` in the server's environment.
    pub default_model: Option<&'a str>,
}

/// A key that is given; its value is no matter, but whether there is one is.
#[derive(Clone, Copy, Debug)]
pub struct GivenKey<'a> {
    /// The name of its variable.
    pub name: &'a str,
    /// Where it stands.
    pub scope: Scope,
    /// True where its value is empty or white space.
    pub is_blank: bool,
}

/// Where a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// In the body of a create.
    Payload,
    /// On the workspace.
    Workspace,
    /// On the whole tenant.
    Global,
}

/// Whether the platform can read its manifest of runtimes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Manifest {
    /// It can.
    Readable,
    /// `WORKSPACE_MANIFEST_PATH` names nothing readable.
    Unreadable,
}
