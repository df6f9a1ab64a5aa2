# Writes the two suites: the same tests, once as #[ns_test], once as plain #[test].
#
# Each binds a port of 127.0.0.1 and exchanges one byte. Inside a sandbox all of them take 8080; on
# the host, where they would fight over it, SUITE_PORT=0 gives each another.

# write_suites DIR TESTS REPOSITORY
write_suites() {
    local dir=$1 tests=$2 repository=$3
    write_crate "$dir/s" s "nsrun = { path = \"$repository\" }"
    write_crate "$dir/u" u ""
    write_tests "$dir/s" '#[nsrun::ns_test]' "$tests"
    write_tests "$dir/u" '#[test]' "$tests"
    write_containers "$dir/u"
}

# What cargo-maelstrom does of itself, but with a loopback interface: otherwise there is none.
write_containers() {
    write "$1/cargo-maelstrom.toml" << 'TOML'
[[directives]]
network = "loopback"
layers = [{ stubs = ["/{proc,sys,tmp}/", "/dev/{full,null,random,urandom,zero}"] }]
mounts = [
    { type = "tmp", mount_point = "/tmp" },
    { type = "proc", mount_point = "/proc" },
    { type = "sys", mount_point = "/sys" },
    { type = "devices", devices = ["full", "null", "random", "urandom", "zero"] },
]
TOML
}

# write_crate DIR NAME DEPENDENCY
write_crate() {
    mkdir -p "$1/src" "$1/.config"
    write "$1/Cargo.toml" << TOML
[package]
name = "suite-$2"
version = "0.0.0"
edition = "2024"

[lib]
doctest = false

[dev-dependencies]
$3

[workspace]
TOML
}

# write_tests DIR ATTRIBUTE TESTS
write_tests() {
    tests "$2" "$3" | write "$1/src/lib.rs"
}

# tests ATTRIBUTE TESTS: what stands in the file.
tests() {
    body
    local number
    for ((number = 0; number < $2; number++)); do
        printf '\n%s\nfn test_%05d() {\n    crate::exchange();\n}\n' "$1" "$number"
    done
    printf '}\n'
}

body() {
    cat << 'RUST'
#[cfg(test)]
fn exchange() {
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};

    let port = std::env::var("SUITE_PORT").map_or(8080, |port| port.parse().unwrap());
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (mut server, _) = listener.accept().unwrap();
    client.write_all(b"x").unwrap();
    let mut byte = [0];
    server.read_exact(&mut byte).unwrap();
    assert_eq!(&byte, b"x");
}

#[cfg(test)]
mod tests {
RUST
}

# Leaves a file alone that has these contents, so that cargo need not build again.
write() {
    local contents
    contents=$(cat; printf x)
    [ "$(cat "$1" 2> /dev/null; printf x)" = "$contents" ] || printf %s "${contents%x}" > "$1"
}
