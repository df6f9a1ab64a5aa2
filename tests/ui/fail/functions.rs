use nsrun::ns_test;

#[ns_test]
async fn future() {}

#[ns_test]
fn arguments(_one: u8, _two: u8) {}

#[ns_test]
fn generic<T>() {}

#[ns_test]
const fn constant() {}

#[ns_test]
unsafe fn not_safe() {}

#[ns_test]
extern "C" fn foreign() {}

struct Struct;

impl Struct {
    #[ns_test]
    fn method(&self) {}
}

#[ns_test]
struct NoFunction;

#[ns_test]
mod no_function {}

trait Trait {
    #[ns_test]
    fn without_a_body();
}

fn main() {}
