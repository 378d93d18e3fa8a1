//! The vendors behind bring-your-own-key arms: one set of fakes for all of them, each serving all three wires.
//!
//! A box maps the host of the base URL that it believes to these fakes and names the vendor in the `Host` header; a
//! host that no provider of the registry has is refused by the box. A vendor accepts the tenant's own keys, and of
//! those the names that its providers accept. The fakes start when a box first needs one. They keep every request
//! that they matched, so they are replaced after a while; a call under way holds on to the old ones.

mod hosts;
mod pool;
mod serve;

pub(crate) use hosts::VendorHosts;
pub(crate) use pool::{Running, Vendors};

#[cfg(test)]
mod tests;
