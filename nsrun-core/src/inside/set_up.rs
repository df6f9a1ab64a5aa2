//! What is set up in a sandbox once its ids are mapped, in this order.

use super::{clocks, devices, keyrings, mounts, network, system_dirs};
use crate::plan::Plan;
use crate::step::{At, Failure, Step};
use crate::sys;

pub(crate) fn set_up(plan: &mut Plan) -> Result<(), Failure> {
    keyrings::leave_the_callers().at(Step::Keyring)?;
    let mask = sys::umask(0).at(Step::Tmpfs)?;
    mounts::stage(&mut plan.mounts)?;
    system_dirs::set_up(&plan.mounts)?;
    if let Some(plan) = &plan.mounts.devices {
        devices::restrict(plan).at(Step::Devices)?;
    }
    mounts::cover(&plan.mounts)?;
    sys::umask(mask).at(Step::PrivateDirs)?;
    network::set_up(plan)?;
    set_hostname(plan)?;
    clocks::set_up(plan)
}

fn set_hostname(plan: &Plan) -> Result<(), Failure> {
    match &plan.hostname {
        Some(name) => sys::set_hostname(name.to_bytes()).at(Step::Hostname),
        None => Ok(()),
    }
}
