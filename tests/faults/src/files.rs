//! Files, the network, the host.

crate::fault::faults! { "files":
    changes_its_root: Pass, "";
    changes_the_root_of_all: Pass, "";
    fills_tmp: Pass, "";
    mounts_over_the_root: Pass, "";
    no_file_may_be_opened: Pass, "";
    no_file_may_grow: Pass, "";
    nobody_reads_what_is_forbidden: Pass, "";
    runs_out_of_files: Pass, "";
    sets_the_host_name: Pass, "";
    settings_of_the_host_are_read_only: Pass, "";
    the_host_name_resolves: Pass, "";
    the_kernel_takes_no_requests: Pass, "";
    the_outside_is_out_of_reach: Pass, "";
    tmp_is_private: Pass, "";
    unmounts_tmp: Pass, "";
}
