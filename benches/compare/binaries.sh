# Ten binaries of as many tests each against one of them, and what the supervisor holds meanwhile:
# memory, descriptors, processes, files.

goals_binaries() {
    local tests=$2 dir=$base/binaries-$2
    write_binaries
    (cd "$dir" && cargo test --quiet --no-run)
    in_turns "$1" one ten
    ratio "each test, ten binaries of $tests / one" "≤ 1.05" wall ten one 10
    supervised
    rm -rf "$dir/tmp" "$dir/samples"
}

write_binaries() {
    write_crate "$dir" binaries "nsrun = { path = \"$root\" }"
    mkdir -p "$dir/tests"
    echo '' | write "$dir/src/lib.rs"
    local number
    for number in {0..9}; do
        tests "#[nsrun::ns_test]" "$tests" | write "$dir/tests/binary_$number.rs"
    done
}

run_one() {
    (cd "$dir" && "$NSRUN" nsrun test --test binary_0)
}

run_ten() {
    (cd "$dir" && "$NSRUN" nsrun test --test '*')
}

# One more run of all, watched: that costs time. Whatever belongs to it is known by its environment.
supervised() {
    local mark=nsrun-compare-$$-$EPOCHREALTIME files supervisor
    mkdir -p "$dir/tmp"
    files=$(count_files)
    (cd "$dir" && COMPARE_MARK=$mark TMPDIR=$dir/tmp exec "$NSRUN" nsrun test --test '*') \
        > "$base/log" 2>&1 &
    supervisor=$!
    watch "$supervisor" > "$dir/samples"
    wait "$supervisor" || die "the watched run failed, see $base/log"
    row "processes left when it has ended" 0 "$(processes_of "$mark")"
    row "files left" 0 "$(($(count_files) - files))"
    row "the supervisor's memory at most" "≤ 48 MiB" "$(column 1 | at_most | to_mib) MiB"
    quarters "its descriptors" 2
    quarters "processes below it" 3
}

count_files() {
    find "$dir" ! -path "$dir/samples" | wc -l
}

processes_of() {
    grep -lzsxF "COMPARE_MARK=$1" /proc/[0-9]*/environ | wc -l
}

# A line of "peak-kB descriptors processes" for every tenth of a second of a process.
watch() {
    local peak descriptors
    while peak=$(awk '/^VmHWM/ { print $2 }' "/proc/$1/status" 2> /dev/null) && [ -n "$peak" ]; do
        descriptors=("/proc/$1/fd/"*)
        echo "$peak ${#descriptors[@]} $(descendants "$1" | wc -w)"
        sleep 0.1
    done
}

# Processes end while they are looked for.
descendants() {
    local list children child
    for list in "/proc/$1/task/"*/children; do
        children=()
        # Without a line's end, which read takes for a failure.
        { read -r -a children < "$list"; } 2> /dev/null || true
        for child in "${children[@]}"; do
            echo "$child"
            descendants "$child"
        done
    done
}

# quarters WHAT COLUMN: what grows in a run is larger in the last quarter of it.
quarters() {
    local quarter first last
    quarter=$((($(wc -l < "$dir/samples") + 3) / 4))
    first=$(column "$2" | head -n "$quarter" | at_most)
    last=$(column "$2" | tail -n "$quarter" | at_most)
    row "$1 at most, last quarter of the run - first" "≤ 0" $((last - first)) "$last - $first"
}

column() {
    awk -v column="$1" '{ print $column }' "$dir/samples"
}

at_most() {
    sort -n | tail -n 1
}

to_mib() {
    awk '{ printf "%.1f", $1 / 1024 }'
}
