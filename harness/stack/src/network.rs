//! A network of containers, as the rest of a stack sees it.

use std::net::IpAddr;

/// A network of the run, with the address that this machine has on it.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    #[cfg_attr(not(feature = "containers"), expect(dead_code, reason = "for containers alone"))]
    pub(crate) name: String,
    pub(crate) gateway: IpAddr,
}
