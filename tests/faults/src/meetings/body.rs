//! What is done in each.

use std::fs::File;
use std::net::TcpListener;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::time::Duration;

/// Two of these tests would meet in a directory that they share.
fn create_once() {
    File::create_new("/var/tmp/faults-met").unwrap();
}

pub(super) fn one_of_two_that_would_meet() {
    create_once();
}

pub(super) fn another_of_two_that_would_meet() {
    create_once();
}

fn bind_all() {
    let _port = TcpListener::bind("127.0.0.1:8080").unwrap();
    let _low = TcpListener::bind("[::1]:80").unwrap();
    let name = SocketAddr::from_abstract_name("faults").unwrap();
    let _abstract = UnixListener::bind_addr(&name).unwrap();
    std::thread::sleep(Duration::from_millis(300));
}

pub(super) fn binds_port_8080() {
    bind_all();
}

pub(super) fn binds_port_8080_too() {
    bind_all();
}

pub(super) fn binds_port_8080_as_well() {
    bind_all();
}
