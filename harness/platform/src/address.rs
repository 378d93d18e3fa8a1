//! Which addresses a box may register (tenant-api §2.8) and the tenant may call (§2.11).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;

/// Why an address is refused, for people.
pub(crate) type BadAddress = &'static str;

/// Checks the address that a box registers. Of this machine's own addresses only the name `localhost` is taken, unless
/// the tenant takes their numbers too.
pub(crate) fn check_registered(text: &str, takes_loopback: bool) -> Result<(), BadAddress> {
    let url = parsed(text)?;
    let Some(literal) = literal(&url) else { return Ok(()) };
    if is_refused(literal) && !(takes_loopback && literal.is_loopback()) {
        Err("url must not name a private or reserved address")
    } else {
        Ok(())
    }
}

/// Checks the address that the tenant is about to call.
pub(crate) fn check_called(text: &str, development: bool) -> Result<(), BadAddress> {
    let url = parsed(text)?;
    let loopback = url.host_str() == Some("localhost") || literal(&url).is_some_and(|it| it.is_loopback());
    if loopback && !development { Err("url leads back to the tenant's own machine") } else { Ok(()) }
}

fn parsed(text: &str) -> Result<Url, BadAddress> {
    let url = Url::parse(text).map_err(|_| "url is not an address")?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("url must be http or https");
    }
    if url.host_str().is_some_and(|host| !host.is_empty()) { Ok(url) } else { Err("url names no host") }
}

fn literal(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn is_refused(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_refused_v4(v4),
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or_else(|| is_refused_v6(v6), is_refused_v4),
    }
}

fn is_refused_v4(v4: Ipv4Addr) -> bool {
    let [a, b, ..] = v4.octets();
    let carrier_grade = a == 100 && (64..128).contains(&b);
    v4.is_loopback() || v4.is_link_local() || v4.is_multicast() || v4.is_documentation() || carrier_grade
}

fn is_refused_v6(v6: Ipv6Addr) -> bool {
    let [first, second, ..] = v6.segments();
    let documentation = first == 0x2001 && second == 0x0db8;
    v6.is_loopback()
        || v6.is_multicast()
        || v6.is_unicast_link_local()
        || v6.is_unique_local()
        || documentation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_and_reserved_literals_are_refused_and_the_name_localhost_is_not() {
        for (url, accepted, with_loopback) in [
            ("http://127.0.0.1:9/box/a", false, true),
            ("http://[::1]:9", false, true),
            ("http://localhost:9", true, true),
            ("http://169.254.169.254/latest", false, false),
            ("http://100.64.1.1", false, false),
            ("http://10.0.0.7:8000", true, true),
            ("ftp://localhost", false, false),
            ("localhost:9", false, false),
            ("", false, false),
        ] {
            assert_eq!(check_registered(url, false).is_ok(), accepted, "{url}");
            assert_eq!(check_registered(url, true).is_ok(), with_loopback, "{url}");
        }
    }

    #[test]
    fn a_loopback_box_is_called_in_development_only() {
        for url in ["http://localhost:9", "http://127.0.0.1:9"] {
            assert!(check_called(url, true).is_ok());
            assert!(check_called(url, false).is_err());
        }
        assert!(check_called("http://10.0.0.7", false).is_ok());
    }
}
