//! Cases and fixtures.

use nsrun::ns_test;
use rstest::{fixture, rstest};
use test_case::test_case;

#[fixture]
const fn answer() -> u32 {
    42
}

#[ns_test]
#[rstest]
#[case(1)]
#[case::of_two(2)]
fn below(#[case] number: u32) {
    assert!(number > 0);
}

#[rstest]
#[case(1)]
#[case::of_two(2)]
#[ns_test]
fn above(#[case] number: u32) {
    assert!(number > 0);
}

#[ns_test]
#[rstest]
fn fixture_below(answer: u32) {
    assert_eq!(answer, 42);
}

#[rstest]
#[ns_test]
fn fixture_above(answer: u32) {
    assert_eq!(answer, 42);
}

#[ns_test]
#[rstest]
#[case(1)]
#[should_panic]
#[case(0)]
fn panics(#[case] number: u32) {
    assert!(number > 0);
}

#[ns_test]
#[rstest]
#[case(0)]
#[case(1)]
fn failing(#[case] number: u32) {
    assert!(number > 0);
}

#[ns_test]
#[rstest]
fn values(#[values(1, 2)] left: u32, #[values(3, 4)] right: u32) {
    assert!(left < right);
}

#[ns_test]
#[rstest]
#[case(1)]
#[case(2)]
#[tokio::test]
async fn tokio_below(answer: u32, #[case] number: u32) {
    tokio::task::yield_now().await;
    assert!(number < answer);
}

#[rstest]
#[case(1)]
#[case(2)]
#[tokio::test]
#[ns_test]
async fn tokio_above(answer: u32, #[case] number: u32) -> Result<(), u32> {
    tokio::task::yield_now().await;
    if number < answer { Ok(()) } else { Err(number) }
}

#[rstest]
#[case(1)]
#[case(2)]
#[ns_test]
#[tokio::test]
async fn tokio_around(answer: u32, #[case] number: u32) {
    tokio::task::yield_now().await;
    assert!(number < answer);
}

/// Whose `#[test]` is in front, so that it has expanded and gone when ours is asked.
#[ns_test]
#[test_case(1; "one")]
#[test_case(2; "two")]
fn test_case_below(number: u32) {
    assert!(number > 0);
}

#[test_case(1; "one")]
#[test_case(2; "two")]
#[ns_test]
fn test_case_above(number: u32) {
    assert!(number > 0);
}

/// And which puts the runtime behind ours.
#[ns_test]
#[test_case(1; "one")]
#[test_case(2; "two")]
#[tokio::test]
async fn test_case_and_tokio(number: u32) {
    tokio::task::yield_now().await;
    assert!(number > 0);
}
