# A crate with nsrun as its only dev-dependency against one with syn and nix instead, built from
# nothing. nix compiles next to nothing unless features are asked for: it is tried with none, and
# with those that nsrun-core asks for. Incremental builds are off: for what comes from a registry
# they always are.

goals_build() {
    local dir=$base/build features
    # The first, since the dev-dependencies have more.
    features=$(sed -n '/^nix = /{s/.*features = \(\[.*\]\).*/\1/p;q}' "$root/nsrun-core/Cargo.toml")
    write_cold nsrun "nsrun = { path = \"$root\" }"
    write_cold bare 'syn = { version = "3", features = ["derive"] }
nix = "0.31"'
    write_cold same "syn = { version = \"3\", features = [\"derive\"] }
nix = { version = \"0.31\", features = $features }"
    in_turns "$1" build_nsrun build_bare build_same
    ratio "cold build with nsrun / with syn and nix" "≤ 1.25" wall build_nsrun build_bare
    ratio "cold build with nsrun / with syn and nix" "≤ 1.25" cpu build_nsrun build_bare
    ratio "the same, nix with the features we use" "" wall build_nsrun build_same
    ratio "the same, nix with the features we use" "" cpu build_nsrun build_same
    rm -rf "$dir"
}

# write_cold CRATE DEPENDENCIES
write_cold() {
    write_crate "$dir/$1" "$1" "$2"
    echo '' | write "$dir/$1/src/lib.rs"
    (cd "$dir/$1" && cargo fetch --quiet)
}

before_build_nsrun() {
    rm -rf "$dir/nsrun/target"
}

before_build_bare() {
    rm -rf "$dir/bare/target"
}

before_build_same() {
    rm -rf "$dir/same/target"
}

run_build_nsrun() {
    cold nsrun
}

run_build_bare() {
    cold bare
}

run_build_same() {
    cold same
}

cold() {
    (cd "$dir/$1" && CARGO_INCREMENTAL=0 cargo test --offline --no-run)
}
