use nsrun::ns_test;

#[ns_test(net = true)]
fn kind_with_a_value() {}

#[ns_test(pid(1))]
fn kind_with_a_list() {}

#[ns_test(root = true)]
fn root() {}

#[ns_test(hostname)]
fn hostname_alone() {}

#[ns_test(hostname = 1)]
fn hostname_number() {}

#[ns_test(hostname = )]
fn hostname_nothing() {}

#[ns_test(hostname = "")]
fn hostname_empty() {}

#[ns_test(hostname = "a2345678901234567890123456789012345678901234567890123456789012345")]
fn hostname_long() {}

#[ns_test(hostname = "a\0b")]
fn hostname_nul() {}

#[ns_test(time = "49d")]
fn time_value() {}

#[ns_test(time())]
fn time_empty() {}

#[ns_test(time("49d"))]
fn time_literal() {}

#[ns_test(time(monotonic = 49))]
fn clock_number() {}

#[ns_test(time(boottime = "49"))]
fn clock_without_unit() {}

#[ns_test(tmp_size = 64)]
fn size_number() {}

#[ns_test(tmp_size = "much")]
fn size_word() {}

#[ns_test(tmp_size = "0")]
fn size_zero() {}

#[ns_test(share)]
fn share_alone() {}

#[ns_test(share())]
fn share_empty() {}

#[ns_test(share = "net")]
fn share_value() {}

#[ns_test(share(net = 1))]
fn share_kind_value() {}

#[ns_test(share("net"))]
fn share_quoted_kind() {}

#[ns_test(share("run/docker.sock"))]
fn share_relative_path() {}

#[ns_test(share(""))]
fn share_no_path() {}

#[ns_test(share("/tmp/"))]
fn share_tmp() {}

#[ns_test(share("/a\0b"))]
fn share_nul() {}

#[ns_test(share("/a", net, "/a"))]
fn share_path_twice() {}

#[ns_test(share(b"/a"))]
fn share_bytes() {}

#[ns_test(timeout = 10)]
fn timeout_number() {}

#[ns_test(timeout = "soon")]
fn timeout_word() {}

#[ns_test(timeout = "0s")]
fn timeout_zero() {}

#[ns_test(leaks)]
fn leaks_alone() {}

#[ns_test(leaks = true)]
fn leaks_flag() {}

#[ns_test(leaks = "ignore")]
fn leaks_word() {}

#[ns_test(crate = "nsrun")]
fn crate_string() {}

#[ns_test(crate)]
fn crate_alone() {}

fn main() {}
