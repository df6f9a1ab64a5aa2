//! Links the targets below `tests` in the way that drops most: lld collects by default what nothing
//! refers to but the bounds of its section, and other linkers if they are told to (ld(1)).

fn main() {
    println!("cargo::rustc-link-arg-tests=-Wl,-z,start-stop-gc");
}
