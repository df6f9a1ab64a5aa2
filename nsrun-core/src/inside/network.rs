//! The network of a sandbox: `lo`, and who may use it (network_namespaces(7)).

use nix::errno::Errno;

use super::file;
use crate::plan::Plan;
use crate::step::{At, Failure, Step};
use crate::sys;

pub(super) fn set_up(plan: &Plan) -> Result<(), Failure> {
    let Some(ping_groups) = &plan.ping_groups else {
        return Ok(());
    };
    sys::bring_up_loopback().at(Step::Loopback)?;
    open_to_everybody(ping_groups).at(Step::Ports)
}

/// There is nobody else here to protect low ports and ping sockets from (ip(7), icmp(7)).
fn open_to_everybody(ping_groups: &[u8]) -> Result<(), Errno> {
    file::write_all(c"/proc/sys/net/ipv4/ip_unprivileged_port_start", b"0")?;
    file::write_all(c"/proc/sys/net/ipv4/ping_group_range", ping_groups)
}
