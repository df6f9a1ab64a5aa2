//! What the reader makes of anything that a test may have written.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::{Completion, Recorded, read_completion};

fn completion() -> impl Strategy<Value = Completion> {
    prop_oneof![
        Just(Completion::Returned),
        option::of(".{0,12}").prop_map(Completion::Panicked),
    ]
}

proptest! {
    #[test]
    fn a_completion_is_read_as_it_was_written(completion in completion(), name in ".{1,8}") {
        let record = completion.encode(&name);
        prop_assert_eq!(Completion::decode(&record, &name), Ok(Some(completion)));
        let other = format!("{name}x");
        prop_assert_eq!(Completion::decode(&record, &other), Err(Recorded::Contradictory));
    }

    #[test]
    fn any_record_is_read(
        completion in completion(),
        spoils in vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
        more in vec(any::<u8>(), 0..9),
    ) {
        let mut record = [completion.encode("t"), more].concat();
        for (place, byte) in spoils {
            let place = place.index(record.len());
            record[place] = byte;
        }
        if read_completion(&record, "t") == Some(Recorded::Passed) {
            prop_assert_eq!(record, Completion::Returned.encode("t"));
        }
    }
}
