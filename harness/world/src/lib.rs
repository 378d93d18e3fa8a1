//! All that surrounds a platform: control plane, model proxy, boxes, concierge, personas and the user.
//!
//! A [`World`] binds three listeners and lives as long as a run; each journey enters it, signs a tenant up, talks to
//! its concierge and leaves. What is seen on every hop goes to the journey's recorder; nothing here has an opinion.
//! Tenants come up through a [`TenantHost`], so that the world knows no way of standing a platform up.
//!
//! Who calls whom: the user calls control plane and tenant; the tenant calls the control plane, which starts
//! boxes; a box calls its tenant and the model proxy; behind the proxy sits the brain, which plays a persona.
//!
//! To add a persona: a variant of `journal::Persona` and its arm in `brain/habit.rs`. To add a route of the control
//! plane: a function in `control_plane` and its line in the router. To add a model wire: a reader and a renderer in
//! `proxy`, and their counterparts in `boxes`. To add a look at the platform: a method of [`Tenant`].

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
mod speech;
#[cfg(test)]
mod testing;
mod user;
mod world;

pub use error::{ClientError, SignUpError, WorldError};
pub use host::{HostError, TenantBoot, TenantHost};
pub use journey::{JourneySettings, JourneyWorld};
pub use user::{Tenant, UserTurn};
pub use world::{World, WorldSettings};
