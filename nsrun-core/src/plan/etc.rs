//! The few files of `/etc` by which names are resolved.

use std::ffi::CString;
use std::path::Path;

use super::{Unplannable, c_path};
use crate::host::Host;
use crate::kind::Kind;
use crate::spec::Spec;

/// A file of `/etc` that the sandbox has its own copy of.
pub(crate) struct EtcFile {
    /// The file that is covered.
    pub(crate) target: CString,
    /// Where the copy is first written.
    pub(crate) staged: CString,
    pub(crate) contents: Vec<u8>,
}

/// The files that make the sandbox's own name resolvable, and outside names fail at once.
pub(super) fn files(
    spec: &Spec,
    hostname: &str,
    host: &Host,
    stage: &Path,
) -> Result<Vec<EtcFile>, Unplannable> {
    let mut files = Vec::new();
    if let Some(contents) = hosts(spec, hostname, host) {
        files.push(("hosts", contents));
    }
    if spec.has(Kind::Net) {
        files.push(("resolv.conf", RESOLV_CONF.as_bytes().to_vec()));
        files.extend(
            host.nsswitch
                .as_deref()
                .map(|host| ("nsswitch.conf", nsswitch(host))),
        );
    }
    files
        .into_iter()
        .filter(|(name, _)| Path::new("/etc").join(name).exists())
        .map(|(name, contents)| {
            Ok(EtcFile {
                target: c_path(Path::new("/etc").join(name))?,
                staged: c_path(stage.join(name))?,
                contents,
            })
        })
        .collect()
}

/// Without a name server the C library asks 127.0.0.1, where nobody listens: refused at once.
const RESOLV_CONF: &str = "# nsrun: nothing outside this sandbox can be reached\n\
                           options timeout:1 attempts:1\n";

fn hosts(spec: &Spec, hostname: &str, host: &Host) -> Option<Vec<u8>> {
    let own_name = if spec.has(Kind::Uts) { hostname } else { "" };
    if spec.has(Kind::Net) {
        let names = format!("localhost {own_name}");
        return Some(format!("127.0.0.1 {names}\n::1 {names} ip6-localhost\n").into_bytes());
    }
    let line = format!("\n127.0.0.1 {own_name}\n");
    spec.has(Kind::Uts)
        .then(|| [host.hosts.as_slice(), line.as_bytes()].concat())
}

/// The host's file with `hosts:` cut down to what works without a daemon of the host's.
fn nsswitch(host: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(host);
    let others = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("hosts:"));
    others
        .chain(["hosts: files dns"])
        .flat_map(|line| [line, "\n"])
        .collect::<String>()
        .into()
}
