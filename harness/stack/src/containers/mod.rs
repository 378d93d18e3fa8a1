//! Containers: one a tenant, on a network of the run's own, reached on the address of its bridge alone.
//!
//! The engine makes a network; its gateway is an address of this machine that no other machine reaches. There the world
//! listens, and there each tenant's port is published: like loopback it is open to this machine alone, its other containers
//! included.
//! Containers and networks carry their owner as labels; the next run removes what a killed one left.
//!
//! `engine` finds Docker, makes and removes networks, builds the image of a static program, sweeps; `ground` is a stack's
//! part of it; `tenants` starts and
//! stops a tenant's server; `service` starts a service's image.

mod engine;
mod ground;
mod service;
mod tenants;

pub(crate) use ground::{Ground, clean, missing, release};
pub(crate) use service::{ServiceContainer, Started};
pub(crate) use tenants::Containers;
