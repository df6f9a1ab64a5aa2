//! draft
pub(crate) fn run(_out: &mut dyn std::io::Write) -> std::io::Result<bool> {
    Ok(true)
}
