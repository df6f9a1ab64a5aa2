//! Which layers there are, and in which order.

use std::fs;
use std::os::unix::fs::symlink;

use super::*;

/// A host with a private `/tmp`, nothing kept, and nothing covered.
fn bare() -> Host {
    Host {
        private_dirs: vec!["/tmp".into()],
        keep: Vec::new(),
        own_tmp: None,
        sockets: Vec::new(),
        ..Host::look()
    }
}

fn dir(path: &str) -> Cover {
    Cover {
        path: path.into(),
        shape: Shape::Dir { mode: 0o700 },
    }
}

fn socket(path: &str) -> Cover {
    Cover {
        path: path.into(),
        shape: Shape::File,
    }
}

/// The layers, each with a sign for whose it is.
fn shown(spec: &Spec, host: &Host) -> Vec<String> {
    let layers = layers(spec, &[], host, Path::new("/tmp")).expect("no NUL");
    let shown = |layer: Layer| {
        let owner = match layer.source {
            Source::Host { .. } => "host",
            Source::Own { .. } => "own",
        };
        format!("{owner} {}", layer.path.to_string_lossy())
    };
    layers.into_iter().map(shown).collect()
}

fn sharing(paths: &[&str]) -> Spec {
    Spec {
        share: paths.iter().map(PathBuf::from).collect(),
        ..Spec::default()
    }
}

#[test]
fn sockets_are_covered_unless_they_or_what_they_lie_in_is_shared() {
    let host = Host {
        sockets: vec![dir("/usr/lib"), socket("/etc/passwd")],
        ..bare()
    };
    let table: [(&[&str], &[&str]); 5] = [
        (&[], &["own /etc/passwd", "own /usr/lib"]),
        (&["/etc/passwd"], &["own /usr/lib"]),
        (&["/etc"], &["own /usr/lib"]),
        (&["/"], &[]),
        (
            &["/usr/lib/os-release"],
            &[
                "own /etc/passwd",
                "own /usr/lib",
                "host /usr/lib/os-release",
            ],
        ),
    ];
    for (shared, expected) in table {
        assert_eq!(shown(&sharing(shared), &host), expected, "share {shared:?}");
    }
}

/// A plan is kept for the tests to come, for which it may be there.
#[test]
fn without_what_is_shared_there_is_no_plan() {
    let spec = sharing(&["/etc/passwd", "/usr/nothing"]);
    let planned = layers(&spec, &[], &bare(), Path::new("/tmp"));
    let failure = planned.err().map(|Unplannable(failure)| failure);
    let expected = Failure {
        step: Step::Keep,
        errno: nix::errno::Errno::ENOENT,
    };
    assert_eq!(failure, Some(expected));
}

#[test]
fn no_socket_is_covered_if_the_network_is_the_hosts() {
    let host = Host {
        sockets: vec![dir("/usr/lib")],
        ..bare()
    };
    let spec = Spec::new(Kind::Pid.into());
    assert_eq!(shown(&spec, &host), [""; 0]);
}

#[test]
fn what_is_private_anyway_needs_no_cover() {
    let host = Host {
        sockets: vec![socket("/tmp/agent"), socket("/tmp/w/agent")],
        own_tmp: Some(dir("/tmp/w/tmp")),
        ..bare()
    };
    assert_eq!(shown(&Spec::default(), &host), [""; 0]);
    let host = Host {
        keep: vec![
            "/tmp/w".into(),
            "/tmp/w/target".into(),
            "/tmp/w/tmp/x".into(),
        ],
        ..host
    };
    assert_eq!(
        shown(&Spec::default(), &host),
        [
            "host /tmp/w",
            "own /tmp/w/agent",
            "own /tmp/w/tmp",
            "host /tmp/w/tmp/x"
        ]
    );
}

#[test]
fn a_link_is_kept_with_what_it_leads_to() {
    let dir = std::env::temp_dir().join(format!("nsrun-kept-{}", std::process::id()));
    let (workspace, builds) = (dir.join("workspace"), dir.join("builds"));
    fs::create_dir_all(&workspace).expect("it is writable");
    fs::create_dir_all(&builds).expect("it is writable");
    symlink(&builds, workspace.join("target")).expect("it is writable");

    let host = Host {
        private_dirs: vec![dir.canonicalize().expect("it exists")],
        ..bare()
    };
    let spec = Spec {
        keep: vec![workspace.clone(), workspace.join("target")],
        ..Spec::default()
    };
    let shown = shown(&spec, &host);
    fs::remove_dir_all(&dir).expect("it is ours");

    let expected = [&builds, &workspace].map(|path| format!("host {}", path.display()));
    assert_eq!(shown, expected);
}
