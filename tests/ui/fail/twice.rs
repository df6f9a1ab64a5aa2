use nsrun::ns_test;

#[ns_test(net, pid, net)]
fn kind() {}

#[ns_test(root, root)]
fn option() {}

#[ns_test(hostname = "a", hostname = "b")]
fn value() {}

#[ns_test(time, time(monotonic = "1s"))]
fn time() {}

#[ns_test(time(monotonic = "1s", monotonic = "1s"))]
fn clock() {}

#[ns_test(share(net, pid, net))]
fn shared() {}

#[ns_test(net)]
#[ns_test(pid)]
fn attribute() {}

fn main() {}
