//! Proxies in front of the server: whose word counts when they say on whose behalf they ask.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use ipnet::IpNet;
use strum::{Display, EnumString, VariantNames};

/// In which header a proxy names who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Display, EnumString, VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`: addresses, the last one added by the last proxy.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239), whose `for=` counts.
    Forwarded,
}

/// The proxies whose word counts; nobody's by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    /// Where they are.
    pub networks: Vec<IpNet>,
    /// The header that they set. Only this one: a proxy lets the other pass as the client made it up.
    pub header: ForwardedHeader,
}

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Stands for somebody of whom nothing is known: nobody has the freedom of a loopback peer by mistake.
pub const UNKNOWN: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

impl Proxies {
    /// Whether `address` is one of them.
    #[must_use]
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|network| network.contains(&address))
    }

    /// Who asks, when `peer` is at the other end of the connection: the last address that no trusted proxy vouches for.
    ///
    /// A peer on this machine that asks for others, and that nobody said to trust, is `0.0.0.0`.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.trusts(peer) {
            let forwards = headers.contains_key(X_FORWARDED_FOR) || headers.contains_key(header::FORWARDED);
            return if peer.is_loopback() && forwards { UNKNOWN } else { peer };
        }
        let name = match self.header {
            ForwardedHeader::XForwardedFor => X_FORWARDED_FOR,
            ForwardedHeader::Forwarded => header::FORWARDED,
        };
        let values: Vec<&[u8]> = headers.get_all(name).iter().map(HeaderValue::as_bytes).collect();
        let hops = values.iter().rev().flat_map(|value| value.rsplit(|byte| *byte == b','));
        let mut client = peer;
        for hop in hops {
            // What is not understood was not written by a proxy that is trusted: the one before it is the last known.
            let Some(address) = std::str::from_utf8(hop).ok().and_then(|hop| self.address(hop)) else {
                break;
            };
            client = address;
            if !self.trusts(client) {
                break;
            }
        }
        client
    }

    fn address(&self, hop: &str) -> Option<IpAddr> {
        match self.header {
            ForwardedHeader::XForwardedFor => address(hop),
            ForwardedHeader::Forwarded => hop.split(';').find_map(|pair| {
                let (name, value) = pair.split_once('=')?;
                name.trim().eq_ignore_ascii_case("for").then(|| address(value))?
            }),
        }
    }
}

/// `192.0.2.7`, `192.0.2.7:80`, `2001:db8::1`, `[2001:db8::1]:80`, each perhaps in quotation marks.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let text = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .unwrap_or(text);
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    let read = bare
        .parse()
        .ok()
        .or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()));
    read.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    const PROXY: &str = "10.0.0.1";

    fn asks(header: ForwardedHeader, peer: &str, lines: &[(&'static str, &str)]) -> String {
        let proxies = Proxies {
            networks: vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()],
            header,
        };
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[rstest]
    // Made up by the client, then added to by the proxy.
    #[case(PROXY, &["198.51.100.9, 192.0.2.7"], "192.0.2.7")]
    #[case(PROXY, &["127.0.0.1, 192.0.2.7"], "192.0.2.7")]
    #[case(PROXY, &["127.0.0.1", "192.0.2.7"], "192.0.2.7")]
    #[case(PROXY, &["10.9.9.9, 192.0.2.7, 10.0.0.2"], "192.0.2.7")]
    #[case(PROXY, &["nonsense, 192.0.2.7"], "192.0.2.7")]
    // Nothing that helps: the proxy itself.
    #[case(PROXY, &[], PROXY)]
    #[case(PROXY, &["192.0.2.7, unknown"], PROXY)]
    #[case(PROXY, &["192.0.2.7, "], PROXY)]
    #[case(PROXY, &["10.0.0.3, 10.0.0.2"], "10.0.0.3")]
    // Each way to write an address.
    #[case(PROXY, &["192.0.2.7:4711"], "192.0.2.7")]
    #[case(PROXY, &["[2001:db8::1]:4711"], "2001:db8::1")]
    #[case(PROXY, &["2001:db8::1"], "2001:db8::1")]
    #[case("::ffff:10.0.0.1", &["::ffff:192.0.2.7"], "192.0.2.7")]
    #[case("fd00::1", &["192.0.2.7"], "192.0.2.7")]
    // Nobody trusts these.
    #[case("192.0.2.99", &["127.0.0.1"], "192.0.2.99")]
    #[case("127.0.0.1", &[], "127.0.0.1")]
    #[case("127.0.0.1", &["192.0.2.7"], "0.0.0.0")]
    fn only_trusted_proxies_say_who_asks(#[case] peer: &str, #[case] values: &[&str], #[case] client: &str) {
        let lines: Vec<_> = values.iter().map(|value| ("x-forwarded-for", *value)).collect();
        assert_eq!(asks(ForwardedHeader::XForwardedFor, peer, &lines), client);
    }

    #[rstest]
    #[case(&["for=198.51.100.9, for=192.0.2.7;proto=https;by=10.0.0.1"], "192.0.2.7")]
    #[case(&["proto=http; For=\"[2001:db8::1]:80\""], "2001:db8::1")]
    #[case(&["for=192.0.2.7", "for=10.0.0.2"], "192.0.2.7")]
    #[case(&["for=192.0.2.7, for=_hidden"], PROXY)]
    #[case(&["by=192.0.2.7"], PROXY)]
    fn the_other_header_is_read_too(#[case] values: &[&str], #[case] client: &str) {
        let lines: Vec<_> = values.iter().map(|value| ("forwarded", *value)).collect();
        assert_eq!(asks(ForwardedHeader::Forwarded, PROXY, &lines), client);
    }

    #[test]
    fn the_header_that_the_proxy_does_not_set_is_the_clients_own_and_says_nothing() {
        let lines = [("forwarded", "for=127.0.0.1"), ("x-forwarded-for", "192.0.2.7")];
        assert_eq!(asks(ForwardedHeader::XForwardedFor, PROXY, &lines), "192.0.2.7");
        let lines = [("x-forwarded-for", "127.0.0.1"), ("forwarded", "for=192.0.2.7")];
        assert_eq!(asks(ForwardedHeader::Forwarded, PROXY, &lines), "192.0.2.7");
    }

    proptest! {
        #[test]
        fn nothing_in_front_of_the_proxys_own_word_counts(
            made_up in "[ -~]{0,60}",
            header in prop_oneof![Just(ForwardedHeader::XForwardedFor), Just(ForwardedHeader::Forwarded)],
        ) {
            let (name, own) = match header {
                ForwardedHeader::XForwardedFor => ("x-forwarded-for", "192.0.2.7"),
                ForwardedHeader::Forwarded => ("forwarded", "for=192.0.2.7"),
            };
            let value = format!("{made_up}, {own}");
            prop_assert_eq!(asks(header, PROXY, &[(name, &value)]), "192.0.2.7");
        }
    }
}
