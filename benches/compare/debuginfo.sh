# Suite S against the same with 200 MB of debug info, which no test needs and nobody should read.

goals_debuginfo() {
    prepare "$2"
    write_padded "$2"
    in_turns "$1" nsrun_s padded
    ratio "S with 200 MB of debug info / S" "≤ 1.00" wall padded nsrun_s
    rm -rf "$dir/padded"
}

# The section is one of those that are not loaded, and its contents cannot be left out as a hole.
write_padded() {
    local padded=$dir/padded
    write_crate "$padded" padded "nsrun = { path = \"$root\" }"
    head -c 200000000 /dev/urandom > "$padded/debug"
    {
        cat "$dir/s/src/lib.rs"
        echo '#[cfg(test)]'
        echo 'core::arch::global_asm!('
        echo '    ".section .debug_padding, \"\", @progbits",'
        echo "    \".incbin \\\"$padded/debug\\\"\","
        echo '    ".previous",'
        echo ');'
    } | write "$padded/src/lib.rs"
    (cd "$padded" && CARGO_INCREMENTAL=0 cargo test --quiet --no-run)
    [ -n "$(find "$padded/target/debug/deps" -name 'suite_padded-*' -size +190M)" ] ||
        die "the debug info did not arrive in the binary"
}

# As it was built: another setting would have cargo build again.
run_padded() {
    (cd "$dir/padded" && CARGO_INCREMENTAL=0 "$NSRUN" nsrun test)
}
