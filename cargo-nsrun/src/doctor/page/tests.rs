use std::io;

use nsrun_core::{Failure, Step};

use super::*;

const ENOSPC: i32 = 28;
const EPERM: i32 = 1;

fn works(attempt: Attempt) -> Probe {
    Probe {
        attempt,
        result: Ok(()),
        remedy: None,
    }
}

fn fails(attempt: Attempt, step: Step, errno: i32, remedy: Option<Remedy>) -> Probe {
    let failure = Failure::from_io(step, &io::Error::from_raw_os_error(errno));
    Probe {
        attempt,
        result: Err(Wrong::Failed(failure)),
        remedy,
    }
}

fn limit() -> Option<Remedy> {
    Some(Remedy {
        cause: "the number of net namespaces is limited to 0".to_owned(),
        mend: Mend::Run("sudo sysctl -w user.max_net_namespaces=15000".to_owned()),
    })
}

#[test]
fn a_sound_host_is_told_so_without_notes() {
    let probes = Attempt::ALL.map(works);
    let page = page("Linux 6.18, user 7", &probes, Health::Able, None);
    assert!(page.starts_with("nsrun on Linux 6.18, user 7\n"), "{page}");
    assert!(
        page.ends_with("\n\nevery test can have its own sandbox here\n"),
        "{page}"
    );
    assert_eq!(page.matches(" works ").count(), 10, "{page}");
    assert!(!page.contains('['), "{page}");
}

#[test]
fn what_several_sandboxes_lack_is_explained_once() {
    let probes = Attempt::ALL.map(|attempt| {
        let has_net = attempt.kinds.contains(nsrun_core::Kind::Net);
        if has_net {
            fails(attempt, Step::Namespaces, ENOSPC, limit())
        } else {
            works(attempt)
        }
    });
    let without = Some(nsrun_core::Kind::Net.into());
    let page = page("a host", &probes, Health::Unable, without);
    assert_eq!(page.matches("ENOSPC [1]").count(), 4, "{page}");
    let note = "\n[1] cannot make the namespaces: ENOSPC: No space left on device\n    \
                because: the number of net namespaces is limited to 0\n    \
                run: sudo sysctl -w user.max_net_namespaces=15000\n\n";
    assert_eq!(page.matches(note).count(), 1, "{page}");
    assert!(page.contains("with `--share net` it has one"), "{page}");
}

#[test]
fn an_unknown_cause_is_said_to_be_unknown() {
    let probes = Attempt::ALL.map(|attempt| fails(attempt, Step::Loopback, EPERM, None));
    let page = page("a host", &probes, Health::Unable, None);
    assert!(page.contains("nsrun knows no cause"), "{page}");
    assert!(page.ends_with("\nno test can have its own sandbox here until that is mended\n"));
}

#[test]
fn no_line_is_wider_than_a_hundred_columns_and_commands_stay_whole() {
    let option = "--security-opt something=unconfined ".repeat(6);
    let long = Remedy {
        cause: "many words ".repeat(30),
        mend: Mend::Run(format!("docker run {option}image")),
    };
    let probes =
        Attempt::ALL.map(|attempt| fails(attempt, Step::EtcFiles, EPERM, Some(long.clone())));
    let page = page("a host", &probes, Health::Unable, Some(Kinds::ALL));
    for line in page.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
    let joined = page.replace(" \\\n     ", "");
    assert!(
        joined.contains(&format!("docker run {option}image")),
        "{page}"
    );
}
