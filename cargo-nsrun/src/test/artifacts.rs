//! What cargo has built: which executable is which target.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use cargo_metadata::{Artifact, Message, TargetKind};

use super::manifest::Manifest;

/// The executables that cargo has reported.
#[derive(Default)]
pub(super) struct Artifacts {
    by_executable: HashMap<PathBuf, Target>,
    /// Those of them that cargo has handed over to be run.
    handed_over: HashSet<PathBuf>,
    /// Whether the build came to an end, and how.
    pub(super) build: Option<bool>,
}

/// One target of one package, built for testing.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// Names the binary for people, as cargo-nextest does: `package`, `package::test`,
    /// `package::bin/name`.
    pub(super) id: String,
    /// The options that select it.
    pub(super) selection: Vec<String>,
    pub(super) harness: Harness,
    pub(super) manifest: PathBuf,
}

/// Who prints and selects in a test binary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Harness {
    /// libtest, by which every binary can list its tests.
    Libtest,
    /// Something of the crate's own that is said to understand libtest's arguments.
    Compatible,
    /// Something of the crate's own: it runs whole, and its exit status is all there is.
    Unknown,
}

/// What a line of cargo's output turned out to be.
pub(super) enum Line {
    /// Taken in.
    Known,
    /// A compiler message to show.
    Rendered(String),
    /// Not cargo's, but a doctest harness's.
    Foreign(String),
}

impl Artifacts {
    pub(super) fn read(&mut self, line: String) -> Line {
        if !line.starts_with("{\"reason\":") {
            return Line::Foreign(line);
        }
        match serde_json::from_str(&line) {
            Ok(Message::CompilerArtifact(artifact)) => self.add(artifact),
            Ok(Message::BuildFinished(finished)) => self.build = Some(finished.success),
            Ok(Message::CompilerMessage(message)) => {
                // The formats that we ask for have it.
                return Line::Rendered(message.message.rendered.unwrap_or_default());
            }
            Ok(_) => {}
            Err(_) => return Line::Foreign(line),
        }
        Line::Known
    }

    /// The target whose executable cargo hands over; `None` if it has not been built as one.
    pub(super) fn hand_over(&mut self, executable: &Path) -> Option<Target> {
        let target = self.by_executable.get(executable)?.clone();
        self.handed_over.insert(executable.to_owned());
        Some(target)
    }

    /// What was built for testing and then never handed over.
    pub(super) fn kept_back(&self) -> Vec<String> {
        let kept_back = self
            .by_executable
            .iter()
            .filter(|(executable, _)| !self.handed_over.contains(*executable));
        let mut ids: Vec<_> = kept_back.map(|(_, target)| target.id.clone()).collect();
        ids.sort();
        ids
    }

    fn add(&mut self, artifact: Artifact) {
        if let (Some(executable), true) = (&artifact.executable, artifact.profile.test) {
            let target = Target::new(&artifact);
            self.by_executable.insert(executable.clone().into(), target);
        }
    }
}

impl Target {
    fn new(artifact: &Artifact) -> Target {
        let name = &artifact.target.name;
        let manifest = Manifest::read(artifact.manifest_path.as_std_path());
        let package = manifest.package_name().unwrap_or(name).to_owned();
        let kind = Kind::of(&artifact.target.kind);
        let (id, option) = match kind {
            Kind::Lib => (package.clone(), vec!["--lib".to_owned()]),
            Kind::Test => (
                format!("{package}::{name}"),
                vec!["--test".to_owned(), name.clone()],
            ),
            other => {
                let option = vec![format!("--{}", other.table()), name.clone()];
                (format!("{package}::{}/{name}", other.table()), option)
            }
        };
        Target {
            id,
            selection: [vec!["-p".to_owned(), package], option].concat(),
            harness: manifest.harness(kind.table(), name),
            manifest: artifact.manifest_path.clone().into(),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Lib,
    Bin,
    Test,
    Example,
    Bench,
}

impl Kind {
    fn of(kinds: &[TargetKind]) -> Kind {
        match kinds.first() {
            Some(TargetKind::Bin) => Kind::Bin,
            Some(TargetKind::Test) => Kind::Test,
            Some(TargetKind::Example) => Kind::Example,
            Some(TargetKind::Bench) => Kind::Bench,
            _ => Kind::Lib,
        }
    }

    /// The name of its table in a manifest, and of the option that selects it.
    fn table(self) -> &'static str {
        match self {
            Kind::Lib => "lib",
            Kind::Bin => "bin",
            Kind::Test => "test",
            Kind::Example => "example",
            Kind::Bench => "bench",
        }
    }
}
