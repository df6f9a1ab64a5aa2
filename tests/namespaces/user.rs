use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use nix::unistd::geteuid;
use nsrun::Sandbox;

use crate::common::{check, each_user, home, shell};
use crate::status;

const NO_CAPABILITIES: &str = "0000000000000000";

fn ids() -> String {
    format!("{} {}", status("Uid"), status("Gid"))
}

#[test]
fn a_program_has_its_own_ids() {
    check(Sandbox::new(), ids, |outside| assert_eq!(ids(), outside));
}

#[test]
fn without_privileges_outside_there_are_no_capabilities_inside() {
    check(Sandbox::new(), String::new, |_| {
        if !geteuid().is_root() {
            for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
                assert_eq!(status(set), NO_CAPABILITIES, "{set}");
            }
            assert_eq!(status("NoNewPrivs"), "1");
        }
    });
}

#[test]
fn real_root_stays_root_with_every_id_it_had() {
    let map = || fs::read_to_string("/proc/self/uid_map").expect("there is a map");
    check(Sandbox::new(), map, move |outside| {
        if geteuid().is_root() {
            assert_eq!(map(), outside);
            assert_ne!(status("CapEff"), NO_CAPABILITIES);
        }
    });
}

#[test]
fn root_on_request_has_every_capability_over_the_sandbox() {
    check(Sandbox::new().root(), ids, |_| {
        assert_eq!(ids(), "0\t0\t0\t0 0\t0\t0\t0");
        assert_eq!(status("CapEff"), status("CapBnd"));
        nix::unistd::sethostname("renamed").expect("root may name its own host");
    });
}

#[test]
fn what_root_inside_makes_is_the_callers_outside() {
    each_user(|| {
        let file = home().join("made-by-root-inside");
        let path = file.to_str().expect("the target folder's name is text");
        shell(Sandbox::new().root(), r#"echo made >"$1""#, &[path]);
        let owner = file.metadata().expect("it has been made").uid();
        fs::remove_file(&file).expect("it is ours");
        assert_eq!(owner, geteuid().as_raw());
    });
}

/// Whether this user can read a file that nobody may.
fn forbidden_file() -> String {
    let path = std::env::temp_dir().join(format!("forbidden-{}", std::process::id()));
    let file = File::create(&path).expect("a temporary file can be made");
    let nobody = fs::Permissions::from_mode(0o000);
    file.set_permissions(nobody).expect("it is ours");
    let read = fs::read(&path).map_err(|error| error.kind());
    fs::remove_file(&path).expect("it is ours");
    format!("{read:?}")
}

#[test]
fn permissions_mean_what_they_mean_outside() {
    check(Sandbox::new(), forbidden_file, |outside| {
        assert_eq!(forbidden_file(), outside);
    });
}
