//! A server that insists on its port. It knows nothing of nsrun.
//!
//! ```text
//! cargo test       --manifest-path demo/Cargo.toml    # the tests clash
//! cargo nsrun test --manifest-path demo/Cargo.toml    # each has its own machine
//! ```

use std::fs::File;
use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// Where a server listens, always.
pub const ADDRESS: &str = "127.0.0.1:8080";

/// The file that says which server was started.
pub const LOCK_FILE: &str = "/tmp/nsrun-demo.lock";

/// Starts a server that says its name to whoever connects, as long as this process lives.
///
/// # Errors
/// If the port is taken.
pub fn start(name: &'static str) -> io::Result<()> {
    let listener = TcpListener::bind(ADDRESS)?;
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            // A client that does not listen has only itself to blame.
            let _ = client.write_all(name.as_bytes());
        }
    });
    Ok(())
}

/// Asks the server for its name.
///
/// # Errors
/// If nobody listens.
pub fn ask() -> io::Result<String> {
    io::read_to_string(TcpStream::connect(ADDRESS)?)
}

/// Takes the lock, which nobody ever gives back.
///
/// # Errors
/// If somebody has it.
pub fn lock(name: &str) -> io::Result<()> {
    File::create_new(LOCK_FILE)?.write_all(name.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::ADDRESS;

    /// It needs nothing, so that it passes anywhere.
    #[test]
    fn the_address_is_one() {
        assert!(ADDRESS.parse::<std::net::SocketAddr>().is_ok());
    }
}
