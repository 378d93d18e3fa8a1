//! Ways to stand a platform up, with one product: a [`RunningStack`] that boots tenants.
//!
//! Order: the stack is prepared and says on which address the world must listen; the world starts; then the stack
//! boots a tenant whenever the control plane asks for one. A tenant is reached over HTTP on every stack, and its
//! management tools over MCP; nothing takes a shorter way.
//!
//! What is stood up is data (`fixtures/stacks`: `file` is what such a file says, `raw` how it is written, `check` how it is
//! read): the reference platform in this process (`embedded`), a server binary, one process a tenant (`process`), or an
//! image, one container a tenant (`containers`). A target that already runs is taken as it is (`remote`). Beside it stand what a platform needs (`services`) and the management
//! tools (`tools`), ours or any. What a server says by itself is kept in part (`words`). What a killed run left is found
//! by its mark (`orphans`, `place`) and removed by the next (`sweep`); what a machine lacks is told before anything
//! starts (`doctor`).
//!
//! To add a kind: a variant of [`PlatformSource`], a file with its way to boot and stop a tenant, and its arms in
//! `running`.

mod check;
mod child;
#[cfg_attr(not(feature = "containers"), path = "no_containers.rs")]
mod containers;
mod doctor;
mod embedded;
mod file;
mod fleet;
mod kept;
mod network;
mod orphans;
mod place;
mod port;
mod process;
mod raw;
mod ready;
mod remote;
mod running;
mod services;
mod sweep;
mod text;
mod tools;
mod words;

pub use check::{StackOrigin, load_stack};
pub use doctor::{Missing, missing};
pub use file::{
    BUILTIN_STACKS, ContainerSource, ImageSource, PlatformSource, RemoteSource, ServiceSource,
    ServiceSources, StackFile,
};
pub use kept::{KeptSign, KeptUp};
pub use raw::stack_schema;
pub use running::{AdoptedTenant, BootFailed, PrepareFailed, RunningStack, StackSettings, TenantSettings};
pub use sweep::{Swept, clean, release};
