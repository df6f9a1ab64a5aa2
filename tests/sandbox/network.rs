use std::fs;
use std::io::ErrorKind;
use std::net::{IpAddr, TcpListener, TcpStream, ToSocketAddrs, UdpSocket};
use std::time::{Duration, Instant};

use nix::sys::socket::{AddressFamily, SockFlag, SockProtocol, SockType, socket};
use nsrun::{Kind, Sandbox};

use crate::common::{check, each_user, shell};

/// What a resolver would wait for one name server's answer (resolv.conf(5)), if it had to.
const RESOLVER_TIMEOUT: Duration = Duration::from_secs(5);

fn nothing() -> String {
    String::new()
}

#[test]
fn low_ports_of_both_loopback_addresses_can_be_bound() {
    check(Sandbox::new(), nothing, |_| {
        for address in ["127.0.0.1:80", "[::1]:80"] {
            let server = TcpListener::bind(address).expect(address);
            let client = TcpStream::connect(address).expect(address);
            let (_, peer) = server.accept().expect(address);
            assert_eq!(Some(peer), client.local_addr().ok());
        }
    });
}

#[test]
fn the_loopback_interface_answers_a_ping() {
    const REQUEST: [u8; 8] = [8, 0, 0, 0, 0, 0, 0, 1];
    check(Sandbox::new(), nothing, |_| {
        let ping = socket(
            AddressFamily::Inet,
            SockType::Datagram,
            SockFlag::SOCK_CLOEXEC,
            SockProtocol::Icmp,
        );
        let ping = UdpSocket::from(ping.expect("every group may ping"));
        ping.connect("127.0.0.1:0").expect("there is a route");
        ping.send(&REQUEST).expect("it is up");
        let mut reply = [0; 8];
        assert_eq!(ping.recv(&mut reply).expect("it answers"), reply.len());
        assert_eq!((reply[0], reply[7]), (0, 1));
    });
}

#[test]
fn the_outside_is_unreachable_at_once() {
    check(Sandbox::new(), nothing, |_| {
        // Addresses for documentation (RFC 5737, RFC 3849).
        for address in ["192.0.2.1:80", "[2001:db8::1]:80"] {
            let error = TcpStream::connect(address).expect_err(address);
            assert_eq!(error.kind(), ErrorKind::NetworkUnreachable, "{address}");
        }
    });
}

#[test]
fn an_outside_name_is_unknown_at_once() {
    check(Sandbox::new(), nothing, |_| {
        let start = Instant::now();
        let found = ("example.com", 80).to_socket_addrs();
        assert!(found.is_err(), "{found:?}");
        assert!(start.elapsed() < RESOLVER_TIMEOUT, "{:?}", start.elapsed());
    });
}

/// The addresses of a name.
fn addresses(name: &str) -> Vec<IpAddr> {
    let found = (name, 0).to_socket_addrs();
    found.expect(name).map(|address| address.ip()).collect()
}

#[test]
fn its_own_names_are_known() {
    check(Sandbox::new().hostname("db"), nothing, |_| {
        for name in ["localhost", "db"] {
            let addresses = addresses(name);
            assert!(!addresses.is_empty());
            assert!(addresses.iter().all(IpAddr::is_loopback), "{addresses:?}");
        }
    });
}

#[test]
fn other_programs_know_them_too() {
    each_user(|| {
        let found = shell(Sandbox::new(), "getent hosts nsrun", &[]);
        assert!(
            found.starts_with("::1 ") || found.starts_with("127.0.0.1 "),
            "{found}"
        );
    });
}

/// The files by which names are resolved.
fn files() -> String {
    let files = ["/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf"];
    let read = |file| fs::read_to_string(file).unwrap_or_default();
    files.map(read).join("\n--\n")
}

#[test]
fn the_files_that_resolve_names_are_its_own() {
    check(Sandbox::new(), files, |_| {
        let hosts = fs::read_to_string("/etc/hosts").expect("it is there");
        assert!(
            hosts.lines().all(|line| line.contains("localhost nsrun")),
            "{hosts}"
        );
        let resolver = fs::read_to_string("/etc/resolv.conf").expect("it is there");
        assert!(!resolver.contains("nameserver"), "{resolver}");
    });
}

#[test]
fn with_the_hosts_network_the_hosts_names_are_known() {
    let sandbox = Sandbox::new().share(Kind::Net).share(Kind::Uts);
    check(sandbox, files, |outside| assert_eq!(files(), outside));
}
