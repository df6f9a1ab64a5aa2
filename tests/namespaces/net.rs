use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr as UnixAddr, UnixListener};

use nsrun::Sandbox;

use crate::common::{check, check_with};
use crate::read;

/// The names of the network devices.
fn devices() -> String {
    let table = read("/proc/self/net/dev");
    let names = table
        .lines()
        .skip(2)
        .filter_map(|line| line.split_once(':'));
    names
        .map(|(name, _)| name.trim())
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn there_is_lo_and_nothing_else() {
    check(Sandbox::new(), devices, |_| {
        assert_eq!(devices(), "lo");
        let listed = fs::read_dir("/sys/class/net").expect("there is a /sys");
        let listed: Vec<_> = listed.flatten().map(|device| device.file_name()).collect();
        assert_eq!(listed, ["lo"]);
    });
}

#[test]
fn no_routes_lead_out() {
    check(Sandbox::new(), String::new, |_| {
        let routes = read("/proc/self/net/route");
        assert_eq!(routes.lines().skip(1).count(), 0, "{routes}");
    });
}

#[test]
fn a_port_that_is_taken_outside_is_free_inside() {
    check_with(
        Sandbox::new(),
        || TcpListener::bind("127.0.0.1:0").expect("some port is free"),
        |taken| taken.local_addr().expect("it is bound").to_string(),
        |address| {
            let address: SocketAddr = address.parse().expect("it is one");
            TcpListener::bind(address).expect("it is free here");
        },
    );
}

#[test]
fn an_abstract_socket_that_is_taken_outside_is_free_inside() {
    let bind = |name: &str| UnixListener::bind_addr(&UnixAddr::from_abstract_name(name)?);
    let name = || format!("nsrun-tests-{}", std::process::id());
    check_with(
        Sandbox::new(),
        move || bind(&name()).expect("nobody else has that name"),
        move |_| name(),
        move |name| drop(bind(name).expect("it is free here")),
    );
}
