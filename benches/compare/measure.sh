# What the scripts of this folder share: runs in turns, and the medians of what these took.

# Sets NSRUN, and base, where suites and builds go.
find_tools() {
    local target
    target=$(cd "$root" && cargo metadata --no-deps --format-version 1 |
        sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
    if [ -z "${NSRUN:-}" ]; then
        (cd "$root" && cargo build --quiet --release -p cargo-nsrun)
        NSRUN=$target/release/cargo-nsrun
    fi
    mkdir -p "${COMPARE_DIR:=$target/compare}"
    base=$(cd "$COMPARE_DIR" && pwd)
    trap 'rm -f "$base"/times.* "$base/turn"' EXIT
    unset CARGO_TARGET_DIR
}

# Builds both suites with that many tests; sets dir.
prepare() {
    dir=$base/$1
    write_suites "$dir" "$1" "$root"
    local suite
    for suite in s u; do
        (cd "$dir/$suite" && cargo test --quiet --no-run)
    done
}

# in_turns ROUNDS RUNNER...: a file of "wall busy" for each runner, after one turn that does not
# count. What a runner needs done before each of its turns is in a function of its own.
in_turns() {
    local rounds=$1 round runner
    shift
    for runner; do
        rm -f "$base/times.$runner"
    done
    for ((round = 0; round <= rounds; round++)); do
        for runner; do
            if declare -F "before_$runner" > /dev/null; then
                "before_$runner"
            fi
            turn "$runner" > "$base/turn"
            [ "$round" = 0 ] || cat "$base/turn" >> "$base/times.$runner"
        done
    done
    rm -f "$base/log"
}

# "wall busy" of one run.
turn() {
    local before start
    before=$(busy) start=$EPOCHREALTIME
    "run_$1" > "$base/log" 2>&1 || die "$1 failed, see $base/log"
    echo "$start $EPOCHREALTIME $before $(busy)" | awk '{ print $2 - $1, $4 - $3 }'
}

# Seconds for which the processors were not idle, all together.
busy() {
    awk -v hz="$(getconf CLK_TCK)" '/^cpu / { print ($2 + $3 + $4 + $7 + $8) / hz }' /proc/stat
}

# wall RUNNER, cpu RUNNER: medians, in seconds.
wall() {
    awk '{ print $1 }' "$base/times.$1" | median
}

cpu() {
    awk '{ print $2 }' "$base/times.$1" | median
}

median() {
    sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'
}

die() {
    echo "compare: $*" >&2
    exit 2
}
