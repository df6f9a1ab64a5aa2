# One sandbox beside its floors, which `cargo nsrun overhead` measures in turns by itself.

goals_sandbox() {
    local measured
    measured=$("$NSRUN" nsrun overhead --message-format json)
    beside_the_floor "one sandbox / what none can do without, bare" "" "default"
    beside_the_floor "one sandbox / the same system calls, bare" "≤ 1.15" "default, set up"
}

# beside_the_floor WHAT GOAL NAME
beside_the_floor() {
    row "$1, wall" "$2" "$(of_measured '.ratios[$name] * 100 | round / 100' "$3")" \
        "$(of_measured '"\(.nsrun_ms[$name].p50) ms / \(.floor_ms[$name].p50) ms"' "$3")"
}

# of_measured EXPRESSION NAME
of_measured() {
    jq -r --arg name "$2" "$1" <<< "$measured"
}

# As many sandboxes as there are tests, empty, on every core, by bare system calls: below that nobody
# comes who sets up the same.
run_bare() {
    local cores i pid pids=()
    cores=$(nproc)
    for ((i = 0; i < cores; i++)); do
        bare $((tests / cores)) &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do
        wait "$pid" || return
    done
}

# bare COUNT: it answers with a time for each, or with what failed.
bare() {
    local times
    times=$(echo "$1" | "$NSRUN" --nsrun-floor whole user,mount,net,pid,uts,ipc)
    [ "$(wc -w <<< "$times")" = "$1" ]
}
