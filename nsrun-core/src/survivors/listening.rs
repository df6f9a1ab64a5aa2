//! On which sockets a process listens, from the tables of its network namespace (proc_pid_net(5)).

use std::fmt;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

/// A socket on which a process listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listener {
    /// The protocol.
    pub protocol: Protocol,
    /// The address and the port.
    pub address: SocketAddr,
}

/// A protocol that has ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

impl Protocol {
    /// Its name, as services(5) writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
        }
    }

    /// The state of a socket that takes what comes from anybody: for TCP it listens, for UDP it is
    /// bound and not connected.
    const fn open_state(self) -> &'static str {
        match self {
            Protocol::Tcp => "0A",
            Protocol::Udp => "07",
        }
    }
}

impl fmt::Display for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.protocol.name(), self.address)
    }
}

/// As many descriptors of one process are looked at.
const DESCRIPTORS: usize = 1 << 14;

/// A socket's number, as its table and the links of whoever holds it give it.
type Inode = u64;

/// The listening sockets of each network namespace that has been looked at.
#[derive(Default)]
pub(super) struct Sockets(Vec<Tables>);

/// What the tables of one network namespace say.
struct Tables {
    namespace: PathBuf,
    listeners: Vec<(Inode, Listener)>,
}

impl Sockets {
    /// Those that this process holds; none if it has gone, or may not be looked at.
    pub(super) fn listening(&mut self, pid: i32) -> Vec<Listener> {
        let Ok(namespace) = fs::read_link(format!("/proc/{pid}/ns/net")) else {
            return Vec::new();
        };
        let listeners = self.of(namespace, pid);
        if listeners.is_empty() {
            return Vec::new();
        }
        let held = held_by(pid);
        let listeners = listeners.iter().filter(|(inode, _)| held.contains(inode));
        listeners.map(|(_, listener)| *listener).collect()
    }

    /// Those of this namespace, which the process is in.
    fn of(&mut self, namespace: PathBuf, pid: i32) -> &[(Inode, Listener)] {
        let known = self.0.iter().position(|known| known.namespace == namespace);
        let known = known.unwrap_or_else(|| {
            let listeners = listeners(pid);
            self.0.push(Tables {
                namespace,
                listeners,
            });
            self.0.len() - 1
        });
        &self.0[known].listeners
    }
}

/// Those that are closed meanwhile are not held.
fn held_by(pid: i32) -> Vec<Inode> {
    let mut held = Vec::new();
    if let Ok(descriptors) = fs::read_dir(format!("/proc/{pid}/fd")) {
        for descriptor in descriptors.take(DESCRIPTORS) {
            held.extend(
                descriptor
                    .ok()
                    .and_then(|descriptor| inode(&descriptor.path())),
            );
        }
    }
    held
}

/// The number of the socket that a descriptor's link names, if it is one.
fn inode(link: &Path) -> Option<Inode> {
    let target = fs::read_link(link).ok()?;
    let inode = target.to_str()?.strip_prefix("socket:[")?;
    inode.strip_suffix(']')?.parse().ok()
}

fn listeners(pid: i32) -> Vec<(Inode, Listener)> {
    let files = [
        ("tcp", Protocol::Tcp),
        ("tcp6", Protocol::Tcp),
        ("udp", Protocol::Udp),
        ("udp6", Protocol::Udp),
    ];
    let mut all = Vec::new();
    for (file, protocol) in files {
        // A kernel without IPv6 has two of them less.
        let table = fs::read_to_string(format!("/proc/{pid}/net/{file}")).unwrap_or_default();
        all.extend(table.lines().filter_map(|line| row(line, protocol)));
    }
    all
}

/// `  0: 0100007F:1F90 00000000:0000 0A … INODE …`; `None` if it does not listen.
fn row(line: &str, protocol: Protocol) -> Option<(Inode, Listener)> {
    let columns: Vec<&str> = line.split_whitespace().collect();
    let (local, state, inode) = (columns.get(1)?, columns.get(3)?, columns.get(9)?);
    let listener = Listener {
        protocol,
        address: address(local)?,
    };
    (*state == protocol.open_state()).then_some((inode.parse().ok()?, listener))
}

/// An address is written as numbers of four bytes each, in the order of this machine.
fn address(text: &str) -> Option<SocketAddr> {
    let (address, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let mut bytes = Vec::new();
    for digits in address.as_bytes().chunks(8) {
        let number = u32::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?;
        bytes.extend(number.to_ne_bytes());
    }
    let address: IpAddr = match bytes.len() {
        4 => Ipv4Addr::from(<[u8; 4]>::try_from(bytes).ok()?).into(),
        16 => Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?).into(),
        _ => return None,
    };
    Some(SocketAddr::new(address, port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{TcpListener, TcpStream, UdpSocket};

    fn shown(listening: &[Listener]) -> Vec<String> {
        let mut shown: Vec<_> = listening.iter().map(ToString::to_string).collect();
        shown.sort();
        shown
    }

    #[test]
    fn what_this_very_process_listens_on() {
        let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
        let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
        let tcp_address = tcp.local_addr().unwrap();
        let client = TcpStream::connect(tcp_address).unwrap();
        let found = Sockets::default().listening(std::process::id() as i32);
        let shown = shown(&found);
        for listener in [
            format!("tcp {tcp_address}"),
            format!("udp {}", udp.local_addr().unwrap()),
        ] {
            assert!(shown.contains(&listener), "{listener}: {shown:?}");
        }
        let connected = format!("tcp {}", client.local_addr().unwrap());
        assert!(!shown.contains(&connected), "{shown:?}");
    }

    #[test]
    fn rows_of_the_tables() {
        let rest = "00000000:00000000 00:00000000 00000000  1000 0";
        let v4 = u32::from_ne_bytes([127, 0, 0, 1]);
        let v6 = u32::from_ne_bytes([0, 0, 0, 1]);
        let zero = "0".repeat(24);
        for (line, protocol, expected) in [
            (
                format!("  0: {v4:08X}:1F90 00000000:0000 0A {rest} 77 1"),
                Protocol::Tcp,
                Some((77, "tcp 127.0.0.1:8080")),
            ),
            (
                format!("  1: {zero}{v6:08X}:0035 {zero}00000000:0000 07 {rest} 78 2"),
                Protocol::Udp,
                Some((78, "udp [::1]:53")),
            ),
            (
                format!("  0: {v4:08X}:1F90 {v4:08X}:8000 01 {rest} 77 1"),
                Protocol::Tcp,
                None,
            ),
            (
                "  sl  local_address rem_address   st tx_queue".to_owned(),
                Protocol::Tcp,
                None,
            ),
        ] {
            let row = row(&line, protocol);
            let row = row.map(|(inode, listener)| (inode, listener.to_string()));
            let expected = expected.map(|(inode, shown)| (inode, shown.to_owned()));
            assert_eq!(row, expected, "{line}");
        }
    }
}
