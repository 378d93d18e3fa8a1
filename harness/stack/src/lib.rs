//! Ways to stand a platform up, with one product: a [`RunningStack`] that boots tenants.
//!
//! Order: the stack is prepared and says on which address the world must listen; the world starts; then the stack
//! boots a tenant whenever the control plane asks for one. A tenant is reached over HTTP on every stack, and its
//! management tools over MCP; nothing takes a shorter way.
//!
//! To add a stack: a file with its way to boot and stop a tenant, a variant of [`StackChoice`], and its arms in
//! `running`.

mod embedded;
mod running;

pub use running::{BootFailed, RunningStack, StackChoice, StackSettings};
