use nsrun::ns_test;

// One pass tells of all that is wrong.
#[ns_test(nett, timeout = 10, user, share(pid), pid, hostname = "db")]
async fn several<T>(_argument: T) {}

fn main() {}
