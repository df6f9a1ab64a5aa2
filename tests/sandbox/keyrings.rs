//! Keys of whoever runs the supervisor (keyrings(7)), and those that are made inside.
#![expect(unsafe_code, reason = "nobody wraps these system calls")]

use std::ffi::CString;
use std::io;

use nsrun::{Kinds, Sandbox};

use crate::common::{Host, Stage};

/// The caller's session keyring, and the user's own (keyctl(2)).
#[derive(Clone, Copy, Debug)]
enum Keyring {
    Session = -3,
    User = -4,
}

impl Keyring {
    const BOTH: [Keyring; 2] = [Keyring::Session, Keyring::User];

    fn add(self, name: &str, payload: &str) -> io::Result<i64> {
        let name = c_string(name);
        let (kind, length) = (c"user".as_ptr(), payload.len());
        // SAFETY: both names are C strings and the payload is as long as is said, all for the call.
        let key = unsafe {
            libc::syscall(
                libc::SYS_add_key,
                kind,
                name.as_ptr(),
                payload.as_ptr(),
                length,
                self as i32,
            )
        };
        found(key)
    }

    fn search(self, name: &str) -> io::Result<i64> {
        let name = c_string(name);
        let operation = libc::KEYCTL_SEARCH;
        // SAFETY: both names are C strings that live for the call.
        let key = unsafe {
            libc::syscall(
                libc::SYS_keyctl,
                operation,
                self as i32,
                c"user".as_ptr(),
                name.as_ptr(),
                0,
            )
        };
        found(key)
    }

    fn unlink(self, key: i64) -> io::Result<i64> {
        // SAFETY: numbers only.
        found(unsafe { libc::syscall(libc::SYS_keyctl, libc::KEYCTL_UNLINK, key, self as i32) })
    }
}

fn c_string(name: &str) -> CString {
    CString::new(name).expect("it has no NUL")
}

fn found(key: i64) -> io::Result<i64> {
    if key < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(key)
    }
}

/// What is in a key.
fn read(key: i64) -> io::Result<String> {
    let mut payload = [0_u8; 64];
    let (buffer, room) = (payload.as_mut_ptr(), payload.len());
    // SAFETY: the buffer is as large as is said and lives for the call.
    let length =
        found(unsafe { libc::syscall(libc::SYS_keyctl, libc::KEYCTL_READ, key, buffer, room) })?;
    Ok(String::from_utf8_lossy(&payload[..length as usize]).into_owned())
}

/// A key in each of the caller's keyrings, of which the session keyring is a new one: without one
/// of its own, a process has its user's, which end with the user namespace anyway.
struct Keys {
    name: String,
    keys: [i64; 2],
}

impl Keys {
    fn add() -> Keys {
        let anonymous = std::ptr::null::<u8>();
        let operation = libc::KEYCTL_JOIN_SESSION_KEYRING;
        // SAFETY: a null pointer asks for a keyring without a name.
        let joined = unsafe { libc::syscall(libc::SYS_keyctl, operation, anonymous) };
        found(joined).expect("this kernel has keyrings");
        // A user's keyrings are those of all processes.
        let name = format!("nsrun-test-{}", std::process::id());
        let add = |keyring: Keyring| keyring.add(&name, "secret").expect("there is room");
        let keys = Keyring::BOTH.map(add);
        Keys { name, keys }
    }

    /// They are where they were, and those that are made inside are not.
    fn seen(&self) -> String {
        for (keyring, key) in Keyring::BOTH.into_iter().zip(self.keys) {
            assert_eq!(keyring.search(&self.name).ok(), Some(key), "{keyring:?}");
            assert_eq!(
                keyring.search(&inside(&self.name)).ok(),
                None,
                "{keyring:?}"
            );
        }
        self.name.clone()
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        for (keyring, key) in Keyring::BOTH.into_iter().zip(self.keys) {
            let _ = keyring.unlink(key);
        }
    }
}

/// What a key is called that is made inside.
fn inside(name: &str) -> String {
    format!("{name}-inside")
}

fn has_its_own(name: &str) {
    for keyring in Keyring::BOTH {
        for absent in [name, &inside(name)] {
            assert_eq!(keyring.search(absent).ok(), None, "{keyring:?}: {absent}");
        }
        let key = keyring.add(&inside(name), "inside");
        let key = key.expect("the keyring is its own");
        assert_eq!(keyring.search(&inside(name)).ok(), Some(key));
    }
    let key = Keyring::Session.search(&inside(name)).expect("it is there");
    assert_eq!(read(key).expect("it is possessed"), "inside");
}

/// A process of its own for each user: a server has the session keyring of the thread that has
/// started it.
fn host() -> Host {
    Host {
        wrapper: vec!["env"],
        dir: None,
    }
}

macro_rules! own_keyrings {
    ($($name:ident: $sandbox:expr;)*) => {$(
        #[test]
        fn $name() {
            host().check_with($sandbox, Keys::add, Keys::seen, |name| has_its_own(name));
        }
    )*};
}

own_keyrings! {
    neither_the_callers_nor_the_users_by_default: Sandbox::new();
    nor_as_root_inside: Sandbox::new().root();
    nor_where_all_else_is_shared: Sandbox::with(Kinds::NONE);
}

#[test]
fn nor_those_of_the_sandbox_before() {
    for _ in 0..2 {
        host().check_with(Sandbox::new(), Keys::add, Keys::seen, |name| {
            has_its_own(name);
        });
        if Stage::current() == Stage::Inside {
            return;
        }
    }
}
