//! What the decoders make of anything at all.
//!
//! A few hundred cases each; as many as you like with `PROPTEST_CASES=1000000`.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::time::Duration;

use nix::errno::Errno;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::message::WORDS;
use super::{Facts, Message, Registered, Request, hello};
use crate::kind::Kinds;
use crate::program::{Exec, HarnessOutput, Program, RecordFd, Session, Start};
use crate::spec::{Clocks, Identity, Leaks, Spec};
use crate::step::{Failure, Step};

fn os_string() -> impl Strategy<Value = OsString> {
    vec(any::<u8>(), 0..12).prop_map(OsString::from_vec)
}

fn duration() -> impl Strategy<Value = Duration> {
    (any::<u64>(), 0..1_000_000_000u32).prop_map(|(seconds, nanos)| Duration::new(seconds, nanos))
}

fn paths() -> impl Strategy<Value = Vec<std::path::PathBuf>> {
    vec(os_string().prop_map(Into::into), 0..3)
}

fn spec() -> impl Strategy<Value = Spec> {
    let who = (any::<u8>(), any::<bool>(), option::of(".{0,8}"));
    let times = (duration(), duration(), option::of(duration()));
    let rest = (any::<u64>(), option::of(any::<bool>()), paths(), paths());
    (who, times, rest).prop_map(|(who, times, rest)| {
        let mut spec = Spec::new(Kinds::NONE);
        spec.kinds = Kinds::from_bits(who.0);
        spec.identity = if who.1 { Identity::Root } else { Identity::Own };
        spec.hostname = who.2;
        spec.clocks = Clocks {
            monotonic: times.0,
            boottime: times.1,
        };
        spec.timeout = times.2;
        spec.tmp_size = rest.0;
        spec.leaks = rest
            .1
            .map(|fail| if fail { Leaks::Fail } else { Leaks::Warn });
        (spec.keep, spec.share) = (rest.2, rest.3);
        spec
    })
}

fn program() -> impl Strategy<Value = Program> {
    let main = vec(os_string(), 0..4).prop_map(|arguments| Program::Main { arguments });
    let test = (any::<usize>(), ".{0,8}").prop_map(|(number, name)| Program::Test { number, name });
    let environment = option::of(vec((os_string(), os_string()), 0..3));
    let exec = (
        os_string(),
        vec(os_string(), 0..4),
        environment,
        option::of(os_string()),
    );
    let exec = exec.prop_map(|(path, arguments, environment, working_dir)| {
        Program::Exec(Exec {
            path: path.into(),
            arguments,
            environment,
            working_dir: working_dir.map(Into::into),
        })
    });
    prop_oneof![main, test, exec]
}

fn request() -> impl Strategy<Value = Request> {
    let session = select(vec![Session::Own, Session::Callers]);
    let harness = select(vec![HarnessOutput::Shown, HarnessOutput::Hidden]);
    let record = select(vec![RecordFd::Closed, RecordFd::Open, RecordFd::Announced]);
    let start = select(vec![Start::AtOnce, Start::WhenTold]);
    (spec(), program(), session, harness, record, start).prop_map(
        |(spec, program, session, harness, record, start)| Request {
            spec,
            program,
            session,
            harness,
            record,
            start,
        },
    )
}

fn registered() -> impl Strategy<Value = Registered> {
    let test = (".{0,8}", spec(), any::<bool>());
    test.prop_map(|(name, spec, callable)| Registered {
        name,
        spec,
        callable,
    })
}

fn message() -> impl Strategy<Value = Message> {
    let facts = (any::<i32>(), any::<[u64; 8]>(), any::<u16>(), any::<u64>());
    let facts = facts.prop_map(|(pid, inodes, loopback, tmp_device)| Facts {
        pid,
        inodes,
        loopback,
        tmp_device,
    });
    let failure = (select(Step::ALL), 1..100).prop_map(|(step, errno)| Failure {
        step,
        errno: Errno::from_raw(errno),
    });
    prop_oneof![
        any::<i32>().prop_map(|pid| Message::Born { pid }),
        failure.prop_map(Message::Failed),
        facts.prop_map(Message::Attested),
        (any::<i32>(), any::<bool>())
            .prop_map(|(status, survivors)| Message::Ended { status, survivors }),
        any::<i32>().prop_map(Message::Signal),
    ]
}

/// Bytes that begin well and have gone wrong somewhere.
fn spoilt(good: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let spoils = vec((any::<prop::sample::Index>(), any::<u8>()), 1..4);
    let spoilt = (good, spoils).prop_map(|(mut bytes, spoils)| {
        for (place, byte) in spoils {
            if !bytes.is_empty() {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
        }
        bytes
    });
    prop_oneof![vec(any::<u8>(), 0..200), spoilt]
}

proptest! {
    #[test]
    fn a_request_is_read_as_it_was_written(request in request()) {
        prop_assert_eq!(Request::decode(&request.encode()), Ok(request));
    }

    /// What can be read holds nothing that did not stand there, however long it claims to be.
    #[test]
    fn anything_is_a_request_or_malformed(
        bytes in spoilt(request().prop_map(|request| request.encode())),
    ) {
        if let Ok(request) = Request::decode(&bytes) {
            prop_assert_eq!(request.encode(), bytes);
        }
    }

    #[test]
    fn a_hello_is_read_as_it_was_written(tests in vec(registered(), 0..3)) {
        prop_assert_eq!(hello::decode(&hello::encode(&tests)), Ok(tests));
    }

    #[test]
    fn anything_is_a_hello_or_malformed(
        bytes in spoilt(vec(registered(), 0..3).prop_map(|tests| hello::encode(&tests))),
    ) {
        if let Ok(tests) = hello::decode(&bytes) {
            prop_assert_eq!(hello::encode(&tests), bytes);
        }
    }

    #[test]
    fn a_message_is_read_as_it_was_written(message in message()) {
        prop_assert_eq!(Message::from_bytes(&message.to_bytes()), Some(message));
    }

    #[test]
    fn anything_is_a_message_or_none(
        kind in 0..8u8,
        bytes in spoilt(vec(any::<u8>(), WORDS * 8)),
    ) {
        let mut bytes = bytes;
        if let Some(first) = bytes.first_mut() {
            *first = kind;
        }
        if let Some(message) = Message::from_bytes(&bytes) {
            prop_assert_eq!(Message::from_bytes(&message.to_bytes()), Some(message));
        }
    }
}
