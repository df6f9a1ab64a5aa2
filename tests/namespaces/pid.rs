use std::fs;
use std::os::unix::process::parent_id;
use std::process::{self, Child, Command, Stdio};

use nsrun::{Kind, Sandbox};

use crate::common::{check, check_with};
use crate::status;

fn processes() -> Vec<u32> {
    let entries = fs::read_dir("/proc").expect("there is a /proc").flatten();
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}

#[test]
fn a_program_is_the_second_process_and_sees_nobody_else() {
    check(Sandbox::new(), String::new, |_| {
        assert_eq!(process::id(), 2);
        assert_eq!(parent_id(), 1);
        assert_eq!(processes(), [1, 2]);
    });
}

#[test]
fn with_the_hosts_pids_it_is_one_process_among_others() {
    check(
        Sandbox::new().share(Kind::Pid),
        || process::id().to_string(),
        |supervisor| {
            assert!(processes().contains(&supervisor.parse().expect("it is one")));
            assert_eq!(status("NSpid"), process::id().to_string());
        },
    );
}

/// A process of the same user, outside.
struct Bystander(Child);

impl Bystander {
    fn new() -> Bystander {
        let sleep = Command::new("sleep")
            .arg("infinity")
            .stdout(Stdio::null())
            .spawn();
        Bystander(sleep.expect("there is a sleep"))
    }

    fn state(&self) -> String {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0.id()));
        let stat = stat.expect("it is there");
        let (_, after) = stat.rsplit_once(") ").expect("it has a name");
        let is_a_zombie = after.starts_with('Z');
        format!("is it a zombie? {is_a_zombie}")
    }
}

impl Drop for Bystander {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn killing_everybody_hits_nobody_outside() {
    check_with(Sandbox::new(), Bystander::new, Bystander::state, |_| {
        let mut sibling = Command::new("sleep")
            .arg("infinity")
            .spawn()
            .expect("it starts");
        // kill(2) spares the caller and the pid namespace's init, and nobody else.
        let everybody = nix::unistd::Pid::from_raw(-1);
        nix::sys::signal::kill(everybody, nix::sys::signal::SIGKILL).expect("there is a sibling");
        let status = sibling.wait().expect("it is our child");
        assert!(!status.success());
    });
}
