//! Processes and signals.

crate::fault::faults! { "processes":
    a_fork_bomb: Leak, "left behind and killed: pid ";
    forks_twice: Leak, "sleep 3602";
    is_not_process_one: Pass, "";
    kills_everybody: Crash("KILL"), "ended by signal KILL";
    kills_its_group: Crash("KILL"), "ended by signal KILL";
    kills_its_parent: Pass, "";
    kills_process_one: Pass, "";
    leaves_a_daemon_that_forgets_its_environment: Leak, "sleep 3603";
    leaves_a_daemon_with_its_stdout: Leak, "sleep 3600";
    leaves_a_daemon_without_streams: Leak, "sleep 3601";
    leaves_two_thousand_orphans: Pass, "";
    signals_are_as_a_program_expects_them: Pass, "";
}
