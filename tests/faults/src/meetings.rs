//! Tests that would meet in what they share. They run at the same time.

crate::fault::faults! { "meetings":
    another_of_two_that_would_meet: Pass, "";
    binds_port_8080: Pass, "";
    binds_port_8080_as_well: Pass, "";
    binds_port_8080_too: Pass, "";
    one_of_two_that_would_meet: Pass, "";
}
