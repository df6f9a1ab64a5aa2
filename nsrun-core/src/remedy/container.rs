//! Containers, and how each is told to stand out of the way.

use std::fmt;

use super::Mend;
use super::surroundings::Surroundings;

/// Who made the container that this process is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Docker,
    Podman,
    Kubernetes,
}

impl fmt::Display for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Container::Docker => "Docker",
            Container::Podman => "Podman",
            Container::Kubernetes => "Kubernetes",
        })
    }
}

/// The options for everything here that stands in the way of sandboxes, since one cause hides the
/// next.
struct Options {
    seccomp: &'static str,
    apparmor: &'static str,
    selinux: &'static str,
    masks: &'static str,
}

const DOCKER: Options = Options {
    seccomp: "--security-opt seccomp=unconfined",
    apparmor: "--security-opt apparmor=unconfined",
    selinux: "--security-opt label=disable",
    masks: "--security-opt systempaths=unconfined",
};

const PODMAN: Options = Options {
    masks: "--security-opt unmask=ALL",
    ..DOCKER
};

/// Fields of a container's `securityContext`; SELinux's is the node's affair.
const KUBERNETES: Options = Options {
    seccomp: "seccompProfile: {type: Unconfined}",
    apparmor: "appArmorProfile: {type: Unconfined}",
    selinux: "seLinuxOptions: {type: spc_t}",
    masks: "procMount: Unmasked",
};

/// How a container like this one is started so that sandboxes can be made in it.
pub(super) fn permissive_start(here: &Surroundings) -> Mend {
    match here.container {
        Some(Container::Kubernetes) => Mend::Do(format!(
            "in the pod's spec, give the container this securityContext: {{{}}}",
            here.needed(&KUBERNETES, ", ")
        )),
        Some(Container::Podman) => Mend::Run(format!("podman run {} …", here.needed(&PODMAN, " "))),
        Some(Container::Docker) | None => {
            Mend::Run(format!("docker run {} …", here.needed(&DOCKER, " ")))
        }
    }
}

impl Surroundings {
    fn needed(&self, options: &Options, separator: &str) -> String {
        let masked = !(self.proc_masks.is_empty() && self.sys_masks.is_empty());
        let needed = [
            (self.seccomp, options.seccomp),
            (self.apparmor_profile.is_some(), options.apparmor),
            (self.selinux, options.selinux),
            (masked, options.masks),
        ];
        let mut options = String::new();
        for (_, option) in needed.iter().filter(|(needed, _)| *needed) {
            if !options.is_empty() {
                options += separator;
            }
            options += option;
        }
        options
    }
}
