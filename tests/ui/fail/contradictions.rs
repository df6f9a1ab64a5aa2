use nsrun::ns_test;

#[ns_test(net, hostname = "db")]
fn hostname_without_uts() {}

#[ns_test(hostname = "db", share(uts))]
fn hostname_with_shared_uts() {}

#[ns_test(net, pid, share(net))]
fn asked_and_shared() {}

#[ns_test(time(monotonic = "1s"), share(time))]
fn clocks_shared() {}

fn main() {}
