# One function a runner: runs the suite in $dir/s (#[ns_test]) or $dir/u (#[test]) once.

# The names of all of them.
known() {
    declare -F | sed -n 's/^declare -f run_//p' | sort
}

# Those that are installed, the one to compare with first.
there_are() {
    echo nextest
    command -v bwrap > /dev/null && echo nextest_bwrap
    # Its worker makes its files with FUSE.
    [ -w /dev/fuse ] && command -v cargo-maelstrom > /dev/null && echo maelstrom
    printf '%s\n' nsrun_s nsrun_u test_s
}

# Without any isolation.
run_nextest() {
    (cd "$dir/u" && SUITE_PORT=0 cargo nextest run)
}

# With bubblewrap around each test. The list of tests is made in a sandbox of its own as well.
run_nextest_bwrap() {
    local bwrap='["bwrap", "--unshare-all", "--dev-bind", "/", "/", "--proc", "/proc", "--tmpfs", "/tmp"]'
    (cd "$dir/u" && cargo nextest run --config "target.'cfg(all())'.runner=$bwrap")
}

# In containers of its own, by the worker that it starts where no broker is named.
run_maelstrom() {
    (cd "$dir/u" && cargo maelstrom)
}

run_nsrun_s() {
    (cd "$dir/s" && "$NSRUN" nsrun test)
}

run_nsrun_u() {
    (cd "$dir/u" && "$NSRUN" nsrun test)
}

# Every test executed, none forked.
run_nsrun_s_exec() {
    (cd "$dir/s" && "$NSRUN" nsrun test --server exec)
}

run_test_s() {
    (cd "$dir/s" && cargo test)
}

# One process, no isolation.
run_test_u() {
    (cd "$dir/u" && SUITE_PORT=0 cargo test)
}
