use nsrun::ns_test;

#[ns_test(nett)]
fn kind() {}

#[ns_test(net, hostnam = "db", uts)]
fn option() {}

#[ns_test(net::pid)]
fn path() {}

#[ns_test("net")]
fn literal() {}

#[ns_test(user)]
fn user() {}

#[ns_test(mount)]
fn mount() {}

#[ns_test(share(nett))]
fn shared() {}

#[ns_test(share(mount))]
fn shared_mount() {}

#[ns_test(time(realtime = "1s"))]
fn clock() {}

#[ns_test(net pid)]
fn no_comma() {}

fn main() {}
