//! The few files of `/etc` by which names are resolved.

use std::ffi::{CString, OsStr};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::layers::parents;
use super::{Layer, Source, Unplannable, c_path, c_paths, is_there};
use crate::host::Host;
use crate::kind::Kind;
use crate::spec::Spec;
use crate::step::Step;

/// A file of `/etc` that the sandbox has its own copy of.
pub(crate) struct EtcFile {
    /// The file that is covered, unless the copy is written where it will be found.
    pub(crate) target: Option<CString>,
    /// Where the copy is written.
    pub(crate) staged: CString,
    /// The directories to make for it, from the top down.
    pub(crate) parents: Vec<CString>,
    pub(crate) contents: Vec<u8>,
}

/// The files that make the sandbox's own name resolvable, and outside names fail at once.
pub(super) fn files(
    spec: &Spec,
    hostname: &str,
    host: &Host,
    stage: &Path,
    layers: &[Layer],
) -> Result<Vec<EtcFile>, Unplannable> {
    let mut files = Vec::new();
    if let Some(contents) = hosts(spec, hostname, host) {
        files.push(("hosts", contents));
    }
    if spec.has(Kind::Net) {
        files.push(("resolv.conf", RESOLV_CONF.as_bytes().to_vec()));
        if let Some(host) = &host.nsswitch {
            files.push(("nsswitch.conf", nsswitch(host)));
        }
    }
    let mut copies = Vec::new();
    for (name, contents) in files {
        if is_there(Path::new("/etc").join(name), Step::EtcFiles)? {
            copies.push(copy(name, contents, host, stage, layers)?);
        }
    }
    Ok(copies)
}

fn copy(
    name: &str,
    contents: Vec<u8>,
    host: &Host,
    stage: &Path,
    layers: &[Layer],
) -> Result<EtcFile, Unplannable> {
    if name == "resolv.conf"
        && let Some(place) = place_in_cover(&host.resolv_conf, layers)
    {
        return EtcFile::within_cover(&place, contents);
    }
    Ok(EtcFile {
        target: Some(c_path(Path::new("/etc").join(name))?),
        staged: c_path(stage.join(name))?,
        parents: Vec::new(),
        contents,
    })
}

/// Where in the stage a file of the host's is to be written that lies in a covered directory: with
/// systemd-resolved, `/etc/resolv.conf` is a link into the directory of its sockets.
fn place_in_cover(file: &Path, layers: &[Layer]) -> Option<PathBuf> {
    let path = |string: &CString| PathBuf::from(OsStr::from_bytes(string.as_bytes()));
    let above = |layer: &&Layer| file.starts_with(path(&layer.path));
    let nearest = layers.iter().rev().find(above)?;
    match &nearest.source {
        Source::Own { staged, .. } => {
            let rest = file.strip_prefix(path(&nearest.path)).ok()?;
            Some(path(staged).join(rest))
        }
        Source::Host { .. } => None,
    }
}

impl EtcFile {
    fn within_cover(place: &Path, contents: Vec<u8>) -> Result<EtcFile, Unplannable> {
        Ok(EtcFile {
            target: None,
            staged: c_path(place)?,
            parents: c_paths(&parents(place))?,
            contents,
        })
    }
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
    let mut own = String::new();
    for line in String::from_utf8_lossy(host).lines() {
        if !line.trim_start().starts_with("hosts:") {
            own.push_str(line);
            own.push('\n');
        }
    }
    own.push_str("hosts: files dns\n");
    own.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Shape;

    fn layer(path: &str, source: Source) -> Layer {
        Layer {
            path: c_path(path).expect("no NUL"),
            source,
            tree: None,
        }
    }

    #[test]
    fn a_file_in_a_covered_directory_is_written_there() {
        let shape = Shape::Dir { mode: 0o755 };
        let staged = c_path("/tmp/own0").expect("no NUL");
        let layers = [
            layer("/run/systemd", Source::Own { staged, shape }),
            layer(
                "/run/systemd/shared",
                Source::Host {
                    parents: Vec::new(),
                    shape,
                },
            ),
        ];
        for (file, place) in [
            ("/etc/resolv.conf", None),
            ("/run/systemd/resolve/stub", Some("/tmp/own0/resolve/stub")),
            ("/run/systemd/shared/stub", None),
        ] {
            let found = place_in_cover(Path::new(file), &layers);
            assert_eq!(found.as_deref(), place.map(Path::new), "{file}");
        }
    }
}
