//! What the arguments add up to. What is wrong with them is a matter of `tests/ui`.

use super::*;

fn parse(text: &str) -> Result<Args, TokenStream> {
    let mut errors = Errors::default();
    let args = Args::parse(text.parse().expect("tokens"), &mut errors);
    match errors.compile_errors() {
        None => Ok(args),
        Some(errors) => Err(errors),
    }
}

fn kinds(text: &str) -> String {
    let args = parse(text).expect(text);
    let names: Vec<&str> = args.kinds.into_iter().map(Kind::name).collect();
    names.join(",")
}

#[test]
fn the_kinds() {
    let table = [
        ("", "net,pid,uts,ipc"),
        ("net", "net"),
        ("pid, net,", "pid,net"),
        ("root", "net,pid,uts,ipc"),
        ("root, net", "net"),
        ("timeout = \"1s\", cgroup", "cgroup"),
        ("time", "time"),
        ("time(monotonic = \"1d\")", "net,pid,uts,ipc,time"),
        ("time(monotonic = \"1d\"), pid", "pid,time"),
        ("hostname = \"db\"", "net,pid,uts,ipc"),
        ("hostname = \"db\", uts", "uts"),
        ("share(net)", "pid,uts,ipc"),
        ("share(net, pid, uts, ipc)", ""),
        ("pid, share(net)", "pid"),
        ("share(\"/a\")", "net,pid,uts,ipc"),
        ("share(\"/a\", net)", "pid,uts,ipc"),
    ];
    for (args, expected) in table {
        assert_eq!(kinds(args), expected, "#[ns_test({args})]");
    }
}

#[test]
fn the_values() {
    let args = parse(
        "root, hostname = \"db\", time(monotonic = \"49d\", boottime = \"1ms\"), \
         tmp_size = \"64M\", share(\"/a b\", cgroup, \"/c\"), timeout = \"1m 30s\", crate = a::b",
    )
    .expect("valid");
    assert!(args.root);
    assert_eq!(args.hostname.as_deref(), Some("db"));
    let clocks = args.clocks.expect("clocks");
    assert_eq!(clocks.monotonic, Duration::from_secs(49 * 24 * 60 * 60));
    assert_eq!(clocks.boottime, Duration::from_millis(1));
    assert_eq!(args.tmp_size, Some(64 << 20));
    assert_eq!(args.share, ["/a b", "/c"]);
    assert_eq!(args.timeout, Some(Duration::from_secs(90)));
    assert_eq!(args.krate.to_string(), "a :: b");
}

#[test]
fn sizes_are_binary() {
    for (written, bytes) in [
        ("1", 1),
        ("1k", 1 << 10),
        ("1MB", 1 << 20),
        ("1.5GiB", 3 << 29),
    ] {
        let args = parse(&format!("tmp_size = \"{written}\"")).expect(written);
        assert_eq!(args.tmp_size, Some(bytes), "{written}");
    }
}

#[test]
fn how_long_a_host_name_may_be() {
    for (len, valid) in [(0, false), (1, true), (64, true), (65, false)] {
        let args = parse(&format!("hostname = \"{}\"", "a".repeat(len)));
        assert_eq!(args.is_ok(), valid, "{len} bytes");
    }
}

#[test]
fn what_the_path_of_the_crate_may_be() {
    for path in ["a", "::a", "a::b", "crate", "self::a", "super::a", "r#if"] {
        assert!(parse(&format!("crate = {path}")).is_ok(), "{path}");
    }
    for other in [
        "", "if", "a::if", "::", "a::", "a b", "a::<u8>", "<a>::b", "1", "_",
    ] {
        assert!(parse(&format!("crate = {other}")).is_err(), "{other}");
    }
}
