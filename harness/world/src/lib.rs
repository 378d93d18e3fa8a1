//! All that surrounds a platform: control plane, model proxy, vendors, boxes, concierge, personas and the user.
//!
//! A [`World`] binds three listeners and lives as long as a run; each journey enters it, signs a tenant up, talks to
//! its concierge and leaves. What is seen on every hop goes to the journey's recorder; nothing here has an opinion.
//! Tenants come up through a [`TenantHost`], so that the world knows no way of standing a platform up.
//!
//! Who calls whom: the user calls control plane and tenant; the tenant calls the control plane, which starts
//! boxes; a box calls its tenant and the model proxy or, with a key of the tenant's own, a vendor; behind both sits the
//! brain, which plays a persona.
//!
//! To add a persona: a variant of `journal::Persona` and its arm in `brain/habit.rs`. To add a route of the control
//! plane: a function in `control_plane` and its line in the router. To add a model wire: a reader and a renderer in
//! `proxy`, their counterparts in `boxes`, and a mock in `vendors`. To add a look at the platform or an act of its
//! admin: a method of [`Tenant`]. To add a way to stand a tenant up: a field of [`SignUpSettings`], obeyed in
//! `control_plane` or `proxy`.

mod boxes;
mod brain;
mod concierge;
mod control_plane;
mod directory;
mod error;
mod fresh;
mod host;
mod http;
mod journey;
mod lock;
mod org;
mod pace;
mod proxy;
mod served;
mod shared;
mod sign_up;
mod speech;
mod strays;
#[cfg(test)]
mod testing;
mod user;
mod vendors;
mod world;

pub use error::{ClientError, SignUpError, WorldError};
pub use host::{HostError, TenantBoot, TenantHost};
pub use journey::{JourneySettings, JourneyWorld};
pub use sign_up::{Deployment, Proxy, SignUpSettings};
pub use user::{AdoptedTenant, Tenant, TenantSurroundings, UserTurn};
pub use world::{World, WorldSettings};
