//! Ports that are kept for servers that are about to listen on them.
//!
//! A port that is only looked up and let go can be given to anybody before its server listens: to another listener, or
//! to an outgoing connection. Then whoever waits for the server talks to a stranger. So a bound socket that never
//! listens keeps it: the kernel hands such a port to nobody who asks for any, and a server that asks for it by number
//! gets it if it allows the reuse of addresses, as the listeners of most languages do.

use std::io::Result;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use tokio::net::TcpSocket;

/// A port that nobody else is given as long as this is kept.
pub(crate) struct ReservedPort {
    number: u16,
    kept_by: Option<TcpSocket>,
}

impl ReservedPort {
    /// A free port of loopback.
    pub(crate) fn take() -> Result<Self> {
        Self::take_on(Ipv4Addr::LOCALHOST.into())
    }

    /// A free port of one of this machine's addresses.
    pub(crate) fn take_on(address: IpAddr) -> Result<Self> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.set_reuseaddr(true)?;
        socket.bind(SocketAddr::from((address, 0)))?;
        Ok(Self { number: socket.local_addr()?.port(), kept_by: Some(socket) })
    }

    pub(crate) fn number(&self) -> u16 {
        self.number
    }

    /// The same port, kept by nobody: for servers and systems that share no port with a socket that does not listen.
    pub(crate) fn let_go(mut self) -> Self {
        self.kept_by = None;
        self
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    fn bound_without_reuse(port: u16) -> Result<()> {
        TcpSocket::new_v4()?.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
    }

    #[tokio::test]
    async fn a_kept_port_refuses_strangers_and_connections_until_its_server_listens() {
        let port = ReservedPort::take().unwrap();
        let address = (Ipv4Addr::LOCALHOST, port.number());
        assert_eq!(bound_without_reuse(port.number()).unwrap_err().kind(), ErrorKind::AddrInUse);
        let refused = TcpStream::connect(address).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
        let _server = TcpListener::bind(address).await.unwrap();
        TcpStream::connect(address).await.unwrap();
    }

    #[tokio::test]
    async fn a_port_that_was_let_go_is_free_for_everybody() {
        let port = ReservedPort::take().unwrap().let_go();
        bound_without_reuse(port.number()).unwrap();
    }
}
