# A crate with nsrun as its only dev-dependency against one with syn and nix instead, both built
# from nothing. Incremental builds are off: for what comes from a registry they always are.

goals_build() {
    local dir=$base/build
    write_crate "$dir/nsrun" nsrun "nsrun = { path = \"$root\" }"
    write_crate "$dir/bare" bare 'syn = { version = "3", features = ["derive"] }
nix = "0.31"'
    local crate
    for crate in nsrun bare; do
        echo '' | write "$dir/$crate/src/lib.rs"
        (cd "$dir/$crate" && cargo fetch --quiet)
    done
    in_turns "$1" build_nsrun build_bare
    ratio "cold build with nsrun / with syn and nix" "≤ 1.25" wall build_nsrun build_bare
    ratio "cold build with nsrun / with syn and nix" "" cpu build_nsrun build_bare
    rm -rf "$dir"
}

before_build_nsrun() {
    rm -rf "$dir/nsrun/target"
}

before_build_bare() {
    rm -rf "$dir/bare/target"
}

run_build_nsrun() {
    (cd "$dir/nsrun" && CARGO_INCREMENTAL=0 cargo test --offline --no-run)
}

run_build_bare() {
    (cd "$dir/bare" && CARGO_INCREMENTAL=0 cargo test --offline --no-run)
}
