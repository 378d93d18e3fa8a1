//! Ways to stand a platform up, with one product: a [`RunningStack`] that boots tenants.
//!
//! Order: the stack is prepared and says on which address the world must listen; the world starts; then the stack
//! boots a tenant whenever the control plane asks for one. A tenant is reached over HTTP on every stack, and its
//! management tools over MCP; nothing takes a shorter way.
//!
//! What is stood up is data (`fixtures/stacks`, read by `file`): the reference platform in this process (`embedded`), or
//! a server binary, one process a tenant (`process`). The management tools are ours on each (`tools`). What a server
//! says by itself is kept in part (`words`).
//!
//! To add a kind: a variant of [`PlatformSource`], a file with its way to boot and stop a tenant, and its arms in
//! `running`.

mod embedded;
mod file;
mod orphans;
mod port;
mod process;
mod running;
mod text;
mod tools;
mod words;

pub use file::{BUILTIN_STACKS, PlatformSource, StackFile, load_stack};
pub use running::{BootFailed, RunningStack, StackSettings};
