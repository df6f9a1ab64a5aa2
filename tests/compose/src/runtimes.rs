//! Futures, which some runtime's own test attribute drives.

use nsrun::ns_test;

async fn one() -> u32 {
    tokio::task::yield_now().await;
    1
}

#[ns_test]
#[tokio::test]
async fn below() {
    assert_eq!(one().await, 1);
}

#[ns_test(net, timeout = "10s")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn below_with_arguments() {
    assert_eq!(tokio::spawn(one()).await.unwrap(), 1);
}

#[ns_test]
#[tokio::test]
async fn below_with_a_result() -> Result<(), tokio::task::JoinError> {
    assert_eq!(tokio::spawn(one()).await?, 1);
    Ok(())
}

#[ns_test]
#[tokio::test]
#[should_panic(expected = "1")]
async fn below_panics() {
    panic!("{}", one().await);
}

#[ns_test]
#[tokio::test]
#[ignore = "below"]
async fn below_ignored() {
    unreachable!("ignored");
}

#[ns_test]
#[tokio::test]
async fn failing_below() -> Result<(), u32> {
    Err(one().await)
}

#[tokio::test]
#[ns_test]
async fn above() {
    assert_eq!(one().await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ns_test(net)]
async fn above_with_arguments() -> Result<(), tokio::task::JoinError> {
    assert_eq!(tokio::spawn(one()).await?, 1);
    Ok(())
}

#[should_panic = "1"]
#[tokio::test]
#[ns_test]
async fn above_panics() {
    panic!("{}", one().await);
}

#[ignore = "above"]
#[tokio::test]
#[ns_test]
async fn above_ignored() {
    unreachable!("ignored");
}

#[tokio::test]
#[ns_test]
async fn failing_above() {
    assert_eq!(one().await, 2);
}

/// `#[test]` may be anything that is in scope.
mod imported {
    use nsrun::ns_test;
    use tokio::test;

    #[ns_test]
    #[test]
    async fn below() {}

    #[test]
    #[ns_test]
    async fn above() {}

    #[ns_test]
    fn sync() {}
}
