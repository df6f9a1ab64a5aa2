//! Standard input, and the terminal.

crate::fault::faults! { "streams":
    stdin_is_at_its_end: Pass, "";
    takes_the_terminal: Pass, "";
    there_is_no_terminal: Pass, "";
}
