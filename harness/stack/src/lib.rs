//! Ways to stand a platform up, with one product: a [`RunningStack`] that boots tenants.
//!
//! Order: the stack is prepared and says on which address the world must listen; the world starts; then the stack
//! boots a tenant whenever the control plane asks for one. A tenant is reached over HTTP on every stack, and its
//! management tools over MCP; nothing takes a shorter way.
//!
//! What is stood up is data (`fixtures/stacks`, read by `file`): the reference platform in this process (`embedded`), or
//! a server binary, one process a tenant (`process`). The management tools are ours on each (`tools`).
//!
//! To add a kind: a variant of [`PlatformSource`], a file with its way to boot and stop a tenant, and its arms in
//! `running`.

mod check;
mod child;
mod doctor;
mod embedded;
mod file;
mod orphans;
mod place;
mod port;
mod process;
mod raw;
mod running;
mod services;
mod sweep;
mod text;
mod tools;

pub use check::{StackOrigin, load_stack};
pub use doctor::{Missing, missing};
pub use file::{
    BUILTIN_STACKS, ContainerSource, ImageSource, PlatformSource, ServiceSource, ServiceSources, StackFile,
};
pub use raw::stack_schema;
pub use running::{BootFailed, PrepareFailed, RunningStack, StackSettings, TenantSettings};
pub use sweep::{Swept, sweep};
